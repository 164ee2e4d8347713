//! A search that is done, with its hits still to be read: one at a time, however many there are.

use super::facet::{self, Facet};
use super::interrupt::Interrupt;
use super::order::{self, Order, Page, Ranked, Sort, SortKey};
use super::snippet::{Excerpt, Excerpts};
use super::token::PageToken;
use super::{Explanation, Hit, SearchOptions, articles_of, compare, fold, unverified};
use crate::error::Result;
use crate::identity::Member;
use crate::index::{Snapshot, guard};
use crate::query::rank::{Answer, Settings};
use crate::query::{Filter, Query};
use crate::record::{Record, Trial};
use std::collections::HashSet;
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
    /// Whether hits stand behind others of the same trial.
    folds: bool,
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
    let sort = match options.sort.as_slice() {
        [] => &by_relevance,
        sort => sort,
    };
    // One more than shown tells whether there is a next page.
    let first_page = sort == by_relevance && options.after.is_none();
    let best = first_page.then(|| options.limit.saturating_add(1));
    answer.complete(best, &|| interrupt.check())?;
    let (mut ranked, mut next, folds) = page(&answer, options, sort, &interrupt)?;
    if folds && next.is_none() && best.is_some() {
        // Those that are hidden may have kept others from being scored.
        answer.complete(None, &|| interrupt.check())?;
        (ranked, next, _) = page(&answer, options, sort, &interrupt)?;
    }
    Ok(Found {
        answer,
        options,
        interrupt,
        lenient: unverified::lenient(query),
        ranked,
        next,
        folds,
    })
}

/// The hits of the page and the token of the next; whether any hit is hidden behind another of its trial.
fn page(
    answer: &Answer<'_>,
    options: &SearchOptions,
    sort: &[Sort],
    interrupt: &Interrupt,
) -> Result<(Vec<Ranked>, Option<PageToken>, bool)> {
    let trials: &[Vec<DocAddress>] = match options.fold && answer.is_ranked() {
        true => answer.snapshot.trials()?,
        false => &[],
    };
    let hidden = match trials {
        [] => HashSet::new(),
        trials => fold::hidden(answer, &Order::open(answer, sort)?, trials)?,
    };
    let page = Page {
        sort,
        limit: options.limit,
        after: options.after.as_ref(),
        hidden: &hidden,
    };
    let (ranked, next) = order::page(answer, &page, interrupt)?;
    Ok((ranked, next, !hidden.is_empty()))
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

pub(super) fn answer<'a>(
    snapshot: &'a Snapshot,
    query: &Query,
    options: &'a SearchOptions,
    interrupt: &Interrupt,
) -> Result<Answer<'a>> {
    query.check()?;
    let settings = settings(snapshot, options);
    let mut answer = Answer::compute(snapshot, query.clause(), settings, &|| interrupt.check())?;
    for (kind, id) in &options.without {
        let address = snapshot.find(*kind, id)?;
        let segment = address.and_then(|at| answer.segments.get_mut(at.segment_ord as usize));
        if let (Some(segment), Some(at)) = (segment, address) {
            segment.hits.remove(at.doc_id);
        }
    }
    Ok(answer)
}

impl Found<'_> {
    /// Whether hits are folded into others of the same trial; [`total`](Found::total) and facets
    /// count them all the same.
    pub fn is_folded(&self) -> bool {
        self.folds
    }

    /// How many records are hits in all, those folded into others too.
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
        let (also_in, differing) = self.same_trial(&record)?;
        let articles = articles_of(self.answer.snapshot, &record, self.options.articles)?;
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
            also_in,
            differing,
            articles,
        })
    }

    /// The other records of a hit's trial, and where they contradict it or each other.
    fn same_trial(&self, record: &Record) -> Result<(Vec<Member>, Vec<String>)> {
        let Record::Trial(own) = record else {
            return Ok(Default::default());
        };
        if !self.options.fold {
            return Ok(Default::default());
        }
        let mut others: Vec<Box<Trial>> = Vec::new();
        for &address in self.answer.snapshot.same_trial(&own.trial_id)? {
            match self.answer.snapshot.record(address)? {
                Record::Trial(other) if other.trial_id != own.trial_id => others.push(other),
                _ => {}
            }
        }
        let also_in = others.iter().map(|o| Member::new(o.registry, &o.trial_id));
        let all: Vec<&Trial> = [own].into_iter().chain(&others).map(|t| &**t).collect();
        Ok((also_in.collect(), compare::differing(&all)))
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
