//! `trialdex index`.

use super::night::{self, Night};
use super::reading::Reading;
use super::{Global, IndexDir, exit::Exit};
use anyhow::Result;
use std::path::PathBuf;
use std::sync::Arc;
use trialdex::index::IndexWriter;

/// Add files, folders or archives to the index
///
/// The index remembers its sources; the same source again replaces itself, and `trialdex reindex` reads all of them again. Searches go on meanwhile and see the whole change at once.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files, folders, archives (.gz .zst .zip .tar), or - for standard input
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    night: Night,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    args.night.log.begin()?;
    let schema = Arc::new(global.schema()?);
    let mut options = args.night.options("index", args.reading.threads, &schema)?;
    let mut writer = IndexWriter::open(args.index.path()?, schema)?;
    for source in args.reading.sources(&args.sources) {
        writer.add(source, args.reading.exclude.clone())?;
    }
    if args.night.full {
        writer.read_all();
    }
    let report = args.night.run(global, &mut writer, &mut options)?;
    Ok(night::exit(&report, args.reading.strict))
}
