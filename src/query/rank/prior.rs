//! What records get for being recent, beside what they have of the query: a small share of their score.
//!
//! Recency is counted on a fixed scale, not back from today or from the newest record: the same
//! index ranks alike on every day, and no other record changes the score of one.

use super::reading;
use crate::error::Result;
use crate::index::day_column;
use crate::query::filter::DateField;
use crate::record::PartialDate;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

/// The year where the scale begins: nothing older is less recent.
const OLD: i32 = 2000;

/// The year where it ends.
const NEW: i32 = 2040;

/// When a trial last changed and when an article came out.
const DATES: [DateField; 2] = [DateField::Updated, DateField::Published];

/// How recent the records of a segment are.
pub(super) struct Recency {
    days: Vec<Column<i64>>,
    from: f64,
    to: f64,
}

impl Recency {
    pub(super) fn open(segment: &SegmentReader) -> Result<Self> {
        let mut days = Vec::new();
        for date in DATES {
            let column = day_column(date.field(), false);
            days.extend(reading(segment.fast_fields().column_opt(&column))?);
        }
        let begin = |year| PartialDate::year(year).map_or(0.0, |date| date.first_ordinal() as f64);
        Ok(Recency {
            days,
            from: begin(OLD),
            to: begin(NEW),
        })
    }

    /// From 0, for what is old or tells no date, to 1.
    pub(super) fn of(&self, document: DocId) -> f64 {
        let day = self.days.iter().find_map(|days| days.first(document));
        day.map_or(0.0, |day| self.of_day(day))
    }

    /// That of the most recent record.
    pub(super) fn most(&self) -> f64 {
        let newest = self.days.iter().map(|days| self.of_day(days.max_value()));
        newest.fold(0.0, f64::max)
    }

    fn of_day(&self, day: i64) -> f64 {
        ((day as f64 - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}
