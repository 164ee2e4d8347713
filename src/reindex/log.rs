//! The run log: the report of every run, kept beside the generations.
//!
//! ```text
//! <index>/runs/00000012.json
//! ```
//!
//! A run writes its report when it begins and replaces it when it ends; one that died is found by
//! the next, which tells from the index whether the dead one had published.

use super::checked;
use super::report::{RunReport, RunResult};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{create_folder, remove_file, replace_file};
use std::io;
use std::path::{Path, PathBuf};

/// Runs whose reports are kept: nearly three years of nights.
const KEPT: usize = 1_000;

/// The reports of an index, as its writer sees them.
pub(super) struct RunLog {
    folder: PathBuf,
}

impl RunLog {
    pub(super) fn of(index: &Path) -> Self {
        RunLog {
            folder: index.join("runs"),
        }
    }

    fn file(&self, run: u64) -> PathBuf {
        self.folder.join(format!("{run:08}.json"))
    }

    /// The numbers of all runs told of, in their order.
    fn numbers(&self) -> Result<Vec<u64>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io(&self.folder, e)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(|e| Error::io(&self.folder, e))?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".json"));
            numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn read(&self, run: u64) -> Result<RunReport> {
        let path = self.file(run);
        let text = std::fs::read_to_string(&path).map_err(|e| Error::io(&path, e))?;
        checked::from_text(&text).map_err(|e| {
            Error::new(ErrorKind::Damaged, format!("the report of a run: {e}"))
                .at(&path)
                .remedy("remove the file; the index does not need it")
        })
    }

    /// Keeps a report; durable on return.
    pub(super) fn write(&self, report: &RunReport) -> Result<()> {
        let path = self.file(report.run);
        let text = checked::to_text(report, &path)?;
        create_folder(&self.folder)?;
        replace_file(&path, text.as_bytes())
    }

    /// The number of the next run, once all is told of the runs before; `published` is the run that made the index.
    ///
    /// Only the holder of the writer's lock may call this.
    pub(super) fn next(&self, published: u64) -> Result<u64> {
        let numbers = self.numbers()?;
        let last = numbers.last().copied().unwrap_or(0);
        if last > 0 {
            self.settle(last, published)?;
        }
        let surplus = numbers.len().saturating_sub(KEPT - 1);
        for &run in numbers.iter().take(surplus) {
            remove_file(&self.file(run))?;
        }
        Ok(last.max(published) + 1)
    }

    /// Keeps the report of a run that could not even begin; what became of the run before is left open.
    pub(super) fn add_failure(&self, command: &str, error: &Error) -> Result<()> {
        let last = self.numbers()?.last().copied().unwrap_or(0);
        let mut report = RunReport::begin(last + 1, command);
        report.fail(error);
        report.ended = Some(report.began);
        self.write(&report)
    }

    /// Tells how a run ended that did not do so itself.
    fn settle(&self, run: u64, published: u64) -> Result<()> {
        let Ok(mut report) = self.read(run) else {
            // Whoever wants this report is told what is wrong with it; the night must go on.
            return Ok(());
        };
        if report.result != RunResult::Running {
            return Ok(());
        }
        report.result = if run == published {
            RunResult::Published
        } else {
            RunResult::Interrupted
        };
        report.reasons = vec!["its process died before it could tell".to_owned()];
        self.write(&report)
    }
}

/// The reports of all runs of an index, oldest first; each is read when it is asked for.
///
/// # Errors
/// What listing says; of each report what reading says, and [`ErrorKind::Damaged`] where it is not what was written.
pub fn runs(index: &Path) -> Result<impl DoubleEndedIterator<Item = Result<RunReport>>> {
    let log = RunLog::of(index);
    let numbers = log.numbers()?;
    Ok(numbers.into_iter().map(move |run| log.read(run)))
}

/// The report of the last run of an index; `None` where there was none.
///
/// # Errors
/// As of [`runs`].
pub fn last_run(index: &Path) -> Result<Option<RunReport>> {
    let log = RunLog::of(index);
    let last = log.numbers()?.last().copied();
    last.map(|run| log.read(run)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_died_is_told_by_the_next_as_what_it_came_to() {
        for (published, expected) in [(1, RunResult::Published), (0, RunResult::Interrupted)] {
            let folder = tempfile::tempdir().unwrap();
            let log = RunLog::of(folder.path());
            let run = log.next(0).unwrap();
            log.write(&RunReport::begin(run, "reindex")).unwrap();
            assert_eq!(log.next(published).unwrap(), 2);
            let last = last_run(folder.path()).unwrap().unwrap();
            assert_eq!(last.result, expected);
            assert!(!last.reasons.is_empty());
        }
    }

    #[test]
    fn a_damaged_report_is_told_and_stops_no_run() {
        let folder = tempfile::tempdir().unwrap();
        let log = RunLog::of(folder.path());
        log.write(&RunReport::begin(1, "reindex")).unwrap();
        std::fs::write(log.file(1), "{").unwrap();
        assert_eq!(
            last_run(folder.path()).unwrap_err().kind(),
            ErrorKind::Damaged
        );
        assert_eq!(log.next(0).unwrap(), 2);
    }

    #[test]
    fn old_reports_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let log = RunLog::of(folder.path());
        std::fs::create_dir(&log.folder).unwrap();
        for run in 1..=(KEPT as u64 + 5) {
            std::fs::write(log.file(run), "{}").unwrap();
        }
        log.next(0).unwrap();
        assert_eq!(log.numbers().unwrap().len(), KEPT - 1);
    }
}
