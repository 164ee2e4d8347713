//! Words typed side by side: a phrase nobody quoted, which adds to what its words score.
//!
//! A pair has no documents of its own: it counts in documents that have both its words, and is
//! taken to be as rare as they are on average. So it never adds more than a known share of what
//! its words add, and positions are read only where that could change the first hits.

use super::bag::Part;
use super::field::WeightedField;
use super::pattern::Place;
use super::place::{OpenPlace, open_all};
use super::reading;
use super::together::{Placed, adjacent};
use crate::error::Result;
use crate::schema::ranking::Ranking;
use std::collections::HashSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader};

/// How many places apart two words of a query may be typed to be expected side by side.
pub(super) const REACH: u32 = 3;

/// A word of a run of words: its concept, and where it was typed.
pub(super) struct Typed {
    pub(super) concept: usize,
    /// Where its first atom stands in the run.
    pub(super) at: u32,
    pub(super) atoms: Vec<Place>,
    pub(super) text: String,
}

/// Two concepts typed side by side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) text: String,
    pub(crate) area: String,
    /// Their atoms, as far from each other as they were typed.
    places: Vec<Place>,
}

/// What words near each other count that do not stand as they were typed.
#[derive(Clone, Copy)]
pub(super) struct Apart {
    /// How many words may stand between them.
    slop: u32,
    penalty: f32,
}

impl Apart {
    pub(super) fn of(ranking: &Ranking) -> Self {
        Apart {
            slop: ranking.phrase.slop,
            penalty: ranking.penalties.relaxed_phrase,
        }
    }
}

/// The pairs of a query while it is read, each once.
#[derive(Default)]
pub(super) struct Pairs {
    all: Vec<Pair>,
    /// The concepts of each.
    known: HashSet<(usize, usize)>,
}

impl Pairs {
    /// Adds the pairs of a run of words.
    pub(super) fn add(&mut self, run: &[Typed], area: &str) {
        for pair in run.windows(2) {
            let [first, second] = pair else { continue };
            let apart = second.at.saturating_sub(first.at);
            if first.concept == second.concept
                || apart > REACH + first.atoms.len() as u32
                || !self.known.insert((first.concept, second.concept))
            {
                continue;
            }
            let shifted = |place: &Place| Place {
                offset: place.offset + apart,
                ..place.clone()
            };
            let places = first.atoms.iter().cloned();
            self.all.push(Pair {
                first: first.concept,
                second: second.concept,
                text: format!("{} {}", first.text, second.text),
                area: area.to_owned(),
                places: places.chain(second.atoms.iter().map(shifted)).collect(),
            });
        }
    }

    pub(super) fn into_all(self) -> Vec<Pair> {
        self.all
    }
}

/// What a pair weighs in some documents of a segment, which are given in order.
pub(super) fn weigh(
    segment: &SegmentReader,
    fields: &[WeightedField],
    pair: &Pair,
    apart: Apart,
    documents: &[DocId],
) -> Result<Vec<f32>> {
    let mut weights = vec![0.0; documents.len()];
    for field in fields {
        let Some(mut open) = OpenPair::open(segment, field, pair, apart)? else {
            continue;
        };
        for (document, weight) in documents.iter().zip(&mut weights) {
            let occurrences = open.occurrences(*document);
            if occurrences > 0.0 {
                *weight += occurrences * field.weight_at(open.lengths.fieldnorm_id(*document));
            }
        }
    }
    Ok(weights)
}

/// What a pair weighs in each field of one document.
pub(super) fn explain(
    segment: &SegmentReader,
    document: DocId,
    fields: &[WeightedField],
    pair: &Pair,
    apart: Apart,
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        let Some(mut open) = OpenPair::open(segment, field, pair, apart)? else {
            continue;
        };
        let occurrences = open.occurrences(document);
        if occurrences <= 0.0 {
            continue;
        }
        let length = open.lengths.fieldnorm_id(document);
        parts.push(Part {
            field: place,
            origin: None,
            variant: pair.text.clone(),
            penalty: 1.0,
            frequency: occurrences,
            length: FieldNormReader::id_to_fieldnorm(length),
            weight: occurrences * field.weight_at(length),
        });
    }
    Ok(parts)
}

/// A pair's postings in one field.
struct OpenPair {
    places: Vec<OpenPlace>,
    lengths: FieldNormReader,
    apart: Apart,
    buffer: Vec<u32>,
}

impl OpenPair {
    /// `None` where a word does not stand in the field at all.
    fn open(
        segment: &SegmentReader,
        field: &WeightedField,
        pair: &Pair,
        apart: Apart,
    ) -> Result<Option<Self>> {
        let index = reading(segment.inverted_index(field.field))?;
        let Some(places) = open_all(&index, field, &pair.places)? else {
            return Ok(None);
        };
        Ok(Some(OpenPair {
            places,
            lengths: reading(segment.get_fieldnorms_reader(field.field))?,
            apart,
            buffer: Vec::new(),
        }))
    }

    /// How often the pair stands in a document: apart counts less. Never more often than its words.
    fn occurrences(&mut self, document: DocId) -> f32 {
        if !self.places.iter_mut().all(|p| p.seek(document) == document) {
            return 0.0;
        }
        for place in &mut self.places {
            place.read(document, &mut self.buffer);
        }
        let places: Vec<Placed<'_>> = self.places.iter().map(OpenPlace::placed).collect();
        let together = adjacent(&places);
        let sum = together.iter().map(|(_, weight)| weight).sum();
        match places.as_slice() {
            [(_, first), (offset, second)] => {
                let taken: Vec<u32> = together.into_iter().map(|(start, _)| start).collect();
                sum + self.apart.penalty * near(first, second, *offset, &taken, self.apart.slop)
            }
            // The parts of a compound belong together.
            _ => sum,
        }
    }
}

/// What words near each other weigh, in any order, that are not among those that stand as typed;
/// each occurrence of either serves once.
fn near(first: &[(u32, f32)], second: &[(u32, f32)], offset: u32, taken: &[u32], slop: u32) -> f32 {
    let free_first = first.iter().filter(|(at, _)| !taken.contains(at));
    let is_free = |at: u32| at.checked_sub(offset).is_none_or(|at| !taken.contains(&at));
    let mut free_second = second.iter().filter(|(at, _)| is_free(*at)).peekable();
    let mut sum = 0.0;
    for (at, weight) in free_first {
        while free_second
            .peek()
            .is_some_and(|(other, _)| other + slop + 1 < *at)
        {
            free_second.next();
        }
        let close = |other: u32| other != *at && other.abs_diff(*at) <= slop + 1;
        if let Some((_, other)) = free_second.next_if(|(other, _)| close(*other)) {
            sum += weight * other;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near_words(first: &[u32], second: &[u32], taken: &[u32]) -> f32 {
        let all = |list: &[u32]| list.iter().map(|&at| (at, 1.0)).collect::<Vec<_>>();
        near(&all(first), &all(second), 1, taken, 2)
    }

    #[test]
    fn words_near_each_other_count_in_any_order() {
        assert_eq!(near_words(&[10], &[13], &[]), 1.0);
        assert_eq!(near_words(&[13], &[10], &[]), 1.0);
        assert_eq!(near_words(&[10], &[14], &[]), 0.0);
    }

    #[test]
    fn no_word_serves_twice() {
        assert_eq!(near_words(&[10, 11, 12], &[13], &[]), 1.0);
        assert_eq!(near_words(&[10, 20], &[12, 22, 23], &[]), 2.0);
        // 10 11 stand as typed.
        assert_eq!(near_words(&[10, 12], &[11], &[10]), 0.0);
        assert_eq!(near_words(&[10], &[10], &[]), 0.0);
    }
}
