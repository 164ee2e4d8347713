//! What the hits score. Where only the best are wanted, whatever cannot be among them is left aside
//! as soon as that is certain: a concept can add no more than its weight, so a hit that lags behind
//! by more than all the concepts to come can add needs none of them looked up.
//!
//! The principle is MaxScore (H. Turtle and J. Flood, Query evaluation: strategies and
//! optimizations, Information Processing & Management 31(6), 1995), concept by concept. Concepts
//! are added in the same order whatever is wanted, so that a score never depends on it. Recency, known
//! of every hit, comes next. Pairs of words come last, and of the hits that are left to those first
//! that can reach most.

use super::prior::Recency;
use super::side::{ROUNDING, Side};
use super::{Answer, Interrupt, NAMED};
use crate::error::Result;
use crate::index::{DocSet, Living};
use tantivy::{DocId, SegmentReader};

/// What is left to be added, as a share of what was left, when hits are next left aside.
const STRIDE: f64 = 0.8;

/// The same for the first time, of all that can be added.
const FIRST: f64 = 0.67;

/// Hits whose pairs are looked at before those of others, for each that is wanted.
const FOREMOST: usize = 4;

/// A concept of a side, and the most it can add to a score.
struct Step {
    side: usize,
    concept: usize,
    most: f64,
}

/// The scores of a segment in the making.
struct Scores {
    scores: Vec<f64>,
    /// What pairs of words could raise them to, a little too high; empty where there are none.
    limits: Vec<f32>,
    /// The hits that have any score yet.
    scored: DocSet,
    /// The hits that can still be among the best.
    open: DocSet,
}

/// Scores in the making.
struct Scoring<'a> {
    answer: &'a Answer<'a>,
    /// How many hits are wanted; `None` for all.
    best: Option<usize>,
    /// What so many hits score by what was added.
    reached: f64,
    /// By how much recency raises a score; by segment.
    recent: Vec<Recent>,
    /// What it may raise those by that it was not yet added to.
    slack: f64,
    living: &'a [Living],
    segments: Vec<Scores>,
}

impl Answer<'_> {
    /// Works out the scores, of all hits or of those that can be among the best so many; the others
    /// keep a score that is too low, and lower than theirs.
    ///
    /// # Errors
    /// What reading says, or what `interrupt` says.
    pub(crate) fn complete(&mut self, best: Option<usize>, interrupt: Interrupt<'_>) -> Result<()> {
        if self.sides.iter().all(Side::is_silent) {
            return Ok(());
        }
        let mut scoring = Scoring::begin(self, best)?;
        scoring.add_concepts(interrupt)?;
        scoring.add_recency();
        scoring.add_pairs(interrupt)?;
        scoring.keep_best();
        let done = scoring.segments;
        for (segment, done) in self.segments.iter_mut().zip(done) {
            segment.scores = done.scores;
            segment.open = Some(done.open);
        }
        Ok(())
    }
}

impl<'a> Scoring<'a> {
    fn begin(answer: &'a Answer<'a>, best: Option<usize>) -> Result<Self> {
        let living = answer.snapshot.living()?;
        let mut segments = Vec::new();
        let has_pairs = answer.sides.iter().any(Side::has_pairs);
        for (reader, segment) in readers(answer).zip(&answer.segments) {
            let documents = reader.max_doc() as usize;
            segments.push(Scores {
                scores: vec![0.0; documents],
                limits: vec![0.0; if has_pairs { documents } else { 0 }],
                scored: DocSet::new(reader.max_doc()),
                open: segment.hits.clone(),
            });
        }
        for address in &answer.named {
            if let Some(segment) = segments.get_mut(address.segment_ord as usize) {
                segment.add(address.doc_id, NAMED, ROUNDING);
            }
        }
        let weight = f64::from(answer.settings.ranking.priors.recency);
        let recent = readers(answer).map(|reader| Recent::open(reader, weight));
        let recent: Vec<Recent> = recent.collect::<Result<_>>()?;
        Ok(Scoring {
            answer,
            best,
            reached: 0.0,
            slack: recent.iter().map(Recent::most).fold(1.0, f64::max),
            recent,
            living,
            segments,
        })
    }

    /// Every concept that adds something, those that can add most before others.
    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (place, side) in self.answer.sides.iter().enumerate() {
            let concepts = (0..side.concepts.len()).map(|concept| Step {
                side: place,
                concept,
                most: side.most(concept),
            });
            steps.extend(concepts.filter(|step| step.most > 0.0));
        }
        steps.sort_by(|a, b| {
            let by_most = b.most.total_cmp(&a.most);
            by_most.then((a.side, a.concept).cmp(&(b.side, b.concept)))
        });
        steps
    }

    /// By side, what some steps can add at most to a score.
    fn rest(&self, steps: &[Step]) -> Vec<f64> {
        let mut rest = vec![0.0; self.answer.sides.len()];
        for step in steps {
            if let Some(rest) = rest.get_mut(step.side) {
                *rest += step.most;
            }
        }
        rest
    }

    fn add_concepts(&mut self, interrupt: Interrupt<'_>) -> Result<()> {
        let steps = self.steps();
        let most = |rest: &[f64]| rest.iter().copied().fold(0.0, f64::max);
        let mut next = most(&self.rest(&steps)) * FIRST;
        for (place, step) in steps.iter().enumerate() {
            interrupt()?;
            let rest = self.rest(steps.get(place..).unwrap_or_default());
            let left = most(&rest);
            if left <= next {
                self.close(&rest);
                next = left * STRIDE;
            }
            self.add_concept(step)?;
        }
        Ok(())
    }

    fn add_concept(&mut self, step: &Step) -> Result<()> {
        let Some(side) = self.answer.sides.get(step.side) else {
            return Ok(());
        };
        let concepts = &self.answer.plan.concepts;
        let concept = side.concepts.get(step.concept).and_then(Option::as_ref);
        let (Some(weighed), Some(concept)) = (concept, concepts.get(step.concept)) else {
            return Ok(());
        };
        let fields = side.fields(&concept.area);
        let with_pairs = side.with_pairs(step.concept);
        let places = self.living.iter().zip(&mut self.segments);
        let mut top = Top::new(self.best, self.reached);
        for ((reader, occurrences), (living, segment)) in
            readers(self.answer).zip(&weighed.segments).zip(places)
        {
            let wanted = segment.open_of(side, living);
            let matches = occurrences.weigh(reader, fields, &wanted)?;
            for (document, weight) in matches.iter() {
                let share = side.share(weighed.weight, weight);
                let score = segment.add(document, share, with_pairs);
                if score > top.reached && wanted.contains(document) {
                    top.push(score);
                }
            }
        }
        self.reached = top.finish();
        Ok(())
    }

    /// Leaves the hits aside that cannot be among the best, whatever of the rest they have.
    fn close(&mut self, rest: &[f64]) {
        if self.best.is_none() {
            return;
        }
        let reach = self.reached / self.slack;
        for (segment, living) in self.segments.iter_mut().zip(self.living) {
            for (side, rest) in self.answer.sides.iter().zip(rest) {
                let least = reach - rest;
                if let Some(of_kind) = living.of_kind(side.kind).filter(|_| least > 0.0) {
                    segment.close(of_kind, least);
                }
            }
        }
    }

    /// The same, where no concept is to come.
    fn close_finally(&mut self) {
        let nothing = vec![0.0; self.answer.sides.len()];
        self.close(&nothing);
    }

    /// Says of the hits that have both words of no pair that nothing is to be added.
    fn settle_unpaired(&mut self) {
        if self.best.is_none() {
            return;
        }
        for (number, segment) in self.segments.iter_mut().enumerate() {
            let mut unpaired = segment.open.clone();
            for side in &self.answer.sides {
                side.leave_unpaired(number, &self.answer.plan, &mut unpaired);
            }
            segment.settle(&unpaired);
        }
        self.reached = self.best.map_or(0.0, |best| self.threshold(best));
    }

    /// The score that so many hits reach by what was added; 0 where there are fewer.
    fn threshold(&self, best: usize) -> f64 {
        let mut top = Top::new(Some(best), 0.0);
        for segment in &self.segments {
            for document in segment.open.common(&segment.scored) {
                let score = segment.scores.get(document as usize).copied();
                // Most hits end here.
                if let Some(score) = score.filter(|score| *score > top.reached) {
                    top.push(score);
                }
            }
        }
        top.finish()
    }

    /// Adds what pairs of words score: first where they can matter most, so that the hits these
    /// leave behind need no positions read.
    fn add_pairs(&mut self, interrupt: Interrupt<'_>) -> Result<()> {
        if !self.answer.sides.iter().any(Side::has_pairs) {
            return Ok(());
        }
        self.settle_unpaired();
        self.close_finally();
        let done = self.foremost();
        self.add_pairs_in(&done, interrupt)?;
        if self.best.is_none() {
            return Ok(());
        }
        for (segment, done) in self.segments.iter_mut().zip(&done) {
            segment.settle(done);
        }
        self.reached = self.best.map_or(0.0, |best| self.threshold(best));
        self.close_finally();
        let rest = self.segments.iter().zip(done).map(|(segment, done)| {
            let mut rest = segment.open.clone();
            rest.subtract(&done);
            rest
        });
        let rest: Vec<DocSet> = rest.collect();
        self.add_pairs_in(&rest, interrupt)
    }

    /// By segment, the open hits that can reach most: some more than are wanted, or all of few.
    fn foremost(&self) -> Vec<DocSet> {
        let open = self.segments.iter().map(|segment| segment.open.clone());
        let Some(wanted) = self.best.map(|best| best.saturating_mul(FOREMOST)) else {
            return open.collect();
        };
        let limits = self
            .segments
            .iter()
            .flat_map(|segment| segment.open.iter().map(|document| segment.limit(document)));
        let mut limits: Vec<f64> = limits.collect();
        let least = keep_best(&mut limits, wanted);
        let mut foremost: Vec<DocSet> = open.collect();
        for (foremost, segment) in foremost.iter_mut().zip(&self.segments) {
            foremost.retain(|document| segment.limit(document) >= least);
        }
        foremost
    }

    fn add_pairs_in(&mut self, wanted: &[DocSet], interrupt: Interrupt<'_>) -> Result<()> {
        let plan = &self.answer.plan;
        let segments = self.segments.iter_mut().zip(&self.recent);
        let places = self.living.iter().zip(segments).zip(wanted);
        let readers = readers(self.answer).enumerate();
        for (reader, ((living, (segment, recent)), wanted)) in readers.zip(places) {
            for side in &self.answer.sides {
                let Some(of_kind) = living.of_kind(side.kind) else {
                    continue;
                };
                let documents: Vec<_> = wanted.common(of_kind).collect();
                if !documents.is_empty() {
                    let add = |document: DocId, share| {
                        if let Some(score) = segment.scores.get_mut(document as usize) {
                            *score += share * recent.factor(document);
                        }
                    };
                    side.add_pairs(reader, plan, &documents, add, interrupt)?;
                }
            }
        }
        Ok(())
    }

    /// Leaves the hits aside that are not among the best by their final scores.
    fn keep_best(&mut self) {
        let Some(best) = self.best else { return };
        let reached = self.threshold(best);
        for segment in &mut self.segments {
            let scores = &segment.scores;
            let reaches = |d: DocId| scores.get(d as usize).is_some_and(|s| *s >= reached);
            segment.open.retain(reaches);
        }
    }

    /// Raises the scores of the open hits, and what pairs can raise them to, by how recent they are.
    fn add_recency(&mut self) {
        self.close_finally();
        for (segment, recent) in self.segments.iter_mut().zip(&self.recent) {
            for document in segment.open.iter() {
                let (place, factor) = (document as usize, recent.factor(document));
                if let Some(score) = segment.scores.get_mut(place) {
                    *score *= factor;
                }
                if let Some(limit) = segment.limits.get_mut(place) {
                    *limit *= factor as f32;
                }
            }
        }
        self.slack = 1.0;
    }
}

impl Scores {
    /// Adds to the score of a document; tells what it has now.
    fn add(&mut self, document: DocId, score: f64, with_pairs: f64) -> f64 {
        let place = document as usize;
        let Some(sum) = self.scores.get_mut(place) else {
            return 0.0;
        };
        *sum += score;
        if let Some(limit) = self.limits.get_mut(place) {
            *limit += (score * with_pairs) as f32;
        }
        self.scored.insert(document);
        *sum
    }

    /// What the score of a hit can be raised to.
    fn limit(&self, document: DocId) -> f64 {
        let place = document as usize;
        match self.limits.get(place) {
            Some(limit) => f64::from(*limit),
            None => self.scores.get(place).map_or(0.0, |score| score * ROUNDING),
        }
    }

    /// The hits of a side that can still be among the best.
    fn open_of(&self, side: &Side, living: &Living) -> DocSet {
        let mut open = self.open.clone();
        match living.of_kind(side.kind) {
            Some(of_kind) => open.intersect(of_kind),
            None => open = DocSet::default(),
        }
        open
    }

    /// Says of some hits that nothing is to be added to their scores.
    fn settle(&mut self, done: &DocSet) {
        for document in done.iter() {
            let place = document as usize;
            if let (Some(score), Some(limit)) = (self.scores.get(place), self.limits.get_mut(place))
            {
                *limit = (*score * ROUNDING) as f32;
            }
        }
    }

    /// Leaves the hits of a kind aside that cannot reach so much, which is more than nothing.
    fn close(&mut self, of_kind: &DocSet, least: f64) {
        let mut open = std::mem::take(&mut self.open);
        open.keep(of_kind, &self.scored, |document| {
            self.limit(document) >= least
        });
        self.open = open;
    }
}

/// By how much recency raises the scores of a segment.
struct Recent {
    recency: Recency,
    weight: f64,
}

impl Recent {
    fn open(reader: &SegmentReader, weight: f64) -> Result<Self> {
        let recency = Recency::open(reader)?;
        Ok(Recent { recency, weight })
    }

    /// What the score of a hit is multiplied by.
    fn factor(&self, document: DocId) -> f64 {
        1.0 + self.weight * self.recency.of(document)
    }

    /// The most that one is multiplied by.
    fn most(&self) -> f64 {
        1.0 + self.weight * self.recency.most()
    }
}

fn readers<'a>(answer: &'a Answer<'_>) -> std::slice::Iter<'a, SegmentReader> {
    answer.snapshot.searcher().segment_readers().iter()
}

/// The best so many of the scores that are pushed, each of another hit.
struct Top {
    /// How many; `None` where nobody asks.
    best: Option<usize>,
    /// The least of so many.
    reached: f64,
    scores: Vec<f64>,
}

impl Top {
    /// `reached` is what so many reach already.
    fn new(best: Option<usize>, reached: f64) -> Self {
        Top {
            best,
            reached,
            scores: Vec::new(),
        }
    }

    /// Takes a score that is more than what so many reach.
    fn push(&mut self, score: f64) {
        let Some(best) = self.best else { return };
        self.scores.push(score);
        if self.scores.len() >= best.saturating_mul(2) {
            self.reached = self.reached.max(keep_best(&mut self.scores, best));
        }
    }

    /// What so many reach.
    fn finish(mut self) -> f64 {
        let best = self.best.unwrap_or(0);
        self.reached.max(keep_best(&mut self.scores, best))
    }
}

/// Keeps the best so many scores and says the least of them; 0 where there are fewer.
fn keep_best(scores: &mut Vec<f64>, best: usize) -> f64 {
    if best == 0 || scores.len() < best {
        return 0.0;
    }
    let (_, reached, _) = scores.select_nth_unstable_by(best - 1, |a, b| b.total_cmp(a));
    let reached = *reached;
    scores.truncate(best);
    reached
}
