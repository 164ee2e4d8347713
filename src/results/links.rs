//! Which records cite which: over the numbers of trials and publications they name.

use crate::error::Result;
use crate::index::{Snapshot, guard};
use crate::record::{Kind, Record};
use serde::Serialize;
use std::collections::HashMap;
use tantivy::DocAddress;

/// A record at one end of a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Linked {
    /// Whether it is a trial or an article.
    pub kind: Kind,
    /// Its number or path.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Linked {
    fn of(record: &Record) -> Self {
        Linked {
            kind: record.kind(),
            id: record.id().to_owned(),
            title: record.title().map(str::to_owned),
        }
    }
}

/// A number a record cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Link {
    /// The record that cites.
    pub from: Linked,
    /// The number, without member state and resubmission; a PubMed number has `PMID` before it.
    pub number: String,
    /// The records of the index that bear it; of a trial in several registries more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Linked>,
}

/// The records a record is linked to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Links {
    /// Records it cites, trials first, then by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<Linked>,
    /// Records that cite it, trials first, then by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cited_by: Vec<Linked>,
}

impl Links {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cites.is_empty() && self.cited_by.is_empty()
    }
}

/// The records a record cites, and those that cite it by any number it bears.
///
/// # Errors
/// What reading says.
pub fn links_of(snapshot: &Snapshot, record: &Record) -> Result<Links> {
    guard(|| {
        Ok(Links {
            cites: ends(
                snapshot,
                "own_numbers",
                &snapshot.linked_numbers(record),
                record,
            )?,
            cited_by: ends(
                snapshot,
                "linked_numbers",
                &snapshot.own_numbers(record),
                record,
            )?,
        })
    })
}

/// Every number that a record of the index cites, in the order of the records: trials first, each kind by id.
///
/// # Errors
/// What reading says.
pub fn all_links(snapshot: &Snapshot) -> Result<impl Iterator<Item = Result<Link>> + '_> {
    let mut bearers: HashMap<String, Vec<Linked>> = HashMap::new();
    let records = snapshot.records()?;
    let links = records.map(move |record| -> Result<Vec<Link>> {
        let record = record?;
        guard(|| links_from(snapshot, &record, &mut bearers))
    });
    Ok(links.flat_map(|links| match links {
        Ok(links) => links.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(error)],
    }))
}

/// The numbers a record cites, each with the records that bear it.
fn links_from(
    snapshot: &Snapshot,
    record: &Record,
    bearers: &mut HashMap<String, Vec<Linked>>,
) -> Result<Vec<Link>> {
    let from = Linked::of(record);
    let mut links = Vec::new();
    for number in snapshot.linked_numbers(record) {
        let to = match bearers.get(&number) {
            Some(known) => known.clone(),
            None => {
                let found = with_number(snapshot, "own_numbers", &number)?;
                // Most numbers are of publications nobody has here.
                if !found.is_empty() {
                    bearers.insert(number.clone(), found.clone());
                }
                found
            }
        };
        let from = from.clone();
        links.push(Link { from, number, to });
    }
    Ok(links)
}

/// The records that have one of some numbers in a field, each once, without one.
fn ends(snapshot: &Snapshot, field: &str, numbers: &[String], but: &Record) -> Result<Vec<Linked>> {
    let mut addresses: Vec<DocAddress> = Vec::new();
    for number in numbers {
        addresses.extend(snapshot.with_number(field, number)?);
    }
    addresses.sort_unstable();
    addresses.dedup();
    let mut ends = read(snapshot, &addresses)?;
    ends.retain(|end| (end.kind, end.id.as_str()) != (but.kind(), but.id()));
    Ok(ends)
}

fn with_number(snapshot: &Snapshot, field: &str, number: &str) -> Result<Vec<Linked>> {
    read(snapshot, &snapshot.with_number(field, number)?)
}

fn read(snapshot: &Snapshot, addresses: &[DocAddress]) -> Result<Vec<Linked>> {
    let record = |address: &DocAddress| Ok(Linked::of(&snapshot.record(*address)?));
    let mut records = addresses.iter().map(record).collect::<Result<Vec<_>>>()?;
    records.sort_unstable();
    Ok(records)
}
