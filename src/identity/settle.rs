//! From judgements on pairs to groups: what is judged the same joins, unless it cannot be decided.
//!
//! The result depends on the pairs alone, not on their order.

use super::group::{Judgement, Member};
use super::judgement::Grade;
use super::union::Sets;
use crate::record::Registry;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Points by which a partner must be better than any other of its registry: trials of one sponsor are
/// often registered together and differ in a word.
const MARGIN: i32 = 10;

/// Two trials, as far as numbers tell, whose records are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// Their places.
    pub(crate) trials: [usize; 2],
    pub(crate) grade: Grade,
    /// Where the two records most alike stand.
    pub(crate) registries: [Registry; 2],
    /// On these records, in the order of `trials`.
    pub(crate) judgement: Judgement,
}

impl Pair {
    /// What makes one pair of records of two trials stand for them; no two are the same.
    pub(crate) fn rank(&self) -> (Grade, i32, Reverse<&[String; 2]>) {
        let judgement = &self.judgement;
        (self.grade, judgement.points, Reverse(&judgement.records))
    }

    /// The records most alike.
    pub(crate) fn members(&self) -> [Member; 2] {
        let [a, b] = &self.judgement.records;
        [
            Member::new(self.registries[0], a),
            Member::new(self.registries[1], b),
        ]
    }
}

/// What came of judging.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    /// Places of trials that are one, with what says so.
    pub(crate) joined: Vec<(Vec<usize>, Vec<Judgement>)>,
    /// Pairs that may be one.
    pub(crate) likely: Vec<Pair>,
}

/// Joins trials; `trials` has the registries each stands in, `pairs` every two trials once.
pub(crate) fn settle(trials: &[BTreeSet<Registry>], pairs: Vec<Pair>) -> Settled {
    let rivals = Rivals::of(trials, &pairs);
    let rivals: Vec<Option<String>> = pairs.iter().map(|pair| rivals.to(trials, pair)).collect();
    let (mut joining, mut likely) = (Vec::new(), Vec::new());
    for (mut pair, rival) in pairs.into_iter().zip(rivals) {
        let [a, b] = pair.trials.map(|trial| registries(trials, trial));
        let is_same = pair.grade == Grade::Same && rival.is_none() && a.is_disjoint(b);
        pair.judgement.rival = rival;
        let list = if is_same { &mut joining } else { &mut likely };
        list.push(pair);
    }
    let mut sets = unite(trials.len(), &joining);
    let wrong = contradictions(trials, &mut sets);
    let is_wrong = |pair: &Pair| wrong.contains(&sets.root(pair.trials[0]));
    let (doubtful, joining): (Vec<Pair>, Vec<Pair>) = joining.into_iter().partition(is_wrong);
    likely.extend(doubtful);
    let mut sets = unite(trials.len(), &joining);
    likely.retain(|pair| {
        let [a, b] = pair.trials;
        sets.root(a) != sets.root(b)
    });
    let joined = gather(&mut sets, joining);
    Settled { joined, likely }
}

fn registries(trials: &[BTreeSet<Registry>], trial: usize) -> &BTreeSet<Registry> {
    static NONE: BTreeSet<Registry> = BTreeSet::new();
    trials.get(trial).unwrap_or(&NONE)
}

/// A partner a trial could have: its points, its place and the record of it that is alike.
type Partner = (i32, usize, String);

/// The partners a trial could have in a registry.
#[derive(Default)]
struct Rivals(BTreeMap<(usize, Registry), Vec<Partner>>);

impl Rivals {
    fn of(trials: &[BTreeSet<Registry>], pairs: &[Pair]) -> Self {
        let mut rivals = Rivals::default();
        for pair in pairs {
            let [a, b] = pair.trials;
            let [first, second] = &pair.judgement.records;
            rivals.add(trials, a, (pair.judgement.points, b, second.clone()));
            rivals.add(trials, b, (pair.judgement.points, a, first.clone()));
        }
        rivals
    }

    fn add(&mut self, trials: &[BTreeSet<Registry>], trial: usize, partner: Partner) {
        for &registry in registries(trials, partner.1) {
            let partners = self.0.entry((trial, registry)).or_default();
            partners.push(partner.clone());
        }
    }

    /// A record that fits one of two trials as well as the other does and stands in a registry of it.
    fn to(&self, trials: &[BTreeSet<Registry>], pair: &Pair) -> Option<String> {
        let [a, b] = pair.trials;
        let rival = |trial: usize, partner: usize| {
            let theirs = registries(trials, partner).iter();
            let all = theirs.filter_map(move |&registry| self.0.get(&(trial, registry)));
            let others = all.flatten().filter(move |other| other.1 != partner);
            let enough = pair.judgement.points - MARGIN;
            let as_good = others.filter(move |other| other.0 > enough);
            as_good.map(|other| other.2.as_str()).min()
        };
        let rival = rival(a, b).into_iter().chain(rival(b, a)).min();
        rival.map(str::to_owned)
    }
}

fn unite(count: usize, pairs: &[Pair]) -> Sets {
    let mut sets = Sets::new(count);
    for pair in pairs {
        sets.unite(pair.trials[0], pair.trials[1]);
    }
    sets
}

/// The sets that hold two trials of one registry.
fn contradictions(trials: &[BTreeSet<Registry>], sets: &mut Sets) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for (place, registries) in trials.iter().enumerate() {
        let root = sets.root(place);
        for registry in registries {
            if !seen.insert((root, *registry)) {
                wrong.insert(root);
            }
        }
    }
    wrong
}

/// The sets of more than one trial, with what joins them.
fn gather(sets: &mut Sets, pairs: Vec<Pair>) -> Vec<(Vec<usize>, Vec<Judgement>)> {
    let mut by_root: BTreeMap<usize, (BTreeSet<usize>, Vec<Judgement>)> = BTreeMap::new();
    for pair in pairs {
        let (trials, judgements) = by_root.entry(sets.root(pair.trials[0])).or_default();
        trials.extend(pair.trials);
        judgements.push(pair.judgement);
    }
    let joined = by_root.into_values();
    let joined = joined.map(|(trials, judgements)| (trials.into_iter().collect(), judgements));
    joined.collect()
}
