//! `trialdex rollback`.

use super::night::Log;
use super::output::run;
use super::progress::Watch;
use super::{Global, IndexDir, exit::Exit};
use anyhow::Result;
use std::sync::Arc;
use trialdex::index::IndexWriter;
use trialdex::reindex::rollback;

/// Bring an earlier generation of the index back into use
///
/// Without --to, the one before what is in use. Searches go on meanwhile. The next `trialdex reindex` makes the index equal to its sources again.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// The generation to go back to, as `trialdex status` lists them
    #[arg(long, value_name = "GENERATION")]
    to: Option<String>,
    /// Complete generations of the index to keep, the one in use among them
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
    #[command(flatten)]
    log: Log,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    args.log.begin()?;
    let mut writer = IndexWriter::open_existing(args.index.path()?, Arc::new(global.schema()?))?;
    let mut watch = Watch::new(global.quiet);
    let report = rollback(
        &mut writer,
        args.to.as_deref(),
        usize::from(args.keep),
        &mut watch,
    );
    watch.finish();
    run::print_short(&report?, global.quiet);
    Ok(Exit::Done)
}
