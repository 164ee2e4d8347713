//! In how many documents a term stands, remembered while a generation is open: queries ask for the
//! same words again and again, and where documents were deleted, counting reads every posting.

use super::build::tantivy_error;
use super::set::DocSet;
use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet as _, Searcher, SegmentReader, TERMINATED, Term};

/// Terms that are remembered, the first that are asked for: some megabytes.
const MOST: usize = 1 << 15;

/// Bytes of the longest term that is remembered.
const LONGEST: usize = 64;

/// How often terms stand in the documents that can be found.
#[derive(Debug, Default)]
pub(super) struct Frequencies(Mutex<HashMap<Term, u64>>);

impl Frequencies {
    /// In how many living documents a term stands.
    pub(super) fn of(&self, searcher: &Searcher, term: &Term) -> Result<u64> {
        if let Some(known) = self.known().get(term) {
            return Ok(*known);
        }
        let segments = searcher.segment_readers().iter();
        let counts = segments.map(|segment| living(segment, term));
        let count = counts.sum::<Result<u64>>()?;
        let mut known = self.known();
        if known.len() < MOST && term.serialized_value_bytes().len() <= LONGEST {
            known.insert(term.clone(), count);
        }
        Ok(count)
    }

    /// In how many living documents one of some terms stands.
    pub(super) fn of_any(&self, searcher: &Searcher, terms: &[Term]) -> Result<u64> {
        let mut standing = Vec::new();
        for term in terms {
            let count = self.of(searcher, term)?;
            standing.extend((count > 0).then_some((term, count)));
        }
        match standing.as_slice() {
            [] => Ok(0),
            [(_, count)] => Ok(*count),
            several => {
                let segments = searcher.segment_readers().iter();
                let counts = segments.map(|segment| {
                    let mut documents = DocSet::new(segment.max_doc());
                    for (term, _) in several {
                        each_living(segment, term, |document| documents.insert(document))?;
                    }
                    Ok(documents.len() as u64)
                });
                counts.sum()
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Term, u64>> {
        // Every entry is right by itself, whoever was stopped while writing another.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In how many living documents of a segment a term stands.
fn living(segment: &SegmentReader, term: &Term) -> Result<u64> {
    let terms = segment
        .inverted_index(term.field())
        .map_err(|e| tantivy_error(&e))?;
    let reading = |e: std::io::Error| tantivy_error(&e.into());
    if !segment.has_deletes() {
        return terms.doc_freq(term).map(u64::from).map_err(reading);
    }
    let mut count = 0;
    each_living(segment, term, |_| count += 1)?;
    Ok(count)
}

/// Gives every living document of a term to `see`.
fn each_living(segment: &SegmentReader, term: &Term, mut see: impl FnMut(DocId)) -> Result<()> {
    let terms = segment
        .inverted_index(term.field())
        .map_err(|e| tantivy_error(&e))?;
    let postings = terms.read_postings(term, IndexRecordOption::Basic);
    let Some(mut postings) = postings.map_err(|e| tantivy_error(&e.into()))? else {
        return Ok(());
    };
    while postings.doc() != TERMINATED {
        if !segment.is_deleted(postings.doc()) {
            see(postings.doc());
        }
        postings.advance();
    }
    Ok(())
}
