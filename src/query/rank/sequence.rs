//! Words in order or near each other: documents that have them so, with what that weighs.

use super::bag::{Part, WeightedTerm};
use super::field::WeightedField;
use super::{Matches, reading};
use crate::error::Result;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

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

/// The postings of the terms that may stand at a place.
pub(super) struct OpenPlace {
    offset: u32,
    lists: Vec<(SegmentPostings, f32)>,
    /// Where they stand in the document read last.
    positions: Vec<(u32, f32)>,
}

/// A term that may stand at a place, found in the dictionary of a field.
struct Listed {
    info: TermInfo,
    weight: f32,
}

impl Listed {
    /// The terms of a place that stand in a field.
    fn look_up(
        index: &InvertedIndexReader,
        field: &WeightedField,
        place: &Place,
    ) -> Result<Vec<Self>> {
        let mut listed = Vec::new();
        for term in &place.terms {
            let info = term.look_up(index, field)?;
            let weight = term.weight;
            listed.extend(info.map(|info| Listed { info, weight }));
        }
        Ok(listed)
    }
}

/// The offset of a place, and where its terms stand in a document, in order, with their weights.
pub(super) type Placed<'a> = (u32, &'a [(u32, f32)]);

impl OpenPlace {
    fn open(index: &InvertedIndexReader, offset: u32, terms: &[Listed]) -> Result<Self> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let lists = terms.iter().map(|Listed { info, weight }| {
            let postings = index.read_postings_from_terminfo(info, option);
            Ok((reading(postings.map_err(Into::into))?, *weight))
        });
        Ok(OpenPlace {
            offset,
            lists: lists.collect::<Result<_>>()?,
            positions: Vec::new(),
        })
    }

    /// The first document at or behind the target that has one of the terms.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for (postings, _) in &mut self.lists {
            if postings.doc() < target {
                postings.seek(target);
            }
            first = first.min(postings.doc());
        }
        first
    }

    /// Reads the positions in a document; of two terms at one the weightier counts.
    pub(super) fn read(&mut self, document: DocId, buffer: &mut Vec<u32>) {
        let all = &mut self.positions;
        all.clear();
        let mut lists = 0;
        for (postings, weight) in &mut self.lists {
            if postings.doc() == document {
                postings.positions(buffer);
                all.extend(buffer.iter().map(|&position| (position, *weight)));
                lists += 1;
            }
        }
        if lists > 1 {
            all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        }
        // A compound and its first part can be two forms of one word.
        all.dedup_by_key(|(position, _)| *position);
    }

    /// What was read last.
    pub(super) fn placed(&self) -> Placed<'_> {
        (self.offset, &self.positions)
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
    for (number, pattern) in patterns.iter().enumerate() {
        let Some(mut places) = open_all(&index, field, &pattern.places)? else {
            continue;
        };
        // The rarest place leads.
        places.sort_by_key(|place| {
            let sizes = place.lists.iter().map(|(postings, _)| postings.size_hint());
            sizes.sum::<u32>()
        });
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

/// The postings of some places; `None` where one of them has none, or there are no places.
pub(super) fn open_all(
    index: &InvertedIndexReader,
    field: &WeightedField,
    places: &[Place],
) -> Result<Option<Vec<OpenPlace>>> {
    let mut listed = Vec::new();
    // Most names stand in few fields: dictionaries are asked for all words before postings are opened.
    for place in places {
        let terms = Listed::look_up(index, field, place)?;
        if terms.is_empty() {
            return Ok(None);
        }
        listed.push(terms);
    }
    let both = places.iter().zip(listed);
    let open = both.map(|(place, terms)| OpenPlace::open(index, place.offset, &terms));
    let open: Vec<OpenPlace> = open.collect::<Result<_>>()?;
    Ok((!open.is_empty()).then_some(open))
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

/// Starts of the occurrences where every place stands at its offset.
pub(super) fn adjacent(places: &[Placed<'_>]) -> Vec<(u32, f32)> {
    let mut found = Vec::new();
    each_adjacent(places.iter().copied(), |start, weight| {
        found.push((start, weight));
    });
    found
}

/// Hands out the starts of the occurrences where every place stands at its offset, with their weights.
fn each_adjacent<'p>(
    mut places: impl Iterator<Item = Placed<'p>> + Clone,
    mut found: impl FnMut(u32, f32),
) {
    let Some((lead, leading)) = places.next() else {
        return;
    };
    'next: for &(position, weight) in leading {
        let Some(start) = position.checked_sub(lead) else {
            continue;
        };
        let mut product = weight;
        for (offset, positions) in places.clone() {
            let wanted = start + offset;
            match positions.binary_search_by_key(&wanted, |&(position, _)| position) {
                Ok(at) => product *= positions.get(at).map_or(0.0, |&(_, weight)| weight),
                Err(_) => continue 'next,
            }
        }
        found(start, product);
    }
}

/// Starts of the shortest stretches, none overlapping, that hold every place with at most so many
/// other words.
pub(super) fn near(places: &[Placed<'_>], distance: u32) -> Vec<(u32, f32)> {
    let mut stands: Vec<Stand> = Vec::new();
    for (place, (_, positions)) in places.iter().enumerate() {
        let here = positions.iter();
        stands.extend(here.map(|&(position, weight)| (position, place, weight)));
    }
    stands.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let positions: Vec<&[Stand]> = stands.chunk_by(|a, b| a.0 == b.0).collect();
    let at = |index: usize| {
        let stand = positions.get(index).and_then(|here| here.first());
        stand.map_or(0, |&(position, _, _)| position)
    };
    let widest = distance.saturating_add(places.len() as u32);
    let mut from = 0;
    let mut found = Vec::new();
    for end in 0..positions.len() {
        while at(end) - at(from) >= widest {
            from += 1;
        }
        let stretch = positions.get(from..=end).unwrap_or_default();
        if let Some(taken) = take(stretch, places.len()) {
            let start = taken.iter().map(|&(position, _)| position).min();
            let weight = taken.iter().map(|&(_, weight)| weight).product();
            found.push((start.unwrap_or(0), weight));
            from = end + 1;
        }
    }
    found
}

/// A word that could serve a place: its position, the place, its weight there.
type Stand = (u32, usize, f32);

/// A position of its own for each of so many places, the last that can serve it; `None` where
/// there are not enough.
fn take(stretch: &[&[Stand]], places: usize) -> Option<Vec<(u32, f32)>> {
    if stretch.len() < places {
        return None;
    }
    // By place: the index of the position it has.
    let mut taken: Vec<Option<usize>> = vec![None; places];
    for place in 0..places {
        let mut tried = vec![false; stretch.len()];
        if !serve(place, stretch, &mut taken, &mut tried) {
            return None;
        }
    }
    let of = |(place, at): (usize, Option<usize>)| {
        let here = stretch.get(at?)?;
        let stand = here.iter().find(|(_, own, _)| *own == place)?;
        Some((stand.0, stand.2))
    };
    taken.into_iter().enumerate().map(of).collect()
}

/// Gives a place a position, moving others to another of theirs if need be: an augmenting path.
fn serve(
    place: usize,
    stretch: &[&[Stand]],
    taken: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    let serves = |here: &&[Stand]| here.iter().any(|(_, own, _)| *own == place);
    for (at, _) in stretch
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, here)| serves(here))
    {
        match tried.get_mut(at) {
            Some(tried) if !*tried => *tried = true,
            _ => continue,
        }
        let holder = taken.iter().position(|own| *own == Some(at));
        if holder.is_none_or(|holder| serve(holder, stretch, taken, tried)) {
            if let Some(slot) = taken.get_mut(place) {
                *slot = Some(at);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    type Positions = Vec<(u32, Vec<(u32, f32)>)>;

    fn places(positions: &[(u32, &[u32])]) -> Positions {
        let weighted = |list: &[u32]| list.iter().map(|&p| (p, 1.0)).collect();
        positions
            .iter()
            .map(|&(offset, list)| (offset, weighted(list)))
            .collect()
    }

    fn placed(positions: &Positions) -> Vec<Placed<'_>> {
        positions
            .iter()
            .map(|(offset, list)| (*offset, list.as_slice()))
            .collect()
    }

    fn adjacent(positions: &Positions) -> Vec<(u32, f32)> {
        super::adjacent(&placed(positions))
    }

    fn near(positions: &Positions, distance: u32) -> Vec<(u32, f32)> {
        super::near(&placed(positions), distance)
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
        // "cell cell stem" in "cell cell stem": the last "cell" cannot serve twice.
        let thrice = places(&[(0, &[10, 11]), (1, &[10, 11]), (2, &[12])]);
        assert_eq!(starts(near(&thrice, 0)), [10]);
    }
}
