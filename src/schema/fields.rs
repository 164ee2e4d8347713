//! The fields of the index, from `index-schema/fields.toml`.

use crate::error::{Error, ErrorKind, Result};
use crate::record::Kind;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt::Write;

const FILE: &str = "fields.toml";

/// One field of the index.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What it is called in queries, facets and output.
    pub name: String,
    /// Whose it is.
    pub kind: Owner,
    /// Item of the WHO Trial Registration Data Set, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u8>,
    /// What its values are.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// The analyzer of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analyzer: Option<String>,
    /// Whether it stands in the inverted index.
    #[serde(default)]
    pub searched: bool,
    /// Whether it stands in a column: filtered by range, sorted, counted.
    #[serde(default)]
    pub fast: bool,
    /// Whether its values are counted beside the hits.
    #[serde(default)]
    pub facet: bool,
    /// Whether its value is kept as it is.
    #[serde(default)]
    pub stored: bool,
    /// Weight of a text in the area `default`; 0 for everything else.
    #[serde(default)]
    pub boost: f32,
    /// How much a long text is discounted: 0 not at all, 1 fully.
    #[serde(default)]
    pub b: f32,
    /// What it holds, in one line.
    pub doc: String,
}

impl Field {
    /// Whether it is analysed text.
    pub fn is_text(&self) -> bool {
        self.field_type == FieldType::Text
    }
}

/// Whose records have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Trials only.
    Trial,
    /// Articles only.
    Article,
    /// Both kinds.
    Both,
}

impl Owner {
    /// Whether records of that kind have the field.
    pub fn has(self, kind: Kind) -> bool {
        match self {
            Owner::Trial => kind == Kind::Trial,
            Owner::Article => kind == Kind::Article,
            Owner::Both => true,
        }
    }

    /// The word of the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Owner::Trial => "trial",
            Owner::Article => "article",
            Owner::Both => "both",
        }
    }
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Analysed text, with positions and lengths.
    Text,
    /// One or more exact values.
    Keyword,
    /// A partial date: first and last day it covers.
    Date,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// Minutes since birth.
    Age,
    /// The whole record.
    Record,
}

impl FieldType {
    /// The word of the file.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Keyword => "keyword",
            FieldType::Date => "date",
            FieldType::Number => "number",
            FieldType::Flag => "flag",
            FieldType::Age => "age",
            FieldType::Record => "record",
        }
    }
}

/// All fields, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    list: Vec<Field>,
    by_name: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    field: Vec<Field>,
}

impl Fields {
    /// Reads the file.
    ///
    /// # Errors
    /// Wrong TOML, a name given twice, or properties that contradict a field's type.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|e| wrong(e.message()))?;
        let mut by_name = HashMap::new();
        for (index, field) in file.field.iter().enumerate() {
            check(field).map_err(|e| wrong(format!("field {:?}: {e}", field.name)))?;
            if by_name.insert(field.name.clone(), index).is_some() {
                return Err(wrong(format!("field {:?} stands twice", field.name)));
            }
        }
        Ok(Fields {
            list: file.field,
            by_name,
        })
    }

    /// The field of a name.
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.by_name.get(name).and_then(|&i| self.list.get(i))
    }

    /// All fields, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.list.iter()
    }

    /// The text fields of one kind of record.
    pub fn texts(&self, kind: Kind) -> impl Iterator<Item = &Field> {
        self.list
            .iter()
            .filter(move |f| f.is_text() && f.kind.has(kind))
    }

    /// What the index depends on: everything but boosts, length normalisation and documentation.
    pub(super) fn describe(&self, out: &mut String) {
        for f in &self.list {
            let _infallible = writeln!(
                out,
                "field {} {} {} {} {} {} {} {}",
                f.name,
                f.kind.as_str(),
                f.field_type.as_str(),
                f.analyzer.as_deref().unwrap_or("-"),
                f.searched,
                f.fast,
                f.facet,
                f.stored
            );
        }
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Schema, message).at(FILE)
}

fn check(field: &Field) -> std::result::Result<(), &'static str> {
    let name_char = |c: char| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit();
    if !field.name.starts_with(|c: char| c.is_ascii_lowercase())
        || !field.name.chars().all(name_char)
    {
        return Err("a name is lower case letters, digits and _");
    }
    if field.doc.trim().is_empty() || field.doc.contains('\n') {
        return Err("doc must be one line");
    }
    if field.item.is_some_and(|item| !(1..=24).contains(&item)) {
        return Err("item must be one of 1 to 24");
    }
    if !(field.boost >= 0.0 && field.boost.is_finite()) {
        return Err("boost must not be negative");
    }
    if !(0.0..=1.0).contains(&field.b) {
        return Err("b must be from 0 to 1");
    }
    if field.facet && !field.fast {
        return Err("a facet must be fast");
    }
    match field.field_type {
        FieldType::Text if field.analyzer.is_none() => Err("a text needs an analyzer"),
        FieldType::Text if !field.searched => Err("a text must be searched"),
        FieldType::Text if field.fast => Err("a text cannot be fast"),
        FieldType::Text if field.kind == Owner::Both => {
            Err("a text belongs to trials or to articles, never to both")
        }
        FieldType::Text => Ok(()),
        _ if field.analyzer.is_some() => Err("only a text has an analyzer"),
        _ if field.boost != 0.0 || field.b != 0.0 => Err("only a text has boost and b"),
        FieldType::Record if field.searched || field.fast || !field.stored => {
            Err("a record is stored and nothing else")
        }
        FieldType::Record => Ok(()),
        _ if !field.searched && !field.fast => Err("neither searched nor fast: of no use"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(lines: &str) -> Result<Fields> {
        Fields::from_toml(&format!("[[field]]\n{lines}"))
    }

    #[test]
    fn unknown_keys_are_refused() {
        let text = "name='a'\nkind='trial'\ntype='number'\nfast=true\ndoc='d'\ncolour='red'";
        assert!(one(text).is_err());
    }

    #[test]
    fn a_text_belongs_to_one_kind_and_has_an_analyzer() {
        let text = "name='a'\nkind='both'\ntype='text'\nanalyzer='text'\nsearched=true\ndoc='d'";
        assert!(one(text).is_err());
        assert!(one(&text.replace("both", "trial")).is_ok());
        assert!(
            one(&text
                .replace("both", "trial")
                .replace("analyzer='text'\n", ""))
            .is_err()
        );
    }

    #[test]
    fn a_name_stands_once() {
        let text = "[[field]]\nname='a'\nkind='trial'\ntype='number'\nfast=true\ndoc='d'\n";
        assert!(Fields::from_toml(text).is_ok());
        assert!(Fields::from_toml(&text.repeat(2)).is_err());
    }

    #[test]
    fn only_texts_have_boosts() {
        let text = "name='a'\nkind='trial'\ntype='number'\nfast=true\nboost=1.0\ndoc='d'";
        assert!(one(text).is_err());
    }
}
