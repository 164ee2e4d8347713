//! The analyzer as tantivy sees it.

use super::Analyzer;
use super::walk::Walk;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Position of the first token of every value: two values of one field stand so far apart that no
/// phrase, however loose, reaches from one into the next.
///
/// tantivy counts the positions of a value from one behind the end of the value before.
const FIRST_POSITION: usize = 100;

/// An analyzer in tantivy's form; its buffers serve one value after another.
#[derive(Clone)]
pub(crate) struct FieldTokenizer {
    analyzer: Analyzer,
    walk: Walk,
    token: Token,
}

impl FieldTokenizer {
    /// The tokenizer of an analyzer.
    pub(crate) fn new(analyzer: Analyzer) -> Self {
        FieldTokenizer {
            analyzer,
            walk: Walk::default(),
            token: Token::default(),
        }
    }
}

impl Tokenizer for FieldTokenizer {
    type TokenStream<'a> = FieldTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FieldTokens<'a> {
        self.walk.begin(&self.analyzer, text, FIRST_POSITION);
        FieldTokens {
            tokenizer: self,
            text,
        }
    }
}

/// The tokens of one value.
pub(crate) struct FieldTokens<'a> {
    tokenizer: &'a mut FieldTokenizer,
    text: &'a str,
}

impl TokenStream for FieldTokens<'_> {
    fn advance(&mut self) -> bool {
        let FieldTokenizer {
            analyzer,
            walk,
            token,
        } = &mut *self.tokenizer;
        let Some(spot) = walk.next(analyzer, self.text, &mut token.text) else {
            return false;
        };
        token.offset_from = spot.range.start;
        token.offset_to = spot.range.end;
        token.position = spot.position;
        true
    }

    fn token(&self) -> &Token {
        &self.tokenizer.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokenizer.token
    }
}
