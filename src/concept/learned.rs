//! What records say their names stand for, worked out once for an index and kept with it.

use super::name::{Name, beginning};
use super::pairs::{NamePair, Origin, Sense};
use super::{ANALYZER, Known, Related, Relation, Source};
use crate::analysis::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::lines::Lines;
use crate::record::Kind;
use crate::schema::IndexSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The names records give, each with those that stand for it.
///
/// There are tens of thousands, and a query asks for a few: they are read where they are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Learned {
    /// By what is equal of all spellings of a name: its other names.
    names: Lines,
    /// By kind and short form, of those that have several senses among records of the kind: these.
    senses: Lines,
    /// Words of the longest name.
    longest: usize,
}

/// Another name of something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Called {
    /// What is equal of all its spellings.
    key: String,
    /// The kind of records that say so.
    kind: Kind,
    name: String,
    origin: Origin,
    /// How many records.
    records: u64,
}

impl Learned {
    /// Works out what counted pairs of names say. Analyses thousands of names.
    ///
    /// # Errors
    /// No analyzer for queries.
    pub(crate) fn of(schema: &Arc<IndexSchema>, pairs: &[NamePair]) -> Result<Self> {
        let analyzer = Analyzer::new(schema, ANALYZER)?;
        let mut learner = Learner::default();
        learner.add_pairs(&analyzer, pairs);
        learner.learned()
    }

    /// What [`read`](Learned::read) reads.
    pub(crate) fn written(&self) -> String {
        let (names, senses) = (self.names.as_str(), self.senses.as_str());
        format!("{}\n{}\n{names}{senses}", self.longest, names.len())
    }

    /// Reads what was written; `None` where that is not it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (longest, rest) = text.split_once('\n')?;
        let (length, rest) = rest.split_once('\n')?;
        let (names, senses) = rest.split_at_checked(length.parse().ok()?)?;
        Some(Learned {
            names: Lines::read(names),
            senses: Lines::read(senses),
            longest: longest.parse().ok()?,
        })
    }

    /// Words of the longest name.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Whether a name of several words begins with a word, given by what its forms have in common.
    pub(super) fn continues(&self, first: &str) -> bool {
        self.names.has_prefix(&beginning(first))
    }

    /// Other names of something, by what is equal of all its spellings.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] where they are not what was written.
    pub(super) fn names(&self, key: &str) -> Result<Vec<Known>> {
        let called: Vec<Called> = told(&self.names, key)?;
        Ok(called.into_iter().map(Called::known).collect())
    }

    /// What a short form stands for among records of a kind, where it has several senses.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] where they are not what was written.
    pub(super) fn senses(&self, kind: Kind, key: &str) -> Result<Vec<Sense>> {
        told(&self.senses, &of_kind(kind, key))
    }
}

fn of_kind(kind: Kind, key: &str) -> String {
    format!("{kind} {key}")
}

fn told<T: DeserializeOwned>(lines: &Lines, key: &str) -> Result<Vec<T>> {
    let Some(told) = lines.get(key) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(told).map_err(|e| {
        let message = format!("the names the index keeps for {key:?} cannot be read");
        let error = Error::new(ErrorKind::Damaged, message).caused_by(e);
        error.remedy("build the index again with `trialdex reindex --full`")
    })
}

/// What is being learned.
#[derive(Default)]
pub(super) struct Learner {
    names: BTreeMap<String, Vec<Called>>,
    pub(super) senses: BTreeMap<(Kind, String), Vec<Sense>>,
    longest: usize,
}

impl Learner {
    fn learned(self) -> Result<Learned> {
        let senses = self.senses.into_iter();
        let senses: BTreeMap<String, Vec<Sense>> = senses
            .map(|((kind, key), senses)| (of_kind(kind, &key), senses))
            .collect();
        Ok(Learned {
            names: lines(self.names)?,
            senses: lines(senses)?,
            longest: self.longest,
        })
    }

    /// Lets two names stand for each other.
    pub(super) fn add_both(
        &mut self,
        analyzer: &Analyzer,
        kind: Kind,
        (one, other): (&str, &str),
        (origin, records): (Origin, u64),
    ) {
        let read = |name| Name::read(analyzer, name);
        let (Some(one_read), Some(other_read)) = (read(one), read(other)) else {
            return;
        };
        self.longest = self
            .longest
            .max(one_read.atoms.len())
            .max(other_read.atoms.len());
        let (one_key, other_key) = (one_read.key(), other_read.key());
        if one_key == other_key {
            return;
        }
        for (typed, key, name) in [(&one_key, &other_key, other), (&other_key, &one_key, one)] {
            let known = self.names.entry(typed.clone()).or_default();
            if !known
                .iter()
                .any(|known| known.key == *key && known.kind == kind)
            {
                known.push(Called {
                    key: key.clone(),
                    kind,
                    name: name.to_owned(),
                    origin,
                    records,
                });
            }
        }
    }
}

fn lines<T: Serialize>(told: BTreeMap<String, Vec<T>>) -> Result<Lines> {
    let written = told.into_iter().map(|(key, told)| {
        let told = serde_json::to_string(&told).map_err(|e| {
            Error::new(ErrorKind::Io, format!("{key:?} cannot be written")).caused_by(e)
        })?;
        Ok((key, told))
    });
    let written = written.collect::<Result<Vec<_>>>()?;
    Ok(Lines::of(written.into_iter()))
}

impl Called {
    fn known(self) -> Known {
        let records = self.records;
        Known {
            key: self.key,
            kind: Some(self.kind),
            both_ways: true,
            related: Related {
                name: self.name,
                relation: Relation::Synonym,
                source: match self.origin {
                    Origin::Abbreviation => Source::Abbreviation { records },
                    Origin::OtherName => Source::OtherName { records },
                    Origin::Heading => Source::Heading { records },
                },
            },
        }
    }
}
