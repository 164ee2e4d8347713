//! Telephone and fax numbers.
//!
//! Without a word like `Tel` in front a number must have a form that doses, ranges, dates,
//! citations and grant numbers don't have; with one, enough digits suffice.

use std::ops::Range;

/// Groups a number can have; more are a list of something else.
const MOST_GROUPS: usize = 9;

/// Digits of the longest number (ITU E.164).
const MOST_DIGITS: usize = 15;

/// Digits a number behind a word has at least; one behind a word that means other things too.
const LABELLED: usize = 5;
const WEAKLY_LABELLED: usize = 7;

/// Digits a number without a word in front has at least.
const UNLABELLED: usize = 9;

/// Marks and blanks between two groups of digits at most.
const MOST_BETWEEN: usize = 3;

/// Groups of digits with what stands between them.
struct Number {
    plus: bool,
    /// The first group stands in brackets.
    bracketed: bool,
    groups: Vec<Group>,
}

struct Group {
    digits: String,
    /// Byte behind the last digit, the bracket that closes it included.
    end: usize,
    /// What stands in front of it.
    gap: Gap,
}

#[derive(Clone, Copy, PartialEq)]
enum Gap {
    Start,
    Blank,
    /// A dash or full stop without blanks.
    Dash,
    /// A slash, a bracket, or a mark with blanks around.
    Other,
}

/// The number without a word in front that begins at `at`.
pub(super) fn unlabelled(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text.get(..at)?.chars().next_back();
    if before.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '_' | '+' | '=' | '^')
    }) {
        return None;
    }
    if let Some(end) = with_letters(text, at) {
        return Some(at..end);
    }
    if !has_digits(text.get(at..)?) {
        return None;
    }
    let number = Number::read(text, at)?;
    let lengths: Vec<usize> = number.groups.iter().map(|g| g.digits.len()).collect();
    let count = (1..=lengths.len())
        .rev()
        .find(|&count| number.ends_at(count) && number.is_phone(&lengths[..count]))?;
    let end = number.groups[count - 1].end;
    let follows = text.get(end..)?.chars().next();
    // `%` and units show a measurement, a letter a code.
    if follows.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '/' | '@' | '_')) {
        return None;
    }
    // "(1-877-285-4559, or …)": the bracket is not the number's.
    let bracket = text[at..end].starts_with('(') && !text[at..end].contains(')');
    Some(at + usize::from(bracket)..end)
}

/// Whether a text begins with as many digits, between marks and a bracket that closes, as a number without a word in front has:
/// doses, ages and years end here.
fn has_digits(text: &str) -> bool {
    let (mut digits, mut between) = (0, 0);
    for c in text.chars() {
        if digit(c).is_some() {
            (digits, between) = (digits + 1, 0);
            if digits == UNLABELLED {
                return true;
            }
        } else if c.is_alphanumeric() || between > MOST_BETWEEN {
            return false;
        } else {
            between += 1;
        }
    }
    false
}

/// The numbers behind a word like `Tel` that ends at `at`; empty where none follow.
///
/// A `weak` word means other things too and needs a longer number.
pub(super) fn labelled(text: &str, at: usize, weak: bool) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let lead = rest.len() - after_lead_in(rest).len();
    let has_colon = rest[..lead].contains(':');
    let mut end = None;
    let mut from = at + lead;
    let least = if weak || !has_colon {
        WEAKLY_LABELLED
    } else {
        LABELLED
    };
    while let Some(number) = Number::read(text, from) {
        let Some(reach) =
            number.longest(least, has_colon && end.is_none() && is_alone(text, &number))
        else {
            break;
        };
        let reach = reach + extension(&text[reach..]);
        end = Some(reach);
        from = reach + list_mark(&text[reach..]);
    }
    Some(at..end?)
}

/// Whether a number fills the rest of its line (`Phone: 00`).
fn is_alone(text: &str, number: &Number) -> bool {
    let end = number.groups.last().map_or(0, |g| g.end);
    let rest = text.get(end..).unwrap_or("");
    rest.trim_start_matches([' ', '.', ';', ')'])
        .starts_with('\n')
        || rest.trim().is_empty()
}

/// A text without the marks and small words between `Tel` and its number.
fn after_lead_in(rest: &str) -> &str {
    let mut rest = rest;
    for _ in 0..6 {
        let trimmed = rest.trim_start_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ':' | '.' | '#' | '-' | '\u{2013}' | '&' | '/' | '=' | '\u{200C}'
                )
        });
        let word_end = trimmed
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(trimmed.len());
        let word = trimmed[..word_end].to_lowercase();
        let small = matches!(
            word.as_str(),
            "no" | "number"
                | "numbers"
                | "nr"
                | "at"
                | "is"
                | "and"
                | "or"
                | "fax"
                | "tel"
                | "mobile"
                | "the"
                | "us"
                | "office"
                | "direct"
        );
        if !small {
            return trimmed;
        }
        rest = &trimmed[word_end..];
    }
    rest
}

/// The length of ` ext. 123` at the beginning of a text.
fn extension(rest: &str) -> usize {
    let trimmed = rest.trim_start_matches([' ', ',', '(']);
    let lower: String = trimmed
        .chars()
        .take(9)
        .flat_map(char::to_lowercase)
        .collect();
    let Some(word) = ["extension", "ext.", "ext", "x"]
        .iter()
        .find(|w| lower.starts_with(**w))
    else {
        return 0;
    };
    let Some(behind) = trimmed.get(word.len()..) else {
        return 0;
    };
    let number = behind.trim_start_matches([' ', ':', '.', '#']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        1..=6 => rest.len() - number.len() + digits,
        _ => 0,
    }
}

/// The length of `, ` or ` / ` or ` or ` between two numbers.
fn list_mark(rest: &str) -> usize {
    let trimmed = rest.trim_start_matches([' ', ',', ';', '/', '&']);
    let trimmed = ["or ", "and "]
        .iter()
        .find_map(|word| trimmed.strip_prefix(word))
        .unwrap_or(trimmed);
    rest.len() - trimmed.len()
}

/// `1-877-CTLILLY`.
fn with_letters(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let behind = rest
        .strip_prefix("1-8")
        .or_else(|| rest.strip_prefix("1 8"))?;
    let bytes = behind.as_bytes();
    let area = bytes.first()?.is_ascii_digit() && bytes.get(1)? == bytes.first()?;
    let dash = matches!(bytes.get(2)?, b'-' | b' ');
    let letters = behind
        .bytes()
        .skip(3)
        .take_while(|b| b.is_ascii_uppercase() || *b == b'-' || b.is_ascii_digit())
        .count();
    let has_letter = behind
        .bytes()
        .skip(3)
        .take(letters)
        .any(|b| b.is_ascii_uppercase());
    (area && dash && has_letter && (7..=12).contains(&letters)).then_some(at + 3 + 3 + letters)
}

impl Number {
    fn read(text: &str, at: usize) -> Option<Number> {
        let mut rest = text.get(at..)?;
        let plus = rest.starts_with('+') || rest.starts_with("(+");
        let bracketed = rest.starts_with('(');
        let mut open = bracketed;
        // No more: a text of brackets alone would be read again from each of them.
        let lead = rest
            .bytes()
            .take(3)
            .take_while(|b| matches!(b, b'(' | b'+'));
        rest = rest.get(lead.count()..)?;
        let mut groups: Vec<Group> = Vec::new();
        let mut gap = Gap::Start;
        let mut total = 0;
        while groups.len() < MOST_GROUPS {
            let mut digits = String::new();
            let mut length = 0;
            for c in rest.chars() {
                let Some(digit) = digit(c) else { break };
                digits.push(digit);
                length += c.len_utf8();
            }
            total += digits.len();
            if digits.is_empty() || total > 2 * MOST_DIGITS {
                break;
            }
            rest = &rest[length..];
            if open && let Some(behind) = rest.strip_prefix(')') {
                rest = behind;
                open = false;
            }
            let end = text.len() - rest.len();
            groups.push(Group { digits, end, gap });
            let (next, behind) = separator(rest);
            let Some(next) = next else { break };
            gap = next;
            open |= rest[..rest.len() - behind.len()].contains('(');
            rest = behind;
        }
        (!groups.is_empty()).then_some(Number {
            plus,
            bracketed,
            groups,
        })
    }

    /// Whether the number can end after so many groups: not in the middle of `12-345-6`.
    fn ends_at(&self, count: usize) -> bool {
        self.groups.get(count).is_none_or(|g| g.gap == Gap::Blank)
    }

    fn digits(&self, count: usize) -> String {
        self.groups
            .iter()
            .take(count)
            .map(|g| g.digits.as_str())
            .collect()
    }

    fn is_phone(&self, lengths: &[usize]) -> bool {
        let digits = self.digits(lengths.len());
        if digits.len() > MOST_DIGITS + 2 {
            return false;
        }
        let second = digits.as_bytes().get(1).copied().unwrap_or(b'0');
        if self.plus {
            return (9..=MOST_DIGITS).contains(&digits.len()) && !digits.starts_with('0');
        }
        if digits.starts_with("00") {
            let least = if lengths.len() == 1 { 12 } else { 11 };
            let country = digits.as_bytes().get(2).is_some_and(|&b| b != b'0');
            return country && (least..=MOST_DIGITS + 2).contains(&digits.len());
        }
        if self.is_north_american(lengths) {
            return true;
        }
        if !digits.starts_with('0') || second == b'0' {
            return false;
        }
        let spaced = self
            .groups
            .iter()
            .skip(1)
            .all(|g| matches!(g.gap, Gap::Dash | Gap::Blank));
        match *lengths {
            [2..=4, ..] if self.bracketed => (9..=12).contains(&digits.len()),
            [11] => digits.starts_with("09"),
            [2..=5, .., 3..=8] if lengths.len() <= 3 && spaced => (10..=12).contains(&digits.len()),
            [2, 2, 2, 2, 2] => true,
            _ => false,
        }
    }

    /// 3-3-4 digits with an area and an exchange that exist, joined by marks or with the area in brackets.
    fn is_north_american(&self, lengths: &[usize]) -> bool {
        let skip = match *lengths {
            [3, 3, 4] => 0,
            [1, 3, 3, 4] if self.groups[0].digits == "1" => 1,
            _ => return false,
        };
        let exists = |index: usize| {
            self.groups
                .get(index)
                .is_some_and(|g| matches!(g.digits.as_bytes().first(), Some(b'2'..=b'9')))
        };
        let gap = |index: usize| self.groups.get(index).map(|g| g.gap);
        // "(617) 632 3985", "617/632-3985", "617-632-3985"; not "388/733/5060".
        let last = gap(skip + 2) == Some(Gap::Dash) || (self.bracketed && skip == 0);
        let first = gap(skip + 1) != Some(Gap::Blank) || self.bracketed || skip == 1;
        exists(skip) && exists(skip + 1) && first && last
    }

    /// The end of the longest number of a list of groups behind a word.
    fn longest(&self, least: usize, alone: bool) -> Option<usize> {
        let count = (1..=self.groups.len())
            .rev()
            .find(|&count| self.ends_at(count) && self.digits(count).len() <= MOST_DIGITS + 2)?;
        let enough = self.digits(count).len() >= least || alone;
        enough.then(|| self.groups[count - 1].end)
    }
}

fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6F0}'..='\u{6F9}' => c as u32 - 0x6F0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// What stands between two groups of one number, and the text behind it.
fn separator(rest: &str) -> (Option<Gap>, &str) {
    let is_blank = |c: char| matches!(c, ' ' | '\u{A0}' | '\u{202F}');
    let is_mark = |c: char| matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2013}');
    let behind = rest.trim_start_matches(|c| is_blank(c) || is_mark(c));
    let between = &rest[..rest.len() - behind.len()];
    let marks = between.chars().filter(|&c| is_mark(c)).count();
    let brackets = between.contains(['(', ')']);
    let digits_follow = behind.chars().next().and_then(digit).is_some();
    let short = between.chars().count() <= MOST_BETWEEN && marks <= if brackets { 2 } else { 1 };
    if !digits_follow || !short {
        return (None, rest);
    }
    let gap = match between {
        "-" | "." | "\u{2010}" | "\u{2011}" | "\u{2012}" | "\u{2013}" => Gap::Dash,
        _ if marks == 0 && !between.is_empty() => Gap::Blank,
        _ => Gap::Other,
    };
    (Some(gap), behind)
}
