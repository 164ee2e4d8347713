//! Headings of eligibility criteria: where they begin and end, and what they announce.

use std::ops::Range;

/// What a heading announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Inclusion,
    Exclusion,
    /// `Inclusion/Exclusion criteria`.
    Both,
    /// `Eligibility criteria`: no kind of its own, inclusion where the text has exclusion too.
    Eligibility,
}

/// A heading and the words that go with it: `start..end`.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Words before the heading's own that stay: `Donor` of `Donor inclusion criteria:`.
    pub(super) subject: Range<usize>,
}

/// All headings of a text in their order.
pub(super) fn find(text: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end().len();
        let words = if may_hold_core(line) {
            words(text, start..end)
        } else {
            Vec::new()
        };
        let mut from = start;
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(core) = core(text, rest) else {
                at += 1;
                continue;
            };
            let here = Place {
                text,
                words: &words,
                at,
                core,
                from,
                end,
                is_fresh: from == start,
            };
            at += core.words;
            if let Some(heading) = here.heading() {
                from = heading.end;
                found.push(heading);
            }
        }
        start += line.len();
    }
    found
}

/// A word of letters and digits, lower case.
struct Word {
    start: usize,
    end: usize,
    lower: String,
}

impl Word {
    /// Whether it stands in a list of words.
    fn is(&self, list: &str) -> bool {
        list.split(' ').any(|word| word == self.lower)
    }
}

/// The words that make a heading: `inclusion criteria`.
#[derive(Clone, Copy)]
struct Core {
    kind: Kind,
    /// How many words it has.
    words: usize,
    /// Whether it lacks the word criteria: `Inclusion`.
    is_bare: bool,
}

/// A core within its line.
struct Place<'a> {
    text: &'a str,
    /// All words of the line.
    words: &'a [Word],
    /// Index of the core's first word.
    at: usize,
    core: Core,
    /// Where the line, or the text after its last heading, begins and ends.
    from: usize,
    end: usize,
    /// Whether `from` is the beginning of the line.
    is_fresh: bool,
}

/// Words before a core that belong to the heading.
const USUAL: &str = "additional all basic common following general important key main major other primary \
    principal protocol specific study the trial";

/// Words between a core and its colon that belong to the heading.
const TAIL: &str = "are as follow following follows for in include included includes including into is of \
    study the this to trial was were";

/// Words that join a group's name to a heading: no such word ends what stands before one.
const JOINS: &str = "and or with without a an";

/// Words that no heading has: they make a sentence.
const NEVER: &str = "above according any apply be been below by can do does fulfil fulfill fulfilled \
    fulfilling had has have having if may meet meeting meets met must no nor not per \
    satisfied satisfy see should than that these vary which who will";

impl Place<'_> {
    fn heading(&self) -> Option<Heading> {
        let (start, subject) = self.opening()?;
        let end = self.closing(start)?;
        let end = end + marks(self.text.get(end..self.end)?);
        let start = if self.is_decoration(start) {
            self.from
        } else {
            start
        };
        Some(Heading {
            kind: self.core.kind,
            start,
            end,
            subject,
        })
    }

    /// Where the heading begins, and the words before it that stay.
    fn opening(&self) -> Option<(usize, Range<usize>)> {
        let before = self.words.get(..self.at)?;
        let before = before.get(before.partition_point(|w| w.start < self.from)..)?;
        let is_hyphenated = |word: &Word| {
            self.text
                .get(..word.start)
                .is_some_and(|before| before.ends_with('-'))
        };
        let is_usual = |word: &&Word| word.is(USUAL) && !is_hyphenated(word);
        let usual = before.iter().rev().take_while(is_usual).count();
        let (other, usual) = before.split_at_checked(before.len() - usual)?;
        let own = usual.first().or(self.words.get(self.at))?;
        let nothing = own.start..own.start;
        if self.is_decoration(own.start) {
            return Some((own.start, nothing));
        }
        let gap = self.text.get(self.from..own.start)?.trim_end();
        if gap.ends_with(['.', ';', ':', '!', '?', ')', ']', '•', '|']) {
            return Some((own.start, nothing));
        }
        if self.core.is_bare {
            return None;
        }
        let is_plain = |word: &Word| !word.is(NEVER) && !word.is(TAIL);
        let first = other.first()?;
        let group = other.get(usize::from(first.lower == "the")..)?;
        // A group's name before the heading: `Donor inclusion criteria:`.
        if other.len() <= 4
            && self.is_decoration(first.start)
            && !gap.contains(['.', ';', ':', ','])
            && group.iter().all(is_plain)
            && group.last().is_some_and(|w| !w.is(JOINS))
        {
            let subject = first.start..other.last()?.end;
            return Some((first.start, subject));
        }
        // Inside a paragraph without a full stop before it.
        let is_capital = self.text.get(own.start..)?.starts_with(char::is_uppercase);
        let last = other.last()?;
        let follows = is_plain(last) && !last.is(JOINS) && !last.is(USUAL);
        (is_capital && follows).then_some((own.start, nothing))
    }

    /// Where the heading that begins at `start` ends.
    fn closing(&self, start: usize) -> Option<usize> {
        let begins_line = self.is_decoration(start);
        let last = self.words.get(self.at + self.core.words - 1)?;
        let after = self.text.get(last.end..self.end)?;
        if let Some(colon) = colon(after) {
            let words: Vec<&Word> = self
                .words_between(last.end, last.end + colon.start)
                .collect();
            if words.iter().all(|w| w.is(TAIL)) {
                return Some(last.end + colon.end);
            }
            let between = after.get(..colon.start)?;
            let names_group = words.len() <= 10 && !words.iter().any(|w| w.is(NEVER));
            let is_aside = between.trim_start().starts_with('(') && between.ends_with(')');
            if !self.core.is_bare && (names_group || is_aside) {
                return Some(last.end);
            }
        }
        // Without a colon only with a capital, and only where it begins or ends its line.
        let is_capital = self.text.get(start..)?.starts_with(char::is_uppercase);
        let is_title = is_capital && last.is_capital(self.text);
        let ends_line = |marks: &str| after.chars().all(|c| marks.contains(c));
        if begins_line && is_capital && ends_line(".*_-= ")
            || is_title && !self.core.is_bare && ends_line("*_= ")
        {
            return Some(self.end);
        }
        if !is_capital || self.core.is_bare {
            return None;
        }
        // `Inclusion criteria. Age over 18. Exclusion criteria. …`.
        let before = self.text.get(self.from..start)?.trim_end();
        let follows = after.strip_prefix(". ").map(str::trim_start);
        if (begins_line || before.ends_with(['.', ';']))
            && follows.is_some_and(|text| text.starts_with(char::is_uppercase))
        {
            return Some(last.end + 1);
        }
        if !begins_line {
            return None;
        }
        // `Exclusion Criteria 1. …`, `Exclusion Criteria - …`, `INCLUSION CRITERIA Adults …`.
        let next = after.trim_start();
        let is_list = next.starts_with(|c: char| c.is_ascii_digit() || "-•*(–<>≥≤".contains(c));
        if is_list || next.starts_with(char::is_uppercase) {
            return Some(last.end);
        }
        // `Exclusion criteria for donors`.
        let words: Vec<&Word> = self.words_between(last.end, self.end).collect();
        let names_group = words.len() <= 8
            && words
                .first()
                .is_some_and(|w| w.is("for of in") || next.starts_with(','))
            && !words.iter().any(|w| w.is(NEVER))
            && !after.ends_with(['.', ',', ';']);
        names_group.then_some(last.end)
    }

    /// Whether nothing but marks, or a number at the beginning of the line, stands before `start`.
    fn is_decoration(&self, start: usize) -> bool {
        let before = self.text.get(self.from..start).unwrap_or_default();
        let marks = if self.is_fresh {
            decoration(before)
        } else {
            before.len() - before.trim_start_matches(is_mark).len()
        };
        marks == before.len()
    }

    fn words_between(&self, start: usize, end: usize) -> impl Iterator<Item = &Word> {
        let first = self.words.partition_point(|w| w.start < start);
        let words = self.words.iter().skip(first);
        words.take_while(move |w| w.end <= end)
    }
}

impl Word {
    fn is_capital(&self, text: &str) -> bool {
        text.get(self.start..)
            .is_some_and(|word| word.starts_with(char::is_uppercase))
    }
}

fn words(text: &str, range: Range<usize>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let Some(line) = text.get(range.clone()) else {
        return words;
    };
    for (offset, c) in line.char_indices() {
        if !c.is_alphanumeric() {
            continue;
        }
        let start = range.start + offset;
        let end = start + c.len_utf8();
        match words.last_mut().filter(|word| word.end == start) {
            Some(word) => {
                word.end = end;
                word.lower.extend(c.to_lowercase());
            }
            None => words.push(Word {
                start,
                end,
                lower: c.to_lowercase().collect(),
            }),
        }
    }
    words
}

/// Whether a line holds letters that every core has; most lines hold none and need no closer look.
fn may_hold_core(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.contains("criteri") || lower.contains("usion")
}

/// The heading words at the beginning of a list of words.
fn core(text: &str, words: &[Word]) -> Option<Core> {
    use Kind::{Both, Eligibility, Exclusion, Inclusion};
    const CRITERIA: &str = "criteria criterion criterium criterias";
    const INCLUSION: &str = "inclusion inclusions inclusionary inlusion iinclusion";
    const EXCLUSION: &str = "exclusion exclusions exclusionary exlusion exlcusion ineligibility";
    const ELIGIBILITY: &str = "eligibility entry entrance enrolment enrollment selection";
    const OR: &str = "and or";
    /// Longer ones first.
    const CORES: &[(&[&str], Kind)] = &[
        (&[INCLUSION, CRITERIA, OR, EXCLUSION, CRITERIA], Both),
        (&[INCLUSION, CRITERIA, EXCLUSION, CRITERIA], Both),
        (&[INCLUSION, OR, EXCLUSION, CRITERIA], Both),
        (&[EXCLUSION, OR, INCLUSION, CRITERIA], Both),
        (&[INCLUSION, EXCLUSION, CRITERIA], Both),
        (&[EXCLUSION, INCLUSION, CRITERIA], Both),
        (&[CRITERIA, "for", INCLUSION, OR, EXCLUSION], Both),
        (
            &[
                CRITERIA,
                "for of",
                "entrance",
                "to into in",
                "the",
                "study trial",
            ],
            Inclusion,
        ),
        (&[CRITERIA, "for of", "non", INCLUSION], Exclusion),
        (&[CRITERIA, "for of", "entrance"], Inclusion),
        (&[CRITERIA, "for of", INCLUSION], Inclusion),
        (&[CRITERIA, "for of", EXCLUSION], Exclusion),
        (&[CRITERIA, "for of", ELIGIBILITY], Eligibility),
        (&["non not", INCLUSION, CRITERIA], Exclusion),
        (&["noninclusion", CRITERIA], Exclusion),
        (&[INCLUSION, CRITERIA], Inclusion),
        (&[EXCLUSION, CRITERIA], Exclusion),
        (&["criteria", "inclusion"], Inclusion),
        (&["criteria", "exclusion"], Exclusion),
        (&[ELIGIBILITY, CRITERIA], Eligibility),
    ];
    const BARE: &[(&[&str], Kind)] = &[
        (&[INCLUSION, OR, EXCLUSION], Both),
        (&[INCLUSION, EXCLUSION], Both),
        (&["non", INCLUSION], Exclusion),
        (&["inclusion inclusions"], Inclusion),
        (&["exclusion exclusions"], Exclusion),
    ];
    let is_joined = |pair: &[Word]| match pair {
        [left, right] => text.get(left.end..right.start).is_some_and(|gap| {
            gap.chars()
                .all(|c| " /&-,+\u{a0}\u{2010}\u{2011}".contains(c))
        }),
        _ => true,
    };
    let find = |cores: &[(&[&str], Kind)], is_bare| {
        cores.iter().find_map(|(pattern, kind)| {
            let words = words.get(..pattern.len())?;
            let fits = |(word, allowed): (&Word, &&str)| word.is(allowed);
            let is_core = words.iter().zip(*pattern).all(fits) && words.windows(2).all(is_joined);
            is_core.then_some(Core {
                kind: *kind,
                words: pattern.len(),
                is_bare,
            })
        })
    };
    find(CORES, false).or_else(|| find(BARE, true))
}

/// The first colon outside parentheses, unless a sentence ends before it.
fn colon(text: &str) -> Option<Range<usize>> {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ':' | '：' if depth <= 0 => return Some(at..at + c.len_utf8()),
            '.' | ';' | '?' | '!' if depth <= 0 => return None,
            _ => {}
        }
    }
    None
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Length of the bullets, number and marks at the beginning of a line: `  * `, `**1.2. `, `## A) `.
fn decoration(line: &str) -> usize {
    let rest = line.trim_start_matches(is_mark);
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let is_roman = |c: char| matches!(c, 'I' | 'V' | 'X' | '.');
    let letter = rest.strip_prefix(|c: char| c.is_ascii_alphabetic());
    let number = [
        rest.trim_start_matches(is_digit),
        rest.trim_start_matches(is_roman),
        letter.unwrap_or(rest),
    ];
    let is_number = |after: &&str| {
        let number = rest.len() - after.len();
        let closes = after.starts_with([')', '.', ']', '-']);
        number > 0
            && (closes
                || rest
                    .get(..number)
                    .is_some_and(|number| number.contains('.')))
    };
    let after = number.into_iter().find(is_number).unwrap_or(rest);
    line.len() - after.trim_start_matches(is_mark).len()
}

/// Length of the marks that close a heading: the colon's repetition, the end of bold type, blanks.
fn marks(text: &str) -> usize {
    let rest = text.trim_start_matches("**").trim_start_matches("__");
    text.len() - rest.trim_start_matches([':', ' ', '\t']).len()
}
