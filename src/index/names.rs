//! Names of one thing, as records give them: short forms they define, other names of interventions.
//!
//! Every document keeps its own in a field, with the kind of its record, so that those of the whole index are counted over the
//! living documents alone, the same whichever way the index came to be.

use super::build::tantivy_error;
use super::extract::{EXTRACTORS, Subject, Value, Values};
use super::timestamp::Timestamp;
use crate::concept::{NamePair, Origin, definitions};
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Kind, Record};
use crate::schema::fields::FieldType;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::Searcher;

/// The field documents keep theirs in.
pub(crate) const FIELD: &str = "same_names";

/// Records that must give a pair of names for it to be kept: one may be wrong.
const LEAST: u64 = 2;

/// Fields that name who and where: short forms of institutes say nothing of what is studied.
const APART: [&str; 4] = ["sponsors", "sites", "people", "article_people"];

/// Bytes of a pair at most.
const LONGEST: usize = 128;

/// The pairs of one record, each once, as its document keeps them.
pub(super) fn of_record(record: &Record) -> BTreeSet<String> {
    let kind = record.kind();
    let mut pairs = BTreeSet::new();
    let mut values = Values::default();
    let subject = Subject {
        record,
        first_seen: Timestamp::default(),
    };
    let texts = EXTRACTORS
        .iter()
        .filter(|e| e.field_type == FieldType::Text && !APART.contains(&e.name));
    for extractor in texts {
        extractor.extract(&subject, &mut values);
        for value in values.drain() {
            if let Value::Text(text) = value {
                let found = definitions(&text).into_iter();
                pairs.extend(found.map(|d| written(kind, "a", d.short, &d.long.to_lowercase())));
            }
        }
    }
    if let Record::Trial(trial) = record {
        for intervention in &trial.interventions {
            let Some(name) = &intervention.name else {
                continue;
            };
            let others = intervention.other_names.iter();
            let others = others.filter(|other| !other.eq_ignore_ascii_case(name));
            pairs.extend(
                others.map(|o| written(kind, "n", &name.to_lowercase(), &o.to_lowercase())),
            );
        }
    }
    pairs.retain(|pair| pair.len() <= LONGEST);
    pairs
}

fn written(kind: Kind, origin: &str, one: &str, other: &str) -> String {
    let clean = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    [kind.as_str(), origin, &clean(one), &clean(other)].join("\t")
}

/// The value a document keeps of a pair.
pub(crate) fn value(pair: &NamePair) -> String {
    let origin = match pair.origin {
        Origin::Abbreviation => "a",
        Origin::OtherName => "n",
    };
    written(pair.kind, origin, &pair.one, &pair.other)
}

/// Reads what [`of_record`] wrote.
fn read(pair: &str, records: u64) -> Option<NamePair> {
    let mut parts = pair.split('\t');
    let kind = parts.next()?;
    let origin = match parts.next()? {
        "a" => Origin::Abbreviation,
        "n" => Origin::OtherName,
        _ => return None,
    };
    Some(NamePair {
        kind: Kind::ALL.into_iter().find(|known| known.as_str() == kind)?,
        origin,
        one: parts.next()?.to_owned(),
        other: parts.next()?.to_owned(),
        records,
    })
}

/// Counts the pairs of all living documents; those of one record alone are left out.
pub(super) fn gather(searcher: &Searcher) -> Result<Vec<NamePair>> {
    let io = |e| Error::new(ErrorKind::Io, "the index cannot be read").caused_by(e);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().str(FIELD);
        let Some(column) = column.map_err(|e| tantivy_error(&e))? else {
            continue;
        };
        let mut ordinals: Vec<u64> = vec![0; column.num_terms()];
        for document in segment.doc_ids_alive() {
            for ordinal in column.term_ords(document) {
                if let Some(count) = ordinals.get_mut(ordinal as usize) {
                    *count += 1;
                }
            }
        }
        let mut pair = String::new();
        for (ordinal, count) in (0..).zip(ordinals).filter(|(_, count)| *count > 0) {
            pair.clear();
            column.ord_to_str(ordinal, &mut pair).map_err(io)?;
            match counts.get_mut(&pair) {
                Some(known) => *known += count,
                None => {
                    counts.insert(pair.clone(), count);
                }
            }
        }
    }
    let kept = counts.into_iter().filter(|(_, records)| *records >= LEAST);
    let mut pairs: Vec<NamePair> = kept.filter_map(|(p, records)| read(&p, records)).collect();
    pairs.sort();
    Ok(pairs)
}
