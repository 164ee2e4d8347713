//! What can be told of a hit, column by column.

use anyhow::{Result, anyhow};
use serde::de::{Deserializer, Error as _, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use trialdex::record::{Article, Record, Trial};
use trialdex::results::Hit;

/// One column of the output.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    value: Source,
}

/// Tells the value of a column.
type Tell = fn(&Hit) -> Value;

#[derive(Clone, Copy, Debug)]
enum Source {
    /// What the hit says.
    Hit(Tell),
    /// What the record has under the column's name.
    Record,
}

/// The columns of objects, where none are named.
const OBJECT: &[&str] = &[
    "rank",
    "score",
    "id",
    "kind",
    "title",
    "registry",
    "status",
    "phase",
    "study_type",
    "conditions",
    "interventions",
    "countries",
    "sample_size",
    "registration_date",
    "date",
    "tags",
    "cited_trials",
    "url",
    "matched",
    "other_names",
    "snippet",
    "unverified",
    "also_in",
    "differing",
    "articles",
    "explanation",
];

/// The columns of tables, where none are named.
const TABLE: &[&str] = &[
    "rank",
    "id",
    "kind",
    "title",
    "status",
    "phase",
    "study_type",
    "conditions",
    "interventions",
    "countries",
    "sample_size",
    "date",
    "url",
    "score",
];

/// Columns that are not simply what the record has under their name.
const OWN: &[(&str, Tell)] = &[
    ("rank", |hit| json!(hit.rank)),
    ("score", |hit| json!(hit.score)),
    ("id", |hit| json!(hit.record.id())),
    ("kind", |hit| json!(hit.record.kind())),
    ("title", |hit| json!(hit.record.title())),
    ("matched", |hit| json!(hit.matched)),
    ("other_names", |hit| json!(hit.other_names)),
    ("snippet", |hit| json!(hit.snippet)),
    ("unverified", |hit| {
        let filters = hit.unverified.iter().map(ToString::to_string);
        filters.collect::<Vec<_>>().into()
    }),
    ("also_in", |hit| json!(hit.also_in)),
    ("differing", |hit| json!(hit.differing)),
    ("articles", |hit| json!(hit.articles)),
    ("explanation", |hit| json!(hit.explanation)),
    ("registry", |hit| {
        of_trial(hit, |trial| json!(trial.registry))
    }),
    ("status", |hit| {
        of_trial(hit, |trial| json!(trial.recruitment_status))
    }),
    ("phase", |hit| of_trial(hit, |trial| json!(trial.phase))),
    ("study_type", |hit| {
        of_trial(hit, |trial| json!(trial.study_type))
    }),
    ("conditions", |hit| {
        of_trial(hit, |trial| {
            let texts = trial.conditions.iter().map(|c| c.text.as_str());
            texts.collect::<Vec<_>>().into()
        })
    }),
    ("interventions", |hit| {
        of_trial(hit, |trial| interventions(trial).into())
    }),
    ("countries", |hit| {
        of_trial(hit, |trial| json!(trial.countries))
    }),
    ("sample_size", |hit| {
        of_trial(hit, |trial| json!(trial.sample_size))
    }),
    ("date", |hit| json!(date(&hit.record))),
    ("url", |hit| match &hit.record {
        Record::Trial(trial) => json!(trial.url),
        Record::Article(article) => json!(article.url),
    }),
];

/// The columns of objects.
pub(crate) fn of_objects() -> Vec<Column> {
    OBJECT.iter().map(|&name| Column::known(name)).collect()
}

/// The columns of tables.
pub(crate) fn of_tables() -> Vec<Column> {
    TABLE.iter().map(|&name| Column::known(name)).collect()
}

/// The names of all columns: those of hits, then those only records have.
fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = OWN.iter().map(|&(name, _)| name).collect();
    for name in keys::<Trial>().iter().chain(keys::<Article>()) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}

impl Column {
    fn known(name: &str) -> Column {
        let own = OWN.iter().find(|&&(own, _)| own == name);
        Column {
            name: name.to_owned(),
            value: own.map_or(Source::Record, |&(_, value)| Source::Hit(value)),
        }
    }

    /// Whether values are parts of the record as it is stored.
    fn is_of_record(&self) -> bool {
        matches!(self.value, Source::Record)
    }
}

impl FromStr for Column {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Column> {
        if names().contains(&name) {
            return Ok(Column::known(name));
        }
        Err(anyhow!(
            "no column is called {name:?}; there are {}",
            names().join(", ")
        ))
    }
}

/// The values of some columns; an absent one is null.
pub(crate) fn values(hit: &Hit, columns: &[Column]) -> Result<Vec<Value>> {
    let record = match columns.iter().any(Column::is_of_record) {
        true => serde_json::to_value(&hit.record)?,
        false => Value::Null,
    };
    let value = |column: &Column| match column.value {
        Source::Hit(value) => value(hit),
        Source::Record => record.get(&column.name).cloned().unwrap_or_default(),
    };
    Ok(columns.iter().map(value).collect())
}

/// Whether there is something to tell.
pub(crate) fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

/// A value in one line: members of a list with a bar between them, of an object that has a text only the text.
pub(crate) fn in_a_line(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Array(list) => list.iter().map(in_a_line).collect::<Vec<_>>().join("|"),
        Value::Object(object) => match object.get("text") {
            Some(text) => in_a_line(text),
            None => value.to_string(),
        },
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// The date that says how old a record is: of a trial registered, else started.
pub(crate) fn date(record: &Record) -> Option<String> {
    let date = match record {
        Record::Trial(trial) => trial.registration_date.or(trial.first_enrollment_date),
        Record::Article(article) => article.date,
    };
    date.map(|date| date.to_string())
}

/// Interventions by name, without one by description.
pub(crate) fn interventions(trial: &Trial) -> Vec<&str> {
    let shown = trial.interventions.iter().filter_map(|intervention| {
        let name = intervention.name.as_deref();
        name.or(intervention.description.as_deref())
    });
    shown.collect()
}

fn of_trial(hit: &Hit, value: impl Fn(&Trial) -> Value) -> Value {
    match &hit.record {
        Record::Trial(trial) => value(trial),
        Record::Article(_) => Value::Null,
    }
}

/// The keys of a type as JSON, as its `Deserialize` names them.
fn keys<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut keys: &[&str] = &[];
    // It ends with an error on purpose: only the names are wanted.
    let _ = T::deserialize(KeysOnly(&mut keys));
    keys
}

struct KeysOnly<'k>(&'k mut &'static [&'static str]);

impl<'de> Deserializer<'de> for KeysOnly<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(Self::Error::custom("only the names are wanted"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("not a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_record_is_a_column() {
        for name in ["id", "brief_summary", "study_design", "tags", "text"] {
            assert_eq!(name.parse::<Column>().unwrap().name, name);
        }
        assert!("colour".parse::<Column>().is_err());
    }

    #[test]
    fn lists_and_objects_fit_in_a_line() {
        let value = json!(["a\nb", {"text": "c", "more": 1}, 3, null]);
        assert_eq!(in_a_line(&value), "a b|c|3|");
    }
}
