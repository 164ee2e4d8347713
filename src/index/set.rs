//! Sets of documents of one segment.

use tantivy::DocId;

/// A set of documents, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DocSet {
    words: Vec<u64>,
}

impl DocSet {
    /// An empty set over so many documents.
    pub(crate) fn new(documents: u32) -> Self {
        DocSet {
            words: vec![0; (documents as usize).div_ceil(64)],
        }
    }

    pub(crate) fn insert(&mut self, document: DocId) {
        if let Some(word) = self.words.get_mut(document as usize / 64) {
            *word |= 1 << (document % 64);
        }
    }

    pub(crate) fn remove(&mut self, document: DocId) {
        if let Some(word) = self.words.get_mut(document as usize / 64) {
            *word &= !(1 << (document % 64));
        }
    }

    pub(crate) fn contains(&self, document: DocId) -> bool {
        let word = self.words.get(document as usize / 64);
        word.is_some_and(|word| word >> (document % 64) & 1 == 1)
    }

    pub(crate) fn len(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    pub(crate) fn intersect(&mut self, other: &DocSet) {
        self.combine(other, |a, b| a & b);
    }

    pub(crate) fn unite(&mut self, other: &DocSet) {
        self.combine(other, |a, b| a | b);
    }

    pub(crate) fn subtract(&mut self, other: &DocSet) {
        self.combine(other, |a, b| a & !b);
    }

    fn combine(&mut self, other: &DocSet, operation: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = operation(*word, *other);
        }
    }

    /// Sixty-four documents from a multiple of it on, one bit each.
    pub(crate) fn word(&self, place: usize) -> u64 {
        self.words.get(place).copied().unwrap_or(0)
    }

    /// Takes out the documents that do not hold.
    pub(crate) fn retain(&mut self, holds: impl Fn(DocId) -> bool) {
        for (place, word) in (0..).zip(&mut self.words) {
            let mut rest = *word;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                if !holds(place * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// The documents, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        (0..).zip(&self.words).flat_map(|(place, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                Some(place * 64 + bit)
            })
        })
    }
}
