//! Words → their stems, remembered per thread.

use crate::schema::IndexSchema;
use crate::schema::inflections::Rewritten;
use frostem::{Algorithm, Stemmer};
use std::cell::RefCell;

/// Marks a term as a stem: no word begins with it.
const STEM_MARK: char = '\u{1}';

/// The term a stem has in the index, apart from the words that are spelled like it.
pub fn stem_term(stem: &str) -> String {
    format!("{STEM_MARK}{stem}")
}

/// Appends the term of a stem.
pub(super) fn push_stem_term(stem: &str, out: &mut String) {
    out.push(STEM_MARK);
    out.push_str(stem);
}

/// What stemming says of a folded word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stem<'a> {
    /// It is a stopword: it has no other forms.
    Stopword,
    /// It has none.
    None,
    /// Its stem, which can be the word itself.
    Of(&'a str),
}

/// The stem of a folded word: by the exceptions of `inflections.toml`, then by the rules of English.
///
/// Words of two letters, and of three that end in s (`als`, `cis`), are their own stems.
/// Stopwords, single letters and whatever is not plain letters have none.
pub(super) fn stem_of(schema: &IndexSchema, word: &str) -> Option<String> {
    let is_word = word.len() >= 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    if !is_word || schema.stopwords.contains(word) {
        return None;
    }
    let base = match schema.inflections.rewrite(word) {
        Rewritten::Stem(stem) => return Some(stem.into_owned()),
        Rewritten::ToStem(base) => base,
    };
    if base.len() == 2 || (base.len() == 3 && base.ends_with('s')) {
        return Some(base.into_owned());
    }
    let stem = Stemmer::new(Algorithm::English).stem(&base).into_owned();
    (!stem.is_empty()).then_some(stem)
}

/// Longest word and stem that are remembered.
const SLOT_BYTES: usize = 30;
/// Slots of 64 bytes: 2 MiB a thread.
const SLOTS: usize = 1 << 15;

/// One line of the processor's cache each.
#[derive(Clone)]
#[repr(align(64))]
struct Slot {
    word_len: u8,
    stem_len: u8,
    is_stopword: bool,
    word: [u8; SLOT_BYTES],
    stem: [u8; SLOT_BYTES],
}

const EMPTY: Slot = Slot {
    word_len: 0,
    stem_len: 0,
    is_stopword: false,
    word: [0; SLOT_BYTES],
    stem: [0; SLOT_BYTES],
};

/// Stems of words met before, in a table of fixed size: a word lies in the slot of its hash or nowhere.
///
/// Running text repeats its words: most lookups need no stemming.
pub(super) struct StemCache {
    /// Whose stems these are.
    owner: u64,
    slots: Vec<Slot>,
    /// A stem too long to remember.
    long: String,
}

thread_local! {
    // tantivy makes a tokenizer anew for each field of each segment: a cache within it would always be cold.
    static CACHE: RefCell<StemCache> = const {
        RefCell::new(StemCache { owner: 0, slots: Vec::new(), long: String::new() })
    };
}

/// Runs with this thread's cache for the stems of a schema, known by its fingerprint.
pub(super) fn with_cache<R>(owner: u64, run: impl FnOnce(&mut StemCache) -> R) -> R {
    CACHE.with_borrow_mut(|cache| {
        if cache.owner != owner || cache.slots.is_empty() {
            cache.owner = owner;
            cache.slots.clear();
            cache.slots.resize(SLOTS, EMPTY);
        }
        run(cache)
    })
}

impl StemCache {
    /// What stemming says of a folded word; `hash` is [`WordHash`] of its bytes.
    pub(super) fn stem(&mut self, schema: &IndexSchema, word: &str, hash: u32) -> Stem<'_> {
        let index = hash as usize % SLOTS;
        if !self.slots[index].holds(word) {
            let stem = stem_of(schema, word);
            let is_stopword = stem.is_none() && schema.stopwords.contains(word);
            let stem = stem.unwrap_or_default();
            if word.len() > SLOT_BYTES || stem.len() > SLOT_BYTES {
                self.long = stem;
                return stem_or_none(&self.long);
            }
            self.slots[index] = Slot::new(word, &stem, is_stopword);
        }
        let slot = &self.slots[index];
        if slot.is_stopword {
            return Stem::Stopword;
        }
        let stem = slot.stem.get(..usize::from(slot.stem_len));
        stem_or_none(stem.map_or("", |s| std::str::from_utf8(s).unwrap_or_default()))
    }
}

fn stem_or_none(stem: &str) -> Stem<'_> {
    if stem.is_empty() {
        Stem::None
    } else {
        Stem::Of(stem)
    }
}

impl Slot {
    /// A slot of a word and its stem, both of [`SLOT_BYTES`] at most.
    fn new(word: &str, stem: &str, is_stopword: bool) -> Slot {
        let mut slot = Slot {
            word_len: word.len() as u8,
            stem_len: stem.len() as u8,
            is_stopword,
            ..EMPTY
        };
        for (to, from) in slot.word.iter_mut().zip(word.bytes()) {
            *to = from;
        }
        for (to, from) in slot.stem.iter_mut().zip(stem.bytes()) {
            *to = from;
        }
        slot
    }

    #[inline]
    fn holds(&self, word: &str) -> bool {
        usize::from(self.word_len) == word.len()
            && self.word_len != 0
            && self.word.starts_with(word.as_bytes())
    }
}

/// Hash of a word, made byte by byte while it is read (FNV-1a).
#[derive(Clone, Copy)]
pub(super) struct WordHash(u32);

impl WordHash {
    pub(super) const START: WordHash = WordHash(0x811C_9DC5);

    #[inline]
    pub(super) fn add(self, byte: u8) -> WordHash {
        WordHash((self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// The hash; its low bits alone choose a slot, so the high ones are mixed in.
    #[inline]
    pub(super) fn finish(self) -> u32 {
        self.0 ^ (self.0 >> 15)
    }

    pub(super) fn of(word: &str) -> u32 {
        word.bytes().fold(Self::START, WordHash::add).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_says_what_stemming_says_whatever_was_asked_before() {
        let schema = IndexSchema::shipped().unwrap();
        let long = "pseudopseudohypoparathyroidisms".repeat(3);
        let words = ["cells", "the", "cell", "mice", "covid", &long, "als"];
        for word in words.iter().chain(&words) {
            let expected = stem_of(&schema, word);
            with_cache(1, |cache| {
                match cache.stem(&schema, word, WordHash::of(word)) {
                    Stem::Stopword => assert!(schema.stopwords.contains(word)),
                    Stem::None => assert_eq!(expected, None),
                    Stem::Of(stem) => assert_eq!(expected.as_deref(), Some(stem)),
                }
            });
        }
    }

    #[test]
    fn words_with_one_hash_do_not_take_each_others_stems() {
        let schema = IndexSchema::shipped().unwrap();
        with_cache(2, |cache| {
            assert_eq!(cache.stem(&schema, "cells", 7), Stem::Of("cell"));
            assert_eq!(cache.stem(&schema, "trials", 7), Stem::Of("trial"));
            assert_eq!(cache.stem(&schema, "cells", 7), Stem::Of("cell"));
        });
    }
}
