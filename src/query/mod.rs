//! What the user asks: one value, made by a builder, from text, or from JSON.
//!
//! Comes in: text or calls. Goes out: a [`Query`], checked against its limits, and its plan for an
//! index. Text that cannot be understood is searched as words, with a [`Warning`] that names the
//! place. Nothing here touches records: that is `results`' work.
//!
//! ```
//! use trialdex::query::Query;
//! let parsed = Query::parse("\"stem cell\" AND condition:lupus AND NOT phase:3")?;
//! assert_eq!(parsed.query.to_string(), "\"stem cell\" AND condition:lupus AND NOT phase:phase3");
//! # Ok::<(), trialdex::Error>(())
//! ```

mod clause;
pub(crate) mod closest;
mod display;
pub(crate) mod expansion;
mod filter;
mod filter_value;
mod parse;
pub(crate) mod rank;

pub use clause::{
    BOOST_LIMIT, CLAUSE_LIMIT, Clause, FUZZY_LIMIT, NEAR_LIMIT, NESTING_LIMIT, OPEN_PATTERN_LIMIT,
};
pub use expansion::Expansion;
pub use filter::{
    DateField, DateRange, Filter, PhaseChoice, Presence, SexChoice, SizeRange, StatusChoice,
};
pub use parse::{LENGTH_LIMIT, Warning};
pub use rank::MatchLevel;

use crate::error::{Error, ErrorKind, Result};
use crate::record::Kind;
use crate::schema::IndexSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// What the user asks for.
///
/// Without clauses it asks for everything. `Display` writes the text that [`parse`](Query::parse)
/// reads back as an equal value; serde writes the same value as JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    clause: Option<Clause>,
}

/// A query read from text, with what was not understood as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The query.
    pub query: Query,
    /// What was searched as words instead, in the order of the text.
    pub warnings: Vec<Warning>,
}

impl Query {
    /// Asks for everything.
    pub fn all() -> Self {
        Query::default()
    }

    /// Asks for the words of a plain text; nothing in it is syntax.
    pub fn text(text: &str) -> Self {
        Query::from_clause(words(text))
    }

    /// Asks for a clause.
    pub fn from_clause(clause: Clause) -> Self {
        Query {
            clause: clause.normal(),
        }
    }

    /// Reads the query language with the schema compiled into the library; what cannot be
    /// understood is searched as words, with a warning.
    ///
    /// # Errors
    /// A text beyond the limits, or an impossible filter value.
    pub fn parse(text: &str) -> Result<Parsed> {
        Query::parse_with(text, IndexSchema::shared())
    }

    /// Reads the query language with the areas and wordings of a schema.
    ///
    /// # Errors
    /// As [`Query::parse`].
    pub fn parse_with(text: &str, schema: &IndexSchema) -> Result<Parsed> {
        let (clause, warnings) = parse::parse(text, schema)?;
        Ok(Parsed {
            query: Query { clause },
            warnings,
        })
    }

    /// Reads the query language; what cannot be understood is an error.
    ///
    /// # Errors
    /// The first thing that is not understood as written.
    pub fn parse_strict(text: &str, schema: &IndexSchema) -> Result<Self> {
        let parsed = Query::parse_with(text, schema)?;
        match parsed.warnings.into_iter().next() {
            None => Ok(parsed.query),
            Some(warning) => {
                Err(Error::new(ErrorKind::Query, warning.message).byte(warning.at.start as u64))
            }
        }
    }

    /// Demands the words of a plain text in an area: one at least must stand there.
    #[must_use]
    pub fn area(self, area: &str, text: &str) -> Self {
        self.and(Clause::Must(Box::new(Clause::Area {
            area: area.to_owned(),
            clause: Box::new(words(text)),
        })))
    }

    /// Searches the whole query in an area.
    #[must_use]
    pub fn within(self, area: &str) -> Self {
        let area = area.to_owned();
        Query {
            clause: self.clause.and_then(|clause| {
                let clause = Box::new(clause);
                Clause::Area { area, clause }.normal()
            }),
        }
    }

    /// Restricts the hits to a kind of record.
    #[must_use]
    pub fn kind(self, kind: Kind) -> Self {
        self.filter(Filter::Kind(kind))
    }

    /// Restricts the hits by a filter.
    #[must_use]
    pub fn filter(self, filter: Filter) -> Self {
        self.and(Clause::Filter(filter))
    }

    /// Demands another query too.
    #[must_use]
    pub fn and_query(self, other: Query) -> Self {
        match other.clause {
            Some(clause) => self.and(Clause::Must(Box::new(clause))),
            None => self,
        }
    }

    /// Puts a clause beside those there are: preferred, unless it is a filter, `Must` or `Not`.
    #[must_use]
    pub fn and(self, clause: Clause) -> Self {
        Query::from_clause(Clause::Group(
            self.clause.into_iter().chain([clause]).collect(),
        ))
    }

    /// The clause that holds everything, in normal form; `None` asks for everything.
    pub fn clause(&self) -> Option<&Clause> {
        self.clause.as_ref()
    }

    /// Checks the limits on nesting, number and values of clauses.
    ///
    /// # Errors
    /// The limit that is passed.
    pub fn check(&self) -> Result<()> {
        self.clause.as_ref().map_or(Ok(()), Clause::check)
    }
}

fn words(text: &str) -> Clause {
    let words = text.split_whitespace();
    Clause::Group(words.map(|word| Clause::Word(word.to_owned())).collect())
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clause.as_ref().map_or(Ok(()), |clause| clause.fmt(f))
    }
}

impl FromStr for Query {
    type Err = Error;

    /// Reads the query language strictly, with the schema compiled into the library.
    fn from_str(text: &str) -> Result<Self> {
        Query::parse_strict(text, IndexSchema::shared())
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.clause.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let clause: Option<Clause> = Option::deserialize(deserializer)?;
        if let Some(clause) = &clause {
            clause.check().map_err(serde::de::Error::custom)?;
        }
        Ok(Query {
            clause: clause.and_then(Clause::normal),
        })
    }
}

#[cfg(test)]
mod tests;
