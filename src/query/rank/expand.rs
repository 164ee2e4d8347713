//! The words of the index a pattern or a misspelt word stands for.

use super::bag::WeightedTerm;
use super::{Interrupt, reading};
use crate::analysis::{Analyzer, TokenKind};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Snapshot;
use std::collections::BTreeSet;
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;

/// How many words a pattern may stand for: more than begin with `inter` or `con` in every trial
/// ever registered, fewer than have an `e`.
const EXPANSION_LIMIT: usize = 10_000;

/// How many words all patterns of a query may stand for together.
pub(super) const QUERY_EXPANSION_LIMIT: usize = 50_000;

/// Words of the index read between two looks at the clock.
const STRIDE: usize = 8_192;

/// What each differing letter of a fuzzy word costs.
const LETTER_PENALTY: f32 = 0.7;

/// The words of an index.
pub(crate) struct Vocabulary<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) analyzer: Analyzer,
    interrupt: Interrupt<'a>,
}

impl<'a> Vocabulary<'a> {
    /// `interrupt` is asked whether to go on wherever many words are read.
    pub(crate) fn new(snapshot: &'a Snapshot, interrupt: Interrupt<'a>) -> Result<Self> {
        Ok(Vocabulary {
            snapshot,
            interrupt,
            analyzer: Analyzer::new(snapshot.shared_schema(), "text")?,
        })
    }

    /// The words of the index that are other forms of a folded word.
    ///
    /// # Errors
    /// What reading says.
    pub(super) fn other_forms(&self, word: &str) -> Result<Vec<String>> {
        Ok(self.snapshot.forms()?.others(&self.analyzer, word))
    }

    /// The words a wildcard pattern stands for in some fields, in alphabetical order.
    ///
    /// # Errors
    /// More of them than [`EXPANSION_LIMIT`], what reading says, or interruption.
    pub(crate) fn matching(&self, pattern: &str, fields: &[String]) -> Result<Vec<WeightedTerm>> {
        let pattern = self.folded(pattern);
        let literal: String = pattern.iter().take_while(|c| !is_mark(**c)).collect();
        let mut words = BTreeSet::new();
        self.each_dictionary(fields, |_, dictionary| {
            let mut stream = reading(
                dictionary
                    .range()
                    .ge(&literal)
                    .into_stream()
                    .map_err(Into::into),
            )?;
            let mut read = 0usize;
            while stream.advance() {
                read += 1;
                if read.is_multiple_of(STRIDE) {
                    (self.interrupt)()?;
                }
                let Ok(word) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                if !word.starts_with(&literal) {
                    break;
                }
                if matches(&pattern, word) {
                    words.insert(word.to_owned());
                    check(&words, &pattern)?;
                }
            }
            Ok(())
        })?;
        Ok(weighted(words.into_iter().map(|word| (word, 1.0))))
    }

    /// The words that differ from one by so many letters at most, in some fields.
    ///
    /// # Errors
    /// More of them than [`EXPANSION_LIMIT`], what reading says, or interruption.
    pub(crate) fn near(
        &self,
        word: &str,
        distance: u8,
        fields: &[String],
    ) -> Result<Vec<WeightedTerm>> {
        let mut words = BTreeSet::new();
        self.each_dictionary(fields, |field, dictionary| {
            let term = Term::from_field_text(field, word);
            let fuzzy = FuzzyTermQuery::new(term, distance, true);
            let automaton = reading(fuzzy.automaton())?;
            let search = dictionary.search(automaton).into_stream();
            let mut stream = reading(search.map_err(Into::into))?;
            while stream.advance() {
                if let Ok(found) = std::str::from_utf8(stream.key()) {
                    words.insert(found.to_owned());
                    check(&words, &word.chars().collect::<Vec<_>>())?;
                }
            }
            Ok(())
        })?;
        let penalty = |found: &str| {
            let differing = crate::query::closest::edit_distance(word, found);
            LETTER_PENALTY.powi(i32::try_from(differing).unwrap_or(2))
        };
        Ok(weighted(words.into_iter().map(|found| {
            let penalty = penalty(&found);
            (found, penalty)
        })))
    }

    /// A pattern in the form words have in the index.
    fn folded(&self, pattern: &str) -> Vec<char> {
        let mut folded = Vec::new();
        let mut literal = String::new();
        for c in pattern.chars().chain(['*']) {
            if !is_mark(c) {
                literal.push(c);
                continue;
            }
            self.analyzer.tokens(&literal, |token| {
                if token.kind == TokenKind::Word {
                    folded.extend(token.text.chars());
                }
            });
            literal.clear();
            folded.push(c);
        }
        // The mark that was added to end the last literal.
        folded.pop();
        folded
    }

    pub(super) fn each_dictionary(
        &self,
        fields: &[String],
        mut read: impl FnMut(Field, &tantivy::termdict::TermDictionary) -> Result<()>,
    ) -> Result<()> {
        for segment in self.snapshot.searcher().segment_readers() {
            for field in fields
                .iter()
                .filter_map(|name| self.snapshot.mapping().text(name))
            {
                (self.interrupt)()?;
                read(field, reading(segment.inverted_index(field))?.terms())?;
            }
        }
        Ok(())
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '*' | '?')
}

fn check(words: &BTreeSet<String>, pattern: &[char]) -> Result<()> {
    if words.len() <= EXPANSION_LIMIT {
        return Ok(());
    }
    let pattern: String = pattern.iter().collect();
    let message = format!("{pattern:?} stands for more than {EXPANSION_LIMIT} words");
    Err(Error::new(ErrorKind::Query, message).remedy("write more letters before the *"))
}

fn weighted(words: impl Iterator<Item = (String, f32)>) -> Vec<WeightedTerm> {
    words
        .map(|(term, weight)| WeightedTerm::new(term, weight))
        .collect()
}

/// Whether a pattern fits a whole word; time linear in both but for one star at a time.
fn matches(pattern: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut p, mut w) = (0, 0);
    // Where the last star stood, and up to where it has swallowed.
    let mut star: Option<(usize, usize)> = None;
    while let Some(&letter) = word.get(w) {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, w));
                p += 1;
            }
            Some(&c) if c == '?' || c == letter => {
                p += 1;
                w += 1;
            }
            _ => {
                let Some((at, swallowed)) = star else {
                    return false;
                };
                star = Some((at, swallowed + 1));
                p = at + 1;
                w = swallowed + 1;
            }
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_letters_and_question_marks_for_one() {
        let fits = |pattern: &str, word: &str| matches(&pattern.chars().collect::<Vec<_>>(), word);
        assert!(fits("wom?n", "woman"));
        assert!(fits("wom?n", "women"));
        assert!(!fits("wom?n", "womn"));
        assert!(fits("neur*", "neuropathy"));
        assert!(fits("neur*", "neur"));
        assert!(fits("*itis", "arthritis"));
        assert!(fits("a*b*c", "axxbxbxc"));
        assert!(!fits("a*b*c", "axxbxbx"));
    }
}
