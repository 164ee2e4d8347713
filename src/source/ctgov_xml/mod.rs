//! ClinicalTrials.gov's legacy XML (until 2024): a file a trial, root `clinical_study`.
//!
//! Texts in a `textblock` are hard-wrapped at 100 columns and indented, bullets are `-  `. Files
//! from before 2017 tell the design as one text and have other names for two dates.
//! `clinical_results` is passed over; that it is there tells that results are posted.

mod raw;

use super::context::Context;
use super::ctgov::convert::convert;
use super::ctgov::markup::Markup;
use super::{Converted, RawRecord, Reason, Sample, SourceFormat, xml};
use crate::record::Format;

const ROOT: &str = "clinical_study";

pub(crate) struct CtgovXml;

impl SourceFormat for CtgovXml {
    fn format(&self) -> Format {
        Format::CtgovXml
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        xml::root_name(sample.head).as_deref() == Some(ROOT)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let text = xml::decode(raw.body.bytes()?)?;
        let document = xml::Document::read(&text, &["clinical_results"])?;
        let root = document.root().filter(|root| root.name() == ROOT);
        let root = root.ok_or_else(|| Reason::new("no <clinical_study> in it"))?;
        convert(&raw::study(root), Markup::Plain, context)
    }
}
