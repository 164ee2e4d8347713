//! Why a record somebody expected is not among the hits, or not before others.

use super::found::{Found, find, settings};
use super::interrupt::Interrupt;
use super::{Hit, SearchOptions, search_ids};
use crate::error::Result;
use crate::index::{Snapshot, guard};
use crate::query::rank::{Answer, Trace, What};
use crate::query::{Clause, Filter, Query};
use crate::record::{AgeLimit, Kind, Record};
use crate::schema::ranking::DEFAULT_AREA;
use serde::Serialize;
use tantivy::DocAddress;

/// Hits shown of those that stand before the record.
const AHEAD: usize = 3;

/// Records shown that name a number the index has no record of.
const NAMING: usize = 5;

/// What became of a record in a search.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WhyNot {
    /// The record; `None` where the index has none of this id.
    pub record: Option<Record>,
    /// Other versions of the record, kept aside because this one is better: they are not searched.
    pub superseded: Vec<Record>,
    /// Where there is no record: ids of records that name the number.
    pub named_by: Vec<String>,
    /// Which parts of the query the record matches; `None` where there is no record, or no query.
    pub check: Option<Check>,
    /// Where it stands, if it is a hit.
    pub place: Option<Place>,
}

/// A part of a query met with a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// What is asked: a word, phrase or filter as text; of a list of parts, how they combine.
    pub part: String,
    /// Whether the record must match it.
    pub role: Role,
    /// Whether it does.
    pub holds: bool,
    /// What the record says where a filter asks, or what else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The parts of a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Check>,
}

/// What a part does in the list it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// No hit without it.
    Demanded,
    /// Hits that match it rank higher.
    Preferred,
    /// One of several of which one must match.
    Alternative,
    /// No hit with it.
    Forbidden,
}

/// The place of a hit.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Place {
    /// How many hits there are.
    pub total: u64,
    /// The record as a hit; its rank counts from the first hit of all. With its explanation.
    pub hit: Hit,
    /// The first hits that stand before it, with theirs.
    pub ahead: Vec<Hit>,
}

/// Tells what became of a record in a search: not in the index, kept out by which part, or which
/// place it has and what stands before it.
///
/// The id may be any spelling of a registry's number, or an obsolete number. Reads every
/// superseded record.
///
/// # Errors
/// As [`search`](super::search).
pub fn why_not(
    snapshot: &Snapshot,
    id: &str,
    query: &Query,
    options: &SearchOptions,
) -> Result<WhyNot> {
    guard(|| ask(snapshot, id, query, options))
}

fn ask(snapshot: &Snapshot, id: &str, query: &Query, options: &SearchOptions) -> Result<WhyNot> {
    let mut why = WhyNot {
        record: snapshot.get(id)?,
        superseded: Vec::new(),
        named_by: Vec::new(),
        check: None,
        place: None,
    };
    let Some(record) = &why.record else {
        why.named_by = naming(snapshot, id)?;
        return Ok(why);
    };
    why.superseded = snapshot.kept_aside(record.kind(), record.id())?;
    let Some(address) = snapshot.find(record.kind(), record.id())? else {
        return Ok(why);
    };
    let all = SearchOptions {
        limit: usize::MAX,
        after: None,
        fold: false,
        snippets: false,
        explain: true,
        ..options.clone()
    };
    let found = find(snapshot, query, &all)?;
    why.place = place(&found, address)?;
    let interrupt = Interrupt::start(&all);
    // A filter on the kind must not hide what the record has of the words.
    let answer = Answer::compute_for(
        snapshot,
        query.clause(),
        settings(snapshot, &all),
        Some(&Kind::ALL),
        &|| interrupt.check(),
    )?;
    let trace = answer.trace(address)?;
    why.check = trace.map(|trace| check(trace, Role::Demanded, record));
    Ok(why)
}

/// Ids of records that name a number.
fn naming(snapshot: &Snapshot, id: &str) -> Result<Vec<String>> {
    let named = Clause::Area {
        area: DEFAULT_AREA.to_owned(),
        clause: Box::new(Clause::Phrase(id.to_owned())),
    };
    let options = SearchOptions {
        limit: NAMING,
        ..SearchOptions::default()
    };
    let found = search_ids(snapshot, &Query::from_clause(named), &options)?;
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

fn place(found: &Found<'_>, address: DocAddress) -> Result<Option<Place>> {
    let Some(rank) = found.rank_of(address) else {
        return Ok(None);
    };
    let Some(hit) = found.at(rank).transpose()? else {
        return Ok(None);
    };
    let ahead = (1..rank).take(AHEAD).filter_map(|rank| found.at(rank));
    Ok(Some(Place {
        total: found.total(),
        ahead: ahead.collect::<Result<_>>()?,
        hit,
    }))
}

fn check(trace: Trace, role: Role, record: &Record) -> Check {
    let Trace { what, holds, parts } = trace;
    let mut note = None;
    let mut roles = vec![Role::Demanded; parts.len()];
    let part = match what {
        What::Concept {
            text,
            area,
            left_out,
        } => {
            note = left_out.then(|| "a long query goes without it".to_owned());
            match area.as_str() {
                DEFAULT_AREA => text,
                area => format!("{area}:{text}"),
            }
        }
        What::Filter(filter) => {
            note = said(record, &filter);
            filter.to_string()
        }
        What::All => "all of these".to_owned(),
        What::Any => {
            roles.fill(Role::Alternative);
            "one of these".to_owned()
        }
        What::Not => {
            roles.fill(Role::Forbidden);
            "not this".to_owned()
        }
        What::Group { demanded, needed } => {
            for role in roles.iter_mut().skip(demanded) {
                *role = Role::Preferred;
            }
            match (demanded, needed) {
                (0, needed) => format!("at least {needed} of these"),
                (_, 0) => "what is demanded of these".to_owned(),
                (_, needed) => {
                    format!("what is demanded of these, and at least {needed} of the others")
                }
            }
        }
    };
    let parts = parts.into_iter().zip(roles);
    Check {
        part,
        role,
        holds,
        note,
        parts: parts
            .map(|(part, role)| check(part, role, record))
            .collect(),
    }
}

/// What a record says where a filter asks.
fn said(record: &Record, filter: &Filter) -> Option<String> {
    let trial = match (record, filter) {
        (_, Filter::Kind(_)) => return Some(format!("it is a {}", record.kind())),
        (_, Filter::Has(_) | Filter::Missing(_)) => return None,
        (Record::Article(article), Filter::Date { field, .. }) if field.field() == "date" => {
            return Some(one(article.date));
        }
        (Record::Article(_), _) => return Some("an article has no such thing".to_owned()),
        (Record::Trial(trial), _) => trial,
    };
    let design = &trial.study_design;
    Some(match filter {
        Filter::Status(_) => one(trial.recruitment_status),
        Filter::Phase(_) => says(trial.phase.iter().map(ToString::to_string)),
        Filter::Country(_) => says(trial.countries.iter().cloned()),
        Filter::Sex(_) => one(trial.sex),
        Filter::Age(_) => {
            let limit = |limit: Option<AgeLimit>, none: &str| match limit {
                Some(AgeLimit::Age(age)) => age.to_string(),
                Some(AgeLimit::None) => none.to_owned(),
                None => "not given".to_owned(),
            };
            let lowest = limit(trial.minimum_age, "no limit");
            let highest = limit(trial.maximum_age, "no limit");
            format!("the record says: from {lowest} to {highest}")
        }
        Filter::Type(_) => one(trial.study_type),
        Filter::Registry(_) => one(Some(trial.registry)),
        Filter::Allocation(_) => one(design.allocation),
        Filter::Masking(_) => one(design.masking),
        Filter::Purpose(_) => one(design.purpose),
        Filter::Healthy(_) => {
            let yes = |yes: bool| if yes { "yes" } else { "no" };
            one(trial.healthy_volunteers.map(yes))
        }
        Filter::Enrollment(_) => one(trial.sample_size),
        Filter::Date { field, .. } => {
            let json = serde_json::to_value(trial).unwrap_or_default();
            let date = json.get(field.field()).and_then(|date| date.as_str());
            one(date)
        }
        Filter::Kind(_) | Filter::Has(_) | Filter::Missing(_) => return None,
    })
}

fn one<T: ToString>(value: Option<T>) -> String {
    says(value.into_iter().map(|value| value.to_string()))
}

fn says(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    match values.is_empty() {
        true => "the record does not say".to_owned(),
        false => format!("the record says: {}", values.join(", ")),
    }
}
