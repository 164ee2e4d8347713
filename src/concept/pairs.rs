//! Pairs of names that records give one thing → names that stand for each other.
//!
//! A short form stands for its long form and the other way round where nearly all records that
//! define it mean the same by it. Else it has several senses, of which the company it keeps in a
//! query decides.

use super::learned::Learner;
use super::name::Name;
use crate::analysis::Analyzer;
use crate::record::Kind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Records that must give a pair of names for it to be used.
const SUPPORT: u64 = 3;

/// The share of its definitions that must mean the same for a short form to be clear.
const CLEAR: f64 = 0.9;

/// When pairs of names that are no short forms are used.
struct Rule {
    origin: Origin,
    /// Records that must give the pair.
    support: u64,
    /// The share of the records that give the second name to something, which must give it to the first.
    faithful: f64,
    /// The same of the first name.
    faithful_back: f64,
}

/// A trial may give one of its names to several of its interventions. Headings are assigned by an
/// algorithm, and often name what the condition is a kind of: such a heading is also given to
/// other conditions. On 14,611 records of bulk exports these numbers left twenty
/// pairs, all of them right.
const RULES: [Rule; 2] = [
    Rule {
        origin: Origin::OtherName,
        support: SUPPORT,
        faithful: 0.6,
        faithful_back: 0.0,
    },
    Rule {
        origin: Origin::Heading,
        support: 5,
        faithful: 0.8,
        faithful_back: 0.8,
    },
];

/// The share of their words that two long forms of one meaning have in common.
const ALIKE: f64 = 0.5;

/// Where a pair of names comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A text defines a short form: short, long.
    Abbreviation,
    /// A trial gives an intervention another name: name, other.
    OtherName,
    /// A trial of a condition has a heading for it: condition, heading.
    Heading,
}

/// Two names that some records give one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct NamePair {
    /// The kind of records.
    pub(crate) kind: Kind,
    pub(crate) origin: Origin,
    pub(crate) one: String,
    pub(crate) other: String,
    /// How many records.
    pub(crate) records: u64,
}

/// One of several things a short form stands for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sense {
    /// Its long forms, the commonest first, with how many records define each.
    pub(crate) names: Vec<(String, u64)>,
    /// The pairs that say so.
    pub(crate) pairs: Vec<NamePair>,
    words: BTreeSet<String>,
    /// How many definitions there are.
    pub(crate) records: u64,
}

/// A long form in all its spellings.
#[derive(Default)]
struct Long {
    words: BTreeSet<String>,
    pairs: Vec<NamePair>,
    records: u64,
}

impl Learner {
    /// Takes in the names records give, those of trials and of articles apart.
    pub(super) fn add_pairs(&mut self, analyzer: &Analyzer, pairs: &[NamePair]) {
        for kind in Kind::ALL {
            self.add_pairs_of(kind, analyzer, pairs);
        }
    }

    fn add_pairs_of(&mut self, kind: Kind, analyzer: &Analyzer, pairs: &[NamePair]) {
        let own = pairs.iter().filter(|pair| pair.kind == kind);
        let of = |origin| own.clone().filter(move |pair| pair.origin == origin);
        let mut shorts: BTreeMap<String, Vec<&NamePair>> = BTreeMap::new();
        let abbreviations: Vec<&NamePair> = of(Origin::Abbreviation).collect();
        // Those of one spelling stand side by side; it is read once for all of them.
        for same in abbreviations.chunk_by(|a, b| a.one == b.one) {
            let short = same.first().map(|pair| singular(&pair.one));
            if let Some(short) = short.and_then(|short| Name::read(analyzer, short)) {
                shorts.entry(short.key()).or_default().extend(same);
            }
        }
        for pairs in shorts.into_values() {
            let senses = senses(analyzer, &pairs);
            self.add_short(analyzer, kind, senses, &pairs);
        }
        for rule in &RULES {
            let pairs: Vec<&NamePair> = of(rule.origin).collect();
            self.add_other_names(analyzer, kind, rule, &pairs);
        }
    }

    fn add_short(
        &mut self,
        analyzer: &Analyzer,
        kind: Kind,
        senses: Vec<Sense>,
        pairs: &[&NamePair],
    ) {
        let all: u64 = senses.iter().map(|sense| sense.records).sum();
        let Some(best) = senses.first() else { return };
        let spellings = spellings(analyzer, pairs);
        if (best.records as f64) < CLEAR * all as f64 {
            let known = senses.into_iter().filter(|sense| sense.records >= SUPPORT);
            let senses: Vec<Sense> = known.collect();
            for key in spellings.into_keys() {
                self.senses.insert((kind, key), senses.clone());
            }
            return;
        }
        for (long, records) in best.names.iter().filter(|(_, records)| *records >= SUPPORT) {
            for short in spellings.values() {
                let source = (Origin::Abbreviation, *records);
                self.add_both(analyzer, kind, (short, long), source);
            }
        }
    }

    /// A name something else is called by as often is nobody's.
    fn add_other_names(
        &mut self,
        analyzer: &Analyzer,
        kind: Kind,
        rule: &Rule,
        pairs: &[&NamePair],
    ) {
        let mut counts: BTreeMap<(String, String), (u64, &NamePair)> = BTreeMap::new();
        let (mut ones, mut others) = (HashMap::new(), HashMap::new());
        for pair in pairs {
            let names = (
                Name::read(analyzer, &pair.one),
                Name::read(analyzer, &pair.other),
            );
            let (Some(one), Some(other)) = names else {
                continue;
            };
            if one.key() == other.key() {
                continue;
            }
            *ones.entry(one.key()).or_insert(0) += pair.records;
            *others.entry(other.key()).or_insert(0) += pair.records;
            let known = counts.entry((one.key(), other.key())).or_insert((0, pair));
            known.0 += pair.records;
        }
        let share = |totals: &HashMap<String, u64>, key: &str, records: u64| {
            records as f64 / totals.get(key).copied().unwrap_or(records) as f64
        };
        for ((one, other), (records, pair)) in counts {
            let faithful = share(&others, &other, records) >= rule.faithful
                && share(&ones, &one, records) >= rule.faithful_back;
            if faithful && records >= rule.support {
                let names = (pair.one.as_str(), pair.other.as_str());
                self.add_both(analyzer, kind, names, (rule.origin, records));
            }
        }
    }
}

/// A short form without the s of its plural: `MSCs` is defined where `MSC` is meant, too.
fn singular(short: &str) -> &str {
    let letters = short.strip_suffix('s').filter(|rest| {
        let capitals = rest.chars().filter(|c| c.is_uppercase()).count();
        capitals >= 2 && !rest.chars().any(char::is_lowercase)
    });
    letters.unwrap_or(short)
}

/// The spellings of a short form and of its singular, each as most records write it, by what is
/// equal of its forms.
fn spellings<'a>(analyzer: &Analyzer, pairs: &[&'a NamePair]) -> BTreeMap<String, &'a str> {
    let mut often: Vec<&&NamePair> = pairs.iter().collect();
    often.sort_by_key(|pair| std::cmp::Reverse(pair.records));
    let (mut spellings, mut known) = (BTreeMap::new(), HashSet::new());
    let shorts = often.into_iter();
    let shorts = shorts.flat_map(|pair| [pair.one.as_str(), singular(&pair.one)]);
    for short in shorts.filter(|short| known.insert(*short)) {
        if let Some(name) = Name::read(analyzer, short) {
            spellings.entry(name.key()).or_insert(short);
        }
    }
    spellings
}

/// What the definitions of one short form mean, the commonest first.
fn senses(analyzer: &Analyzer, pairs: &[&NamePair]) -> Vec<Sense> {
    let mut longs: BTreeMap<String, Long> = BTreeMap::new();
    for pair in pairs {
        let Some(name) = Name::read(analyzer, &pair.other) else {
            continue;
        };
        let long = longs.entry(name.key()).or_default();
        long.words = name.atoms.into_iter().map(|atom| atom.stem).collect();
        long.records += pair.records;
        long.pairs.push((*pair).clone());
    }
    let mut longs: Vec<(String, Long)> = longs.into_iter().collect();
    longs.sort_by(|(a, x), (b, y)| y.records.cmp(&x.records).then_with(|| a.cmp(b)));
    let mut senses: Vec<Sense> = Vec::new();
    for (_, long) in longs {
        let alike = |sense: &&mut Sense| {
            let common = sense.words.intersection(&long.words).count() as f64;
            common >= ALIKE * sense.words.len().min(long.words.len()) as f64
        };
        let at = senses.iter_mut().find(alike);
        let sense = match at {
            Some(sense) => sense,
            None => {
                senses.push(Sense {
                    words: long.words,
                    ..Sense::default()
                });
                let Some(sense) = senses.last_mut() else {
                    continue;
                };
                sense
            }
        };
        let often = long.pairs.iter().max_by_key(|pair| pair.records);
        let name = often.map(|pair| pair.other.clone()).unwrap_or_default();
        sense.names.push((name, long.records));
        sense.records += long.records;
        sense.pairs.extend(long.pairs);
    }
    senses.sort_by_key(|sense| std::cmp::Reverse(sense.records));
    senses
}
