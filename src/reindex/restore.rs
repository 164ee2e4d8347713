//! Going back to an earlier generation, and putting a damaged index right.

use super::night::{night, record};
use super::report::{RunReport, RunResult};
use super::{Gate, ReindexOptions};
use crate::error::{Error, Result};
use crate::index::{IndexWriter, Observer, Verified, verify};
use crate::schema::IndexSchema;
use std::path::Path;
use std::sync::Arc;

/// Brings an earlier generation back into use, the one named or the one before, and keeps a report of it.
///
/// The next [`reindex`](super::reindex()) compares the sources with what is then in use.
///
/// # Errors
/// As [`IndexWriter::restore`].
pub fn rollback(
    writer: &mut IndexWriter,
    generation: Option<&str>,
    keep: usize,
    observer: &mut dyn Observer,
) -> Result<RunReport> {
    record(writer, "rollback", false, |writer, report| {
        let restored = writer.restore(generation, report.run, keep, observer)?;
        report.result = RunResult::Published;
        let back = format!("went back to what generation {} holds", restored.content_of);
        report.reasons = vec![back];
        report.total.added = restored.changes.added;
        report.total.updated = restored.changes.updated;
        report.total.removed = restored.changes.removed;
        report.warnings = restored.warnings;
        Ok(())
    })
}

/// What a repair did.
#[derive(Debug)]
#[non_exhaustive]
pub struct Repaired {
    /// What was wrong; nothing where the index was whole.
    pub damage: Vec<Error>,
    /// The run that put it right; `None` where there was nothing to do.
    pub run: Option<RunReport>,
}

/// Puts a damaged index right: goes back to the newest kept generation that is whole, else builds the index again from its sources.
///
/// A source that is missing or cannot be read keeps it from being built, unless `accept` is set.
///
/// # Errors
/// As [`verify`], nothing that tells the sources, and what building says.
pub fn repair(
    index: &Path,
    schema: &Arc<IndexSchema>,
    accept: bool,
    observer: &mut dyn Observer,
) -> Result<Repaired> {
    let damage = match verify(index, schema) {
        Ok(Verified { damage, .. }) => damage,
        Err(e) if e.kind() == crate::ErrorKind::Damaged => vec![e],
        Err(e) => return Err(e),
    };
    if damage.is_empty() {
        return Ok(Repaired { damage, run: None });
    }
    let options = ReindexOptions {
        command: "repair".to_owned(),
        accept,
        // What a damaged index held is no measure of what it should hold.
        gate: Gate {
            max_removed: 100.0,
            ..Gate::default()
        },
        ..ReindexOptions::default()
    };
    let mut writer = IndexWriter::open_damaged(index, Arc::clone(schema))?;
    let told: Vec<String> = damage.iter().map(ToString::to_string).collect();
    let run = record(&mut writer, &options.command, false, |writer, report| {
        if let Some(restored) = writer.restore_whole(report.run, KEEP, observer)? {
            report.result = RunResult::Published;
            report.warnings = restored.warnings;
            let back = format!("went back to what generation {} holds", restored.content_of);
            report.reasons = vec![back];
        } else {
            writer.read_all();
            night(writer, &options, observer, report)?;
            if report.result.is_good() {
                report
                    .reasons
                    .push("built again from its sources".to_owned());
            }
        }
        report.reasons.extend(told);
        Ok(())
    })?;
    Ok(Repaired {
        damage,
        run: Some(run),
    })
}

/// Generations kept after a repair: the damaged one is of no use.
const KEEP: usize = 1;
