//! Pairs of names that records give one thing → names that stand for each other.
//!
//! A short form stands for its long form and the other way round where nearly all records that
//! define it mean the same by it. Else it has several senses, of which the company it keeps in a
//! query decides.

use super::name::Name;
use super::{Dictionary, Known, Related, Relation, Source};
use crate::analysis::Analyzer;
use crate::record::Kind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Records that must give a pair of names for it to be used.
const SUPPORT: u64 = 3;

/// The share of its definitions that must mean the same for a short form to be clear.
const CLEAR: f64 = 0.9;

/// The share of the records that give a name to something, which must give it to the same thing.
const FAITHFUL: f64 = 0.6;

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
#[derive(Clone, Debug, Default, PartialEq)]
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

impl Dictionary {
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
        for pair in of(Origin::Abbreviation) {
            if let Some(short) = Name::read(analyzer, &pair.one) {
                shorts.entry(short.key()).or_default().push(pair);
            }
        }
        for (key, pairs) in shorts {
            let senses = senses(analyzer, &pairs);
            self.add_short(analyzer, kind, key, senses, &pairs);
        }
        self.add_other_names(analyzer, kind, &of(Origin::OtherName).collect::<Vec<_>>());
    }

    fn add_short(
        &mut self,
        analyzer: &Analyzer,
        kind: Kind,
        key: String,
        senses: Vec<Sense>,
        pairs: &[&NamePair],
    ) {
        let all: u64 = senses.iter().map(|sense| sense.records).sum();
        let Some(best) = senses.first() else { return };
        if (best.records as f64) < CLEAR * all as f64 {
            let known = senses.into_iter().filter(|sense| sense.records >= SUPPORT);
            self.senses.insert((kind, key), known.collect());
            return;
        }
        let often = pairs.iter().max_by_key(|pair| pair.records);
        let Some(short) = often.map(|pair| pair.one.clone()) else {
            return;
        };
        for (long, records) in best.names.iter().filter(|(_, records)| *records >= SUPPORT) {
            let source = Source::Abbreviation { records: *records };
            self.add_both(analyzer, kind, (&short, long), &source);
        }
    }

    /// A name something else is called by as often is nobody's.
    fn add_other_names(&mut self, analyzer: &Analyzer, kind: Kind, pairs: &[&NamePair]) {
        let mut counts: BTreeMap<(String, String), (u64, &NamePair)> = BTreeMap::new();
        let mut totals: HashMap<String, u64> = HashMap::new();
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
            *totals.entry(other.key()).or_default() += pair.records;
            let known = counts.entry((one.key(), other.key())).or_insert((0, pair));
            known.0 += pair.records;
        }
        for ((_, other), (records, pair)) in counts {
            let total = totals.get(&other).copied().unwrap_or(records);
            if records >= SUPPORT && records as f64 >= FAITHFUL * total as f64 {
                let source = Source::OtherName { records };
                self.add_both(analyzer, kind, (&pair.one, &pair.other), &source);
            }
        }
    }

    fn add_both(
        &mut self,
        analyzer: &Analyzer,
        kind: Kind,
        (one, other): (&str, &str),
        source: &Source,
    ) {
        for (typed, found) in [(one, other), (other, one)] {
            let Some(name) = Name::read(analyzer, found) else {
                continue;
            };
            let known = Known {
                key: name.key(),
                kind: Some(kind),
                both_ways: true,
                related: Related {
                    name: found.to_owned(),
                    relation: Relation::Synonym,
                    source: source.clone(),
                },
            };
            self.add(analyzer, typed, &[known]);
        }
    }
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
