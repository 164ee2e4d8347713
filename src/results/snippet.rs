//! The passage that shows best why a record was found.

use super::OtherName;
use crate::analysis::{Analyzer, Token, TokenKind};
use crate::error::Result;
use crate::index::texts;
use crate::query::rank::variant::Variant;
use crate::query::rank::{Answer, Finder, Sighting};
use crate::record::{Kind, Record};
use crate::schema::identifiers::Identifiers;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Bytes a passage has at most, about three lines of a terminal.
const PASSAGE: usize = 260;

/// What a passage of the title is worth against another: it is shown anyway.
const TITLE: f64 = 0.01;

/// What a passage of a field of numbers is worth against another: it says little.
const NUMBER: f64 = 0.02;

/// How far the ends of a passage are moved to stand between words.
const SLACK: usize = 24;

/// A passage of a field with the words that were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Snippet {
    /// Name of the field.
    pub field: String,
    /// Which of the field's values, counted from 0.
    pub value: usize,
    /// Byte of the value where the passage begins.
    pub offset: usize,
    /// The passage, blanks as in the record.
    pub text: String,
    /// Bytes of `text` that were found, in order.
    pub highlights: Vec<Range<usize>>,
    /// Whether the value goes on before and after the passage.
    pub cut: [bool; 2],
}

/// What is shown of a record.
#[derive(Default)]
pub(super) struct Excerpt {
    pub(super) matched: Vec<String>,
    pub(super) other_names: Vec<OtherName>,
    pub(super) snippet: Option<Snippet>,
}

/// Makes the excerpts of one answer.
pub(super) struct Excerpts<'a> {
    variants: &'a [Variant],
    finders: HashMap<Kind, Vec<(FieldView<'a>, Finder<'a>)>>,
}

/// A field as excerpts see it.
struct FieldView<'a> {
    name: String,
    analyzer: Analyzer,
    identifiers: &'a Identifiers,
    /// Whether a whole value is one token.
    whole: bool,
    /// What a passage of it is worth against one of another field.
    worth: f64,
}

/// A found word in a value.
#[derive(Clone, Debug)]
struct Mark {
    range: Range<usize>,
    concept: usize,
    /// The other name it was found by, by its place in the plan.
    origin: Option<usize>,
    worth: f64,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(answer: &'a Answer<'a>) -> Result<Self> {
        let schema = answer.snapshot.shared_schema();
        let mut finders = HashMap::new();
        for kind in Kind::ALL {
            let mut fields = Vec::new();
            for finder in answer.finders(kind) {
                let known = schema.fields.get(finder.field());
                let Some(analyzer) = known.and_then(|field| field.analyzer.as_deref()) else {
                    continue;
                };
                let whole = schema.analyzers.get(analyzer).is_some_and(|a| a.whole);
                let view = FieldView {
                    name: finder.field().to_owned(),
                    whole,
                    analyzer: Analyzer::new(schema, analyzer)?,
                    identifiers: &schema.identifiers,
                    worth: f64::from(finder.boost()).sqrt() * if whole { NUMBER } else { 1.0 },
                };
                fields.push((view, finder));
            }
            finders.insert(kind, fields);
        }
        Ok(Excerpts {
            variants: &answer.plan.variants,
            finders,
        })
    }

    /// Fields that match, and the best passage; a title is shown only where nothing else matches.
    pub(super) fn of(&self, record: &Record) -> Excerpt {
        let mut excerpt = Excerpt::default();
        let mut best: Option<(f64, Snippet)> = None;
        let title = record.title().unwrap_or_default();
        let mut sightings = BTreeSet::new();
        for (view, finder) in self.finders.get(&record.kind()).into_iter().flatten() {
            let mut matched = false;
            for (number, value) in texts(record, &view.name).iter().enumerate() {
                let marks = marks(view, finder, value);
                if marks.is_empty() {
                    continue;
                }
                matched = true;
                sightings.extend(marks.iter().map(|mark| (mark.concept, mark.origin)));
                let known = if value.as_ref() == title { TITLE } else { 1.0 };
                let (worth, snippet) = passage(view, number, value, marks);
                let worth = worth * view.worth * known;
                if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                    best = Some((worth, snippet));
                }
            }
            if matched {
                excerpt.matched.push(view.name.clone());
            }
        }
        excerpt.other_names = self.needed_names(&sightings);
        excerpt.snippet = best.map(|(_, snippet)| snippet);
        excerpt
    }
}

impl Excerpts<'_> {
    /// The other names by which words were found that do not stand in the record as typed.
    fn needed_names(&self, sightings: &BTreeSet<(usize, Option<usize>)>) -> Vec<OtherName> {
        let needed = sightings.iter().filter_map(|(concept, origin)| {
            let as_typed = sightings.contains(&(*concept, None));
            origin.filter(|_| !as_typed)
        });
        let places: BTreeSet<usize> = needed.collect();
        let variants = places
            .into_iter()
            .filter_map(|place| self.variants.get(place));
        variants.map(OtherName::of).collect()
    }
}

/// The words of a value that were found, in order.
fn marks(view: &FieldView<'_>, finder: &Finder<'_>, value: &str) -> Vec<Mark> {
    let mut sighting = Sighting::default();
    let mut ranges: Vec<(usize, Range<usize>)> = Vec::new();
    let mut numbers = false;
    view.analyzer.tokens(value, |token: Token<'_>| {
        if finder.see(&mut sighting, token.text, token.position) {
            numbers |= token.kind == TokenKind::Identifier;
            // The token of a whole value stands at its first letters, too.
            let whole = view.whole && token.kind == TokenKind::Whole && token.position == 0;
            let end = if whole {
                value.trim_end().len()
            } else {
                token.range.end
            };
            ranges.push((token.position, token.range.start..end));
        }
    });
    if numbers {
        // The token of a number stands at its first letters: the whole number is marked.
        for number in view.identifiers.find(value) {
            for (_, range) in &mut ranges {
                if number.range.start == range.start {
                    range.end = number.range.end;
                }
            }
        }
    }
    let mut marks = Vec::new();
    for found in finder.end(sighting) {
        let at = ranges
            .iter()
            .filter(|(position, _)| *position == found.position);
        let widest = at.map(|(_, range)| range.clone()).max_by_key(Range::len);
        marks.extend(widest.map(|range| Mark {
            range,
            concept: found.concept,
            origin: found.origin,
            worth: found.worth,
        }));
    }
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
    marks
}

/// The stretch with the most of the query, and what that is worth.
fn passage(view: &FieldView<'_>, number: usize, value: &str, marks: Vec<Mark>) -> (f64, Snippet) {
    let (mut worth, mut first, mut last) = (-1.0, 0, 0);
    for (start, mark) in marks.iter().enumerate() {
        let end = mark.range.start + PASSAGE - SLACK * 2;
        let within = marks.iter().skip(start).take_while(|m| m.range.end <= end);
        let within: Vec<&Mark> = within.collect();
        let sum = stretch_worth(&within);
        if sum > worth {
            (worth, first, last) = (sum, start, start + within.len().max(1) - 1);
        }
    }
    let ends = marks.get(first).zip(marks.get(last));
    let core = ends.map_or(0..0, |(a, b)| a.range.start..b.range.end.max(a.range.end));
    let range = widen(value, core);
    let text = value.get(range.clone()).unwrap_or_default();
    let inside = |mark: &&Mark| range.start <= mark.range.start && mark.range.end <= range.end;
    let mut highlights: Vec<Range<usize>> = Vec::new();
    for mark in marks.iter().filter(inside) {
        let own = mark.range.start - range.start..mark.range.end - range.start;
        match highlights.last_mut() {
            Some(last) if own.start <= last.end => last.end = last.end.max(own.end),
            _ => highlights.push(own),
        }
    }
    let snippet = Snippet {
        field: view.name.clone(),
        value: number,
        offset: range.start,
        text: text.to_owned(),
        highlights,
        cut: [range.start > 0, range.end < value.len()],
    };
    (worth, snippet)
}

/// Each concept counts once, seen again a little.
fn stretch_worth(marks: &[&Mark]) -> f64 {
    let mut seen: HashMap<usize, u32> = HashMap::new();
    let mut sum = 0.0;
    for mark in marks {
        let times = seen.entry(mark.concept).or_default();
        *times += 1;
        sum += mark.worth / f64::from(*times * *times);
    }
    sum
}

/// A stretch with its surroundings, from one space between words to another.
fn widen(value: &str, core: Range<usize>) -> Range<usize> {
    let room = PASSAGE.saturating_sub(core.len());
    let before = (room / 3).min(core.start);
    let mut start = core.start - before;
    let mut end = (core.end + room - before).min(value.len());
    // Near the end of the value the room left over goes to the front.
    start -= (PASSAGE.saturating_sub(end - start)).min(start);
    start = value.floor_char_boundary(start);
    end = value.floor_char_boundary(end);
    if start > 0 {
        let head = value.get(start..core.start).unwrap_or_default();
        if let Some(blank) = head.find(char::is_whitespace).filter(|at| *at <= SLACK) {
            start += blank;
        }
    }
    if end < value.len() {
        let tail = value.get(core.end..end).unwrap_or_default();
        if let Some(blank) = tail
            .rfind(char::is_whitespace)
            .filter(|at| tail.len() - at <= SLACK)
        {
            end = core.end + blank;
        }
    }
    let text = value.get(start..end).unwrap_or_default();
    let lead = text.len() - text.trim_start().len();
    let trail = text.len() - text.trim_end().len();
    let (start, end) = (start + lead, end - trail);
    start.min(core.start)..end.max(core.end)
}
