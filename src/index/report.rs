//! What an update did: every record in exactly one counter.

use super::ingest::Ingested;
use super::ledger::{Ledger, LedgerFile, LedgerRecord};
use super::manifest::{Counts, RememberedSource};
use super::observer::Stage;
use super::records::{ByKey, Shared};
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::source::{ReasonCount, SourceReport};
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::Duration;

/// What became of the records of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Records that could not be found before.
    pub added: u64,
    /// Records that say something else than before.
    pub updated: u64,
    /// Records that say the same as before.
    pub unchanged: u64,
    /// Records kept aside because a better one of the same id stands.
    pub superseded: u64,
    /// Records that could be found before and are gone.
    pub removed: u64,
    /// Records that could not be accepted.
    pub rejected: u64,
}

impl Outcomes {
    /// Records that stand in the source now, accepted or not.
    pub fn found(&self) -> u64 {
        self.added + self.updated + self.unchanged + self.superseded + self.rejected
    }

    /// Records the run had to account for: those found in the source, and those found gone from it.
    pub fn read(&self) -> u64 {
        self.found() + self.removed
    }
}

impl AddAssign for Outcomes {
    fn add_assign(&mut self, other: Outcomes) {
        self.added += other.added;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.superseded += other.superseded;
        self.removed += other.removed;
        self.rejected += other.rejected;
    }
}

/// What an update did with one source.
#[derive(Clone, Debug)]
pub struct SourceOutcome {
    /// The source.
    pub source: RememberedSource,
    /// What became of its records, those of unread files included.
    pub outcomes: Outcomes,
    /// What reading told, where it was read this time.
    pub read: Option<SourceReport>,
    /// Records of files that were not read again, rejected ones included.
    pub carried: u64,
    /// Why records of it are rejected, those of unread files included.
    pub rejections: BTreeMap<String, ReasonCount>,
}

/// What an update did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateReport {
    /// One a remembered source, in their order; removed sources after them.
    pub sources: Vec<SourceOutcome>,
    /// The number of the run.
    pub run: u64,
    /// When it began.
    pub began: Timestamp,
    /// What the index holds now.
    pub counts: Counts,
    /// Records that could be found before.
    pub searched_before: u64,
    /// Documents written: those of records that are new, say something else, stand elsewhere, or are superseded or no longer so.
    pub written: u64,
    /// Bytes of the index on disk; 0 in memory.
    pub size: u64,
    /// Whether something was written; an index in which nothing has changed stays as it is.
    pub published: bool,
    /// Whether the index was built from nothing.
    pub full: bool,
    /// How long each stage took.
    pub durations: Vec<(Stage, Duration)>,
    /// What went wrong without harm.
    pub warnings: Vec<String>,
}

impl UpdateReport {
    /// Joins what is known of each source.
    ///
    /// # Errors
    /// A source whose records do not add up: what was read is not what stands in its counters.
    pub(super) fn by_source(
        sources: &[RememberedSource],
        outcomes: Vec<Outcomes>,
        mut read: Ingested,
        ledger: &Ledger,
    ) -> Result<Vec<SourceOutcome>> {
        let sources = sources.iter().zip(outcomes).enumerate();
        let joined = sources.map(|(place, (source, outcomes))| {
            let files = ledger.sources.get(place).map(Vec::as_slice);
            let files = files.unwrap_or_default();
            let (read, carried) = match read.remove(&place) {
                Some(read) => (Some(read.report), read.carried),
                None => (None, files.iter().map(held).sum()),
            };
            let outcome = SourceOutcome {
                source: source.clone(),
                outcomes,
                read,
                carried,
                rejections: rejections(files),
            };
            outcome.check().map(|()| outcome)
        });
        joined.collect()
    }

    /// Fails unless what stood before, what was added and what was removed give what stands now.
    pub(super) fn check(&self) -> Result<()> {
        let total = self.total();
        let found = total.added + total.updated + total.unchanged;
        if found == self.counts.searched() && total.superseded == self.counts.superseded {
            return Ok(());
        }
        let message = format!(
            "{found} records are accounted for, {} stand in the index",
            self.counts.searched()
        );
        Err(does_not_add_up(message))
    }

    /// All sources together.
    pub fn total(&self) -> Outcomes {
        let mut total = Outcomes::default();
        for source in &self.sources {
            total += source.outcomes;
        }
        total
    }
}

impl SourceOutcome {
    /// Fails unless every record that was read, or stands in a file not read, is in one counter.
    fn check(&self) -> Result<()> {
        let counts = self.read.as_ref().map(SourceReport::record_total);
        let read = counts.map_or(0, |counts| counts.accepted + counts.rejected);
        let counted = self.outcomes.found();
        if counted == read + self.carried {
            return Ok(());
        }
        let message = format!(
            "{read} records were read and {} were known, {counted} are accounted for",
            self.carried
        );
        Err(does_not_add_up(message).at(&self.source.path))
    }
}

fn does_not_add_up(message: String) -> Error {
    Error::new(ErrorKind::Damaged, message).remedy(
        "the index is as it was; build it anew with `trialdex reindex --full`, and report this",
    )
}

/// Records a file gives, rejected ones included.
fn held(file: &LedgerFile) -> u64 {
    file.records.len() as u64 + file.rejections()
}

/// Why records of some files are rejected.
fn rejections(files: &[LedgerFile]) -> BTreeMap<String, ReasonCount> {
    /// Reasons told apart.
    const REASONS: usize = 1_000;
    /// Places named for each.
    const EXAMPLES: usize = 3;
    let mut all: BTreeMap<String, ReasonCount> = BTreeMap::new();
    for rejected in files.iter().flat_map(|file| &file.rejected) {
        let known = all.len() < REASONS || all.contains_key(&rejected.reason);
        let reason = if known {
            rejected.reason.as_str()
        } else {
            "other reasons"
        };
        let counted = all.entry(reason.to_owned()).or_default();
        counted.count += rejected.count;
        if counted.examples.len() < EXAMPLES {
            counted.examples.push(rejected.first.clone());
        }
    }
    all
}

impl Outcomes {
    /// The counter of a record; `stands` where nothing of its file has changed.
    fn counter(&mut self, record: &LedgerRecord, stands: bool, before: &ByKey) -> &mut u64 {
        if !record.searched {
            return &mut self.superseded;
        }
        if stands {
            return &mut self.unchanged;
        }
        match before.searched(record.key()) {
            None => &mut self.added,
            Some(old) if old.digest == record.digest => &mut self.unchanged,
            Some(_) => &mut self.updated,
        }
    }
}

/// What became of the records of each source of the new ledger, and then of the gone sources of the old one.
///
/// `sources` tells for each source of the old ledger its place in the new one, if it still has one.
pub(crate) fn outcomes(old: &Ledger, new: &Ledger, sources: &[Option<usize>]) -> Vec<Outcomes> {
    let shared = Shared::of(old.files(), new.files());
    let before = ByKey::of(shared.apart(old.files()));
    let now = ByKey::of(shared.apart(new.files()));
    let mut outcomes: Vec<Outcomes> = Vec::with_capacity(new.sources.len());
    for files in &new.sources {
        let mut of_source = Outcomes::default();
        for file in files {
            of_source.rejected += file.rejections();
            let stands = shared.has(&file.records);
            for record in file.records.iter() {
                *of_source.counter(record, stands, &before) += 1;
            }
        }
        outcomes.push(of_source);
    }
    for (old_source, place) in old.sources.iter().zip(sources) {
        let removed = shared.others(old_source.iter().map(|file| &file.records));
        let removed = removed.filter(|r| r.searched && now.searched(r.key()).is_none());
        let removed = removed.count() as u64;
        match place.and_then(|place| outcomes.get_mut(place)) {
            Some(of_source) => of_source.removed += removed,
            None => outcomes.push(Outcomes {
                removed,
                ..Outcomes::default()
            }),
        }
    }
    outcomes
}
