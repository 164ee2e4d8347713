//! `trialdex export`.

use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::sync::Arc;
use trialdex::index::Index;

/// Print every stored record as JSON Lines, trials first
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// Print those too that are kept aside because a better one of the same number stands
    #[arg(long)]
    superseded: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let snapshot = Index::open(args.index.path()?, Arc::new(global.schema()?))?.snapshot();
    let mut out = ui::stdout();
    for record in snapshot.records()? {
        writeln!(
            out,
            "{}",
            ui::json_for_terminal(serde_json::to_string(&record?)?)
        )?;
    }
    if args.superseded {
        for record in snapshot.superseded()? {
            writeln!(
                out,
                "{}",
                ui::json_for_terminal(serde_json::to_string(&record?)?)
            )?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
