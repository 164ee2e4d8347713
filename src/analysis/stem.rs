//! Words → their stems: what all forms of a word have in common.

use crate::schema::IndexSchema;
use crate::schema::inflections::Rewritten;
use frostem::{Algorithm, Stemmer};

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
