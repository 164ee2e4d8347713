//! E-mail addresses, also in the spellings that hide them from robots.

use std::ops::Range;

/// Letters a name in front of the `@` can have.
const LONGEST_NAME: usize = 64;

/// Mailers known also without an ending behind the dot, or with a misspelled one.
const MAILERS: [&str; 6] = [
    "gmail",
    "yahoo",
    "hotmail",
    "outlook",
    "googlemail",
    "ymail",
];

/// The address around the `@` (or a bracketed `at`) that stands at `mark`.
pub(super) fn around(text: &str, mark: Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..mark.start)?;
    let after = text.get(mark.end..)?;
    let glued_before = before.trim_end_matches([' ', '\u{A0}']);
    let glued_after = after.trim_start_matches([' ', '\u{A0}', '\n']);
    let spaced = glued_before.len() < before.len() || glued_after.len() < after.len();
    let name = name_length(glued_before);
    let domain = domain_length(glued_after, spaced)?;
    if name == 0 {
        return None;
    }
    let start = glued_before.len() - name;
    let end = text.len() - glued_after.len() + domain;
    Some(start..end)
}

/// The length of a bracketed `at` the text begins with: `(at)`, `[at]`, `{at}`.
pub(super) fn bracketed_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..4)?;
    let inner = bytes.get(1..3)?.eq_ignore_ascii_case(b"at");
    let brackets = matches!(
        (bytes[0], bytes[3]),
        (b'(', b')') | (b'[', b']') | (b'{', b'}')
    );
    (inner && brackets).then_some(4)
}

fn name_length(before: &str) -> usize {
    let mut length = 0;
    for c in before.chars().rev() {
        let fits = c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
        if !fits || length + c.len_utf8() > LONGEST_NAME {
            break;
        }
        length += c.len_utf8();
    }
    let name = &before[before.len() - length..];
    name.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_')
        .len()
}

/// The length of the domain the text begins with.
///
/// Behind a blank only a plain lower-case domain counts: `3 pm @ St. Mary` is none.
fn domain_length(after: &str, spaced: bool) -> Option<usize> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let run = after.find(|c| !fits(c)).unwrap_or(after.len());
    let run = after[..run].trim_end_matches(['.', '-']);
    if run.is_empty() {
        return None;
    }
    if let Some(length) = spelled_out_domain(after, run) {
        return Some(length);
    }
    let run = without_glued_sentence(run);
    let first = run.split('.').next().unwrap_or(run);
    if MAILERS
        .iter()
        .any(|mailer| first.eq_ignore_ascii_case(mailer))
    {
        return Some(run.len());
    }
    let (host, ending) = run.rsplit_once('.')?;
    let letters = ending.len() >= 2 && ending.chars().all(char::is_alphabetic);
    let plain = !spaced || ending.chars().all(|c| c.is_ascii_lowercase());
    (letters && plain && host.contains(char::is_alphanumeric)).then_some(run.len())
}

/// `uni.edu.The next sentence`: the ending is where lower case stops.
fn without_glued_sentence(run: &str) -> &str {
    match run.rsplit_once('.') {
        Some((host, ending))
            if host.contains('.')
                && ending.starts_with(|c: char| c.is_uppercase())
                && host.ends_with(|c: char| c.is_lowercase()) =>
        {
            host
        }
        _ => run,
    }
}

/// `example (dot) org`, `example[dot]org`.
fn spelled_out_domain(after: &str, first: &str) -> Option<usize> {
    let mut length = first.len();
    let mut dots = 0;
    while let Some(rest) = after.get(length..) {
        let rest_trimmed = rest.trim_start_matches(' ');
        let Some(dot) = rest_trimmed.get(..5) else {
            break;
        };
        if !["(dot)", "[dot]", "{dot}"].contains(&dot.to_ascii_lowercase().as_str()) {
            break;
        }
        let behind = rest_trimmed[5..].trim_start_matches(' ');
        let label = behind
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(behind.len());
        if label == 0 {
            break;
        }
        length = after.len() - behind.len() + label;
        dots += 1;
    }
    (dots > 0).then_some(length)
}
