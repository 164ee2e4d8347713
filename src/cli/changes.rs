//! `trialdex changes`.

use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::sync::Arc;
use trialdex::index::Index;
use trialdex::reindex::changes;

/// List the records that runs added, updated and removed, as JSON Lines: the feed for alerts
///
/// Each line names the run, the change, the record, of an updated record the fields that differ, and the saved searches that find it now and did not before. Without --since, the last run that changed anything.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// Everything that has changed after this run; 0 for all that is kept
    #[arg(long, value_name = "RUN")]
    since: Option<u64>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let snapshot = Index::open(args.index.path()?, Arc::new(global.schema()?))?.snapshot();
    let mut out = ui::stdout();
    for change in changes(&snapshot, args.since)? {
        let line = serde_json::to_string(&change?)?;
        writeln!(out, "{}", ui::json_for_terminal(line))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
