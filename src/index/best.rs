//! Which record of a key stands: a guess while records come by, and the answer when all have.

use super::ledger::{Ledger, LedgerRecord};
use super::records::{Key, Records, hash};
use super::supersede::Vintage;
use std::collections::{HashMap, HashSet};

/// The best record of each key so far, by hash: where two keys share one, a record is at worst taken
/// for a beaten one until all have come by.
#[derive(Default)]
pub(crate) struct Best {
    vintages: HashMap<u64, Vintage>,
    /// Files that stand as they were, not looked at before a record asks.
    waiting: Vec<Records>,
}

impl Best {
    /// The records of a file stand as they were.
    pub(crate) fn stands(&mut self, records: Records) {
        self.waiting.push(records);
    }

    /// Whether a better record of the key came by before; else this one is the best now.
    pub(crate) fn beaten(&mut self, key: Key<'_>, vintage: Vintage) -> bool {
        for records in std::mem::take(&mut self.waiting) {
            for record in records.iter() {
                self.enter(record.key(), record.vintage);
            }
        }
        self.enter(key, vintage)
    }

    fn enter(&mut self, key: Key<'_>, vintage: Vintage) -> bool {
        let best = self.vintages.entry(hash(key)).or_insert(vintage);
        let beaten = !vintage.beats(best);
        if !beaten {
            *best = vintage;
        }
        beaten
    }
}

/// The documents of records that have a better one of the same key.
pub(crate) fn beaten(ledger: &Ledger) -> HashSet<u64> {
    let mut hashes: Vec<u64> = ledger.records().map(|record| hash(record.key())).collect();
    hashes.sort_unstable();
    // Few keys have several records: those alone are looked at closely.
    let same = hashes.chunk_by(|a, b| a == b);
    let several: HashSet<u64> = same
        .filter(|same| same.len() > 1)
        .filter_map(|same| same.first().copied())
        .collect();
    let mut best: HashMap<Key<'_>, (Vintage, u64)> = HashMap::new();
    let mut beaten = HashSet::new();
    let is_one_of_several = |record: &&LedgerRecord| several.contains(&hash(record.key()));
    for record in ledger.records().filter(is_one_of_several) {
        let own = (record.vintage, record.uid);
        let standing = best.entry(record.key()).or_insert(own);
        if standing.1 == record.uid {
            continue;
        }
        let worse = if record.vintage.beats(&standing.0) {
            std::mem::replace(standing, own)
        } else {
            own
        };
        beaten.insert(worse.1);
    }
    beaten
}
