//! A vocabulary as a dictionary looks it up: by any form of a name, up and down its tree.

use super::name::{Beginnings, Name};
use super::{Related, Relation, Source};
use crate::analysis::Analyzer;
use crate::concept::Vocabulary;
use std::collections::{BTreeSet, HashMap};

/// Descriptors with what they are called and where they stand.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The name of each descriptor, its other names, its places.
    descriptors: Vec<Node>,
    by_key: HashMap<String, Vec<usize>>,
    /// Places with their descriptors, in order.
    places: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Node {
    names: Vec<String>,
    places: Vec<String>,
}

impl Tree {
    /// The tree of a vocabulary; `beginnings` receives how its names begin.
    pub(super) fn new(
        analyzer: &Analyzer,
        vocabulary: &Vocabulary,
        beginnings: &mut Beginnings,
    ) -> Self {
        let mut tree = Tree::default();
        for (number, (name, descriptor)) in vocabulary.descriptors().enumerate() {
            let all = std::iter::once(name).chain(descriptor.entries.iter().map(String::as_str));
            let mut names: Vec<String> = Vec::new();
            for name in all {
                let Some(read) = Name::read(analyzer, &in_order(name)) else {
                    continue;
                };
                beginnings.add(&read);
                let known = tree.by_key.entry(read.key()).or_default();
                if known.last() != Some(&number) {
                    known.push(number);
                    names.push(in_order(name));
                }
            }
            let places: Vec<String> = descriptor.trees.iter().cloned().collect();
            tree.places
                .extend(places.iter().map(|place| (place.clone(), number)));
            tree.descriptors.push(Node { names, places });
        }
        tree.places.sort_unstable();
        tree
    }

    /// Whether a name is known.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    /// Other names of what some keys name, its kinds, and what it is a kind of.
    pub(super) fn related(&self, keys: &[String]) -> Vec<Related> {
        let own = keys.iter().filter_map(|key| self.by_key.get(key)).flatten();
        let own: BTreeSet<usize> = own.copied().collect();
        let (mut below, mut above) = (BTreeSet::new(), BTreeSet::new());
        let nodes = own
            .iter()
            .filter_map(|number| self.descriptors.get(*number));
        for place in nodes.flat_map(|node| &node.places) {
            let prefix = format!("{place}.");
            let from = self.places.partition_point(|(place, _)| *place < prefix);
            let under = self.places.iter().skip(from);
            let under = under.take_while(|(place, _)| place.starts_with(&prefix));
            below.extend(under.map(|(_, number)| *number));
            let parent = place.rsplit_once('.').map(|(parent, _)| parent);
            let at = self
                .places
                .iter()
                .filter(|(place, _)| Some(place.as_str()) == parent);
            above.extend(at.map(|(_, number)| *number));
        }
        let mut related = Vec::new();
        for (relation, numbers) in [
            (Relation::Synonym, &own),
            (Relation::Narrower, &below),
            (Relation::Broader, &above),
        ] {
            let numbers = numbers
                .iter()
                .filter(|n| relation == Relation::Synonym || !own.contains(n));
            let nodes = numbers.filter_map(|number| self.descriptors.get(*number));
            related.extend(nodes.flat_map(|node| &node.names).map(|name| Related {
                name: name.clone(),
                relation,
                source: Source::Vocabulary,
            }));
        }
        related
    }
}

/// A name in the order people say it: `Diabetes Mellitus, Type 2` is `Type 2 Diabetes Mellitus`.
fn in_order(name: &str) -> String {
    match name.split_once(", ") {
        Some((noun, before)) if !before.contains(',') => format!("{before} {noun}"),
        _ => name.to_owned(),
    }
}
