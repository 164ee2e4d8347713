//! Names → the other names of the same thing, narrower ones and broader ones.
//!
//! Comes in: what `index-schema/synonyms/` says. Goes out: a [`Dictionary`] that `query` asks for the
//! longest name at a place of what was typed. Which of the names are used, and what they count, is
//! decided there.

mod name;

pub(crate) use name::{Name, Spelling, spelling};

use crate::analysis::Analyzer;
use crate::error::Result;
use crate::schema::IndexSchema;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// The analyzer names are read with: that of queries.
const ANALYZER: &str = "text";

/// How a name stands to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Relation {
    /// It means the same.
    Synonym,
    /// It is a kind of it.
    Narrower,
    /// It is what the other is a kind of.
    Broader,
}

/// Who says that two names belong together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// A file of `index-schema/synonyms/`.
    Synonyms(String),
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Relation::Synonym => "synonym",
            Relation::Narrower => "narrower",
            Relation::Broader => "broader",
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Synonyms(file) => write!(f, "synonyms/{file}"),
        }
    }
}

/// A name that stands for another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Related {
    pub(crate) name: String,
    pub(crate) relation: Relation,
    pub(crate) source: Source,
}

/// All names that are known, each with those that stand for it.
#[derive(Debug)]
pub(crate) struct Dictionary {
    names: HashMap<String, Vec<Related>>,
    /// Words of the longest name.
    longest: usize,
}

impl Dictionary {
    /// The names the schema knows. Analyses some thousand names: make one and keep it.
    ///
    /// # Errors
    /// No analyzer for queries.
    pub(crate) fn new(schema: &Arc<IndexSchema>) -> Result<Self> {
        let analyzer = Analyzer::new(schema, ANALYZER)?;
        let mut dictionary = Dictionary {
            names: HashMap::new(),
            longest: 0,
        };
        for rule in schema.synonyms.rules() {
            let related = rule.found.iter().map(|name| Related {
                name: name.clone(),
                relation: Relation::Synonym,
                source: Source::Synonyms(rule.file.clone()),
            });
            let related: Vec<Related> = related.collect();
            for typed in &rule.typed {
                let others = related.iter().filter(|other| other.name != *typed);
                dictionary.add(&analyzer, typed, others.cloned());
            }
        }
        Ok(dictionary)
    }

    fn add(&mut self, analyzer: &Analyzer, name: &str, related: impl Iterator<Item = Related>) {
        let Some(name) = Name::read(analyzer, name) else {
            return;
        };
        self.longest = self.longest.max(name.atoms.len());
        let known = self.names.entry(name.key()).or_default();
        for other in related {
            if !known.iter().any(|known| known.name == other.name) {
                known.push(other);
            }
        }
    }

    /// Words of the longest name.
    pub(crate) fn most_words(&self) -> usize {
        self.longest
    }

    /// The longest known name at the beginning of some words, with what stands for it: how many of
    /// the words it has. `ends` tells whether a name may end behind so many of them.
    pub(crate) fn longest(
        &self,
        words: &[Spelling],
        ends: impl Fn(usize) -> bool,
    ) -> Option<(usize, &[Related])> {
        let most = self.longest.min(words.len());
        (1..=most)
            .rev()
            .filter(|count| ends(*count))
            .find_map(|count| {
                let words = words.get(..count)?;
                let known = self.names.get(&name::key_of(words));
                let known = known.or_else(|| match words {
                    [only] => self.names.get(&only.term),
                    _ => None,
                });
                known.map(|related| (count, related.as_slice()))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    fn schema() -> Arc<IndexSchema> {
        Arc::new(IndexSchema::shipped().unwrap())
    }

    #[test]
    fn shipped_names_have_words_and_stand_in_one_group_however_they_are_inflected() {
        let schema = schema();
        let analyzer = Analyzer::new(&schema, ANALYZER).unwrap();
        let mut groups: HashMap<String, &str> = HashMap::new();
        let mut wrong = Vec::new();
        for rule in schema.synonyms.rules() {
            let mut own = HashSet::new();
            for name in rule.typed.iter().chain(&rule.found) {
                if Name::read(&analyzer, name).is_none() {
                    wrong.push(format!(
                        "{}:{}: {name:?} has no words",
                        rule.file, rule.line
                    ));
                }
            }
            for name in rule.typed.iter().filter(|_| rule.both_ways) {
                let key = Name::read(&analyzer, name).map(|name| name.key());
                let Some(key) = key else { continue };
                if !own.insert(key.clone()) {
                    wrong.push(format!(
                        "{}:{}: {name:?} is another spelling",
                        rule.file, rule.line
                    ));
                } else if let Some(other) = groups.insert(key, name) {
                    wrong.push(format!(
                        "{}:{}: {name:?} is {other:?}",
                        rule.file, rule.line
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn the_longest_name_is_found_in_any_form() {
        let schema = schema();
        let analyzer = Analyzer::new(&schema, ANALYZER).unwrap();
        let dictionary = Dictionary::new(&schema).unwrap();
        let find = |text: &str| {
            let words = name::spellings(&analyzer, text);
            let (count, related) = dictionary.longest(&words, |_| true)?;
            let names: Vec<&str> = related.iter().map(|r| r.name.as_str()).collect();
            Some((count, names.join("; ")))
        };
        let (count, names) = find("heart attacks and strokes").unwrap();
        assert_eq!(
            (count, names.as_str()),
            (2, "myocardial infarction; cardiac infarction")
        );
        assert_eq!(find("hearts").unwrap(), (1, "cardiac".to_owned()));
        assert!(find("als").unwrap().1.starts_with("amyotrophic"));
        // A short form is not another word's stem.
        assert!(find("al").is_none());
        assert!(find("سرطان پستان").unwrap().1.starts_with("breast cancer"));
    }
}
