//! Short forms and what a text says they stand for, by the method of Schwartz and Hearst
//! ("A simple algorithm for identifying abbreviation definitions in biomedical text", PSB 2003).
//!
//! `mesenchymal stem cells (MSC)` and `MSC (mesenchymal stem cells)`: of the words before the
//! bracket, the shortest stretch whose letters hold those of the short form in order, read from the
//! end, the first of them at the beginning of a word.

use memchr::memchr2_iter;

/// Characters of a short form at most.
const LONGEST: usize = 10;

/// Words of a short form at most.
const SHORT_WORDS: usize = 2;

/// A short form with the long form that stands beside it, as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition<'t> {
    /// The short form.
    pub short: &'t str,
    /// What it stands for.
    pub long: &'t str,
}

/// Every definition of a short form in a text, in order.
pub fn definitions(text: &str) -> Vec<Definition<'_>> {
    let mut found = Vec::new();
    for open in memchr2_iter(b'(', b'[', text.as_bytes()) {
        let close = if text.as_bytes().get(open) == Some(&b'(') {
            ')'
        } else {
            ']'
        };
        let rest = text.get(open + 1..).unwrap_or_default();
        let Some(length) = rest.find(close) else {
            continue;
        };
        let inside = rest.get(..length).unwrap_or_default();
        if inside.contains(['(', '[']) {
            continue; // The inner bracket has its own turn.
        }
        let before = sentence_end(text.get(..open).unwrap_or_default());
        found.extend(definition(before, inside));
    }
    found
}

/// What stands behind the last end of a sentence.
fn sentence_end(text: &str) -> &str {
    let ends = |(at, c): (usize, char)| {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        let ends = matches!(c, '\n' | ';' | ':')
            || (matches!(c, '.' | '?' | '!') && after.starts_with(char::is_whitespace));
        ends.then_some(at + c.len_utf8())
    };
    let start = text.char_indices().rev().find_map(ends).unwrap_or(0);
    text.get(start..).unwrap_or_default()
}

fn definition<'t>(before: &'t str, inside: &'t str) -> Option<Definition<'t>> {
    // `(MSC; Lonza)`, `(MSC, 10^6)`: what stands before is the short form.
    let head = inside.split([';', ',']).next().unwrap_or_default().trim();
    let head = head.trim_matches(is_quote);
    if is_short_form(head) {
        return long_form(head, before).map(|long| Definition { short: head, long });
    }
    // The other order: the word before the bracket is short for what stands in it.
    let word = before.split_whitespace().next_back()?;
    let short = word.trim_matches(|c: char| !c.is_alphanumeric());
    let ends_there = before.trim_end().ends_with(short);
    if !ends_there || !is_short_form(short) {
        return None;
    }
    let head = inside.split([';', ',']).next().unwrap_or_default();
    let long = long_form(short, head)?;
    // There the long form is all that stands before a comma.
    (long.len() + SLACK >= head.trim().len()).then_some(Definition { short, long })
}

/// Bytes of an article before a long form in brackets.
const SLACK: usize = 4;

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’')
}

/// Two to ten characters in two words at most, a letter and a capital among them, the first no mark.
fn is_short_form(text: &str) -> bool {
    let length = text.chars().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (2..=LONGEST).contains(&length)
        && text.split_whitespace().count() <= SHORT_WORDS
        && text.starts_with(char::is_alphanumeric)
        && letters >= 2
        && text.chars().any(char::is_uppercase)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | ' ' | '+' | '.'))
        && !text.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
        && !text.split_whitespace().any(is_plain_word)
}

/// Whether a word is one that begins a sentence: `Pain`, `Group`.
fn is_plain_word(word: &str) -> bool {
    let mut letters = word.chars();
    word.chars().count() >= 4
        && letters.next().is_some_and(char::is_uppercase)
        && letters.all(char::is_lowercase)
}

/// Words a long form does not begin with: the A of ACT is not that of "and commitment therapy".
const LINKS: [&str; 11] = [
    "a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "with",
];

/// The shortest end of a text that can be what a short form stands for, if it passes for one.
fn long_form<'t>(short: &str, text: &'t str) -> Option<&'t str> {
    let text = text
        .trim_end()
        .trim_end_matches(|c| c == ',' || is_quote(c));
    let long = best_long_form(short, text)?;
    let letters = short.chars().filter(|c| c.is_alphanumeric()).count();
    let words = long
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|w| !w.is_empty());
    let words: Vec<&str> = words.collect();
    let accepted = words.len() <= (letters + 5).min(2 * letters)
        && long.chars().count() > short.chars().count()
        && !words.contains(&short)
        && long.chars().filter(|c| c.is_alphabetic()).count() >= 2 * letters.min(4) - 2
        // An ending is not what it ends: "cell (cells)", "trial (TRIALS)".
        && !long.to_lowercase().starts_with(&short.to_lowercase())
        && !defines(long)
        && balanced(long);
    accepted.then_some(long)
}

/// Reads both from their ends: every letter of the short form in turn, the first at the beginning
/// of a word.
fn best_long_form<'t>(short: &str, text: &'t str) -> Option<&'t str> {
    let letters = short.chars().filter(|c| c.is_alphanumeric());
    let mut letters = letters.flat_map(char::to_lowercase).rev().peekable();
    letters.peek()?;
    let mut before = text.chars();
    while let Some(letter) = letters.next() {
        let is_first = letters.peek().is_none();
        loop {
            let end = before.as_str().len();
            let c = before.next_back()?;
            let start = before.as_str().len();
            let same = c.to_lowercase().eq(std::iter::once(letter));
            let begins = || {
                let glued = before
                    .clone()
                    .next_back()
                    .is_some_and(char::is_alphanumeric);
                let rest = text.get(end..).unwrap_or_default();
                let more = rest
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(rest.len());
                let word = text.get(start..end + more).unwrap_or_default();
                !glued && !LINKS.iter().any(|link| link.eq_ignore_ascii_case(word))
            };
            if same && (!is_first || begins()) {
                break;
            }
        }
    }
    text.get(before.as_str().len()..)
}

/// Whether a bracket of its own stands within a text, as behind a name that has been defined there:
/// `alpha interferon (IFN-A), cytosine arabinoside`. A bracket within a word is part of it.
fn defines(text: &str) -> bool {
    [" (", " ["].iter().any(|bracket| text.contains(bracket))
}

fn balanced(text: &str) -> bool {
    let count = |marks: [char; 2]| text.matches(marks).count();
    text.matches('(').count() == text.matches(')').count() && count(['[', ']']) % 2 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(&str, &str)> {
        let found = definitions(text).into_iter();
        found.map(|found| (found.short, found.long)).collect()
    }

    #[test]
    fn both_orders_are_found() {
        assert_eq!(
            pairs("adipose derived stem cells conditioned medium (ADSC-CM) is used"),
            [("ADSC-CM", "adipose derived stem cells conditioned medium")]
        );
        assert_eq!(
            pairs("Patients with MS (multiple sclerosis) are treated."),
            [("MS", "multiple sclerosis")]
        );
        assert_eq!(
            pairs("the heat shock protein (HSP) and bone mineral density [BMD; g/cm2]"),
            [
                ("HSP", "heat shock protein"),
                ("BMD", "bone mineral density")
            ]
        );
    }

    #[test]
    fn letters_stand_in_order_and_the_first_begins_a_word() {
        assert_eq!(
            pairs("of transforming growth factor-beta (TGF-b)"),
            [("TGF-b", "transforming growth factor-beta")]
        );
        for none in [
            "bone marrow (see Table 2)",
            "patients (n = 30)",
            "aspirin (USA)",
            "treatment (2 mg)",
            "Phase (II)",
            "cell (cells)",
            "End of it. A new one (EOI)",
            "no end (NE",
        ] {
            assert!(pairs(none).is_empty(), "{none}: {:?}", pairs(none));
        }
    }

    #[test]
    fn a_long_form_ends_before_a_comma_and_holds_no_other_definition() {
        assert_eq!(
            pairs("in Incomplete Freund's Adjuvant, (IFA)"),
            [("IFA", "Incomplete Freund's Adjuvant")]
        );
        assert_eq!(
            pairs("alpha interferon (HuIFN), cytosine arabinoside (ARA-C)"),
            []
        );
        assert_eq!(
            pairs("poly(lactic) acid (PLA)"),
            [("PLA", "poly(lactic) acid")]
        );
    }

    #[test]
    fn a_long_form_is_not_longer_than_its_short_form_allows() {
        assert!(pairs("m a b c d e f g h i stem (MS)").is_empty());
        assert!(pairs("mean of the MS scale sum (MS)").is_empty());
    }
}
