//! What a query asks for, each thing once however often it is named.

use super::bag::WeightedTerm;
use super::pattern::{Pattern, Place};
use super::variant::Lookup;
use crate::record::Kind;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// One thing a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Concept {
    /// As typed.
    pub(crate) text: String,
    /// Name of the area it is searched in.
    pub(crate) area: String,
    /// The boost it was typed with; 0 where it only matches.
    pub(crate) boost: f32,
    /// How often the query names it.
    pub(crate) mentions: u32,
    /// Whether its terms are words of the index that fit what was typed.
    pub(crate) expanded: bool,
    /// How it is found as typed.
    pub(crate) shape: Shape,
    /// Other names that stand for it among records of a kind, by their places in the plan.
    pub(crate) variants: BTreeMap<Kind, Vec<usize>>,
    /// How it is found among records of a kind, by all its names; filled when the plan is complete.
    pub(crate) lookups: BTreeMap<Kind, Lookup>,
}

/// How a concept is found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// Any of some terms, wherever they stand.
    Bag(Vec<WeightedTerm>),
    /// Any of some patterns.
    Patterns(Vec<Pattern>),
}

impl Concept {
    /// Whether it is the same thing as another. Two patterns never are, though they may stand for
    /// the same words in this index: with articles beside the trials they might not.
    fn is(&self, other: &Concept) -> bool {
        let same = if self.expanded {
            self.text == other.text
        } else {
            self.shape == other.shape
        };
        self.expanded == other.expanded && self.area == other.area && same
    }

    /// How it is found among records of a kind.
    pub(crate) fn lookup(&self, kind: Kind) -> &Lookup {
        static NOTHING: Lookup = Lookup::NOTHING;
        self.lookups.get(&kind).unwrap_or(&NOTHING)
    }

    /// What it weighs against the others: named again, it weighs more, but ever less so.
    pub(crate) fn weight(&self) -> f64 {
        f64::from(self.boost) * (1.0 + f64::from(self.mentions.max(1)).ln())
    }
}

impl Shape {
    /// Every term it names.
    fn terms(&self) -> impl Iterator<Item = &str> {
        let (bag, patterns) = match self {
            Shape::Bag(terms) => (terms.as_slice(), &[][..]),
            Shape::Patterns(patterns) => (&[][..], patterns.as_slice()),
        };
        let places = patterns.iter().flat_map(|pattern| &pattern.places);
        let placed = places.flat_map(|place: &Place| &place.terms);
        bag.iter().chain(placed).map(|term| term.term.as_str())
    }
}

/// The concepts of a query while it is read, in the order they are named.
#[derive(Default)]
pub(super) struct Concepts {
    all: Vec<Concept>,
    /// Their places, by what equal ones have in common.
    places: HashMap<u64, Vec<usize>>,
}

impl Concepts {
    /// The place of a concept: the one there is already if the query named it before, which then
    /// weighs what the strongest mention does.
    pub(super) fn mention(&mut self, concept: Concept) -> usize {
        let alike = self.places.entry(likeness(&concept)).or_default();
        for &place in alike.iter() {
            if let Some(known) = self.all.get_mut(place).filter(|known| known.is(&concept)) {
                known.boost = known.boost.max(concept.boost);
                known.mentions += concept.mentions;
                return place;
            }
        }
        let place = self.all.len();
        alike.push(place);
        self.all.push(concept);
        place
    }

    /// A concept by its place.
    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut Concept> {
        self.all.get_mut(place)
    }

    pub(super) fn into_all(self) -> Vec<Concept> {
        self.all
    }
}

/// Equal for concepts that are one.
fn likeness(concept: &Concept) -> u64 {
    let mut hasher = DefaultHasher::new();
    concept.area.hash(&mut hasher);
    if concept.expanded {
        concept.text.hash(&mut hasher);
    } else {
        concept
            .shape
            .terms()
            .for_each(|term| term.hash(&mut hasher));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(text: &str, area: &str, terms: &[&str]) -> Concept {
        let terms = terms.iter().map(|term| WeightedTerm::new(*term, 1.0));
        Concept {
            text: text.to_owned(),
            area: area.to_owned(),
            boost: 1.0,
            mentions: 1,
            expanded: false,
            shape: Shape::Bag(terms.collect()),
            variants: BTreeMap::new(),
            lookups: BTreeMap::new(),
        }
    }

    #[test]
    fn what_is_named_again_is_one_concept_and_weighs_what_its_strongest_mention_does() {
        let mut concepts = Concepts::default();
        let strong = Concept {
            boost: 3.0,
            ..concept("Cells", "all", &["cell"])
        };
        let exactly = Concept {
            shape: Shape::Bag(vec![WeightedTerm::new("cell", 0.5)]),
            ..concept("cell", "all", &[])
        };
        assert_eq!(concepts.mention(concept("cell", "all", &["cell"])), 0);
        assert_eq!(concepts.mention(concept("cell", "condition", &["cell"])), 1);
        assert_eq!(concepts.mention(strong), 0);
        assert_eq!(concepts.mention(exactly), 2, "the same term weighs less");
        let all = concepts.into_all();
        let told: Vec<_> = all.iter().map(|c| (c.boost, c.mentions)).collect();
        assert_eq!(told, [(3.0, 2), (1.0, 1), (1.0, 1)]);
    }

    #[test]
    fn two_patterns_stay_two_though_they_stand_for_the_same_words() {
        let pattern = |text| Concept {
            expanded: true,
            ..concept(text, "all", &["neuropathy"])
        };
        let mut concepts = Concepts::default();
        assert_eq!(concepts.mention(pattern("neur*")), 0);
        assert_eq!(concepts.mention(pattern("neuro*")), 1);
        assert_eq!(concepts.mention(pattern("neur*")), 0);
        assert_eq!(
            concepts.mention(concept("neur*", "all", &["neuropathy"])),
            2
        );
    }
}
