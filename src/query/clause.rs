//! A clause: one part of a query, and what holds parts together.

use super::expansion::Expansion;
use super::filter::Filter;
use super::parse::{is_fuzzy_word, is_wildcard};
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// How deep clauses may nest.
pub const NESTING_LIMIT: usize = 32;

/// How many words, phrases and filters a query may have.
pub const CLAUSE_LIMIT: usize = 4_096;

/// How many patterns of a query may begin with a mark: each reads every word of the index.
pub const OPEN_PATTERN_LIMIT: usize = 64;

/// The most words that may stand between the words of a near clause.
pub const NEAR_LIMIT: u32 = 100;

/// The most letters a fuzzy word may have.
pub const FUZZY_LIMIT: usize = 64;

/// The strongest boost a clause may have.
pub const BOOST_LIMIT: f32 = 1_000.0;

/// One part of a query.
///
/// Juxtaposed parts form a [`Group`](Clause::Group): its filters, parts made of nothing but filters
/// and `+parts` are demanded, what follows `NOT` is forbidden, everything else is preferred. `AND`
/// and `OR` demand what they say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Clause {
    /// A word as typed, without blanks; analysis may make several terms of it.
    Word(String),
    /// Words that stand side by side in this order.
    Phrase(String),
    /// Words near each other in any order.
    Near {
        /// The words.
        text: String,
        /// At most so many other words between them.
        distance: u32,
    },
    /// A pattern: `*` stands for any number of letters, `?` for one.
    Wildcard(String),
    /// A word and those that differ from it by a letter or two.
    Fuzzy {
        /// The word.
        word: String,
        /// How many letters may differ, 1 or 2.
        distance: u8,
    },
    /// A condition that never touches the score.
    Filter(Filter),
    /// A clause searched in an area only.
    Area {
        /// Name of the area, as in `index-schema/ranking.toml`.
        area: String,
        /// What is searched there.
        clause: Box<Clause>,
    },
    /// A clause searched as typed, without inflection and expansion.
    Exact(Box<Clause>),
    /// A clause with its own level of expansion; the innermost decides.
    Expand {
        /// How far it goes beyond the words that were typed.
        level: Expansion,
        /// What is searched so.
        clause: Box<Clause>,
    },
    /// A clause that weighs more or less.
    Boost {
        /// The factor, positive.
        boost: f32,
        /// What it weighs.
        clause: Box<Clause>,
    },
    /// A demanded part of a group.
    Must(Box<Clause>),
    /// What no hit may match.
    Not(Box<Clause>),
    /// Parts side by side: preferred unless they say otherwise.
    Group(Vec<Clause>),
    /// Parts that all must match; a group among them must match with all its parts.
    And(Vec<Clause>),
    /// Parts of which one must match; a group among them must match with all its parts.
    Or(Vec<Clause>),
}

impl Clause {
    /// The clause in normal form: no empty or single lists, no group within a group, `Must` only
    /// within a group, filters without boost or area.
    ///
    /// Text and JSON of two queries that mean the same by these rules read back as equal values.
    /// `None` where nothing is left.
    pub(super) fn normal(self) -> Option<Clause> {
        match self {
            Clause::Area { area, clause } => Some(match clause.normal()?.bare() {
                filter @ Clause::Filter(_) => filter,
                clause => Clause::Area {
                    area,
                    clause: Box::new(clause),
                },
            }),
            Clause::Exact(clause) => Some(match clause.normal()?.bare() {
                same @ (Clause::Filter(_) | Clause::Exact(_) | Clause::Expand { .. }) => same,
                clause => Clause::Exact(Box::new(clause)),
            }),
            Clause::Expand {
                level: Expansion::None,
                clause,
            } => Clause::Exact(clause).normal(),
            Clause::Expand { level, clause } => Some(match clause.normal()?.bare() {
                same @ (Clause::Filter(_) | Clause::Exact(_) | Clause::Expand { .. }) => same,
                clause => Clause::Expand {
                    level,
                    clause: Box::new(clause),
                },
            }),
            Clause::Boost { boost, clause } => Some(match clause.normal()?.bare() {
                filter @ Clause::Filter(_) => filter,
                clause => Clause::Boost {
                    boost,
                    clause: Box::new(clause),
                },
            }),
            Clause::Must(clause) => Some(match clause.normal()?.bare() {
                same @ (Clause::Filter(_) | Clause::Not(_)) => same,
                clause => Clause::Must(Box::new(clause)),
            }),
            Clause::Not(clause) => Some(Clause::Not(Box::new(clause.normal()?.bare()))),
            Clause::Group(parts) => {
                let mut flat = Vec::with_capacity(parts.len());
                for part in parts.into_iter().filter_map(Clause::normal) {
                    match part {
                        Clause::Group(inner) => flat.extend(inner),
                        part => flat.push(part),
                    }
                }
                single(flat, Clause::Group)
            }
            Clause::And(parts) => single(normal_parts(parts), Clause::And),
            Clause::Or(parts) => single(normal_parts(parts), Clause::Or),
            Clause::Filter(filter) => Some(Clause::Filter(filter.normal())),
            Clause::Word(text) => words(&text),
            Clause::Phrase(text) => searchable(text).map(Clause::Phrase),
            Clause::Near { text, distance } => {
                searchable(text).map(|text| Clause::Near { text, distance })
            }
            Clause::Wildcard(pattern) if !is_wildcard(&pattern) => words(&pattern),
            Clause::Fuzzy { word, .. } if !is_fuzzy_word(&word) => words(&word),
            leaf => Some(leaf),
        }
    }

    /// Without the `+` that says nothing outside a group.
    fn bare(self) -> Clause {
        match self {
            Clause::Must(clause) => *clause,
            clause => clause,
        }
    }

    /// Whether it is made of filters and nothing else: it restricts, and looks for nothing.
    pub(super) fn is_filter(&self) -> bool {
        match self {
            Clause::Filter(_) => true,
            Clause::Area { clause, .. }
            | Clause::Exact(clause)
            | Clause::Expand { clause, .. }
            | Clause::Boost { clause, .. }
            | Clause::Must(clause)
            | Clause::Not(clause) => clause.is_filter(),
            Clause::Group(parts) | Clause::And(parts) | Clause::Or(parts) => {
                !parts.is_empty() && parts.iter().all(Clause::is_filter)
            }
            _ => false,
        }
    }

    /// Whether it is one word, whatever stands before it.
    pub(super) fn is_word(&self) -> bool {
        match self {
            Clause::Word(_) => true,
            Clause::Area { clause, .. }
            | Clause::Exact(clause)
            | Clause::Expand { clause, .. }
            | Clause::Boost { clause, .. } => clause.is_word(),
            _ => false,
        }
    }

    /// Checks the limits on nesting, number of clauses and values.
    pub(super) fn check(&self) -> Result<()> {
        let (mut leaves, mut open_patterns) = (0usize, 0usize);
        let mut open: Vec<(&Clause, usize)> = vec![(self, 0)];
        while let Some((clause, depth)) = open.pop() {
            if depth > NESTING_LIMIT {
                return Err(refused(format!(
                    "the query nests deeper than {NESTING_LIMIT} levels"
                )));
            }
            clause.check_values()?;
            match clause {
                Clause::Area { clause, .. }
                | Clause::Exact(clause)
                | Clause::Expand { clause, .. }
                | Clause::Boost { clause, .. }
                | Clause::Must(clause)
                | Clause::Not(clause) => open.push((clause, depth + 1)),
                Clause::Group(parts) | Clause::And(parts) | Clause::Or(parts) => {
                    open.extend(parts.iter().map(|part| (part, depth + 1)));
                }
                leaf => {
                    leaves += 1;
                    open_patterns += usize::from(leaf.begins_with_mark());
                }
            }
            if open_patterns > OPEN_PATTERN_LIMIT {
                return Err(refused(format!(
                    "more than {OPEN_PATTERN_LIMIT} patterns of the query begin with *"
                )));
            }
            if leaves > CLAUSE_LIMIT {
                return Err(refused(format!(
                    "the query has more than {CLAUSE_LIMIT} clauses"
                )));
            }
        }
        Ok(())
    }

    /// Whether it is a pattern that any word of the index might fit.
    fn begins_with_mark(&self) -> bool {
        matches!(self, Clause::Wildcard(pattern) if pattern.starts_with(['*', '?']))
    }

    fn check_values(&self) -> Result<()> {
        match self {
            Clause::Filter(filter) => filter.check(),
            Clause::Boost { boost, .. }
                if !(boost.is_finite() && *boost > 0.0 && *boost <= BOOST_LIMIT) =>
            {
                Err(refused(format!(
                    "a boost stands between 0 and {BOOST_LIMIT}, not {boost}"
                )))
            }
            Clause::Fuzzy { distance, .. } if !(1..=2).contains(distance) => Err(refused(format!(
                "a fuzzy word may differ by 1 or 2 letters, not {distance}"
            ))),
            Clause::Fuzzy { word, .. } if word.chars().count() > FUZZY_LIMIT => Err(refused(
                format!("a fuzzy word has at most {FUZZY_LIMIT} letters"),
            )),
            Clause::Near { distance, .. } if *distance > NEAR_LIMIT => Err(refused(format!(
                "near words may stand at most {NEAR_LIMIT} words apart, not {distance}"
            ))),
            _ => Ok(()),
        }
    }
}

/// The words of a text, those left out that nothing could find.
fn words(text: &str) -> Option<Clause> {
    let words = text.split_whitespace().filter(|word| is_searchable(word));
    let words = words.map(|word| Clause::Word(word.to_owned())).collect();
    single(words, Clause::Group)
}

fn searchable(text: String) -> Option<String> {
    is_searchable(&text).then(|| text.trim().to_owned())
}

fn is_searchable(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn normal_parts(parts: Vec<Clause>) -> Vec<Clause> {
    parts
        .into_iter()
        .filter_map(Clause::normal)
        .map(Clause::bare)
        .collect()
}

/// A list of one part is that part.
fn single(mut parts: Vec<Clause>, list: fn(Vec<Clause>) -> Clause) -> Option<Clause> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(list(parts)),
    }
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::Query, message)
}
