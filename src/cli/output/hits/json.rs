//! Hits for programs: JSON Lines, and the same objects in one. `docs/output.md` says what the keys mean.

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
    pub(crate) fn with(self, key: &'a str, value: Value) -> Self {
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
