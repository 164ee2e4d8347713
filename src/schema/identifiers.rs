//! Numbers of trials and publications, recognised in the spellings people use, from
//! `index-schema/identifiers.toml`.
//!
//! Recognition is conservative: a number counts only with its prefix or in a form nothing else
//! has; a bare `06360861` is not a trial and a bare `34567890` is not a publication.

mod pattern;

use crate::error::{Error, ErrorKind, Result};
use crate::record::{CitedArticle, Registry};
use pattern::{Lead, Pattern};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// What a number names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdentifierKind {
    /// A trial, in a registry.
    RegistryNumber,
    /// A European trial in all member states: `2016-004489-24`.
    Eudract,
    /// WHO's Universal Trial Number: `U1111-1282-5699`.
    Utn,
    /// Who registers trials in Iran: `IRCT20200127046282`, what stands before the `N` of their numbers.
    Registrant,
    /// The approval of an Iranian ethics committee: `IR.TUMS.MEDICINE.REC.1400.1412`.
    Ethics,
    /// A publication in PubMed, digits only.
    Pmid,
    /// A publication in PubMed Central: `PMC8781097`.
    Pmcid,
    /// A publication, lower case: `10.3390/jpm12010117`.
    Doi,
}

/// A number of a trial or a publication in its normal spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Identifier {
    /// What it names.
    pub kind: IdentifierKind,
    /// The registry whose trial it names; absent for publications, registrants, ethics references and UTNs.
    pub registry: Option<Registry>,
    /// The normal spelling, which compares equal whenever the numbers do.
    pub normal: String,
}

/// A number found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The number.
    pub identifier: Identifier,
    /// The bytes of the text it was read from.
    pub range: Range<usize>,
}

/// All kinds of numbers with their spellings.
#[derive(Clone, Debug)]
pub struct Identifiers {
    schemes: Vec<Scheme>,
    /// By [`place`]: scheme and pattern of the numbers that may begin so.
    by_lead: Vec<Vec<Spelling>>,
    /// By the same: the third symbols there can be, a bit each.
    thirds: Vec<u64>,
}

#[derive(Clone, Debug)]
struct Scheme {
    kind: IdentifierKind,
    registry: Option<Registry>,
    name: String,
    url: Option<String>,
    strict: bool,
    /// The patterns as they stand in the file, with the lists of words they use.
    spellings: String,
    patterns: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
    identifier: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: IdentifierKind,
    registry: Option<Registry>,
    name: String,
    url: Option<String>,
    #[serde(default)]
    strict: bool,
    patterns: Vec<String>,
}

impl Identifier {
    /// The form in which all spellings and versions of a number are one: [`stem`](Self::stem), with
    /// its lead-in where digits alone would tell nothing.
    pub(crate) fn key(&self) -> String {
        match self.kind {
            IdentifierKind::Pmid => self.to_string(),
            _ => self.stem().to_owned(),
        }
    }

    /// Whether it names a trial in a registry.
    pub fn is_trial(&self) -> bool {
        self.registry.is_some()
    }

    /// The part all numbers of one trial share: a EudraCT number without its member state, an EU
    /// number without its resubmission, an ANZCTR number without the `p` of a provisional one.
    pub fn stem(&self) -> &str {
        let normal = self.normal.as_str();
        match self.registry {
            Some(Registry::Euctr) => {
                let number = normal.strip_prefix("EUCTR").unwrap_or(normal);
                number.get(.."2016-004489-24".len()).unwrap_or(number)
            }
            Some(Registry::Ctis) => normal.get(.."2024-510663-34".len()).unwrap_or(normal),
            Some(Registry::Anzctr) => normal.trim_end_matches('p'),
            _ => normal,
        }
    }

    /// Whether both name the same trial or publication, whatever the member state or version.
    pub fn is_same_as(&self, other: &Identifier) -> bool {
        self.registry == other.registry
            && (self.kind == other.kind || self.is_trial())
            && self.stem() == other.stem()
    }

    /// The publication it names, if it names one.
    pub fn cited_article(&self) -> Option<CitedArticle> {
        let normal = self.normal.clone();
        match self.kind {
            IdentifierKind::Doi => Some(CitedArticle::Doi(normal)),
            IdentifierKind::Pmid => Some(CitedArticle::Pmid(normal)),
            IdentifierKind::Pmcid => Some(CitedArticle::Pmcid(normal)),
            _ => None,
        }
    }
}

impl fmt::Display for Identifier {
    /// Writes a form [`Identifiers::normalise`] reads: a PubMed number needs its lead-in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == IdentifierKind::Pmid {
            f.write_str("PMID ")?;
        }
        f.write_str(&self.normal)
    }
}

impl Identifiers {
    /// Reads the file.
    ///
    /// # Errors
    /// Wrong TOML, a pattern that cannot be read, a registry without a number or a number without
    /// its registry.
    pub fn from_toml(text: &str) -> Result<Self> {
        let wrong = |message: String| Error::new(ErrorKind::Schema, message).at("identifiers.toml");
        let file: File = toml::from_str(text).map_err(|e| wrong(e.message().to_owned()))?;
        let mut schemes = Vec::new();
        for entry in file.identifier {
            use IdentifierKind::{Eudract, RegistryNumber};
            if entry.registry.is_some() != matches!(entry.kind, RegistryNumber | Eudract) {
                return Err(wrong(format!("{}: kind and registry disagree", entry.name)));
            }
            let patterns = entry
                .patterns
                .iter()
                .map(|pattern| Pattern::parse(pattern, &file.words).map_err(wrong))
                .collect::<Result<_>>()?;
            schemes.push(Scheme {
                kind: entry.kind,
                registry: entry.registry,
                name: entry.name,
                url: entry.url,
                strict: entry.strict,
                spellings: format!("{:?} {:?}", entry.patterns, file.words),
                patterns,
            });
        }
        for &registry in Registry::ALL {
            if !schemes.iter().any(|s| s.registry == Some(registry)) {
                return Err(wrong(format!("no identifier for registry {registry}")));
            }
        }
        let by_lead = by_lead(&schemes);
        let thirds = by_lead.iter().map(|spellings| {
            let thirds = spellings.iter().map(|spelling| spelling.thirds());
            thirds.fold(0, |all, thirds| all | thirds)
        });
        Ok(Identifiers {
            thirds: thirds.collect(),
            by_lead,
            schemes,
        })
    }

    /// All numbers in a running text or an address, from left to right; time linear in its length.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        self.find_within(text, 0..text.len(), |hit| found.push(hit));
        found
    }

    /// Gives `see` the numbers in a text that begin in a part of it, from left to right. The part begins
    /// where a word does, or behind what is none.
    pub(crate) fn find_within(&self, text: &str, part: Range<usize>, mut see: impl FnMut(Found)) {
        let bytes = text.as_bytes();
        let symbol = |at: usize| {
            bytes
                .get(at)
                .map_or(NONE, |byte| SYMBOL[usize::from(*byte)])
        };
        let mut at = part.start;
        let mut before = NONE;
        let (mut first, mut second) = (symbol(at), symbol(at + 1));
        while at < part.end && at + 2 < bytes.len() {
            let third = symbol(at + 2);
            if before == NONE
                && self.begin_with(first, second, third)
                && let Some(hit) = self.at(text, at)
            {
                at = hit.range.end;
                see(hit);
                // What is glued to a number begins no other.
                before = 0;
                (first, second) = (symbol(at), symbol(at + 1));
                continue;
            }
            (before, first, second) = (first, second, third);
            at += 1;
        }
    }

    /// Whether a number can begin at a byte: few words pass for one.
    #[inline]
    pub(crate) fn may_begin(&self, bytes: &[u8], at: usize) -> bool {
        let symbol = |at: usize| {
            bytes
                .get(at)
                .map_or(NONE, |byte| SYMBOL[usize::from(*byte)])
        };
        self.begin_with(symbol(at), symbol(at + 1), symbol(at + 2))
    }

    #[inline]
    fn begin_with(&self, first: u8, second: u8, third: u8) -> bool {
        let place = usize::from(first) * ROW + usize::from(second);
        let thirds = self.thirds.get(place).copied().unwrap_or(0);
        thirds >> third & 1 == 1
    }

    /// The number a whole text is, in its normal spelling; blanks, brackets and punctuation around
    /// it and the address of its page do not matter.
    pub fn normalise(&self, text: &str) -> Option<Identifier> {
        let mut found = self.find(text);
        let hit = found.pop()?;
        if !found.is_empty() {
            return None;
        }
        let is_address = text.trim().starts_with("http") && text.split_whitespace().count() == 1;
        let around = [text.get(..hit.range.start), text.get(hit.range.end..)];
        let alone = around
            .into_iter()
            .flatten()
            .all(|part| !part.contains(char::is_alphanumeric));
        (is_address || alone).then_some(hit.identifier)
    }

    /// Numbers of trials in registries found in some texts, in their normal spelling, each once and
    /// in their order; without those that name the trial `own`.
    pub fn registry_numbers<'t>(
        &self,
        own: &str,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Vec<String> {
        let own = self.normalise(own);
        let mut numbers = Vec::new();
        for found in texts.into_iter().flat_map(|text| self.find(text)) {
            let number = found.identifier;
            let is_own = own.as_ref().is_some_and(|own| own.is_same_as(&number));
            if number.is_trial() && !is_own && !numbers.contains(&number.normal) {
                numbers.push(number.normal);
            }
        }
        numbers
    }

    /// The page of a number, where its registry has one that can be told from it.
    pub fn url(&self, identifier: &Identifier) -> Option<String> {
        let url = self.scheme(identifier)?.url.as_ref()?;
        let url = url.replace("{id}", &identifier.normal);
        Some(url.replace("{stem}", identifier.stem()))
    }

    /// What a number is called: `ClinicalTrials.gov number`.
    pub fn name(&self, identifier: &Identifier) -> Option<&str> {
        Some(&self.scheme(identifier)?.name)
    }

    /// Writes everything the terms of a number in an index depend on.
    pub(super) fn describe(&self, out: &mut String) {
        for scheme in &self.schemes {
            let code = scheme.registry.map_or("", Registry::as_str);
            let (kind, strict) = (scheme.kind, scheme.strict);
            out.push_str(&format!("{kind:?} {code} {strict} {}\n", scheme.spellings));
        }
    }

    fn scheme(&self, identifier: &Identifier) -> Option<&Scheme> {
        self.schemes
            .iter()
            .find(|s| s.kind == identifier.kind && s.registry == identifier.registry)
    }

    /// The longest number that begins at a byte; of two as long the one that stands first in the file.
    fn at(&self, text: &str, at: usize) -> Option<Found> {
        let rest = text.get(at..)?;
        let lead = *rest.as_bytes().first_chunk::<2>()?;
        let previous = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
        // A part of a longer number: 12-2016-004489-24, 3.10.1186/5.
        if lead[0].is_ascii_digit() && matches!(previous, Some(b'-' | b'.')) {
            return None;
        }
        let mut best: Option<(usize, &Scheme, String)> = None;
        let mut normal = String::new();
        for spelling in self.by_lead.get(place(lead)?)? {
            let scheme = &self.schemes[spelling.scheme];
            let pattern = &scheme.patterns[spelling.pattern];
            let Some(length) = pattern.read(rest, scheme.strict, &mut normal) else {
                continue;
            };
            let longer = best.as_ref().is_none_or(|(best, ..)| length > *best);
            let ends = || pattern.is_open_ended() || ends_here(rest, length, scheme.strict);
            if longer && ends() {
                best = Some((length, scheme, std::mem::take(&mut normal)));
            }
        }
        let (length, scheme, normal) = best?;
        let identifier = Identifier {
            kind: scheme.kind,
            registry: scheme.registry,
            normal,
        };
        Some(Found {
            identifier,
            range: at..at + length,
        })
    }
}

/// Whether nothing is glued to a number of this length; behind a weak prefix no further digits
/// either (`NL9123.018.08` is not `NL9123`).
fn ends_here(text: &str, length: usize, strict: bool) -> bool {
    let (number, after) = text.split_at_checked(length).unwrap_or((text, ""));
    // The last letter is an accented one, which no number has.
    if after.starts_with(is_combining_mark) && number.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    match after.strip_prefix(['.', '-', '/', '_']) {
        Some(behind) if strict => !is_glued(behind),
        _ => !is_glued(after),
    }
}

/// Whether a text begins with a letter or digit of ASCII. One with an accent is none, whether it is
/// written as one character or two.
fn is_glued(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphanumeric())
        && !letters.next().is_some_and(is_combining_mark)
}

/// A pattern of a scheme, by their places.
#[derive(Clone, Copy, Debug)]
struct Spelling {
    scheme: usize,
    pattern: usize,
    /// The third letter or digit, in lower case, where all its texts have the same.
    third: Option<u8>,
}

impl Spelling {
    /// The third symbols its texts can have, a bit each.
    fn thirds(&self) -> u64 {
        let third = self.third.map(|byte| SYMBOL[usize::from(byte)]);
        third.map_or(u64::MAX, |symbol| 1 << symbol)
    }
}

fn by_lead(schemes: &[Scheme]) -> Vec<Vec<Spelling>> {
    let mut table = vec![Vec::new(); ROW * ROW];
    for (scheme, known) in schemes.iter().enumerate() {
        for (number, pattern) in known.patterns.iter().enumerate() {
            for place in pattern.leads().into_iter().filter_map(place) {
                table[place].push(Spelling {
                    scheme,
                    pattern: number,
                    third: pattern.third(),
                });
            }
        }
    }
    table
}

/// What is neither letter nor digit, among the symbols, which are numbered 0 to 35.
const NONE: u8 = 36;

/// All symbols.
const ROW: usize = 37;

/// Of each byte the letter, in either case, or the digit it is.
const SYMBOL: [u8; 256] = {
    let mut symbols = [NONE; 256];
    let mut symbol = 0;
    while symbol < NONE {
        let byte = match symbol {
            0..10 => b'0' + symbol,
            _ => b'a' + symbol - 10,
        };
        symbols[byte as usize] = symbol;
        symbols[byte.to_ascii_uppercase() as usize] = symbol;
        symbol += 1;
    }
    symbols
};

/// The place of a beginning among all there are; `None` for one with something else in it.
fn place(lead: Lead) -> Option<usize> {
    let [first, second] = lead.map(|byte| SYMBOL[usize::from(byte)]);
    let place = usize::from(first) * ROW + usize::from(second);
    (first != NONE && second != NONE).then_some(place)
}

#[cfg(test)]
mod tests;
