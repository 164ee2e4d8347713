//! Which words of an index are forms of one word: what a query with one of them looks up.
//!
//! Documents stand under their words as they are. Each different word of an index is stemmed once, when a
//! generation is built, and a query asks for all words of its words' stems. A stem beside every word of
//! every text would say the same, in an index of nearly twice as many postings.

use super::build::tantivy_error;
use super::manifest::Manifest;
use super::mapping::Mapping;
use super::packed;
use crate::analysis::Analyzer;
use crate::error::{Error, Result};
use crate::lines::Lines;
use crate::schema::IndexSchema;
use std::path::Path;
use std::sync::Arc;
use tantivy::Searcher;
use tantivy::termdict::TermMerger;

/// Name of the file of a generation that keeps them.
pub(super) const FORMS: &str = "forms.zst";

/// What parts the words of a stem.
const BLANK: char = ' ';

/// The words of an index by their stems.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Forms(Lines);

impl Forms {
    /// Stems all words of all texts.
    ///
    /// # Errors
    /// What reading says.
    pub(super) fn gather(
        searcher: &Searcher,
        schema: &Arc<IndexSchema>,
        mapping: &Mapping,
    ) -> Result<Self> {
        let mut indexes = Vec::new();
        let mut analyzer = None;
        for (name, field) in mapping.texts() {
            let known = schema.fields.get(name);
            let Some(own) = known.and_then(|field| field.analyzer.as_deref()) else {
                continue;
            };
            let own = Analyzer::new(schema, own)?;
            if !own.stems() {
                continue;
            }
            for segment in searcher.segment_readers() {
                indexes.push(
                    segment
                        .inverted_index(field)
                        .map_err(|e| tantivy_error(&e))?,
                );
            }
            // Those that stem at all stem alike.
            analyzer = Some(own);
        }
        let Some(analyzer) = analyzer else {
            return Ok(Forms::default());
        };
        let streams = indexes.iter().map(|index| index.terms().stream());
        let streams = streams
            .collect::<std::io::Result<Vec<_>>>()
            .map_err(unreadable)?;
        let mut terms = TermMerger::new(streams);
        let mut words: Vec<(String, String)> = Vec::new();
        while terms.advance() {
            let Ok(word) = std::str::from_utf8(terms.key()) else {
                continue;
            };
            words.extend(analyzer.stem(word).map(|stem| (stem, word.to_owned())));
        }
        words.sort_unstable();
        Ok(Forms(lines(&words)))
    }

    /// Keeps them with a generation that is not sealed yet.
    ///
    /// # Errors
    /// What writing says.
    pub(super) fn keep(&self, generation: &Path) -> Result<()> {
        packed::write(generation, FORMS, self.0.as_str())
    }

    /// Reads what [`keep`](Forms::keep) kept.
    ///
    /// # Errors
    /// As [`packed::read`].
    pub(super) fn kept(generation: &Path, manifest: &Manifest) -> Result<Self> {
        let read = |text: &str| Some(Forms(Lines::read(text)));
        packed::read(generation, FORMS, manifest, read)
    }

    /// The words of a stem, in alphabetical order; the stem itself where the index has no other.
    pub(crate) fn of<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.get(stem).unwrap_or(stem).split(BLANK)
    }

    /// Whether all words of others are among them.
    pub(super) fn cover(&self, others: &Forms) -> bool {
        others.0.iter().all(|(stem, words)| {
            let mut words = words.split(BLANK);
            words.all(|word| self.of(stem).any(|own| own == word))
        })
    }
}

/// A line for each stem, with its words; none for a word that is its own stem and the only one of it.
fn lines(words: &[(String, String)]) -> Lines {
    let by_stem = words.chunk_by(|(one, _), (other, _)| one == other);
    let telling = by_stem.filter(|same| !matches!(same, [(stem, word)] if stem == word));
    Lines::of(telling.filter_map(|same| {
        let words: Vec<&str> = same.iter().map(|(_, word)| word.as_str()).collect();
        let (stem, _) = same.first()?;
        Some((stem.clone(), words.join(" ")))
    }))
}

fn unreadable(error: std::io::Error) -> Error {
    tantivy_error(&error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_tells_its_words_and_itself_where_there_is_no_other() {
        let words = ["cell cell", "cell cells", "lupus lupus", "treat treating"];
        let words = words.map(|both| both.split_once(' ').unwrap());
        let words = words.map(|(stem, word)| (stem.to_owned(), word.to_owned()));
        let forms = Forms(lines(&words));
        let of = |stem: &str| forms.of(stem).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(of("cell"), ["cell", "cells"]);
        assert_eq!(of("lupus"), ["lupus"]);
        assert_eq!(of("treat"), ["treating"]);
        assert_eq!(of("trial"), ["trial"]);
        assert!(forms.cover(&forms) && forms.cover(&Forms::default()));
        assert!(!Forms::default().cover(&forms));
    }
}
