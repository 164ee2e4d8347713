//! A record → the names it gives one thing.

use super::written;
use crate::analysis::whole_title;
use crate::concept::definitions;
use crate::index::extract::{EXTRACTORS, Subject, Value, Values};
use crate::index::timestamp::Timestamp;
use crate::record::{Kind, Record, Trial};
use crate::schema::fields::FieldType;
use std::collections::BTreeSet;

/// Fields that name who and where: short forms of institutes say nothing of what is studied.
const APART: [&str; 4] = ["sponsors", "sites", "people", "article_people"];

/// Bytes of a pair at most.
const LONGEST: usize = 128;

/// The pairs of one record, each once, as its document keeps them.
pub(in crate::index) fn of_record(record: &Record) -> BTreeSet<String> {
    let mut pairs = short_forms(record);
    if let Record::Trial(trial) = record {
        pairs.extend(other_names(trial));
        let heading = heading(trial);
        pairs.extend(heading.map(|(c, h)| of_trial("h", c, h)));
    }
    pairs.retain(|pair| pair.len() <= LONGEST);
    pairs
}

/// The short forms its texts define.
fn short_forms(record: &Record) -> BTreeSet<String> {
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
            let Value::Text(text) = value else { continue };
            let found = definitions(&text).into_iter();
            pairs.extend(
                found.map(|d| written(record.kind(), "a", d.short, &d.long.to_lowercase())),
            );
        }
    }
    pairs
}

/// The names of its interventions, each with the others given for it.
fn other_names(trial: &Trial) -> impl Iterator<Item = String> {
    let named = trial.interventions.iter();
    let named = named.filter_map(|i| Some((i.name.as_deref()?, &i.other_names)));
    named.flat_map(|(name, others)| {
        let others = others
            .iter()
            .filter(|other| !other.eq_ignore_ascii_case(name));
        others.map(move |other| of_trial("n", name, other))
    })
}

fn of_trial(origin: &str, one: &str, other: &str) -> String {
    written(
        Kind::Trial,
        origin,
        &one.to_lowercase(),
        &other.to_lowercase(),
    )
}

/// The condition of a trial and the heading for it, where there is no other to mistake it for: one
/// condition without its own name among the headings, one heading that is no condition's name.
fn heading(trial: &Trial) -> Option<(&str, &str)> {
    let folded =
        |names: Vec<&'_ str>| -> BTreeSet<String> { names.into_iter().map(whole_title).collect() };
    let conditions: Vec<&str> = trial.conditions.iter().map(|c| c.text.as_str()).collect();
    let headings: Vec<&str> = trial
        .condition_mesh_terms
        .iter()
        .map(|m| m.term.as_str())
        .collect();
    let (own, given) = (folded(conditions.clone()), folded(headings.clone()));
    let condition = only(conditions, &given)?;
    let heading = only(headings, &own)?;
    Some((condition, heading))
}

/// The one name that is not among others.
fn only<'a>(names: Vec<&'a str>, others: &BTreeSet<String>) -> Option<&'a str> {
    let mut rest = names
        .into_iter()
        .filter(|name| !others.contains(&whole_title(name)));
    let only = rest.next()?;
    rest.next().is_none().then_some(only)
}
