//! `trialdex show`.

use super::output::{TextOrJson, compare, record};
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use serde::Serialize;
use std::io::Write;
use std::sync::Arc;
use trialdex::index::{Index, Snapshot};
use trialdex::record::Record;
use trialdex::results::{Links, compare as compared, latest_words, links_of};

/// Show whole records
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Numbers of trials, paths of articles
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Show the records of the trial in all registries side by side; ≠ marks where they contradict each other
    #[arg(long)]
    compare: bool,
    #[command(flatten)]
    index: IndexDir,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
}

/// A record and what it is linked to.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    record: &'a Record,
    #[serde(skip_serializing_if = "Links::is_empty")]
    linked: &'a Links,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let snapshot = Index::open(args.index.path()?, Arc::new(global.schema()?))?.snapshot();
    let mut out = ui::stdout();
    let mut exit = Exit::Done;
    for (place, id) in args.ids.iter().enumerate() {
        if args.compare {
            if place > 0 && matches!(args.format, TextOrJson::Text) {
                writeln!(out)?;
            }
            if !write_compared(&mut out, &snapshot, id, args.format)? {
                ui::error(&format!("{id}: no such trial"));
                exit = Exit::NothingFound;
            }
            continue;
        }
        let Some(found) = snapshot.get(id)? else {
            ui::error(&format!("{id}: no such record"));
            exit = Exit::NothingFound;
            continue;
        };
        let links = links_of(&snapshot, &found)?;
        match args.format {
            TextOrJson::Json => {
                let shown = Shown {
                    record: &found,
                    linked: &links,
                };
                let json = serde_json::to_string_pretty(&shown)?;
                writeln!(out, "{}", ui::json_for_terminal(json))?;
            }
            TextOrJson::Text => {
                if place > 0 {
                    writeln!(out, "\n")?;
                }
                record::write(&mut out, &found, &links, ui::width())?;
                compare::write_latest(&mut out, &latest_words(&snapshot, found.id())?)?;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}

/// Writes the records of a trial side by side; whether there is such a trial.
fn write_compared(
    out: &mut impl Write,
    snapshot: &Snapshot,
    id: &str,
    format: TextOrJson,
) -> Result<bool> {
    let Some(comparison) = compared(snapshot, id)? else {
        return Ok(false);
    };
    match format {
        TextOrJson::Json => {
            let json = serde_json::to_string_pretty(&comparison)?;
            writeln!(out, "{}", ui::json_for_terminal(json))?;
        }
        TextOrJson::Text => compare::write(out, &comparison, ui::width())?,
    }
    Ok(true)
}
