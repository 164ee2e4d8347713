//! A search that is done, with its hits still to be read: one at a time, however many there are.

use super::facet::{self, Facet};
use super::interrupt::Interrupt;
use super::order::{self, Page, PageToken, Ranked, Sort, SortKey};
use super::snippet::{Excerpt, Excerpts};
use super::{Explanation, Hit, SearchOptions, unverified};
use crate::error::Result;
use crate::index::{Snapshot, guard};
use crate::query::rank::{Answer, Settings};
use crate::query::{Filter, Query};
use tantivy::DocAddress;

/// The hits of a query, in order; records are read when [`hits`](Found::hits) comes to them.
///
/// ```
/// # use std::sync::Arc;
/// # use trialdex::index::{Index, UpdateOptions};
/// use trialdex::query::Query;
/// use trialdex::results::{SearchOptions, find};
/// # use trialdex::schema::IndexSchema;
/// # use trialdex::source::Source;
/// # fn main() -> trialdex::Result<()> {
/// # let schema = Arc::new(IndexSchema::shipped()?);
/// # let sources = vec![Source::path("corpus")];
/// # let (index, _) = Index::in_memory(sources, &[], schema, &UpdateOptions::default(), &mut ())?;
/// # let snapshot = index.snapshot();
/// let options = SearchOptions { limit: usize::MAX, ..SearchOptions::default() };
/// let found = find(&snapshot, &Query::text("stem cells"), &options)?;
/// for hit in found.hits()? {
///     let hit = hit?;
///     println!("{} of {}: {}", hit.rank, found.total(), hit.record.id());
/// }
/// # Ok(())
/// # }
/// ```
pub struct Found<'a> {
    answer: Answer<'a>,
    options: &'a SearchOptions,
    interrupt: Interrupt,
    /// The sex and age filters of the query, which a record that says nothing passes.
    lenient: Vec<Filter>,
    ranked: Vec<Ranked>,
    next: Option<PageToken>,
}

impl std::fmt::Debug for Found<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Found({} of {})", self.len(), self.total())
    }
}

/// Looks a query up and orders the hits, without reading a record.
///
/// # Errors
/// As [`search`](super::search).
pub fn find<'a>(
    snapshot: &'a Snapshot,
    query: &Query,
    options: &'a SearchOptions,
) -> Result<Found<'a>> {
    guard(|| look_up(snapshot, query, options))
}

fn look_up<'a>(
    snapshot: &'a Snapshot,
    query: &Query,
    options: &'a SearchOptions,
) -> Result<Found<'a>> {
    let interrupt = Interrupt::start(options);
    let mut answer = answer(snapshot, query, options, &interrupt)?;
    let by_relevance = [Sort {
        key: SortKey::Relevance,
        ascending: false,
    }];
    let page = Page {
        sort: match options.sort.as_slice() {
            [] => &by_relevance,
            sort => sort,
        },
        limit: options.limit,
        after: options.after.as_ref(),
    };
    // One more than shown tells whether there is a next page.
    let first_page = page.sort == by_relevance && page.after.is_none();
    let best = first_page.then(|| page.limit.saturating_add(1));
    answer.complete(best, &|| interrupt.check())?;
    let (ranked, next) = order::page(&answer, &page, &interrupt)?;
    Ok(Found {
        answer,
        options,
        interrupt,
        lenient: unverified::lenient(query),
        ranked,
        next,
    })
}

/// Counts the hits of a query.
pub(super) fn count(
    snapshot: &Snapshot,
    query: &Query,
    options: &SearchOptions,
    interrupt: &Interrupt,
) -> Result<u64> {
    guard(|| Ok(answer(snapshot, query, options, interrupt)?.total()))
}

pub(super) fn settings<'a>(snapshot: &'a Snapshot, options: &'a SearchOptions) -> Settings<'a> {
    Settings {
        ranking: options
            .ranking
            .as_ref()
            .unwrap_or(&snapshot.schema().ranking),
        match_level: options.match_level,
        expansion: options.expansion,
    }
}

fn answer<'a>(
    snapshot: &'a Snapshot,
    query: &Query,
    options: &'a SearchOptions,
    interrupt: &Interrupt,
) -> Result<Answer<'a>> {
    query.check()?;
    let settings = settings(snapshot, options);
    Answer::compute(snapshot, query.clause(), settings, &|| interrupt.check())
}

impl Found<'_> {
    /// How many hits there are in all.
    pub fn total(&self) -> u64 {
        self.answer.total()
    }

    /// How many hits this page has.
    pub fn len(&self) -> usize {
        self.ranked.len()
    }

    /// Whether this page has no hits.
    pub fn is_empty(&self) -> bool {
        self.ranked.is_empty()
    }

    /// Where the next page begins; `None` on the last.
    pub fn next_page(&self) -> Option<&PageToken> {
        self.next.as_ref()
    }

    /// The hits of this page, best first, each read when it is asked for.
    ///
    /// # Errors
    /// An analyzer the schema does not have. Reading and interruption are told hit by hit.
    pub fn hits(&self) -> Result<Hits<'_>> {
        let excerpts = match self.options.snippets {
            true => Some(Excerpts::new(&self.answer)?),
            false => None,
        };
        Ok(Hits {
            found: self,
            excerpts,
            rest: self.ranked.iter(),
            rank: 0,
        })
    }

    /// Counts all hits by the values of some facets, `limit` values each.
    ///
    /// # Errors
    /// A facet nobody knows, what reading says, or interruption.
    pub fn facets(&self, names: &[String], limit: usize) -> Result<Vec<Facet>> {
        let count = |name: &String| facet::count(&self.answer, name, limit, &self.interrupt);
        guard(|| names.iter().map(count).collect())
    }

    /// Ids and scores of this page, best first, without reading a record.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        let scored = |ranked| (Ranked::id(ranked), self.answer.score(ranked.address));
        self.ranked.iter().map(scored)
    }

    /// The place of a record on this page, counted from 1.
    pub(super) fn rank_of(&self, address: DocAddress) -> Option<usize> {
        let before = self
            .ranked
            .iter()
            .position(|ranked| ranked.address == address);
        before.map(|before| before + 1)
    }

    /// The hit at a place of this page, counted from 1, without its snippet.
    pub(super) fn at(&self, rank: usize) -> Option<Result<Hit>> {
        let ranked = self.ranked.get(rank.checked_sub(1)?)?;
        Some(self.hit(rank, ranked, None))
    }

    fn hit(&self, rank: usize, ranked: &Ranked, excerpts: Option<&Excerpts<'_>>) -> Result<Hit> {
        guard(|| self.read_hit(rank, ranked, excerpts))
    }

    fn read_hit(
        &self,
        rank: usize,
        ranked: &Ranked,
        excerpts: Option<&Excerpts<'_>>,
    ) -> Result<Hit> {
        self.interrupt.check()?;
        let record = self.answer.snapshot.record(ranked.address)?;
        let explanation = if self.options.explain {
            let why = Explanation::of(&self.answer, ranked.address, ranked.kind)?;
            Some(why)
        } else {
            None
        };
        let excerpt = excerpts.map_or_else(Excerpt::default, |excerpts| excerpts.of(&record));
        Ok(Hit {
            rank,
            score: self.answer.score(ranked.address),
            unverified: unverified::of(&record, &self.lenient),
            record,
            matched: excerpt.matched,
            other_names: excerpt.other_names,
            snippet: excerpt.snippet,
            explanation,
        })
    }
}

/// The hits of a page, read one by one.
pub struct Hits<'f> {
    found: &'f Found<'f>,
    excerpts: Option<Excerpts<'f>>,
    rest: std::slice::Iter<'f, Ranked>,
    rank: usize,
}

impl Iterator for Hits<'_> {
    type Item = Result<Hit>;

    fn next(&mut self) -> Option<Result<Hit>> {
        let ranked = self.rest.next()?;
        self.rank += 1;
        let hit = self.found.hit(self.rank, ranked, self.excerpts.as_ref());
        Some(hit)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Hits<'_> {}
