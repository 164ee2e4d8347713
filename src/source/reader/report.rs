//! What a run read, and what became of it: every file and every record in exactly one counter.

use crate::record::{Format, Provenance};
use crate::source::{Rejection, Warnings};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Places kept for each reason of rejection.
const EXAMPLES: usize = 3;

/// Reasons told apart; a hostile source could make up any number.
const REASONS: usize = 1_000;

/// What became of the files of a source; entries of archives are files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCounts {
    /// Files of a known format, by format.
    pub read: BTreeMap<Format, u64>,
    /// Files of no known format.
    pub ignored: u64,
    /// Files that stand where records should be, and hold none or cannot be read.
    pub rejected: u64,
    /// Files left out: hidden, about the collection (README, LICENSE …), excluded, or no regular files.
    pub left_out: u64,
    /// Files on disk that were known and not read again; a known archive is one file.
    pub unchanged: u64,
    /// Archives (zip, tar) looked into; they are not among the files.
    pub archives: u64,
    /// Bytes read, as they are stored.
    pub bytes: u64,
}

impl FileCounts {
    /// All files come upon.
    pub fn total(&self) -> u64 {
        self.read.values().sum::<u64>()
            + self.ignored
            + self.rejected
            + self.left_out
            + self.unchanged
    }

    fn add(&mut self, other: &FileCounts) {
        for (&format, count) in &other.read {
            *self.read.entry(format).or_default() += count;
        }
        self.ignored += other.ignored;
        self.rejected += other.rejected;
        self.left_out += other.left_out;
        self.unchanged += other.unchanged;
        self.archives += other.archives;
        self.bytes += other.bytes;
    }
}

/// What became of the records of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordCounts {
    /// Records accepted.
    pub accepted: u64,
    /// Articles their authors have not published.
    pub drafts: u64,
    /// Pages without content of their own.
    pub without_content: u64,
    /// Records, or whole files, that could not be accepted.
    pub rejected: u64,
}

impl RecordCounts {
    /// All records come upon.
    pub fn total(&self) -> u64 {
        self.accepted + self.drafts + self.without_content + self.rejected
    }

    fn add(&mut self, other: RecordCounts) {
        self.accepted += other.accepted;
        self.drafts += other.drafts;
        self.without_content += other.without_content;
        self.rejected += other.rejected;
    }
}

/// How often a reason of rejection occurred, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReasonCount {
    /// Occurrences.
    pub count: u64,
    /// The first places.
    pub examples: Vec<Provenance>,
}

/// What was read of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceReport {
    /// The source as it was named.
    pub source: String,
    /// What became of its files.
    pub files: FileCounts,
    /// What became of its records, by format; `None` where no format could be told.
    pub records: BTreeMap<Option<Format>, RecordCounts>,
    /// Rejections by reason.
    pub rejections: BTreeMap<String, ReasonCount>,
    /// Unknown wordings and other things worth a look.
    pub warnings: Warnings,
}

impl SourceReport {
    /// The records of all formats together.
    pub fn record_total(&self) -> RecordCounts {
        let mut total = RecordCounts::default();
        for counts in self.records.values() {
            total.add(*counts);
        }
        total
    }

    pub(super) fn of(&mut self, format: Option<Format>) -> &mut RecordCounts {
        self.records.entry(format).or_default()
    }

    pub(super) fn rejected(&mut self, rejection: &Rejection) {
        self.of(rejection.provenance.format).rejected += 1;
        let place = rejection.provenance.clone();
        let reason = ReasonCount {
            count: 1,
            examples: vec![place],
        };
        self.add_reason(&rejection.reason.message, &reason);
    }

    fn add_reason(&mut self, message: &str, other: &ReasonCount) {
        let known = self.rejections.len() < REASONS || self.rejections.contains_key(message);
        let message = if known { message } else { "other reasons" };
        match self.rejections.entry(message.to_owned()) {
            Entry::Vacant(slot) => {
                slot.insert(other.clone());
            }
            Entry::Occupied(mut slot) => {
                let reason = slot.get_mut();
                reason.count += other.count;
                let room = EXAMPLES.saturating_sub(reason.examples.len());
                reason
                    .examples
                    .extend(other.examples.iter().take(room).cloned());
            }
        }
    }
}

/// What was read of all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// One report a source, in their order.
    pub sources: Vec<SourceReport>,
    /// Whether the caller stopped the run before its end.
    pub stopped: bool,
}

impl ReadReport {
    /// All sources as one.
    pub fn total(&self) -> SourceReport {
        let mut total = SourceReport::default();
        for report in &self.sources {
            total.files.add(&report.files);
            for (&format, &counts) in &report.records {
                total.of(format).add(counts);
            }
            for (message, reason) in &report.rejections {
                total.add_reason(message, reason);
            }
            total.warnings.merge(report.warnings.clone());
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Reason;

    #[test]
    fn reasons_beyond_the_limit_are_counted_together() {
        let mut report = SourceReport::default();
        for i in 0..REASONS + 500 {
            report.rejected(&Rejection {
                provenance: Provenance::default(),
                reason: Reason::new(format!("reason {i}")),
            });
        }
        assert_eq!(report.rejections.len(), REASONS + 1);
        let counted: u64 = report.rejections.values().map(|r| r.count).sum();
        assert_eq!(counted, report.record_total().rejected);
        assert_eq!(report.rejections["other reasons"].count, 500);
        assert_eq!(report.rejections["other reasons"].examples.len(), EXAMPLES);
    }
}
