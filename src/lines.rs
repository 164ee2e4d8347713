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
    /// How the key of every line [`APART`] from the last begins, as a number that grows with it: close
    /// together in memory, while each line that is looked at has to be fetched from somewhere else.
    guides: Vec<u64>,
}

/// Lines from one guide to the next.
const APART: usize = 32;

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
        let guided = starts.iter().step_by(APART);
        let guides =
            guided.map(|start| beginning(text.as_bytes().get(*start..).unwrap_or_default()));
        Lines {
            guides: guides.collect(),
            text,
            starts,
        }
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

    /// Lines between which the first stands whose key is not before this one: from one, to before
    /// another.
    fn around(&self, key: &str) -> (usize, usize) {
        let own = beginning(key.as_bytes());
        let before = self.guides.partition_point(|guide| *guide < own);
        let upto = self.guides.partition_point(|guide| *guide <= own);
        let end = (upto * APART).min(self.starts.len());
        (before.saturating_sub(1) * APART, end)
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
        let (from, to) = self.around(key);
        let near = self.starts.get(from..to).unwrap_or_default();
        let line = from + near.partition_point(is_before);
        let start = self.starts.get(line).copied();
        start
            .and_then(|start| self.text.get(start..))
            .unwrap_or_default()
    }
}

/// The first bytes of a key as a number, zeros behind its end: of two keys that of the earlier one is no
/// larger.
fn beginning(line: &[u8]) -> u64 {
    let mut first = [0; 8];
    let key = line.iter().take_while(|byte| **byte != b'\t');
    for (own, byte) in first.iter_mut().zip(key) {
        *own = *byte;
    }
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn every_key_is_found_and_no_other(
            lines in prop::collection::btree_map("[^\t\n]{0,6}|[ab]{7,10}", "[^\n]{0,9}", 0..200),
            other in "[^\t\n]{0,6}|[ab]{7,10}",
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
