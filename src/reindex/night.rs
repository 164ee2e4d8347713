//! One night: read, look, publish or leave everything as it was, and tell.

use super::gate::Gate;
use super::log::RunLog;
use super::report::{RunReport, RunResult};
use super::{memory, watch};
use crate::error::{ErrorKind, Result};
use crate::index::{IndexWriter, Observer, Timestamp, UpdateOptions};
use crate::schema::IndexSchema;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// How a night is run.
#[derive(Clone, Debug)]
pub struct ReindexOptions {
    /// The name of the command, for the report.
    pub command: String,
    /// How the index is written; the number of the run and what to do about losses are decided here.
    pub update: UpdateOptions,
    /// What the result must fulfil to be published.
    pub gate: Gate,
    /// Publishes what the gate would refuse; the reasons stand in the report all the same.
    pub accept: bool,
    /// Does everything but publish.
    pub dry_run: bool,
}

impl Default for ReindexOptions {
    fn default() -> Self {
        ReindexOptions {
            command: "reindex".to_owned(),
            update: UpdateOptions::default(),
            gate: Gate::default(),
            accept: false,
            dry_run: false,
        }
    }
}

/// Opens an index for a run, as [`IndexWriter::open_existing`]; that it is damaged is told in its run log, for nobody may be looking.
///
/// # Errors
/// As [`IndexWriter::open_existing`].
pub fn open(index: &Path, schema: Arc<IndexSchema>, command: &str) -> Result<IndexWriter> {
    IndexWriter::open_existing(index, schema).inspect_err(|e| {
        if e.kind() == ErrorKind::Damaged {
            // The damage is the error to tell.
            let _ = RunLog::of(index).add_failure(command, e);
        }
    })
}

/// Makes an index equal to its sources, if the gate lets the result pass.
///
/// Reads the sources the writer was told to read ([`IndexWriter::read_all`] for all of them).
/// The report tells how it ended: [`RunResult::Refused`] is no error. It is also kept with the
/// index, unless this was a dry run.
///
/// # Errors
/// As [`IndexWriter::update`]; the index is then as it was, and the run log says why.
pub fn reindex(
    writer: &mut IndexWriter,
    options: &ReindexOptions,
    observer: &mut dyn Observer,
) -> Result<RunReport> {
    record(
        writer,
        &options.command,
        options.dry_run,
        |writer, report| night(writer, options, observer, report),
    )
}

/// What is told where a run has done all but keep its report.
const PUBLISHED: &str =
    "what the run made is in use; only its report could not be kept, and the next run tells of it";

/// Runs something as a run: it gets a number, and its report is kept whatever comes of it.
pub(super) fn record(
    writer: &mut IndexWriter,
    command: &str,
    dry_run: bool,
    work: impl FnOnce(&mut IndexWriter, &mut RunReport) -> Result<()>,
) -> Result<RunReport> {
    let clock = Instant::now();
    let log = RunLog::of(writer.path());
    let mut report = RunReport::begin(log.next(writer.last_run())?, command);
    report.dry_run = dry_run;
    report.previous = writer.generation();
    if !dry_run {
        log.write(&report).map_err(|e| writer.explain(e))?;
    }
    let worked = work(writer, &mut report);
    if let Err(e) = &worked {
        report.fail(e);
    }
    report.generation = writer.generation();
    report.ended = Some(Timestamp::now());
    report.seconds = clock.elapsed().as_secs_f64();
    report.peak_memory = memory::peak();
    let logged = match dry_run {
        true => Ok(()),
        false => log.write(&report).map_err(|e| writer.explain(e)),
    };
    let logged = logged.map_err(|e| match report.result {
        RunResult::Published => e.remedy(PUBLISHED),
        _ => e,
    });
    // What went wrong first is the error to tell.
    worked.and(logged).map(|()| report)
}

/// Builds, looks, and publishes what may be.
pub(super) fn night(
    writer: &mut IndexWriter,
    options: &ReindexOptions,
    observer: &mut dyn Observer,
    report: &mut RunReport,
) -> Result<()> {
    let missing = writer.missing_sources();
    if !missing.is_empty() && !options.accept {
        report.reasons = missing.iter().map(ToString::to_string).collect();
        report.result = RunResult::Refused;
        return Ok(());
    }
    let update = UpdateOptions {
        run: Some(report.run),
        accept_losses: options.accept,
        ..options.update.clone()
    };
    let remembered = writer.sources().count();
    let (index, schema) = (writer.path().to_owned(), writer.schema());
    let mut prepared = writer.prepare(&update, observer)?;
    report.take(prepared.report());
    let marked = watch::mark(&index, &mut prepared, &schema)?;
    report.watches = marked.matches;
    report.warnings.extend(marked.warnings);
    report.reasons = options.gate.refusals(&prepared, remembered)?;
    if !report.reasons.is_empty() && !options.accept {
        report.result = RunResult::Refused;
        return Ok(());
    }
    report.accepted = !report.reasons.is_empty();
    report.result = if prepared.report().published {
        RunResult::Published
    } else {
        RunResult::Unchanged
    };
    if !options.dry_run {
        report.take(&prepared.publish(observer)?);
    }
    Ok(())
}
