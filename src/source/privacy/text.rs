//! One text: where its personal details stand, and how it reads without them.

use super::{email, phone, postal};
use std::borrow::Cow;
use std::ops::Range;

/// What a word says about what follows it.
enum Label {
    Phone,
    /// A word that means other things too and needs a whole number behind it.
    MaybePhone,
    Code,
    Address,
}

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
        let begins = !in_word;
        let mut length = 1;
        let found = if byte.is_ascii() {
            in_word = byte.is_ascii_alphanumeric();
            let next = bytes.get(at + 1).copied().unwrap_or(b' ');
            match byte {
                b'@' => email::around(text, at..at + 1),
                b'(' | b'[' | b'{' => bracketed(text, at),
                b'0'..=b'9' | b'+' if begins => phone::unlabelled(text, at),
                b'a'..=b'z' | b'A'..=b'Z' if begins && may_lead(byte, next) => {
                    behind_word(text, at)
                }
                b's' if next == b't' && !begins => postal::compound_street(text, at),
                _ => None,
            }
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            in_word = c.is_alphanumeric();
            length = c.len_utf8();
            match c {
                '\u{FF20}' => email::around(text, at..at + length),
                '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' if begins => {
                    phone::unlabelled(text, at)
                }
                c if begins && c.is_alphabetic() => behind_word(text, at),
                _ => None,
            }
        };
        at += length;
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

fn bracketed(text: &str, at: usize) -> Option<Range<usize>> {
    match email::bracketed_at(&text[at..]) {
        Some(length) => email::around(text, at..at + length),
        None => phone::unlabelled(text, at),
    }
}

/// Whether a word that begins with these letters can be one of those below: most words end here.
fn may_lead(first: u8, second: u8) -> bool {
    let lower = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
    let label = matches!(
        &lower,
        b"ad"
            | b"ca"
            | b"ce"
            | b"co"
            | b"di"
            | b"fa"
            | b"ho"
            | b"ma"
            | b"mo"
            | b"of"
            | b"ph"
            | b"po"
            | b"st"
            | b"te"
            | b"wh"
            | b"wo"
            | b"zi"
    );
    let street = matches!(
        &[first, second],
        b"Al"
            | b"Av"
            | b"Bl"
            | b"Bo"
            | b"Dr"
            | b"Ex"
            | b"Fr"
            | b"Hi"
            | b"Hw"
            | b"La"
            | b"Pa"
            | b"Pk"
            | b"Pl"
            | b"Rd"
            | b"Ro"
            | b"Sq"
    );
    let state = first.is_ascii_uppercase() && second.is_ascii_uppercase();
    let initial = lower[0] == b'p' && !second.is_ascii_alphabetic();
    label || street || state || initial
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
        Label::Phone => phone::labelled(text, end, false),
        Label::MaybePhone => phone::labelled(text, end, true),
        Label::Code => postal::labelled_code(text, end),
        Label::Address => postal::labelled_address(text, end),
    }?;
    Some(at..found.end)
}

/// What a word, or the two or three it begins, says about what follows, and where it ends.
fn label(text: &str, word: &str, end: usize) -> Option<(Label, usize)> {
    // Longer than every word below: most words end here.
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
    match lower {
        "tel" | "telephone" | "telephones" | "telefon" | "telefono" | "fax" | "telefax"
        | "phone" | "phones" | "cellphone" | "hotline" | "whatsapp" | "mobile" | "تلفن"
        | "نمابر" | "فکس" | "موبایل" => Some((Label::Phone, end)),
        "call" | "calling" | "contact" | "dial" => Some((Label::MaybePhone, end)),
        "postcode" | "zipcode" | "pobox" | "کدپستی" => Some((Label::Code, end)),
        "zip" => Some((Label::Code, followed_by(&["code"]).unwrap_or(end))),
        "postal" | "post" => Some((Label::Code, followed_by(&["code", "box"])?)),
        "po" => Some((Label::Code, followed_by(&["box"])?)),
        "p" => Some((
            Label::Code,
            followed_by(&["o. box", "o box", "o.box", "o.b", "obox"])?,
        )),
        "کد" => Some((Label::Code, followed_by(&["پستی"])?)),
        "صندوق" => Some((Label::Code, followed_by(&["پستی"])?)),
        "street" | "mailing" | "correspondence" | "office" | "home" | "work" => {
            Some((Label::Address, followed_by(&["address"])?))
        }
        "address" if word == "Address" || word == "ADDRESS" => Some((Label::Address, end)),
        "نشانی" | "آدرس" => Some((Label::Address, end)),
        _ => None,
    }
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
