//! Words without order: every document that has one of some terms, with what they weigh there.

use super::field::WeightedField;
use super::otherwise::Otherwise;
use super::{Matches, reading};
use crate::error::Result;
use crate::index::{DocSet, bits};
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, SegmentReader, Term};

/// Documents scored at a time: their weights stay in the fastest cache.
const WINDOW: usize = 4_096;

/// What finding a document in postings costs, in postings gone through one after another.
const SEEK: u64 = 16;

/// A term and what one occurrence of it counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WeightedTerm {
    pub(crate) term: String,
    pub(crate) weight: f32,
    /// Whether it is another form of a typed word, looked for only in fields whose words have forms.
    pub(crate) inflected: bool,
    /// Documents it is passed over in.
    pub(crate) unless: Option<Arc<Otherwise>>,
}

impl WeightedTerm {
    /// A term that is looked for in all fields.
    pub(crate) fn new(term: impl Into<String>, weight: f32) -> Self {
        WeightedTerm {
            term: term.into(),
            weight,
            inflected: false,
            unless: None,
        }
    }

    /// Another form of a typed word.
    pub(super) fn inflected(term: impl Into<String>, weight: f32) -> Self {
        WeightedTerm {
            inflected: true,
            ..WeightedTerm::new(term, weight)
        }
    }

    /// Where its postings in a field are; `None` where it does not stand in it, or is not looked for.
    pub(super) fn look_up(
        &self,
        index: &InvertedIndexReader,
        field: &WeightedField,
    ) -> Result<Option<TermInfo>> {
        if !self.stands_in(field) {
            return Ok(None);
        }
        let term = Term::from_field_text(field.field, &self.term);
        reading(index.get_term_info(&term).map_err(Into::into))
    }

    /// Whether it is looked for in a field.
    pub(super) fn stands_in(&self, field: &WeightedField) -> bool {
        field.stems || !self.inflected
    }
}

/// The postings of some terms in some fields of a segment, each found in its dictionary once.
#[derive(Debug)]
pub(crate) struct Lists(Vec<Listed>);

/// The postings of one term in one field.
#[derive(Debug)]
struct Listed {
    /// Place of the field among those of the area.
    field: usize,
    weight: f32,
    info: TermInfo,
    /// Documents it is passed over in.
    passed: Option<Arc<DocSet>>,
}

impl Lists {
    pub(crate) fn look_up(
        segment: &SegmentReader,
        fields: &[WeightedField],
        terms: &[WeightedTerm],
    ) -> Result<Self> {
        let mut lists = Vec::new();
        if terms.is_empty() {
            return Ok(Lists(lists));
        }
        let passed = terms.iter().map(|term| passed(segment, term));
        let passed = passed.collect::<Result<Vec<_>>>()?;
        for (place, field) in fields.iter().enumerate().filter(|(_, f)| f.boost > 0.0) {
            let index = reading(segment.inverted_index(field.field))?;
            for (term, passed) in terms.iter().zip(&passed) {
                let info = term.look_up(&index, field)?;
                let weight = term.weight;
                lists.extend(info.filter(|_| weight > 0.0).map(|info| Listed {
                    field: place,
                    weight,
                    info,
                    passed: passed.clone(),
                }));
            }
        }
        Ok(Lists(lists))
    }

    /// Postings in all of them.
    pub(crate) fn size(&self) -> u64 {
        let sizes = self.0.iter().map(|list| u64::from(list.info.doc_freq));
        sizes.sum()
    }

    /// The documents that have one of the terms, living or not.
    pub(crate) fn documents(
        &self,
        segment: &SegmentReader,
        fields: &[WeightedField],
    ) -> Result<DocSet> {
        let mut set = DocSet::new(segment.max_doc());
        for list in &self.0 {
            let Some(field) = fields.get(list.field) else {
                continue;
            };
            let mut postings = list.open(segment, field, IndexRecordOption::Basic)?;
            while !postings.docs().is_empty() {
                let documents = postings.docs().iter().filter(|d| !list.passes(**d));
                documents.for_each(|&d| set.insert(d));
                postings.advance();
            }
        }
        Ok(set)
    }

    /// What the terms weigh in those of some documents that have one.
    pub(crate) fn weigh(
        &self,
        segment: &SegmentReader,
        fields: &[WeightedField],
        wanted: &DocSet,
    ) -> Result<Matches> {
        let cursors = self.cursors(segment, fields)?;
        let few = (wanted.len() * cursors.len()) as u64 * SEEK < self.size();
        Ok(match few {
            true => pick(cursors, wanted),
            false => scan(cursors, wanted, self.size()),
        })
    }

    fn cursors<'f>(
        &'f self,
        segment: &SegmentReader,
        fields: &'f [WeightedField],
    ) -> Result<Vec<Cursor<'f>>> {
        let mut cursors = Vec::new();
        for list in &self.0 {
            let Some(field) = fields.get(list.field) else {
                continue;
            };
            cursors.push(Cursor {
                postings: list.open(segment, field, IndexRecordOption::WithFreqs)?,
                at: 0,
                lengths: reading(segment.get_fieldnorms_reader(field.field))?,
                field,
                weight: list.weight,
                list,
            });
        }
        Ok(cursors)
    }
}

/// The documents of a segment in which a term is passed over.
fn passed(segment: &SegmentReader, term: &WeightedTerm) -> Result<Option<Arc<DocSet>>> {
    let unless = term.unless.as_ref();
    let documents = unless.map(|unless| unless.documents(segment)).transpose()?;
    Ok(documents.map(Arc::new))
}

impl Listed {
    fn passes(&self, document: DocId) -> bool {
        let passed = self.passed.as_ref();
        passed.is_some_and(|documents| documents.contains(document))
    }

    fn open(
        &self,
        segment: &SegmentReader,
        field: &WeightedField,
        option: IndexRecordOption,
    ) -> Result<BlockSegmentPostings> {
        let index = reading(segment.inverted_index(field.field))?;
        let postings = index.read_block_postings_from_terminfo(&self.info, option);
        reading(postings.map_err(Into::into))
    }
}

/// A way through the postings of one term in one field.
struct Cursor<'a> {
    postings: BlockSegmentPostings,
    /// Place in the present block.
    at: usize,
    lengths: FieldNormReader,
    field: &'a WeightedField,
    weight: f32,
    list: &'a Listed,
}

impl Cursor<'_> {
    fn document(&self) -> Option<DocId> {
        self.postings.docs().get(self.at).copied()
    }

    /// What so many occurrences weigh in a document, its length considered.
    fn weight_of(&self, document: DocId, frequency: u32) -> f32 {
        let length = self.lengths.fieldnorm_id(document);
        self.weight * frequency as f32 * self.field.weight_at(length)
    }

    /// Adds what the documents of a window weigh, and goes behind it.
    fn add_to(&mut self, window: &mut Window) {
        loop {
            let (documents, frequencies) = (self.postings.docs(), self.postings.freqs());
            let documents = documents.get(self.at..).unwrap_or_default();
            if documents.is_empty() {
                return;
            }
            let within = window.reaches(documents);
            let frequencies = frequencies.get(self.at..).unwrap_or_default();
            for (&document, &frequency) in documents.iter().take(within).zip(frequencies) {
                if !self.list.passes(document) {
                    window.add(document, self.weight_of(document, frequency));
                }
            }
            self.at += within;
            if within < documents.len() {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }

    /// How often the term stands in a document; documents are asked for in order.
    fn frequency(&mut self, document: DocId) -> Option<u32> {
        if self.list.passes(document) {
            return None;
        }
        let at = self.postings.seek(document);
        let found = self.postings.docs().get(at) == Some(&document);
        found.then(|| self.postings.freqs().get(at).copied())?
    }
}

/// The weights of some documents in a row, and which of them have any.
struct Window {
    /// The first document, a multiple of 64.
    start: DocId,
    sums: Vec<f32>,
    seen: [u64; WINDOW / 64],
}

impl Window {
    /// How many of some documents, given in order, are not behind it.
    fn reaches(&self, documents: &[DocId]) -> usize {
        let end = self.start + WINDOW as DocId;
        match documents.last() {
            Some(last) if *last >= end => documents.partition_point(|document| *document < end),
            _ => documents.len(),
        }
    }

    /// Adds to the weight of a document.
    fn add(&mut self, document: DocId, weight: f32) {
        let place = (document - self.start) as usize;
        if let (Some(sum), Some(seen)) = (self.sums.get_mut(place), self.seen.get_mut(place / 64)) {
            *sum += weight;
            *seen |= 1 << (place % 64);
        }
    }

    /// Hands out the wanted documents and empties the window.
    fn drain(&mut self, wanted: &DocSet, matches: &mut Matches) {
        let words = (0..).zip(&mut self.seen);
        for (place, seen) in words.filter(|(_, seen)| **seen != 0) {
            let wanted = wanted.word(self.start as usize / 64 + place);
            for bit in bits(std::mem::take(seen)) {
                let place = place * 64 + bit as usize;
                let Some(sum) = self.sums.get_mut(place).map(std::mem::take) else {
                    continue;
                };
                if wanted >> bit & 1 == 1 {
                    matches.push(self.start + place as DocId, sum);
                }
            }
        }
    }
}

/// Goes through all postings, which are so many.
fn scan(mut cursors: Vec<Cursor<'_>>, wanted: &DocSet, postings: u64) -> Matches {
    let most = postings.min(wanted.len() as u64) as usize;
    let mut matches = Matches(Vec::with_capacity(most));
    let mut window = Window {
        start: 0,
        sums: vec![0.0; WINDOW],
        seen: [0; WINDOW / 64],
    };
    while let Some(first) = cursors.iter().filter_map(Cursor::document).min() {
        window.start = first / 64 * 64;
        for cursor in &mut cursors {
            cursor.add_to(&mut window);
        }
        window.drain(wanted, &mut matches);
    }
    matches
}

/// Goes from one wanted document to the next.
fn pick(cursors: Vec<Cursor<'_>>, wanted: &DocSet) -> Matches {
    let mut sums: Vec<(DocId, f32)> = wanted.iter().map(|document| (document, 0.0)).collect();
    for mut cursor in cursors {
        for (document, sum) in &mut sums {
            if let Some(frequency) = cursor.frequency(*document) {
                *sum += cursor.weight_of(*document, frequency);
            }
        }
    }
    sums.retain(|(_, sum)| *sum > 0.0);
    Matches(sums)
}

/// What each term weighs in each field of one document: term and field by their places, in order.
pub(crate) fn explain(
    segment: &SegmentReader,
    document: DocId,
    fields: &[WeightedField],
    terms: &[WeightedTerm],
    origin: Option<usize>,
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        for term in terms {
            let lists = Lists::look_up(
                segment,
                std::slice::from_ref(field),
                std::slice::from_ref(term),
            )?;
            for mut cursor in lists.cursors(segment, std::slice::from_ref(field))? {
                let Some(frequency) = cursor.frequency(document) else {
                    continue;
                };
                let length = cursor.lengths.fieldnorm_id(document);
                parts.push(Part {
                    field: place,
                    origin,
                    variant: term.term.clone(),
                    penalty: term.weight,
                    frequency: frequency as f32,
                    length: FieldNormReader::id_to_fieldnorm(length),
                    weight: cursor.weight_of(document, frequency),
                });
            }
        }
    }
    Ok(parts)
}

/// What one variant of a concept weighs in one field of one document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Place of the field in its area.
    pub(crate) field: usize,
    /// The variant of the concept, by its place in the plan; `None` for what was typed.
    pub(crate) origin: Option<usize>,
    /// The term, or the terms of a phrase.
    pub(crate) variant: String,
    pub(crate) penalty: f32,
    pub(crate) frequency: f32,
    /// Length of the field, in tokens.
    pub(crate) length: u32,
    pub(crate) weight: f32,
}
