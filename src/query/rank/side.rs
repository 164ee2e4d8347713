//! One kind of records: its numbers, and what every concept weighs in its documents.

use super::bag::Part;
use super::concept::Concept;
use super::field::WeightedField;
use super::pair::{self, Apart, Pair};
use super::plan::Plan;
use super::select::select;
use super::{Interrupt, Matches, Settings, bag, sequence};
use crate::error::Result;
use crate::index::Snapshot;
use crate::record::Kind;
use crate::schema::analyzers::Stemming;
use crate::schema::ranking::Ranking;
use std::collections::HashMap;
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

/// What a concept or a pair of them can add to a score.
#[derive(Clone, Copy)]
pub(crate) struct Weight {
    pub(crate) idf: f64,
    /// What it weighs against the other concepts.
    pub(crate) weight: f64,
}

/// A concept among the documents of one kind.
pub(crate) struct Weighed {
    /// Documents that have it.
    pub(crate) frequency: u64,
    pub(crate) weight: Weight,
    /// By segment.
    matches: Vec<Matches>,
}

/// What a segment's documents score for their concepts, and at most with what pairs could add.
#[derive(Default)]
pub(super) struct Scores {
    pub(super) scores: Vec<f64>,
    pub(super) limits: Vec<f64>,
}

/// Sums in another order differ in their last digits; a limit must not be passed by them.
const ROUNDING: f64 = 1.0 + 1e-5;

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
        let mut names = Names::default();
        for (concept, keep) in plan.concepts.iter().zip(&kept.concepts) {
            interrupt()?;
            let weighed = match keep {
                Some(weight) => Some(side.weigh(snapshot, concept, *weight, &mut names)?),
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

    fn weigh(
        &self,
        snapshot: &Snapshot,
        concept: &Concept,
        weight: f64,
        names: &mut Names,
    ) -> Result<Weighed> {
        let fields = self.fields(&concept.area);
        let lookup = concept.lookup(self.kind);
        let (terms, patterns) = (&lookup.terms, &lookup.patterns);
        let mut matches = match terms.is_empty() {
            true => Vec::new(),
            false => each_segment(snapshot, |segment| bag::find(segment, fields, terms))?,
        };
        if !patterns.is_empty() {
            let find = || each_segment(snapshot, |s| sequence::find(s, fields, patterns));
            let found = names.found(&concept.area, &lookup.pattern_origins, find)?;
            matches = match matches.is_empty() {
                true => found,
                false => {
                    let both = matches.into_iter().zip(found);
                    both.map(|(terms, patterns)| terms.plus(patterns)).collect()
                }
            };
        }
        Ok(self.weighed(matches, weight))
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

    fn weighed(&self, matches: Vec<Matches>, weight: f64) -> Weighed {
        let frequency = matches.iter().map(|matches| matches.len() as u64).sum();
        Weighed {
            frequency,
            weight: Weight {
                idf: idf(self.documents, frequency),
                weight,
            },
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
    pub(super) fn add_scores(&self, segment: usize, sums: &mut Scores) {
        if self.is_silent() {
            return;
        }
        for (concept, reserve) in self.concepts.iter().zip(&self.reserves) {
            let Some(concept) = concept else { continue };
            let Some(matches) = concept.matches.get(segment) else {
                continue;
            };
            let most = (1.0 + reserve) * ROUNDING;
            for (document, weight) in matches.iter() {
                let share = self.share(concept.weight, weight);
                let place = document as usize;
                if let (Some(score), Some(limit)) =
                    (sums.scores.get_mut(place), sums.limits.get_mut(place))
                {
                    *score += share;
                    *limit += share * most;
                }
            }
        }
    }

    /// Adds what the pairs score in some documents of a segment, which are given in order.
    pub(super) fn add_pairs(
        &self,
        reader: &SegmentReader,
        plan: &Plan,
        documents: &[DocId],
        scores: &mut [f64],
        interrupt: Interrupt<'_>,
    ) -> Result<()> {
        for (pair, weight) in plan.pairs.iter().zip(&self.pairs) {
            let Some(weight) = weight else { continue };
            interrupt()?;
            let fields = self.fields(&pair.area);
            let weights = pair::weigh(reader, fields, pair, self.apart, documents)?;
            for (document, of_pair) in documents.iter().zip(weights) {
                if let Some(score) = scores.get_mut(*document as usize).filter(|_| of_pair > 0.0) {
                    *score += self.share(*weight, of_pair);
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
        concept.weight * concept.idf * saturated / self.ideal
    }
}

/// Inverse document frequency of a concept that so many of the documents have.
pub(crate) fn idf(documents: u64, frequency: u64) -> f64 {
    let (documents, frequency) = (documents as f64, frequency as f64);
    (1.0 + (documents - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln()
}

/// What was found for names of several words, which all words they stand for share.
#[derive(Default)]
struct Names {
    /// The area and the variants, with what was found of them by segment.
    found: HashMap<(String, Vec<Option<usize>>), Vec<Matches>>,
}

impl Names {
    fn found(
        &mut self,
        area: &str,
        origins: &[Option<usize>],
        find: impl FnOnce() -> Result<Vec<Matches>>,
    ) -> Result<Vec<Matches>> {
        if origins.contains(&None) {
            return find();
        }
        let key = (area.to_owned(), origins.to_vec());
        if let Some(known) = self.found.get(&key) {
            return Ok(known.clone());
        }
        let found = find()?;
        self.found.insert(key, found.clone());
        Ok(found)
    }
}

fn each_segment(
    snapshot: &Snapshot,
    find: impl Fn(&SegmentReader) -> Result<Matches>,
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
        let analyzer = known.analyzer.as_ref();
        let analyzer = analyzer.and_then(|name| snapshot.schema().analyzers.get(name));
        let stems = analyzer.is_some_and(|known| known.stemming == Stemming::English);
        let average = average as f32;
        fields.push(WeightedField::new(name, field, stems, *boost, b, average));
    }
    fields
}
