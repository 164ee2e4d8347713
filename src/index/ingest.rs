//! From sources to an update: every event of reading goes to the ledger, the index or the observer.

use super::observer::Run;
use super::update::Update;
use super::writer::UpdateOptions;
use crate::error::Result;
use crate::schema::IndexSchema;
use crate::source::{self, Event, ReadOptions, Source, SourceReport};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A source to be read.
pub(super) struct Reading {
    /// Its place among the sources of the index.
    pub(super) place: usize,
    pub(super) exclude: Vec<String>,
    pub(super) source: Source,
}

/// Reads sources into an update; gives each one's report by its place.
pub(super) fn read_sources(
    readings: Vec<Reading>,
    schema: &IndexSchema,
    options: &UpdateOptions,
    update: &mut Update<'_>,
    run: &mut Run<'_>,
) -> Result<BTreeMap<usize, SourceReport>> {
    let mut reports = BTreeMap::new();
    let mut readings = readings.into_iter().peekable();
    while let Some(first) = readings.next() {
        // Sources with the same excludes are read in one go.
        let (mut places, mut sources) = (vec![first.place], vec![first.source]);
        while let Some(next) = readings.next_if(|next| next.exclude == first.exclude) {
            places.push(next.place);
            sources.push(next.source);
        }
        let read_options = ReadOptions {
            threads: options.threads,
            exclude: first.exclude,
            temp_folder: options.temp_folder.clone(),
            progress: options.progress.clone(),
        };
        let mut failure = None;
        let report = source::read(sources, schema, &read_options, |event| {
            match take(event, &places, update, run) {
                Ok(()) => ControlFlow::Continue(()),
                Err(e) => {
                    failure = Some(e);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(e) = failure {
            return Err(e);
        }
        reports.extend(places.into_iter().zip(report.sources));
    }
    Ok(reports)
}

fn take(event: Event, places: &[usize], update: &mut Update<'_>, run: &mut Run<'_>) -> Result<()> {
    run.check()?;
    match event {
        Event::FileBegins { source, file } => {
            if let Some(place) = places.get(source) {
                update.file_begins(*place, file);
            }
        }
        Event::FileEnds { digest } => update.file_ends(digest),
        Event::Record(parsed) => {
            update.record(&parsed)?;
            run.accepted();
        }
        Event::Rejected { rejection, .. } => {
            update.rejected();
            run.rejected(&rejection);
        }
        Event::Draft { .. } => {}
    }
    Ok(())
}
