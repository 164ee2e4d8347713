//! A query → what is looked up: concepts, filters, and how they combine.
//!
//! A concept is what a person would call one thing: a typed word with its inflections, a compound
//! in every spelling, a phrase, the numbers of one trial. Of the index this reads the
//! words a pattern stands for, the forms of words, and what a short form's company needs.

use super::bag::WeightedTerm;
use super::concept::{Concept, Concepts, Shape};
use super::expand::{QUERY_EXPANSION_LIMIT, Vocabulary};
use super::pair::{Pair, Pairs, REACH, Typed};
use super::pattern::{Order, Pattern, Place};
use super::variant::{Lookup, Variant};
use crate::analysis::{Analyzer, Word, WordAtom, whole_title};
use crate::concept::Spelling;
use crate::error::{Error, ErrorKind, Result};
use crate::query::clause::Clause;
use crate::query::expansion::Expansion;
use crate::query::filter::Filter;
use crate::record::Kind;
use crate::schema::IndexSchema;
use crate::schema::ranking::{DEFAULT_AREA, Ranking};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// The analyzer whose words a query has; its exact terms are those of all others.
const ANALYZER: &str = "text";

/// Letters an atom must have to be searched as a word of its own.
const WORD_LETTERS: usize = 3;

/// How many words a near clause may have.
const NEAR_WORDS: usize = 64;

/// What a query looks up.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) root: Option<Node>,
    pub(crate) concepts: Vec<Concept>,
    /// Words side by side in the query: they add to the score of what matches, and match nothing themselves.
    pub(crate) pairs: Vec<Pair>,
    /// Other names of what was typed.
    pub(crate) variants: Vec<Variant>,
    /// Ids that were typed: the record itself stands before all others.
    pub(crate) ids: Vec<String>,
    /// The words of the query as a title folds, where it is nothing but words and filters.
    pub(crate) title: Option<String>,
}

/// How what is looked up combines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// A concept, by its place in the plan.
    Concept(usize),
    /// A filter.
    Filter(Filter),
    /// All must match.
    All(Vec<Node>),
    /// One must match.
    Any(Vec<Node>),
    /// Must not match.
    Not(Box<Node>),
    /// All of `must` must match, and enough of `prefer`.
    Group { must: Vec<Node>, prefer: Vec<Node> },
}

/// Builds plans.
pub(crate) struct Planner<'a> {
    pub(crate) schema: &'a Arc<IndexSchema>,
    pub(crate) ranking: &'a Ranking,
    pub(crate) vocabulary: &'a Vocabulary<'a>,
    /// How far the query goes beyond what was typed.
    pub(crate) expansion: Expansion,
}

/// Where in the query a clause stands.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) area: &'a str,
    pub(super) exact: bool,
    pub(super) expansion: Expansion,
    boost: f32,
    /// Whether what matches here counts for the hit or against it.
    pub(super) negated: bool,
    /// Whether a run of words must all match.
    demanded: bool,
}

impl Planner<'_> {
    /// The plan of a query.
    ///
    /// # Errors
    /// An area nobody knows, or a pattern that stands for too many words.
    pub(crate) fn plan(&self, clause: Option<&Clause>) -> Result<Plan> {
        let mut building = Building {
            planner: self,
            analyzer: Analyzer::new(self.schema, ANALYZER)?,
            plan: Plan::default(),
            concepts: Concepts::default(),
            pairs: Pairs::default(),
            expansions: 0,
            discount: 1.0,
        };
        let expansion = self.expansion;
        let scope = Scope {
            area: DEFAULT_AREA,
            exact: false,
            expansion,
            boost: 1.0,
            negated: false,
            demanded: false,
        };
        if let Some(clause) = clause {
            building.discount = building.discount_in(clause);
            building.plan.root = building.clause(clause, scope)?;
            building.plan.title = title(clause);
        }
        let mut concepts = building.concepts.into_all();
        for concept in &mut concepts {
            for kind in Kind::ALL {
                let lookup = Lookup::of(concept, kind, &building.plan.variants);
                concept.lookups.insert(kind, lookup);
            }
        }
        Ok(Plan {
            concepts,
            pairs: building.pairs.into_all(),
            ..building.plan
        })
    }
}

/// A query of nothing but words and filters as a folded title; `None` for one word, which names a subject rather than a record.
fn title(clause: &Clause) -> Option<String> {
    let mut words = Vec::new();
    if !plain_words(clause, &mut words) {
        return None;
    }
    let title = whole_title(&words.join(" "));
    title.contains(' ').then_some(title)
}

/// Collects the words of a clause; false where there is anything but words and filters.
fn plain_words<'a>(clause: &'a Clause, words: &mut Vec<&'a str>) -> bool {
    match clause {
        Clause::Word(word) => words.push(word),
        Clause::Filter(_) => {}
        Clause::Group(parts) => return parts.iter().all(|part| plain_words(part, words)),
        _ => return false,
    }
    true
}

pub(super) struct Building<'a> {
    pub(super) planner: &'a Planner<'a>,
    pub(super) analyzer: Analyzer,
    pub(super) plan: Plan,
    pub(super) concepts: Concepts,
    pairs: Pairs,
    /// How many words its patterns stand for.
    expansions: usize,
    /// What other forms and names of its words count, as a share of what they count in a short query.
    pub(super) discount: f32,
}

/// Words of the query that are one concept, as names are looked for among them.
pub(super) struct Unit {
    /// Its place in the plan.
    pub(super) concept: usize,
    pub(super) spellings: Vec<Spelling>,
    /// Whether it carries nothing of its own.
    pub(super) weightless: bool,
    /// The bytes it was typed as.
    pub(super) range: std::ops::Range<usize>,
}

impl Building<'_> {
    /// The more words a long query has, the more of them are met by chance in another form or under
    /// another name: all of these together count what they would count in the longest of short ones.
    fn discount_in(&self, clause: &Clause) -> f32 {
        let long = self.planner.ranking.long_query;
        let mut words = Vec::new();
        if !plain_words(clause, &mut words) || words.len() <= long.words {
            return 1.0;
        }
        let words = self.analyzer.words(&words.join(" "));
        let atoms = words.iter().flat_map(Word::atoms);
        let carrying = atoms.filter(|atom| !atom.stopword);
        let different: HashSet<&str> = carrying.map(|atom| atom.term.as_str()).collect();
        let kept = different.len().min(long.keep);
        if kept <= long.words {
            return 1.0;
        }
        long.words as f32 / kept as f32
    }

    fn clause(&mut self, clause: &Clause, scope: Scope<'_>) -> Result<Option<Node>> {
        let inner = Scope {
            demanded: false,
            ..scope
        };
        match clause {
            Clause::Word(_) => self.group(std::slice::from_ref(clause), scope),
            Clause::Group(parts) => self.group(parts, scope),
            Clause::Phrase(text) => self.phrase(text, Order::Adjacent, scope),
            Clause::Near { text, distance } => self.phrase(text, Order::Near(*distance), scope),
            Clause::Wildcard(pattern) => {
                let terms = self
                    .planner
                    .vocabulary
                    .matching(pattern, &self.fields(scope)?)?;
                self.expanded(pattern, scope, terms).map(Some)
            }
            Clause::Fuzzy { word, distance } => {
                let folded = self.analyzer.words(word);
                let folded = folded.first().and_then(Word::plain);
                let word = folded.map_or(word.as_str(), |atom| atom.term.as_str());
                let terms = self
                    .planner
                    .vocabulary
                    .near(word, *distance, &self.fields(scope)?)?;
                let text = format!("{word}~{distance}");
                self.expanded(&text, scope, terms).map(Some)
            }
            Clause::Filter(filter) => Ok(Some(Node::Filter(filter.clone()))),
            Clause::Area { area, clause } => {
                let known = self.planner.ranking.area(area).ok_or_else(|| {
                    Error::new(ErrorKind::Query, format!("no area is called {area:?}"))
                })?;
                let area = known.name.as_str();
                self.clause(clause, Scope { area, ..scope })
            }
            Clause::Exact(clause) => self.clause(
                clause,
                Scope {
                    exact: true,
                    expansion: Expansion::None,
                    ..scope
                },
            ),
            Clause::Expand { level, clause } => self.clause(
                clause,
                Scope {
                    exact: false,
                    expansion: *level,
                    ..scope
                },
            ),
            Clause::Boost { boost, clause } => {
                let boost = scope.boost * boost;
                self.clause(clause, Scope { boost, ..scope })
            }
            Clause::Must(clause) => {
                let demanded = scope.demanded || clause.is_word();
                self.clause(clause, Scope { demanded, ..scope })
            }
            Clause::Not(clause) => {
                let negated = Scope {
                    negated: true,
                    ..inner
                };
                let node = self.clause(clause, negated)?;
                Ok(node.map(|node| Node::Not(Box::new(node))))
            }
            Clause::And(parts) => Ok(Some(Node::All(self.operands(parts, scope)?))),
            Clause::Or(parts) => Ok(Some(Node::Any(self.operands(parts, scope)?))),
        }
    }

    fn operands(&mut self, parts: &[Clause], scope: Scope<'_>) -> Result<Vec<Node>> {
        let demanded = Scope {
            demanded: true,
            ..scope
        };
        let mut nodes = Vec::new();
        for part in parts {
            nodes.extend(self.clause(part, demanded)?);
        }
        Ok(nodes)
    }

    pub(super) fn fields(&self, scope: Scope<'_>) -> Result<Vec<String>> {
        let area = self.planner.ranking.area(scope.area).ok_or_else(|| {
            Error::new(
                ErrorKind::Query,
                format!("no area is called {:?}", scope.area),
            )
        })?;
        Ok(area.fields.iter().map(|(name, _)| name.clone()).collect())
    }

    /// Parts side by side; words in a row are expected side by side in what is found.
    fn group(&mut self, parts: &[Clause], scope: Scope<'_>) -> Result<Option<Node>> {
        let inner = Scope {
            demanded: false,
            ..scope
        };
        let mut group = Parts::default();
        // Words in a row are read together: a number may be typed with blanks.
        let mut row = String::new();
        for part in parts {
            if let Clause::Word(text) = part {
                row.push_str(text);
                row.push(' ');
                continue;
            }
            self.words(&std::mem::take(&mut row), scope, &mut group)?;
            let node = self.clause(part, inner)?;
            match part {
                Clause::Not(_) | Clause::Must(_) => group.must.extend(node),
                part if part.is_filter() => group.must.extend(node),
                _ => group.prefer.extend(node),
            }
        }
        self.words(&row, scope, &mut group)?;
        Ok(group.node(scope.demanded))
    }

    /// Adds the concepts of words in a row, their other names, and their pairs.
    fn words(&mut self, text: &str, scope: Scope<'_>, group: &mut Parts) -> Result<()> {
        if !scope.negated {
            let numbers = self.planner.schema.identifiers.find(text).into_iter();
            self.plan
                .ids
                .extend(numbers.map(|found| found.identifier.normal));
            // An article's id is a path.
            self.plan.ids.extend(
                text.split_whitespace()
                    .filter(|w| w.contains('/'))
                    .map(str::to_owned),
            );
        }
        let mut run: Vec<Typed> = Vec::new();
        let mut units: Vec<Unit> = Vec::new();
        let mut at = 0;
        for word in self.analyzer.words(text) {
            let typed = text.get(word.range.clone()).unwrap_or(text);
            if !word.identifiers.is_empty() {
                let shape = Shape::Bag(terms_of(&word.identifiers));
                group.prefer.push(self.concept(typed, scope, shape));
                at += REACH + 1;
                continue;
            }
            // Demanded or forbidden, a compound is one word.
            let whole = scope.demanded || scope.negated || !splits(&word);
            if word.plain().is_none() && whole {
                let atoms = self.places(word.atoms(), scope)?;
                let shape = Shape::Patterns(self.spellings(&word, scope)?);
                let node = self.concept(typed, scope, shape);
                units.extend(self.unit(&node, word.atoms(), false));
                typed_at(&node, at, atoms, typed, &mut run);
                group.prefer.push(node);
                at += word.atoms().count() as u32;
                continue;
            }
            for atom in word.atoms() {
                let terms = self.forms(&atom.term, scope)?;
                let place = Place {
                    offset: 0,
                    terms: terms.clone(),
                };
                let typed = text.get(atom.range.clone()).unwrap_or(&atom.term);
                let weightless = atom.stopword && !scope.exact;
                let own = Scope {
                    boost: if weightless { 0.0 } else { scope.boost },
                    ..scope
                };
                let node = self.concept(typed, own, Shape::Bag(terms));
                units.extend(self.unit(&node, std::iter::once(atom), weightless));
                if weightless {
                    group.stopwords.push(node);
                } else {
                    typed_at(&node, at, vec![place], typed, &mut run);
                    group.prefer.push(node);
                }
                at += 1;
            }
        }
        if !scope.negated && scope.boost > 0.0 {
            self.pairs.add(&run, scope.area);
        }
        self.expand(text, &units, scope)
    }

    /// A phrase or near clause.
    fn phrase(&mut self, text: &str, order: Order, scope: Scope<'_>) -> Result<Option<Node>> {
        let words = self.analyzer.words(text);
        let Some(shape) = self.phrase_shape(&words, order, scope)? else {
            return Ok(None);
        };
        let node = self.concept(text, scope, shape);
        if order == Order::Adjacent {
            let unit = self.unit(&node, words.iter().flat_map(Word::atoms), false);
            self.expand(text, unit.as_slice(), scope)?;
        }
        Ok(Some(node))
    }

    /// How a phrase or near clause is found; `None` where nothing of it is a word.
    pub(super) fn phrase_shape(
        &self,
        words: &[Word],
        order: Order,
        scope: Scope<'_>,
    ) -> Result<Option<Shape>> {
        let mut atoms: Vec<&WordAtom> = words.iter().flat_map(Word::atoms).collect();
        // Words that carry nothing stand near everything.
        if order != Order::Adjacent && atoms.iter().any(|atom| !atom.stopword) {
            atoms.retain(|atom| !atom.stopword);
        }
        let places = self.places(atoms.into_iter(), scope)?;
        if let [word] = words
            && word.identifiers.is_empty()
            && word.plain().is_none()
        {
            return Ok(Some(Shape::Patterns(self.spellings(word, scope)?)));
        }
        if places.is_empty() {
            return Ok(None);
        }
        if let [place] = places.as_slice() {
            return Ok(Some(Shape::Bag(place.terms.clone())));
        }
        if order != Order::Adjacent && places.len() > NEAR_WORDS {
            let message = format!("at most {NEAR_WORDS} words can stand near each other");
            return Err(Error::new(ErrorKind::Query, message)
                .remedy("leave the ~ and its number out to search them side by side"));
        }
        let pattern = Pattern {
            places,
            order,
            weight: 1.0,
        };
        Ok(Some(Shape::Patterns(vec![pattern])))
    }

    /// A compound as a whole and as its atoms side by side.
    fn spellings(&self, word: &Word, scope: Scope<'_>) -> Result<Vec<Pattern>> {
        let whole = match word.parts.as_slice() {
            [part] => part.whole.as_ref(),
            _ => word.whole.as_ref(),
        };
        let mut patterns = vec![Pattern {
            places: self.places(word.atoms(), scope)?,
            order: Order::Adjacent,
            weight: 1.0,
        }];
        if let Some(whole) = whole {
            let place = Place {
                offset: 0,
                terms: self.forms(whole, scope)?,
            };
            patterns.push(Pattern {
                places: vec![place],
                order: Order::Adjacent,
                weight: 1.0,
            });
        }
        Ok(patterns)
    }

    /// Atoms side by side.
    fn places<'w>(
        &self,
        atoms: impl Iterator<Item = &'w WordAtom>,
        scope: Scope<'_>,
    ) -> Result<Vec<Place>> {
        let place = |(offset, atom): (u32, &WordAtom)| {
            let terms = self.forms(&atom.term, scope)?;
            Ok(Place { offset, terms })
        };
        (0..).zip(atoms).map(place).collect()
    }

    /// A term, and those of its other forms in the index.
    fn forms(&self, term: &str, scope: Scope<'_>) -> Result<Vec<WeightedTerm>> {
        let penalties = &self.planner.ranking.penalties;
        let mut terms = vec![WeightedTerm::new(term, penalties.typed)];
        if scope.expansion != Expansion::None {
            let weight = penalties.inflection * self.discount;
            let others = self.planner.vocabulary.other_forms(term)?.into_iter();
            terms.extend(others.map(|form| WeightedTerm::inflected(form, weight)));
        }
        Ok(terms)
    }

    /// The node of a concept, which is the one there is already if the query named it before.
    fn concept(&mut self, text: &str, scope: Scope<'_>, shape: Shape) -> Node {
        self.mention(text, scope, shape, false)
    }

    /// The node of a concept of all words that fit a pattern.
    fn expanded(&mut self, text: &str, scope: Scope<'_>, terms: Vec<WeightedTerm>) -> Result<Node> {
        self.expansions += terms.len();
        if self.expansions > QUERY_EXPANSION_LIMIT {
            let message = format!(
                "the patterns of the query stand for more than {QUERY_EXPANSION_LIMIT} words"
            );
            return Err(Error::new(ErrorKind::Query, message)
                .remedy("write more letters, or fewer patterns"));
        }
        Ok(self.mention(text, scope, Shape::Bag(terms), true))
    }

    fn mention(&mut self, text: &str, scope: Scope<'_>, shape: Shape, expanded: bool) -> Node {
        let boost = if scope.negated { 0.0 } else { scope.boost };
        Node::Concept(self.concepts.mention(Concept {
            text: text.to_owned(),
            area: scope.area.to_owned(),
            boost,
            mentions: 1,
            expanded,
            shape,
            variants: BTreeMap::new(),
            lookups: BTreeMap::new(),
        }))
    }
}

impl Plan {
    /// Names of the areas that are searched.
    pub(crate) fn areas(&self) -> impl Iterator<Item = &str> {
        let concepts = self.concepts.iter().map(|concept| concept.area.as_str());
        concepts.chain(self.pairs.iter().map(|pair| pair.area.as_str()))
    }

    /// Whether no operator demands anything of the words: some of them can be left out.
    pub(crate) fn is_plain(&self) -> bool {
        match &self.root {
            Some(Node::Group { must, prefer }) => {
                must.iter().all(|node| !node.finds())
                    && prefer.iter().all(|node| matches!(node, Node::Concept(_)))
            }
            _ => false,
        }
    }
}

/// The parts of a group, as they are collected.
#[derive(Default)]
struct Parts {
    must: Vec<Node>,
    prefer: Vec<Node>,
    stopwords: Vec<Node>,
}

impl Parts {
    fn node(mut self, demanded: bool) -> Option<Node> {
        // Words that carry nothing are searched only where nothing else is.
        if self.prefer.is_empty() && self.must.iter().all(|node| !node.finds()) {
            self.prefer = self.stopwords;
        }
        if demanded {
            self.must.append(&mut self.prefer);
        }
        match (self.must.len(), self.prefer.len()) {
            (0, 0) => None,
            (1, 0) => self.must.pop(),
            (0, 1) => self.prefer.pop(),
            (_, 0) => Some(Node::All(self.must)),
            _ => Some(Node::Group {
                must: self.must,
                prefer: self.prefer,
            }),
        }
    }
}

fn typed_at(node: &Node, at: u32, atoms: Vec<Place>, text: &str, run: &mut Vec<Typed>) {
    if let Node::Concept(concept) = node {
        run.push(Typed {
            concept: *concept,
            at,
            atoms,
            text: text.to_owned(),
        });
    }
}

/// Whether the atoms of a compound are words people would also search apart: `double-blind`, not `PD-L1`.
fn splits(word: &Word) -> bool {
    word.atoms().all(|atom| {
        let letters = atom.term.chars().all(char::is_alphabetic);
        atom.stopword || (letters && atom.term.chars().count() >= WORD_LETTERS)
    })
}

fn terms_of(identifiers: &[String]) -> Vec<WeightedTerm> {
    let terms = identifiers.iter();
    terms.map(|term| WeightedTerm::new(term, 1.0)).collect()
}
