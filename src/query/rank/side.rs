//! One kind of records: its numbers, and what every concept weighs in its documents.

use super::bag::Part;
use super::concept::Concept;
use super::field::WeightedField;
use super::pair::{self, Apart, Pair};
use super::pattern::Pattern;
use super::plan::Plan;
use super::select::select;
use super::weighed::{Occurrences, Weighed, Weight};
use super::{Interrupt, Matches, Settings, key, sequence};
use crate::error::Result;
use crate::index::{DocSet, Snapshot, Weights};
use crate::record::Kind;
use crate::schema::ranking::Ranking;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::{DocId, SegmentReader};

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
    pub(crate) pairs: Vec<Option<Weight>>,
    apart: Apart,
    /// By concept: what the pairs it is part of can add to what it adds itself.
    reserves: Vec<f64>,
    /// The weight of a perfect answer.
    pub(crate) ideal: f64,
}

/// Sums in another order differ in their last digits; a limit must not be passed by them.
pub(super) const ROUNDING: f64 = 1.0 + 1e-5;

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
            apart: Apart::of(ranking),
            reserves: Vec::new(),
            ideal: 0.0,
        };
        for area in plan.areas() {
            if !side.areas.contains_key(area) {
                let fields = weighted_fields(snapshot, ranking, area, kind);
                side.areas.insert(area.to_owned(), fields);
            }
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
        let pairs = plan.pairs.iter();
        side.pairs = pairs.map(|pair| side.weigh_pair(pair, ranking)).collect();
        side.reserves = side.reserves(plan);
        let best = |concept: &Weighed| concept.weight.weight * concept.weight.idf;
        side.ideal = side.concepts.iter().flatten().map(best).sum();
        Ok(side)
    }

    pub(super) fn fields(&self, area: &str) -> &[WeightedField] {
        self.areas.get(area).map_or(&[], Vec::as_slice)
    }

    fn weigh(&self, snapshot: &Snapshot, concept: &Concept, weight: f64) -> Result<Weighed> {
        let fields = self.fields(&concept.area);
        let lookup = concept.lookup(self.kind);
        let names = find_names(snapshot, fields, &lookup.patterns)?;
        let mut segments = Vec::new();
        for (number, living) in snapshot.living()?.iter().enumerate() {
            let names = Matches(names.get(number).cloned().unwrap_or_default());
            let segment = (number, &living.all);
            let found = Occurrences::find(snapshot, segment, fields, &lookup.terms, names)?;
            segments.push(found);
        }
        let frequency = segments.iter().map(|segment| segment.len() as u64).sum();
        Ok(Weighed {
            frequency,
            weight: Weight {
                idf: idf(self.documents, frequency),
                weight,
            },
            segments,
        })
    }

    /// A pair weighs what the lesser of its words weighs, and is as rare as they are on average.
    fn weigh_pair(&self, pair: &Pair, ranking: &Ranking) -> Option<Weight> {
        let concept = |place: usize| self.concepts.get(place).and_then(Option::as_ref);
        let (first, second) = (concept(pair.first)?, concept(pair.second)?);
        let lesser = first.weight.weight.min(second.weight.weight);
        let weight = f64::from(ranking.phrase.weight) * lesser;
        let stands = weight > 0.0 && first.frequency > 0 && second.frequency > 0;
        stands.then_some(Weight {
            idf: (first.weight.idf + second.weight.idf) / 2.0,
            weight,
        })
    }

    /// A pair occurs no more often than either of its words, so what it adds is at most the mean of
    /// what they add, times its weight against theirs.
    fn reserves(&self, plan: &Plan) -> Vec<f64> {
        let mut reserves = vec![0.0; self.concepts.len()];
        for (pair, weight) in plan.pairs.iter().zip(&self.pairs) {
            let Some(weight) = weight else { continue };
            for place in [pair.first, pair.second] {
                let concept = self.concepts.get(place).and_then(Option::as_ref);
                if let (Some(concept), Some(reserve)) = (concept, reserves.get_mut(place)) {
                    *reserve += weight.weight / concept.weight.weight / 2.0;
                }
            }
        }
        reserves
    }

    /// Whether no concept adds to any score.
    pub(crate) fn is_silent(&self) -> bool {
        self.ideal <= 0.0
    }

    /// Whether any pair of words can add to a score.
    pub(super) fn has_pairs(&self) -> bool {
        self.pairs.iter().any(Option::is_some)
    }

    /// Adds the documents of a segment that have a concept.
    pub(super) fn add_documents(&self, concept: usize, segment: usize, set: &mut DocSet) {
        if let Some(occurrences) = self.occurrences(concept, segment) {
            occurrences.add_to(set);
        }
    }

    /// Where a concept stands in a segment; `None` for one a long query goes without.
    fn occurrences(&self, concept: usize, segment: usize) -> Option<&Occurrences> {
        self.concepts.get(concept)?.as_ref()?.segments.get(segment)
    }

    /// The most a concept can add to a score, with the pairs it is part of.
    pub(super) fn most(&self, concept: usize) -> f64 {
        let weighed = self.concepts.get(concept).and_then(Option::as_ref);
        let weighed = weighed.filter(|weighed| weighed.frequency > 0);
        weighed.map_or(0.0, |weighed| {
            let own = weighed.weight.weight * weighed.weight.idf / self.ideal;
            own * self.with_pairs(concept)
        })
    }

    /// How much more than a concept itself adds its pairs can add with it, rounding included.
    pub(super) fn with_pairs(&self, concept: usize) -> f64 {
        let reserve = self.reserves.get(concept).copied().unwrap_or(0.0);
        (1.0 + reserve) * ROUNDING
    }

    /// Takes those out of some documents of a segment that have both words of a pair.
    pub(super) fn leave_unpaired(&self, segment: usize, plan: &Plan, documents: &mut DocSet) {
        let all = documents.clone();
        for (pair, weight) in plan.pairs.iter().zip(&self.pairs) {
            let words = [pair.first, pair.second].map(|concept| self.occurrences(concept, segment));
            if let ([Some(first), Some(second)], Some(_)) = (words, weight) {
                let mut both = all.clone();
                first.narrow(&mut both);
                second.narrow(&mut both);
                documents.subtract(&both);
            }
        }
    }

    /// Hands out what the pairs score in some documents of a segment, which are given in order.
    pub(super) fn add_pairs(
        &self,
        (segment, reader): (usize, &SegmentReader),
        plan: &Plan,
        documents: &[DocId],
        mut add: impl FnMut(DocId, f64),
        interrupt: Interrupt<'_>,
    ) -> Result<()> {
        for (pair, weight) in plan.pairs.iter().zip(&self.pairs) {
            let Some(weight) = weight else { continue };
            let both = [pair.first, pair.second].map(|concept| self.occurrences(concept, segment));
            let [Some(first), Some(second)] = both else {
                continue;
            };
            // Positions are read only where both words stand.
            let documents = documents.iter().copied();
            let documents: Vec<DocId> = documents
                .filter(|document| first.has(*document) && second.has(*document))
                .collect();
            if documents.is_empty() {
                continue;
            }
            interrupt()?;
            let fields = self.fields(&pair.area);
            let weights = pair::weigh(reader, fields, pair, self.apart, &documents)?;
            for (document, of_pair) in documents.into_iter().zip(weights) {
                if of_pair > 0.0 {
                    add(document, self.share(*weight, of_pair));
                }
            }
        }
        Ok(())
    }

    /// What a pair weighs in each field of one document.
    pub(super) fn explain_pair(
        &self,
        reader: &SegmentReader,
        document: DocId,
        pair: &Pair,
    ) -> Result<Vec<Part>> {
        pair::explain(reader, document, self.fields(&pair.area), pair, self.apart)
    }

    /// What a concept of that weight in a document adds to its score.
    pub(crate) fn share(&self, concept: Weight, in_document: f32) -> f64 {
        let saturated = f64::from(in_document) / f64::from(self.k1 + in_document);
        concept.weight * concept.idf / self.ideal * saturated
    }
}

/// Inverse document frequency of a concept that so many of the documents have.
pub(crate) fn idf(documents: u64, frequency: u64) -> f64 {
    let (documents, frequency) = (documents as f64, frequency as f64);
    (1.0 + (documents - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln()
}

/// What patterns weigh, by segment. All words of a name share what is found by it, and so do queries.
fn find_names(
    snapshot: &Snapshot,
    fields: &[WeightedField],
    patterns: &[Pattern],
) -> Result<Arc<Vec<Weights>>> {
    if patterns.is_empty() {
        return Ok(Arc::default());
    }
    snapshot.weights_of(&key::of_patterns(fields, patterns), || {
        let readers = snapshot.searcher().segment_readers().iter();
        let found = readers.map(|reader| Ok(sequence::find(reader, fields, patterns)?.0));
        found.collect()
    })
}

/// The fields of an area that records of a kind have in this index.
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
        if statistics.documents == 0 {
            continue;
        }
        let average = statistics.tokens as f64 / statistics.documents as f64;
        let b = ranking.b(name).unwrap_or(known.b);
        let stems = snapshot.schema().has_forms(name);
        let average = average as f32;
        fields.push(WeightedField::new(name, field, stems, *boost, b, average));
    }
    fields
}
