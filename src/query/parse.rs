//! Text → query: lenient at the surface, strict on demand.
//!
//! ```text
//! or      := and ( "OR" and )*
//! and     := group ( "AND" group )*
//! group   := unit+                      side by side: preferred; filters and +units demanded
//! unit    := ( "+" | "-" | "NOT" )* boosted
//! boosted := atom ( "^" number )?
//! atom    := ( area | level ) ":" boosted | filter ":" values
//!          | filter ":(" value ( ( "OR" | "," ) value )* ")"
//!          | "\"" text "\"" ( "~" number )? | "(" or ")" | word | word "~" [1-2] | trunc* | wom?n
//! ```
//! A level is `exact`, `inflected`, `expanded`, `explode` (narrower terms, too) or `broadened`: how far
//! what follows goes beyond the words that were typed.
//! A backslash takes the next character's meaning away. A filter beside operators without one of
//! its own restricts the whole level: `a OR b country:IR` is `(a OR b) country:IR`.

mod marks;
mod values;

pub(super) use marks::{is_fuzzy_word, is_wildcard};

use super::clause::{CLAUSE_LIMIT, Clause, NESTING_LIMIT};
use super::closest::closest;
use super::display::{begins_unit, is_field_name, is_operator, is_quote};
use super::expansion::Expansion;
use super::filter_value;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use marks::{Letter, fuzzy, idle_mark, split_boost};
use std::ops::Range;

/// Bytes a query may have.
pub const LENGTH_LIMIT: usize = 64 << 10;

/// Something in the text that was not understood as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Bytes of the text it is about.
    pub at: Range<usize>,
    /// What was not understood and what was done instead, lower case.
    pub message: String,
}

/// Reads a text; what cannot be understood is searched as words, with a warning.
///
/// # Errors
/// A text beyond the limits, or an impossible filter value.
pub(super) fn parse(text: &str, schema: &IndexSchema) -> Result<(Option<Clause>, Vec<Warning>)> {
    if text.len() > LENGTH_LIMIT {
        return Err(Error::new(
            ErrorKind::Query,
            format!(
                "the query has {} bytes, more than {LENGTH_LIMIT}",
                text.len()
            ),
        ));
    }
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
        leaves: 0,
        warnings: Vec::new(),
        schema,
    };
    let mut levels = Vec::new();
    loop {
        levels.extend(parser.level()?);
        // A level ends at the end of the text or at a parenthesis nobody opened.
        if parser.at >= text.len() {
            break;
        }
        parser.warn(
            parser.at..parser.at + 1,
            "nothing is open that this parenthesis could close",
        );
        parser.at += 1;
    }
    let clause = Clause::Group(levels).normal();
    match &clause {
        Some(clause) => clause.check()?,
        None if parser.warnings.is_empty() && !text.trim().is_empty() => parser.warn(
            0..text.len(),
            "there is no word to search; every record is found",
        ),
        None => {}
    }
    Ok((clause, parser.warnings))
}

struct Parser<'a> {
    text: &'a str,
    /// Byte of the next character; always on a character boundary.
    at: usize,
    depth: usize,
    leaves: usize,
    warnings: Vec<Warning>,
    schema: &'a IndexSchema,
}

/// What stands on one level, in order.
enum Element {
    And(Range<usize>),
    Or(Range<usize>),
    Unit(Clause),
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn skip_blanks(&mut self) {
        while let Some(c) = self.peek().filter(|c| c.is_whitespace()) {
            self.skip(c);
        }
    }

    fn warn(&mut self, at: Range<usize>, message: impl Into<String>) {
        let message = message.into();
        self.warnings.push(Warning { at, message });
    }

    fn deeper(&mut self, at: usize) -> Result<()> {
        self.depth += 1;
        if self.depth > NESTING_LIMIT {
            return Err(Error::new(
                ErrorKind::Query,
                format!("the query nests deeper than {NESTING_LIMIT} levels"),
            )
            .byte(at as u64));
        }
        Ok(())
    }

    /// Everything up to the end or an unmatched closing parenthesis.
    fn level(&mut self) -> Result<Option<Clause>> {
        let mut elements = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None | Some(')') => break,
                Some(_) => elements.extend(self.element()?),
            }
        }
        Ok(self.assemble(elements))
    }

    fn element(&mut self) -> Result<Option<Element>> {
        let start = self.at;
        match self.operator() {
            Some("AND") => Ok(Some(Element::And(start..self.at))),
            Some("OR") => Ok(Some(Element::Or(start..self.at))),
            Some(_) => {
                let not = start..self.at;
                self.skip_blanks();
                let ends = self.peek().is_none_or(|c| c == ')');
                if ends || self.peek_operator().is_some_and(|word| word != "NOT") {
                    self.warn(not, "NOT has nothing to its right; searched as a word");
                    return self
                        .leaf(Clause::Word("NOT".to_owned()))
                        .map(Some)
                        .map(unit);
                }
                self.deeper(start)?;
                let negated = self.element()?;
                self.depth -= 1;
                Ok(match negated {
                    Some(Element::Unit(clause)) => Some(Element::Unit(not_clause(clause))),
                    _ => None,
                })
            }
            None => self.signed().map(unit),
        }
    }

    /// Reads `AND`, `OR` or `NOT` standing alone.
    fn operator(&mut self) -> Option<&'static str> {
        let word = self.peek_operator()?;
        self.at += word.len();
        Some(word)
    }

    fn peek_operator(&self) -> Option<&'static str> {
        ["AND", "OR", "NOT"].into_iter().find(|word| {
            self.rest().strip_prefix(word).is_some_and(|rest| {
                rest.chars()
                    .next()
                    .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c))
            })
        })
    }

    /// A unit with `+` or `-` before it.
    fn signed(&mut self) -> Result<Option<Clause>> {
        let mut rest = self.rest().chars();
        let (sign, next) = (rest.next(), rest.next());
        // A pattern can begin with a star: "-*itis".
        let begins = next.is_some_and(begins_unit)
            || (next == Some('*') && rest.next().is_some_and(char::is_alphanumeric));
        match sign.filter(|_| begins) {
            Some('+') => {
                self.skip('+');
                Ok(self.boosted()?.map(|clause| Clause::Must(Box::new(clause))))
            }
            // A minus before a digit is a number's: "-80 C".
            Some('-') if !next.is_some_and(|c| c.is_ascii_digit()) => {
                self.skip('-');
                Ok(self.boosted()?.map(not_clause))
            }
            _ => self.boosted(),
        }
    }

    /// An atom with its boost.
    fn boosted(&mut self) -> Result<Option<Clause>> {
        match self.peek() {
            None => Ok(None),
            Some('(') => {
                let clause = self.parenthesis()?;
                Ok(self.boost_after(clause))
            }
            Some(c) if is_quote(c) => {
                let clause = self.quoted(c)?;
                Ok(self.boost_after(clause))
            }
            Some(_) => match self.field()? {
                Some(clause) => Ok(Some(clause)),
                None => self.word(),
            },
        }
    }

    fn parenthesis(&mut self) -> Result<Option<Clause>> {
        let open = self.at;
        self.deeper(open)?;
        self.skip('(');
        let clause = self.level()?;
        self.depth -= 1;
        match self.peek() {
            Some(')') => self.skip(')'),
            _ => self.warn(
                open..open + 1,
                "this parenthesis is never closed; closed at the end",
            ),
        }
        Ok(clause)
    }

    /// A number after a mark, such as `^2` or `~5`.
    fn number_after<T: std::str::FromStr>(&mut self, mark: char) -> Option<T> {
        let digits = self.rest().strip_prefix(mark)?;
        let length = digits
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(digits.len());
        let number = digits.get(..length)?.trim_end_matches('.');
        let Ok(value) = number.parse() else {
            let at = self.at..self.at + mark.len_utf8();
            self.warn(at, format!("no number that {mark} could take follows it"));
            return None;
        };
        self.at += mark.len_utf8() + number.len();
        Some(value)
    }

    fn boost_after(&mut self, clause: Option<Clause>) -> Option<Clause> {
        let boost = self.number_after::<f32>('^');
        let clause = clause?;
        Some(boost.map_or_else(|| clause.clone(), |boost| boosted_by(boost, clause.clone())))
    }

    /// `"a phrase"` or `"near words"~5`; without a closing quote the rest is read as words.
    fn quoted(&mut self, quote: char) -> Result<Option<Clause>> {
        let open = self.at;
        self.skip(quote);
        let mut text = String::new();
        let mut escaped = false;
        let end = self.rest().char_indices().find(|&(_, c)| {
            if !escaped && is_quote(c) {
                return true;
            }
            if !escaped && c == '\\' {
                escaped = true;
                return false;
            }
            escaped = false;
            text.push(c);
            false
        });
        let Some((length, quote)) = end else {
            self.warn(
                open..self.at,
                "this quotation mark is never closed; searched as words",
            );
            return Ok(None);
        };
        self.at += length + quote.len_utf8();
        let text = text.trim().to_owned();
        if !text.contains(char::is_alphanumeric) {
            self.warn(
                open..self.at,
                "nothing to search between the quotation marks",
            );
            return Ok(None);
        }
        match self.number_after::<u32>('~') {
            Some(distance) => self.leaf(Clause::Near { text, distance }).map(Some),
            None => self.leaf(Clause::Phrase(text)).map(Some),
        }
    }

    /// `area:…`, `exact:…`, `filter:…`; `None` where the next word is not of that form.
    fn field(&mut self) -> Result<Option<Clause>> {
        let start = self.at;
        let Some((name, after)) = self.rest().split_once(':') else {
            return Ok(None);
        };
        if !is_field_name(name) {
            return Ok(None);
        }
        let (name, next) = (name.to_ascii_lowercase(), after.chars().next());
        let colon = start + name.len();
        let area = self
            .schema
            .ranking
            .area(&name)
            .map(|area| area.name.clone());
        let filter = filter_value::canonical_name(&name);
        let level = Expansion::of_prefix(&name);
        let known = area.is_some() || filter.is_some() || level.is_some();
        if next.is_none_or(|c| c.is_whitespace() || c == ')') {
            if known {
                let message = format!("a blank follows {name}: so it is searched as a word");
                self.warn(start..colon + 1, message);
            }
            return Ok(None);
        }
        if let Some(filter) = filter {
            self.at = colon + 1;
            return self.filter(filter).map(Some);
        }
        if !known {
            self.warn_unknown(&name, start..colon + 1, next);
            return Ok(None);
        }
        self.deeper(start)?;
        self.at = colon + 1;
        let clause = self.boosted()?;
        self.depth -= 1;
        Ok(clause.map(Box::new).map(|clause| match (area, level) {
            (Some(area), _) => Clause::Area { area, clause },
            (None, Some(level)) if level > Expansion::None => Clause::Expand { level, clause },
            (None, _) => Clause::Exact(clause),
        }))
    }

    fn warn_unknown(&mut self, name: &str, at: Range<usize>, next: Option<char>) {
        if next == Some('/') {
            return; // an address
        }
        let schema = self.schema;
        let mut names: Vec<&str> = schema
            .ranking
            .areas()
            .map(|area| area.name.as_str())
            .collect();
        names.extend(filter_value::names());
        names.extend(Expansion::ALL.map(|(_, _, prefix)| prefix));
        let near = closest(name, names)
            .map(|near| format!(" (did you mean {near}:?)"))
            .unwrap_or_default();
        self.warn(
            at,
            format!("no field is called {name:?}; searched as words{near}"),
        );
    }

    /// A word with whatever marks stand at its end.
    fn word(&mut self) -> Result<Option<Clause>> {
        let start = self.at;
        let mut letters: Vec<Letter> = Vec::new();
        while let Some(c) = self.peek() {
            if c.is_whitespace() || (!letters.is_empty() && matches!(c, '(' | ')')) {
                break;
            }
            self.skip(c);
            match self
                .peek()
                .filter(|next| c == '\\' && !next.is_whitespace())
            {
                Some(next) => {
                    self.skip(next);
                    letters.push((next, true));
                }
                None => letters.push((c, false)),
            }
        }
        let boost = split_boost(&mut letters);
        let Some(clause) = self.word_clause(&letters, start) else {
            return Ok(None);
        };
        let clause = self.leaf(clause)?;
        Ok(Some(match boost {
            Some(boost) => boosted_by(boost, clause),
            None => clause,
        }))
    }

    fn word_clause(&mut self, letters: &[Letter], start: usize) -> Option<Clause> {
        let text: String = letters.iter().map(|&(c, _)| c).collect();
        if !text.contains(char::is_alphanumeric) {
            return None;
        }
        if letters.iter().any(|&(_, escaped)| escaped) {
            return Some(Clause::Word(text));
        }
        if is_operator(&text) {
            let message = format!("{text} has nothing to join here; searched as a word");
            self.warn(start..self.at, message);
        }
        if let Some(fuzzy) = fuzzy(&text) {
            return Some(fuzzy);
        }
        let pattern = text.trim_end_matches(['?', ',', '.', ';']);
        if is_wildcard(pattern) {
            return Some(Clause::Wildcard(pattern.to_owned()));
        }
        if let Some(message) = idle_mark(&text) {
            self.warn(start..self.at, message);
        }
        Some(Clause::Word(text))
    }

    fn leaf(&mut self, clause: Clause) -> Result<Clause> {
        self.leaves += 1;
        if self.leaves > CLAUSE_LIMIT {
            return Err(Error::new(
                ErrorKind::Query,
                format!("the query has more than {CLAUSE_LIMIT} clauses"),
            )
            .byte(self.at as u64));
        }
        Ok(clause)
    }

    /// Puts one level together: lone operators become words, filters beside operators restrict the whole.
    fn assemble(&mut self, mut elements: Vec<Element>) -> Option<Clause> {
        self.settle_operators(&mut elements);
        let operators: Vec<bool> = elements
            .iter()
            .map(|element| !matches!(element, Element::Unit(_)))
            .collect();
        let joined = |index: usize| {
            let beside = |at: Option<usize>| {
                at.and_then(|at| operators.get(at))
                    .is_some_and(|&operator| operator)
            };
            beside(index.checked_sub(1)) || beside(index.checked_add(1))
        };
        let any = operators.contains(&true);
        let mut lifted = Vec::new();
        let (mut ors, mut ands, mut run) = (Vec::new(), Vec::new(), Vec::new());
        for (index, element) in elements.into_iter().enumerate() {
            match element {
                Element::Unit(clause) if any && clause.is_filter() && !joined(index) => {
                    lifted.push(clause);
                }
                Element::Unit(clause) => run.push(clause),
                Element::And(_) => ands.push(Clause::Group(std::mem::take(&mut run))),
                Element::Or(_) => {
                    ands.push(Clause::Group(std::mem::take(&mut run)));
                    ors.push(Clause::And(std::mem::take(&mut ands)));
                }
            }
        }
        if !any {
            return Clause::Group(run).normal();
        }
        ands.push(Clause::Group(run));
        ors.push(Clause::And(ands));
        lifted.insert(0, Clause::Or(ors));
        Clause::Group(lifted).normal()
    }

    /// Turns operators that join nothing into words.
    fn settle_operators(&mut self, elements: &mut Vec<Element>) {
        let mut settled: Vec<Element> = Vec::with_capacity(elements.len());
        let count = elements.len();
        for (index, element) in elements.drain(..).enumerate() {
            let (word, at) = match &element {
                Element::And(at) => ("AND", at.clone()),
                Element::Or(at) => ("OR", at.clone()),
                Element::Unit(_) => {
                    settled.push(element);
                    continue;
                }
            };
            let left = matches!(settled.last(), Some(Element::Unit(_)));
            if left && index + 1 < count {
                settled.push(element);
                continue;
            }
            self.warn(
                at,
                format!("{word} has nothing to join here; searched as a word"),
            );
            settled.push(Element::Unit(Clause::Word(word.to_owned())));
        }
        *elements = settled;
    }
}

fn unit(clause: Option<Clause>) -> Option<Element> {
    clause.map(Element::Unit)
}

fn not_clause(clause: Clause) -> Clause {
    Clause::Not(Box::new(clause))
}

fn boosted_by(boost: f32, clause: Clause) -> Clause {
    Clause::Boost {
        boost,
        clause: Box::new(clause),
    }
}
