//! What expansion adds to a typed name: other names of the same thing, each with what it counts.
//!
//! The words of a name stay concepts of their own, so a record that has one of them is found as
//! before. A variant counts for each of them: a record that has it has all of them, a little less
//! than as typed. Only a word that stands in the variant itself is not counted again.

use super::bag::WeightedTerm;
use super::concept::{Concept, Shape};
use super::otherwise::Otherwise;
use super::pattern::{Order, Pattern, Place};
use crate::concept::{Relation, Source};
use crate::record::Kind;
use std::collections::HashSet;
use std::sync::Arc;

/// Another name of what was typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variant {
    /// The typed name it stands for.
    pub(crate) of: String,
    pub(crate) name: String,
    pub(crate) relation: Relation,
    pub(crate) source: Source,
    /// What it counts against the typed words.
    pub(crate) penalty: f32,
    /// The stems of its words.
    pub(crate) stems: Vec<String>,
    pub(crate) shape: Shape,
}

impl Variant {
    /// Whether some words stand in it side by side.
    pub(super) fn contains(&self, stems: &[String]) -> bool {
        contains(&self.stems, stems)
    }
}

/// Whether a list has another in one stretch.
pub(super) fn contains(list: &[String], part: &[String]) -> bool {
    part.len() <= list.len()
        && list
            .windows(part.len().max(1))
            .any(|stretch| stretch == part)
}

/// Everything a concept is found by, each once, with the variant it is of (`None`: as typed).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lookup {
    pub(crate) terms: Vec<WeightedTerm>,
    term_origins: Vec<Option<usize>>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) pattern_origins: Vec<Option<usize>>,
}

impl Lookup {
    /// What nothing is found by.
    pub(super) const NOTHING: Lookup = Lookup {
        terms: Vec::new(),
        term_origins: Vec::new(),
        patterns: Vec::new(),
        pattern_origins: Vec::new(),
    };

    /// What a concept is found by among records of a kind, its variants given by their places in the plan.
    pub(super) fn of(concept: &Concept, kind: Kind, variants: &[Variant]) -> Self {
        let mut lookup = Lookup::default();
        let mut known: HashSet<String> = HashSet::new();
        lookup.add(&concept.shape, 1.0, None, &mut known);
        for place in concept.variants.get(&kind).into_iter().flatten() {
            if let Some(variant) = variants.get(*place) {
                lookup.add(&variant.shape, variant.penalty, Some(*place), &mut known);
            }
        }
        lookup.settle();
        lookup
    }

    /// Looks a term up by its places where a compound of the same letters is: `ADMSC` stands in
    /// `AD-MSC`, and one occurrence counts once.
    fn settle(&mut self) {
        let single = self
            .patterns
            .iter()
            .filter_map(|pattern| match pattern.places.as_slice() {
                [only] => Some(&only.terms),
                _ => None,
            });
        let wholes: HashSet<String> = single.flatten().map(|term| term.term.clone()).collect();
        let terms = std::mem::take(&mut self.terms).into_iter();
        let origins = std::mem::take(&mut self.term_origins);
        for (term, origin) in terms.zip(origins) {
            if !wholes.contains(&term.term) {
                self.terms.push(term);
                self.term_origins.push(origin);
                continue;
            }
            self.patterns.push(Pattern {
                weight: 1.0,
                order: Order::Adjacent,
                places: vec![Place {
                    offset: 0,
                    terms: vec![term],
                }],
            });
            self.pattern_origins.push(origin);
        }
    }

    fn add(
        &mut self,
        shape: &Shape,
        penalty: f32,
        origin: Option<usize>,
        known: &mut HashSet<String>,
    ) {
        match shape {
            Shape::Bag(terms) => {
                for term in terms {
                    if known.insert(term.term.clone()) {
                        self.terms.push(WeightedTerm {
                            weight: term.weight * penalty,
                            ..term.clone()
                        });
                        self.term_origins.push(origin);
                    }
                }
            }
            Shape::Patterns(patterns) => {
                for pattern in patterns {
                    self.patterns.push(Pattern {
                        weight: pattern.weight * penalty,
                        ..pattern.clone()
                    });
                    self.pattern_origins.push(origin);
                }
            }
        }
    }

    /// The terms of each variant, those as typed first.
    pub(super) fn terms_by_origin(&self) -> impl Iterator<Item = (Option<usize>, &[WeightedTerm])> {
        let mut at = 0;
        self.term_origins.chunk_by(|a, b| a == b).map(move |same| {
            let terms = self.terms.get(at..at + same.len()).unwrap_or_default();
            at += same.len();
            (same.first().copied().flatten(), terms)
        })
    }
}

/// A shape of terms alone, for a name in capitals: it has no other forms.
pub(super) fn one_term(term: &str, unless: Option<Arc<Otherwise>>) -> Shape {
    Shape::Bag(vec![WeightedTerm {
        unless,
        ..WeightedTerm::new(term, 1.0)
    }])
}
