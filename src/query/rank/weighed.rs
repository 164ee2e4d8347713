//! A concept among the documents of one kind: which of them have it, and what it weighs in those
//! that are asked for.

use super::bag::{Lists, WeightedTerm};
use super::field::WeightedField;
use super::{Matches, key};
use crate::error::Result;
use crate::index::{DocSet, Snapshot};
use std::borrow::Cow;
use std::sync::Arc;
use tantivy::{DocId, SegmentReader};

/// Postings that are weighed as soon as they are read: fewer than reading them twice is worth.
/// Next to none in unit tests, whose records are few: both ways must find the same.
const FEW: u64 = if cfg!(test) { 4 } else { 2_048 };

/// What a concept or a pair of them can add to a score.
#[derive(Clone, Copy)]
pub(crate) struct Weight {
    pub(crate) idf: f64,
    /// What it weighs against the other concepts.
    pub(crate) weight: f64,
}

/// A concept among the documents of one kind.
pub(crate) struct Weighed {
    /// Documents that have it.
    pub(crate) frequency: u64,
    pub(crate) weight: Weight,
    /// By segment.
    pub(super) segments: Vec<Occurrences>,
}

/// Where a concept stands in a segment.
pub(super) enum Occurrences {
    /// All documents that have it, weighed.
    Weighed(Matches),
    /// So many that they are weighed only where that can matter.
    Seen {
        documents: Arc<DocSet>,
        words: Lists,
        /// What the names of several words weigh.
        names: Matches,
    },
}

impl Occurrences {
    /// The living documents that have one of the terms, and those that have one of the names.
    pub(super) fn find(
        snapshot: &Snapshot,
        (number, living): (usize, &DocSet),
        fields: &[WeightedField],
        terms: &[WeightedTerm],
        names: Matches,
    ) -> Result<Self> {
        let segment = snapshot.searcher().segment_reader(number as u32);
        let words = Lists::look_up(segment, fields, terms)?;
        if words.size() <= FEW {
            let of_words = words.weigh(segment, fields, living)?;
            return Ok(Occurrences::Weighed(of_words.plus(names)));
        }
        let key = key::of_terms(number, fields, terms);
        let mut documents = snapshot.documents_of(&key, || {
            let mut documents = words.documents(segment, fields)?;
            documents.intersect(living);
            Ok(documents)
        })?;
        if names.len() > 0 {
            let documents = Arc::make_mut(&mut documents);
            names
                .iter()
                .for_each(|(document, _)| documents.insert(document));
        }
        Ok(Occurrences::Seen {
            documents,
            words,
            names,
        })
    }

    /// How many documents have it.
    pub(super) fn len(&self) -> usize {
        match self {
            Occurrences::Weighed(matches) => matches.len(),
            Occurrences::Seen { documents, .. } => documents.len(),
        }
    }

    /// Whether a document has it.
    pub(super) fn has(&self, document: DocId) -> bool {
        match self {
            Occurrences::Weighed(matches) => matches.has(document),
            Occurrences::Seen { documents, .. } => documents.contains(document),
        }
    }

    /// Keeps those of some documents that have it.
    pub(super) fn narrow(&self, set: &mut DocSet) {
        match self {
            Occurrences::Weighed(_) => {
                let mut own = set.clone();
                own.clear();
                self.add_to(&mut own);
                set.intersect(&own);
            }
            Occurrences::Seen { documents, .. } => set.intersect(documents),
        }
    }

    /// Adds the documents that have it.
    pub(super) fn add_to(&self, set: &mut DocSet) {
        match self {
            Occurrences::Weighed(matches) => {
                matches
                    .iter()
                    .for_each(|(document, _)| set.insert(document));
            }
            Occurrences::Seen { documents, .. } => set.unite(documents),
        }
    }

    /// What it weighs, in the wanted documents at least.
    pub(super) fn weigh(
        &self,
        segment: &SegmentReader,
        fields: &[WeightedField],
        wanted: &DocSet,
    ) -> Result<Cow<'_, Matches>> {
        Ok(match self {
            Occurrences::Weighed(matches) => Cow::Borrowed(matches),
            Occurrences::Seen { words, names, .. } => {
                let of_names = names.only(|document: DocId| wanted.contains(document));
                Cow::Owned(words.weigh(segment, fields, wanted)?.plus(of_names))
            }
        })
    }
}
