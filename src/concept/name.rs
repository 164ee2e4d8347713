//! A name as analysis sees it, whatever forms its words have.

use crate::analysis::{Analyzer, WordAtom};
use std::collections::HashSet;

/// Tells a stem from a word that is spelled like it and has no other forms.
const STEM_MARK: char = '\u{1}';

/// One word of a name or of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// The word itself, folded.
    pub(crate) term: String,
    /// What all its forms have in common.
    pub(crate) stem: String,
}

/// A name, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) atoms: Vec<Spelling>,
    /// Whether it is one word in capitals, which has no other forms: the plural of AID is not AIDS.
    pub(crate) is_short_form: bool,
}

impl Name {
    /// Reads a name; `None` where nothing of it is a word, or all of it is too common to be searched.
    pub(crate) fn read(analyzer: &Analyzer, text: &str) -> Option<Name> {
        let words = analyzer.words(text);
        let mut atoms = words.iter().flat_map(|word| word.atoms()).peekable();
        atoms.peek()?;
        let atoms: Vec<&WordAtom> = atoms.collect();
        if atoms.iter().all(|atom| atom.stopword) {
            return None;
        }
        let capitals = text.chars().filter(|c| c.is_uppercase()).count();
        Some(Name {
            is_short_form: atoms.len() == 1 && capitals > 1,
            atoms: atoms.iter().map(|atom| spelling(analyzer, atom)).collect(),
        })
    }

    /// What is equal of all spellings of the name.
    pub(crate) fn key(&self) -> String {
        match self.atoms.as_slice() {
            [only] if self.is_short_form => only.term.clone(),
            atoms => key_of(atoms),
        }
    }
}

/// What is equal of all forms of some words.
pub(super) fn key_of(words: &[Spelling]) -> String {
    let stems = words.iter().map(|word| word.stem.as_str());
    stems.collect::<Vec<_>>().join(" ")
}

/// How the key of a name of several words begins, by the stem of the first.
pub(super) fn beginning(first: &str) -> String {
    format!("{first} ")
}

/// A word with what its forms have in common.
pub(crate) fn spelling(analyzer: &Analyzer, atom: &WordAtom) -> Spelling {
    let stem = analyzer.stem(&atom.term);
    Spelling {
        stem: stem.map_or_else(|| atom.term.clone(), |stem| format!("{STEM_MARK}{stem}")),
        term: atom.term.clone(),
    }
}

/// How names begin, and how long they get.
#[derive(Debug, Default)]
pub(super) struct Beginnings {
    /// The first words of names of several words.
    firsts: HashSet<String>,
    /// Words of the longest name.
    pub(super) longest: usize,
}

impl Beginnings {
    pub(super) fn add(&mut self, name: &Name) {
        self.longest = self.longest.max(name.atoms.len());
        if let [first, _, ..] = name.atoms.as_slice() {
            self.firsts.insert(first.stem.clone());
        }
    }

    /// Whether a name of several words begins with a word, given by what its forms have in common.
    pub(super) fn continues(&self, first: &str) -> bool {
        self.firsts.contains(first)
    }
}

/// The words of a text.
#[cfg(test)]
pub(super) fn spellings(analyzer: &Analyzer, text: &str) -> Vec<Spelling> {
    let words = analyzer.words(text);
    let atoms = words.iter().flat_map(|word| word.atoms());
    atoms.map(|atom| spelling(analyzer, atom)).collect()
}
