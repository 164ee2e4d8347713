//! Whether what a night has built may be published.

use super::smoke::SmokeQuery;
use crate::error::Result;
use crate::index::{Prepared, UpdateReport};

/// Percent of the records that may vanish in a night, unless told otherwise.
const MAX_REMOVED: f64 = 10.0;

/// What a night's result must fulfil.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Percent of the records that may vanish; those of sources that were removed on purpose do not count.
    pub max_removed: f64,
    /// Records that may be rejected, those of unread files included; `None` for any number.
    pub max_rejected: Option<u64>,
    /// Queries that must find what they should.
    pub smoke: Vec<SmokeQuery>,
}

impl Default for Gate {
    fn default() -> Self {
        Gate {
            max_removed: MAX_REMOVED,
            max_rejected: None,
            smoke: Vec::new(),
        }
    }
}

impl Gate {
    /// Why a result must not be published; nothing where it may.
    ///
    /// `remembered` is the number of sources the index still has: what follows them in the report was removed on purpose.
    pub(super) fn refusals(
        &self,
        prepared: &Prepared<'_>,
        remembered: usize,
    ) -> Result<Vec<String>> {
        let mut refusals: Vec<String> = prepared.losses().iter().map(ToString::to_string).collect();
        refusals.extend(self.too_many_removed(prepared.report(), remembered));
        refusals.extend(self.too_many_rejected(prepared.report()));
        if !self.smoke.is_empty()
            && let Some(after) = prepared.after()?
        {
            for query in &self.smoke {
                refusals.extend(query.failure(&after)?);
            }
        }
        Ok(refusals)
    }

    fn too_many_removed(&self, report: &UpdateReport, remembered: usize) -> Option<String> {
        let before = report.searched_before;
        let removed = report.sources.iter().map(|source| source.outcomes.removed);
        let (kept, forgotten) = (removed.clone().take(remembered), removed.skip(remembered));
        // Of an index of another format only the number of its records is known.
        let fewer = before.saturating_sub(forgotten.sum::<u64>() + report.counts.searched());
        let vanished = kept.sum::<u64>().max(fewer);
        let percent = 100.0 * vanished as f64 / before.max(1) as f64;
        (percent > self.max_removed).then(|| {
            format!(
                "{vanished} of {before} records would vanish, {percent:.1} %: more than {} %",
                self.max_removed
            )
        })
    }

    fn too_many_rejected(&self, report: &UpdateReport) -> Option<String> {
        let (rejected, limit) = (report.total().rejected, self.max_rejected?);
        (rejected > limit).then(|| format!("{rejected} records are rejected: more than {limit}"))
    }
}
