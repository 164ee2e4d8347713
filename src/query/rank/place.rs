//! The places of a pattern opened in one field: in which documents their terms stand, and where.

use super::field::WeightedField;
use super::pattern::Place;
use super::reading;
use super::together::Placed;
use crate::error::Result;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, TERMINATED};

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

    /// How many postings there are.
    pub(super) fn size(&self) -> u32 {
        let sizes = self.lists.iter();
        sizes.map(|(postings, _)| postings.size_hint()).sum()
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
