//! What a person types → words, each with the terms it can have in the index.

use super::split::{self, Atom, Link};
use super::{Analyzer, stem, walk};
use std::ops::Range;

/// One typed word: plain, a compound, or a number in any spelling.
///
/// A plain word has one part of one atom. `HIV/AIDS` has two parts, `covid-19` one part of two
/// atoms, `NCT 06360861` two parts and an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The bytes it was typed as.
    pub range: Range<usize>,
    /// Terms of the number it is, the fullest first; a document that has one of them is meant.
    pub identifiers: Vec<String>,
    /// The term of all parts together with their slashes, where it is a compound with slashes.
    pub whole: Option<String>,
    /// What slashes part; one for nearly all words.
    pub parts: Vec<Part>,
}

/// What stands between slashes: a plain word, or a compound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The bytes it was typed as.
    pub range: Range<usize>,
    /// The term of a compound written together: `covid19`.
    pub whole: Option<String>,
    /// Its atoms: they stand side by side in the index, so a phrase of them finds every spelling.
    pub atoms: Vec<WordAtom>,
}

/// The smallest thing that can be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordAtom {
    /// The bytes it was typed as.
    pub range: Range<usize>,
    /// Its term.
    pub term: String,
    /// Whether it carries nothing of its own.
    pub stopword: bool,
}

impl Word {
    /// The only atom of a plain word.
    pub fn plain(&self) -> Option<&WordAtom> {
        match self.parts.as_slice() {
            [part] if self.identifiers.is_empty() => match part.atoms.as_slice() {
                [atom] => Some(atom),
                _ => None,
            },
            _ => None,
        }
    }

    /// All atoms, in their order.
    pub fn atoms(&self) -> impl Iterator<Item = &WordAtom> {
        self.parts.iter().flat_map(|part| &part.atoms)
    }
}

impl Analyzer {
    /// The words of what a person typed.
    ///
    /// Side by side in the text, their atoms stand at consecutive positions in the index: the
    /// phrase of a quoted text is all atoms of all its words.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let mut atoms = Vec::new();
        split::split_unicode(text, 0, &mut atoms);
        let mut words: Vec<Word> = atoms
            .chunk_by(|_, next| next.link != Link::None)
            .filter_map(|word| self.typed_word(text, word))
            .collect();
        for (range, terms) in self.identifiers_of(text) {
            attach(&mut words, range, terms);
        }
        words
    }

    /// What all forms of a folded word have in common: `cell` for `cells`; `None` for a word that has
    /// no other forms, and where an analyzer tells none.
    pub fn stem(&self, term: &str) -> Option<String> {
        self.stems().then(|| stem::stem_of(&self.schema, term))?
    }

    fn typed_word(&self, text: &str, atoms: &[Atom]) -> Option<Word> {
        let mut folded_text = String::new();
        let mut folded = Vec::new();
        for atom in atoms {
            let start = folded_text.len();
            split::fold_atom(text, atom, &mut folded_text);
            folded.push(start..folded_text.len());
        }
        let mut parts = Vec::new();
        let mut at = 0;
        for part in atoms.chunk_by(|_, next| next.link != Link::Slash) {
            let ranges = folded.get(at..at + part.len())?;
            at += part.len();
            let typed = part.iter().zip(ranges).map(|(atom, range)| {
                let term = folded_text.get(range.clone()).unwrap_or_default();
                WordAtom {
                    range: atom.from..atom.to,
                    stopword: self.schema.stopwords.contains(term),
                    term: term.to_owned(),
                }
            });
            let typed: Vec<WordAtom> = typed.filter(|a| !a.term.is_empty()).collect();
            let (Some(first), Some(last)) = (typed.first(), typed.last()) else {
                continue;
            };
            parts.push(Part {
                range: first.range.start..last.range.end,
                whole: whole(&folded_text, part, ranges),
                atoms: typed,
            });
        }
        let range = parts.first()?.range.start..parts.last()?.range.end;
        let has_slash = parts.len() > 1;
        Some(Word {
            range,
            identifiers: Vec::new(),
            whole: if has_slash {
                whole(&folded_text, atoms, &folded)
            } else {
                None
            },
            parts,
        })
    }
}

fn whole(folded_text: &str, atoms: &[Atom], folded: &[Range<usize>]) -> Option<String> {
    let mut text = folded_text.to_owned();
    walk::append_whole(&mut text, atoms, folded).then(|| text.split_off(folded_text.len()))
}

/// Makes one word of all words a recognised number covers.
fn attach(words: &mut Vec<Word>, range: Range<usize>, terms: Vec<String>) {
    let touches = |w: &Word| w.range.start < range.end && range.start < w.range.end;
    let Some(first) = words.iter().position(touches) else {
        return;
    };
    let count = words.iter().skip(first).take_while(|w| touches(w)).count();
    let mut covered = words.drain(first..first + count);
    let Some(mut word) = covered.next() else {
        return;
    };
    for next in covered {
        word.whole = None;
        word.range.end = next.range.end;
        word.parts.extend(next.parts);
    }
    word.identifiers.extend(terms);
    words.insert(first, word);
}
