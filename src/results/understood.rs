//! How a query is understood: its concepts, and the names each is found by.

use super::found::settings;
use super::interrupt::Interrupt;
use super::{OtherName, SearchOptions};
use crate::error::Result;
use crate::index::Snapshot;
use crate::query::Query;
use crate::query::rank::plan_of;
use serde::Serialize;
use std::collections::BTreeSet;

/// A word or phrase of a query with everything it is found by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Understood {
    /// As typed.
    pub text: String,
    /// The area it is searched in.
    pub area: String,
    /// What it weighs against the others; 0 where it only matches.
    pub weight: f64,
    /// Other names it is found by, and what they count.
    pub other_names: Vec<OtherName>,
}

/// Tells how a query is understood, concept by concept in its order, without searching it.
///
/// # Errors
/// A query beyond its limits or that names what is not there, or what reading says.
pub fn understood(
    snapshot: &Snapshot,
    query: &Query,
    options: &SearchOptions,
) -> Result<Vec<Understood>> {
    query.check()?;
    let interrupt = Interrupt::start(options);
    let settings = settings(snapshot, options);
    let plan = plan_of(snapshot, query.clause(), settings, &|| interrupt.check())?;
    let names = |places: BTreeSet<usize>| {
        let variants = places
            .into_iter()
            .filter_map(|place| plan.variants.get(place));
        variants.map(OtherName::of).collect()
    };
    let concepts = plan.concepts.iter().map(|concept| Understood {
        text: concept.text.clone(),
        area: concept.area.clone(),
        weight: concept.weight(),
        other_names: names(concept.variants.values().flatten().copied().collect()),
    });
    Ok(concepts.collect())
}
