//! What an update did: every record in exactly one counter.

use super::ledger::{Ledger, LedgerRecord};
use super::manifest::{Counts, RememberedSource};
use super::observer::Stage;
use crate::record::Kind;
use crate::source::SourceReport;
use std::collections::{BTreeMap, HashMap, HashSet};
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
    pub fn read(&self) -> u64 {
        self.added + self.updated + self.unchanged + self.superseded + self.rejected
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
}

/// What an update did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateReport {
    /// One a remembered source, in their order; removed sources after them.
    pub sources: Vec<SourceOutcome>,
    /// What the index holds now.
    pub counts: Counts,
    /// Bytes of the index on disk; 0 in memory.
    pub size: u64,
    /// Whether something was written; an index in which nothing has changed stays as it is.
    pub published: bool,
    /// Whether the index was built from nothing.
    pub full: bool,
    /// How long each stage took.
    pub durations: Vec<(Stage, Duration)>,
}

impl UpdateReport {
    /// Joins what is known of each source.
    pub(super) fn by_source(
        sources: &[RememberedSource],
        outcomes: Vec<Outcomes>,
        mut read: BTreeMap<usize, SourceReport>,
    ) -> Vec<SourceOutcome> {
        let sources = sources.iter().zip(outcomes).enumerate();
        let joined = sources.map(|(place, (source, outcomes))| SourceOutcome {
            source: source.clone(),
            outcomes,
            read: read.remove(&place),
        });
        joined.collect()
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

type Key<'a> = (Kind, &'a str);

fn key(record: &LedgerRecord) -> Key<'_> {
    (record.kind, &record.id)
}

/// What became of the records of each source of the new ledger, and then of the gone sources of the old one.
///
/// `sources` tells for each source of the old ledger its place in the new one, if it still has one.
pub(crate) fn outcomes(old: &Ledger, new: &Ledger, sources: &[Option<usize>]) -> Vec<Outcomes> {
    let before: HashMap<Key<'_>, &LedgerRecord> = old
        .records()
        .filter(|record| record.searched)
        .map(|record| (key(record), record))
        .collect();
    let mut outcomes: Vec<Outcomes> = Vec::with_capacity(new.sources.len());
    let mut now = HashSet::new();
    for files in &new.sources {
        let mut of_source = Outcomes::default();
        for file in files {
            of_source.rejected += file.rejected;
            for record in &file.records {
                let counter = match before.get(&key(record)) {
                    _ if !record.searched => &mut of_source.superseded,
                    None => &mut of_source.added,
                    Some(old) if old.digest == record.digest => &mut of_source.unchanged,
                    Some(_) => &mut of_source.updated,
                };
                *counter += 1;
                if record.searched {
                    now.insert(key(record));
                }
            }
        }
        outcomes.push(of_source);
    }
    for (old_source, place) in old.sources.iter().zip(sources) {
        let removed = old_source.iter().flat_map(|file| &file.records);
        let removed = removed.filter(|record| record.searched && !now.contains(&key(record)));
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
