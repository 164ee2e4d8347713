//! Why a document scores what it scores.

use super::field::WeightedField;
use super::variant::{Lookup, Variant};
use super::weighed::Weight;
use super::{Answer, bag, sequence};
use crate::error::Result;
use crate::record::Kind;
use tantivy::{DocId, SegmentReader};

/// What the score of a document is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Explained {
    pub(crate) contributions: Vec<Contribution>,
}

/// What one concept adds to the score of a document.
#[derive(Clone, Debug)]
pub(crate) struct Contribution {
    /// The concept as typed.
    pub(crate) text: String,
    pub(crate) area: String,
    /// Whether it is two words side by side, added to the words themselves.
    pub(crate) pair: bool,
    /// What it adds.
    pub(crate) score: f64,
    /// What a perfect answer would have for it.
    pub(crate) best: f64,
    pub(crate) idf: f64,
    /// Documents of the kind that have it; unknown for a pair.
    pub(crate) frequency: Option<u64>,
    /// Documents of the kind.
    pub(crate) documents: u64,
    pub(crate) weight: f64,
    /// Field by field.
    pub(crate) parts: Vec<FieldPart>,
}

/// What one variant in one field adds.
#[derive(Clone, Debug)]
pub(crate) struct FieldPart {
    pub(crate) field: String,
    pub(crate) boost: f32,
    pub(crate) b: f32,
    pub(crate) average: f32,
    pub(crate) part: bag::Part,
    /// The other name it is of; `None` for what was typed.
    pub(crate) variant: Option<Variant>,
    pub(crate) score: f64,
}

/// What a concept weighs in each field of one document, variant by variant.
fn parts(
    reader: &SegmentReader,
    document: DocId,
    fields: &[WeightedField],
    lookup: &Lookup,
) -> Result<Vec<bag::Part>> {
    let mut parts = Vec::new();
    for (origin, terms) in lookup.terms_by_origin() {
        parts.extend(bag::explain(reader, document, fields, terms, origin)?);
    }
    let (patterns, origins) = (&lookup.patterns, &lookup.pattern_origins);
    parts.extend(sequence::explain(
        reader, document, fields, patterns, origins,
    )?);
    parts.sort_by_key(|part| part.field);
    Ok(parts)
}

impl Answer<'_> {
    /// Whether anything scores: a query of nothing but filters ranks nothing.
    pub(crate) fn is_ranked(&self) -> bool {
        self.sides.iter().any(|side| !side.is_silent())
    }

    /// Why a document scores what it scores; contributions add up to it.
    pub(crate) fn explain(&self, segment: usize, document: DocId, kind: Kind) -> Result<Explained> {
        let Some(side) = self.side(kind).filter(|side| !side.is_silent()) else {
            return Ok(Explained::default());
        };
        let reader = self.snapshot.searcher().segment_reader(segment as u32);
        let fields = |area: &str| side.areas.get(area).map_or(&[][..], Vec::as_slice);
        let mut explained = Explained::default();
        let mut add = |text: &str,
                       area: &str,
                       weight: Weight,
                       frequency: Option<u64>,
                       parts: Vec<bag::Part>| {
            let whole: f32 = parts.iter().map(|part| part.weight).sum();
            if whole <= 0.0 {
                return;
            }
            let score = side.share(weight, whole);
            let of_field = |part: bag::Part| {
                let field = fields(area).get(part.field)?;
                Some(FieldPart {
                    field: field.name.clone(),
                    boost: field.boost,
                    b: field.b,
                    average: field.average,
                    score: score * f64::from(part.weight / whole),
                    variant: part.origin.and_then(|o| self.plan.variants.get(o)).cloned(),
                    part,
                })
            };
            explained.contributions.push(Contribution {
                text: text.to_owned(),
                area: area.to_owned(),
                pair: frequency.is_none(),
                score,
                best: weight.weight * weight.idf / side.ideal,
                idf: weight.idf,
                frequency,
                documents: side.documents,
                weight: weight.weight,
                parts: parts.into_iter().filter_map(of_field).collect(),
            });
        };
        for (concept, weighed) in self.plan.concepts.iter().zip(&side.concepts) {
            let Some(weighed) = weighed else { continue };
            let fields = fields(&concept.area);
            let parts = parts(reader, document, fields, concept.lookup(kind))?;
            let frequency = Some(weighed.frequency);
            add(
                &concept.text,
                &concept.area,
                weighed.weight,
                frequency,
                parts,
            );
        }
        for (pair, weight) in self.plan.pairs.iter().zip(&side.pairs) {
            let Some(weight) = weight else { continue };
            let parts = side.explain_pair(reader, document, pair)?;
            add(&pair.text, &pair.area, *weight, None, parts);
        }
        Ok(explained)
    }
}
