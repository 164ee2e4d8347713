//! Why a hit scores what it scores, in numbers that add up to the score.

use crate::concept::{Relation, Source};
use crate::error::Result;
use crate::query::rank::Answer;
use crate::query::rank::explain::{Contribution, FieldPart};
use crate::query::rank::variant::Variant;
use crate::record::Kind;
use serde::Serialize;
use tantivy::DocAddress;

/// Why a hit scores what it scores: the concepts it has, whose scores add up to its own with `named` and `recent`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// One a concept, in the order of the query; those it has not are missing.
    pub concepts: Vec<ConceptScore>,
    /// What it gets beside them because the query is its id or its whole title.
    pub named: f64,
    /// What it gets on top of all that for being recent.
    pub recent: f64,
}

/// What one concept adds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ConceptScore {
    /// The concept as typed.
    pub concept: String,
    /// The area it was searched in.
    pub area: String,
    /// Whether it is two words side by side, which add to what each of them adds.
    pub adjacent: bool,
    /// What it adds to the score.
    pub score: f64,
    /// What a perfect record would get for it.
    pub best: f64,
    /// Its inverse document frequency.
    pub idf: f64,
    /// Records of the kind that have it; unknown for words side by side, whose `idf` is the mean of theirs.
    pub frequency: Option<u64>,
    /// Records of the kind.
    pub records: u64,
    /// Its weight in the query.
    pub weight: f64,
    /// Where it stands, field by field; the scores add up to that of the concept.
    pub fields: Vec<FieldScore>,
}

/// What one variant of a concept adds in one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FieldScore {
    /// The field.
    pub field: String,
    /// The term found, or the words of a phrase.
    pub variant: String,
    /// What the variant counts against the word as typed.
    pub penalty: f32,
    /// How often it stands there.
    pub term_frequency: f32,
    /// Length of the field, in tokens.
    pub length: u32,
    /// Mean length of the field over the records that have it.
    pub mean_length: f32,
    /// Weight of the field in the area.
    pub boost: f32,
    /// How much a long text of the field is discounted.
    pub b: f32,
    /// What it adds to the score.
    pub score: f64,
    /// Where the variant is another name: which, for what, and who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_name: Option<OtherName>,
}

/// A name that expansion added.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OtherName {
    /// The name.
    pub name: String,
    /// What was typed.
    pub of: String,
    /// How it stands to that.
    pub relation: Relation,
    /// Who says so.
    pub source: Source,
    /// What it counts against the words as typed.
    pub penalty: f32,
}

impl OtherName {
    pub(super) fn of(variant: &Variant) -> Self {
        OtherName {
            name: variant.name.clone(),
            of: variant.of.clone(),
            relation: variant.relation,
            source: variant.source.clone(),
            penalty: variant.penalty,
        }
    }
}

impl Explanation {
    pub(super) fn of(answer: &Answer<'_>, address: DocAddress, kind: Kind) -> Result<Self> {
        let segment = address.segment_ord as usize;
        let explained = answer.explain(segment, address.doc_id, kind)?;
        let concepts = explained.contributions.into_iter().map(concept);
        let mut explanation = Explanation {
            concepts: concepts.collect(),
            named: answer.named_score(address),
            recent: 0.0,
        };
        explanation.recent = explanation.sum() * answer.recency(address)?;
        Ok(explanation)
    }

    /// The sum of what the concepts add: the score, but for rounding.
    pub fn sum(&self) -> f64 {
        let concepts = self.concepts.iter().map(|concept| concept.score);
        concepts.sum::<f64>() + self.named + self.recent
    }
}

fn concept(contribution: Contribution) -> ConceptScore {
    ConceptScore {
        concept: contribution.text,
        area: contribution.area,
        adjacent: contribution.pair,
        score: contribution.score,
        best: contribution.best,
        idf: contribution.idf,
        frequency: contribution.frequency,
        records: contribution.documents,
        weight: contribution.weight,
        fields: contribution.parts.into_iter().map(field).collect(),
    }
}

fn field(part: FieldPart) -> FieldScore {
    FieldScore {
        field: part.field,
        variant: part.part.variant,
        penalty: part.part.penalty,
        term_frequency: part.part.frequency,
        length: part.part.length,
        mean_length: part.average,
        boost: part.boost,
        b: part.b,
        score: part.score,
        other_name: part.variant.as_ref().map(OtherName::of),
    }
}
