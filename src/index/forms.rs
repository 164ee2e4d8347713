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
            let known = schema.fields.get(name).filter(|_| schema.has_forms(name));
            let Some(own) = known.and_then(|field| field.analyzer.as_deref()) else {
                continue;
            };
            for segment in searcher.segment_readers() {
                indexes.push(
                    segment
                        .inverted_index(field)
                        .map_err(|e| tantivy_error(&e))?,
                );
            }
            // Those that stem at all stem alike.
            analyzer = Some(Analyzer::new(schema, own)?);
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

    /// The other words of the index that are forms of a folded word, in alphabetical order.
    pub(crate) fn others(&self, analyzer: &Analyzer, word: &str) -> Vec<String> {
        let Some(stem) = analyzer.stem(word) else {
            return Vec::new();
        };
        let words = match self.0.get(&stem) {
            Some(words) => words.split(BLANK).collect(),
            // No line tells of a word that is its own stem and the only one of it.
            None if analyzer.stem(&stem).as_ref() == Some(&stem) => vec![stem.as_str()],
            // The stem of a word the index does not have may be spelled like another word.
            None => Vec::new(),
        };
        let others = words.into_iter().filter(|form| *form != word);
        others.map(str::to_owned).collect()
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
    fn a_word_has_the_others_of_its_stem_and_never_a_word_of_another() {
        let words = ["cell cell", "cell cells", "lupus lupus", "treat treating"];
        let words = words.map(|both| both.split_once(' ').unwrap());
        let words = words.map(|(stem, word)| (stem.to_owned(), word.to_owned()));
        let forms = Forms(lines(&words));
        let schema = Arc::new(IndexSchema::shipped().unwrap());
        let analyzer = Analyzer::new(&schema, "text").unwrap();
        let others = |word: &str| forms.others(&analyzer, word);
        assert_eq!(others("cells"), ["cell"]);
        assert_eq!(others("cell"), ["cells"]);
        assert_eq!(others("treats"), ["treating"]);
        assert_eq!(others("trials"), ["trial"], "no line tells of it");
        assert!(others("lupus").is_empty());
        // The stems of these are words of their own: her, a, other.
        for word in ["hers", "aed", "others", "the", "covid19"] {
            assert!(others(word).is_empty(), "{word}");
        }
    }
}
