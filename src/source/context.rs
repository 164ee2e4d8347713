//! What a conversion needs beside the record: vocabularies, the record's place, and a list for
//! the wordings nobody knows.

use crate::record::{ClosedVocabulary, Phase, Provenance, Registry};
use crate::schema::IndexSchema;
use crate::schema::countries::{Countries, Place};
use crate::schema::identifiers::Identifiers;
use crate::schema::vocabulary::{Vocabularies, Wordings};
use crate::source::privacy;
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

/// Warnings told apart; a hostile source could make up any number.
const WARNINGS: usize = 10_000;

/// Characters of an unknown wording that are kept.
const WORDING_LENGTH: usize = 200;

impl Warnings {
    /// Adds the counts of another list.
    pub fn merge(&mut self, other: Warnings) {
        for (wording, count) in other.unknown_wordings {
            self.count_unknown(wording, count);
        }
        for (note, count) in other.notes {
            self.count_note(note, count);
        }
    }

    fn count_unknown(&mut self, wording: UnknownWording, count: u64) {
        let known = &mut self.unknown_wordings;
        if known.len() < WARNINGS || known.contains_key(&wording) {
            *known.entry(wording).or_default() += count;
        } else {
            self.count_note("further unknown wordings".to_owned(), count);
        }
    }

    fn count_note(&mut self, note: String, count: u64) {
        let known = self.notes.len() < WARNINGS || self.notes.contains_key(&note);
        let note = if known {
            note
        } else {
            "further notes".to_owned()
        };
        *self.notes.entry(note).or_default() += count;
    }
}

/// What a conversion needs beside the record.
pub(crate) struct Context<'a> {
    pub(crate) vocabularies: &'a Vocabularies,
    pub(crate) countries: &'a Countries,
    pub(crate) identifiers: &'a Identifiers,
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
            // A column out of place can bring an address where a status should be.
            wording: privacy::scrub(wording)
                .chars()
                .take(WORDING_LENGTH)
                .collect(),
        };
        self.warnings.count_unknown(key, 1);
    }

    /// Counts something else worth a look.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.warnings.count_note(note.into(), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_stay_bounded_and_none_goes_uncounted() {
        let mut all = Warnings::default();
        for i in 0..WARNINGS + 300 {
            let mut one = Warnings::default();
            let wording = UnknownWording {
                vocabulary: "sex",
                registry: None,
                wording: i.to_string(),
            };
            one.count_unknown(wording, 2);
            one.count_note("note".to_owned(), 1);
            all.merge(one);
        }
        assert_eq!(all.unknown_wordings.len(), WARNINGS);
        assert_eq!(all.notes["further unknown wordings"], 600);
        assert_eq!(all.notes["note"], WARNINGS as u64 + 300);
    }
}
