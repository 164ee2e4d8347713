//! Words without order: every document that has one of some terms, with what they weigh there.

use super::field::WeightedField;
use super::{Matches, reading};
use crate::error::Result;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

/// Documents scored at a time: their weights stay in the fastest cache.
const WINDOW: usize = 4_096;

/// A term and what one occurrence of it counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WeightedTerm {
    pub(crate) term: String,
    pub(crate) weight: f32,
    /// What of the weight the stem at the same place counts already, in a field that has stems.
    pub(crate) by_stem: f32,
}

impl WeightedTerm {
    /// A term no stem stands beside.
    pub(crate) fn new(term: impl Into<String>, weight: f32) -> Self {
        WeightedTerm {
            term: term.into(),
            weight,
            by_stem: 0.0,
        }
    }

    /// What an occurrence adds in a field to what the other terms of the concept add there.
    fn adds_in(&self, field: &WeightedField) -> f32 {
        if field.stems {
            self.weight - self.by_stem
        } else {
            self.weight
        }
    }
}

/// The occurrences of one term in one field of a segment.
struct List<'a> {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    field: &'a WeightedField,
    weight: f32,
}

impl List<'_> {
    /// What the present document's occurrences weigh, its length considered.
    fn weight_here(&self, document: DocId) -> f32 {
        let length = self.lengths.fieldnorm_id(document);
        self.weight * self.postings.term_freq() as f32 * self.field.weight_at(length)
    }
}

/// All living documents of a segment that have one of the terms in one of the fields.
pub(crate) fn find(
    segment: &SegmentReader,
    fields: &[WeightedField],
    terms: &[WeightedTerm],
) -> Result<Matches> {
    let mut lists = open(segment, fields, terms)?;
    let mut matches = Matches::default();
    let mut window = vec![0.0f32; WINDOW];
    loop {
        let first = lists.iter().map(|list| list.postings.doc()).min();
        let Some(first) = first.filter(|&document| document != TERMINATED) else {
            return Ok(matches);
        };
        let end = first.saturating_add(WINDOW as DocId).min(TERMINATED);
        for list in &mut lists {
            let mut document = list.postings.doc();
            while document < end {
                if let Some(sum) = window.get_mut((document - first) as usize) {
                    *sum += list.weight_here(document);
                }
                document = list.postings.advance();
            }
        }
        for (document, sum) in (first..end).zip(&mut window) {
            if *sum > 0.0 {
                if !segment.is_deleted(document) {
                    matches.push(document, *sum);
                }
                *sum = 0.0;
            }
        }
    }
}

/// What each term weighs in each field of one document: term and field by their places, in order.
pub(crate) fn explain(
    segment: &SegmentReader,
    document: DocId,
    fields: &[WeightedField],
    terms: &[WeightedTerm],
    origin: Option<usize>,
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        for term in terms {
            for mut list in open(
                segment,
                std::slice::from_ref(field),
                std::slice::from_ref(term),
            )? {
                if list.postings.doc() < document {
                    list.postings.seek(document);
                }
                if list.postings.doc() == document {
                    parts.push(Part {
                        field: place,
                        origin,
                        variant: term.term.clone(),
                        penalty: term.adds_in(field),
                        frequency: list.postings.term_freq() as f32,
                        length: FieldNormReader::id_to_fieldnorm(
                            list.lengths.fieldnorm_id(document),
                        ),
                        weight: list.weight_here(document),
                    });
                }
            }
        }
    }
    Ok(parts)
}

/// What one variant of a concept weighs in one field of one document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Place of the field in its area.
    pub(crate) field: usize,
    /// The variant of the concept, by its place in the plan; `None` for what was typed.
    pub(crate) origin: Option<usize>,
    /// The term, or the terms of a phrase.
    pub(crate) variant: String,
    pub(crate) penalty: f32,
    pub(crate) frequency: f32,
    /// Length of the field, in tokens.
    pub(crate) length: u32,
    pub(crate) weight: f32,
}

fn open<'a>(
    segment: &SegmentReader,
    fields: &'a [WeightedField],
    terms: &[WeightedTerm],
) -> Result<Vec<List<'a>>> {
    let mut lists = Vec::new();
    for field in fields {
        let index = reading(segment.inverted_index(field.field))?;
        for weighted in terms {
            let term = Term::from_field_text(field.field, &weighted.term);
            let postings = index.read_postings(&term, IndexRecordOption::WithFreqs);
            let Some(postings) = reading(postings.map_err(Into::into))? else {
                continue;
            };
            lists.push(List {
                postings,
                lengths: reading(segment.get_fieldnorms_reader(field.field))?,
                field,
                weight: weighted.adds_in(field),
            });
        }
    }
    Ok(lists)
}
