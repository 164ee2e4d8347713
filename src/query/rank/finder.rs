//! Which tokens of a text a query found: for excerpts.

use super::Answer;
use super::field::WeightedField;
use super::pattern::{Order, Pattern};
use super::together::{adjacent, near};
use super::variant::Lookup;
use crate::record::Kind;
use std::collections::HashMap;

/// Finds the concepts of a query in the texts of one field.
pub(crate) struct Finder<'a> {
    field: String,
    boost: f32,
    /// By term: what wants it.
    wanted: HashMap<&'a str, Vec<Want>>,
    /// What finding a concept is worth.
    worths: HashMap<usize, f64>,
    /// Patterns with the concepts and the other names they are of.
    patterns: Vec<(usize, Option<usize>, &'a Pattern)>,
}

#[derive(Clone, Copy)]
enum Want {
    /// A concept, wherever the term stands.
    Term {
        concept: usize,
        /// The other name it is of.
        origin: Option<usize>,
    },
    /// A place of a pattern.
    Place { pattern: usize, place: usize },
}

/// The wanted tokens seen in one text.
#[derive(Default)]
pub(crate) struct Sighting {
    found: Vec<Found>,
    /// By pattern and place: positions, in order.
    places: HashMap<(usize, usize), Vec<(u32, f32)>>,
}

/// A concept found at a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) position: usize,
    pub(crate) concept: usize,
    /// The other name it was found by, by its place in the plan.
    pub(crate) origin: Option<usize>,
    pub(crate) worth: f64,
}

impl Answer<'_> {
    /// A finder for every field of a kind the query searches, in the order of the schema.
    pub(crate) fn finders(&self, kind: Kind) -> Vec<Finder<'_>> {
        let Some(side) = self.side(kind) else {
            return Vec::new();
        };
        let mut finders: Vec<Finder<'_>> = Vec::new();
        for (place, concept) in self.plan.concepts.iter().enumerate() {
            let Some(weighed) = side.concepts.get(place).and_then(Option::as_ref) else {
                continue;
            };
            let worth = weighed.weight.weight * weighed.weight.idf;
            if worth <= 0.0 {
                continue;
            }
            for field in side.areas.get(&concept.area).into_iter().flatten() {
                let known = finders.iter().position(|finder| finder.field == field.name);
                let at = known.unwrap_or_else(|| {
                    finders.push(Finder::new(&field.name));
                    finders.len() - 1
                });
                if let Some(finder) = finders.get_mut(at) {
                    finder.boost = finder.boost.max(field.boost);
                    finder.want(place, worth, concept.lookup(kind), field);
                }
            }
        }
        finders.retain(|finder| !finder.wanted.is_empty());
        let order = |name: &str| {
            let fields = self.snapshot.schema().fields.iter();
            fields.take_while(|field| field.name != name).count()
        };
        finders.sort_by_key(|finder| order(&finder.field));
        finders
    }
}

impl<'a> Finder<'a> {
    fn new(field: &str) -> Self {
        Finder {
            field: field.to_owned(),
            boost: 0.0,
            wanted: HashMap::new(),
            worths: HashMap::new(),
            patterns: Vec::new(),
        }
    }

    /// Name of the field.
    pub(crate) fn field(&self) -> &str {
        &self.field
    }

    /// What the field weighs.
    pub(crate) fn boost(&self) -> f32 {
        self.boost
    }

    fn want(&mut self, concept: usize, worth: f64, lookup: &'a Lookup, field: &WeightedField) {
        self.worths.insert(concept, worth);
        for (origin, terms) in lookup.terms_by_origin() {
            for term in terms.iter().filter(|term| term.stands_in(field)) {
                let wants = self.wanted.entry(&term.term).or_default();
                wants.push(Want::Term { concept, origin });
            }
        }
        for (pattern, origin) in lookup.patterns.iter().zip(&lookup.pattern_origins) {
            let number = self.patterns.len();
            self.patterns.push((concept, *origin, pattern));
            for (place, wanted) in pattern.places.iter().enumerate() {
                let pattern = number;
                for term in wanted.terms.iter().filter(|term| term.stands_in(field)) {
                    let wants = self.wanted.entry(&term.term).or_default();
                    wants.push(Want::Place { pattern, place });
                }
            }
        }
    }

    /// Takes the next token of a text; tells whether it is wanted.
    pub(crate) fn see(&self, sighting: &mut Sighting, term: &str, position: usize) -> bool {
        let Some(wants) = self.wanted.get(term) else {
            return false;
        };
        for want in wants {
            match *want {
                Want::Term { concept, origin } => {
                    self.found(sighting, concept, origin, position);
                }
                Want::Place { pattern, place } => {
                    let seen = sighting.places.entry((pattern, place)).or_default();
                    let position = u32::try_from(position).unwrap_or(u32::MAX);
                    if seen.last().is_none_or(|&(last, _)| last != position) {
                        seen.push((position, 1.0));
                    }
                }
            }
        }
        true
    }

    /// What was found in the text.
    pub(crate) fn end(&self, mut sighting: Sighting) -> Vec<Found> {
        let seen = std::mem::take(&mut sighting.places);
        for (number, (concept, origin, pattern)) in self.patterns.iter().enumerate() {
            let place = |(place, wanted): (usize, &super::pattern::Place)| {
                let positions = seen.get(&(number, place));
                (wanted.offset, positions.map_or(&[][..], Vec::as_slice))
            };
            let places: Vec<_> = pattern.places.iter().enumerate().map(place).collect();
            match pattern.order {
                Order::Adjacent => {
                    for (start, _) in adjacent(&places) {
                        for (offset, _) in &places {
                            self.found(&mut sighting, *concept, *origin, (start + offset) as usize);
                        }
                    }
                }
                Order::Near(distance) => {
                    let width = distance + places.len() as u32;
                    for (start, _) in near(&places, distance) {
                        let all = places.iter().flat_map(|(_, positions)| *positions);
                        let inside = all.filter(|(p, _)| (start..start + width).contains(p));
                        for &(position, _) in inside {
                            self.found(&mut sighting, *concept, *origin, position as usize);
                        }
                    }
                }
            }
        }
        sighting.found
    }

    fn found(
        &self,
        sighting: &mut Sighting,
        concept: usize,
        origin: Option<usize>,
        position: usize,
    ) {
        let found = Found {
            position,
            concept,
            origin,
            worth: self.worths.get(&concept).copied().unwrap_or(0.0),
        };
        let same = |known: &Found| (known.position, known.concept) == (position, concept);
        if !sighting.found.iter().any(same) {
            sighting.found.push(found);
        }
    }
}
