//! How many hits have which value of a field.

use super::interrupt::Interrupt;
use crate::error::{Error, ErrorKind, Result};
use crate::index::DocSet;
use crate::query::closest::closest;
use crate::query::rank::Answer;
use crate::schema::IndexSchema;
use crate::schema::fields::{Field, FieldType};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

/// Facets that the query language calls otherwise than the field.
const NAMES: [(&str, &str); 2] = [("status", "recruitment_status"), ("type", "study_type")];

/// The values of a field among the hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Facet {
    /// The name it was asked for by.
    pub facet: String,
    /// Its most frequent values; equal ones in alphabetical order.
    pub values: Vec<FacetValue>,
    /// How many more values there are.
    pub more: u64,
    /// How many hits have no value, articles of a facet of trials among them.
    pub missing: u64,
}

/// A value and how many hits have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FacetValue {
    /// The value; values that differ in case and blanks only are one, written as most hits have it.
    pub value: String,
    /// How many hits have it; a hit with several values counts for each of them.
    pub count: u64,
}

/// The names of all facets, in the order of the schema.
pub fn facet_names(schema: &IndexSchema) -> impl Iterator<Item = &str> {
    let facets = schema.fields.iter().filter(|field| field.facet);
    facets.map(|field| {
        let own = NAMES.iter().find(|(_, known)| *known == field.name);
        own.map_or(field.name.as_str(), |&(name, _)| name)
    })
}

fn field<'s>(schema: &'s IndexSchema, name: &str) -> Result<&'s Field> {
    let known = NAMES.iter().find(|(own, _)| *own == name);
    let field = schema.fields.get(known.map_or(name, |&(_, field)| field));
    field.filter(|field| field.facet).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("no facet is called {name:?}"));
        let all: Vec<&str> = facet_names(schema).collect();
        match closest(name, all.iter().copied()) {
            Some(near) => error.remedy(format!("did you mean {near}?")),
            None => error.remedy(format!("the facets are {}", all.join(", "))),
        }
    })
}

/// Counts the hits of an answer by the values of a facet.
pub(super) fn count(
    answer: &Answer<'_>,
    name: &str,
    limit: usize,
    interrupt: &Interrupt,
) -> Result<Facet> {
    let field = field(answer.snapshot.schema(), name)?;
    let mut tally = Tally::default();
    for (number, segment) in (0..).zip(&answer.segments) {
        interrupt.check()?;
        let reader = answer.snapshot.searcher().segment_reader(number);
        tally.segment(reader, field, &segment.hits, interrupt)?;
    }
    Ok(tally.facet(name, limit))
}

/// Values seen so far, over segments.
#[derive(Default)]
struct Tally {
    /// By folded value: its place in `groups`.
    places: HashMap<String, usize>,
    groups: Vec<Group>,
    missing: u64,
}

/// Values that are one but for case and blanks.
#[derive(Default)]
struct Group {
    /// How often each spelling stands; of equally frequent ones the first by alphabet is shown.
    spellings: BTreeMap<String, u64>,
    hits: u64,
}

impl Tally {
    fn segment(
        &mut self,
        reader: &SegmentReader,
        field: &Field,
        hits: &DocSet,
        interrupt: &Interrupt,
    ) -> Result<()> {
        let columns = reader.fast_fields();
        let name = field.name.as_str();
        match field.field_type {
            FieldType::Keyword => match columns.str(name).map_err(reading)? {
                Some(column) => self.strings(&column, hits, interrupt)?,
                None => self.missing += hits.len() as u64,
            },
            FieldType::Flag => {
                let column: Option<Column<bool>> = columns.column_opt(name).map_err(reading)?;
                let word = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
                self.single(hits, |document| column.as_ref()?.first(document), word);
            }
            _ => {
                let column: Option<Column<u64>> = columns.column_opt(name).map_err(reading)?;
                let number = |number: u64| number.to_string();
                self.single(hits, |document| column.as_ref()?.first(document), number);
            }
        }
        Ok(())
    }

    /// Counts a column of one value a document.
    fn single<T: Ord>(
        &mut self,
        hits: &DocSet,
        value: impl Fn(u32) -> Option<T>,
        written: impl Fn(T) -> String,
    ) {
        let mut times: BTreeMap<T, u64> = BTreeMap::new();
        for document in hits.iter() {
            match value(document) {
                Some(value) => *times.entry(value).or_default() += 1,
                None => self.missing += 1,
            }
        }
        for (value, times) in times {
            let place = self.place(&written(value), times);
            self.add(place, times);
        }
    }

    /// Counts a column of strings: first which values occur, then which hits have them, since a
    /// hit with two spellings of a value has it once.
    fn strings(&mut self, column: &StrColumn, hits: &DocSet, interrupt: &Interrupt) -> Result<()> {
        let mut times = vec![0u32; column.num_terms()];
        for (step, document) in hits.iter().enumerate() {
            interrupt.check_at(step)?;
            for value in column.term_ords(document) {
                if let Some(times) = times.get_mut(value as usize) {
                    *times += 1;
                }
            }
        }
        let seen = (0..).zip(&times).filter(|&(_, &times)| times > 0);
        let (values, seen): (Vec<u64>, Vec<u32>) = seen.unzip();
        let mut places = Vec::with_capacity(values.len());
        let mut seen = seen.into_iter();
        let read = column
            .dictionary()
            .sorted_ords_to_term_cb(&values, |value| {
                let times = u64::from(seen.next().unwrap_or(0));
                places.push(self.place(&String::from_utf8_lossy(value), times));
            });
        read.map_err(|e| reading(e.into()))?;
        let mut place_of = vec![usize::MAX; times.len()];
        for (&value, place) in values.iter().zip(places) {
            if let Some(slot) = place_of.get_mut(value as usize) {
                *slot = place;
            }
        }
        let mut own = Vec::new();
        for (step, document) in hits.iter().enumerate() {
            interrupt.check_at(step)?;
            own.clear();
            let values = column.term_ords(document);
            own.extend(values.filter_map(|value| place_of.get(value as usize)));
            own.sort_unstable();
            own.dedup();
            own.iter().for_each(|&place| self.add(place, 1));
            self.missing += u64::from(own.is_empty());
        }
        Ok(())
    }

    /// The group of a value that stands so many times.
    fn place(&mut self, value: &str, times: u64) -> usize {
        let words: Vec<&str> = value.split_whitespace().collect();
        let written = words.join(" ");
        let place = *self
            .places
            .entry(written.to_lowercase())
            .or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(Group::default());
        }
        if let Some(group) = self.groups.get_mut(place) {
            *group.spellings.entry(written).or_default() += times;
        }
        place
    }

    fn add(&mut self, place: usize, hits: u64) {
        if let Some(group) = self.groups.get_mut(place) {
            group.hits += hits;
        }
    }

    fn facet(self, name: &str, limit: usize) -> Facet {
        let values = self.groups.into_iter().map(Group::value);
        let mut values: Vec<FacetValue> = values.collect();
        values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        let more = values.len().saturating_sub(limit) as u64;
        values.truncate(limit);
        Facet {
            facet: name.to_owned(),
            values,
            more,
            missing: self.missing,
        }
    }
}

impl Group {
    fn value(self) -> FacetValue {
        let most = self.spellings.values().copied().max();
        let mut spellings = self.spellings.into_iter();
        let shown = spellings.find(|(_, times)| Some(*times) == most);
        FacetValue {
            value: shown.map(|(written, _)| written).unwrap_or_default(),
            count: self.hits,
        }
    }
}

fn reading(error: tantivy::TantivyError) -> Error {
    Error::new(ErrorKind::Io, "the index cannot be read").caused_by(error)
}
