//! Why nothing was found.

use super::interrupt::Interrupt;
use super::spelling::{Misspelling, corrected, misspellings};
use super::{SearchOptions, found};
use crate::error::Result;
use crate::index::Snapshot;
use crate::query::{Clause, Query};
use serde::Serialize;

/// How many parts of a query are counted.
const PARTS: usize = 24;

/// Why a query finds nothing, and what would find something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The words, phrases and filters side by side in the query, in their order; of a long query
    /// the first 24.
    pub parts: Vec<PartCount>,
    /// What is left of the query, as text, without the parts no record matches, and how many hits
    /// that has; `None` where nothing is left or it finds nothing either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_empty: Option<Alternative>,
    /// Words hardly any record has.
    pub misspellings: Vec<Misspelling>,
    /// The query with the likeliest spelling of each, where that finds something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Alternative>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartCount {
    /// The part as text.
    pub part: String,
    /// How many records match it alone.
    pub alone: u64,
    /// How many hits the query has without it.
    pub without: u64,
}

/// Another query that finds something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Alternative {
    /// The query; as text it can be searched.
    pub query: Query,
    /// The query as text.
    pub text: String,
    /// How many hits it has.
    pub total: u64,
}

/// Tells which parts of a query empty its result. Of use where [`search`](super::search) finds nothing.
///
/// Takes about two searches a part, together no longer than the time limit of the options.
///
/// # Errors
/// As [`search`](super::search).
pub fn diagnose(snapshot: &Snapshot, query: &Query, options: &SearchOptions) -> Result<Diagnosis> {
    let interrupt = Interrupt::start(options);
    let count = |query: &Query| found::count(snapshot, query, options, &interrupt);
    let mut diagnosis = Diagnosis {
        parts: Vec::new(),
        without_empty: None,
        misspellings: misspellings(snapshot, query, options)?,
        corrected: None,
    };
    let alternative = |query: Query| -> Result<Option<Alternative>> {
        let total = count(&query)?;
        Ok((total > 0).then(|| Alternative {
            text: query.to_string(),
            query,
            total,
        }))
    };
    if let Some(query) = corrected(query, &diagnosis.misspellings) {
        diagnosis.corrected = alternative(query)?;
    }
    let Some(clause) = query.clause() else {
        return Ok(diagnosis);
    };
    let mut places = Vec::new();
    collect(clause, &mut Vec::new(), &mut places);
    let mut empty = Vec::new();
    for (place, part) in places.into_iter().take(PARTS) {
        let alone = Query::from_clause(part.clone());
        let rest = without(clause, &[place.as_slice()], &mut Vec::new());
        let counted = PartCount {
            part: alone.to_string(),
            alone: count(&alone)?,
            without: match rest {
                Some(rest) => count(&Query::from_clause(rest))?,
                None => 0,
            },
        };
        if counted.alone == 0 {
            empty.push(place);
        }
        diagnosis.parts.push(counted);
    }
    let empty: Vec<&[usize]> = empty.iter().map(Vec::as_slice).collect();
    if !empty.is_empty()
        && let Some(rest) = without(clause, &empty, &mut Vec::new())
    {
        diagnosis.without_empty = alternative(Query::from_clause(rest))?;
    }
    Ok(diagnosis)
}

/// The parts side by side, each with its place: the number in every list on the way down.
fn collect<'q>(
    clause: &'q Clause,
    place: &mut Vec<usize>,
    places: &mut Vec<(Vec<usize>, &'q Clause)>,
) {
    match clause {
        Clause::Group(parts) | Clause::And(parts) => {
            for (number, part) in parts.iter().enumerate() {
                place.push(number);
                collect(part, place, places);
                place.pop();
            }
        }
        Clause::Must(inner) if matches!(**inner, Clause::Group(_) | Clause::And(_)) => {
            collect(inner, place, places);
        }
        part => places.push((place.clone(), part)),
    }
}

/// The clause without the parts at some places; `None` where nothing is left.
fn without(clause: &Clause, places: &[&[usize]], here: &mut Vec<usize>) -> Option<Clause> {
    let mut rest = |parts: &[Clause]| {
        let mut rest = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            here.push(number);
            rest.extend(without(part, places, here));
            here.pop();
        }
        (!rest.is_empty()).then_some(rest)
    };
    match clause {
        Clause::Group(parts) => rest(parts).map(Clause::Group),
        Clause::And(parts) => rest(parts).map(Clause::And),
        Clause::Must(inner) if matches!(**inner, Clause::Group(_) | Clause::And(_)) => {
            let inner = without(inner, places, here)?;
            Some(Clause::Must(Box::new(inner)))
        }
        part => (!places.contains(&here.as_slice())).then(|| part.clone()),
    }
}
