//! Hits for programs: JSON Lines, and the same objects in one.
//!
//! # Version 1
//! Every object has `"version": 1` and says in `"object"` what it is. A key of a hit that has no value
//! is absent. Keys may be added within a version; none is removed or given another meaning.
//!
//! | object | keys |
//! |---|---|
//! | `hit` | `rank score id kind title registry status phase study_type conditions interventions countries sample_size registration_date date tags cited_trials url matched snippet unverified explanation`, or those `--fields` names |
//! | `facet` | `facet`, `values` (each `value` and `count`), `more` values not told, hits with the value `missing` |
//! | `query` | of `--batch`: `line`, `query`, `total` |
//! | `results` | of the format `json`: `query total next nothing_found hits facets` |
//! | `error` | of `--batch`: `line`, `message` |
//!
//! `snippet` is a passage: the `field` and which of its values (`value`, from 0) it is of, the `text`,
//! `highlights` (each `start` and `end`), the `offset` of the text in that value, and whether the
//! value goes on before and after (`cut`). All of these count bytes of UTF-8 from 0; `start`, `end`
//! within `text`.
//! `unverified` lists filters of sex and age the record passed because it does not say.

use super::columns::{self, Column};
use crate::cli::ui;
use anyhow::Result;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use trialdex::results::{Facet, Hit};

/// The version of all objects.
pub(crate) const VERSION: u64 = 1;

/// An object whose keys keep their order.
pub(crate) struct Object<'a>(Vec<(&'a str, Value)>);

impl<'a> Object<'a> {
    /// An object of a kind, of a line of a batch if there is one.
    pub(crate) fn new(object: &'a str, line: Option<u64>) -> Self {
        let mut keys = vec![("version", json!(VERSION)), ("object", json!(object))];
        keys.extend(line.map(|line| ("line", json!(line))));
        Object(keys)
    }

    /// Adds a key, unless it has nothing to tell.
    pub(crate) fn with(mut self, key: &'a str, value: Value) -> Self {
        match columns::is_given(&value) {
            true => self.always(key, value),
            false => self,
        }
    }

    /// Adds a key, be it empty.
    pub(crate) fn always(mut self, key: &'a str, value: Value) -> Self {
        self.0.push((key, value));
        self
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Object<'_> {
    /// The object in one line.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(ui::json_for_terminal(serde_json::to_string(self)?))
    }
}

pub(crate) fn hit(hit: &Hit, columns: &[Column], line: Option<u64>) -> Result<String> {
    let mut object = Object::new("hit", line);
    for (column, value) in columns.iter().zip(columns::values(hit, columns)?) {
        object = object.with(&column.name, value);
    }
    object.text()
}

pub(crate) fn facet(facet: &Facet, line: Option<u64>) -> Result<String> {
    let values = serde_json::to_value(&facet.values)?;
    let object = Object::new("facet", line)
        .with("facet", json!(facet.facet))
        .always("values", values)
        .with("more", json!(facet.more))
        .with("missing", json!(facet.missing));
    object.text()
}
