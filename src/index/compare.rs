//! From what stood before and what stands now to the list of changes.

use super::build::addresses;
use super::changes::{Change, ChangeKind};
use super::ledger::{Ledger, LedgerRecord};
use super::mapping::Mapping;
use super::reader::Snapshot;
use crate::error::Result;
use crate::record::Kind;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use tantivy::TantivyDocument;

type Key<'a> = (Kind, &'a str);

/// Documents looked up at a time.
const AT_ONCE: usize = 1_000;

/// The searched records of a ledger by kind and id.
fn searched(ledger: &Ledger) -> BTreeMap<Key<'_>, &LedgerRecord> {
    let records = ledger.records().filter(|record| record.searched);
    records
        .map(|record| ((record.kind, record.id.as_str()), record))
        .collect()
}

/// What changed, trials first, each kind in the order of ids; without titles, fields and watches.
pub(crate) fn changes(old: &Ledger, new: &Ledger) -> Vec<Change> {
    let (before, after) = (searched(old), searched(new));
    let mut changes: BTreeMap<Key<'_>, ChangeKind> = BTreeMap::new();
    for (key, record) in &after {
        match before.get(key) {
            None => changes.insert(*key, ChangeKind::Added),
            Some(old) if old.digest != record.digest => changes.insert(*key, ChangeKind::Updated),
            Some(_) => None,
        };
    }
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    changes.extend(gone.map(|key| (*key, ChangeKind::Removed)));
    changes
        .into_iter()
        .map(|((kind, id), change)| Change {
            change,
            kind,
            id: id.to_owned(),
            title: None,
            fields: Vec::new(),
            watches: Vec::new(),
        })
        .collect()
}

/// Titles of records by the numbers of their documents.
pub(crate) type Titles = HashMap<u64, String>;

/// Fills in what the records themselves tell: titles, and which fields of an updated one differ.
///
/// `before` is absent where it cannot be read, being of another format; nothing is then told of what
/// is gone. What `titles` tells of a record added need not be read again.
pub(crate) fn describe(
    changes: &mut [Change],
    before: Option<(&Ledger, &Snapshot)>,
    after: (&Ledger, &Snapshot),
    titles: &Titles,
) -> Result<()> {
    let old = before.map(|(ledger, snapshot)| (searched(ledger), snapshot));
    let new = (searched(after.0), after.1);
    for change in changes.iter_mut().filter(|c| c.change == ChangeKind::Added) {
        let record = new.0.get(&(change.kind, change.id.as_str()));
        let title = record.and_then(|record| titles.get(&record.uid));
        change.title = title.cloned();
    }
    for changes in changes.chunks_mut(AT_ONCE) {
        let old = match &old {
            Some((records, snapshot)) => stored(changes, records, snapshot)?,
            None => HashMap::new(),
        };
        let new = stored(changes, &new.0, new.1)?;
        for (place, change) in changes.iter_mut().enumerate() {
            let (old, new) = (old.get(&place), new.get(&place));
            if change.change == ChangeKind::Updated
                && let (Some(old), Some(new)) = (old, new)
            {
                change.fields = differing(old, new);
            }
            if change.title.is_none() {
                change.title = new.or(old).and_then(|json| title(json));
            }
        }
    }
    Ok(())
}

/// The JSON of the records that changed and are not described yet, by their places in the list.
fn stored(
    changes: &[Change],
    records: &BTreeMap<Key<'_>, &LedgerRecord>,
    snapshot: &Snapshot,
) -> Result<HashMap<usize, Vec<u8>>> {
    let mapping: &Mapping = snapshot.mapping();
    let undescribed = changes
        .iter()
        .enumerate()
        .filter(|(_, c)| c.title.is_none());
    let places = undescribed.filter_map(|(place, change)| {
        let record = records.get(&(change.kind, change.id.as_str()))?;
        Some((record.uid, place))
    });
    let places: HashMap<u64, usize> = places.collect();
    let uids: Vec<u64> = places.keys().copied().collect();
    let addresses = addresses(snapshot.searcher(), mapping, &uids)?;
    let mut found = HashMap::with_capacity(addresses.len());
    for (uid, address) in addresses {
        let document: TantivyDocument = snapshot.document(address)?;
        let (json, _) = mapping.stored(&document)?;
        if let Some(place) = places.get(&uid) {
            found.insert(*place, json.to_vec());
        }
    }
    Ok(found)
}

type Fields<'a> = BTreeMap<std::borrow::Cow<'a, str>, &'a RawValue>;

/// The top-level fields that differ, in the order of their names.
fn differing(old: &[u8], new: &[u8]) -> Vec<String> {
    let read = |json| serde_json::from_slice::<Fields<'_>>(json).unwrap_or_default();
    let (old, new) = (read(old), read(new));
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let differs = |name: &&std::borrow::Cow<'_, str>| {
        old.get(*name).map(|value| value.get()) != new.get(*name).map(|value| value.get())
    };
    names
        .into_iter()
        .filter(differs)
        .map(|name| name.to_string())
        .collect()
}

/// The title of a record's JSON, as [`Record::title`](crate::record::Record::title) tells it.
fn title(json: &[u8]) -> Option<String> {
    let record: crate::record::Record = serde_json::from_slice(json).ok()?;
    record.title().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_differ_are_named_and_no_others() {
        let old = br#"{"a":1,"b":{"c":[1,2]},"d":"x"}"#;
        let new = br#"{"a":1,"b":{"c":[1,3]},"e":null}"#;
        assert_eq!(differing(old, new), ["b", "d", "e"]);
        assert!(differing(old, old).is_empty());
    }
}
