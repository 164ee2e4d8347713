//! A query as text: what [`parse`](super::parse) reads back as the same value.

use super::clause::Clause;
use std::fmt::{self, Formatter, Write};

/// How tightly a place in the text binds: what stands there must bind at least as tightly, or be
/// put in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Group,
    Unit,
    Boosted,
    Atom,
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_clause(f, self, Binding::Or)
    }
}

fn binding(clause: &Clause) -> Binding {
    match clause {
        Clause::Or(_) => Binding::Or,
        Clause::And(_) => Binding::And,
        // Beside operators a bare filter would restrict more than its group.
        Clause::Group(parts) if parts.iter().any(Clause::is_filter) => Binding::Or,
        Clause::Group(_) => Binding::Group,
        Clause::Must(_) | Clause::Not(_) => Binding::Unit,
        Clause::Boost { .. } => Binding::Boosted,
        _ => Binding::Atom,
    }
}

fn write_clause(f: &mut Formatter<'_>, clause: &Clause, place: Binding) -> fmt::Result {
    if binding(clause) < place {
        f.write_char('(')?;
        write_clause(f, clause, Binding::Or)?;
        return f.write_char(')');
    }
    match clause {
        Clause::Word(word) => write_word(f, word),
        Clause::Phrase(text) => write_quoted(f, text),
        Clause::Near { text, distance } => {
            write_quoted(f, text)?;
            write!(f, "~{distance}")
        }
        Clause::Wildcard(pattern) => f.write_str(pattern),
        Clause::Fuzzy { word, distance } => write!(f, "{word}~{distance}"),
        Clause::Filter(filter) => write!(f, "{filter}"),
        Clause::Area { area, clause } => {
            write!(f, "{area}:")?;
            write_clause(f, clause, Binding::Boosted)
        }
        Clause::Exact(clause) => {
            f.write_str("exact:")?;
            write_clause(f, clause, Binding::Boosted)
        }
        Clause::Expand { level, clause } => {
            write!(f, "{}:", level.prefix())?;
            write_clause(f, clause, Binding::Boosted)
        }
        Clause::Boost { boost, clause } => {
            // "10^6" is a number and "condition:x^2" boosts within the area: both need parentheses here.
            let bare = match clause.as_ref() {
                Clause::Word(word) => !is_number(word),
                Clause::Area { .. } | Clause::Exact(_) | Clause::Expand { .. } => false,
                _ => true,
            };
            if bare {
                write_clause(f, clause, Binding::Atom)?;
            } else {
                f.write_char('(')?;
                write_clause(f, clause, Binding::Or)?;
                f.write_char(')')?;
            }
            write!(f, "^{boost}")
        }
        Clause::Must(clause) => {
            let text = At(clause, Binding::Boosted).to_string();
            // A sign before anything else is punctuation.
            if text.starts_with(begins_unit) {
                write!(f, "+{text}")
            } else {
                write!(f, "+({text})")
            }
        }
        Clause::Not(clause) => {
            f.write_str("NOT ")?;
            write_clause(f, clause, Binding::Unit)
        }
        Clause::Group(parts) => write_list(f, parts, " ", Binding::Unit),
        Clause::And(parts) => write_list(f, parts, " AND ", Binding::Group),
        Clause::Or(parts) => write_list(f, parts, " OR ", Binding::And),
    }
}

/// A clause as it is written at a place.
struct At<'a>(&'a Clause, Binding);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_clause(f, self.0, self.1)
    }
}

/// Whether `+` or `-` before this character is a sign and not punctuation.
pub(super) fn begins_unit(c: char) -> bool {
    c.is_alphanumeric() || c == '(' || c == '\\' || is_quote(c)
}

fn write_list(
    f: &mut Formatter<'_>,
    parts: &[Clause],
    between: &str,
    place: Binding,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write_clause(f, part, place)?;
    }
    Ok(())
}

/// Whether a word is a number such as `10`, `x10` or `2.5x10`, so that `^6` after it is a power.
pub(super) fn is_number(word: &str) -> bool {
    word.trim_start_matches(['x', 'X', '×'])
        .starts_with(|c: char| c.is_ascii_digit())
        && word
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'x' | 'X' | '×' | '*' | '·'))
}

/// Whether the text names a field when a colon follows.
pub(super) fn is_field_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

pub(super) fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT")
}

fn write_word(f: &mut Formatter<'_>, word: &str) -> fmt::Result {
    if is_operator(word) || word.starts_with(['+', '-']) {
        f.write_char('\\')?;
    }
    let colon = word
        .find(':')
        .filter(|&at| word.get(..at).is_some_and(is_field_name));
    for (at, c) in word.char_indices() {
        if is_quote(c) || matches!(c, '\\' | '(' | ')' | '^' | '~' | '*' | '?') || Some(at) == colon
        {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}')
}

fn write_quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if is_quote(c) || c == '\\' {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
