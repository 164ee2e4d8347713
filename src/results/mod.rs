//! What a search finds: hits in their order, each with its record, its snippet and its reasons.
//!
//! Comes in: a snapshot of an index, a query, options. Goes out: [`Results`]. How hits are scored is
//! said in `query`; here they are ordered, counted, paged, excerpted and explained.

mod explanation;
mod order;
mod snippet;

pub use explanation::{ConceptScore, Explanation, FieldScore};
pub use order::{MOST_KEYS, PageToken, Sort, SortKey};
pub use snippet::Snippet;

use crate::error::{Error, ErrorKind, Result};
use crate::index::Snapshot;
use crate::query::rank::{Answer, Settings};
use crate::query::{MatchLevel, Query};
use crate::record::Record;
use crate::schema::ranking::Ranking;
use order::Page;
use snippet::Excerpts;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How a search is done and what it gives back.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    /// How many hits; `usize::MAX` for all.
    pub limit: usize,
    /// The page before ended here.
    pub after: Option<PageToken>,
    /// The order, best first; by relevance where empty.
    pub sort: Vec<Sort>,
    /// How many of the words a hit must have.
    pub match_level: MatchLevel,
    /// Other ranking parameters than the index's schema has.
    pub ranking: Option<Ranking>,
    /// Whether hits come with snippets.
    pub snippets: bool,
    /// Whether hits come with the reasons of their scores.
    pub explain: bool,
    /// The search fails when it takes longer.
    pub time_limit: Option<Duration>,
    /// The search fails soon after this becomes true.
    pub cancel: Option<Arc<AtomicBool>>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            limit: 10,
            after: None,
            sort: Vec::new(),
            match_level: MatchLevel::Any,
            ranking: None,
            snippets: true,
            explain: false,
            time_limit: None,
            cancel: None,
        }
    }
}

/// What a search found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Results {
    /// The hits of this page, best first.
    pub hits: Vec<Hit>,
    /// How many hits there are in all.
    pub total: u64,
    /// Where the next page begins; `None` on the last.
    pub next: Option<PageToken>,
}

/// A ranked record.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Hit {
    /// Its place on this page, counted from 1.
    pub rank: usize,
    /// The share of the query it answers; 0 where nothing scores.
    pub score: f64,
    /// The record.
    pub record: Record,
    /// Names of the fields that have a word of the query, in the order of the schema.
    pub matched: Vec<String>,
    /// The passage that shows best why it was found.
    pub snippet: Option<Snippet>,
    /// Why it scores what it scores, if asked for.
    pub explanation: Option<Explanation>,
}

/// Searches a snapshot.
///
/// # Errors
/// A query beyond its limits or that names what is not there, [`ErrorKind::Cancelled`] where the
/// time was up or the caller cancelled, or what reading says.
pub fn search(snapshot: &Snapshot, query: &Query, options: &SearchOptions) -> Result<Results> {
    let interrupt = interrupt(options);
    let answer = answer(snapshot, query, options, &interrupt)?;
    let by_relevance = [Sort {
        key: SortKey::Relevance,
        ascending: false,
    }];
    let sort = match options.sort.as_slice() {
        [] => &by_relevance,
        sort => sort,
    };
    let page = Page {
        sort,
        limit: options.limit,
        after: options.after.as_ref(),
    };
    let (ranked, next) = order::page(&answer, &page)?;
    let mut excerpts = Excerpts::new(&answer)?;
    let mut hits = Vec::with_capacity(ranked.len());
    for (rank, ranked) in (1..).zip(ranked) {
        interrupt()?;
        let record = snapshot.record(ranked.address)?;
        let explanation = if options.explain {
            Some(Explanation::of(&answer, ranked.address, ranked.kind)?)
        } else {
            None
        };
        let excerpt = if options.snippets {
            excerpts.of(&record)
        } else {
            snippet::Excerpt::default()
        };
        hits.push(Hit {
            rank,
            score: answer.score(ranked.address),
            record,
            matched: excerpt.matched,
            snippet: excerpt.snippet,
            explanation,
        });
    }
    Ok(Results {
        hits,
        total: answer.total(),
        next,
    })
}

/// Counts the hits of a query, without looking at any.
///
/// # Errors
/// As [`search`].
pub fn count(snapshot: &Snapshot, query: &Query, options: &SearchOptions) -> Result<u64> {
    let interrupt = interrupt(options);
    Ok(answer(snapshot, query, options, &interrupt)?.total())
}

/// Ids and scores of the best hits, best first, without reading a record.
///
/// # Errors
/// As [`search`].
pub fn search_ids(
    snapshot: &Snapshot,
    query: &Query,
    options: &SearchOptions,
) -> Result<Vec<(String, f64)>> {
    let interrupt = interrupt(options);
    let answer = answer(snapshot, query, options, &interrupt)?;
    let sort = [Sort {
        key: SortKey::Relevance,
        ascending: false,
    }];
    let page = Page {
        sort: &sort,
        limit: options.limit,
        after: None,
    };
    let (ranked, _) = order::page(&answer, &page)?;
    Ok(ranked
        .into_iter()
        .map(|ranked| {
            let score = answer.score(ranked.address);
            (ranked.into_id(), score)
        })
        .collect())
}

fn answer<'a>(
    snapshot: &'a Snapshot,
    query: &Query,
    options: &'a SearchOptions,
    interrupt: &dyn Fn() -> Result<()>,
) -> Result<Answer<'a>> {
    query.check()?;
    let settings = Settings {
        ranking: options
            .ranking
            .as_ref()
            .unwrap_or(&snapshot.schema().ranking),
        match_level: options.match_level,
    };
    Answer::compute(snapshot, query.clause(), settings, interrupt)
}

/// What asks whether a search shall go on.
fn interrupt(options: &SearchOptions) -> impl Fn() -> Result<()> + use<> {
    let deadline = options
        .time_limit
        .and_then(|limit| Instant::now().checked_add(limit));
    let cancel = options.cancel.clone();
    move || {
        let cancelled = cancel
            .as_ref()
            .is_some_and(|flag| flag.load(Ordering::Relaxed));
        if cancelled {
            return Err(Error::new(ErrorKind::Cancelled, "the search was cancelled"));
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::new(ErrorKind::Cancelled, "the search took too long"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
