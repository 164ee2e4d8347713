//! A chunk of text between blanks → atoms: the smallest parts that can be searched, each linked
//! to the one before it.
//!
//! Words are those of Unicode (UAX 29), split further at what people write or leave out:
//! hyphens, slashes, apostrophes, and the borders between letters, digits and Greek letters
//! (`COVID-19`, `COVID 19`, `COVID19`; `TNF-α`, `TNFα`, `TNF alpha`).

use super::fold::{self, Class, NON_JOINER};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfd_quick};
use unicode_segmentation::UnicodeSegmentation;

/// The smallest part of a text that can be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    /// First byte.
    pub from: usize,
    /// Byte behind the last one.
    pub to: usize,
    /// Byte behind the last one that is folded: a possessive `'s` belongs to the atom and is not.
    pub folded_to: usize,
    /// What it is made of.
    pub shape: Shape,
    /// How it hangs on the atom before it.
    pub link: Link,
}

/// What an atom is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Letters.
    Letters,
    /// Digits.
    Digits,
    /// Digits with decimal points (`0.5`, `1.2.3`) or thousands (`1,200`).
    Number,
    /// A raised or lowered digit.
    Small,
    /// Letters and digits in too many turns to be split: `H1N1`.
    Mixed,
    /// One letter of the Greek alphabet, written as its name.
    GreekLetter,
    /// A unit with the prefix micro: `µg`.
    Micro,
    /// Letters with full stops: `U.S.`, `i.v.`.
    Acronym,
}

/// How an atom hangs on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Not at all: a word of its own.
    None,
    /// Nothing stands between them, as in Chinese: each a word, typed together a phrase.
    Run,
    /// Nothing stands between them: `covid|19`.
    Glue,
    /// A hyphen or what is like one.
    Hyphen,
    /// A slash.
    Slash,
}

/// Letters, digits and Greek letters take at most so many turns in what is split: `IL17A` is, `CYP3A4` is not.
const MOST_RUNS: usize = 3;
/// The same where a Greek letter is among them: `IFNγR1β`.
const MOST_GREEK_RUNS: usize = 6;

/// Splits a text of ASCII without blanks, whose first byte is number `base`, into `atoms`.
pub(super) fn split_ascii(chunk: &str, base: usize, atoms: &mut Vec<Atom>) {
    let mut splitter = Splitter::new(chunk, base, atoms);
    // Unicode breaks no word between two letters or digits of ASCII: the gaps alone decide.
    splitter.word(0, chunk);
}

/// Splits a text whose first byte is number `base` into `atoms`.
pub(super) fn split_unicode(chunk: &str, base: usize, atoms: &mut Vec<Atom>) {
    let mut splitter = Splitter::new(chunk, base, atoms);
    for (from, word) in chunk.unicode_word_indices() {
        splitter.word(from, word);
    }
}

struct Splitter<'a> {
    text: &'a str,
    base: usize,
    atoms: &'a mut Vec<Atom>,
    /// Where the piece before ended; `None` before the first.
    end: Option<usize>,
}

/// Letters, digits or Greek letters in a row.
#[derive(Clone, Copy, Debug)]
struct Run {
    from: usize,
    to: usize,
    class: Class,
    shape: Shape,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str, base: usize, atoms: &'a mut Vec<Atom>) -> Self {
        Splitter {
            text,
            base,
            atoms,
            end: None,
        }
    }

    /// Splits a word into pieces without gaps.
    fn word(&mut self, from: usize, word: &str) {
        let mut start = None;
        for (at, c) in word.char_indices() {
            if fold::class(c) != Class::Gap {
                start.get_or_insert(at);
            } else if let Some(start) = start.take() {
                self.piece(from + start, from + at);
            }
        }
        if let Some(start) = start {
            self.piece(from + start, from + word.len());
        }
    }

    /// Splits a piece into runs and adds them as atoms.
    fn piece(&mut self, from: usize, to: usize) {
        let Some(piece) = self.text.get(from..to) else {
            return;
        };
        let (runs, count) = runs(piece, from);
        let Some(runs) = runs.get(..count).filter(|r| !r.is_empty()) else {
            return;
        };
        let mut link = self.link(from, piece, runs);
        self.end = Some(to);
        for run in runs {
            match link {
                Join::Possessive => self.extend(run.to, false, None),
                Join::Decimal => self.extend(run.to, true, Some(Shape::Number)),
                Join::Acronym => self.extend(run.to, true, Some(Shape::Acronym)),
                Join::Link(link) => self.atoms.push(Atom {
                    from: self.base + run.from,
                    to: self.base + run.to,
                    folded_to: self.base + run.to,
                    shape: run.shape,
                    link,
                }),
            }
            link = Join::Link(Link::Glue);
        }
    }

    /// Lets the last atom reach further.
    fn extend(&mut self, to: usize, folded: bool, shape: Option<Shape>) {
        let Some(last) = self.atoms.last_mut() else {
            return;
        };
        last.to = self.base + to;
        if folded {
            last.folded_to = last.to;
        }
        if let Some(shape) = shape {
            last.shape = shape;
        }
    }

    /// How a piece hangs on the one before it.
    fn link(&self, from: usize, piece: &str, runs: &[Run]) -> Join {
        let (Some(end), Some(last), [first, ..]) = (self.end, self.atoms.last(), runs) else {
            return Join::Link(Link::None);
        };
        let gap = self.text.get(end..from).unwrap_or_default();
        let mut marks = gap.chars().filter(|&c| fold::class(c) == Class::Gap);
        let (mark, more) = (marks.next(), marks.next());
        if more.is_some() {
            return Join::Link(Link::None);
        }
        let Some(mark) = mark else {
            let small = (last.shape == Shape::Letters && first.shape == Shape::Small)
                || (last.shape == Shape::Small && first.shape == Shape::Letters);
            return Join::Link(if small { Link::Glue } else { Link::Run });
        };
        let last_text = self
            .text
            .get(last.from.saturating_sub(self.base)..end)
            .unwrap_or_default();
        join(mark, last, last_text, first, piece)
    }
}

/// What is made of a piece and the atom before it.
enum Join {
    /// An atom with a link.
    Link(Link),
    /// The end of the atom before: `Crohn's`.
    Possessive,
    /// Further digits of the number before: `0.5`.
    Decimal,
    /// A further letter of the abbreviation before: `i.v.`.
    Acronym,
}

/// How a mark joins a piece, whose first run is `first`, to the atom before it.
fn join(mark: char, last: &Atom, last_text: &str, first: &Run, piece: &str) -> Join {
    let letters = last.shape == Shape::Letters && first.class == Class::Letter;
    match mark {
        '\'' | '’' | '‘' | '`' | '´' | '＇' | '\u{1FEF}' | '\u{1FFD}' => {
            if !letters {
                Join::Link(Link::None)
            } else if matches!(piece, "s" | "S") {
                Join::Possessive
            } else {
                Join::Link(Link::Hyphen)
            }
        }
        '-' | '‐' | '‑' | '–' | '−' | '﹣' | '－' | '_' | NON_JOINER => {
            Join::Link(Link::Hyphen)
        }
        '/' | '\u{2044}' | '∕' | '／' => Join::Link(Link::Slash),
        '.' | '\u{66B}' => {
            let number = matches!(last.shape, Shape::Digits | Shape::Number);
            let letter =
                |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_alphabetic());
            if number && first.class == Class::Digit && first.shape == Shape::Digits {
                Join::Decimal
            } else if letter(piece) && (last.shape == Shape::Acronym || letter(last_text)) {
                Join::Acronym
            } else {
                Join::Link(Link::None)
            }
        }
        ',' | '\u{66C}' => {
            let group = |text: &str| text.chars().count() == 3;
            let before = last_text
                .rsplit([',', '\u{66C}'])
                .next()
                .unwrap_or_default();
            let thousands = match last.shape {
                Shape::Digits => last_text.chars().count() <= 3,
                Shape::Number => group(before) && !last_text.contains('.'),
                _ => false,
            };
            // The run alone: `1,200mg`.
            let start = piece.len() - piece.trim_start_matches(is_attached).len();
            let digits = piece
                .get(start..start + first.to - first.from)
                .unwrap_or_default();
            if thousands && first.shape == Shape::Digits && group(digits) {
                Join::Decimal
            } else {
                Join::Link(Link::None)
            }
        }
        _ => Join::Link(Link::None),
    }
}

const NO_RUN: Run = Run {
    from: 0,
    to: 0,
    class: Class::Gap,
    shape: Shape::Mixed,
};

/// The runs of a piece that begins at byte `from`; one of mixed shape where there are too many.
fn runs(piece: &str, from: usize) -> ([Run; MOST_GREEK_RUNS], usize) {
    let mut runs = [NO_RUN; MOST_GREEK_RUNS];
    let mut count: usize = 0;
    let mut greek = false;
    let mut before: Option<char> = None;
    let mut chars = piece.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let class = class_within(c, before, next);
        // A letter and its mark may be one character or two.
        before = if class == Class::Attached {
            before
        } else {
            Some(c)
        };
        let (start, end) = (from + at, from + at + c.len_utf8());
        let last = count.checked_sub(1).and_then(|i| runs.get_mut(i));
        match last {
            Some(last) if class == Class::Attached || last.class == class => last.to = end,
            None if class == Class::Attached => {}
            _ => {
                let Some(run) = runs.get_mut(count) else {
                    return whole_piece(piece, from);
                };
                *run = Run {
                    from: start,
                    to: end,
                    class,
                    shape: shape(class),
                };
                count += 1;
                greek |= class == Class::Greek;
            }
        }
    }
    if greek {
        return name_greek(piece, from, runs, count);
    }
    if count > MOST_RUNS {
        return whole_piece(piece, from);
    }
    (runs, count)
}

fn whole_piece(piece: &str, from: usize) -> ([Run; MOST_GREEK_RUNS], usize) {
    let mut runs = [NO_RUN; MOST_GREEK_RUNS];
    // A mark it begins with belongs to what stands before it.
    let letters = piece.trim_start_matches(is_attached);
    runs[0] = Run {
        from: from + piece.len() - letters.len(),
        to: from + piece.len(),
        class: Class::Letter,
        shape: Shape::Mixed,
    };
    (runs, 1)
}

fn is_attached(c: char) -> bool {
    fold::class(c) == Class::Attached
}

fn shape(class: Class) -> Shape {
    match class {
        Class::Digit => Shape::Digits,
        Class::Small => Shape::Small,
        _ => Shape::Letters,
    }
}

/// The class of a character between its neighbours: `ß` behind capitals or alone is meant as β (`TGF-ß`).
fn class_within(c: char, before: Option<char>, next: Option<char>) -> Class {
    let is_beta = c == 'ß'
        && !before.is_some_and(char::is_lowercase)
        && !next.is_some_and(char::is_alphabetic);
    if is_beta {
        Class::Greek
    } else {
        fold::class(c)
    }
}

/// Tells Greek letters that stand for themselves (`α`, `γδ`), the prefix of a unit (`µg`) and words in Greek apart.
fn name_greek(
    piece: &str,
    from: usize,
    runs: [Run; MOST_GREEK_RUNS],
    count: usize,
) -> ([Run; MOST_GREEK_RUNS], usize) {
    let mut named = [NO_RUN; MOST_GREEK_RUNS];
    let mut size = 0;
    let mut push = |run: Run| {
        if let Some(slot) = named.get_mut(size) {
            *slot = run;
        }
        size += 1;
    };
    let mut skip = false;
    for (i, run) in runs.iter().enumerate().take(count) {
        if std::mem::take(&mut skip) {
            continue;
        }
        let text = piece
            .get(run.from - from..run.to - from)
            .unwrap_or_default();
        let mut letters = text
            .char_indices()
            .filter(|&(_, c)| fold::class(c) != Class::Attached);
        let pair = (letters.next(), letters.next(), letters.next());
        let next = runs
            .get(i + 1)
            .filter(|n| i + 1 < count && n.class == Class::Letter);
        match (run.class, pair, next) {
            (Class::Greek, (Some((_, 'µ' | 'μ')), None, _), Some(next)) => {
                push(Run {
                    to: next.to,
                    class: Class::Letter,
                    shape: Shape::Micro,
                    ..*run
                });
                skip = true;
            }
            (Class::Greek, (Some(_), None, _), _) => push(Run {
                shape: Shape::GreekLetter,
                ..*run
            }),
            // With marks, which may be part of a letter, they are no pair.
            (Class::Greek, (Some((_, 'α')), Some((at, 'β')), None), _)
            | (Class::Greek, (Some((_, 'γ')), Some((at, 'δ')), None), _)
                if text.chars().count() == 2 =>
            {
                push(Run {
                    to: run.from + at,
                    shape: Shape::GreekLetter,
                    ..*run
                });
                push(Run {
                    from: run.from + at,
                    shape: Shape::GreekLetter,
                    ..*run
                });
            }
            _ => push(*run),
        }
    }
    if size > MOST_GREEK_RUNS {
        return whole_piece(piece, from);
    }
    (named, size)
}

/// Longest folded atom in bytes; what is longer is cut.
const LONGEST_ATOM: usize = 128;

/// Appends the folded form of an atom.
pub(super) fn fold_atom(text: &str, atom: &Atom, out: &mut String) {
    let Some(raw) = text.get(atom.from..atom.folded_to) else {
        return;
    };
    let start = out.len();
    match atom.shape {
        Shape::GreekLetter => push_greek_name(raw, out),
        Shape::Micro => {
            out.push('u');
            raw.chars().skip(1).for_each(|c| fold::fold(c, out));
        }
        Shape::Acronym => fold_chars(raw, |c| c != '.' && c != '\u{66B}', out),
        Shape::Number => fold_chars(raw, |c| c != ',' && c != '\u{66C}', out),
        _ => fold_chars(raw, |_| true, out),
    }
    let mut end = start + LONGEST_ATOM;
    while !out.is_char_boundary(end) && end < out.len() {
        end += 1;
    }
    out.truncate(end);
}

fn fold_chars(raw: &str, keep: impl Fn(char) -> bool, out: &mut String) {
    let start = out.len();
    for c in raw.chars().filter(|&c| keep(c)) {
        fold::fold(c, out);
    }
    order_marks(out, start);
}

/// Brings the marks of each letter from a byte on into one order: they may be typed in any.
pub(super) fn order_marks(out: &mut String, start: usize) {
    let folded = out.get(start..).unwrap_or_default();
    if is_nfd_quick(folded.chars()) != IsNormalized::Yes {
        let ordered: String = folded.nfd().collect();
        out.replace_range(start.., &ordered);
    }
}

fn push_greek_name(raw: &str, out: &mut String) {
    match raw.chars().next() {
        Some('ß') => out.push_str("beta"),
        Some(c) => match fold::greek_name(c) {
            Some(name) => out.push_str(name),
            None => fold_chars(raw, |_| true, out),
        },
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Atoms with their links: ` ` none, `·` run, `+` glue, `-` hyphen, `/` slash.
    fn split(text: &str) -> String {
        let mut atoms = Vec::new();
        if text.is_ascii() {
            split_ascii(text, 0, &mut atoms);
        } else {
            split_unicode(text, 0, &mut atoms);
        }
        let mut out = String::new();
        for (i, atom) in atoms.iter().enumerate() {
            if i > 0 {
                out.push(match atom.link {
                    Link::None => ' ',
                    Link::Run => '·',
                    Link::Glue => '+',
                    Link::Hyphen => '-',
                    Link::Slash => '/',
                });
            }
            fold_atom(text, atom, &mut out);
        }
        out
    }

    #[test]
    fn compounds_split_into_linked_atoms() {
        for (text, atoms) in [
            ("ADSC-CM", "adsc-cm"),
            ("PD-L1", "pd-l+1"),
            ("5-FU", "5-fu"),
            ("I/II", "i/ii"),
            ("covid-19", "covid-19"),
            ("COVID19", "covid+19"),
            ("IL17A", "il+17+a"),
            ("H1N1", "h1n1"),
            ("CYP3A4", "cyp3a4"),
            ("L90.9", "l+90.9"),
            ("0.5mg", "0.5+mg"),
            ("1,200", "1200"),
            ("1,200,000", "1200000"),
            ("1,2-dichloro", "1 2-dichloro"),
            ("3,4", "3 4"),
            ("criteria:Age", "criteria age"),
            ("treatment.The", "treatment the"),
            ("U.S.A.", "usa"),
            ("i.v.", "iv"),
            ("e.g.,aspirin", "eg aspirin"),
            ("O'Brien", "o-brien"),
            ("Crohn's", "crohn"),
            ("Crohn's-like", "crohn-like"),
            ("snake_case", "snake-case"),
            ("mg/kg/day", "mg/kg/day"),
            ("CD4+CD25+", "cd+4 cd+25"),
            ("a--b", "a b"),
            ("12.03.2019", "12.03.2019"),
            ("IR.TUMS.REC.1400.1412", "ir tums rec 1400.1412"),
            ("10.3390/jpm12010117", "10.3390/jpm+12010117"),
        ] {
            assert_eq!(split(text), atoms, "{text}");
        }
    }

    #[test]
    fn other_scripts_and_signs_split_into_linked_atoms() {
        for (text, atoms) in [
            ("TNF-α", "tnf-alpha"),
            ("TNFα", "tnf+alpha"),
            ("IL-1β", "il-1+beta"),
            ("IFN-γ", "ifn-gamma"),
            ("TGF-ß1", "tgf-beta+1"),
            ("TGFß", "tgf+beta"),
            ("αβ", "alpha+beta"),
            ("γδT", "gamma+delta+t"),
            ("καρδιά", "καρδια"),
            ("Großhadern", "grosshadern"),
            ("5µg", "5+ug"),
            ("μmol/L", "umol/l"),
            ("µ-opioid", "mu-opioid"),
            ("CD4⁺", "cd+4"),
            ("m²", "m+2"),
            ("H₂O", "h+2+o"),
            ("10⁶", "10·6"),
            ("Crohn’s", "crohn"),
            ("Child–Pugh", "child-pugh"),
            ("Sjögren’s", "sjogren"),
            ("سلول‌های", "سلول-های"),
            ("糖尿病", "糖·尿·病"),
            ("۱٫۵", "1.5"),
            ("≥18", "18"),
            ("½", "1/2"),
        ] {
            assert_eq!(split(text), atoms, "{text}");
        }
    }
}
