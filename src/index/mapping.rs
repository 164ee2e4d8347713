//! The fields of `fields.toml` as fields of a tantivy index.

use super::extract::Extractor;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use crate::schema::fields::{Field as SchemaField, FieldType};
use crate::schema::identifiers::Identifiers;
use std::collections::HashMap;
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};

/// Tokenizer of exact values.
const RAW: &str = "raw";

/// What a field of the schema became in tantivy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mapped {
    /// Terms with positions and lengths.
    Text(Field),
    /// Exact terms, a column of strings, or both.
    Keyword(Field),
    /// Two columns: first and last day, as days since 1970-01-01.
    Date { first: Field, last: Field },
    /// A column of whole numbers.
    Number(Field),
    /// A column of yes and no, and terms of it where searched.
    Flag(Field),
    /// A column of minutes since birth.
    Age(Field),
    /// The record's JSON.
    Record(Field),
}

/// All fields of the index.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) schema: Schema,
    by_name: HashMap<String, Mapped>,
    /// What fills a document, in the order of `fields.toml`.
    pub(super) filled: Vec<(Mapped, &'static Extractor)>,
    /// What recognises the numbers a document is found by.
    pub(super) identifiers: Identifiers,
    /// Number of the document in the ledger.
    pub(super) uid: Field,
    /// The record as JSON, without its provenance.
    pub(super) record: Field,
    /// The record's provenance as JSON.
    pub(super) provenance: Field,
    /// Marks a document that only keeps a record for a later run.
    pub(super) superseded: Field,
    /// Kind and id of a document that only keeps its record.
    pub(super) superseded_key: Field,
}

impl Mapping {
    /// Maps every field of a schema.
    ///
    /// # Errors
    /// A field no code fills, or of another type or kind than the code fills it with.
    pub(crate) fn new(schema: &IndexSchema) -> Result<Self> {
        let mut builder = Schema::builder();
        let mut by_name = HashMap::new();
        let mut filled = Vec::new();
        let mut record = None;
        for field in schema.fields.iter() {
            let mapped = add(&mut builder, field);
            by_name.insert(field.name.clone(), mapped);
            match mapped {
                Mapped::Record(stored) => record = Some(stored),
                _ => filled.push((mapped, extractor(field)?)),
            }
        }
        let record = record.ok_or_else(|| wrong("no field of type record".to_owned()))?;
        // Names with a leading underscore cannot stand in fields.toml.
        let uid = builder.add_u64_field("_uid", INDEXED);
        let provenance = builder.add_bytes_field("_provenance", STORED);
        let superseded = builder.add_bool_field("_superseded", INDEXED);
        let superseded_key = builder.add_text_field("_superseded_key", STRING);
        Ok(Mapping {
            schema: builder.build(),
            by_name,
            filled,
            identifiers: schema.identifiers.clone(),
            uid,
            record,
            provenance,
            superseded,
            superseded_key,
        })
    }

    /// What the field of a name became.
    pub(crate) fn get(&self, name: &str) -> Option<Mapped> {
        self.by_name.get(name).copied()
    }

    /// The text field of a name.
    pub(crate) fn text(&self, name: &str) -> Option<Field> {
        match self.get(name)? {
            Mapped::Text(field) => Some(field),
            _ => None,
        }
    }

    /// The keyword field of a name.
    pub(crate) fn keyword(&self, name: &str) -> Option<Field> {
        match self.get(name)? {
            Mapped::Keyword(field) => Some(field),
            _ => None,
        }
    }

    /// Names and fields of all texts, in the order of `fields.toml`.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, Field)> {
        self.filled
            .iter()
            .filter_map(|(mapped, extractor)| match mapped {
                Mapped::Text(field) => Some((extractor.name, *field)),
                _ => None,
            })
    }
}

/// Name of the column that holds a date's first or last day.
pub(crate) fn day_column(date: &str, last: bool) -> String {
    format!("{date}.{}", if last { "last" } else { "first" })
}

fn extractor(field: &SchemaField) -> Result<&'static Extractor> {
    let extractor = Extractor::get(&field.name)
        .ok_or_else(|| wrong(format!("nothing fills a field {:?}", field.name)))?;
    if extractor.field_type != field.field_type || extractor.owner() != field.kind {
        let message = format!(
            "field {:?} is a {} of {}",
            field.name,
            extractor.field_type.as_str(),
            extractor.owner().as_str()
        );
        return Err(wrong(message));
    }
    Ok(extractor)
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Schema, message).at("fields.toml")
}

fn add(builder: &mut SchemaBuilder, field: &SchemaField) -> Mapped {
    let name = field.name.as_str();
    match field.field_type {
        FieldType::Text => Mapped::Text(builder.add_text_field(name, text(field))),
        FieldType::Keyword => Mapped::Keyword(builder.add_text_field(name, keyword(field))),
        FieldType::Date => {
            let options = || NumericOptions::default().set_fast();
            Mapped::Date {
                first: builder.add_i64_field(&day_column(name, false), options()),
                last: builder.add_i64_field(&day_column(name, true), options()),
            }
        }
        FieldType::Number => Mapped::Number(builder.add_u64_field(name, number(field))),
        FieldType::Flag => Mapped::Flag(builder.add_bool_field(name, number(field))),
        FieldType::Age => Mapped::Age(builder.add_u64_field(name, number(field))),
        FieldType::Record => Mapped::Record(builder.add_bytes_field(name, STORED)),
    }
}

fn text(field: &SchemaField) -> TextOptions {
    // Analyzers are registered under their own names; the schema has checked that there is one.
    let analyzer = field.analyzer.as_deref().unwrap_or(RAW);
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(analyzer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(true),
    )
}

fn keyword(field: &SchemaField) -> TextOptions {
    let mut options = TextOptions::default();
    if field.searched {
        options = options.set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(RAW)
                .set_index_option(IndexRecordOption::Basic)
                .set_fieldnorms(false),
        );
    }
    if field.fast {
        options = options.set_fast(RAW);
    }
    options
}

fn number(field: &SchemaField) -> NumericOptions {
    let mut options = NumericOptions::default();
    if field.searched {
        options = options.set_indexed();
    }
    if field.fast {
        options = options.set_fast();
    }
    options
}
