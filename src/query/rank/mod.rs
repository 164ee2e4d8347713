//! A plan met with an index: which documents match, and what each scores.
//!
//! The score of a document of kind *k* is the share of the query it answers:
//!
//! ```text
//! score  = Σ_concept weight · idf · tf~ / (k1 + tf~)  /  Σ_concept weight · idf
//! tf~    = Σ_variant Σ_field penalty · boost · tf / (1 − b + b · length / mean length)
//! idf    = ln(1 + (N − n + ½) / (n + ½))
//! ```
//!
//! with *N* living documents of the kind, *n* of them with any variant of the concept in any field
//! of its area, and mean lengths over the documents that have the field. The two kinds have fields
//! of their own, so nothing of one enters the numbers of the other; being shares, their scores
//! compare.

mod bag;
mod company;
mod concept;
mod expand;
pub(crate) mod explain;
mod field;
mod filtering;
mod finder;
mod key;
mod known;
mod otherwise;
mod pair;
mod pattern;
mod place;
mod plan;
mod prior;
mod scoring;
mod select;
mod sequence;
mod side;
mod spelling;
mod together;
mod trace;
pub(crate) mod variant;
mod weighed;

pub(crate) use expand::Vocabulary;
pub(crate) use finder::{Finder, Sighting};
pub(crate) use plan::Plan;
pub(crate) use trace::{Trace, What};

use plan::{Node, Planner};
use prior::Recency;

use crate::error::{Error, ErrorKind, Result};
use crate::index::{DocSet, Snapshot};
use crate::query::clause::Clause;
use crate::query::expansion::Expansion;
use crate::query::filter::Filter;
use crate::record::Kind;
use crate::schema::ranking::Ranking;
use filtering::Filtering;
use side::Side;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet as _, SegmentReader, TERMINATED, Term};

/// What being the very record whose id was typed adds to a score: more than all else can.
const NAMED: f64 = 2.0;

/// How many of the preferred parts of a group a hit must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MatchLevel {
    /// One at least; more rank higher.
    #[default]
    Any,
    /// All.
    All,
    /// So many of a hundred, rounded up.
    Percent(u8),
}

impl MatchLevel {
    /// Reads `any`, `all` or `75%`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::new(ErrorKind::Usage, format!("not a match level: {text:?}"))
                .remedy("write any, all or a percentage such as 75%")
        };
        match text.trim() {
            "any" => Ok(MatchLevel::Any),
            "all" => Ok(MatchLevel::All),
            text => {
                let percent = text.strip_suffix('%').ok_or_else(wrong)?;
                let percent: u8 = percent.parse().map_err(|_| wrong())?;
                (1..=100)
                    .contains(&percent)
                    .then_some(MatchLevel::Percent(percent))
                    .ok_or_else(wrong)
            }
        }
    }

    /// How many of so many parts are needed.
    fn needed(self, parts: usize) -> usize {
        match self {
            MatchLevel::Any => parts.min(1),
            MatchLevel::All => parts,
            MatchLevel::Percent(percent) => (parts * usize::from(percent)).div_ceil(100),
        }
    }
}

/// How a query is ranked.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'a> {
    pub(crate) ranking: &'a Ranking,
    pub(crate) match_level: MatchLevel,
    pub(crate) expansion: Expansion,
}

/// Is asked again and again whether to go on.
pub(crate) type Interrupt<'a> = &'a dyn Fn() -> Result<()>;

/// What a concept weighs in the documents that have it, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Matches(Vec<(DocId, f32)>);

impl Matches {
    fn push(&mut self, document: DocId, weight: f32) {
        self.0.push((document, weight));
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn has(&self, document: DocId) -> bool {
        let place = self.0.binary_search_by_key(&document, |(own, _)| *own);
        place.is_ok()
    }

    fn iter(&self) -> impl Iterator<Item = (DocId, f32)> + '_ {
        self.0.iter().copied()
    }

    /// Those of some documents.
    fn only(&self, wanted: impl Fn(DocId) -> bool) -> Matches {
        let wanted = self.iter().filter(|&(document, _)| wanted(document));
        Matches(wanted.collect())
    }

    /// Both together; weights of a document in both are added.
    fn plus(self, other: Matches) -> Matches {
        if self.0.is_empty() || other.0.is_empty() {
            return if self.0.is_empty() { other } else { self };
        }
        let mut sum = Vec::with_capacity(self.0.len().max(other.0.len()));
        let (mut a, mut b) = (
            self.0.into_iter().peekable(),
            other.0.into_iter().peekable(),
        );
        while let (Some(&(first, x)), Some(&(second, y))) = (a.peek(), b.peek()) {
            sum.push((
                first.min(second),
                match first.cmp(&second) {
                    std::cmp::Ordering::Less => x,
                    std::cmp::Ordering::Greater => y,
                    std::cmp::Ordering::Equal => x + y,
                },
            ));
            if first <= second {
                a.next();
            }
            if second <= first {
                b.next();
            }
        }
        sum.extend(a.chain(b));
        Matches(sum)
    }
}

/// What a query looks up in an index.
///
/// # Errors
/// A clause that makes no sense, or what reading says.
pub(crate) fn plan_of(
    snapshot: &Snapshot,
    clause: Option<&Clause>,
    settings: Settings<'_>,
    interrupt: Interrupt<'_>,
) -> Result<Plan> {
    let vocabulary = Vocabulary::new(snapshot, interrupt)?;
    let planner = Planner {
        schema: snapshot.shared_schema(),
        ranking: settings.ranking,
        vocabulary: &vocabulary,
        expansion: settings.expansion,
    };
    planner.plan(clause)
}

/// A query met with an index.
pub(crate) struct Answer<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) plan: Plan,
    settings: Settings<'a>,
    sides: Vec<Side>,
    /// The records whose own ids or whole titles were typed.
    named: Vec<DocAddress>,
    pub(crate) segments: Vec<SegmentAnswer>,
}

/// The answer in one segment.
pub(crate) struct SegmentAnswer {
    /// The hits.
    pub(crate) hits: DocSet,
    /// Scores by document; empty where nothing scores, and before they are worked out.
    scores: Vec<f64>,
    /// The hits whose scores are worked out, where that is known.
    open: Option<DocSet>,
}

impl SegmentAnswer {
    /// The hits that can be among those wanted: the others score less than all of them.
    pub(crate) fn candidates(&self) -> &DocSet {
        self.open.as_ref().unwrap_or(&self.hits)
    }

    pub(crate) fn score(&self, document: DocId) -> f64 {
        self.scores.get(document as usize).copied().unwrap_or(0.0)
    }
}

impl<'a> Answer<'a> {
    /// Looks a query up.
    ///
    /// # Errors
    /// A clause that makes no sense, what reading says, or what `interrupt` says.
    pub(crate) fn compute(
        snapshot: &'a Snapshot,
        clause: Option<&Clause>,
        settings: Settings<'a>,
        interrupt: Interrupt<'_>,
    ) -> Result<Self> {
        Answer::compute_for(snapshot, clause, settings, None, interrupt)
    }

    /// Looks a query up among records of some kinds; `None` for those the query can find.
    ///
    /// # Errors
    /// As [`compute`](Self::compute).
    pub(crate) fn compute_for(
        snapshot: &'a Snapshot,
        clause: Option<&Clause>,
        settings: Settings<'a>,
        kinds: Option<&[Kind]>,
        interrupt: Interrupt<'_>,
    ) -> Result<Self> {
        let plan = plan_of(snapshot, clause, settings, interrupt)?;
        interrupt()?;
        let kinds = match kinds {
            Some(kinds) => kinds.to_vec(),
            None => plan.root.as_ref().map_or(Kind::ALL.to_vec(), Node::kinds),
        };
        let mut sides = Vec::new();
        for kind in kinds {
            sides.push(Side::compute(snapshot, &plan, settings, kind, interrupt)?);
        }
        let mut answer = Answer {
            snapshot,
            plan,
            settings,
            sides,
            named: Vec::new(),
            segments: Vec::new(),
        };
        answer.named = answer.find_named()?;
        for (segment, living) in snapshot.living()?.iter().enumerate() {
            interrupt()?;
            let computed = answer.segment(segment, &living.all)?;
            answer.segments.push(computed);
        }
        Ok(answer)
    }

    fn segment(&self, segment: usize, all: &DocSet) -> Result<SegmentAnswer> {
        let reader = self.snapshot.searcher().segment_reader(segment as u32);
        let filtering = Filtering {
            segment: reader,
            mapping: self.snapshot.mapping(),
            all,
        };
        let hits = match &self.plan.root {
            Some(root) => self.matching(root, segment, &filtering)?,
            None => all.clone(),
        };
        Ok(SegmentAnswer {
            hits,
            scores: Vec::new(),
            open: None,
        })
    }

    /// The documents of a segment that match a node.
    fn matching(&self, node: &Node, segment: usize, filtering: &Filtering<'_>) -> Result<DocSet> {
        match node {
            Node::Concept(concept) => {
                let mut set = DocSet::new(filtering.segment.max_doc());
                for side in &self.sides {
                    side.add_documents(*concept, segment, &mut set);
                }
                Ok(set)
            }
            Node::Filter(filter) => filtering.keep(filter),
            Node::All(nodes) => self.all_of(nodes, segment, filtering),
            Node::Any(nodes) => {
                let mut set = DocSet::new(filtering.segment.max_doc());
                for node in nodes {
                    set.unite(&self.matching(node, segment, filtering)?);
                }
                Ok(set)
            }
            Node::Not(node) => {
                let mut set = filtering.all.clone();
                set.subtract(&self.matching(node, segment, filtering)?);
                Ok(set)
            }
            Node::Group { must, prefer } => {
                let mut set = self.all_of(must, segment, filtering)?;
                let needed = self.needed(must, prefer);
                if needed > 0 {
                    set.intersect(&self.enough(prefer, needed, segment, filtering)?);
                }
                Ok(set)
            }
        }
    }

    /// How many preferred parts of a group a hit must match: none where it demands something.
    fn needed(&self, must: &[Node], prefer: &[Node]) -> usize {
        match self.settings.match_level {
            MatchLevel::Any if must.iter().any(Node::finds) => 0,
            level => level.needed(prefer.len()),
        }
    }

    fn all_of(&self, nodes: &[Node], segment: usize, filtering: &Filtering<'_>) -> Result<DocSet> {
        let mut set = filtering.all.clone();
        for node in nodes {
            set.intersect(&self.matching(node, segment, filtering)?);
        }
        Ok(set)
    }

    /// The documents that match at least so many of some nodes.
    fn enough(
        &self,
        nodes: &[Node],
        needed: usize,
        segment: usize,
        filtering: &Filtering<'_>,
    ) -> Result<DocSet> {
        let documents = filtering.segment.max_doc();
        let mut set = DocSet::new(documents);
        if needed <= 1 {
            for node in nodes {
                set.unite(&self.matching(node, segment, filtering)?);
            }
            return Ok(set);
        }
        if needed >= nodes.len() {
            return self.all_of(nodes, segment, filtering);
        }
        let mut counts = vec![0u16; documents as usize];
        for node in nodes {
            for document in self.matching(node, segment, filtering)?.iter() {
                if let Some(count) = counts.get_mut(document as usize) {
                    *count = count.saturating_add(1);
                }
            }
        }
        for (document, count) in (0..).zip(counts) {
            if usize::from(count) >= needed {
                set.insert(document);
            }
        }
        Ok(set)
    }

    /// The share of its score a record gets on top for being recent.
    pub(crate) fn recency(&self, address: DocAddress) -> Result<f64> {
        let reader = self.snapshot.searcher().segment_reader(address.segment_ord);
        let weight = f64::from(self.settings.ranking.priors.recency);
        Ok(weight * Recency::open(reader)?.of(address.doc_id))
    }

    fn find_named(&self) -> Result<Vec<DocAddress>> {
        let mut named = Vec::new();
        for id in &self.plan.ids {
            named.extend(self.snapshot.named(id)?);
        }
        if let Some(title) = &self.plan.title {
            named.extend(self.snapshot.titled(title)?);
        }
        named.sort_unstable();
        named.dedup();
        Ok(named)
    }

    /// How many hits there are.
    pub(crate) fn total(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.hits.len() as u64)
            .sum()
    }

    /// The score of a hit.
    pub(crate) fn score(&self, address: DocAddress) -> f64 {
        let segment = self.segments.get(address.segment_ord as usize);
        segment.map_or(0.0, |segment| segment.score(address.doc_id))
    }

    /// What a record gets for being named by its id or its whole title.
    pub(crate) fn named_score(&self, address: DocAddress) -> f64 {
        if self.named.contains(&address) {
            NAMED
        } else {
            0.0
        }
    }

    /// How a query weighs against records of a kind; `None` where the query leaves that kind out.
    fn side(&self, kind: Kind) -> Option<&Side> {
        self.sides.iter().find(|side| side.kind == kind)
    }
}

impl Node {
    /// Whether it looks for something, rather than keeping records out.
    fn finds(&self) -> bool {
        match self {
            Node::Concept(_) => true,
            Node::Filter(_) | Node::Not(_) => false,
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(Node::finds),
            Node::Group { must, prefer } => must.iter().chain(prefer).any(Node::finds),
        }
    }

    /// The kinds of records that can match.
    fn kinds(&self) -> Vec<Kind> {
        let only = |node: &Node| match node {
            Node::Filter(Filter::Kind(kind)) => Some(*kind),
            _ => None,
        };
        let parts = match self {
            Node::All(nodes) => nodes.as_slice(),
            Node::Group { must, .. } => must.as_slice(),
            node => std::slice::from_ref(node),
        };
        match parts.iter().find_map(only) {
            Some(kind) => vec![kind],
            None => Kind::ALL.to_vec(),
        }
    }
}

/// Adds the documents of a segment that have a term, living or not.
fn add_documents(segment: &SegmentReader, term: &Term, set: &mut DocSet) -> Result<()> {
    let index = reading(segment.inverted_index(term.field()))?;
    let postings = index.read_postings(term, IndexRecordOption::Basic);
    let Some(mut postings) = reading(postings.map_err(Into::into))? else {
        return Ok(());
    };
    while postings.doc() != TERMINATED {
        set.insert(postings.doc());
        postings.advance();
    }
    Ok(())
}

/// What reading the index says, as an error of ours.
fn reading<T>(result: tantivy::Result<T>) -> Result<T> {
    result.map_err(|e| {
        let kind = match e {
            tantivy::TantivyError::DataCorruption(_) => ErrorKind::Damaged,
            _ => ErrorKind::Io,
        };
        Error::new(kind, "the index cannot be read").caused_by(e)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_documents_in_both_lists_are_added() {
        let list = |documents: &[u32]| Matches(documents.iter().map(|&d| (d, 1.0)).collect());
        let sum = list(&[1, 3, 5]).plus(list(&[2, 3, 9]));
        assert_eq!(sum.0, [(1, 1.0), (2, 1.0), (3, 2.0), (5, 1.0), (9, 1.0)]);
        assert_eq!(list(&[]).plus(list(&[4])).0, [(4, 1.0)]);
    }

    #[test]
    fn a_match_level_needs_so_many() {
        assert_eq!(MatchLevel::parse("75%").unwrap().needed(3), 3);
        assert_eq!(MatchLevel::parse("50%").unwrap().needed(3), 2);
        assert_eq!(MatchLevel::Any.needed(0), 0);
        for wrong in ["", "0%", "101%", "some", "%"] {
            assert!(MatchLevel::parse(wrong).is_err(), "{wrong}");
        }
    }
}
