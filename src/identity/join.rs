//! Joining records by the numbers they share.
//!
//! A number joins the records that carry it, transitively, unless
//! - two records of one registry give it: then it joins nothing (2020-001246-18 stands in two
//!   different trials of ClinicalTrials.gov);
//! - it is a number of the same registry as the one that gives it: an extension naming its main
//!   study;
//! - it would bring two records of one registry into one group: one number somewhere is wrong.
//!   What is better attested stands: numbers given on both sides before those given on one, and
//!   alike titles before others. Of what is attested alike and cannot stand together nothing does.
//!
//! The result depends on the records alone, not on their order.

use super::group::{Evidence, Reason, Refused};
use super::number::Number;
use super::union::Sets;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What the records of one number say: one record, or those of several member states.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// Ids of the records, in order.
    pub(crate) ids: BTreeSet<String>,
    /// Other numbers they give.
    pub(crate) named: BTreeSet<Number>,
    /// Those of them that are obsolete numbers of their own.
    pub(crate) aliases: BTreeSet<Number>,
    /// Sketches of their titles.
    pub(crate) sketch: BTreeSet<u32>,
}

/// What came of joining.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Joined {
    /// Sets of numbers whose records tell of one trial, two numbers or records at least, with the evidence.
    pub(crate) sets: Vec<(Vec<Number>, Vec<Evidence>)>,
    pub(crate) refused: Vec<Refused>,
}

/// A number that joins two nodes or more, by their places.
#[derive(Debug)]
struct Bond<'a> {
    number: &'a Number,
    nodes: Vec<usize>,
    mutual: bool,
    alike: bool,
}

/// Joins records; `nodes` are those that give numbers, and those whose numbers are given.
pub(crate) fn join(nodes: &BTreeMap<Number, Node>) -> Joined {
    let list: Vec<(&Number, &Node)> = nodes.iter().collect();
    let places: BTreeMap<&Number, usize> = (0..).zip(&list).map(|(i, (n, _))| (*n, i)).collect();
    let mut givers: BTreeMap<&Number, Vec<usize>> = BTreeMap::new();
    for (place, (own, node)) in list.iter().enumerate() {
        for number in node.named.iter().filter(|number| number != own) {
            givers.entry(number).or_default().push(place);
        }
    }
    let mut refused = Vec::new();
    let mut bonds = Vec::new();
    for (number, givers) in givers {
        let owner = places.get(number).copied();
        let is_sibling = |&giver: &usize| {
            list.get(giver).is_some_and(|(own, node)| {
                let is_alias = owner.is_none() && node.aliases.contains(number);
                own.registry == number.registry && !is_alias
            })
        };
        let (within, outside): (Vec<usize>, Vec<usize>) = givers.into_iter().partition(is_sibling);
        let refuse = |nodes: &[usize]| Refused {
            number: number.to_string(),
            records: ids(&list, nodes.iter().copied().chain(owner)),
            reason: Reason::SharedWithinRegistry,
        };
        if !within.is_empty() && within.len() + outside.len() + usize::from(owner.is_some()) > 1 {
            refused.push(refuse(&within));
        }
        if has_two_of_one_registry(&list, outside.iter().copied()) {
            refused.push(refuse(&outside));
            continue;
        }
        bonds.extend(bonds_of(&list, number, owner, outside));
    }
    let (mut sets, kept, contradicting) = unite(&list, bonds);
    refused.extend(contradicting.iter().map(|bond| Refused {
        number: bond.number.to_string(),
        records: ids(&list, bond.nodes.iter().copied()),
        reason: Reason::Contradicts,
    }));
    refused.sort();
    refused.dedup();
    Joined {
        sets: gather(&list, &mut sets, &kept),
        refused,
    }
}

/// The bonds of a number: between its owner and each that gives it, else one between all that give it.
fn bonds_of<'a>(
    list: &[(&Number, &Node)],
    number: &'a Number,
    owner: Option<usize>,
    givers: Vec<usize>,
) -> Vec<Bond<'a>> {
    let Some(owner) = owner else {
        if givers.len() < 2 {
            return Vec::new();
        }
        let first = givers.first().copied().unwrap_or_default();
        let alike = givers.iter().all(|&giver| are_alike(list, first, giver));
        return vec![Bond {
            number,
            nodes: givers,
            mutual: false,
            alike,
        }];
    };
    let names = |a: usize, b: usize| match (list.get(a), list.get(b)) {
        (Some((_, node)), Some((number, _))) => node.named.contains(*number),
        _ => false,
    };
    let bond = |giver| Bond {
        number,
        nodes: vec![owner, giver],
        mutual: names(owner, giver),
        alike: are_alike(list, owner, giver),
    };
    givers.into_iter().map(bond).collect()
}

/// Whether two nodes have a title in common, as far as sketches tell.
fn are_alike(list: &[(&Number, &Node)], a: usize, b: usize) -> bool {
    match (list.get(a), list.get(b)) {
        (Some((_, a)), Some((_, b))) => !a.sketch.is_disjoint(&b.sketch),
        _ => false,
    }
}

fn has_two_of_one_registry(list: &[(&Number, &Node)], nodes: impl Iterator<Item = usize>) -> bool {
    let mut registries = BTreeSet::new();
    let mut nodes = nodes.filter_map(|node| list.get(node));
    !nodes.all(|(number, _)| registries.insert(number.registry))
}

/// Unites what bonds join, the best attested first; tells which bonds hold and which contradict.
fn unite<'a>(
    list: &[(&Number, &Node)],
    mut bonds: Vec<Bond<'a>>,
) -> (Sets, Vec<Bond<'a>>, Vec<Bond<'a>>) {
    let rank = |bond: &Bond<'_>| Reverse((bond.mutual, bond.alike));
    bonds.sort_by_key(rank);
    let mut sets = Sets::new(list.len());
    let (mut kept, mut contradicting) = (Vec::new(), Vec::new());
    let mut rest = bonds.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut tier = vec![first];
        while let Some(next) = rest.next_if(|next| tier.first().map(rank) == Some(rank(next))) {
            tier.push(next);
        }
        let mut tried = sets.clone();
        tier.iter().for_each(|bond| hold(&mut tried, bond));
        let wrong = contradictions(list, &mut tried);
        for bond in tier {
            let root = bond.nodes.first().map(|&node| tried.root(node));
            if root.is_some_and(|root| wrong.contains(&root)) {
                contradicting.push(bond);
            } else {
                hold(&mut sets, &bond);
                kept.push(bond);
            }
        }
    }
    (sets, kept, contradicting)
}

fn hold(sets: &mut Sets, bond: &Bond<'_>) {
    for pair in bond.nodes.windows(2) {
        if let &[a, b] = pair {
            sets.unite(a, b);
        }
    }
}

/// The sets that hold two numbers of one registry.
fn contradictions(list: &[(&Number, &Node)], sets: &mut Sets) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for (place, (number, _)) in list.iter().enumerate() {
        let root = sets.root(place);
        if !seen.insert((root, number.registry)) {
            wrong.insert(root);
        }
    }
    wrong
}

/// The sets of more than one record, with what joins them.
fn gather(
    list: &[(&Number, &Node)],
    sets: &mut Sets,
    bonds: &[Bond<'_>],
) -> Vec<(Vec<Number>, Vec<Evidence>)> {
    let mut by_root: BTreeMap<usize, (Vec<Number>, Vec<Evidence>)> = BTreeMap::new();
    for (place, (number, node)) in list.iter().enumerate() {
        let (numbers, evidence) = by_root.entry(sets.root(place)).or_default();
        numbers.push((*number).clone());
        if node.ids.len() > 1 {
            evidence.push(Evidence::OneNumber {
                number: number.to_string(),
                records: node.ids.iter().cloned().collect(),
            });
        }
    }
    for bond in bonds {
        let root = bond.nodes.first().map(|&node| sets.root(node));
        let Some((_, evidence)) = root.and_then(|root| by_root.get_mut(&root)) else {
            continue;
        };
        evidence.push(Evidence::SharedNumber {
            number: bond.number.to_string(),
            records: ids(list, bond.nodes.iter().copied()),
            mutual: bond.mutual,
        });
    }
    let mut sets: Vec<_> = by_root
        .into_values()
        .filter(|(_, evidence)| !evidence.is_empty())
        .collect();
    sets.iter_mut().for_each(|(_, evidence)| evidence.sort());
    sets
}

/// The ids of the records of some nodes, each once, in order.
fn ids(list: &[(&Number, &Node)], nodes: impl Iterator<Item = usize>) -> Vec<String> {
    let nodes = nodes.filter_map(|node| list.get(node));
    let ids: BTreeSet<&String> = nodes.flat_map(|(_, node)| &node.ids).collect();
    ids.into_iter().cloned().collect()
}
