//! Names → the other names of the same thing, narrower ones and broader ones.
//!
//! Comes in: what `index-schema/synonyms/` says, and a vocabulary a user brings. Goes out: a dictionary that `query` asks for the
//! longest name at a place of what was typed. Which of the names are used, and what they count, is
//! decided there.

mod abbreviation;
mod learned;
mod name;
mod pairs;
mod tree;
mod vocabulary;

pub use abbreviation::{Definition, definitions};
pub(crate) use learned::Learned;
pub(crate) use name::{Name, Spelling, spelling};

pub(crate) use pairs::{NamePair, Origin, Sense};
pub use vocabulary::Vocabulary;

use crate::analysis::Analyzer;
use crate::error::Result;
use crate::record::Kind;
use crate::schema::IndexSchema;
use name::Beginnings;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use tree::Tree;

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
///
/// Written in words, in text and in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A file of `index-schema/synonyms/`.
    Synonyms(String),
    /// The vocabulary a user gave the index.
    Vocabulary,
    /// Texts of so many records define a short form.
    Abbreviation {
        /// How many records.
        records: u64,
    },
    /// Texts of so many records define a short form of several senses so, of which the other words
    /// of the query decided.
    Company {
        /// How many records.
        records: u64,
    },
    /// So many trials give an intervention another name.
    OtherName {
        /// How many records.
        records: u64,
    },
    /// So many trials of a condition have a heading of the Medical Subject Headings for it.
    Heading {
        /// How many records.
        records: u64,
    },
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
            Source::Vocabulary => f.write_str("vocabulary"),
            Source::Abbreviation { records } => write!(f, "defined by {records} records"),
            Source::Company { records } => {
                write!(
                    f,
                    "by the company it keeps, of {records} records that define it"
                )
            }
            Source::OtherName { records } => write!(f, "other name in {records} records"),
            Source::Heading { records } => write!(f, "heading of {records} records"),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A name that stands for another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Related {
    pub(crate) name: String,
    pub(crate) relation: Relation,
    pub(crate) source: Source,
}

/// A name that stands for another one, with what is equal of all its spellings.
#[derive(Clone, Debug)]
struct Known {
    key: String,
    /// The kind of records that say so; `None` where nobody but the schema or the user does.
    kind: Option<Kind>,
    /// Whether they stand for each other.
    both_ways: bool,
    related: Related,
}

impl Known {
    /// Whether it holds for records of a kind: what one kind says is nothing to the other, or the
    /// number of articles would change the ranking of trials.
    fn holds_for(&self, kind: Option<Kind>) -> bool {
        self.kind.is_none() || self.kind == kind
    }
}

/// All names that are known, each with those that stand for it.
#[derive(Debug)]
pub(crate) struct Dictionary {
    /// What the schema says.
    names: HashMap<String, Vec<Known>>,
    /// What records say.
    learned: Learned,
    tree: Tree,
    /// How the names of the schema and of the tree begin.
    beginnings: Beginnings,
}

impl Dictionary {
    /// The names the schema, a vocabulary and records know. Analyses thousands of names: make one and keep it.
    ///
    /// # Errors
    /// No analyzer for queries.
    pub(crate) fn new(
        schema: &Arc<IndexSchema>,
        vocabulary: Option<&Vocabulary>,
        learned: Learned,
    ) -> Result<Self> {
        let analyzer = Analyzer::new(schema, ANALYZER)?;
        let mut beginnings = Beginnings::default();
        let tree = vocabulary.map(|known| Tree::new(&analyzer, known, &mut beginnings));
        let mut dictionary = Dictionary {
            names: HashMap::new(),
            learned,
            tree: tree.unwrap_or_default(),
            beginnings,
        };
        for rule in schema.synonyms.rules() {
            let found = rule.found.iter().filter_map(|name| {
                Some(Known {
                    key: Name::read(&analyzer, name)?.key(),
                    kind: None,
                    both_ways: rule.both_ways,
                    related: Related {
                        name: name.clone(),
                        relation: Relation::Synonym,
                        source: Source::Synonyms(rule.file.clone()),
                    },
                })
            });
            let found: Vec<Known> = found.collect();
            for typed in &rule.typed {
                dictionary.add(&analyzer, typed, &found);
            }
        }
        Ok(dictionary)
    }

    fn add(&mut self, analyzer: &Analyzer, name: &str, found: &[Known]) {
        let Some(name) = Name::read(analyzer, name) else {
            return;
        };
        self.beginnings.add(&name);
        let key = name.key();
        let known = self.names.entry(key.clone()).or_default();
        add_new(known, &key, found.iter().cloned());
    }

    /// What a short form stands for among records of a kind, where it has several senses.
    ///
    /// # Errors
    /// What the index keeps of names cannot be read.
    pub(crate) fn senses(&self, kind: Kind, short: &Spelling) -> Result<Vec<Sense>> {
        self.learned.senses(kind, &short.term)
    }

    /// What stands for a name among records of a kind.
    fn known(&self, key: &str, kind: Kind) -> Result<Vec<Known>> {
        let mut known = self.names.get(key).cloned().unwrap_or_default();
        add_new(&mut known, key, self.learned.names(key)?.into_iter());
        known.retain(|other| other.holds_for(Some(kind)));
        Ok(known)
    }

    /// Words of the longest name.
    pub(crate) fn most_words(&self) -> usize {
        self.beginnings.longest.max(self.learned.longest())
    }

    /// Whether a name of several words begins with a word.
    fn continues(&self, first: &Spelling) -> bool {
        self.beginnings.continues(&first.stem) || self.learned.continues(&first.stem)
    }

    /// The longest name known for records of a kind at the beginning of some words, with what stands
    /// for it: how many of the words it has. `ends` tells whether a name may end behind so many of them.
    ///
    /// # Errors
    /// What the index keeps of names cannot be read.
    pub(crate) fn longest(
        &self,
        kind: Kind,
        words: &[Spelling],
        ends: impl Fn(usize) -> bool,
    ) -> Result<Option<(usize, Vec<Related>)>> {
        let most = match words {
            [] => 0,
            // Most words begin no name but their own.
            [first, ..] if !self.continues(first) => 1,
            words => self.most_words().min(words.len()),
        };
        for count in (1..=most).rev().filter(|count| ends(*count)) {
            let words = words.get(..count).unwrap_or_default();
            if let Some(related) = self.related(kind, words)? {
                return Ok(Some((count, related)));
            }
        }
        Ok(None)
    }

    /// What stands for some words as a name; `None` where they are none.
    fn related(&self, kind: Kind, words: &[Spelling]) -> Result<Option<Vec<Related>>> {
        let mut keys = vec![name::key_of(words)];
        // A short form is known by itself, not by its stem.
        keys.extend(match words {
            [only] => Some(only.term.clone()),
            _ => None,
        });
        let mut known = Vec::new();
        for key in &keys {
            if known.is_empty() {
                known = self.known(key, kind)?;
            }
        }
        if known.is_empty() && !keys.iter().any(|key| self.tree.knows(key)) {
            return Ok(None);
        }
        let same = known.iter().filter(|other| other.both_ways);
        keys.extend(same.map(|other| other.key.clone()));
        let mut related: Vec<Related> = known.into_iter().map(|k| k.related).collect();
        related.extend(self.tree.related(&keys));
        Ok(Some(related))
    }
}

/// Adds what is not known yet of a name.
fn add_new(known: &mut Vec<Known>, key: &str, found: impl Iterator<Item = Known>) {
    for other in found.filter(|other| other.key != key) {
        let same = |known: &Known| known.key == other.key && known.holds_for(other.kind);
        if !known.iter().any(same) {
            known.push(other);
        }
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
        let dictionary = Dictionary::new(&schema, None, Learned::default()).unwrap();
        let find = |text: &str| {
            let words = name::spellings(&analyzer, text);
            let found = dictionary.longest(Kind::Trial, &words, |_| true);
            let (count, related) = found.unwrap()?;
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
