//! `trialdex fields`.

use super::output::TextOrJson;
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use trialdex::schema::fields::Field;

/// Print the fields of the index: what they hold, what they weigh
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = global.schema()?;
    let mut out = ui::stdout();
    match args.format {
        TextOrJson::Json => {
            let fields: Vec<&Field> = schema.fields.iter().collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&fields)?)?;
        }
        TextOrJson::Text => {
            writeln!(
                out,
                "{:<28} {:<8} {:<8} {:>5}  holds",
                "field", "of", "type", "boost"
            )?;
            for field in schema.fields.iter() {
                let boost = if field.is_text() {
                    field.boost.to_string()
                } else {
                    String::new()
                };
                let (name, doc) = (&field.name, &field.doc);
                let (kind, field_type) = (field.kind.as_str(), field.field_type.as_str());
                writeln!(
                    out,
                    "{name:<28} {kind:<8} {field_type:<8} {boost:>5}  {doc}"
                )?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
