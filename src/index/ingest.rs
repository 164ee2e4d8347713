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

/// What reading told of a source.
#[derive(Clone, Debug, Default)]
pub(super) struct OfSource {
    pub(super) report: SourceReport,
    /// Records and rejections of files that were not read again.
    pub(super) carried: u64,
}

/// What reading told, by the places of the sources.
pub(super) type Ingested = BTreeMap<usize, OfSource>;

/// Reads sources into an update; gives each one's report by its place.
pub(super) fn read_sources(
    readings: Vec<Reading>,
    schema: &IndexSchema,
    options: &UpdateOptions,
    update: &mut Update<'_>,
    run: &mut Run<'_>,
) -> Result<Ingested> {
    let mut reports = Ingested::new();
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
        let mut carried = vec![0; places.len()];
        let report = source::read(sources, schema, &read_options, |event| {
            match take(event, &places, &mut carried, update, run) {
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
        let of_sources = report.sources.into_iter().zip(carried);
        let of_sources = of_sources.map(|(report, carried)| OfSource { report, carried });
        reports.extend(places.into_iter().zip(of_sources));
    }
    Ok(reports)
}

fn take(
    event: Event,
    places: &[usize],
    carried: &mut [u64],
    update: &mut Update<'_>,
    run: &mut Run<'_>,
) -> Result<()> {
    run.check()?;
    match event {
        Event::FileBegins { source, file } => {
            if let Some(place) = places.get(source) {
                update.file_begins(*place, file);
            }
        }
        Event::FileEnds { end } => update.file_ends(end),
        Event::FileUnchanged { source, file, end } => {
            if let Some((place, carried)) = places.get(source).zip(carried.get_mut(source)) {
                *carried += update.file_unchanged(*place, &file, end);
            }
        }
        Event::Record(parsed) => {
            update.record(&parsed)?;
            run.accepted();
        }
        Event::Rejected { rejection, .. } => {
            update.rejected(&rejection);
            run.rejected(&rejection);
        }
        Event::Draft { .. } => {}
    }
    Ok(())
}
