//! Words of a query that hardly any record has, and what they may have meant to be.

use super::SearchOptions;
use super::interrupt::Interrupt;
use crate::error::Result;
use crate::index::{Snapshot, guard};
use crate::query::rank::Vocabulary;
use crate::query::{Clause, Query};
use crate::schema::ranking::{DEFAULT_AREA, Ranking};
use serde::Serialize;

/// How many words of a query are looked at.
const WORDS: usize = 32;

/// A word of a query that no record has, or at most two while a word like it is frequent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Misspelling {
    /// The word as typed.
    pub word: String,
    /// How many records have it, in the field that has it most.
    pub documents: u64,
    /// Words of the index it may have meant to be, the likeliest first; often there is none.
    pub suggestions: Vec<Suggestion>,
}

/// A word of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// The word.
    pub word: String,
    /// How many records have it, in the field that has it most.
    pub documents: u64,
}

/// Finds the words of a query that hardly any record has, in the order of the text; of a query of
/// many words the first 32 are looked at.
///
/// Neither numbers nor compounds, patterns nor words under four letters are looked at.
///
/// # Errors
/// What reading says, or interruption.
pub fn misspellings(
    snapshot: &Snapshot,
    query: &Query,
    options: &SearchOptions,
) -> Result<Vec<Misspelling>> {
    guard(|| look(snapshot, query, options))
}

fn look(snapshot: &Snapshot, query: &Query, options: &SearchOptions) -> Result<Vec<Misspelling>> {
    let interrupt = Interrupt::start(options);
    let ranking = super::found::settings(snapshot, options).ranking;
    let check = || interrupt.check();
    let vocabulary = Vocabulary::new(snapshot, &check)?;
    let mut words = Vec::new();
    if let Some(clause) = query.clause() {
        let scope = Scope {
            area: DEFAULT_AREA,
            exact: false,
        };
        collect(clause, scope, &mut words);
    }
    let mut wrong: Vec<Misspelling> = Vec::new();
    for (word, scope) in words.into_iter().take(WORDS) {
        interrupt.check()?;
        if wrong.iter().any(|known| known.word == word) {
            continue;
        }
        let fields = fields(ranking, scope.area);
        if let Some(found) = vocabulary.misspelt(word, scope.exact, &fields)? {
            let suggestion = |(word, documents)| Suggestion { word, documents };
            wrong.push(Misspelling {
                word: word.to_owned(),
                documents: found.documents,
                suggestions: found.instead.into_iter().map(suggestion).collect(),
            });
        }
    }
    Ok(wrong)
}

/// The query with every misspelt word replaced by its likeliest suggestion; `None` where there is none.
pub(super) fn corrected(query: &Query, wrong: &[Misspelling]) -> Option<Query> {
    let mut changed = false;
    let clause = replaced(query.clause()?, wrong, &mut changed);
    changed.then(|| Query::from_clause(clause))
}

fn fields(ranking: &Ranking, area: &str) -> Vec<String> {
    let area = ranking.area(area).into_iter();
    let fields = area.flat_map(|area| area.fields.iter());
    fields.map(|(name, _)| name.clone()).collect()
}

/// How a word is searched.
#[derive(Clone, Copy)]
struct Scope<'q> {
    area: &'q str,
    exact: bool,
}

/// Words with how they are searched; what is forbidden is left out.
fn collect<'q>(clause: &'q Clause, scope: Scope<'q>, words: &mut Vec<(&'q str, Scope<'q>)>) {
    match clause {
        Clause::Word(text) | Clause::Phrase(text) | Clause::Near { text, .. } => {
            words.extend(text.split_whitespace().map(|word| (word, scope)));
        }
        Clause::Area { area, clause } => collect(clause, Scope { area, ..scope }, words),
        Clause::Exact(clause) => {
            let exact = true;
            collect(clause, Scope { exact, ..scope }, words);
        }
        Clause::Expand { clause, .. } => {
            let exact = false;
            collect(clause, Scope { exact, ..scope }, words);
        }
        Clause::Boost { clause, .. } | Clause::Must(clause) => collect(clause, scope, words),
        Clause::Group(parts) | Clause::And(parts) | Clause::Or(parts) => {
            parts.iter().for_each(|part| collect(part, scope, words));
        }
        _ => {}
    }
}

fn replaced(clause: &Clause, wrong: &[Misspelling], changed: &mut bool) -> Clause {
    let mut inside = |clause: &Clause| Box::new(replaced(clause, wrong, changed));
    match clause {
        Clause::Area { area, clause } => Clause::Area {
            area: area.clone(),
            clause: inside(clause),
        },
        Clause::Exact(clause) => Clause::Exact(inside(clause)),
        Clause::Expand { level, clause } => Clause::Expand {
            level: *level,
            clause: inside(clause),
        },
        Clause::Boost { boost, clause } => Clause::Boost {
            boost: *boost,
            clause: inside(clause),
        },
        Clause::Must(clause) => Clause::Must(inside(clause)),
        Clause::Group(parts) => Clause::Group(replaced_all(parts, wrong, changed)),
        Clause::And(parts) => Clause::And(replaced_all(parts, wrong, changed)),
        Clause::Or(parts) => Clause::Or(replaced_all(parts, wrong, changed)),
        Clause::Word(text) => Clause::Word(replaced_words(text, wrong, changed)),
        Clause::Phrase(text) => Clause::Phrase(replaced_words(text, wrong, changed)),
        Clause::Near { text, distance } => Clause::Near {
            text: replaced_words(text, wrong, changed),
            distance: *distance,
        },
        other => other.clone(),
    }
}

fn replaced_all(parts: &[Clause], wrong: &[Misspelling], changed: &mut bool) -> Vec<Clause> {
    let parts = parts.iter();
    parts.map(|part| replaced(part, wrong, changed)).collect()
}

fn replaced_words(text: &str, wrong: &[Misspelling], changed: &mut bool) -> String {
    let replaced = text.split_whitespace().map(|word| {
        let wrong = wrong.iter().find(|wrong| wrong.word == word);
        let first = wrong.and_then(|wrong| wrong.suggestions.first());
        *changed |= first.is_some();
        first.map_or(word, |suggestion| suggestion.word.as_str())
    });
    replaced.collect::<Vec<_>>().join(" ")
}
