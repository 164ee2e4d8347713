//! From what stood before and what stands now to the list of changes.

use super::build::addresses;
use super::changes::{Change, ChangeKind};
use super::ledger::{Ledger, LedgerRecord};
use super::mapping::Mapping;
use super::records::Shared;
use super::snapshot::Snapshot;
use super::titles::Titles;
use crate::error::Result;
use serde_json::value::RawValue;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use tantivy::TantivyDocument;

/// Documents looked up at a time.
const AT_ONCE: usize = 1_000;

/// A record that changed: what stood and what stands now.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: Option<&'a LedgerRecord>,
    new: Option<&'a LedgerRecord>,
}

/// Those of some records that can be found, in the order of their keys.
fn searched<'a>(records: impl Iterator<Item = &'a LedgerRecord>) -> Vec<&'a LedgerRecord> {
    let mut searched: Vec<&LedgerRecord> = records.filter(|record| record.searched).collect();
    // Sources often have them in order already, of which this sort makes use.
    searched.sort_by(|a, b| a.key().cmp(&b.key()));
    searched
}

/// The records that are new, gone, or say something else, in the order of their keys.
fn pairs<'a>(old: &'a Ledger, new: &'a Ledger) -> Vec<Pair<'a>> {
    let shared = Shared::of(old.files(), new.files());
    let mut old = searched(shared.others(old.files())).into_iter().peekable();
    let mut new = searched(shared.others(new.files())).into_iter().peekable();
    let mut pairs = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (Some(old), Some(new)) => old.key().cmp(&new.key()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return pairs,
        };
        let pair = Pair {
            old: old.next_if(|_| order.is_le()),
            new: new.next_if(|_| order.is_ge()),
        };
        let digests = (pair.old.map(|r| r.digest), pair.new.map(|r| r.digest));
        if digests.0 != digests.1 {
            pairs.push(pair);
        }
    }
}

impl Pair<'_> {
    /// The change, as far as the ledgers tell it.
    fn change(&self) -> Option<Change> {
        let record = self.new.or(self.old)?;
        Some(Change {
            change: match (self.old, self.new) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                _ => ChangeKind::Updated,
            },
            kind: record.kind,
            id: String::from(&*record.id),
            title: None,
            fields: Vec::new(),
            watches: Vec::new(),
        })
    }
}

/// What changed, trials first, each kind in the order of ids; without watches.
///
/// What stood before cannot be read where it is of another format; nothing but its ids is then told of
/// what is gone. What `titles` tells of a record added need not be read again.
pub(crate) fn changes(
    before: (&Ledger, Option<&Snapshot>),
    after: (&Ledger, &Snapshot),
    titles: Titles,
) -> Result<Vec<Change>> {
    let pairs = pairs(before.0, after.0);
    let mut changes: Vec<Change> = pairs.iter().filter_map(Pair::change).collect();
    give_titles(&pairs, &mut changes, titles)?;
    let undescribed = changes.iter_mut().zip(&pairs);
    let mut undescribed: Vec<_> = undescribed.filter(|(c, _)| c.title.is_none()).collect();
    for some in undescribed.chunks_mut(AT_ONCE) {
        describe(some, before.1, after.1)?;
    }
    Ok(changes)
}

/// Gives records added the titles that are known of them.
fn give_titles(pairs: &[Pair<'_>], changes: &mut [Change], titles: Titles) -> Result<()> {
    let changes = pairs.iter().zip(changes);
    let added = changes.filter(|(_, change)| change.change == ChangeKind::Added);
    let added = added.filter_map(|(pair, change)| Some((pair.new?.uid, change)));
    let mut added: Vec<(u64, &mut Change)> = added.collect();
    if added.is_empty() {
        return Ok(());
    }
    added.sort_unstable_by_key(|(uid, _)| *uid);
    titles.each(|number, title| {
        let place = added.binary_search_by_key(&number, |(uid, _)| *uid);
        if let Some((_, change)) = place.ok().and_then(|place| added.get_mut(place)) {
            change.title = Some(title);
        }
    })
}

/// Fills in what records themselves tell: titles, and which fields of an updated one differ.
fn describe(
    changes: &mut [(&mut Change, &Pair<'_>)],
    before: Option<&Snapshot>,
    after: &Snapshot,
) -> Result<()> {
    let old = match before {
        Some(snapshot) => stored(changes.iter().map(|(_, pair)| pair.old), snapshot)?,
        None => HashMap::new(),
    };
    let new = stored(changes.iter().map(|(_, pair)| pair.new), after)?;
    for (change, pair) in changes {
        let old = pair.old.and_then(|record| old.get(&record.uid));
        let new = pair.new.and_then(|record| new.get(&record.uid));
        if let (Some(old), Some(new)) = (old, new) {
            change.fields = differing(old, new);
        }
        change.title = new.or(old).and_then(|json| title(json));
    }
    Ok(())
}

/// The JSON of some records, by the numbers of their documents.
fn stored<'a>(
    records: impl Iterator<Item = Option<&'a LedgerRecord>>,
    snapshot: &Snapshot,
) -> Result<HashMap<u64, Vec<u8>>> {
    let mapping: &Mapping = snapshot.mapping();
    let uids: Vec<u64> = records.flatten().map(|record| record.uid).collect();
    let addresses = addresses(snapshot.searcher(), mapping, &uids)?;
    let mut found = HashMap::with_capacity(addresses.len());
    for (uid, address) in addresses {
        let document: TantivyDocument = snapshot.document(address)?;
        let (json, _) = mapping.stored(&document)?;
        found.insert(uid, json.to_vec());
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
