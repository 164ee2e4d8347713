//! A ClinicalTrials.gov record as meddatax.com renders it, its page turned into text.
//!
//! The page shows API v2's words under headings of its own. Each section begins with a sentence
//! that advertises the site, and the page ends with other trials: neither is part of the trial.
//! The conditions are one line, joined by blanks, and cannot be told apart. No date of
//! registration is shown, and no date says whether it has happened.

mod convert;
mod groups;
mod raw;

use crate::record::Format;
use crate::source::context::Context;
use crate::source::{Converted, RawRecord, Reason, Sample, SourceFormat};

/// The rendered page.
pub(crate) struct CtgovPage;

/// How many lines of a file are searched for the number.
const HEAD_LINES: usize = 40;

impl SourceFormat for CtgovPage {
    fn format(&self) -> Format {
        Format::CtgovPage
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let text = String::from_utf8_lossy(sample.head);
        let lines = || {
            text.lines()
                .filter(|line| !line.trim().is_empty())
                .take(HEAD_LINES)
        };
        lines().any(|line| raw::number(line).is_some()) && lines().any(raw::is_front)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        convert::convert(raw.body.document()?, context)
    }
}

#[cfg(test)]
mod tests;
