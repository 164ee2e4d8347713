//! What a search finds: hits in their order, each with its record, its snippet and its reasons.
//!
//! Comes in: a snapshot of an index, a query, options. Goes out: [`Results`], or [`Found`] where hits
//! are wanted one by one. How hits are scored is said in `query`; here they are ordered, counted,
//! paged, excerpted and explained.

mod articles;
mod compare;
mod explanation;
mod facet;
mod fold;
mod found;
mod interrupt;
mod links;
mod lookup;
mod nothing;
mod order;
mod similar;
mod snippet;
mod spelling;
mod token;
mod understood;
mod unverified;
mod why_not;

pub use articles::{About, TrialArticle, articles_of};
pub use compare::{ComparedItem, Comparison, LatestWord, compare, latest_words};
pub use explanation::{ConceptScore, Explanation, FieldScore, OtherName};
pub use facet::{Facet, FacetValue, facet_names};
pub use found::{Found, Hits, find};
pub use links::{Link, Linked, Links, all_links, links_of};
pub use lookup::{Lookup, LookupState, lookup};
pub use nothing::{Alternative, Diagnosis, PartCount, diagnose};
pub use order::{MOST_KEYS, Sort, SortKey};
pub use similar::{same_as, similar_to};
pub use snippet::Snippet;
pub use spelling::{Misspelling, Suggestion, misspellings};
pub use token::PageToken;
pub use understood::{Understood, understood};
pub use why_not::{Check, Place, Role, WhyNot, why_not};

use crate::error::Result;
use crate::identity::Member;
use crate::index::Snapshot;
use crate::query::{Expansion, Filter, MatchLevel, Query};
use crate::record::{Kind, Record};
use crate::schema::ranking::Ranking;
use interrupt::Interrupt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

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
    /// How far it goes beyond the words that were typed, where the query does not say so itself.
    pub expansion: Expansion,
    /// Other ranking parameters than the index's schema has.
    pub ranking: Option<Ranking>,
    /// Records that are no hits, whatever they match: kind and id of each.
    pub without: Vec<(Kind, String)>,
    /// Whether hits come with snippets.
    pub snippets: bool,
    /// Whether hits come with the reasons of their scores.
    pub explain: bool,
    /// Names of the facets whose values [`search`] counts; [`facet_names`] lists them.
    pub facets: Vec<String>,
    /// How many values of a facet are told, the most frequent first; `usize::MAX` for all.
    pub facet_limit: usize,
    /// Whether of the records of one trial only the best hit is shown, with the others named in
    /// it. A query of nothing but filters never folds.
    pub fold: bool,
    /// How many articles about each trial come with it; see [`articles_of`].
    pub articles: usize,
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
            expansion: Expansion::default(),
            ranking: None,
            without: Vec::new(),
            snippets: true,
            explain: false,
            facets: Vec::new(),
            facet_limit: 10,
            fold: true,
            articles: 0,
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
    /// How many records are hits in all, those folded into others too.
    pub total: u64,
    /// Where the next page begins; `None` on the last.
    pub next: Option<PageToken>,
    /// The facets asked for, over all hits, in the order asked for.
    pub facets: Vec<Facet>,
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
    /// Names it was found by that were not typed, where what they stand for is not in it as typed;
    /// in the order of the query, known where snippets are.
    pub other_names: Vec<OtherName>,
    /// The passage that shows best why it was found.
    pub snippet: Option<Snippet>,
    /// Filters it passed only because the record says nothing about them: the sex or an age limit
    /// is not given.
    pub unverified: Vec<Filter>,
    /// Why it scores what it scores, if asked for.
    pub explanation: Option<Explanation>,
    /// The records of the same trial in other registries, or of other member states; known where
    /// hits are folded.
    pub also_in: Vec<Member>,
    /// Keys in which the records of the trial contradict each other; see [`compare`].
    pub differing: Vec<String>,
    /// Articles about it, if asked for; see [`articles_of`].
    pub articles: Vec<TrialArticle>,
}

/// Searches a snapshot and reads the hits of a page.
///
/// # Errors
/// A query beyond its limits or that names what is not there, a facet nobody knows,
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) where the time was up or the caller
/// cancelled, or what reading says.
pub fn search(snapshot: &Snapshot, query: &Query, options: &SearchOptions) -> Result<Results> {
    let found = find(snapshot, query, options)?;
    Ok(Results {
        total: found.total(),
        facets: found.facets(&options.facets, options.facet_limit)?,
        hits: found.hits()?.collect::<Result<_>>()?,
        next: found.next_page().cloned(),
    })
}

/// Counts the hits of a query, without looking at any.
///
/// # Errors
/// As [`search`].
pub fn count(snapshot: &Snapshot, query: &Query, options: &SearchOptions) -> Result<u64> {
    found::count(snapshot, query, options, &Interrupt::start(options))
}

/// Ids and scores of the best hits, best first, without reading a record; nothing is folded.
///
/// # Errors
/// As [`search`].
pub fn search_ids(
    snapshot: &Snapshot,
    query: &Query,
    options: &SearchOptions,
) -> Result<Vec<(String, f64)>> {
    let options = SearchOptions {
        sort: Vec::new(),
        after: None,
        fold: false,
        ..options.clone()
    };
    let found = find(snapshot, query, &options)?;
    let ids = found.ids().map(|(id, score)| (id.to_owned(), score));
    Ok(ids.collect())
}

#[cfg(test)]
mod tests;
