//! The block of keys and values in front of an article.

use crate::source::Reason;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// What stands in front of an article, and where its text begins.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) front_matter: FrontMatter,
    pub(super) body: &'a str,
}

/// Keys, folded to lower case letters and digits, with their values, in the order of the page.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    entries: Vec<(String, Value)>,
}

/// A value of YAML or TOML; whatever is not a list or a table is its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
}

/// Whether a text begins with a closed block of keys and values.
pub(super) fn is_at_beginning_of(text: &str) -> bool {
    split(text).is_some_and(|block| {
        block.text.lines().any(|line| {
            let key = line.split([':', '=']).next().unwrap_or("").trim();
            !key.is_empty() && key.len() < line.trim().len() && !key.contains("  ")
        })
    })
}

impl<'a> Page<'a> {
    /// Reads the front matter of a page, if it has one.
    pub(super) fn parse(text: &'a str) -> Result<Page<'a>, Reason> {
        let text = text.trim_start_matches('\u{FEFF}');
        let whole = Page {
            front_matter: FrontMatter::default(),
            body: text,
        };
        let Some(block) = split(text) else {
            return Ok(whole);
        };
        let value = match block.language {
            Language::Yaml => yaml(block.text)?,
            Language::Toml => toml_value(block.text)?,
        };
        match value {
            Value::Table(entries) => Ok(Page {
                front_matter: FrontMatter { entries },
                body: block.rest,
            }),
            Value::Nothing => Ok(Page {
                body: block.rest,
                ..whole
            }),
            // A rule, some text and another rule.
            Value::Text(_) | Value::List(_) => Ok(whole),
        }
    }
}

impl FrontMatter {
    /// The value of the first of these keys that has one.
    pub(super) fn value(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().find_map(|key| {
            let entries = self.entries.iter().filter(|(name, _)| name == key);
            entries
                .map(|(_, value)| value)
                .rfind(|value| !value.is_empty())
        })
    }

    /// The text of the first of these keys that has one.
    pub(super) fn text(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.value(&[key])?.as_text())
    }
}

impl Value {
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Value::Nothing => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(list) => list.iter().all(Value::is_empty),
            Value::Table(table) => table.is_empty(),
        }
    }

    /// The texts of a value: of a list each, of a table those of the given keys, else of all.
    pub(super) fn texts(&self, keys: &[&str]) -> Vec<&str> {
        match self {
            Value::Nothing => Vec::new(),
            Value::Text(_) => self.as_text().into_iter().collect(),
            Value::List(list) => list.iter().flat_map(|value| value.texts(keys)).collect(),
            Value::Table(table) => table
                .iter()
                .filter(|(key, _)| keys.is_empty() || keys.contains(&key.as_str()))
                .flat_map(|(_, value)| value.texts(keys))
                .collect(),
        }
    }
}

#[derive(Clone, Copy)]
enum Language {
    Yaml,
    Toml,
}

struct Block<'a> {
    language: Language,
    text: &'a str,
    rest: &'a str,
}

/// Cuts a page into its front matter and its text; the block must be closed.
fn split(text: &str) -> Option<Block<'_>> {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let (language, fence) = match text.get(..3)? {
        "---" => (Language::Yaml, "---"),
        "+++" => (Language::Toml, "+++"),
        _ => return None,
    };
    let (first, inner) = text.split_once('\n')?;
    if first.trim_end() != fence {
        return None;
    }
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        let closes = line.trim_end();
        if closes == fence || (closes == "..." && fence == "---") {
            return Some(Block {
                language,
                text: inner.get(..at)?,
                rest: inner.get(at + line.len()..)?,
            });
        }
        at += line.len();
    }
    None
}

fn yaml(text: &str) -> Result<Value, Reason> {
    if text.trim().is_empty() {
        return Ok(Value::Nothing);
    }
    let options = serde_saphyr::options! {
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        // The fence is the first line of the page.
        let line = error.location().map(|place| place.line() + 1);
        wrong("YAML", line, &error.to_string())
    })
}

fn toml_value(text: &str) -> Result<Value, Reason> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map(|before| before.matches('\n').count() as u64 + 2);
        wrong("TOML", line, error.message())
    })
}

fn wrong(language: &str, line: Option<u64>, message: &str) -> Reason {
    let message = message.lines().next().unwrap_or("").trim();
    let place = line.map_or_else(String::new, |line| format!(", line {line}"));
    Reason::new(format!("front matter is not {language}{place}: {message}"))
}

/// `Last-Modified`, `lastModified` and `last_modified` are one key.
fn fold_key(key: &str) -> String {
    key.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The key toml writes a date as.
const TOML_DATE: &str = "$__toml_private_datetime";

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Value>()? {
            let value = map.next_value()?;
            let Some(key) = key.as_text() else { continue };
            if key == TOML_DATE {
                return Ok(value);
            }
            entries.push((fold_key(key), value));
        }
        Ok(Value::Table(entries))
    }
}
