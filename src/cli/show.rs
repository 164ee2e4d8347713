//! `trialdex show`.

use super::output::{TextOrJson, record};
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::sync::Arc;
use trialdex::index::Index;

/// Show whole records
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Numbers of trials, paths of articles
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let snapshot = Index::open(args.index.path()?, Arc::new(global.schema()?))?.snapshot();
    let mut out = ui::stdout();
    let mut exit = Exit::Done;
    for (place, id) in args.ids.iter().enumerate() {
        let Some(found) = snapshot.get(id)? else {
            ui::error(&format!("{id}: no such record"));
            exit = Exit::NothingFound;
            continue;
        };
        match args.format {
            TextOrJson::Json => {
                let json = serde_json::to_string_pretty(&found)?;
                writeln!(out, "{}", ui::json_for_terminal(json))?;
            }
            TextOrJson::Text => {
                if place > 0 {
                    writeln!(out, "\n")?;
                }
                record::write(&mut out, &found, ui::width())?;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}
