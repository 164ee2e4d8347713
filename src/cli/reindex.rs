//! `trialdex reindex`.

use super::night::{self, Night};
use super::{Global, IndexDir, exit::Exit};
use anyhow::{Result, bail};
use std::sync::Arc;
use trialdex::reindex::open;

/// Make the index equal to its sources again: the nightly job
///
/// Reads every remembered source; files that have not changed are not read again. Searches go on meanwhile and see the whole change at once. Nothing is published, and exit code 4 tells so, when a source is missing, empty or unreadable, when too many records would vanish or are rejected, or when a smoke query finds too little.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    night: Night,
    /// Threads [default: one a core]; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// End with exit code 3 when a record is rejected
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    args.night.log.begin()?;
    let schema = Arc::new(global.schema()?);
    let mut options = args.night.options("reindex", args.threads, &schema)?;
    let mut writer = open(&args.index.path()?, schema, &options.command)?;
    if writer.sources().count() == 0 {
        bail!("the index remembers no sources; add some with `trialdex index SOURCE…`");
    }
    writer.read_all();
    let report = args.night.run(global, &mut writer, &mut options)?;
    Ok(night::exit(&report, args.strict))
}
