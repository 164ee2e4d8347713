//! What the commands that search have in common: an index, or sources indexed in memory.

use super::progress::Watch;
use super::reading::{Reading, print_summary};
use super::{Global, IndexDir};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::sync::Arc;
use trialdex::index::{Index, Snapshot, UpdateOptions};
use trialdex::schema::IndexSchema;

/// Where a command searches.
#[derive(clap::Args)]
pub(crate) struct Searched {
    /// Search this file, folder or archive, indexed in memory, instead of an index; repeatable; - is standard input
    #[arg(long = "in", value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    reading: Reading,
}

impl Searched {
    /// Whether standard input is searched.
    pub(crate) fn reads_stdin(&self) -> bool {
        self.sources.iter().any(|source| source.as_os_str() == "-")
    }

    /// The index named, or one built in memory.
    pub(crate) fn snapshot(&self, global: &Global, schema: Arc<IndexSchema>) -> Result<Snapshot> {
        if self.sources.is_empty() {
            return Ok(Index::open(self.index.path()?, schema)?.snapshot());
        }
        let mut watch = Watch::new(global.quiet);
        let options = UpdateOptions {
            threads: self.reading.threads.map(usize::from),
            progress: Some(watch.progress()),
            ..UpdateOptions::default()
        };
        let sources = self.reading.sources(&self.sources);
        let exclude = &self.reading.exclude;
        let built = Index::in_memory(sources, exclude, schema, &options, &mut watch);
        watch.finish();
        let (index, report) = built?;
        let rejected = report.total().rejected;
        let refused = self.reading.strict && rejected > 0;
        // A search in nothing would only say that no record has the words.
        if refused || report.counts.searched() == 0 {
            let read = report.sources.iter().filter_map(|s| s.read.as_ref());
            read.for_each(print_summary);
        }
        if refused {
            bail!("{rejected} records were rejected");
        }
        Ok(index.snapshot())
    }
}
