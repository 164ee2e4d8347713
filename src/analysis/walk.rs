//! Text → tokens, one after the other: the one way from a value to what stands in the index.
//!
//! Most words are letters of ASCII between blanks; they are handed out as they are read. Everything else is
//! split by [`super::split`], chunk by chunk, so that one `≥` does not slow the text around it.

use super::fold;
use super::split::{self, Atom, Link, Shape};
use super::{Analyzer, TokenKind};
use std::ops::Range;

/// A compound of more atoms has no whole.
const MOST_ATOMS: usize = 6;
/// A longer whole does not stand in the index.
const LONGEST_WHOLE: usize = 64;

/// Where a token stands, and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The bytes it was made from.
    pub range: Range<usize>,
    pub position: usize,
    pub kind: TokenKind,
}

/// A token whose text lies in [`Walk::texts`].
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub text: Range<usize>,
    pub spot: Spot,
}

/// The way through one value. The buffers can be used again for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    at: usize,
    position: usize,
    /// Numbers recognised: where each begins, its terms.
    identifiers: Vec<(usize, String)>,
    next_identifier: usize,
    /// Where the last of them ends, with what is glued to it.
    identified: usize,
    /// The whole value, while its token is still to come.
    whole: Option<String>,
    /// Texts of the tokens below.
    pub texts: String,
    /// Tokens of the word or chunk read last.
    pub tokens: Vec<Span>,
    next_token: usize,
    atoms: Vec<Atom>,
    folded: Vec<Range<usize>>,
}

impl Walk {
    /// Begins a value; its first token has position `position`.
    pub(super) fn begin(&mut self, analyzer: &Analyzer, text: &str, position: usize) {
        self.at = 0;
        self.position = position;
        self.identifiers.clear();
        self.next_identifier = 0;
        self.identified = 0;
        self.texts.clear();
        self.tokens.clear();
        self.next_token = 0;
        self.whole = analyzer
            .definition
            .whole
            .then(|| whole_value(text))
            .flatten();
    }

    /// The next token, its text in `term`; `None` at the end of the text.
    #[inline]
    pub(super) fn next(
        &mut self,
        analyzer: &Analyzer,
        text: &str,
        term: &mut String,
    ) -> Option<Spot> {
        term.clear();
        loop {
            if let Some(span) = self.tokens.get(self.next_token) {
                self.next_token += 1;
                term.push_str(self.texts.get(span.text.clone()).unwrap_or_default());
                return Some(span.spot.clone());
            }
            self.texts.clear();
            self.tokens.clear();
            self.next_token = 0;
            match self.step(analyzer, text) {
                Step::End => return None,
                Step::Chunk => {}
                Step::Word(range) if self.is_bare() => {
                    push_word(text.get(range.clone())?, term);
                    let spot = self.spot(range, TokenKind::Word);
                    self.position += 1;
                    return Some(spot);
                }
                Step::Word(range) => self.simple(text, range),
            }
        }
    }

    /// Reads one word or chunk.
    #[inline]
    fn step(&mut self, analyzer: &Analyzer, text: &str) -> Step {
        let bytes = text.as_bytes();
        let start = behind(bytes, self.at, |byte| !starts_word(byte));
        if start == bytes.len() {
            self.at = start;
            return Step::End;
        }
        let mut at = behind(bytes, start, |byte| {
            KINDS[usize::from(byte)] == Kind::Letter
        });
        if at == start {
            at = behind(bytes, start, |byte| byte.is_ascii_digit());
        }
        if at > start && ends_word(bytes, at) {
            self.at = at;
            if analyzer.may_identify(bytes, start) {
                self.identify(analyzer, text, start..start + 1);
            }
            return Step::Word(start..at);
        }
        self.chunk(analyzer, text, start);
        Step::Chunk
    }

    /// Recognises the numbers that begin in a part of the text, behind those recognised before.
    pub(super) fn identify(&mut self, analyzer: &Analyzer, text: &str, part: Range<usize>) {
        let from = part.start.max(self.identified);
        if from >= part.end {
            return;
        }
        analyzer.identify(text, from..part.end, |range, terms| {
            // What is glued to a number begins no other.
            let glued = |byte: u8| byte.is_ascii_alphanumeric();
            self.identified = behind(text.as_bytes(), range.end, glued);
            let terms = terms.into_iter().map(|term| (range.start, term));
            self.identifiers.extend(terms);
        });
    }

    /// Whether nothing stands before the next word at its position.
    #[inline]
    fn is_bare(&self) -> bool {
        self.whole.is_none() && self.next_identifier >= self.identifiers.len()
    }

    /// Adds a word of ASCII letters or digits, behind what stands before it.
    fn simple(&mut self, text: &str, range: Range<usize>) {
        let start = self.texts.len();
        push_word(text.get(range.clone()).unwrap_or_default(), &mut self.texts);
        let folded = start..self.texts.len();
        self.before_atom(range.start, range.end, &folded);
        self.push(folded, range.start, range.end, TokenKind::Word);
        self.position += 1;
    }

    /// Splits what lies between here and the next blank.
    fn chunk(&mut self, analyzer: &Analyzer, text: &str, start: usize) {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|&b| KINDS[usize::from(b)] == Kind::Blank)
            .unwrap_or(rest.len());
        let end = start + length;
        let chunk = text.get(start..end).unwrap_or_default();
        let mut atoms = std::mem::take(&mut self.atoms);
        atoms.clear();
        if chunk.is_ascii() {
            split::split_ascii(chunk, start, &mut atoms);
        } else {
            split::split_unicode(chunk, start, &mut atoms);
        }
        self.at = end;
        self.identify(analyzer, text, start..end);
        self.atoms(text, &atoms);
        self.atoms = atoms;
    }

    /// Adds atoms, word by word.
    pub(super) fn atoms(&mut self, text: &str, atoms: &[Atom]) {
        let words = atoms.chunk_by(|_, next| !matches!(next.link, Link::None | Link::Run));
        words.for_each(|word| self.word(text, word));
    }

    /// Adds the atoms of a word, before them the wholes they make.
    fn word(&mut self, text: &str, atoms: &[Atom]) {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        for atom in atoms {
            let start = self.texts.len();
            split::fold_atom(text, atom, &mut self.texts);
            folded.push(start..self.texts.len());
        }
        let mut at = 0;
        let has_slash = atoms.iter().skip(1).any(|a| a.link == Link::Slash);
        for part in atoms.chunk_by(|_, next| next.link != Link::Slash) {
            let ranges = folded.get(at..at + part.len()).unwrap_or_default();
            for (i, (atom, range)) in part.iter().zip(ranges).enumerate() {
                self.before_atom(atom.from, atom.to, range);
                if i == 0 && at == 0 && has_slash {
                    self.push_whole(atoms, &folded);
                }
                if i == 0 && part.len() > 1 {
                    self.push_whole(part, ranges);
                }
                if !range.is_empty() {
                    self.push(range.clone(), atom.from, atom.to, TokenKind::Word);
                }
                self.position += 1;
            }
            at += part.len();
        }
        self.folded = folded;
    }

    /// Adds the whole of a compound, unless it has too many atoms or is too long.
    fn push_whole(&mut self, atoms: &[Atom], folded: &[Range<usize>]) {
        let start = self.texts.len();
        if !append_whole(&mut self.texts, atoms, folded) {
            self.texts.truncate(start);
            return;
        }
        let range = start..self.texts.len();
        if self.is_here(self.texts.get(range.clone()).unwrap_or_default()) {
            return;
        }
        let (from, to) = reach(atoms);
        self.push(range, from, to, TokenKind::Whole);
    }

    /// Adds what stands before an atom at its position: recognised numbers that begin here, the whole value.
    fn before_atom(&mut self, from: usize, to: usize, folded: &Range<usize>) {
        if self.is_bare() {
            return;
        }
        if let Some(whole) = self.whole.take() {
            self.push_extra(&whole, from, to, folded, TokenKind::Whole);
        }
        while let Some((start, _)) = self.identifiers.get(self.next_identifier)
            && *start < to
        {
            let (_, term) = &mut self.identifiers[self.next_identifier];
            let term = std::mem::take(term);
            self.next_identifier += 1;
            self.push_extra(&term, from, to, folded, TokenKind::Identifier);
        }
    }

    /// Adds a token of its own text, unless the atom or a token at this position is the same.
    fn push_extra(
        &mut self,
        term: &str,
        from: usize,
        to: usize,
        folded: &Range<usize>,
        kind: TokenKind,
    ) {
        if self.texts.get(folded.clone()) == Some(term) || self.is_here(term) {
            return;
        }
        let start = self.texts.len();
        self.texts.push_str(term);
        self.push(start..self.texts.len(), from, to, kind);
    }

    /// Whether a token at the present position has this text.
    fn is_here(&self, term: &str) -> bool {
        let here = self.tokens.iter().rev();
        here.take_while(|t| t.spot.position == self.position)
            .any(|t| self.texts.get(t.text.clone()) == Some(term))
    }

    fn push(&mut self, text: Range<usize>, from: usize, to: usize, kind: TokenKind) {
        let spot = self.spot(from..to, kind);
        self.tokens.push(Span { text, spot });
    }

    #[inline]
    fn spot(&self, range: Range<usize>, kind: TokenKind) -> Spot {
        Spot {
            range,
            position: self.position,
            kind,
        }
    }
}

/// What was read of a text.
enum Step {
    /// A word of ASCII letters or digits, still to be added.
    Word(Range<usize>),
    /// A chunk, whose tokens are added.
    Chunk,
    End,
}

/// Bytes of a word that are kept; longer ones are not told apart behind them.
const LONGEST_WORD: usize = 128;

/// Appends a word of ASCII in lower case.
#[inline]
fn push_word(word: &str, out: &mut String) {
    let start = out.len();
    out.push_str(word.get(..LONGEST_WORD).unwrap_or(word));
    if let Some(tail) = out.get_mut(start..) {
        tail.make_ascii_lowercase();
    }
}

/// The place behind all bytes from one on that fit.
#[inline]
fn behind(bytes: &[u8], from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while bytes.get(at).is_some_and(|&byte| fits(byte)) {
        at += 1;
    }
    at
}

/// First and last byte of some atoms.
fn reach(atoms: &[Atom]) -> (usize, usize) {
    let from = atoms.first().map_or(0, |a| a.from);
    (from, atoms.last().map_or(from, |a| a.to))
}

/// Appends the whole of a compound to the text its folded atoms stand in; false where it has none.
pub(super) fn append_whole(texts: &mut String, atoms: &[Atom], folded: &[Range<usize>]) -> bool {
    let size: usize = folded.iter().map(Range::len).sum();
    if !(2..=MOST_ATOMS).contains(&atoms.len()) || size + atoms.len() > LONGEST_WHOLE {
        return false;
    }
    for (i, (atom, range)) in atoms.iter().zip(folded).enumerate() {
        if i > 0 {
            let before = atoms.get(i - 1).zip(folded.get(i - 1));
            let Some((last, last_range)) = before else {
                return false;
            };
            match atom.link {
                Link::Slash => texts.push('/'),
                Link::Hyphen => {
                    let texts_of = (texts.get(last_range.clone()), texts.get(range.clone()));
                    if keeps_hyphen(last, atom, texts_of) {
                        texts.push('-');
                    }
                }
                Link::Glue => {}
                Link::None | Link::Run => return false,
            }
        }
        texts.extend_from_within(range.clone());
    }
    true
}

/// Whether two atoms would make another number without their hyphen: `18-65`, `I-II`.
fn keeps_hyphen(last: &Atom, atom: &Atom, texts: (Option<&str>, Option<&str>)) -> bool {
    let digits = |a: &Atom| matches!(a.shape, Shape::Digits | Shape::Number);
    let roman = |text: Option<&str>| {
        text.is_some_and(|t| t.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')))
    };
    (digits(last) && digits(atom)) || (roman(texts.0) && roman(texts.1))
}

/// A value as one token: its letters and digits, folded, without what stands between them.
pub(super) fn whole_value(text: &str) -> Option<String> {
    let mut whole = String::new();
    for c in text.chars() {
        if !matches!(fold::class(c), fold::Class::Gap) {
            fold::fold(c, &mut whole);
        }
        if whole.len() > LONGEST_WHOLE {
            return None;
        }
    }
    split::order_marks(&mut whole, 0);
    (!whole.is_empty()).then_some(whole)
}

/// What a byte can be to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Blank,
    /// Can join a word to what follows.
    Joiner,
    /// Ends a word.
    Break,
    /// Part of a character beyond ASCII.
    High,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Break; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
            b'0'..=b'9' => Kind::Digit,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => Kind::Blank,
            b'-' | b'/' | b'\'' | b'.' | b',' | b'_' | b'`' => Kind::Joiner,
            0x80.. => Kind::High,
            _ => Kind::Break,
        };
        byte += 1;
    }
    kinds
};

#[inline]
fn starts_word(byte: u8) -> bool {
    matches!(
        KINDS[usize::from(byte)],
        Kind::Letter | Kind::Digit | Kind::High
    )
}

/// Whether a word of letters or digits that ends at `at` hangs on nothing that follows.
#[inline]
fn ends_word(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at).map(|&b| KINDS[usize::from(b)]) {
        None | Some(Kind::Blank | Kind::Break) => true,
        Some(Kind::Joiner) => !bytes.get(at + 1).is_some_and(|&b| starts_word(b)),
        Some(_) => false,
    }
}
