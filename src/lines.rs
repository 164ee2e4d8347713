//! A text of lines in the order of their keys, searched by halving: what is never asked for is never
//! understood.

use memchr::memchr_iter;

/// What parts a key from what is told of it.
const TAB: char = '\t';

/// Lines in the order of their keys, each a key, a tab and what is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Lines {
    /// Lines of keys in order, none of which has a tab or a line break; neither has what is told a
    /// line break.
    pub(crate) fn of(lines: impl Iterator<Item = (String, String)>) -> Self {
        let lines = lines.map(|(key, told)| format!("{key}\t{told}\n"));
        Lines::new(lines.collect())
    }

    /// Lines as they were written.
    pub(crate) fn read(text: &str) -> Self {
        Lines::new(text.to_owned())
    }

    fn new(text: String) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1));
        // Behind the last line break there is no line.
        starts.pop();
        Lines { text, starts }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// What is told of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let rest = self.from(key);
        rest.strip_prefix(key)?
            .strip_prefix(TAB)?
            .split('\n')
            .next()
    }

    /// Whether a key begins so.
    pub(crate) fn has_prefix(&self, prefix: &str) -> bool {
        self.from(prefix).starts_with(prefix)
    }

    /// The lines from the first on whose key is not before this one.
    fn from(&self, key: &str) -> &str {
        let is_before = |start: &usize| {
            let line = self.text.as_bytes().get(*start..).unwrap_or_default();
            // The key of a line ends with its tab.
            let own = line.iter().zip(key.as_bytes());
            let differing = own.take_while(|(own, wanted)| own == wanted).count();
            match (line.get(differing), key.as_bytes().get(differing)) {
                (Some(b'\t'), wanted) => wanted.is_some(),
                (own, wanted) => own < wanted,
            }
        };
        let line = self.starts.partition_point(is_before);
        let start = self.starts.get(line).copied();
        start
            .and_then(|start| self.text.get(start..))
            .unwrap_or_default()
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
            prop_assert_eq!(text.get(&other), lines.get(&other).map(String::as_str));
            let begins = lines.keys().any(|key| key.starts_with(&other));
            prop_assert_eq!(text.has_prefix(&other), begins || text.as_str().starts_with(&other));
        }
    }
}
