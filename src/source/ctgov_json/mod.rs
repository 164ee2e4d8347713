//! ClinicalTrials.gov API v2: a study, an array of them, a `studies` page, or one a line.
//!
//! A study is an object of sections: `protocolSection` (what the registrant says, in modules),
//! `derivedSection` (MeSH terms), `resultsSection` (not read, but for its presence) and
//! `hasResults`. Longer texts are Markdown with escaped punctuation. A key is absent where the
//! registrant said "N/A" to an age, and everywhere in records trimmed by `fields=`.

use super::context::Context;
use super::ctgov::convert::convert;
use super::ctgov::markup::Markup;
use super::ctgov::study::Study;
use super::{Converted, Cutter, RawRecord, Reason, Sample, SourceFormat, json};
use crate::record::Format;
use std::io::{self, BufRead};

/// The way to the studies of a page.
const PAGE: &[&str] = &["studies"];

/// How deep the sections stand: in a study of a page.
const SECTION_DEPTH: usize = 2;

pub(crate) struct CtgovJson;

impl SourceFormat for CtgovJson {
    fn format(&self) -> Format {
        Format::CtgovJson
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let keys = json::keys(sample.head, SECTION_DEPTH);
        let has = |key: &str| keys.contains(&key.as_bytes());
        let sections = ["protocolSection", "derivedSection", "resultsSection"];
        sections.into_iter().any(has)
            || (has("studies") && (has("totalCount") || has("nextPageToken")))
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        json::cut(input, PAGE, cutter)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let study: Study<'_> = json::parse(raw.body.bytes()?)?;
        convert(&study, Markup::Markdown, context)
    }
}
