//! One kind of records: its numbers, and what every concept weighs in its documents.

use super::field::WeightedField;
use super::plan::{Concept, Pair, Plan, Shape};
use super::select::select;
use super::sequence::Pattern;
use super::{Interrupt, Matches, Settings, bag, sequence};
use crate::error::Result;
use crate::index::Snapshot;
use crate::record::Kind;
use crate::schema::ranking::Ranking;
use std::collections::HashMap;
use tantivy::DocId;

/// A query against the records of one kind.
pub(crate) struct Side {
    pub(crate) kind: Kind,
    /// Living documents of the kind.
    pub(crate) documents: u64,
    pub(crate) k1: f32,
    /// Fields of this kind in every area the query names.
    pub(crate) areas: HashMap<String, Vec<WeightedField>>,
    /// By place in the plan; `None` where a long query goes without.
    pub(crate) concepts: Vec<Option<Weighed>>,
    pub(crate) pairs: Vec<Option<Weighed>>,
    /// The weight of a perfect answer.
    pub(crate) ideal: f64,
}

/// A concept among the documents of one kind.
pub(crate) struct Weighed {
    /// Documents that have it.
    pub(crate) frequency: u64,
    pub(crate) idf: f64,
    /// What it weighs against the other concepts.
    pub(crate) weight: f64,
    /// By segment.
    matches: Vec<Matches>,
}

impl Side {
    pub(crate) fn compute(
        snapshot: &Snapshot,
        plan: &Plan,
        settings: Settings<'_>,
        kind: Kind,
        interrupt: Interrupt<'_>,
    ) -> Result<Self> {
        let ranking = settings.ranking;
        let mut side = Side {
            kind,
            documents: snapshot.counts().of_kind(kind),
            k1: ranking.k1,
            areas: HashMap::new(),
            concepts: Vec::new(),
            pairs: Vec::new(),
            ideal: 0.0,
        };
        for area in plan.areas() {
            let fields = weighted_fields(snapshot, ranking, area, kind);
            side.areas.insert(area.to_owned(), fields);
        }
        let kept = select(snapshot, plan, &side, settings)?;
        for (concept, keep) in plan.concepts.iter().zip(&kept.concepts) {
            interrupt()?;
            let weighed = match keep {
                Some(weight) => Some(side.weigh(snapshot, concept, *weight)?),
                None => None,
            };
            side.concepts.push(weighed);
        }
        for pair in &plan.pairs {
            interrupt()?;
            let weighed = side.weigh_pair(snapshot, pair, ranking)?;
            side.pairs.push(weighed);
        }
        side.ideal = side
            .concepts
            .iter()
            .flatten()
            .map(|c| c.weight * c.idf)
            .sum();
        Ok(side)
    }

    pub(super) fn fields(&self, area: &str) -> &[WeightedField] {
        self.areas.get(area).map_or(&[], Vec::as_slice)
    }

    fn weigh(&self, snapshot: &Snapshot, concept: &Concept, weight: f64) -> Result<Weighed> {
        let fields = self.fields(&concept.area);
        let matches = match &concept.shape {
            Shape::Bag(terms) => {
                each_segment(snapshot, |segment| bag::find(segment, fields, terms))?
            }
            Shape::Patterns(patterns) => find_patterns(snapshot, fields, patterns)?,
        };
        Ok(self.weighed(matches, weight))
    }

    fn weigh_pair(
        &self,
        snapshot: &Snapshot,
        pair: &Pair,
        ranking: &Ranking,
    ) -> Result<Option<Weighed>> {
        let concept = |place: usize| self.concepts.get(place).and_then(Option::as_ref);
        let (Some(first), Some(second)) = (concept(pair.first), concept(pair.second)) else {
            return Ok(None);
        };
        let weight = f64::from(ranking.phrase.weight) * first.weight.min(second.weight);
        if weight <= 0.0 || first.frequency == 0 || second.frequency == 0 {
            return Ok(None);
        }
        let matches = find_patterns(snapshot, self.fields(&pair.area), &pair.patterns)?;
        Ok(Some(self.weighed(matches, weight)))
    }

    fn weighed(&self, matches: Vec<Matches>, weight: f64) -> Weighed {
        let frequency = matches.iter().map(|matches| matches.len() as u64).sum();
        Weighed {
            frequency,
            idf: idf(self.documents, frequency),
            weight,
            matches,
        }
    }

    /// Whether no concept adds to any score.
    pub(crate) fn is_silent(&self) -> bool {
        self.ideal <= 0.0
    }

    /// Names the documents of a segment that have a concept.
    pub(crate) fn each_match(&self, concept: usize, segment: usize, mut name: impl FnMut(DocId)) {
        let weighed = self.concepts.get(concept).and_then(Option::as_ref);
        let matches = weighed.and_then(|weighed| weighed.matches.get(segment));
        for (document, _) in matches.into_iter().flat_map(Matches::iter) {
            name(document);
        }
    }

    /// Adds what the concepts score in a segment.
    pub(crate) fn add_scores(&self, segment: usize, scores: &mut [f64]) {
        if self.is_silent() {
            return;
        }
        for weighed in self.concepts.iter().chain(&self.pairs).flatten() {
            let Some(matches) = weighed.matches.get(segment) else {
                continue;
            };
            for (document, weight) in matches.iter() {
                if let Some(score) = scores.get_mut(document as usize) {
                    *score += self.share(weighed, weight);
                }
            }
        }
    }

    /// What a concept of that weight in a document adds to its score.
    pub(crate) fn share(&self, weighed: &Weighed, weight: f32) -> f64 {
        let saturated = f64::from(weight) / f64::from(self.k1 + weight);
        weighed.weight * weighed.idf * saturated / self.ideal
    }
}

/// Inverse document frequency of a concept that so many of the documents have.
pub(crate) fn idf(documents: u64, frequency: u64) -> f64 {
    let (documents, frequency) = (documents as f64, frequency as f64);
    (1.0 + (documents - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln()
}

fn find_patterns(
    snapshot: &Snapshot,
    fields: &[WeightedField],
    patterns: &[Pattern],
) -> Result<Vec<Matches>> {
    each_segment(snapshot, |segment| {
        sequence::find(segment, fields, patterns)
    })
}

fn each_segment(
    snapshot: &Snapshot,
    find: impl Fn(&tantivy::SegmentReader) -> Result<Matches>,
) -> Result<Vec<Matches>> {
    snapshot
        .searcher()
        .segment_readers()
        .iter()
        .map(find)
        .collect()
}

/// The fields of an area that records of a kind have.
fn weighted_fields(
    snapshot: &Snapshot,
    ranking: &Ranking,
    area: &str,
    kind: Kind,
) -> Vec<WeightedField> {
    let area = ranking
        .area(area)
        .map_or(&[][..], |area| area.fields.as_slice());
    let mut fields = Vec::new();
    for (name, boost) in area {
        let known = snapshot.schema().fields.get(name);
        let Some(known) = known.filter(|field| field.kind.has(kind)) else {
            continue;
        };
        let Some(field) = snapshot.mapping().text(name) else {
            continue;
        };
        let statistics = snapshot.field_statistics(name);
        let average = statistics.tokens as f64 / statistics.documents.max(1) as f64;
        let b = ranking.b(name).unwrap_or(known.b);
        fields.push(WeightedField::new(name, field, *boost, b, average as f32));
    }
    fields
}
