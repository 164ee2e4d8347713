//! Words in order or near each other: documents that have them so, with what that weighs.

use super::bag::Part;
use super::field::WeightedField;
use super::pattern::{Order, Pattern, Place};
use super::place::{OpenPlace, open_all};
use super::together::{Placed, each_adjacent, near};
use super::{Matches, reading};
use crate::error::Result;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader, TERMINATED};

/// All living documents of a segment where one of the patterns occurs in one of the fields.
///
/// An occurrence of two patterns at one position is one occurrence, and counts by the better.
pub(crate) fn find(
    segment: &SegmentReader,
    fields: &[WeightedField],
    patterns: &[Pattern],
) -> Result<Matches> {
    let mut matches = Matches::default();
    for field in fields {
        let mut in_field = Matches::default();
        let lengths = reading(segment.get_fieldnorms_reader(field.field))?;
        let mut open = open(segment, field, patterns)?;
        let (mut starts, mut buffer) = (Vec::new(), Vec::new());
        let mut document = next(&mut open, 0);
        while document != TERMINATED {
            if !segment.is_deleted(document) {
                let sum = occurrences(&mut open, document, &mut starts, &mut buffer);
                if sum > 0.0 {
                    let length = lengths.fieldnorm_id(document);
                    in_field.push(document, sum * field.weight_at(length));
                }
            }
            document = next(&mut open, document + 1);
        }
        matches = matches.plus(in_field);
    }
    Ok(matches)
}

/// What the patterns weigh in each field of one document, those of one origin together.
pub(crate) fn explain(
    segment: &SegmentReader,
    document: DocId,
    fields: &[WeightedField],
    patterns: &[Pattern],
    origins: &[Option<usize>],
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        let mut open = open(segment, field, patterns)?;
        if next(&mut open, document) != document {
            continue;
        }
        let mut starts = Vec::new();
        occurrences(&mut open, document, &mut starts, &mut Vec::new());
        let length = reading(segment.get_fieldnorms_reader(field.field))?.fieldnorm_id(document);
        let origin = |start: &Start| origins.get(start.pattern).copied().flatten();
        starts.sort_by_key(origin);
        for same in starts.chunk_by(|a, b| origin(a) == origin(b)) {
            let sum: f32 = same.iter().map(|start| start.weight).sum();
            let own = same.first().and_then(&origin);
            let mut of_origin = patterns.iter().zip(origins).filter(|(_, o)| **o == own);
            parts.push(Part {
                field: place,
                origin: own,
                variant: of_origin
                    .next()
                    .map(|(p, _)| describe(p))
                    .unwrap_or_default(),
                penalty: sum / same.len() as f32,
                frequency: same.len() as f32,
                length: FieldNormReader::id_to_fieldnorm(length),
                weight: sum * field.weight_at(length),
            });
        }
    }
    Ok(parts)
}

/// An occurrence of a pattern.
#[derive(Clone, Copy)]
struct Start {
    position: u32,
    weight: f32,
    /// Its number among the patterns.
    pattern: usize,
}

/// The words of a pattern, each as typed.
fn describe(pattern: &Pattern) -> String {
    let typed = |place: &Place| place.terms.first().map(|term| term.term.clone());
    pattern
        .places
        .iter()
        .filter_map(typed)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A pattern's postings in one field.
struct Open<'a> {
    pattern: &'a Pattern,
    number: usize,
    places: Vec<OpenPlace>,
    /// The first document not yet passed that has a term at every place.
    document: DocId,
}

impl Open<'_> {
    /// Moves to the first document at or behind the target that has a term at every place.
    fn seek(&mut self, mut target: DocId) {
        if self.document >= target && self.document != 0 {
            return;
        }
        'again: loop {
            for place in &mut self.places {
                let document = place.seek(target);
                if document == TERMINATED {
                    self.document = TERMINATED;
                    return;
                }
                if document > target {
                    target = document;
                    continue 'again;
                }
            }
            self.document = target;
            return;
        }
    }
}

fn open<'a>(
    segment: &SegmentReader,
    field: &WeightedField,
    patterns: &'a [Pattern],
) -> Result<Vec<Open<'a>>> {
    let index = reading(segment.inverted_index(field.field))?;
    let mut all = Vec::new();
    for (number, pattern) in patterns.iter().enumerate() {
        let Some(mut places) = open_all(&index, field, &pattern.places)? else {
            continue;
        };
        // The rarest place leads.
        places.sort_by_key(OpenPlace::size);
        let mut open = Open {
            pattern,
            number,
            places,
            document: 0,
        };
        open.seek(0);
        all.push(open);
    }
    Ok(all)
}

/// The first document at or behind the target where all words of some pattern stand.
fn next(open: &mut [Open<'_>], target: DocId) -> DocId {
    let mut first = TERMINATED;
    for one in open {
        one.seek(target);
        first = first.min(one.document);
    }
    first
}

/// What all occurrences in a document count together; `starts` receives their places, `buffer` is any.
fn occurrences(
    open: &mut [Open<'_>],
    document: DocId,
    starts: &mut Vec<Start>,
    buffer: &mut Vec<u32>,
) -> f32 {
    starts.clear();
    for one in open.iter_mut().filter(|one| one.document == document) {
        for place in &mut one.places {
            place.read(document, buffer);
        }
        let mut found = |position, own: f32| {
            starts.push(Start {
                position,
                weight: own * one.pattern.weight,
                pattern: one.number,
            });
        };
        let places = one.places.iter().map(OpenPlace::placed);
        match one.pattern.order {
            Order::Adjacent => each_adjacent(places, found),
            Order::Near(distance) => {
                let places: Vec<Placed<'_>> = places.collect();
                let near = near(&places, distance).into_iter();
                near.for_each(|(position, own)| found(position, own));
            }
        }
    }
    let order = |a: &Start, b: &Start| {
        let by_weight = b.weight.total_cmp(&a.weight);
        a.position.cmp(&b.position).then(by_weight)
    };
    starts.sort_by(order);
    starts.dedup_by_key(|start| start.position);
    starts.iter().map(|start| start.weight).sum()
}
