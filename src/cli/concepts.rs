//! `trialdex concepts`.

use super::asking::Asking;
use super::output::{TextOrJson, record::plain};
use super::ui::{LABEL, for_terminal};
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::sync::Arc;
use trialdex::results::{SearchOptions, Understood, understood};

/// Print how a query is understood: its words, and the other names each is found by
///
/// Nothing is searched. What other names there are depends on the index, whose records define short forms.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Args {
    /// The query, as of search
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,
    #[command(flatten)]
    asking: Asking,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
}

const EXAMPLE: &str = "\
Example:
  trialdex concepts heart attack in elderly patients";

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let query = args.asking.query(&args.query, &schema)?;
    let snapshot = args.asking.searched.snapshot(global, schema)?;
    let options = SearchOptions {
        match_level: args.asking.match_level,
        expansion: args.asking.expand,
        ..SearchOptions::default()
    };
    let concepts = understood(&snapshot, &query, &options)?;
    let mut out = ui::stdout();
    match args.format {
        TextOrJson::Text => concepts.iter().try_for_each(|c| write(&mut out, c))?,
        TextOrJson::Json => {
            let json = serde_json::to_string_pretty(&concepts)?;
            writeln!(out, "{}", ui::json_for_terminal(json))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn write(out: &mut impl Write, concept: &Understood) -> std::io::Result<()> {
    let text = for_terminal(&concept.text);
    let area = match concept.area.as_str() {
        "default" => String::new(),
        area => format!(" in {}", plain(area)),
    };
    let weightless = match concept.weight {
        weight if weight > 0.0 => "",
        _ => "  (carries nothing of its own)",
    };
    writeln!(out, "{text}{area}{LABEL}{weightless}{LABEL:#}")?;
    for other in &concept.other_names {
        let (name, of) = (for_terminal(&other.name), for_terminal(&other.of));
        let (relation, penalty) = (plain(other.relation), other.penalty);
        let source = other.source.to_string();
        let source = for_terminal(&source);
        writeln!(
            out,
            "  ×{penalty:<4} {name}  {LABEL}{relation} of \"{of}\", {source}{LABEL:#}"
        )?;
    }
    Ok(())
}
