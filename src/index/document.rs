//! A record ⇄ the tantivy document that stands for it.

use super::extract::{Subject, Value, Values, key};
use super::mapping::{Mapped, Mapping};
use crate::error::{Error, ErrorKind, Result};
use crate::identity;
use crate::record::{Kind, Provenance, Record};
use tantivy::schema::Value as _;
use tantivy::{TantivyDocument, Term};

/// What a document keeps of a record as it is.
pub(crate) struct Stored<'a> {
    pub(crate) uid: u64,
    /// The record as JSON, without its provenance.
    pub(crate) json: &'a [u8],
    /// Its provenance as JSON.
    pub(crate) provenance: &'a [u8],
}

impl Mapping {
    /// A document that can be found by everything its record says.
    pub(super) fn searched(&self, stored: &Stored<'_>, subject: &Subject<'_>) -> TantivyDocument {
        let mut document = self.kept(stored);
        let mut values = Values::with_numbers(&self.identifiers);
        for (mapped, extractor) in &self.filled {
            extractor.extract(subject, &mut values);
            for value in values.drain() {
                add(&mut document, *mapped, value);
            }
        }
        document
    }

    /// A document that only keeps its record, so that it can return when the better one vanishes.
    pub(super) fn superseded(&self, stored: &Stored<'_>, record: &Record) -> TantivyDocument {
        let mut document = self.kept(stored);
        document.add_bool(self.superseded, true);
        document.add_text(self.superseded_key, key(record.kind(), record.id()));
        // WHO's row may give a number the registry's own record does not.
        if let (Some(field), Record::Trial(trial)) = (self.keyword(identity::NUMBERS), record) {
            for number in identity::values(trial) {
                document.add_text(field, number);
            }
        }
        document
    }

    fn kept(&self, stored: &Stored<'_>) -> TantivyDocument {
        let mut document = TantivyDocument::with_capacity(2 * stored.json.len());
        document.add_u64(self.uid, stored.uid);
        document.add_bytes(self.record, stored.json);
        document.add_bytes(self.provenance, stored.provenance);
        document
    }

    /// The term that finds one document.
    pub(super) fn uid_term(&self, uid: u64) -> Term {
        Term::from_field_u64(self.uid, uid)
    }

    /// The term that finds all documents that only keep a record.
    pub(super) fn superseded_term(&self) -> Term {
        Term::from_field_bool(self.superseded, true)
    }

    /// The term of the documents that only keep a record of this kind and id.
    pub(super) fn superseded_key_term(&self, kind: Kind, id: &str) -> Term {
        Term::from_field_text(self.superseded_key, &key(kind, id))
    }

    /// The JSON of the record a document keeps, and of its provenance.
    pub(super) fn stored<'a>(&self, document: &'a TantivyDocument) -> Result<(&'a [u8], &'a [u8])> {
        let bytes = |field| document.get_first(field).and_then(|value| value.as_bytes());
        let both = bytes(self.record).zip(bytes(self.provenance));
        both.ok_or_else(|| Error::new(ErrorKind::Damaged, "a document without its record"))
    }

    /// The record a document keeps.
    pub(super) fn record(&self, document: &TantivyDocument) -> Result<Record> {
        let (json, provenance) = self.stored(document)?;
        let wrong = |e: serde_json::Error| {
            Error::new(ErrorKind::Damaged, "a stored record cannot be read").caused_by(e)
        };
        let mut record: Record = serde_json::from_slice(json).map_err(wrong)?;
        let provenance: Provenance = serde_json::from_slice(provenance).map_err(wrong)?;
        record.set_provenance(provenance);
        Ok(record)
    }
}

fn add(document: &mut TantivyDocument, mapped: Mapped, value: Value<'_>) {
    match (mapped, value) {
        (Mapped::Text(field) | Mapped::Keyword(field), Value::Text(text)) => {
            document.add_text(field, text);
        }
        (Mapped::Date { first, last }, Value::Date(date)) => {
            document.add_i64(first, date.first_ordinal());
            document.add_i64(last, date.last_ordinal());
        }
        (Mapped::Number(field) | Mapped::Age(field), Value::Number(number)) => {
            document.add_u64(field, number);
        }
        (Mapped::Flag(field), Value::Flag(flag)) => document.add_bool(field, flag),
        (mapped, value) => {
            debug_assert!(
                false,
                "{mapped:?} cannot hold {value:?}: a test compares the table with the schema"
            );
        }
    }
}
