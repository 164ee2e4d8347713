//! Lists and paragraphs WHO wrote into one cell.

use std::collections::HashSet;
use std::hash::Hash;

/// The items of a list whose `;` the predicate accepts by what follows, trimmed, empty ones left out; one in brackets separates nothing.
pub(super) fn items(text: &str, separates: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut brackets = brackets(text).into_iter().peekable();
    let mut items = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(';') {
        while brackets.next_if(|&(_, closing)| closing < at).is_some() {}
        let enclosed = brackets.peek().is_some_and(|&(opening, _)| opening < at);
        if !enclosed && separates(&text[at + 1..]) {
            items.push(&text[start..at]);
            start = at + 1;
        }
    }
    items.push(&text[start..]);
    let trimmed = items.into_iter().map(str::trim);
    trimmed.filter(|item| !item.is_empty()).collect()
}

/// The outermost pairs of brackets, from left to right; a bracket nobody closes counts for nothing.
fn brackets(text: &str) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, bracket) in text.match_indices(['(', '[', '{', ')', ']', '}']) {
        if matches!(bracket, "(" | "[" | "{") {
            open.push(at);
        } else if let Some(opening) = open.pop() {
            while pairs.pop_if(|&mut (inner, _)| inner > opening).is_some() {}
            pairs.push((opening, at));
        }
    }
    pairs
}

/// The items of a list separated by `;`.
pub(super) fn semicolons(text: &str) -> Vec<&str> {
    items(text, |_| true)
}

/// The parts of a text numbered `Intervention 1: … Intervention 2: …`, without their labels; `None` where it does not begin so.
pub(super) fn numbered<'a>(text: &'a str, label: &str) -> Option<Vec<&'a str>> {
    let mut rest = text.trim().strip_prefix(label)?;
    rest = rest
        .trim_start()
        .strip_prefix('1')?
        .trim_start()
        .strip_prefix(':')?;
    let mut parts = Vec::new();
    for number in 2.. {
        let next = [format!("{label} {number}:"), format!("{label}{number}:")]
            .into_iter()
            .filter_map(|mark| Some((rest.find(&mark)?, mark.len())))
            .min();
        let Some((at, length)) = next else { break };
        parts.push(&rest[..at]);
        rest = &rest[at + length..];
    }
    parts.push(rest);
    let trimmed = parts.into_iter().map(str::trim);
    Some(trimmed.filter(|part| !part.is_empty()).collect())
}

/// Takes off the indentation all lines but the first share (ISRCTN's sixteen blanks).
pub(super) fn unindent(text: &str) -> String {
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let common = lines.map(|line| indent(&line)).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        let line = if index == 0 {
            line
        } else {
            line.get(common..).unwrap_or_default()
        };
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// The first item of each key, in their order; in linear time, since a hostile cell holds millions.
pub(super) fn once<T, K: Eq + Hash>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut seen = HashSet::new();
    let mut items: Vec<T> = items.into_iter().collect();
    items.retain(|item| seen.insert(key(item)));
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn brackets_hold_a_list_together() {
        let text = "a (b; c);d;; e (open; f";
        assert_eq!(semicolons(text), ["a (b; c)", "d", "e (open", "f"]);
    }

    #[test]
    fn numbered_parts_are_told_apart() {
        let text = "Intervention 1: a: b. Intervention 2: c";
        assert_eq!(numbered(text, "Intervention"), Some(vec!["a: b.", "c"]));
        assert_eq!(numbered("Intervention group: a", "Intervention"), None);
    }

    proptest! {
        #[test]
        fn a_list_keeps_every_character_of_its_items(text in "[a-c;()é ]{0,40}") {
            let kept = |s: &str| s.chars().filter(|c| !matches!(c, ';' | ' ')).collect::<String>();
            prop_assert_eq!(kept(&semicolons(&text).concat()), kept(&text));
        }
    }
}
