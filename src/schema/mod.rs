//! Meaning as data: the files of `index-schema/`, read, checked and typed.
//!
//! They are compiled in; a folder given at run time replaces any of them by name.

pub mod analyzers;
pub mod countries;
pub mod fields;
pub mod identifiers;
pub mod inflections;
pub mod ranking;
pub mod synonyms;
pub mod vocabulary;

use crate::error::{Error, ErrorKind, Result};
use analyzers::{Analyzers, Stemming, Stopwords};
use countries::Countries;
use fields::Fields;
use identifiers::Identifiers;
use inflections::Inflections;
use ranking::Ranking;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use synonyms::Synonyms;
use vocabulary::Vocabularies;
use xxhash_rust::xxh3::xxh3_64;

/// Counts up whenever code changes which terms a text has in the index.
const ANALYSIS_VERSION: u32 = 4;

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
    /// Names of the same thing.
    pub synonyms: Synonyms,
    fingerprint: String,
    wordings: String,
}

impl IndexSchema {
    /// The schema compiled into the library. Reads some hundred KiB of TOML: make one and share it.
    ///
    /// # Errors
    /// None in a released library: a test validates every shipped file.
    pub fn shipped() -> Result<Self> {
        Self::from_files(|_| Ok(None), &[])
    }

    /// Whether words of a text field have other forms.
    pub(crate) fn has_forms(&self, field: &str) -> bool {
        let analyzer = self
            .fields
            .get(field)
            .and_then(|field| field.analyzer.as_ref());
        let analyzer = analyzer.and_then(|name| self.analyzers.get(name));
        analyzer.is_some_and(|analyzer| analyzer.stemming == Stemming::English)
    }

    /// The schema compiled into the library, read once and shared.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<IndexSchema> =
            LazyLock::new(|| IndexSchema::shipped().expect("a test validates every shipped file"));
        &SHARED
    }

    /// The shipped schema with the files of a folder in place of those of the same name; files in
    /// its `synonyms/` that are not shipped are read, too.
    ///
    /// # Errors
    /// A file that cannot be read or is wrong.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::io(path, e)),
            }
        };
        Self::from_files(read, &text_files(&folder.join("synonyms"))?)
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

    /// Reads all files; `read` gives the text of those that replace a shipped one, and of the
    /// `synonyms` beside them.
    fn from_files(
        mut read: impl FnMut(&str) -> Result<Option<String>>,
        synonyms: &[String],
    ) -> Result<Self> {
        let synonyms = read_synonyms(&mut read, synonyms)?;
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
            synonyms,
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

/// The shipped files of synonyms, those of a folder in place of them or beside them.
fn read_synonyms(
    mut read: impl FnMut(&str) -> Result<Option<String>>,
    beside: &[String],
) -> Result<Synonyms> {
    let shipped = synonyms::SHIPPED.iter();
    let mut files: BTreeMap<&str, Option<&str>> =
        shipped.map(|(name, text)| (*name, Some(*text))).collect();
    for name in beside {
        files.entry(name).or_default();
    }
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (name, shipped) in files {
        let own = read(&format!("synonyms/{name}"))?;
        let text = own.or_else(|| shipped.map(str::to_owned));
        texts.extend(text.map(|text| (name, text)));
    }
    Synonyms::from_files(texts.iter().map(|(name, text)| (*name, text.as_str())))
}

/// Names of the text files of a folder, which need not be there.
fn text_files(folder: &Path) -> Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io(folder, e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| Error::io(folder, e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".txt") {
            names.push(name);
        }
    }
    Ok(names)
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
        IndexSchema::from_files(
            |n| Ok((n == name).then(|| shipped.replacen(from, to, 1))),
            &[],
        )
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
    fn a_folder_replaces_files_of_synonyms_and_adds_others() {
        let folder = tempfile::tempdir().unwrap();
        let synonyms = folder.path().join("synonyms");
        std::fs::create_dir(&synonyms).unwrap();
        std::fs::write(synonyms.join("genes.txt"), "").unwrap();
        std::fs::write(synonyms.join("ours.txt"), "our word, their word").unwrap();
        let own = IndexSchema::load(folder.path()).unwrap().synonyms;
        let of = |file: &str| own.rules().iter().filter(|rule| rule.file == file).count();
        assert_eq!((of("genes.txt"), of("ours.txt")), (0, 1));
        assert!(of("conditions.txt") > 100);
        let shipped = IndexSchema::shipped().unwrap();
        let loaded = IndexSchema::load(folder.path()).unwrap();
        assert_eq!(shipped.fingerprint(), loaded.fingerprint());
    }

    #[test]
    fn a_field_names_an_analyzer_that_exists() {
        assert!(with("analyzers.toml", "name = \"name\"", "name = \"names\"").is_err());
    }
}
