//! Meaning as data: the files of `index-schema/`, read, checked and typed.
//!
//! They are compiled in; a folder given at run time replaces any of them by name.

pub mod analyzers;
pub mod countries;
pub mod fields;
pub mod identifiers;
pub mod inflections;
pub mod ranking;
pub mod vocabulary;

use crate::error::{Error, ErrorKind, Result};
use analyzers::{Analyzers, Stopwords};
use countries::Countries;
use fields::Fields;
use identifiers::Identifiers;
use inflections::Inflections;
use ranking::Ranking;
use std::path::Path;
use std::sync::LazyLock;
use vocabulary::Vocabularies;
use xxhash_rust::xxh3::xxh3_64;

/// Counts up whenever code changes which terms a text has in the index.
const ANALYSIS_VERSION: u32 = 2;

/// Everything `index-schema/` says.
#[derive(Clone, Debug)]
pub struct IndexSchema {
    /// Wordings of the closed vocabularies.
    pub vocabularies: Vocabularies,
    /// Names of countries.
    pub countries: Countries,
    /// Numbers of trials and publications.
    pub identifiers: Identifiers,
    /// Fields of the index.
    pub fields: Fields,
    /// What each analyzer does.
    pub analyzers: Analyzers,
    /// Words that carry nothing of their own.
    pub stopwords: Stopwords,
    /// Forms of words a general stemmer does not bring together.
    pub inflections: Inflections,
    /// How hits are ranked.
    pub ranking: Ranking,
    fingerprint: String,
    wordings: String,
}

impl IndexSchema {
    /// The schema compiled into the library. Reads some hundred KiB of TOML: make one and share it.
    ///
    /// # Errors
    /// None in a released library: a test validates every shipped file.
    pub fn shipped() -> Result<Self> {
        Self::from_files(|_| Ok(None))
    }

    /// The schema compiled into the library, read once and shared.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<IndexSchema> =
            LazyLock::new(|| IndexSchema::shipped().expect("a test validates every shipped file"));
        &SHARED
    }

    /// The shipped schema with the files of a folder in place of those of the same name.
    ///
    /// # Errors
    /// A file that cannot be read or is wrong.
    pub fn load(folder: &Path) -> Result<Self> {
        Self::from_files(|name| {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::io(path, e)),
            }
        })
    }

    /// A short name for everything an index on disk depends on: when it changes, the index must be rebuilt.
    ///
    /// Boosts, areas, penalties and wordings of vocabularies act elsewhere and do not change it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// A short name for everything the reading of a file depends on beside the file: when it changes, files must be read again.
    pub(crate) fn wordings(&self) -> &str {
        &self.wordings
    }

    fn from_files(mut read: impl FnMut(&str) -> Result<Option<String>>) -> Result<Self> {
        let vocabularies = Vocabularies::load(|name| read(&format!("vocabulary/{name}")))?;
        let mut text = |name: &str, shipped: &str| -> Result<String> {
            Ok(read(name)?.unwrap_or_else(|| shipped.to_owned()))
        };
        let countries = text(
            "vocabulary/countries.toml",
            include_str!("../../index-schema/vocabulary/countries.toml"),
        )?;
        let identifiers = text(
            "identifiers.toml",
            include_str!("../../index-schema/identifiers.toml"),
        )?;
        let fields = text(
            "fields.toml",
            include_str!("../../index-schema/fields.toml"),
        )?;
        let analyzers = text(
            "analyzers.toml",
            include_str!("../../index-schema/analyzers.toml"),
        )?;
        let stopwords = text(
            "stopwords.txt",
            include_str!("../../index-schema/stopwords.txt"),
        )?;
        let inflections = text(
            "inflections.toml",
            include_str!("../../index-schema/inflections.toml"),
        )?;
        let ranking = text(
            "ranking.toml",
            include_str!("../../index-schema/ranking.toml"),
        )?;

        let mut wordings = vocabularies.digest().to_le_bytes().to_vec();
        wordings.extend_from_slice(countries.as_bytes());
        wordings.extend_from_slice(identifiers.as_bytes());
        let wordings = format!("{} {:016x}", env!("CARGO_PKG_VERSION"), xxh3_64(&wordings));
        let fields = Fields::from_toml(&fields)?;
        let analyzers = Analyzers::from_toml(&analyzers)?;
        check_analyzers(&fields, &analyzers)?;
        let mut schema = IndexSchema {
            vocabularies,
            countries: Countries::from_toml(&countries)?,
            identifiers: Identifiers::from_toml(&identifiers)?,
            ranking: Ranking::from_toml(&ranking, &fields)?,
            stopwords: Stopwords::from_text(&stopwords)?,
            inflections: Inflections::from_toml(&inflections)?,
            fields,
            analyzers,
            fingerprint: String::new(),
            wordings,
        };
        schema.fingerprint = schema.compute_fingerprint();
        Ok(schema)
    }

    fn compute_fingerprint(&self) -> String {
        let mut all = format!("version {ANALYSIS_VERSION}\n");
        self.fields.describe(&mut all);
        self.analyzers.describe(&mut all);
        self.identifiers.describe(&mut all);
        self.inflections.describe(&mut all);
        for word in self.stopwords.iter() {
            all.push_str(word);
            all.push('\n');
        }
        format!("{:016x}", xxh3_64(all.as_bytes()))
    }
}

fn check_analyzers(fields: &Fields, analyzers: &Analyzers) -> Result<()> {
    for field in fields.iter() {
        if let Some(name) = &field.analyzer
            && analyzers.get(name).is_none()
        {
            let message = format!("field {:?}: no analyzer {name:?}", field.name);
            return Err(Error::new(ErrorKind::Schema, message).at("fields.toml"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, from: &str, to: &str) -> Result<IndexSchema> {
        let shipped = match name {
            "fields.toml" => include_str!("../../index-schema/fields.toml"),
            "analyzers.toml" => include_str!("../../index-schema/analyzers.toml"),
            "stopwords.txt" => include_str!("../../index-schema/stopwords.txt"),
            _ => include_str!("../../index-schema/ranking.toml"),
        };
        assert!(shipped.contains(from), "{from} is not in {name}");
        IndexSchema::from_files(|n| Ok((n == name).then(|| shipped.replacen(from, to, 1))))
    }

    #[test]
    fn every_shipped_file_is_valid() {
        IndexSchema::shipped().unwrap();
    }

    #[test]
    fn the_fingerprint_changes_exactly_with_what_the_index_depends_on() {
        let shipped = IndexSchema::shipped().unwrap();
        let same =
            |name, from, to| with(name, from, to).unwrap().fingerprint() == shipped.fingerprint();
        assert!(same("fields.toml", "boost = 3.0", "boost = 4.0"));
        assert!(same("fields.toml", "b = 0.5", "b = 0.6"));
        assert!(same("ranking.toml", "k1 = 1.5", "k1 = 0.9"));
        assert!(!same(
            "fields.toml",
            "name = \"language\"",
            "name = \"tongue\""
        ));
        assert!(!same(
            "analyzers.toml",
            "identifiers = true",
            "identifiers = false"
        ));
        assert!(!same("stopwords.txt", "\nabout\n", "\nwithin\n"));
    }

    #[test]
    fn a_field_names_an_analyzer_that_exists() {
        assert!(with("analyzers.toml", "name = \"name\"", "name = \"names\"").is_err());
    }
}
