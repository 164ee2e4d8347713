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

    /// Bytes it takes.
    pub(crate) fn size(&self) -> usize {
        size_of_val(self.words.as_slice())
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

    pub(crate) fn clear(&mut self) {
        self.words.fill(0);
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
            for bit in bits(*word) {
                if !holds(place * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// Of some documents, takes those out that are not among others or do not hold.
    pub(crate) fn keep(&mut self, some: &DocSet, among: &DocSet, holds: impl Fn(DocId) -> bool) {
        let words = self.words.iter_mut().zip(&some.words).zip(&among.words);
        for (place, ((word, some), among)) in (0..).zip(words) {
            *word &= !some | among;
            for bit in bits(*word & some) {
                if !holds(place * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// The documents, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        documents(self.words.iter().copied())
    }

    /// The documents of both sets, in order.
    pub(crate) fn common(&self, other: &DocSet) -> impl Iterator<Item = DocId> {
        documents(self.words.iter().zip(&other.words).map(|(a, b)| a & b))
    }
}

/// The documents that words of bits stand for, in order.
fn documents(words: impl Iterator<Item = u64>) -> impl Iterator<Item = DocId> {
    let all = (0..).zip(words);
    all.flat_map(|(place, word)| bits(word).map(move |bit| place * 64 + bit))
}

/// The places of the bits that are set, in order.
pub(crate) fn bits(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros());
        word &= word.wrapping_sub(1);
        bit
    })
}
