//! A text of lines in the order of their keys, searched by halving: what is never asked for is never
//! read.

use memchr::{memchr, memrchr};

/// What parts a key from what is told of it.
const TAB: char = '\t';

/// Lines in the order of their keys, each a key, a tab and what is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines(String);

impl Lines {
    /// Lines of keys in order, none of which has a tab or a line break; neither has what is told a
    /// line break.
    pub(crate) fn of(lines: impl Iterator<Item = (String, String)>) -> Self {
        Lines(
            lines
                .map(|(key, told)| format!("{key}\t{told}\n"))
                .collect(),
        )
    }

    /// Lines as they were written.
    pub(crate) fn read(text: &str) -> Self {
        Lines(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is told of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let rest = self.from(key);
        rest.strip_prefix(key)?
            .strip_prefix(TAB)?
            .split('\n')
            .next()
    }

    /// Every key with what is told of it, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.0.split_terminator('\n');
        lines.filter_map(|line| line.split_once(TAB))
    }

    /// Whether a key begins so.
    pub(crate) fn has_prefix(&self, prefix: &str) -> bool {
        self.from(prefix).starts_with(prefix)
    }

    /// The lines from the first on whose key is not before this one.
    fn from(&self, key: &str) -> &str {
        let text = self.0.as_bytes();
        let (mut start, mut end) = (0, text.len());
        while start < end {
            let middle = start + (end - start) / 2;
            let before = text.get(start..middle).unwrap_or_default();
            let line = memrchr(b'\n', before).map_or(start, |at| start + at + 1);
            let rest = text.get(line..).unwrap_or_default();
            let own = rest.get(..memchr(TAB as u8, rest).unwrap_or(rest.len()));
            if own.unwrap_or_default() < key.as_bytes() {
                start = memchr(b'\n', rest).map_or(end, |length| line + length + 1);
            } else {
                end = line;
            }
        }
        self.0.get(start..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn every_key_is_found_and_no_other(
            lines in prop::collection::btree_map("[^\t\n]{0,6}", "[^\n]{0,9}", 0..40),
            other in "[^\t\n]{0,6}",
        ) {
            let lines: BTreeMap<String, String> = lines;
            let text = Lines::of(lines.clone().into_iter());
            for (key, told) in &lines {
                prop_assert_eq!(text.get(key), Some(told.as_str()));
            }
            let all: Vec<_> = lines.iter().map(|(key, told)| (key.as_str(), told.as_str())).collect();
            prop_assert_eq!(text.iter().collect::<Vec<_>>(), all);
            prop_assert_eq!(text.get(&other), lines.get(&other).map(String::as_str));
            let begins = lines.keys().any(|key| key.starts_with(&other));
            prop_assert_eq!(text.has_prefix(&other), begins || text.as_str().starts_with(&other));
        }
    }
}
