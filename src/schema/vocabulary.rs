//! Registry wordings → closed vocabularies, from `index-schema/vocabulary/`.
//!
//! A file is named after its vocabulary. Top-level keys are the values, each with the wordings
//! that mean it in any registry; a table `[registry]` holds what a word means in that registry
//! only. Two values joined by `+` mean both (`"phase1+phase2"`). Wordings are compared folded:
//! lower case, `_` and `-` as blanks, runs of blanks as one, no full stop at the end.

use crate::error::{Error, ErrorKind, Result};
use crate::record::{
    Allocation, ArmType, ClosedVocabulary, InterventionType, Masking, Model, ObservationalModel,
    OfficialRole, Phase, Purpose, RecruitmentStatus, ReferenceType, RegistrationTiming, Registry,
    Sex, SponsorClass, StudyType, TimePerspective, WhoMasked,
};
use std::collections::HashMap;
use xxhash_rust::xxh3::Xxh3;

/// One closed vocabulary with the wordings registries use for its values.
#[derive(Clone, Debug)]
pub struct Wordings<T> {
    everywhere: HashMap<String, Vec<T>>,
    by_registry: HashMap<(Registry, String), Vec<T>>,
}

impl<T: ClosedVocabulary> Wordings<T> {
    /// Reads a vocabulary file.
    ///
    /// # Errors
    /// A value the vocabulary does not have, an unknown registry, or one wording with two meanings.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file = format!("vocabulary/{}.toml", T::NAME);
        let table: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| Error::new(ErrorKind::Schema, e.message()).at(&file))?;
        let mut wordings = Wordings {
            everywhere: HashMap::new(),
            by_registry: HashMap::new(),
        };
        for (key, value) in &table {
            if let toml::Value::Table(own) = value {
                let registry = key
                    .parse::<Registry>()
                    .map_err(|()| wrong(&file, format!("unknown registry {key:?}")))?;
                for (word, list) in own {
                    let meaning = meaning::<T>(&file, word)?;
                    for wording in strings(&file, word, list)? {
                        let slot = (registry, fold_wording(wording));
                        if wordings.by_registry.insert(slot, meaning.clone()).is_some() {
                            return Err(wrong(
                                &file,
                                format!("{wording:?} stands twice in [{key}]"),
                            ));
                        }
                    }
                }
                continue;
            }
            let meaning = meaning::<T>(&file, key)?;
            for wording in strings(&file, key, value)? {
                if wordings
                    .everywhere
                    .insert(fold_wording(wording), meaning.clone())
                    .is_some()
                {
                    return Err(wrong(&file, format!("{wording:?} stands twice")));
                }
            }
        }
        for &value in T::ALL {
            wordings
                .everywhere
                .entry(fold_wording(value.as_str()))
                .or_insert_with(|| vec![value]);
        }
        Ok(wordings)
    }

    /// The values a wording means: in that registry, else everywhere; `None` for a wording nobody knows.
    ///
    /// An empty list is a wording known to mean nothing (`Not Specified`).
    pub fn lookup(&self, registry: Option<Registry>, wording: &str) -> Option<&[T]> {
        let folded = fold_wording(wording);
        if let Some(registry) = registry
            && let Some(values) = self.by_registry.get(&(registry, folded.clone()))
        {
            return Some(values);
        }
        self.everywhere.get(&folded).map(Vec::as_slice)
    }
}

/// Folds a wording for comparison.
pub fn fold_wording(wording: &str) -> String {
    let lower = wording
        .to_lowercase()
        .replace(['_', '-', '\u{2010}', '\u{2011}', '\u{2013}'], " ");
    let words: Vec<&str> = lower.split_whitespace().collect();
    words
        .join(" ")
        .trim_end_matches(['.', ',', ';', ':'])
        .trim_end()
        .to_owned()
}

fn wrong(file: &str, message: String) -> Error {
    Error::new(ErrorKind::Schema, message).at(file)
}

fn meaning<T: ClosedVocabulary>(file: &str, word: &str) -> Result<Vec<T>> {
    if word == "nothing" {
        return Ok(Vec::new());
    }
    word.split('+')
        .map(|w| T::from_word(w).ok_or_else(|| wrong(file, format!("unknown value {w:?}"))))
        .collect()
}

fn strings<'a>(file: &str, key: &str, value: &'a toml::Value) -> Result<Vec<&'a str>> {
    let not_a_list = || wrong(file, format!("{key} must be a list of strings"));
    let list = value.as_array().ok_or_else(not_a_list)?;
    list.iter()
        .map(|v| v.as_str().ok_or_else(not_a_list))
        .collect()
}

macro_rules! vocabularies {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $file:literal,)*) => {
        /// All closed vocabularies.
        #[derive(Clone, Debug)]
        pub struct Vocabularies {
            $($(#[$doc])* pub $field: Wordings<$type>,)*
            digest: u64,
        }

        impl Vocabularies {
            /// Names of the files in `index-schema/vocabulary/` that hold wordings.
            pub const FILES: &'static [&'static str] = &[$($file,)*];

            /// Reads the vocabularies; `read` gives the text of a file by its name, `None` for the one compiled in.
            ///
            /// # Errors
            /// As [`Wordings::from_toml`], or what `read` says.
            pub fn load(mut read: impl FnMut(&str) -> Result<Option<String>>) -> Result<Self> {
                let mut digest = Xxh3::new();
                Ok(Vocabularies {
                    $($field: {
                        let own = read($file)?;
                        let shipped = include_str!(concat!("../../index-schema/vocabulary/", $file));
                        let text = own.as_deref().unwrap_or(shipped);
                        digest.update(text.as_bytes());
                        Wordings::from_toml(text)?
                    },)*
                    digest: digest.digest(),
                })
            }

            /// XXH3 of all texts: another one may read the same file otherwise.
            pub(super) fn digest(&self) -> u64 {
                self.digest
            }
        }
    };
}

vocabularies! {
    /// TRDS 18.
    recruitment_status: RecruitmentStatus = "recruitment_status.toml",
    /// TRDS 15.
    phase: Phase = "phase.toml",
    /// TRDS 14.
    sex: Sex = "sex.toml",
    /// TRDS 15.
    study_type: StudyType = "study_type.toml",
    /// TRDS 15.
    allocation: Allocation = "allocation.toml",
    /// TRDS 15.
    model: Model = "model.toml",
    /// TRDS 15, observational studies.
    observational_model: ObservationalModel = "observational_model.toml",
    /// TRDS 15, observational studies.
    time_perspective: TimePerspective = "time_perspective.toml",
    /// TRDS 15.
    purpose: Purpose = "purpose.toml",
    /// TRDS 15.
    masking: Masking = "masking.toml",
    /// TRDS 15.
    who_masked: WhoMasked = "who_masked.toml",
    /// TRDS 13.
    intervention_type: InterventionType = "intervention_type.toml",
    /// TRDS 13.
    arm_type: ArmType = "arm_type.toml",
    /// TRDS 5.
    sponsor_class: SponsorClass = "sponsor_class.toml",
    /// TRDS 8.
    official_role: OfficialRole = "official_role.toml",
    /// References.
    reference_type: ReferenceType = "reference_type.toml",
    /// TRDS 2.
    registration_timing: RegistrationTiming = "registration_timing.toml",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_valid() {
        Vocabularies::load(|_| Ok(None)).unwrap();
    }

    #[test]
    fn a_registry_own_meaning_stands_before_the_general_one() {
        let text = "phase0 = [\"0\"]\n[chictr]\nphase4 = [\"0\"]\n";
        let phases = Wordings::<Phase>::from_toml(text).unwrap();
        assert_eq!(
            phases.lookup(Some(Registry::Chictr), "0"),
            Some(&[Phase::Phase4][..])
        );
        assert_eq!(
            phases.lookup(Some(Registry::Irct), " 0 "),
            Some(&[Phase::Phase0][..])
        );
    }

    #[test]
    fn one_wording_cannot_mean_two_values() {
        let text = "phase1 = [\"I\"]\nphase2 = [\"i\"]\n";
        assert!(Wordings::<Phase>::from_toml(text).is_err());
    }

    #[test]
    fn an_unknown_wording_is_not_guessed() {
        let sexes = Wordings::<Sex>::from_toml("").unwrap();
        assert_eq!(sexes.lookup(None, "womxn"), None);
    }
}
