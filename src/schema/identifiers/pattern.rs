//! The pattern language of `index-schema/identifiers.toml`: what a spelling reads and what it
//! writes. Every element reads a bounded stretch without going back, so a text is read in
//! linear time (a DOI is as long as it stands).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use unicode_normalization::char::is_combining_mark;

/// How a number begins: two letters or digits, in lower case.
pub(super) type Lead = [u8; 2];

/// One spelling of a number.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    elements: Vec<Element>,
}

#[derive(Clone, Debug)]
enum Element {
    /// These letters or digits in any case, written as here.
    Literal(String),
    /// Read exactly but for case, not written.
    Silent(String),
    /// Written, not read.
    Insert(String),
    /// A mark that stands between parts, with the marks accepted for it.
    Mark(char),
    /// Any separators; writes the given text.
    Separators(&'static str),
    Digits {
        count: RangeInclusive<usize>,
        grouped: bool,
        padded: bool,
    },
    Year(RangeInclusive<u32>),
    Letters(RangeInclusive<usize>),
    Alnum(RangeInclusive<usize>),
    OneOf(Vec<String>),
    WordsUpTo(String),
    Doi,
}

/// Words people put between a registry's name and its number.
const LEAD_INS: [&str; 6] = ["number", "identifier", "num", "no", "nr", "id"];

/// Separators one after another that `~` accepts.
const MOST_SEPARATORS: usize = 4;

/// Bytes behind the registrant above which a text is no DOI any more.
const LONGEST_DOI: usize = 300;

/// Words an ethics reference has before its `REC`, and letters in each.
const MOST_WORDS: usize = 8;
const LONGEST_WORD: usize = 24;

impl Pattern {
    /// Reads a pattern; `words` are the named lists `{one …}` may use.
    pub(super) fn parse(text: &str, words: &BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let mut elements = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (element, after) = match first {
                '(' => enclosed(rest, ')').map(|(t, r)| (Element::Silent(lower(t)), r)),
                '[' => enclosed(rest, ']').map(|(t, r)| (Element::Insert(t.to_owned()), r)),
                '{' => enclosed(rest, '}').and_then(|(t, r)| Some((braced(t, words)?, r))),
                '-' | '/' | '.' => Some((Element::Mark(first), &rest[1..])),
                '~' => Some((Element::Separators(""), &rest[1..])),
                '=' => Some((Element::Separators("-"), &rest[1..])),
                c if c.is_ascii_alphanumeric() => {
                    let end = rest
                        .find(|c: char| !c.is_ascii_alphanumeric())
                        .unwrap_or(rest.len());
                    Some((Element::Literal(rest[..end].to_owned()), &rest[end..]))
                }
                _ => None,
            }
            .ok_or_else(|| format!("cannot read pattern {text:?} at {rest:?}"))?;
            elements.push(element);
            rest = after;
        }
        let pattern = Pattern { elements };
        let leads = pattern.leads();
        if leads.is_empty() || !leads.as_flattened().iter().all(u8::is_ascii_alphanumeric) {
            return Err(format!(
                "pattern {text:?} must begin with two letters or digits"
            ));
        }
        Ok(pattern)
    }

    /// The first two bytes, in lower case, with which a text of this pattern can begin.
    pub(super) fn leads(&self) -> Vec<Lead> {
        match self.first_read() {
            Some(Element::Literal(text) | Element::Silent(text)) => {
                let lead = text.as_bytes().first_chunk::<2>();
                lead.map(|lead| lead.map(|b| b.to_ascii_lowercase()))
                    .into_iter()
                    .collect()
            }
            Some(Element::Year(years)) => {
                let centuries = years.start() / 100..=years.end() / 100;
                let lead = |century: u32| {
                    let digit = |value| char::from_digit(value, 10).map(|c| c as u8);
                    Some([digit(century / 10)?, digit(century % 10)?])
                };
                centuries.filter_map(lead).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The third byte of all texts of this pattern, in lower case, where they have one in common.
    pub(super) fn third(&self) -> Option<u8> {
        match self.first_read()? {
            Element::Literal(text) | Element::Silent(text) => {
                text.as_bytes().get(2).map(u8::to_ascii_lowercase)
            }
            _ => None,
        }
    }

    /// The first element that reads anything.
    fn first_read(&self) -> Option<&Element> {
        let mut elements = self.elements.iter();
        elements.find(|element| !matches!(element, Element::Insert(_)))
    }

    /// Whether the pattern itself decides where the number ends.
    pub(super) fn is_open_ended(&self) -> bool {
        matches!(self.elements.last(), Some(Element::Doi))
    }

    /// The length read at the beginning of `text`; `normal` becomes the normal spelling.
    pub(super) fn read(&self, text: &str, strict: bool, normal: &mut String) -> Option<usize> {
        let mut reader = Reader { text, at: 0 };
        normal.clear();
        for element in &self.elements {
            reader.element(element, strict, normal)?;
        }
        Some(reader.at)
    }
}

fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// The text between the mark `rest` begins with and `close`, and what follows.
fn enclosed(rest: &str, close: char) -> Option<(&str, &str)> {
    rest.get(1..)?.split_once(close)
}

fn braced(text: &str, lists: &BTreeMap<String, Vec<String>>) -> Option<Element> {
    let words: Vec<&str> = text.split(' ').collect();
    Some(match words[..] {
        ["doi"] => Element::Doi,
        ["year", first, last] => Element::Year(first.parse().ok()?..=last.parse().ok()?),
        ["letters", counts] => Element::Letters(range(counts)?),
        ["alnum", counts] => Element::Alnum(range(counts)?),
        ["one", list] => Element::OneOf(match lists.get(list) {
            Some(list) => list.clone(),
            None => list.split('|').map(str::to_owned).collect(),
        }),
        ["words", last] => Element::WordsUpTo(last.to_owned()),
        [counts, ref flags @ ..] => {
            if flags.iter().any(|flag| !["grouped", "pad"].contains(flag)) {
                return None;
            }
            Element::Digits {
                count: range(counts)?,
                grouped: flags.contains(&"grouped"),
                padded: flags.contains(&"pad"),
            }
        }
        [] => return None,
    })
}

fn range(text: &str) -> Option<RangeInclusive<usize>> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let range = from.parse().ok()?..=to.parse().ok()?;
    (!range.is_empty() && *range.end() <= 40).then_some(range)
}

/// A digit of any of the scripts records are written in, as ASCII.
fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6F0}'..='\u{6F9}' => c as u32 - 0x6F0,
        '\u{FF10}'..='\u{FF19}' => c as u32 - 0xFF10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}'
    )
}

fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | '\u{A0}' | '\u{200B}'..='\u{200F}'
    ) || matches!(
        c,
        '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' | '\u{FEFF}'
    )
}

fn is_separator(c: char) -> bool {
    is_blank(c) || is_dash(c) || matches!(c, ':' | '\u{FF1A}' | '#' | '_' | '.' | '/' | '=')
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let c = self.peek().filter(|&c| wanted(c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn element(&mut self, element: &Element, strict: bool, normal: &mut String) -> Option<()> {
        match element {
            Element::Literal(text) => {
                self.literal(text, strict)?;
                normal.push_str(text);
            }
            Element::Silent(text) => self.literal(text, false)?,
            Element::Insert(text) => normal.push_str(text),
            Element::Mark(mark) => {
                self.mark(*mark)?;
                normal.push(*mark);
            }
            Element::Separators(written) => {
                self.separators(written.is_empty());
                normal.push_str(written);
            }
            Element::Digits {
                count,
                grouped,
                padded,
            } => self.digits(count, *grouped, *padded, normal)?,
            Element::Year(years) => {
                let from = normal.len();
                self.digits(&(4..=4), false, false, normal)?;
                let year = normal.get(from..)?.parse().ok()?;
                years.contains(&year).then_some(())?;
            }
            Element::Letters(count) => {
                let word = self.run(count, |c| c.is_ascii_alphabetic())?;
                normal.push_str(&word.to_ascii_uppercase());
            }
            Element::Alnum(count) => {
                let word = self.run(count, |c| c.is_ascii_alphanumeric())?;
                normal.push_str(&word.to_ascii_lowercase());
            }
            Element::OneOf(words) => {
                let word = words
                    .iter()
                    .find(|word| self.literal(word, false).is_some())?;
                normal.push_str(word);
            }
            Element::WordsUpTo(last) => self.words(last, normal)?,
            Element::Doi => self.doi(normal)?,
        }
        Some(())
    }

    fn literal(&mut self, text: &str, exact: bool) -> Option<()> {
        let found = self.rest().get(..text.len())?;
        let same = if exact {
            found == text
        } else {
            found.eq_ignore_ascii_case(text)
        };
        same.then(|| self.at += text.len())
    }

    fn blanks(&mut self, most: usize) -> usize {
        (0..most)
            .take_while(|_| self.take(is_blank).is_some())
            .count()
    }

    fn mark(&mut self, mark: char) -> Option<()> {
        let accepted = |c: char| match mark {
            '-' => is_dash(c),
            '/' => is_dash(c) || matches!(c, '/' | '_' | '\\'),
            _ => is_dash(c) || matches!(c, '.' | '_' | '/'),
        };
        if mark == '-' {
            return self.take(accepted).map(|_| ());
        }
        let blanks = self.blanks(2);
        let found = self.take(accepted).is_some();
        self.blanks(2);
        (found || (mark == '.' && blanks > 0)).then_some(())
    }

    fn separators(&mut self, words: bool) {
        let mut seen = 0;
        while seen < MOST_SEPARATORS && self.take(is_separator).is_some() {
            seen += 1;
        }
        if !words || seen == 0 {
            return;
        }
        let before = self.at;
        let read = LEAD_INS
            .iter()
            .any(|word| self.literal(word, false).is_some());
        if read && self.peek().is_some_and(|c| !c.is_ascii_alphanumeric()) {
            self.separators(false);
        } else {
            self.at = before;
        }
    }

    fn digits(
        &mut self,
        count: &RangeInclusive<usize>,
        grouped: bool,
        padded: bool,
        normal: &mut String,
    ) -> Option<()> {
        let most = *count.end();
        let mut digits = self.digit_group(most);
        let enough = |digits: &str| {
            let whole = if padded {
                digits.len() == most || !digits.starts_with('0')
            } else {
                true
            };
            count.contains(&digits.len()) && whole
        };
        while grouped && !enough(&digits) {
            let separated = self.take(|c| is_blank(c) || is_dash(c)).is_some();
            let group = self.digit_group(most);
            if !separated || group.len() < 2 || digits.len() < 2 {
                return None;
            }
            digits.push_str(&group);
            if digits.len() > most {
                return None;
            }
        }
        if !enough(&digits) || self.peek().and_then(digit).is_some() {
            return None;
        }
        if padded {
            normal.extend(std::iter::repeat_n('0', most - digits.len()));
        }
        normal.push_str(&digits);
        Some(())
    }

    fn digit_group(&mut self, most: usize) -> String {
        let mut group = String::new();
        while group.len() < most
            && let Some(c) = self.take(|c| digit(c).is_some())
        {
            group.extend(digit(c));
        }
        group
    }

    /// A run of characters of this count, none of them accented; a longer one is not read.
    fn run(
        &mut self,
        count: &RangeInclusive<usize>,
        wanted: impl Fn(char) -> bool,
    ) -> Option<String> {
        let mut run = String::new();
        while run.len() <= *count.end()
            && !self.rest().chars().nth(1).is_some_and(is_combining_mark)
            && let Some(c) = self.take(&wanted)
        {
            run.push(c);
        }
        count.contains(&run.len()).then_some(run)
    }

    fn words(&mut self, last: &str, normal: &mut String) -> Option<()> {
        for _ in 0..MOST_WORDS {
            let word = self.run(&(1..=LONGEST_WORD), |c| c.is_ascii_alphabetic())?;
            normal.push_str(&word.to_ascii_uppercase());
            if word.eq_ignore_ascii_case(last) {
                return Some(());
            }
            self.mark('.')?;
            normal.push('.');
        }
        None
    }

    /// The part of a DOI behind `10`: `.1056/nejmoa2001017`.
    fn doi(&mut self, normal: &mut String) -> Option<()> {
        self.take(|c| c == '.')?;
        normal.push('.');
        let registrant = self.run(&(4..=9), |c| c.is_ascii_digit() || c == '.')?;
        normal.push_str(&registrant);
        // Addresses copied from a browser hide the slash.
        if self.literal("%2f", false).is_none() {
            self.take(|c| c == '/')?;
        }
        normal.push('/');
        let rest = self.rest();
        // Bounded, so that a long text of nothing but beginnings of DOIs is read in linear time.
        let mut end = 0;
        for c in rest.chars().take(LONGEST_DOI + 1) {
            if !is_dash(c) && !is_doi_char(c) && !is_angle_of_old_style(&rest[end..]) {
                break;
            }
            end += c.len_utf8();
        }
        // A letter and its accent are one letter, which stands in no DOI, composed or not.
        let accented = rest
            .get(end..)?
            .chars()
            .next()
            .is_some_and(is_combining_mark);
        if accented && let Some(last) = rest.get(..end)?.chars().next_back() {
            end -= last.len_utf8();
        }
        let suffix = trimmed_doi(rest.get(..end)?);
        let suffix = if registrant == "1101" {
            without_preprint_version(suffix)
        } else {
            suffix
        };
        if suffix.is_empty() || suffix.len() > LONGEST_DOI {
            return None;
        }
        normal.extend(suffix.chars().map(|c| match c {
            c if is_dash(c) => '-',
            c => c.to_ascii_lowercase(),
        }));
        self.at += suffix.len();
        Some(())
    }
}

/// Whether a character stands in DOIs of any age.
fn is_doi_char(c: char) -> bool {
    c.is_ascii_graphic()
        && !matches!(
            c,
            '"' | '\\' | '^' | '`' | '{' | '|' | '}' | '?' | '#' | '&' | '%' | '<' | '>'
        )
}

/// Whether a text begins with an angle bracket of a DOI of the nineties:
/// `10.1002/1097-0142(19901101)66:9<1897::aid-cncr2820660912>3.0.co;2-j`.
fn is_angle_of_old_style(text: &str) -> bool {
    match *text.as_bytes() {
        [b'<', ref inner @ ..] => {
            let page = inner
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
            page < 10
                && inner
                    .get(page..)
                    .is_some_and(|rest| rest.starts_with(b"::"))
        }
        [b'>', a, b'.', b, ..] => a.is_ascii_digit() && b.is_ascii_digit(),
        _ => false,
    }
}

/// A DOI without the punctuation behind it and without the page of the publisher it leads to.
fn trimmed_doi(text: &str) -> &str {
    let count = |mark: char| text.matches(mark).count();
    let mut open_round = count(')').saturating_sub(count('('));
    let mut open_square = count(']').saturating_sub(count('['));
    let mut rest = text;
    loop {
        let shorter = match rest.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '\'' | '*' | '_' | '/') => &rest[..rest.len() - 1],
            Some(dash) if is_dash(dash) => &rest[..rest.len() - dash.len_utf8()],
            Some(')') if open_round > 0 => {
                open_round -= 1;
                &rest[..rest.len() - 1]
            }
            Some(']') if open_square > 0 => {
                open_square -= 1;
                &rest[..rest.len() - 1]
            }
            _ => match PAGES.iter().find_map(|page| rest.strip_suffix(page)) {
                Some(shorter) => shorter,
                None => return rest,
            },
        };
        rest = shorter;
    }
}

/// Endings of publishers' addresses that are not part of the DOI in them.
const PAGES: [&str; 8] = [
    "/full",
    "/fulltext",
    "/abstract",
    "/pdf",
    "/epdf",
    "/html",
    ".full",
    ".pdf",
];

/// bioRxiv and medRxiv write the version into the address: `10.1101/2020.05.05.079194v1`.
fn without_preprint_version(suffix: &str) -> &str {
    suffix
        .strip_suffix(|c: char| c.is_ascii_digit())
        .and_then(|s| s.strip_suffix('v'))
        .unwrap_or(suffix)
}
