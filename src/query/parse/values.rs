//! The values behind the name of a filter.

use super::Parser;
use crate::error::Result;
use crate::query::clause::Clause;
use crate::query::display::{is_operator, is_quote};
use crate::query::filter::Filter;
use crate::query::filter_value;

/// How many words behind a filter's value may belong to it.
const VALUE_WORDS: usize = 4;

impl Parser<'_> {
    /// The values of a filter: `2,3`, `"not yet recruiting"`, `(2 OR 3)`.
    pub(super) fn filter(&mut self, name: &str) -> Result<Clause> {
        let start = self.at;
        let bracket = self.peek() == Some('(');
        if bracket {
            self.skip('(');
        }
        let mut values = vec![String::new()];
        let mut quoted = None;
        while let Some(c) = self.peek() {
            let blank_before = values
                .last()
                .is_some_and(|v| v.ends_with(char::is_whitespace));
            if bracket && quoted.is_none() && blank_before && self.peek_operator() == Some("OR") {
                self.at += "OR".len();
                values.push(String::new());
                continue;
            }
            let ends = matches!(c, '(' | ')') || (c.is_whitespace() && !bracket);
            match quoted {
                None if ends => break,
                None if is_quote(c) => quoted = Some(self.at),
                None if c == ',' => values.push(String::new()),
                Some(_) if is_quote(c) => quoted = None,
                _ => {
                    if let Some(value) = values.last_mut() {
                        value.push(c);
                    }
                }
            }
            self.skip(c);
        }
        if bracket && self.peek() == Some(')') {
            self.skip(')');
        } else if bracket {
            self.warn(start..start + 1, "this parenthesis is never closed");
        }
        if let Some(open) = quoted {
            self.warn(open..open + 1, "this quotation mark is never closed");
        }
        if values.len() > 1 {
            values.retain(|value| !value.trim().is_empty());
        }
        let mut filter = filter_value::parse(name, &values, self.schema);
        // "age:6 months" is no age of six years.
        if !bracket && (filter.is_err() || name == "age") {
            filter = self.longer_value(name, start).map_or(filter, Ok);
        }
        let filter = filter.map_err(|error| error.byte(start as u64))?;
        self.leaf(Clause::Filter(filter))
    }

    /// The filter whose value began at `start`, read with as many of the words behind it as
    /// together are a value: `country:South Korea`.
    fn longer_value(&mut self, name: &str, start: usize) -> Option<Filter> {
        if self.text.get(start..self.at)?.contains(is_quote) {
            return None;
        }
        let mut end = self.at;
        let mut longest = None;
        for _ in 0..VALUE_WORDS {
            let rest = self.text.get(end..)?;
            let word = rest.trim_start();
            let ends = |c: char| c.is_whitespace() || c == ')';
            let length = word.find(ends).unwrap_or(word.len());
            let word = word.get(..length)?;
            let plain = |c: char| !(is_quote(c) || matches!(c, '(' | ':' | '\\'));
            if word.is_empty() || is_operator(word) || !word.chars().all(plain) {
                break;
            }
            end += rest.len() - rest.trim_start().len() + length;
            let values = self.text.get(start..end)?.split(',').map(str::to_owned);
            if let Ok(filter) = filter_value::parse(name, &values.collect::<Vec<_>>(), self.schema)
            {
                longest = Some((end, filter));
            }
        }
        let (end, filter) = longest?;
        self.at = end;
        let message = format!("the words behind {name}: were read as one value, {filter}");
        self.warn(start..end, message);
        Some(filter)
    }
}
