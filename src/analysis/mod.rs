//! Text → tokens, for the index and for the query alike.
//!
//! Comes in: a value of a text field, or what a person typed, and what `index-schema/` says of
//! its analyzer. Goes out: tokens with positions and byte ranges, or typed words with the terms
//! they can have in the index. Storing and matching terms is the work of `index` and `query`.
//!
//! # What stands in the index
//! - Every **word** in its exact folded form: lower case, without diacritics, digits and Arabic
//!   letters unified, Greek letters by name.
//! - A **compound** (`covid-19`, `TNFα`, `PD-L1`) as its atoms at consecutive positions, and as a
//!   whole, written together, at the position of the first. So a phrase of atoms finds every
//!   spelling; the whole finds what was written together.
//! - A recognised **number** of a registry, a publication or an ethics committee in its normal
//!   spelling, lower case, at the position of its first atom.
//! - Stopwords too, since phrases need them.
//!
//! Stems do not: an index keeps which of its words have one stem ([`Analyzer::stem`]), and a query with
//! one of them looks all of them up, so that the form that was typed can be preferred. Beside every
//! word its stem would double what is written and read.
//!
//! Wholes count in a field's length: lists of compounds are counted longer than they are.

mod fold;
mod split;
mod stem;
mod title;
mod tokenizer;
mod walk;
mod words;

pub(crate) use title::whole_title;
pub(crate) use tokenizer::FieldTokenizer;
pub use words::{Part, Word, WordAtom};

use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use crate::schema::analyzers::{AnalyzerDefinition, Stemming};
use std::ops::Range;
use std::sync::Arc;
use walk::Walk;

/// Turns text into tokens as one analyzer of `index-schema/analyzers.toml` says. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Analyzer {
    schema: Arc<IndexSchema>,
    definition: AnalyzerDefinition,
}

/// One token of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The term it has in the index.
    pub text: &'a str,
    /// The bytes of the text it was made from, on borders of characters.
    pub range: Range<usize>,
    /// Its place among the words; several tokens can share one.
    pub position: usize,
    /// What it stands for.
    pub kind: TokenKind,
}

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word, or an atom of a compound, in its exact folded form.
    Word,
    /// A compound, or a whole value, written together.
    Whole,
    /// A number in its normal spelling.
    Identifier,
}

impl Analyzer {
    /// The analyzer of a name. Cheap: the schema is shared.
    ///
    /// # Errors
    /// No analyzer of that name.
    pub fn new(schema: &Arc<IndexSchema>, name: &str) -> Result<Self> {
        let definition = schema.analyzers.get(name).cloned().ok_or_else(|| {
            Error::new(ErrorKind::Schema, format!("no analyzer {name:?}")).at("analyzers.toml")
        })?;
        Ok(Analyzer {
            schema: Arc::clone(schema),
            definition,
        })
    }

    /// The name of the analyzer.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// Gives every token of a text to `sink`, in the order of their positions, the first at 0.
    pub fn tokens(&self, text: &str, mut sink: impl FnMut(Token<'_>)) {
        let mut walk = Walk::default();
        walk.begin(self, text, 0);
        let mut term = String::new();
        while let Some(spot) = walk.next(self, text, &mut term) {
            sink(Token {
                text: &term,
                range: spot.range,
                position: spot.position,
                kind: spot.kind,
            });
        }
    }

    /// Whether words of its texts have other forms.
    fn stems(&self) -> bool {
        self.definition.stemming == Stemming::English
    }

    /// Numbers in a text: where each stands, its terms.
    fn identifiers_of(&self, text: &str) -> Vec<(Range<usize>, Vec<String>)> {
        let mut all = Vec::new();
        self.identify(text, 0..text.len(), |range, terms| all.push((range, terms)));
        all
    }

    /// Gives `see` the numbers that begin in a part of a text, each with its terms.
    fn identify(
        &self,
        text: &str,
        part: Range<usize>,
        mut see: impl FnMut(Range<usize>, Vec<String>),
    ) {
        if !self.definition.identifiers {
            return;
        }
        self.schema.identifiers.find_within(text, part, |found| {
            let normal = found.identifier.normal.to_lowercase();
            let stem = found.identifier.stem().to_lowercase();
            let mut terms = vec![normal];
            // EUCTR2016-004489-24-GB is also found as 2016-004489-24.
            if !terms.contains(&stem) {
                terms.push(stem);
            }
            see(found.range, terms);
        });
    }

    /// Whether a number can begin at a byte.
    #[inline]
    fn may_identify(&self, bytes: &[u8], at: usize) -> bool {
        self.definition.identifiers && self.schema.identifiers.may_begin(bytes, at)
    }
}

#[cfg(test)]
mod tests;
