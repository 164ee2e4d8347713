//! Records of different registries with alike titles, and what is judged of them.

use super::build::tantivy_error;
use super::mapping::Mapping;
use crate::error::Result;
use crate::identity::{Features, Pair, are_held, judge};
use crate::record::{Record, Registry};
use std::collections::{BTreeMap, HashMap, HashSet};
use tantivy::{DocAddress, Searcher};

/// Records one hash of a title may have: what more have in common tells none of them apart.
const MOST: usize = 50;

/// A record that can be found.
pub(super) struct Standing {
    pub(super) address: DocAddress,
    pub(super) registry: Registry,
    /// The place of its trial, as far as numbers tell.
    pub(super) trial: usize,
    pub(super) size: Option<u64>,
    /// First and last day its start may be.
    pub(super) start: Option<[i64; 2]>,
}

/// Records worth comparing: of different registries and trials, with hashes in common; by their
/// places in `records`.
///
/// `sketch` tells the hashes of a title. Most indexes hold little but ClinicalTrials.gov, so what
/// only the most frequent registry has is never looked at.
pub(super) fn candidates<S: Iterator<Item = u32>>(
    records: &[Standing],
    sketch: impl Fn(DocAddress) -> S,
) -> Vec<[usize; 2]> {
    let mut counts: HashMap<Registry, usize> = HashMap::new();
    for record in records {
        *counts.entry(record.registry).or_default() += 1;
    }
    let largest = counts
        .iter()
        .max_by_key(|(registry, count)| (**count, **registry));
    let Some(largest) = largest.map(|(registry, _)| *registry) else {
        return Vec::new();
    };
    if counts.len() < 2 {
        return Vec::new();
    }
    let hashes = |of_largest: bool| {
        let records = records.iter().enumerate();
        let records = records.filter(move |(_, record)| (record.registry == largest) == of_largest);
        records.flat_map(|(place, record)| sketch(record.address).map(move |hash| (hash, place)))
    };
    let mut found: Vec<(u32, usize)> = hashes(false).collect();
    let known: HashSet<u32> = found.iter().map(|(hash, _)| *hash).collect();
    found.extend(hashes(true).filter(|(hash, _)| known.contains(hash)));
    found.sort_unstable();
    found.dedup();
    let mut pairs: Vec<[usize; 2]> = Vec::new();
    let alike = found.chunk_by(|a, b| a.0 == b.0);
    for alike in alike.filter(|alike| (2..=MOST).contains(&alike.len())) {
        for (at, (_, a)) in alike.iter().enumerate() {
            let others = alike.iter().skip(at + 1).map(|(_, b)| [*a, *b]);
            pairs.extend(others.filter(|pair| can_be_one(records, *pair)));
        }
    }
    pairs.sort_unstable();
    let same = pairs.chunk_by(|a, b| a == b);
    // One hash is often chance: then size or start must speak for reading the records.
    let worth = same.filter(|same| same.len() > 1 || same.iter().any(|pair| held(records, *pair)));
    worth.filter_map(|same| same.first().copied()).collect()
}

fn held(records: &[Standing], pair: [usize; 2]) -> bool {
    let [Some(a), Some(b)] = pair.map(|place| records.get(place)) else {
        return false;
    };
    let sizes = a.size.zip(b.size).map(Into::into);
    are_held(sizes, a.start.zip(b.start).map(Into::into))
}

fn can_be_one(records: &[Standing], pair: [usize; 2]) -> bool {
    let [Some(a), Some(b)] = pair.map(|place| records.get(place)) else {
        return false;
    };
    a.registry != b.registry && a.trial != b.trial
}

/// Judges pairs of records; of each two trials the best pair stands.
pub(super) fn judged(
    records: &[Standing],
    pairs: &[[usize; 2]],
    searcher: &Searcher,
    mapping: &Mapping,
) -> Result<Vec<Pair>> {
    let features = features(records, pairs, searcher, mapping)?;
    let mut best: BTreeMap<[usize; 2], Pair> = BTreeMap::new();
    for pair in pairs {
        let [Some(a), Some(b)] = pair.map(|place| features.get(&place)) else {
            continue;
        };
        let [first, second] = if a.feature.id() <= b.feature.id() {
            [a, b]
        } else {
            [b, a]
        };
        let Some((grade, judgement)) = judge(&first.feature, &second.feature) else {
            continue;
        };
        let pair = Pair {
            trials: [first.trial, second.trial],
            grade,
            registries: [first.registry, second.registry],
            judgement,
        };
        let mut key = pair.trials;
        key.sort_unstable();
        let known = best
            .get(&key)
            .is_some_and(|known| known.rank() >= pair.rank());
        if !known {
            best.insert(key, pair);
        }
    }
    Ok(best.into_values().collect())
}

/// What is compared of a record, its trial and where it stands.
struct Compared {
    feature: Features,
    trial: usize,
    registry: Registry,
}

/// Reads what is compared, each record once and in the order they are stored.
fn features(
    records: &[Standing],
    pairs: &[[usize; 2]],
    searcher: &Searcher,
    mapping: &Mapping,
) -> Result<HashMap<usize, Compared>> {
    let mut places: Vec<usize> = pairs.iter().flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let mut features = HashMap::with_capacity(places.len());
    for place in places {
        let Some(record) = records.get(place) else {
            continue;
        };
        let document = searcher
            .doc(record.address)
            .map_err(|e| tantivy_error(&e))?;
        if let Record::Trial(trial) = mapping.record(&document)? {
            let compared = Compared {
                feature: Features::of(&trial),
                trial: record.trial,
                registry: record.registry,
            };
            features.insert(place, compared);
        }
    }
    Ok(features)
}
