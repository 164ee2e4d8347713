//! Clinical Trial Protocol of the Iranian Registry of Clinical Trials (IRCT), as text.
//!
//! The registry exports a trial as a document of fixed headings and labels; turned into text it
//! comes in two generations of the template (IRCT2016090729747N1, IRCT20200127046282N19). Dates
//! are Gregorian and Jalali side by side. The registry takes interventional trials only. Free
//! text can contradict the fields (IRCT20200127046282N19 is "randomized" in its summary and "Not
//! randomized" in its field): both are kept, the field is what filters see.

mod convert;
mod groups;
mod raw;
mod template;

use crate::record::Format;
use crate::source::context::Context;
use crate::source::{Converted, RawRecord, Reason, Sample, SourceFormat};

/// The IRCT protocol export.
pub(crate) struct IrctText;

/// How many lines of a file are searched for the names of document and registry, or the number.
const HEAD_LINES: usize = 60;

impl SourceFormat for IrctText {
    fn format(&self) -> Format {
        Format::IrctText
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let text = String::from_utf8_lossy(sample.head);
        let lines = || {
            text.lines()
                .filter(|line| !line.trim().is_empty())
                .take(HEAD_LINES)
        };
        // Front matter: an article, whatever it quotes.
        if lines()
            .next()
            .is_none_or(|line| matches!(line.trim(), "---" | "+++"))
        {
            return false;
        }
        let names = lines().filter(|line| raw::is_masthead(line)).count();
        names >= 2 || lines().any(raw::is_number_line) && lines().any(raw::is_heading)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        convert::convert(raw.body.document()?, context)
    }
}

#[cfg(test)]
mod tests;
