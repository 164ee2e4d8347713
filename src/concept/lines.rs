//! A text of lines in the order of their keys, searched by halving: what is never asked for is never
//! read.

use std::cmp::Ordering;

/// What parts a key from what is told of it.
const TAB: u8 = b'\t';

/// Lines in the order of their keys, each a key, a tab and what is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines(String);

impl Lines {
    /// Lines of keys in order, none of which has a tab or a line break; neither has what is told a
    /// line break.
    pub(super) fn of(lines: impl Iterator<Item = (String, String)>) -> Self {
        Lines(
            lines
                .map(|(key, told)| format!("{key}\t{told}\n"))
                .collect(),
        )
    }

    /// Lines as they were written.
    pub(super) fn read(text: &str) -> Self {
        Lines(text.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is told of a key.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let mut rest = self.0.as_bytes();
        while !rest.is_empty() {
            let middle = rest.len() / 2;
            let (before, behind) = rest.split_at(middle);
            let start = before
                .iter()
                .rposition(|b| *b == b'\n')
                .map_or(0, |at| at + 1);
            let length = behind.iter().position(|b| *b == b'\n');
            let end = middle + length.unwrap_or(behind.len());
            let line = rest.get(start..end)?;
            let tab = line.iter().position(|b| *b == TAB)?;
            let (own, told) = line.split_at(tab);
            rest = match own.cmp(key.as_bytes()) {
                Ordering::Equal => return std::str::from_utf8(told.get(1..)?).ok(),
                Ordering::Less => rest.get(end + 1..)?,
                Ordering::Greater => rest.get(..start)?,
            };
        }
        None
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
        }
    }
}
