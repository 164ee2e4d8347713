//! An index that lives as long as the program: for searching files directly.

use super::build::{Builder, Resources, searcher};
use super::groups;
use super::ingest::{Reading, read_sources};
use super::ledger::Ledger;
use super::manifest::{Manifest, RememberedSource};
use super::mapping::Mapping;
use super::observer::{Observer, Run, Stage};
use super::reader::Index;
use super::report::{UpdateReport, outcomes};
use super::statistics::field_statistics;
use super::update::{OpenBuilder, Start, Update};
use super::writer::UpdateOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use crate::source::Source;
use std::path::Path;
use std::sync::Arc;
use tantivy::directory::RamDirectory;

/// Bytes of memory for the documents being written.
const MEMORY: usize = 60_000_000;

impl Index {
    /// Builds an index of some sources in memory; reads all of them.
    ///
    /// # Errors
    /// A source that is missing, what reading says, and [`ErrorKind::Cancelled`].
    pub fn in_memory(
        sources: Vec<Source>,
        exclude: &[String],
        schema: Arc<IndexSchema>,
        options: &UpdateOptions,
        observer: &mut dyn Observer,
    ) -> Result<(Index, UpdateReport)> {
        let mapping = Arc::new(Mapping::new(&schema)?);
        let mut run = Run::new(observer);
        let resources = Resources {
            threads: 1,
            memory: options.memory.unwrap_or(MEMORY),
        };
        let directory = RamDirectory::create();
        let builder = Builder::open(directory, &schema, Arc::clone(&mapping), resources)?;
        let open: OpenBuilder<'_> = Box::new(|| Ok(builder));
        let remembered = sources.iter().map(|source| RememberedSource {
            path: source.as_path().unwrap_or(Path::new("-")).to_owned(),
            exclude: exclude.to_vec(),
        });
        let remembered: Vec<RememberedSource> = remembered.collect();

        run.stage(Stage::Reading);
        let start = Start::from_nothing(sources.len(), run.began);
        let mut update = Update::new(Arc::clone(&mapping), start, open);
        update.builder()?;
        let readings = sources.into_iter().enumerate();
        let readings = readings.map(|(place, source)| Reading {
            place,
            exclude: exclude.to_vec(),
            source,
        });
        let read = read_sources(readings.collect(), &schema, options, &mut update, &mut run)?;
        run.stage(Stage::Resolving);
        let finished = update.finish()?;
        run.check()?;

        run.stage(Stage::Writing);
        let nothing = || Error::new(ErrorKind::Io, "no index was begun");
        let index = finished.builder.ok_or_else(nothing)?.finish(|_| true)?;
        let searcher = searcher(&index)?;
        let mut manifest = Manifest::new(schema.fingerprint(), run.began);
        manifest.fields = field_statistics(&searcher, &mapping)?;
        manifest.counts = finished.ledger.counts();
        manifest.sources = remembered;
        let report = UpdateReport {
            sources: UpdateReport::by_source(
                &manifest.sources,
                outcomes(&Ledger::default(), &finished.ledger, &[]),
                read,
                &finished.ledger,
            )?,
            counts: manifest.counts.clone(),
            searched_before: 0,
            written: finished.written,
            size: 0,
            run: 0,
            began: run.began,
            warnings: Vec::new(),
            published: true,
            full: true,
            durations: run.durations(),
        };
        let groups = groups::gather(&searcher, &mapping)?;
        let index = Index::of(schema, mapping, searcher, manifest, groups);
        Ok((index, report))
    }
}
