//! What a query means, read off parsed records one by one: no index, no planner, no postings.
//!
//! The search must find exactly what this scan finds. It shares with the library the records, the
//! analysis of texts ([`trialdex::analysis`]) and the names and fields of areas; what words,
//! phrases, operators and filters mean is written here a second time, as plainly as it can be.

mod filters;
mod meaning;
mod texts;

pub(crate) use meaning::Meaning;

use std::collections::HashMap;
use std::sync::Arc;
use trialdex::analysis::{Analyzer, WordAtom};
use trialdex::query::{MatchLevel, Query};
use trialdex::record::Record;
use trialdex::schema::IndexSchema;

/// Number of a token among all that were seen.
pub(crate) type TokenId = u32;

/// Set of fields, one bit each, in the order of `fields.toml`.
pub(crate) type FieldSet = u64;

/// A token of a text: a word, a compound written together, or a number, with what stems say of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Token {
    pub(crate) form: String,
    /// Forms of one word share their stem; `None` where a word has no other forms.
    pub(crate) stem: Option<String>,
}

/// One value of a field: tokens with their positions.
pub(crate) type Value = Vec<(u32, TokenId)>;

/// A record with its texts analysed.
pub(crate) struct Document {
    pub(crate) record: Record,
    /// By number of the field: its values.
    values: Vec<(u32, Vec<Value>)>,
    /// Every token with the fields it stands in, in order.
    tokens: Vec<(TokenId, FieldSet)>,
    /// Fields that have a token.
    filled: FieldSet,
}

/// Records ready to be looked through.
pub(crate) struct Scan {
    pub(crate) schema: Arc<IndexSchema>,
    analyzer: Analyzer,
    pub(crate) documents: Vec<Document>,
    pub(crate) tokens: Vec<Token>,
    /// By token: the fields it stands in, in any record.
    fields_of: Vec<FieldSet>,
    /// Tokens by form, and by stem.
    by_form: HashMap<String, Vec<TokenId>>,
    by_stem: HashMap<String, Vec<TokenId>>,
}

/// Tokens as they are met, each once.
#[derive(Default)]
struct Seen {
    tokens: Vec<Token>,
    ids: HashMap<Token, TokenId>,
}

impl Seen {
    fn id(&mut self, token: Token) -> TokenId {
        *self.ids.entry(token).or_insert_with_key(|token| {
            self.tokens.push(token.clone());
            self.tokens.len() as TokenId - 1
        })
    }
}

impl Scan {
    /// Analyses the texts of records.
    pub(crate) fn new(schema: &Arc<IndexSchema>, records: impl Iterator<Item = Record>) -> Scan {
        let mut scan = Scan {
            schema: Arc::clone(schema),
            analyzer: Analyzer::new(schema, "text").unwrap(),
            documents: Vec::new(),
            tokens: Vec::new(),
            fields_of: Vec::new(),
            by_form: HashMap::new(),
            by_stem: HashMap::new(),
        };
        let mut seen = Seen::default();
        for record in records {
            let document = scan.document(record, &mut seen);
            scan.documents.push(document);
        }
        scan.tokens = seen.tokens;
        for (id, token) in (0..).zip(&scan.tokens) {
            scan.by_form.entry(token.form.clone()).or_default().push(id);
            if let Some(stem) = &token.stem {
                scan.by_stem.entry(stem.clone()).or_default().push(id);
            }
        }
        scan.fields_of = vec![0; scan.tokens.len()];
        for document in &scan.documents {
            for &(token, fields) in &document.tokens {
                scan.fields_of[token as usize] |= fields;
            }
        }
        scan
    }

    fn document(&self, record: Record, seen: &mut Seen) -> Document {
        let mut values = Vec::new();
        for (number, field) in (0..).zip(self.schema.fields.iter()) {
            let Some(analyzer) = &field.analyzer else {
                continue;
            };
            let analyzer = Analyzer::new(&self.schema, analyzer).unwrap();
            let texts = texts::of(&record, &field.name);
            let texts = texts.iter().filter(|text| !text.is_empty());
            let analysed: Vec<Value> = texts
                .map(|text| {
                    self.positions(&analyzer, text)
                        .into_iter()
                        .map(|(position, token)| (position, seen.id(token)))
                        .collect()
                })
                .collect();
            if !analysed.is_empty() {
                values.push((number, analysed));
            }
        }
        let mut everywhere: HashMap<TokenId, FieldSet> = HashMap::new();
        for (number, values) in &values {
            for &(_, token) in values.iter().flatten() {
                *everywhere.entry(token).or_default() |= 1 << number;
            }
        }
        let mut tokens: Vec<(TokenId, FieldSet)> = everywhere.into_iter().collect();
        tokens.sort_unstable();
        let filled = tokens.iter().fold(0, |all, (_, fields)| all | fields);
        Document {
            record,
            values,
            tokens,
            filled,
        }
    }

    /// Tokens of a text with their positions.
    fn positions(&self, analyzer: &Analyzer, text: &str) -> Vec<(u32, Token)> {
        let mut tokens: Vec<(u32, Token)> = Vec::new();
        analyzer.tokens(text, |token| {
            let form = token.text.to_owned();
            let stem = analyzer.stem(&form);
            tokens.push((token.position as u32, Token { form, stem }));
        });
        tokens
    }

    /// The stem of a folded word, if it can have other forms.
    fn stem(&self, form: &str) -> Option<String> {
        self.analyzer.stem(form)
    }

    /// The tokens that satisfy a condition, among those some fields have.
    fn tokens_where(&self, fields: FieldSet, holds: impl Fn(&Token) -> bool) -> Vec<TokenId> {
        let all = (0..).zip(&self.tokens).zip(&self.fields_of);
        all.filter(|((_, token), own)| **own & fields != 0 && holds(token))
            .map(|((id, _), _)| id)
            .collect()
    }

    /// The tokens a typed word stands for.
    fn forms(&self, form: &str, exact: bool) -> Vec<TokenId> {
        let mut tokens = self.by_form.get(form).cloned().unwrap_or_default();
        if let Some(stem) = self.stem(form).filter(|_| !exact) {
            tokens.extend(self.by_stem.get(&stem).into_iter().flatten());
        }
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }

    fn atom(&self, atom: &WordAtom, exact: bool) -> Vec<TokenId> {
        self.forms(&atom.term, exact)
    }

    /// The fields of an area.
    fn area(&self, name: &str) -> FieldSet {
        let area = self.schema.ranking.area(name).unwrap();
        let fields = self.schema.fields.iter();
        (0..)
            .zip(fields)
            .filter(|(_, field)| area.fields.iter().any(|(name, _)| *name == field.name))
            .fold(0, |all, (number, _): (u32, _)| all | 1 << number)
    }

    /// Ids of the records a query finds, in their order, articles behind trials; `None` where a
    /// pattern of it stands for more words than a search allows.
    pub(crate) fn find(&self, query: &Query, level: MatchLevel) -> Option<Vec<String>> {
        let meaning = Meaning::of(self, query, level)?;
        let found = self.documents.iter().filter(|one| meaning.holds(self, one));
        Some(found.map(|one| one.record.id().to_owned()).collect())
    }
}

impl Document {
    /// Whether one of some tokens stands in one of some fields.
    fn has(&self, tokens: &[TokenId], fields: FieldSet) -> bool {
        tokens.iter().any(|token| {
            let at = self.tokens.binary_search_by_key(token, |&(id, _)| id);
            at.is_ok_and(|at| self.tokens[at].1 & fields != 0)
        })
    }

    /// The values of some fields.
    fn values(&self, fields: FieldSet) -> impl Iterator<Item = &Value> {
        let own = self.values.iter();
        own.filter(move |(number, _)| fields >> number & 1 == 1)
            .flat_map(|(_, values)| values)
    }

    /// Whether a field has any token.
    fn is_filled(&self, schema: &IndexSchema, field: &str) -> bool {
        let number = schema.fields.iter().position(|known| known.name == field);
        self.filled >> number.unwrap() & 1 == 1
    }
}
