//! Which words of an index are forms of one word: what a query with one of them looks up.
//!
//! Documents stand under their words as they are. Each different word of an index is stemmed once, when a
//! generation is built, and a query asks for all words of its words' stems. A stem beside every word of
//! every text would say the same, in an index of nearly twice as many postings.

use super::build::tantivy_error;
use super::manifest::Manifest;
use super::mapping::Mapping;
use super::packed;
use super::snapshot::Snapshot;
use crate::analysis::Analyzer;
use crate::error::{Error, Result};
use crate::lines::Lines;
use crate::schema::IndexSchema;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use tantivy::index::SegmentId;
use tantivy::schema::Field;
use tantivy::termdict::TermMerger;
use tantivy::{InvertedIndexReader, Searcher, SegmentReader};

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
        let Some(texts) = Texts::of(schema, mapping)? else {
            return Ok(Forms::default());
        };
        let words = texts.words(searcher.segment_readers().iter())?;
        Ok(Forms(lines(&words)))
    }

    /// As [`gather`](Forms::gather), of an index that came of another: where all pieces of that one still
    /// stand, only the words of those added are stemmed.
    ///
    /// # Errors
    /// What reading says.
    pub(super) fn following(
        before: Option<&Snapshot>,
        searcher: &Searcher,
        schema: &Arc<IndexSchema>,
        mapping: &Mapping,
    ) -> Result<Self> {
        let Some((before, added)) = before.and_then(|b| Some((b, added(b.searcher(), searcher)?)))
        else {
            return Forms::gather(searcher, schema, mapping);
        };
        let Some(texts) = Texts::of(schema, mapping)? else {
            return Ok(Forms::default());
        };
        let words = texts.words(added.into_iter())?;
        let known = texts.indexes(before.searcher().segment_readers().iter())?;
        before.forms()?.with(&words, |stem| {
            // No line tells of a word that is its own stem and the only one of it.
            Ok(texts.analyzer.stem(stem).as_deref() == Some(stem) && stands(&known, stem)?)
        })
    }

    /// These and some more words, by stem; `is_alone` tells whether a stem without a line is a word.
    fn with(
        &self,
        words: &[(String, String)],
        is_alone: impl Fn(&str) -> Result<bool>,
    ) -> Result<Self> {
        let mut all = Vec::new();
        for same in words.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((stem, _)) = same.first() else {
                continue;
            };
            let known: Vec<&str> = match self.0.get(stem) {
                Some(words) => words.split(BLANK).collect(),
                None if is_alone(stem)? => vec![stem.as_str()],
                None => Vec::new(),
            };
            all.extend(known.iter().map(|word| (stem.clone(), (*word).to_owned())));
            all.extend(same.iter().cloned());
        }
        all.sort_unstable();
        all.dedup();
        let changed = lines(&all);
        let told = |lines: &str| -> Vec<(String, String)> {
            let lines = lines.lines().filter_map(|line| line.split_once('\t'));
            lines
                .map(|(stem, words)| (stem.to_owned(), words.to_owned()))
                .collect()
        };
        let mut by_stem: BTreeMap<String, String> = told(self.0.as_str()).into_iter().collect();
        by_stem.extend(told(changed.as_str()));
        Ok(Forms(Lines::of(by_stem.into_iter())))
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

/// The texts that have forms, and what stems their words.
struct Texts {
    fields: Vec<Field>,
    analyzer: Analyzer,
}

impl Texts {
    /// `None` where no text has any.
    fn of(schema: &Arc<IndexSchema>, mapping: &Mapping) -> Result<Option<Self>> {
        let (mut fields, mut analyzer) = (Vec::new(), None);
        for (name, field) in mapping.texts() {
            let known = schema.fields.get(name).filter(|_| schema.has_forms(name));
            let Some(own) = known.and_then(|field| field.analyzer.as_deref()) else {
                continue;
            };
            fields.push(field);
            // Those that stem at all stem alike.
            analyzer = Some(Analyzer::new(schema, own)?);
        }
        Ok(analyzer.map(|analyzer| Texts { fields, analyzer }))
    }

    fn indexes<'a>(
        &self,
        segments: impl Iterator<Item = &'a SegmentReader>,
    ) -> Result<Vec<Arc<InvertedIndexReader>>> {
        let indexes = segments.flat_map(|segment| {
            let fields = self.fields.iter();
            fields.map(|field| segment.inverted_index(*field))
        });
        let indexes = indexes.collect::<tantivy::Result<Vec<_>>>();
        indexes.map_err(|e| tantivy_error(&e))
    }

    /// The words of some segments that have stems, by stem.
    fn words<'a>(
        &self,
        segments: impl Iterator<Item = &'a SegmentReader>,
    ) -> Result<Vec<(String, String)>> {
        let indexes = self.indexes(segments)?;
        let streams = indexes.iter().map(|index| index.terms().stream());
        let streams = streams.collect::<std::io::Result<Vec<_>>>();
        let mut terms = TermMerger::new(streams.map_err(unreadable)?);
        let mut words: Vec<(String, String)> = Vec::new();
        while terms.advance() {
            let Ok(word) = std::str::from_utf8(terms.key()) else {
                continue;
            };
            let stem = self.analyzer.stem(word);
            words.extend(stem.map(|stem| (stem, word.to_owned())));
        }
        words.sort_unstable();
        Ok(words)
    }
}

/// The segments of an index that another, which came before it, does not have; `None` where it no
/// longer has all of the other's, so that words may be gone.
fn added<'a>(before: &Searcher, now: &'a Searcher) -> Option<Vec<&'a SegmentReader>> {
    let ids = before
        .segment_readers()
        .iter()
        .map(SegmentReader::segment_id);
    let ids: HashSet<SegmentId> = ids.collect();
    let segments = now.segment_readers().iter();
    let (known, added): (Vec<_>, Vec<_>) = segments.partition(|s| ids.contains(&s.segment_id()));
    (known.len() == ids.len()).then_some(added)
}

/// Whether a word stands in one of some indexes.
fn stands(indexes: &[Arc<InvertedIndexReader>], word: &str) -> Result<bool> {
    for index in indexes {
        let found = index.terms().term_ord(word).map_err(unreadable)?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
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
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The words of a text of a few letters, which have few stems, by stem.
    fn stemmed(analyzer: &Analyzer, words: &BTreeSet<String>) -> Vec<(String, String)> {
        let words = words.iter();
        let words = words.filter_map(|word| Some((analyzer.stem(word)?, word.clone())));
        let mut words: Vec<(String, String)> = words.collect();
        words.sort_unstable();
        words
    }

    proptest! {
        #[test]
        fn words_added_give_what_all_words_together_give(
            old in prop::collection::btree_set("(cell|treat|tre|her|a)(s|ed|ing|e)?", 0..12),
            new in prop::collection::btree_set("(cell|treat|tre|her|a)(s|ed|ing|e)?", 0..6),
        ) {
            let schema = Arc::new(IndexSchema::shipped().unwrap());
            let analyzer = Analyzer::new(&schema, "text").unwrap();
            let forms = |words: &BTreeSet<String>| Forms(lines(&stemmed(&analyzer, words)));
            let is_alone = |stem: &str| {
                Ok(analyzer.stem(stem).as_deref() == Some(stem) && old.contains(stem))
            };
            let added = forms(&old).with(&stemmed(&analyzer, &new), is_alone).unwrap();
            prop_assert_eq!(added, forms(&old.union(&new).cloned().collect()));
        }
    }

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
