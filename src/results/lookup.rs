//! What the index knows of a number.

use crate::error::Result;
use crate::index::{Bearing, Snapshot, guard};
use crate::record::Kind;
use crate::schema::identifiers::{Identifier, IdentifierKind};
use serde::Serialize;

/// What became of a number somebody looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Lookup {
    /// The number in its normal spelling; `None` where nothing of its form is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How it stands to the records.
    pub state: LookupState,
    /// Ids of the records it leads to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
}

/// How a number stands to the records of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LookupState {
    /// It is the own number of records: of several where a trial has one for each member state.
    Found,
    /// It is the number of the same trial in another registry, or its universal number.
    AliasOf,
    /// It is obsolete: its record has another number now.
    SupersededBy,
    /// It names no trial, but who registered these.
    RegistrantOf,
    /// No record bears it.
    Missing,
}

impl LookupState {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            LookupState::Found => "found",
            LookupState::AliasOf => "alias_of",
            LookupState::SupersededBy => "superseded_by",
            LookupState::RegistrantOf => "registrant_of",
            LookupState::Missing => "missing",
        }
    }
}

/// Looks a number up, in any spelling, or the path of an article.
///
/// # Errors
/// What reading says.
pub fn lookup(snapshot: &Snapshot, written: &str) -> Result<Lookup> {
    guard(|| look_up(snapshot, written.trim()))
}

fn look_up(snapshot: &Snapshot, written: &str) -> Result<Lookup> {
    let number = snapshot.schema().identifiers.normalise(written);
    let lookup = |state, ids: Vec<String>| Lookup {
        number: number.as_ref().map(|number| number.normal.clone()),
        state,
        ids,
    };
    let normal = number.as_ref().map(|number| number.normal.as_str());
    for id in [Some(written), normal].into_iter().flatten() {
        for kind in Kind::ALL {
            if snapshot.find(kind, id)?.is_some() {
                return Ok(lookup(LookupState::Found, vec![id.to_owned()]));
            }
        }
    }
    if let Some(ids) = registered_by(snapshot, number.as_ref())? {
        return Ok(lookup(LookupState::RegistrantOf, ids));
    }
    let bearers = snapshot.bearers(written)?;
    let Some(closest) = bearers.first().map(|bearer| bearer.bearing) else {
        return Ok(lookup(LookupState::Missing, Vec::new()));
    };
    let state = match closest {
        Bearing::Own => LookupState::Found,
        Bearing::Obsolete => LookupState::SupersededBy,
        Bearing::Elsewhere => LookupState::AliasOf,
    };
    let ids = bearers.iter().filter(|bearer| bearer.bearing == closest);
    let ids = ids.map(|bearer| bearer.record.id().to_owned());
    Ok(lookup(state, ids.collect()))
}

/// The trials of a registrant, if the number names one and there are any.
fn registered_by(snapshot: &Snapshot, number: Option<&Identifier>) -> Result<Option<Vec<String>>> {
    let Some(number) = number.filter(|number| number.kind == IdentifierKind::Registrant) else {
        return Ok(None);
    };
    let mut ids = Vec::new();
    for address in snapshot.with_number("registrant", &number.normal)? {
        ids.push(snapshot.record(address)?.id().to_owned());
    }
    ids.sort_unstable();
    Ok((!ids.is_empty()).then_some(ids))
}
