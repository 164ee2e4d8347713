//! The records of one trial side by side: where they disagree, and which has the latest word.

use crate::analysis::whole_title;
use crate::error::Result;
use crate::identity::Member;
use crate::index::{Snapshot, guard};
use crate::record::{ClosedVocabulary, Format, Kind, PartialDate, Record, Registry, Trial};
use serde::Serialize;
use std::collections::BTreeSet;

/// The records of one trial side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The records, by registry and number.
    pub records: Vec<Member>,
    /// What they say, item by item.
    pub rows: Vec<ComparedItem>,
}

/// What the records of a trial say of one item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparedItem {
    /// The key of the record that holds it.
    pub item: &'static str,
    /// What each record says, in their order; `None` where it says nothing.
    pub values: Vec<Option<String>>,
    /// Whether two of them contradict each other: dates that can be the same day do not.
    pub differs: bool,
}

/// The latest that any record of a trial says of an item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LatestWord {
    /// The key of the record that holds it.
    pub item: &'static str,
    /// What it says.
    pub value: String,
    /// Whose word it is.
    pub registry: Registry,
    /// The number of the record there.
    pub id: String,
    /// The format it was read from.
    pub format: Option<Format>,
    /// The day it tells of.
    pub as_of: Option<PartialDate>,
    /// Whether it is the record asked for, and not one kept aside or of another registry.
    pub own: bool,
}

/// Compares all records of the trial that has this number; `None` where there is no such trial.
///
/// # Errors
/// What reading says.
pub fn compare(snapshot: &Snapshot, id: &str) -> Result<Option<Comparison>> {
    let Some(Record::Trial(trial)) = snapshot.get(id)? else {
        return Ok(None);
    };
    let trials = same_trial(snapshot, *trial)?;
    let records = trials.iter().map(|t| Member::new(t.registry, &t.trial_id));
    let trials: Vec<&Trial> = trials.iter().collect();
    Ok(Some(Comparison {
        records: records.collect(),
        rows: ITEMS.iter().map(|item| item.compare(&trials)).collect(),
    }))
}

/// What the latest record that says anything says of status, size and dates, over all records of
/// the trial that has this number, those kept aside too; nothing where there is no such trial.
///
/// # Errors
/// What reading says.
pub fn latest_words(snapshot: &Snapshot, id: &str) -> Result<Vec<LatestWord>> {
    let Some(Record::Trial(asked)) = snapshot.get(id)? else {
        return Ok(Vec::new());
    };
    // Of words of one day the one asked for comes last, and stands.
    let mut said: Vec<(Trial, bool)> = Vec::new();
    for trial in same_trial(snapshot, (*asked).clone())? {
        for aside in snapshot.kept_aside(Kind::Trial, &trial.trial_id)? {
            if let Record::Trial(aside) = aside {
                said.push((*aside, false));
            }
        }
        let own = trial.trial_id == asked.trial_id;
        said.push((trial, own));
    }
    said.sort_by_key(|(trial, own)| (trial.as_of, trial.last_update_date, *own));
    let words = ITEMS.iter().filter(|item| item.moves).filter_map(|item| {
        let mut latest = said.iter().rev();
        let (value, trial, own) = latest.find_map(|(t, own)| Some(((item.tell)(t)?, t, *own)))?;
        Some(LatestWord {
            item: item.name,
            value,
            registry: trial.registry,
            id: trial.trial_id.clone(),
            format: trial.provenance.as_ref().and_then(|p| p.format),
            as_of: trial.as_of,
            own,
        })
    });
    Ok(words.collect())
}

/// The items in which the records of a trial contradict each other.
pub(super) fn differing(trials: &[&Trial]) -> Vec<String> {
    let items = ITEMS.iter().filter(|item| item.counts);
    let items = items.filter(|item| item.compare(trials).differs);
    items.map(|item| item.name.to_owned()).collect()
}

/// The records of one trial that can be found, by registry and number.
fn same_trial(snapshot: &Snapshot, trial: Trial) -> Result<Vec<Trial>> {
    guard(|| {
        let mut trials = Vec::new();
        for &address in snapshot.same_trial(&trial.trial_id)? {
            if let Record::Trial(other) = snapshot.record(address)? {
                trials.push(*other);
            }
        }
        if trials.is_empty() {
            trials.push(trial);
        }
        trials.sort_by(|a, b| (a.registry, &a.trial_id).cmp(&(b.registry, &b.trial_id)));
        Ok(trials)
    })
}

/// One thing records can disagree about.
struct Item {
    name: &'static str,
    tell: fn(&Trial) -> Option<String>,
    agree: fn(&Trial, &Trial) -> bool,
    /// Whether it is one trial's and not one registry's, so that contradicting matters.
    counts: bool,
    /// Whether it changes while a trial goes on, so that the latest word is the one to know.
    moves: bool,
}

impl Item {
    fn compare(&self, trials: &[&Trial]) -> ComparedItem {
        let values: Vec<Option<String>> = trials.iter().map(|trial| (self.tell)(trial)).collect();
        let said: Vec<&&Trial> = trials
            .iter()
            .filter(|trial| (self.tell)(trial).is_some())
            .collect();
        let differs = said.iter().enumerate().any(|(place, one)| {
            let mut others = said.iter().skip(place + 1);
            others.any(|other| !(self.agree)(one, other))
        });
        ComparedItem {
            item: self.name,
            values,
            differs,
        }
    }
}

fn overlap(one: Option<PartialDate>, other: Option<PartialDate>) -> bool {
    one.zip(other)
        .is_none_or(|(one, other)| one.overlaps(other))
}

/// An item that is a date.
macro_rules! date {
    ($field:ident, $counts:literal, $moves:literal) => {
        Item {
            name: stringify!($field),
            tell: |t| t.$field.map(|date| date.to_string()),
            agree: |a, b| overlap(a.$field, b.$field),
            counts: $counts,
            moves: $moves,
        }
    };
}

fn outcomes(trial: &Trial) -> BTreeSet<String> {
    let measures = trial
        .primary_outcomes
        .iter()
        .filter_map(|o| o.measure.as_ref());
    measures.map(|measure| whole_title(measure)).collect()
}

const ITEMS: &[Item] = &[
    Item {
        name: "recruitment_status",
        tell: |t| t.recruitment_status.map(|s| s.as_str().to_owned()),
        agree: |a, b| a.recruitment_status == b.recruitment_status,
        counts: true,
        moves: true,
    },
    Item {
        name: "sample_size",
        tell: |t| t.sample_size.map(|size| size.to_string()),
        agree: |a, b| a.sample_size == b.sample_size,
        counts: true,
        moves: true,
    },
    date!(registration_date, false, false),
    date!(first_enrollment_date, true, true),
    date!(recruitment_end_date, true, true),
    date!(primary_completion_date, true, true),
    date!(completion_date, true, true),
    date!(last_update_date, false, false),
    date!(as_of, false, false),
    Item {
        name: "primary_sponsor",
        tell: |t| t.primary_sponsor.clone(),
        agree: |a, b| {
            let folded = |t: &Trial| t.primary_sponsor.as_deref().map(whole_title);
            folded(a) == folded(b)
        },
        counts: false,
        moves: false,
    },
    Item {
        name: "primary_outcomes",
        tell: |t| {
            let measures = t.primary_outcomes.iter().filter_map(|o| o.measure.clone());
            let measures: Vec<String> = measures.collect();
            (!measures.is_empty()).then(|| measures.join("; "))
        },
        agree: |a, b| outcomes(a) == outcomes(b),
        counts: true,
        moves: false,
    },
];
