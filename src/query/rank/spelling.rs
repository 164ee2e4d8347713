//! Words of the index that a word without records may have meant to be.

use super::expand::Vocabulary;
use super::reading;
use crate::analysis::Word;
use crate::error::Result;
use crate::query::closest::edit_distance;
use std::collections::HashMap;
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;

/// Letters a word must have to be taken for a misspelling.
const SHORTEST: usize = 4;

/// Words of so many letters may be two letters off.
const LONG: usize = 6;

/// A word with more records than this is taken for right.
const RARE: u64 = 2;

/// How many times more records a suggestion must have.
const BETTER: u64 = 20;

/// How many times fewer records another suggestion may have than the first.
const RARER: u64 = 20;

/// How many suggestions a word has at most.
const SUGGESTIONS: usize = 3;

/// What each letter that differs costs, against the logarithm of the number of records.
const LETTER: f64 = 3.0;

/// What another first letter costs: people rarely get it wrong.
const FIRST: f64 = 2.0;

/// A word of a query that few records have or none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Misspelt {
    /// How many records have it, in the field that has it most.
    pub(crate) documents: u64,
    /// What it may be, the likeliest first, with the number of records.
    pub(crate) instead: Vec<(String, u64)>,
}

impl Vocabulary<'_> {
    /// What a word may have meant to be in some fields; `None` where it is right, a number, a
    /// compound or too short to tell. `exact`: its other forms are not searched.
    ///
    /// # Errors
    /// What reading says.
    pub(crate) fn misspelt(
        &self,
        word: &str,
        exact: bool,
        fields: &[String],
    ) -> Result<Option<Misspelt>> {
        let words = self.analyzer.words(word);
        let [only] = words.as_slice() else {
            return Ok(None);
        };
        let plain = Word::plain(only).filter(|atom| !atom.stopword && only.identifiers.is_empty());
        let Some(typed) = plain.map(|atom| atom.term.as_str()) else {
            return Ok(None);
        };
        let letters = typed.chars().count();
        if letters < SHORTEST || !typed.chars().all(char::is_alphabetic) {
            return Ok(None);
        }
        let mut forms = vec![typed.to_owned()];
        if !exact {
            forms.extend(self.other_forms(typed)?);
        }
        // Most words are frequent in one form already.
        for form in &forms {
            if self.documents(std::slice::from_ref(form), fields)? > RARE {
                return Ok(None);
            }
        }
        let documents = self.documents(&forms, fields)?;
        if documents > RARE {
            return Ok(None);
        }
        let mut near = self.neighbours(typed, if letters < LONG { 1 } else { 2 }, fields)?;
        near.retain(|(_, often)| *often > BETTER * documents);
        let worth = |(found, often): &(String, u64)| {
            let differing = edit_distance(typed, found) as f64;
            let first = found.chars().next() != typed.chars().next();
            (*often as f64).ln() - LETTER * differing - if first { FIRST } else { 0.0 }
        };
        // They come in alphabetical order, which decides between equals.
        near.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        let mut instead = Vec::new();
        for (found, _) in near {
            // Dictionaries still know words of records that were removed.
            let living = self.documents(std::slice::from_ref(&found), fields)?;
            let first = instead
                .first()
                .map_or(0, |&(_, first): &(String, u64)| first);
            // Beside a frequent word a rare one is another misspelling.
            if living > 0 && living * RARER >= first {
                instead.push((found, living));
            }
            if instead.len() == SUGGESTIONS {
                break;
            }
        }
        // A rare word that nothing better resembles is a rare word.
        let wrong = documents == 0 || !instead.is_empty();
        Ok(wrong.then_some(Misspelt { documents, instead }))
    }

    /// How many records have one of some words, in the field that has them most.
    fn documents(&self, words: &[String], fields: &[String]) -> Result<u64> {
        let mut most = 0;
        for name in fields {
            if let Some(field) = self.snapshot.mapping().text(name) {
                most = most.max(self.snapshot.documents_with(field, words)?);
            }
        }
        Ok(most)
    }

    /// The words so many letters away at most, each with about how many records have it.
    fn neighbours(
        &self,
        word: &str,
        distance: u8,
        fields: &[String],
    ) -> Result<Vec<(String, u64)>> {
        let mut counts: HashMap<(String, u32), u64> = HashMap::new();
        self.each_dictionary(fields, |field, dictionary| {
            let fuzzy = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
            let search = dictionary.search(reading(fuzzy.automaton())?);
            let mut stream = reading(search.into_stream().map_err(Into::into))?;
            while stream.advance() {
                let Ok(found) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                if found.chars().all(char::is_alphabetic) {
                    let key = (found.to_owned(), field.field_id());
                    *counts.entry(key).or_default() += u64::from(stream.value().doc_freq);
                }
            }
            Ok(())
        })?;
        let mut most: HashMap<String, u64> = HashMap::new();
        for ((found, _), often) in counts {
            let known = most.entry(found).or_default();
            *known = often.max(*known);
        }
        let mut near: Vec<(String, u64)> = most.into_iter().collect();
        near.sort_unstable();
        Ok(near)
    }
}
