//! The marks of the language at a word: `^2`, `~1`, `*` and `?`, and those that mean nothing where
//! they stand.

use crate::query::clause::Clause;
use crate::query::display::{is_number, is_quote};

/// A character of a word and whether a backslash stood before it.
pub(super) type Letter = (char, bool);

/// Takes `^2` off the end of a word; after a number it is a power.
pub(super) fn split_boost(letters: &mut Vec<Letter>) -> Option<f32> {
    let at = letters.iter().rposition(|&letter| letter == ('^', false))?;
    let number: String = letters.get(at + 1..)?.iter().map(|&(c, _)| c).collect();
    let digits = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let word: String = letters.get(..at)?.iter().map(|&(c, _)| c).collect();
    if !digits || is_number(&word) || word.is_empty() {
        return None;
    }
    let boost = number.parse().ok()?;
    letters.truncate(at);
    Some(boost)
}

/// `word~`, `word~1`, `word~2`.
pub(super) fn fuzzy(text: &str) -> Option<Clause> {
    let (word, distance) = text.rsplit_once('~')?;
    let distance = match distance {
        "" | "1" => 1,
        "2" => 2,
        _ => return None,
    };
    is_fuzzy_word(word).then(|| Clause::Fuzzy {
        word: word.to_owned(),
        distance,
    })
}

/// What a mark of the language in a word says that means nothing there; `None` where there is no
/// mark, or one that plain text has too: `10^9/L`, `5'10"`, `~3`.
pub(super) fn idle_mark(text: &str) -> Option<&'static str> {
    let worded = |text: &str| text.contains(char::is_alphabetic);
    if let Some((before, _)) = text.rsplit_once('^')
        && worded(before)
        && !is_number(before)
    {
        return Some("^ takes a number and nothing behind it; searched as written");
    }
    if let Some((before, distance)) = text.rsplit_once('~')
        && worded(before)
        && distance.chars().all(|c| c.is_ascii_digit())
    {
        return Some(
            "only a plain word of three letters or more can differ, by 1 or 2; searched as written",
        );
    }
    let pattern = text.trim_end_matches(['?', ',', '.', ';']);
    let starred = pattern.starts_with('*') || pattern.ends_with('*');
    if starred && worded(text) && !text.contains("**") {
        return Some(
            "a pattern has two letters or more and nothing but letters and digits beside * and ?; searched as written",
        );
    }
    let inches = |(at, _): (usize, &str)| {
        let before = text.get(..at).unwrap_or_default();
        before.ends_with(|c: char| c.is_ascii_digit())
    };
    let mut quotes = text.match_indices(is_quote);
    if quotes.any(|quote| !inches(quote)) {
        return Some("a quotation mark within a word begins no phrase; searched as words");
    }
    None
}

/// Whether a word can be searched with differing letters: three letters at least, nothing else.
pub(in crate::query) fn is_fuzzy_word(word: &str) -> bool {
    word.chars().count() >= 3
        && word.chars().all(char::is_alphanumeric)
        && word.contains(char::is_alphabetic)
}

/// Whether a word is a pattern: `*` anywhere, `?` within, two letters at least, nothing else.
pub(in crate::query) fn is_wildcard(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
    word.contains(['*', '?'])
        && letters >= 2
        && !word.contains("**")
        && !word.starts_with('?')
        && !word.ends_with('?')
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '*' | '?'))
}
