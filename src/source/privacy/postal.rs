//! Street addresses, post boxes and postal codes, where they plainly stand as such.

use std::ops::Range;

/// Words a street's name ends with.
pub(super) const STREETS: [&str; 24] = [
    "Street",
    "Avenue",
    "Boulevard",
    "Alley",
    "Road",
    "Lane",
    "Highway",
    "Expressway",
    "Freeway",
    "Parkway",
    "Drive",
    "Plaza",
    "Square",
    "Ave",
    "Blvd",
    "Blv",
    "Rd",
    "Hwy",
    "Pkwy",
    "St",
    "Sq",
    "Strasse",
    "Straße",
    "Str",
];

/// Words of a part of a house or of a block.
const UNITS: [&str; 16] = [
    "floor",
    "unit",
    "suite",
    "ste",
    "room",
    "rm",
    "apt",
    "apartment",
    "building",
    "bldg",
    "block",
    "box",
    "plaque",
    "plate",
    "pelak",
    "level",
];

/// States of the USA, which stand before a postal code.
pub(super) const STATES: [&str; 52] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA",
    "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM",
    "NY", "NC", "ND", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA",
    "WA", "WV", "WI", "WY",
];

/// Words of the name of a street.
const MOST_NAME_WORDS: usize = 6;

/// Bytes around the word for a street within which its address is looked for.
const REACH: usize = 200;

/// Whether a word is one a street's name ends with.
pub(super) fn is_street_word(word: &str) -> bool {
    if !word.starts_with(char::is_uppercase) {
        return false;
    }
    STREETS.contains(&word)
}

/// The address whose street is a word that ends with the `st…` at `at`: `Gudrunstr. 56`.
pub(super) fn compound_street(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let ending = ["straße", "strasse", "str"]
        .iter()
        .find(|end| rest.starts_with(**end))?;
    if rest[ending.len()..].starts_with(char::is_alphanumeric) {
        return None;
    }
    let before = text.get(..at)?;
    let start = before.trim_end_matches(char::is_alphanumeric).len();
    let named = at - start > 2 && starts_upper(&text[start..]);
    named.then(|| street_address(text, start..at + ending.len()))?
}

/// `Gudrunstr`, `Hauptstraße`: the name and the word for a street in one.
fn is_compound(word: &str) -> bool {
    ["str", "straße", "strasse"]
        .iter()
        .any(|end| word.strip_suffix(end).is_some_and(|name| name.len() > 2))
}

/// The street address with house number whose street ends with the word at `word`.
///
/// An address is a run of parts between commas, each a street, a house number or a part of a house.
pub(super) fn street_address(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let street = street_around(text, word)?;
    let mut numbered = street.numbered;
    let (mut start, mut end) = (street.range.start, street.range.end);
    if !street.numbered {
        while let Some(part) = part_before(text, start, street.range.start) {
            numbered |= is_house_number(part);
            start = offset(text, part);
        }
    }
    while let Some(part) = part_after(text, end, street.range.end) {
        numbered |= is_house_number(part);
        end = offset(text, part) + part.len();
    }
    end += code_before_city(&text[end..]);
    numbered.then_some(start..end)
}

struct Street {
    range: Range<usize>,
    numbered: bool,
}

fn street_around(text: &str, word: Range<usize>) -> Option<Street> {
    let mut start = word.start;
    let mut names = 0;
    let mut numbered = false;
    while names < MOST_NAME_WORDS
        && let Some(token) = word_before(text, start)
    {
        // "Center,27300 Iris Avenue": what stands behind the comma belongs to this part.
        let full = &text[token.clone()];
        let piece = full.rsplit([',', ';', '(', ':']).next().unwrap_or(full);
        let clean = piece.trim_end_matches('.');
        let number = is_number(piece);
        // "Ave." and "E." are abbreviations; "Vedado." ends a sentence.
        let sentence_ends = piece.ends_with('.') && clean.chars().count() > 3;
        if sentence_ends
            || clean.is_empty()
            || !(number || is_ordinal(clean) || starts_upper(clean))
        {
            break;
        }
        if number && names == 0 {
            break;
        }
        start = token.end - piece.len();
        names += 1;
        numbered = number;
        if number || piece.len() < full.len() {
            break;
        }
    }
    let compound = text.get(word.clone()).is_some_and(is_compound);
    if names == 0 && !compound {
        return None;
    }
    let mut end = word.end;
    if text[end..].starts_with('.') {
        end += 1;
    }
    // Compass points and a house number behind: "Delaware St. SE", "Nilgun Sok. No 4".
    let rest = beginning(&text[end..], REACH);
    let part_end = rest.find([',', ';', '\n', '(', ')']);
    let tail = rest[..part_end.unwrap_or(rest.len())].trim();
    if is_house_number(tail) || is_compass_point(tail) || is_unit(tail) {
        numbered |= is_house_number(tail);
        end += rest.find(tail).unwrap_or(0) + tail.len();
    }
    let short = matches!(text.get(word), Some("St" | "Str" | "Sq" | "Rd"));
    // "5 Hospital St Louis": a short word must end its part.
    let ends_part = text[end..]
        .chars()
        .next()
        .is_none_or(|c| matches!(c, ',' | ';' | '\n' | '.' | ')' | '<'));
    (!short || ends_part).then_some(Street {
        range: start..end,
        numbered,
    })
}

fn starts_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// The word in front of a byte on the same line.
fn word_before(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text.get(..at)?.trim_end_matches(' ');
    let start = before.rfind([' ', '\n']).map_or(0, |i| i + 1);
    (start < before.len()).then_some(start..before.len())
}

fn is_number(token: &str) -> bool {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    let tail = &token[digits..];
    (1..=5).contains(&digits)
        && (tail.is_empty()
            || (tail.len() == 1 && tail.bytes().all(|b| b.is_ascii_alphabetic()))
            || (tail.len() <= 5
                && tail.starts_with('-')
                && tail[1..].bytes().all(|b| b.is_ascii_digit())))
}

fn is_ordinal(token: &str) -> bool {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits) && matches!(&token[digits..], "st" | "nd" | "rd" | "th")
}

fn is_compass_point(token: &str) -> bool {
    matches!(
        token.trim_end_matches('.'),
        "N" | "S" | "E" | "W" | "NE" | "NW" | "SE" | "SW" | "North" | "South" | "East" | "West"
    )
}

/// `No 4`, `No. 12`, `#7`, `Number 3`, `27`, `27B`.
fn is_house_number(part: &str) -> bool {
    let part = part.trim();
    let stripped = [
        "No.", "No", "no.", "no", "NO", "Number", "Nr.", "Nr", "#", "N\u{ba}",
    ]
    .iter()
    .find_map(|word| part.strip_prefix(word))
    .unwrap_or(part);
    is_number(stripped.trim_start_matches(['.', ':', ' ', '#']))
}

/// `Third floor`, `Suite 850`, `Unit 3`, `Ste. 109 & 110`.
fn is_unit(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let has_unit = words.iter().any(|word| {
        let word = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        UNITS.contains(&word.as_str())
    });
    has_unit && words.len() <= 4
}

fn is_street(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let last = words
        .last()
        .is_some_and(|word| is_street_word(word.trim_end_matches('.')));
    last && (2..=MOST_NAME_WORDS + 1).contains(&words.len())
        && words
            .iter()
            .all(|w| starts_upper(w) || w.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_part_of_address(part: &str) -> bool {
    is_house_number(part) || is_unit(part) || is_street(part)
}

/// The first bytes of a text, so that long lines are read in linear time.
fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// The part of the address in front of the comma before `start`.
fn part_before(text: &str, start: usize, origin: usize) -> Option<&str> {
    let inner = text.get(..start)?.trim_end().strip_suffix(',')?;
    let from = inner.rfind([',', ';', '\n', '(', ':']).map_or(0, |i| i + 1);
    let part = inner.get(from..)?.trim();
    (origin - from < REACH && is_part_of_address(part)).then_some(part)
}

/// The part of the address behind the comma at `end`.
fn part_after(text: &str, end: usize, origin: usize) -> Option<&str> {
    let inner = beginning(text.get(end..)?, 2 * REACH);
    let inner = inner.trim_start_matches(' ').strip_prefix(',')?;
    let length = inner.find([',', ';', '\n', ')']).unwrap_or(inner.len());
    let part = inner.get(..length)?.trim().trim_end_matches('.');
    let near = offset(text, part) + part.len() - origin < REACH;
    (near && is_part_of_address(part)).then_some(part)
}

/// The length of `, D-44791` in front of ` Bochum` behind a street.
fn code_before_city(rest: &str) -> usize {
    let behind = rest.trim_start_matches([',', ' ', '\n']);
    let code = behind.find(' ').map_or("", |end| &behind[..end]);
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '-');
    let is_code = code.len() - digits.len() <= 3
        && (4..=6).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    let city = behind.get(code.len() + 1..).is_some_and(starts_upper);
    if is_code && city {
        rest.len() - behind.len() + code.len()
    } else {
        0
    }
}

/// The post box or the code behind a word like `Postal code` that ends at `at`.
pub(super) fn labelled_code(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let number = rest.trim_start_matches(|c: char| {
        matches!(
            c,
            ' ' | '\n' | ':' | '.' | '#' | '-' | '\u{A0}' | '\u{2013}' | '='
        )
    });
    let number = ["no.", "no", "No.", "No", "number", "is"]
        .iter()
        .find_map(|word| number.strip_prefix(word))
        .unwrap_or(number)
        .trim_start_matches([' ', ':', '.']);
    let fits = |c: char| c.is_numeric() || matches!(c, '-' | '/' | '\u{2010}'..='\u{2013}');
    // "BOX C281", "MB. 5, 1st": at most two letters in front; British codes have two parts.
    let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
    let body = number.get(letters.min(4)..)?;
    let length = body.find(|c| !fits(c)).unwrap_or(body.len());
    let code = body[..length].trim_end_matches(['-', '/']);
    if letters > 4 || !code.contains(char::is_numeric) {
        return None;
    }
    let mut end = text.len() - body.len() + code.len();
    end += british_second_part(&text[end..]);
    Some(at..end)
}

fn british_second_part(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let part = match bytes {
        [b' ', digit, a, b, ..] => [*digit, *a, *b],
        _ => return 0,
    };
    let fits =
        part[0].is_ascii_digit() && part[1].is_ascii_uppercase() && part[2].is_ascii_uppercase();
    let ends = bytes.get(4).is_none_or(|b| !b.is_ascii_alphanumeric());
    if fits && ends { 4 } else { 0 }
}

/// The code behind a state of the USA: `Bethesda, MD 20892-1234`.
pub(super) fn code_after_state(text: &str, state: Range<usize>) -> Option<Range<usize>> {
    if !STATES.contains(&text.get(state.clone())?) {
        return None;
    }
    let city = text
        .get(..state.start)?
        .strip_suffix([' ', '\u{A0}'])?
        .strip_suffix(',')?;
    let word = city.rsplit([' ', ',', '\n']).next()?;
    if !starts_upper(word) || word.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = text.get(state.end..)?;
    let digits = rest.strip_prefix(' ')?;
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let more = digits.get(count..)?;
    let extra = match more.strip_prefix('-') {
        Some(four) if four.bytes().take_while(u8::is_ascii_digit).count() == 4 => 5,
        _ => 0,
    };
    let ends = more
        .get(extra..)?
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric());
    (count == 5 && ends).then_some(state.end..state.end + 1 + 5 + extra)
}

/// The address behind the word `Address:` that ends at `at`, up to the end of the line or sentence.
pub(super) fn labelled_address(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let behind = rest.strip_prefix(':')?;
    let content = beginning(behind, 2 * REACH);
    let ends = [content.find(['\n', ';']), content.find(". ")];
    let end = match ends.into_iter().flatten().min() {
        Some(end) => end,
        None if content.len() == behind.len() => content.len(),
        None => return None,
    };
    let content = content.get(..end)?.trim_end_matches(['.', ' ']);
    let lower = content.trim_start().to_ascii_lowercase();
    let is_page = lower.starts_with("http") || lower.starts_with("www.");
    let looks = content.contains(|c: char| c.is_numeric())
        || content
            .split_whitespace()
            .any(|w| is_street_word(w.trim_end_matches([',', '.'])));
    (!is_page && looks).then_some(at..at + 1 + content.len())
}
