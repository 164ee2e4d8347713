//! What a conversion needs beside the record: vocabularies, the record's place, and a list for
//! the wordings nobody knows.

use crate::record::{ClosedVocabulary, Phase, Provenance, Registry};
use crate::schema::IndexSchema;
use crate::schema::countries::{Countries, Place};
use crate::schema::identifiers::Identifiers;
use crate::schema::vocabulary::{Vocabularies, Wordings};
use std::collections::BTreeMap;

/// A wording no vocabulary knows: kept verbatim, counted, never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownWording {
    /// The vocabulary's file without ending: `recruitment_status`, `countries`.
    pub vocabulary: &'static str,
    /// The registry that used it, where known.
    pub registry: Option<Registry>,
    /// The wording.
    pub wording: String,
}

/// Warnings of a run: how often each unknown wording occurred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    /// Occurrences of each wording.
    pub unknown_wordings: BTreeMap<UnknownWording, u64>,
    /// Other things worth a look (a date pair that disagrees), with their number.
    pub notes: BTreeMap<String, u64>,
}

impl Warnings {
    /// Adds the counts of another list.
    pub fn merge(&mut self, other: Warnings) {
        for (wording, count) in other.unknown_wordings {
            *self.unknown_wordings.entry(wording).or_default() += count;
        }
        for (note, count) in other.notes {
            *self.notes.entry(note).or_default() += count;
        }
    }
}

/// What a conversion needs beside the record.
pub(crate) struct Context<'a> {
    pub(crate) vocabularies: &'a Vocabularies,
    pub(crate) countries: &'a Countries,
    pub(crate) identifiers: &'a Identifiers,
    /// Where the record stands.
    pub(crate) provenance: &'a Provenance,
    /// The file's path below the source that was named, entries of an archive included, `/` between the parts:
    /// stable when the source is named by another path, so that an article's id can be made of it.
    pub(crate) path_below_source: &'a str,
    pub(crate) warnings: Warnings,
}

impl<'a> Context<'a> {
    pub(crate) fn new(schema: &'a IndexSchema, provenance: &'a Provenance) -> Self {
        Context {
            vocabularies: &schema.vocabularies,
            countries: &schema.countries,
            identifiers: &schema.identifiers,
            provenance,
            path_below_source: &provenance.file,
            warnings: Warnings::default(),
        }
    }

    /// Tells the file's path below its source, where it is not the path of the provenance.
    pub(crate) fn below_source(mut self, path: &'a str) -> Self {
        self.path_below_source = path;
        self
    }

    /// The one value a wording means: `context.value(registry, |v| &v.sex, "Both")`.
    ///
    /// `None` for an empty wording, one that means nothing, and one nobody knows (which is counted).
    pub(crate) fn value<T: ClosedVocabulary>(
        &mut self,
        registry: Registry,
        vocabulary: impl Fn(&'a Vocabularies) -> &'a Wordings<T>,
        wording: &str,
    ) -> Option<T> {
        self.values(registry, vocabulary, wording).first().copied()
    }

    /// All values a wording means, as [`Context::value`].
    pub(crate) fn values<T: ClosedVocabulary>(
        &mut self,
        registry: Registry,
        vocabulary: impl Fn(&'a Vocabularies) -> &'a Wordings<T>,
        wording: &str,
    ) -> Vec<T> {
        let wording = wording.trim();
        if wording.is_empty() {
            return Vec::new();
        }
        match vocabulary(self.vocabularies).lookup(Some(registry), wording) {
            Some(values) => values.to_vec(),
            None => {
                self.unknown(T::NAME, Some(registry), wording);
                Vec::new()
            }
        }
    }

    /// The phases a wording means, as [`Context::values`].
    pub(crate) fn phases(&mut self, registry: Registry, wording: &str) -> Vec<Phase> {
        self.values(registry, |v| &v.phase, wording)
    }

    /// ISO code and name of a country; `None` for an empty, a former or an unknown one (which is counted).
    pub(crate) fn country(&mut self, registry: Registry, name: &str) -> Option<(&'a str, &'a str)> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        match self.countries.lookup(name) {
            Some(Place::Country { code, name }) => Some((code, name)),
            Some(Place::Verbatim) => None,
            None => {
                self.unknown("countries", Some(registry), name);
                None
            }
        }
    }

    /// Counts a wording nobody knows.
    pub(crate) fn unknown(
        &mut self,
        vocabulary: &'static str,
        registry: Option<Registry>,
        wording: &str,
    ) {
        let key = UnknownWording {
            vocabulary,
            registry,
            wording: wording.to_owned(),
        };
        *self.warnings.unknown_wordings.entry(key).or_default() += 1;
    }

    /// Counts something else worth a look.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        *self.warnings.notes.entry(note.into()).or_default() += 1;
    }
}
