//! Names of one thing, as records give them: short forms they define, other names of interventions,
//! headings of conditions.
//!
//! Every document keeps its own in a field, with the kind of its record (`of_record`), so that those
//! of the whole index are counted over the living documents alone, the same whichever way the index
//! came to be (`learned`). Here is the form in which they are kept.

mod learned;
mod of_record;

pub(super) use learned::{NAMES, keep, kept, learn};
pub(super) use of_record::of_record;

use crate::concept::{NamePair, Origin};
use crate::record::Kind;

/// The field documents keep theirs in.
pub(crate) const FIELD: &str = "same_names";

/// What the values begin with that define a short form, or its plural.
pub(crate) fn defining(kind: Kind, short: &str) -> String {
    [kind.as_str(), "a", short].join("\t")
}

/// The long form of a value that begins so.
pub(crate) fn long_form<'a>(pair: &'a str, defining: &str) -> Option<&'a str> {
    let rest = pair.strip_prefix(defining)?;
    rest.strip_prefix('s').unwrap_or(rest).strip_prefix('\t')
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
        Origin::Heading => "h",
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
        "h" => Origin::Heading,
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
