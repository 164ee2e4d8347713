//! The records of files, of which there are millions: held once, and found without a copy of what
//! they are found by.

use super::ledger::{FirstSeen, LedgerRecord};
use super::timestamp::Timestamp;
use crate::record::Kind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What all records of one thing have in common.
pub(crate) type Key<'a> = (Kind, &'a str);

/// The records of a file. As long as nothing of them changes, the ledgers of all runs share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records(Arc<Vec<LedgerRecord>>);

impl Records {
    /// The records, to be changed; what other ledgers hold stays as it is.
    pub(crate) fn to_mut(&mut self) -> &mut [LedgerRecord] {
        Arc::make_mut(&mut self.0).as_mut_slice()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn address(&self) -> *const Vec<LedgerRecord> {
        Arc::as_ptr(&self.0)
    }
}

impl From<Vec<LedgerRecord>> for Records {
    fn from(mut records: Vec<LedgerRecord>) -> Self {
        // They stay for the whole run, and nothing is added to them any more.
        records.shrink_to_fit();
        Records(Arc::new(records))
    }
}

impl Deref for Records {
    type Target = [LedgerRecord];

    fn deref(&self) -> &[LedgerRecord] {
        &self.0
    }
}

impl PartialEq for Records {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Records::from)
    }
}

/// The records two lists of files share: all that differs between the lists is in the others.
pub(crate) struct Shared(HashSet<*const Vec<LedgerRecord>>);

impl Shared {
    pub(crate) fn of<'a>(
        some: impl Iterator<Item = &'a Records>,
        others: impl Iterator<Item = &'a Records>,
    ) -> Self {
        let some: HashSet<_> = some.map(Records::address).collect();
        let others = others.map(Records::address);
        Shared(others.filter(|address| some.contains(address)).collect())
    }

    pub(crate) fn has(&self, records: &Records) -> bool {
        self.0.contains(&records.address())
    }

    /// Of some files, those that are not shared.
    pub(crate) fn apart<'a>(&self, files: impl Iterator<Item = &'a Records>) -> Vec<Records> {
        files
            .filter(|records| !self.has(records))
            .cloned()
            .collect()
    }

    /// The records of those.
    pub(crate) fn others<'a>(
        &self,
        files: impl Iterator<Item = &'a Records>,
    ) -> impl Iterator<Item = &'a LedgerRecord> {
        let others = files.filter(|records| !self.has(records));
        others.flat_map(|records| records.iter())
    }
}

/// A hash of a key; two keys may have the same.
pub(crate) fn hash((kind, id): Key<'_>) -> u64 {
    xxh3_64_with_seed(id.as_bytes(), kind as u64)
}

/// Records of some files in the order of their keys' hashes, those of one key in the order they stand.
pub(crate) struct ByKey {
    files: Vec<Records>,
    places: Vec<Place>,
}

/// Where a record stands.
#[derive(Clone, Copy)]
struct Place {
    hash: u64,
    file: u32,
    record: u32,
}

impl ByKey {
    pub(crate) fn of(files: Vec<Records>) -> Self {
        let places = (0..).zip(&files).flat_map(|(file, records)| {
            let records = (0..).zip(records.iter());
            records.map(move |(place, record)| Place {
                hash: hash(record.key()),
                file,
                record: place,
            })
        });
        let mut places: Vec<Place> = places.collect();
        let key = |place: &Place| at(&files, *place).map(LedgerRecord::key);
        places.sort_unstable_by(|a, b| {
            let by_hash = a.hash.cmp(&b.hash).then_with(|| key(a).cmp(&key(b)));
            by_hash.then_with(|| (a.file, a.record).cmp(&(b.file, b.record)))
        });
        ByKey { files, places }
    }

    /// Where the records of a key begin, if there are any.
    pub(crate) fn first(&self, key: Key<'_>) -> Option<usize> {
        let hash = hash(key);
        let first = self.places.partition_point(|place| {
            let own = || at(&self.files, *place).map(LedgerRecord::key);
            place
                .hash
                .cmp(&hash)
                .then_with(|| own().cmp(&Some(key)))
                .is_lt()
        });
        self.get(first, key).map(|_| first)
    }

    /// The record at a place of the order, where it is one of this key.
    pub(crate) fn get(&self, place: usize, key: Key<'_>) -> Option<&LedgerRecord> {
        let record = at(&self.files, *self.places.get(place)?);
        record.filter(|record| record.key() == key)
    }

    /// The record of a key that can be found.
    pub(crate) fn searched(&self, key: Key<'_>) -> Option<&LedgerRecord> {
        let places = self.first(key)?..;
        let mut same = places.map_while(|place| self.get(place, key));
        same.find(|record| record.searched)
    }
}

fn at(files: &[Records], place: Place) -> Option<&LedgerRecord> {
    files.get(place.file as usize)?.get(place.record as usize)
}

/// What a file held before, each record to be taken once.
pub(crate) struct Before {
    records: ByKey,
    /// How many were taken of the key whose records begin at a place.
    taken: Vec<u32>,
}

impl Before {
    pub(crate) fn of(records: Records) -> Self {
        Before {
            taken: vec![0; records.len()],
            records: ByKey::of(vec![records]),
        }
    }

    /// The next record of a key, in the order they stood.
    pub(crate) fn take(&mut self, key: Key<'_>) -> Option<LedgerRecord> {
        let first = self.records.first(key)?;
        let taken = self.taken.get_mut(first)?;
        let record = self.records.get(first + *taken as usize, key)?;
        *taken += 1;
        Some(record.clone())
    }
}

/// When each record was first seen.
pub(crate) struct Seen {
    /// What ledgers of other formats tell.
    told: FirstSeen,
    /// What stood before by its keys; made when first asked for, since most nights add no record.
    known: Option<ByKey>,
}

impl Seen {
    /// What ledgers of other formats tell; the rest is asked for.
    pub(crate) fn told(told: FirstSeen) -> Self {
        Seen { told, known: None }
    }

    pub(crate) fn of(&mut self, key: Key<'_>, old: &[Records]) -> Option<Timestamp> {
        let known = self.known.get_or_insert_with(|| ByKey::of(old.to_vec()));
        let record = known.first(key).and_then(|first| known.get(first, key));
        let told = || self.told.get(&(key.0, key.1.to_owned())).copied();
        record.map(|record| record.first_seen).or_else(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::ledger::Digest;
    use crate::index::supersede::Vintage;

    fn record(kind: Kind, id: &str, uid: u64) -> LedgerRecord {
        LedgerRecord {
            uid,
            kind,
            id: id.into(),
            digest: Digest(0),
            place: Digest(0),
            registry: None,
            vintage: Vintage::default(),
            first_seen: Timestamp::default(),
            searched: true,
        }
    }

    #[test]
    fn every_record_of_a_file_is_taken_once_and_in_the_order_it_stood() {
        let ids = [("b", 1), ("a", 2), ("b", 3), ("c", 4), ("b", 5)];
        let records = ids.map(|(id, uid)| record(Kind::Trial, id, uid));
        let mut before = Before::of(records.to_vec().into());
        let mut take = |kind, id| before.take((kind, id)).map(|record| record.uid);
        assert_eq!(take(Kind::Trial, "b"), Some(1));
        assert_eq!(take(Kind::Article, "b"), None, "a record of another kind");
        assert_eq!(take(Kind::Trial, "b"), Some(3));
        assert_eq!(take(Kind::Trial, "a"), Some(2));
        assert_eq!(take(Kind::Trial, "b"), Some(5));
        assert_eq!(take(Kind::Trial, "b"), None);
        assert_eq!(take(Kind::Trial, "d"), None);
        assert_eq!(take(Kind::Trial, "c"), Some(4));
    }

    #[test]
    fn records_are_found_in_many_files_as_a_search_through_all_finds_them() {
        let file = |number: u64| -> Records {
            let own = (0..50).map(|i| record(Kind::Trial, &format!("{}", i * (number + 1)), i));
            own.collect::<Vec<_>>().into()
        };
        let files: Vec<Records> = (0..7).map(file).collect();
        let by_key = ByKey::of(files.clone());
        for id in 0..400 {
            let id = id.to_string();
            let key = (Kind::Trial, id.as_str());
            let all = files.iter().flat_map(|file| file.iter());
            let wanted: Vec<u64> = all.filter(|r| r.key() == key).map(|r| r.uid).collect();
            let found = by_key.first(key).into_iter().flat_map(|first| first..);
            let found = found.map_while(|place| by_key.get(place, key));
            assert_eq!(found.map(|r| r.uid).collect::<Vec<_>>(), wanted, "{id}");
        }
    }

    #[test]
    fn what_is_changed_is_no_longer_shared() {
        let [one, other] = ["a", "b"].map(|id| Records::from(vec![record(Kind::Trial, id, 1)]));
        let mut changed = other.clone();
        assert!(changed == other);
        changed.to_mut()[0].searched = false;
        assert!(other[0].searched && changed != other);
        let (old, new) = ([one.clone(), other], [one.clone(), changed]);
        let shared = Shared::of(old.iter(), new.iter());
        assert!(shared.has(&one));
        for files in [&old, &new] {
            let others: Vec<_> = shared.others(files.iter()).collect();
            assert_eq!(others, [&files[1][0]]);
        }
    }
}
