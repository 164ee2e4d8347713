//! How far a query goes beyond the words that were typed.

use crate::concept::Relation;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How far a query goes beyond the words that were typed; each level includes those before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Expansion {
    /// Words as typed.
    None,
    /// Their other forms: `cells` for `cell`.
    Inflection,
    /// Other names of the same thing: `myocardial infarction` for `heart attack`.
    #[default]
    Synonym,
    /// Names of its kinds: `psoriasis` for `skin diseases`.
    Narrower,
    /// Names of what it is a kind of.
    Broader,
}

impl Expansion {
    /// All levels, each with its name and the word that gives a part of a query that level.
    pub(crate) const ALL: [(Expansion, &'static str, &'static str); 5] = [
        (Expansion::None, "none", "exact"),
        (Expansion::Inflection, "inflection", "inflected"),
        (Expansion::Synonym, "synonym", "expanded"),
        (Expansion::Narrower, "narrower", "explode"),
        (Expansion::Broader, "broader", "broadened"),
    ];

    /// The word that gives a part of a query this level: `explode:` for narrower.
    pub(crate) fn prefix(self) -> &'static str {
        let own = Expansion::ALL.iter().find(|(level, _, _)| *level == self);
        own.map_or("", |(_, _, prefix)| prefix)
    }

    /// The level a prefix gives.
    pub(crate) fn of_prefix(prefix: &str) -> Option<Self> {
        let known = Expansion::ALL.iter().find(|(_, _, own)| *own == prefix);
        known.map(|(level, _, _)| *level)
    }

    /// Whether names of a relation are searched.
    pub(crate) fn includes(self, relation: Relation) -> bool {
        self >= match relation {
            Relation::Synonym => Expansion::Synonym,
            Relation::Narrower => Expansion::Narrower,
            Relation::Broader => Expansion::Broader,
        }
    }
}

impl fmt::Display for Expansion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = Expansion::ALL.iter().find(|(level, _, _)| level == self);
        f.write_str(own.map_or("", |(_, name, _)| name))
    }
}

impl FromStr for Expansion {
    type Err = Error;

    /// Reads `none`, `inflection`, `synonym`, `narrower` or `broader`.
    fn from_str(text: &str) -> Result<Self> {
        let known = Expansion::ALL.iter().find(|(_, name, _)| *name == text);
        known.map(|(level, _, _)| *level).ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                format!("not a level of expansion: {text:?}"),
            )
            .remedy("write none, inflection, synonym, narrower or broader")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_read_back_as_they_are_written_and_grow() {
        for (level, name, prefix) in Expansion::ALL {
            assert_eq!(name.parse::<Expansion>().unwrap(), level);
            assert_eq!(level.to_string(), name);
            assert_eq!(Expansion::of_prefix(prefix), Some(level));
        }
        assert!(Expansion::ALL.is_sorted());
        assert!("all".parse::<Expansion>().is_err());
    }
}
