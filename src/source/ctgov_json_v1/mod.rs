//! ClinicalTrials.gov's old API (until 2024): `FullStudiesResponse`, the files of `AllAPIJSON`
//! (`FullStudy`), or a bare study.
//!
//! The tree is that of API v2 in other words: names are "pieces" in Pascal case
//! (`ConditionsModule.ConditionList.Condition[]`), values are strings as in legacy XML.

use super::context::Context;
use super::ctgov::convert::convert;
use super::ctgov::markup::Markup;
use super::ctgov::study::{Flag, Study};
use super::{Converted, Cutter, RawRecord, Reason, Sample, SourceFormat, json};
use crate::record::Format;
use serde::Deserialize;
use std::io::{self, BufRead};

/// The way to the studies of a response.
const PAGE: &[&str] = &["FullStudiesResponse", "FullStudies"];

/// How deep the sections stand: in a study of a response.
const SECTION_DEPTH: usize = 4;

pub(crate) struct CtgovJsonV1;

/// A study, bare or in its wrappers.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Wrapped<'a> {
    #[serde(rename = "FullStudy")]
    full_study: Option<FullStudy<'a>>,
    #[serde(rename = "Study")]
    study: Option<Study<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct FullStudy<'a> {
    #[serde(rename = "Study")]
    study: Study<'a>,
}

impl SourceFormat for CtgovJsonV1 {
    fn format(&self) -> Format {
        Format::CtgovJsonV1
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let keys = json::keys(sample.head, SECTION_DEPTH);
        let has = |key: &str| keys.contains(&key.as_bytes());
        ["FullStudiesResponse", "FullStudy", "ProtocolSection"]
            .into_iter()
            .any(has)
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        json::cut(input, PAGE, cutter)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let bytes = raw.body.bytes()?;
        let wrapped: Wrapped<'_> = json::parse(bytes)?;
        let inner = wrapped.full_study.map(|full| full.study).or(wrapped.study);
        let mut study = match inner {
            Some(study) => study,
            None => json::parse(bytes)?,
        };
        study.has_results = Some(Flag(study.results_section.is_some()));
        convert(&study, Markup::Plain, context)
    }
}
