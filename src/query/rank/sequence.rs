//! Words in order or near each other: documents that have them so, with what that weighs.

use super::bag::{Part, WeightedTerm};
use super::field::WeightedField;
use super::{Matches, reading};
use crate::error::Result;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

/// Words that belong together: what may stand at each place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    pub(crate) places: Vec<Place>,
    pub(crate) order: Order,
    /// What one occurrence counts.
    pub(crate) weight: f32,
}

/// A place of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// How many positions behind the first place it stands.
    pub(crate) offset: u32,
    /// The terms that may stand there.
    pub(crate) terms: Vec<WeightedTerm>,
}

/// How the places stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Each exactly at its offset.
    Adjacent,
    /// In any order, with at most so many other words between them.
    Near(u32),
}

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
        let mut starts = Vec::new();
        let mut document = next(&mut open, 0);
        while document != TERMINATED {
            if !segment.is_deleted(document) {
                let sum = occurrences(&mut open, document, &mut starts);
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

/// What the patterns weigh in each field of one document.
pub(crate) fn explain(
    segment: &SegmentReader,
    document: DocId,
    fields: &[WeightedField],
    patterns: &[Pattern],
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        let mut open = open(segment, field, patterns)?;
        if next(&mut open, document) != document {
            continue;
        }
        let mut starts = Vec::new();
        let sum = occurrences(&mut open, document, &mut starts);
        if sum <= 0.0 {
            continue;
        }
        let length = reading(segment.get_fieldnorms_reader(field.field))?.fieldnorm_id(document);
        parts.push(Part {
            field: place,
            variant: describe(patterns),
            penalty: sum / starts.len().max(1) as f32,
            frequency: starts.len() as f32,
            length: FieldNormReader::id_to_fieldnorm(length),
            weight: sum * field.weight_at(length),
        });
    }
    Ok(parts)
}

/// The words of the first pattern, each as typed.
fn describe(patterns: &[Pattern]) -> String {
    let typed = |place: &Place| place.terms.first().map(|term| term.term.clone());
    let places = patterns.first().into_iter().flat_map(|p| &p.places);
    places.filter_map(typed).collect::<Vec<_>>().join(" ")
}

/// A pattern's postings in one field.
struct Open<'a> {
    pattern: &'a Pattern,
    places: Vec<OpenPlace>,
    /// The first document not yet passed that has a term at every place.
    document: DocId,
}

struct OpenPlace {
    offset: u32,
    lists: Vec<(SegmentPostings, f32)>,
}

impl OpenPlace {
    /// The first document at or behind the target that has one of the terms.
    fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for (postings, _) in &mut self.lists {
            if postings.doc() < target {
                postings.seek(target);
            }
            first = first.min(postings.doc());
        }
        first
    }

    /// Positions in the document with the weight of the term there, in order.
    fn positions(&mut self, document: DocId, buffer: &mut Vec<u32>) -> Vec<(u32, f32)> {
        let mut all: Vec<(u32, f32)> = Vec::new();
        for (postings, weight) in &mut self.lists {
            if postings.doc() == document {
                postings.positions(buffer);
                all.extend(buffer.iter().map(|&position| (position, *weight)));
            }
        }
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        all.dedup_by_key(|(position, _)| *position);
        all
    }
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
    for pattern in patterns {
        let mut places = Vec::new();
        for place in &pattern.places {
            let mut lists = Vec::new();
            for WeightedTerm { term, weight } in &place.terms {
                let term = Term::from_field_text(field.field, term);
                let option = IndexRecordOption::WithFreqsAndPositions;
                let postings = index.read_postings(&term, option);
                if let Some(postings) = reading(postings.map_err(Into::into))? {
                    lists.push((postings, *weight));
                }
            }
            let offset = place.offset;
            places.push(OpenPlace { offset, lists });
        }
        if places.is_empty() || places.iter().any(|place| place.lists.is_empty()) {
            continue;
        }
        // The rarest place leads.
        places.sort_by_key(|place| {
            let sizes = place.lists.iter().map(|(postings, _)| postings.size_hint());
            sizes.sum::<u32>()
        });
        let mut open = Open {
            pattern,
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

/// What all occurrences in a document count together; `starts` receives their places.
fn occurrences(open: &mut [Open<'_>], document: DocId, starts: &mut Vec<(u32, f32)>) -> f32 {
    starts.clear();
    let mut buffer = Vec::new();
    for one in open.iter_mut().filter(|one| one.document == document) {
        let weight = one.pattern.weight;
        let order = one.pattern.order;
        let places: Vec<(u32, Vec<(u32, f32)>)> = one
            .places
            .iter_mut()
            .map(|place| (place.offset, place.positions(document, &mut buffer)))
            .collect();
        let found = match order {
            Order::Adjacent => adjacent(&places),
            Order::Near(distance) => near(&places, distance),
        };
        starts.extend(found.into_iter().map(|(start, own)| (start, own * weight)));
    }
    starts.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    starts.dedup_by_key(|(start, _)| *start);
    starts.iter().map(|(_, weight)| weight).sum()
}

/// Starts of the occurrences where every place stands at its offset.
pub(crate) fn adjacent(places: &[(u32, Vec<(u32, f32)>)]) -> Vec<(u32, f32)> {
    let Some(((lead, leading), others)) = places.split_first() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    'next: for &(position, weight) in leading {
        let Some(start) = position.checked_sub(*lead) else {
            continue;
        };
        let mut product = weight;
        for (offset, positions) in others {
            let wanted = start + offset;
            match positions.binary_search_by_key(&wanted, |&(position, _)| position) {
                Ok(at) => product *= positions.get(at).map_or(0.0, |&(_, weight)| weight),
                Err(_) => continue 'next,
            }
        }
        found.push((start, product));
    }
    found
}

/// Starts of the shortest stretches, none overlapping, that hold every place with at most so many
/// other words.
pub(crate) fn near(places: &[(u32, Vec<(u32, f32)>)], distance: u32) -> Vec<(u32, f32)> {
    let mut all: Vec<(u32, usize, f32)> = Vec::new();
    for (place, (_, positions)) in places.iter().enumerate() {
        all.extend(
            positions
                .iter()
                .map(|&(position, weight)| (position, place, weight)),
        );
    }
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let widest = distance + places.len() as u32;
    // The last occurrence of every place: a stretch ends here if all of them are near enough.
    let mut last: Vec<Option<(u32, f32)>> = vec![None; places.len()];
    let mut found = Vec::new();
    for (position, place, weight) in all {
        if let Some(slot) = last.get_mut(place) {
            *slot = Some((position, weight));
        }
        let Some(complete) = last.iter().copied().collect::<Option<Vec<_>>>() else {
            continue;
        };
        let start = complete
            .iter()
            .map(|&(position, _)| position)
            .min()
            .unwrap_or(position);
        let distinct = {
            let mut positions: Vec<u32> = complete.iter().map(|&(position, _)| position).collect();
            positions.sort_unstable();
            positions.dedup();
            positions.len() == complete.len()
        };
        if position - start < widest && distinct {
            found.push((start, complete.iter().map(|&(_, weight)| weight).product()));
            last.iter_mut().for_each(|slot| *slot = None);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(positions: &[(u32, &[u32])]) -> Vec<(u32, Vec<(u32, f32)>)> {
        let weighted = |list: &[u32]| list.iter().map(|&p| (p, 1.0)).collect();
        positions
            .iter()
            .map(|&(offset, list)| (offset, weighted(list)))
            .collect()
    }

    fn starts(found: Vec<(u32, f32)>) -> Vec<u32> {
        found.into_iter().map(|(start, _)| start).collect()
    }

    #[test]
    fn adjacent_words_stand_at_their_offsets_whichever_leads() {
        let words = places(&[(1, &[11, 21, 30]), (0, &[10, 20, 31])]);
        assert_eq!(starts(adjacent(&words)), [10, 20]);
        assert!(adjacent(&places(&[(5, &[2]), (0, &[0])])).is_empty());
    }

    #[test]
    fn near_words_stand_in_any_order_with_so_many_between() {
        let words = places(&[(0, &[10, 50]), (1, &[7, 44])]);
        assert_eq!(starts(near(&words, 2)), [7]);
        assert_eq!(starts(near(&words, 5)), [7, 44]);
        assert!(near(&words, 1).is_empty());
    }

    #[test]
    fn one_word_is_not_near_itself() {
        assert!(near(&places(&[(0, &[10]), (1, &[10])]), 5).is_empty());
        let twice = places(&[(0, &[10, 12]), (1, &[10, 12])]);
        assert_eq!(starts(near(&twice, 5)), [10]);
    }
}
