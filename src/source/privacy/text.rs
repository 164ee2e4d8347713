//! One text: where its personal details stand, and how it reads without them.

use super::{email, phone, postal};
use std::borrow::Cow;
use std::ops::Range;

/// What a word says about what follows it.
#[derive(Clone, Copy)]
enum Label {
    Phone,
    /// A word that means other things too and needs a whole number behind it.
    MaybePhone,
    Code,
    Address,
}

/// What stands behind a word for it to say so.
enum Behind {
    Anything,
    /// One of these, where one of them is there.
    May(&'static [&'static str]),
    /// One of these.
    Must(&'static [&'static str]),
}

use Behind::{Anything, May, Must};
use Label::{Address, Code, MaybePhone, Phone};

/// Words that say what follows them, in lower case.
const LABELS: [(&str, Label, Behind); 41] = [
    ("tel", Phone, Anything),
    ("telephone", Phone, Anything),
    ("telephones", Phone, Anything),
    ("telefon", Phone, Anything),
    ("telefono", Phone, Anything),
    ("fax", Phone, Anything),
    ("telefax", Phone, Anything),
    ("phone", Phone, Anything),
    ("phones", Phone, Anything),
    ("cellphone", Phone, Anything),
    ("hotline", Phone, Anything),
    ("whatsapp", Phone, Anything),
    ("mobile", Phone, Anything),
    ("تلفن", Phone, Anything),
    ("نمابر", Phone, Anything),
    ("فکس", Phone, Anything),
    ("موبایل", Phone, Anything),
    ("call", MaybePhone, Anything),
    ("calling", MaybePhone, Anything),
    ("contact", MaybePhone, Anything),
    ("dial", MaybePhone, Anything),
    ("postcode", Code, Anything),
    ("zipcode", Code, Anything),
    ("pobox", Code, Anything),
    ("کدپستی", Code, Anything),
    ("zip", Code, May(&["code"])),
    ("postal", Code, Must(&["code", "box"])),
    ("post", Code, Must(&["code", "box"])),
    ("po", Code, Must(&["box"])),
    (
        "p",
        Code,
        Must(&["o. box", "o box", "o.box", "o.b", "obox"]),
    ),
    ("کد", Code, Must(&["پستی"])),
    ("صندوق", Code, Must(&["پستی"])),
    ("street", Address, Must(&["address"])),
    ("mailing", Address, Must(&["address"])),
    ("correspondence", Address, Must(&["address"])),
    ("office", Address, Must(&["address"])),
    ("home", Address, Must(&["address"])),
    ("work", Address, Must(&["address"])),
    ("address", Address, Anything),
    ("نشانی", Address, Anything),
    ("آدرس", Address, Anything),
];

/// Takes personal details out of a text; one without any is returned as it is.
pub(crate) fn scrub(text: &str) -> Cow<'_, str> {
    let cuts = cuts(text);
    if cuts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        if cut.start < at {
            at = at.max(cut.end);
            continue;
        }
        match at {
            0 => out.push_str(&text[..cut.start]),
            _ => append(&mut out, &text[at..cut.start]),
        }
        drop_lead_in(&mut out);
        at = cut.end;
    }
    append(&mut out, &text[at..]);
    Cow::Owned(out.trim().to_owned())
}

/// Where personal details stand, in the order of their beginnings.
fn cuts(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut in_word = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let found;
        if byte.is_ascii_alphanumeric() {
            let run = bytes.get(at..).unwrap_or_default();
            let length = run.iter().position(|b| !b.is_ascii_alphanumeric());
            let end = at + length.unwrap_or(run.len());
            found = in_run(text, at..end, in_word);
            in_word = true;
            at = end;
        } else if byte.is_ascii() {
            in_word = false;
            found = match byte {
                b'@' => email::around(text, at..at + 1),
                b'(' | b'[' | b'{' => bracketed(text, at),
                b'+' => phone::unlabelled(text, at),
                _ => None,
            };
            at += 1;
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            let begins = !in_word;
            in_word = c.is_alphanumeric();
            found = match c {
                '\u{FF20}' => email::around(text, at..at + c.len_utf8()),
                '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' if begins => {
                    phone::unlabelled(text, at)
                }
                c if begins && c.is_alphabetic() => behind_word(text, at),
                _ => None,
            };
            at += c.len_utf8();
        }
        let Some(found) = found else { continue };
        at = at.max(found.end);
        in_word = false;
        // An e-mail address or a street begins before the mark it is recognised by.
        while cuts.last().is_some_and(|last| last.start >= found.start) {
            cuts.pop();
        }
        cuts.push(found);
    }
    cuts
}

/// What letters and digits of ASCII in a row lead to: a word, or a part of one behind its beginning.
fn in_run(text: &str, run: Range<usize>, in_word: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes().get(run.start..)?;
    let found = match bytes.first()? {
        _ if in_word => None,
        b'0'..=b'9' => phone::unlabelled(text, run.start),
        _ if may_lead(bytes) => behind_word(text, run.start),
        _ => None,
    };
    found.or_else(|| {
        let within = bytes.get(..run.len())?;
        let ends = ["str", "strasse", "stra"].iter();
        let mut ends = ends.filter(|end| within.ends_with(end.as_bytes()));
        let street = run.end - ends.next()?.len();
        (in_word || street > run.start).then(|| postal::compound_street(text, street))?
    })
}

fn bracketed(text: &str, at: usize) -> Option<Range<usize>> {
    match email::bracketed_at(&text[at..]) {
        Some(length) => email::around(text, at..at + length),
        None => phone::unlabelled(text, at),
    }
}

/// What a lead has for its third letter where it has no more than two.
const NO_THIRD: u32 = 26;

/// By the first two letters of the words that lead to something: their third letters, a bit each.
const LEADS: [u32; 26 * 26] = {
    let mut leads = [0; 26 * 26];
    let mut at = 0;
    while at < LABELS.len() {
        add_lead(&mut leads, LABELS[at].0.as_bytes());
        at += 1;
    }
    at = 0;
    while at < postal::STREETS.len() {
        add_lead(&mut leads, postal::STREETS[at].as_bytes());
        at += 1;
    }
    leads
};

const fn letter(byte: u8) -> u32 {
    (byte.to_ascii_lowercase() - b'a') as u32
}

/// Words of one letter and of other alphabets are looked at anyway.
const fn add_lead(leads: &mut [u32; 26 * 26], word: &[u8]) {
    if word.len() < 2 || !word[0].is_ascii() {
        return;
    }
    let third = match word.len() {
        2 => NO_THIRD,
        _ => letter(word[2]),
    };
    leads[(letter(word[0]) * 26 + letter(word[1])) as usize] |= 1 << third;
}

/// Whether a word that begins so can lead to something: most words end here.
fn may_lead(word: &[u8]) -> bool {
    let byte = |place: usize| word.get(place).copied().unwrap_or(b' ');
    let (first, second, third) = (byte(0), byte(1), byte(2));
    if !second.is_ascii_alphabetic() {
        return first.eq_ignore_ascii_case(&b'p');
    }
    let capitals = first.is_ascii_uppercase() && second.is_ascii_uppercase();
    let state = capitals && !third.is_ascii_alphanumeric();
    let third = match third.is_ascii_alphabetic() {
        true => letter(third),
        false => NO_THIRD,
    };
    let place = letter(first) * 26 + letter(second);
    let thirds = LEADS.get(place as usize).copied().unwrap_or(0);
    state || thirds >> third & 1 == 1
}

/// What the word that begins at `at` leads to.
fn behind_word(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let end = at
        + rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
    let word = &text[at..end];
    if word.len() == 2
        && let Some(code) = postal::code_after_state(text, at..end)
    {
        return Some(code);
    }
    if postal::is_street_word(word) {
        return postal::street_address(text, at..end);
    }
    let (label, end) = label(text, word, end)?;
    let found = match label {
        Phone => phone::labelled(text, end, false),
        MaybePhone => phone::labelled(text, end, true),
        Code => postal::labelled_code(text, end),
        Address => postal::labelled_address(text, end),
    }?;
    Some(at..found.end)
}

/// What a word, or the two or three it begins, says about what follows, and where it ends.
fn label(text: &str, word: &str, end: usize) -> Option<(Label, usize)> {
    // Longer than every word there is: most words end here.
    let mut buffer = [0_u8; 24];
    let buffer = buffer.get_mut(..word.len())?;
    buffer.copy_from_slice(word.as_bytes());
    buffer.make_ascii_lowercase();
    let lower = std::str::from_utf8(buffer).ok()?;
    let rest = &text[end..];
    let followed_by = |next: &[&str]| {
        let marks = rest.len()
            - rest
                .trim_start_matches([' ', '.', '-', '\u{200C}', '\u{A0}'])
                .len();
        let behind = &rest[marks..];
        let fits = next.iter().find(|next| {
            behind
                .get(..next.len())
                .is_some_and(|b| b.to_lowercase() == **next)
                && !behind[next.len()..].starts_with(char::is_alphanumeric)
        })?;
        Some(end + marks + fits.len())
    };
    let (_, label, behind) = LABELS.iter().find(|(word, ..)| *word == lower)?;
    if lower == "address" && word != "Address" && word != "ADDRESS" {
        return None;
    }
    let end = match behind {
        Anything => end,
        May(next) => followed_by(next).unwrap_or(end),
        Must(next) => followed_by(next)?,
    };
    Some((*label, end))
}

/// Words that only lead to what was cut out behind them.
const LEAD_INS: [&str; 22] = [
    "electronic address",
    "e-mail address",
    "email address",
    "mail address",
    "street address",
    "postal address",
    "e-mails",
    "emails",
    "e-mail",
    "email",
    "mailto",
    "mail",
    "address",
    "telephone number",
    "telephone",
    "phone number",
    "phone",
    "tel",
    "fax",
    "ایمیل",
    "پست الکترونیک",
    "تلفن",
];

/// Small words that cannot end a sentence.
const DANGLING: [&str; 10] = [
    "at", "to", "via", "by", "on", "or", "and", "under", "is", "through",
];

/// Takes the words that led to a detail off the end of a text.
fn drop_lead_in(out: &mut String) {
    loop {
        let kept = out.trim_end_matches([' ', '\t', '\u{A0}', ':', '<', '"', '=']);
        let shorter = LEAD_INS.iter().find_map(|word| without_word(kept, word));
        let (length, done) = (shorter.unwrap_or(kept).len(), shorter.is_none());
        out.truncate(length);
        if done {
            return;
        }
    }
}

/// `text` without a word at its end, in any case.
fn without_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(word.len())?;
    let tail = text.get(start..)?;
    let before = &text[..start];
    let whole = !before.ends_with(char::is_alphanumeric);
    (whole && tail.to_lowercase() == word).then_some(before)
}

/// Appends what stands behind a cut so that the text reads on.
fn append(out: &mut String, text: &str) {
    if out.is_empty() {
        out.push_str(beginning(text));
        return;
    }
    let mut rest = text.trim_start_matches(['>', '"']);
    for (open, close) in [('(', ')'), ('[', ']'), ('<', '>'), ('`', '`')] {
        if !out.ends_with(open) {
            continue;
        }
        rest = rest.trim_start_matches([' ', ',', ';', '.', '/']);
        if let Some(behind) = rest.strip_prefix(close) {
            out.pop();
            rest = behind;
            drop_blanks(out);
            break;
        }
        out.push_str(rest);
        return;
    }
    if let Some(before) = without_word(out, "at").map(str::len) {
        out.truncate(before);
        drop_blanks(out);
    }
    let behind = rest.trim_start_matches([' ', '\t']);
    let closes = behind.is_empty() || behind.starts_with(['.', ',', ';', ')', ']', '\n', '!', '?']);
    if closes || behind.starts_with("or ") || behind.starts_with("and ") {
        drop_dangling(out);
    }
    if out.is_empty() {
        out.push_str(beginning(behind));
        return;
    }
    if behind.starts_with('\n') && is_empty_line(out) {
        out.truncate(out.rfind('\n').map_or(0, |i| i + 1));
        out.push_str(behind.trim_start_matches('\n'));
        return;
    }
    if !closes && !out.ends_with(['\n', '(', '[']) {
        out.push(' ');
    }
    out.push_str(behind);
}

/// A text without the marks it cannot begin with.
fn beginning(text: &str) -> &str {
    text.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '.' | ')' | ']' | '>' | '"')
    })
}

fn drop_blanks(out: &mut String) {
    out.truncate(out.trim_end_matches([' ', '\t']).len());
}

/// Takes prepositions and commas that now lead nowhere off the end of a text.
fn drop_dangling(out: &mut String) {
    loop {
        let kept = out.trim_end_matches([' ', ',', ';', '/', '&', '\u{2013}']);
        let shorter = DANGLING.iter().find_map(|word| without_word(kept, word));
        let (length, done) = (shorter.unwrap_or(kept).len(), shorter.is_none());
        if kept.ends_with('\n') {
            return;
        }
        out.truncate(length);
        if done {
            return;
        }
    }
}

/// Whether the last line of a text holds nothing but a mark of a list.
fn is_empty_line(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or("");
    line.chars()
        .all(|c| c.is_whitespace() || matches!(c, '*' | '-' | '\u{2022}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_leads_somewhere_is_looked_at_in_any_case() {
        let labels = LABELS.iter().map(|(word, ..)| *word);
        let words = labels.chain(postal::STREETS).chain(postal::STATES);
        for word in words.filter(|word| word.starts_with(|c: char| c.is_ascii())) {
            for word in [word.to_owned(), word.to_uppercase()] {
                assert!(may_lead(word.as_bytes()), "{word}");
                assert!(may_lead(format!("{word}: 1").as_bytes()), "{word}");
            }
        }
        for word in ["patients", "The", "of", "mg", "DNA"] {
            assert!(!may_lead(word.as_bytes()), "{word}");
        }
    }
}
