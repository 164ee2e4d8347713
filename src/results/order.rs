//! The order of hits, and which of them a page shows.
//!
//! Hits are ordered by up to [`MOST_KEYS`] keys, best first, then by id, trials before articles:
//! the same order in every build of an index, however many segments it has.

use super::interrupt::Interrupt;
use super::token::PageToken;
use crate::error::{Error, ErrorKind, Result};
use crate::index::day_column;
use crate::query::DateField;
use crate::query::rank::Answer;
use crate::record::Kind;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, SegmentReader};

/// How many keys an order can have.
pub const MOST_KEYS: usize = 3;

/// Ids read between two looks at the clock.
const IDS: usize = 4_096;

/// What hits can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SortKey {
    /// The score.
    Relevance,
    /// A date, by its first day.
    Date(DateField),
    /// Number of participants.
    Enrollment,
}

/// A key and its direction; hits without a value stand last in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// The key.
    pub key: SortKey,
    /// Whether small values and early dates come first.
    pub ascending: bool,
}

impl FromStr for Sort {
    type Err = Error;

    /// Reads `relevance`, `registered`, `started:asc`, `enrollment:desc`; the largest and latest come first unless told.
    fn from_str(text: &str) -> Result<Self> {
        let (name, direction) = text.split_once(':').unwrap_or((text, "desc"));
        let wrong = || {
            let dates: Vec<&str> = DateField::ALL.iter().map(|&(_, word, _)| word).collect();
            Error::new(ErrorKind::Usage, format!("nothing is sorted by {text:?}")).remedy(format!(
                "sort by relevance, enrollment, {}, with :asc or :desc",
                dates.join(", ")
            ))
        };
        let ascending = match direction {
            "asc" => true,
            "desc" => false,
            _ => return Err(wrong()),
        };
        let date = DateField::ALL.iter().find(|(_, word, _)| *word == name);
        let key = match (name, date) {
            ("relevance", _) => SortKey::Relevance,
            ("enrollment", _) => SortKey::Enrollment,
            (_, Some(&(date, _, _))) => SortKey::Date(date),
            _ => return Err(wrong()),
        };
        Ok(Sort { key, ascending })
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.key {
            SortKey::Relevance => "relevance",
            SortKey::Enrollment => "enrollment",
            SortKey::Date(date) => date.word(),
        };
        let direction = if self.ascending { "asc" } else { "desc" };
        write!(f, "{name}:{direction}")
    }
}

/// Keys as numbers, the larger the better; 0 where the hit has no value.
pub(super) type Keys = [u64; MOST_KEYS];

/// A hit in its segment.
#[derive(Clone, Copy, Debug)]
struct Entry {
    keys: Keys,
    /// Place of the id among the ids of the segment, in alphabetical order.
    id: u64,
    kind: Kind,
    address: DocAddress,
}

impl Entry {
    fn with_id(&self, id: String) -> Ranked {
        Ranked {
            keys: self.keys,
            id,
            kind: self.kind,
            address: self.address,
        }
    }
}

/// A hit with everything that decides its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    keys: Keys,
    id: String,
    pub(super) kind: Kind,
    pub(super) address: DocAddress,
}

impl Ranked {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn place(&self) -> (std::cmp::Reverse<Keys>, &str, Kind) {
        (std::cmp::Reverse(self.keys), &self.id, self.kind)
    }
}

/// An order, to be asked of single hits.
pub(super) struct Order {
    segments: Vec<Columns>,
}

impl Order {
    pub(super) fn open(answer: &Answer<'_>, sort: &[Sort]) -> Result<Self> {
        let readers = answer.snapshot.searcher().segment_readers().iter();
        let segments = readers.map(|reader| Columns::open(reader, sort));
        Ok(Order {
            segments: segments.collect::<Result<_>>()?,
        })
    }

    /// A trial that is a hit, with what decides its place.
    pub(super) fn ranked(&self, answer: &Answer<'_>, address: DocAddress) -> Result<Ranked> {
        let columns = self.segments.get(address.segment_ord as usize);
        let columns = columns
            .ok_or_else(|| Error::new(ErrorKind::Io, "a hit of a segment that is not there"))?;
        columns.ranked(Entry {
            keys: columns.keys(address.doc_id, answer.score(address)),
            id: columns.id(address.doc_id),
            kind: Kind::Trial,
            address,
        })
    }
}

/// One page of an order.
pub(super) struct Page<'a> {
    pub(super) sort: &'a [Sort],
    pub(super) limit: usize,
    pub(super) after: Option<&'a PageToken>,
    /// Hits it passes over.
    pub(super) hidden: &'a HashSet<DocAddress>,
}

/// The hits of a page, best first, and the token of the next page if there is more.
pub(super) fn page(
    answer: &Answer<'_>,
    page: &Page<'_>,
    interrupt: &Interrupt,
) -> Result<(Vec<Ranked>, Option<PageToken>)> {
    check(page)?;
    // One more than shown tells whether there is a next page.
    let wanted = page.limit.saturating_add(1);
    let mut segments: Vec<(Columns, Vec<Entry>)> = Vec::new();
    let mut floor = Keys::default();
    let living = answer.snapshot.living()?;
    for ((number, segment), living) in (0..).zip(&answer.segments).zip(living) {
        let reader = answer.snapshot.searcher().segment_reader(number);
        let columns = Columns::open(reader, page.sort)?;
        let mut entries = Best::new(wanted, floor);
        for (step, document) in segment.candidates().iter().enumerate() {
            interrupt.check_at(step)?;
            let address = DocAddress::new(number, document);
            if !page.hidden.is_empty() && page.hidden.contains(&address) {
                continue;
            }
            let keys = columns.keys(document, segment.score(document));
            // Most hits end here: their ids need not be read.
            if keys < entries.floor || page.after.is_some_and(|token| keys > token.keys) {
                continue;
            }
            let id = columns.id(document);
            if entries.leave_behind(&keys, id) {
                continue;
            }
            let entry = Entry {
                keys,
                id,
                kind: living.kind(document),
                address,
            };
            if columns.stands_behind(&entry, page.after)? {
                entries.push(entry);
            }
        }
        floor = entries.floor;
        segments.push((columns, entries.finish()));
    }
    let mut best = ranked(segments, wanted, interrupt)?;
    best.sort_unstable_by(|a, b| a.place().cmp(&b.place()));
    let more = best.len() > page.limit;
    best.truncate(page.limit);
    let next = best.last().filter(|_| more).map(|last| PageToken {
        sort: page.sort.to_vec(),
        keys: last.keys,
        id: last.id.clone(),
        kind: last.kind,
    });
    Ok((best, next))
}

/// The best so many hits of all segments with their ids, in no order, and those with equal keys.
fn ranked(
    segments: Vec<(Columns, Vec<Entry>)>,
    wanted: usize,
    interrupt: &Interrupt,
) -> Result<Vec<Ranked>> {
    let entries = segments.iter().flat_map(|(_, entries)| entries);
    let mut keys: Vec<Keys> = entries.map(|entry| entry.keys).collect();
    let last = match wanted.checked_sub(1).filter(|last| *last < keys.len()) {
        Some(last) => *keys.select_nth_unstable_by(last, |a, b| b.cmp(a)).1,
        None => Keys::default(),
    };
    let mut best = Vec::new();
    for (columns, mut entries) in segments {
        entries.retain(|entry| entry.keys >= last);
        entries.sort_unstable_by_key(|entry| entry.id);
        for some in entries.chunks(IDS) {
            interrupt.check()?;
            columns.add_ranked(some, &mut best)?;
        }
    }
    Ok(best)
}

fn check(page: &Page<'_>) -> Result<()> {
    if page.sort.len() > MOST_KEYS {
        let message = format!("hits are sorted by {MOST_KEYS} keys at most");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    match page.after {
        Some(token) if token.sort != page.sort => {
            let message = "the token belongs to a page in another order";
            Err(Error::new(ErrorKind::Usage, message).remedy("use the sort of the page before"))
        }
        _ => Ok(()),
    }
}

/// The best so many hits of a segment, out of all that are pushed.
struct Best {
    wanted: usize,
    /// Keys a hit must reach to be among them …
    floor: Keys,
    /// … and, where it has just these, the last id that is.
    last_id: u64,
    entries: Vec<Entry>,
}

impl Best {
    fn new(wanted: usize, floor: Keys) -> Self {
        Best {
            wanted,
            floor,
            last_id: u64::MAX,
            entries: Vec::new(),
        }
    }

    /// Whether a hit is certainly not among them: of many that score the same, most are not.
    fn leave_behind(&self, keys: &Keys, id: u64) -> bool {
        *keys < self.floor || *keys == self.floor && id > self.last_id
    }

    fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        if self.entries.len() >= self.wanted.saturating_mul(2) {
            self.cut();
        }
    }

    /// Keeps the best alone; the last of them says what others must reach.
    fn cut(&mut self) {
        if self.entries.len() < self.wanted {
            return;
        }
        let order = |a: &Entry, b: &Entry| {
            b.keys
                .cmp(&a.keys)
                .then((a.id, a.kind).cmp(&(b.id, b.kind)))
        };
        let last = self.wanted - 1;
        let (_, last, _) = self.entries.select_nth_unstable_by(last, order);
        (self.floor, self.last_id) = (last.keys, last.id);
        self.entries.truncate(self.wanted);
    }

    fn finish(mut self) -> Vec<Entry> {
        self.cut();
        self.entries
    }
}

/// What a segment's hits are ordered by.
struct Columns {
    keys: Vec<(KeyColumn, bool)>,
    ids: Option<StrColumn>,
}

enum KeyColumn {
    Score,
    Day(Option<Column<i64>>),
    Number(Option<Column<u64>>),
}

impl KeyColumn {
    /// What a hit has there, as a number that grows with it.
    #[inline]
    fn value(&self, document: u32, score: f64) -> Option<u64> {
        match self {
            KeyColumn::Score => Some(score_key(score)),
            KeyColumn::Day(days) => {
                let day = days.as_ref()?.first(document)?;
                Some(day.cast_unsigned() ^ (1 << 63))
            }
            KeyColumn::Number(numbers) => numbers.as_ref()?.first(document),
        }
    }
}

impl Columns {
    fn open(reader: &SegmentReader, sort: &[Sort]) -> Result<Self> {
        let columns = reader.fast_fields();
        let mut keys = Vec::new();
        for sort in sort {
            let column = match sort.key {
                SortKey::Relevance => KeyColumn::Score,
                SortKey::Date(date) => {
                    let name = day_column(date.field(), false);
                    KeyColumn::Day(columns.column_opt(&name).map_err(reading)?)
                }
                SortKey::Enrollment => {
                    KeyColumn::Number(columns.column_opt("sample_size").map_err(reading)?)
                }
            };
            keys.push((column, sort.ascending));
        }
        let ids = columns.str("id").map_err(reading)?;
        Ok(Columns { keys, ids })
    }

    #[inline]
    fn keys(&self, document: u32, score: f64) -> Keys {
        // Not written place by place into memory: reading all together would wait for that.
        std::array::from_fn(|place| {
            let key = self.keys.get(place);
            let value = key.and_then(|(column, _)| column.value(document, score));
            let ascending = key.is_some_and(|(_, ascending)| *ascending);
            // 0 is for hits without a value; no score, day or size is at either end.
            value.map_or(0, |value| if ascending { !value } else { value }.max(1))
        })
    }

    fn id(&self, document: u32) -> u64 {
        let ids = self.ids.as_ref().map(|ids| ids.ords());
        ids.and_then(|ids| ids.first(document)).unwrap_or(u64::MAX)
    }

    fn id_text(&self, id: u64) -> Result<String> {
        let mut text = String::new();
        if let Some(ids) = &self.ids {
            let read = ids.ord_to_str(id, &mut text);
            read.map_err(|e| unreadable().caused_by(e))?;
        }
        Ok(text)
    }

    fn ranked(&self, entry: Entry) -> Result<Ranked> {
        Ok(entry.with_id(self.id_text(entry.id)?))
    }

    /// Adds hits with their ids, in whose order they are given: those of one block are read at once.
    fn add_ranked(&self, entries: &[Entry], ranked: &mut Vec<Ranked>) -> Result<()> {
        let Some(ids) = &self.ids else {
            ranked.extend(entries.iter().map(|entry| entry.with_id(String::new())));
            return Ok(());
        };
        let known = entries.partition_point(|entry| entry.id < ids.num_terms() as u64);
        let (known, without) = entries.split_at(known);
        let ordinals: Vec<u64> = known.iter().map(|entry| entry.id).collect();
        let mut texts: Vec<Vec<u8>> = Vec::with_capacity(known.len());
        let dictionary = ids.dictionary();
        let read = dictionary.sorted_ords_to_term_cb(&ordinals, |id| texts.push(id.to_vec()));
        read.map_err(|e| unreadable().caused_by(e))?;
        for (entry, id) in known.iter().zip(texts) {
            let id = String::from_utf8(id).map_err(|e| unreadable().caused_by(e))?;
            ranked.push(entry.with_id(id));
        }
        ranked.extend(without.iter().map(|entry| entry.with_id(String::new())));
        Ok(())
    }

    /// Whether a hit stands behind the end of the page before.
    fn stands_behind(&self, entry: &Entry, token: Option<&PageToken>) -> Result<bool> {
        let Some(token) = token else {
            return Ok(true);
        };
        Ok(match token.keys.cmp(&entry.keys) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => {
                let id = self.id_text(entry.id)?;
                (id.as_str(), entry.kind) > (token.id.as_str(), token.kind)
            }
        })
    }
}

/// A score as a number that grows with it.
fn score_key(score: f64) -> u64 {
    // Scores are never negative, and the bits of such floats are ordered as they are.
    score.max(0.0).to_bits()
}

fn reading(error: tantivy::TantivyError) -> Error {
    unreadable().caused_by(error)
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Io, "the index cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_scores_are_ordered_as_scores_are() {
        let scores = [0.0, f64::MIN_POSITIVE, 0.1, 0.5, 1.0, 17.0];
        assert!(scores.map(score_key).is_sorted());
    }

    #[test]
    fn an_order_nobody_knows_is_refused() {
        assert!("colour".parse::<Sort>().is_err());
        assert!("registered:up".parse::<Sort>().is_err());
        assert_eq!(
            "registered".parse::<Sort>().unwrap().to_string(),
            "registered:desc"
        );
    }
}
