//! Country names → ISO 3166-1 alpha-2, from `index-schema/vocabulary/countries.toml`.
//!
//! `[[country]] code, name, names`: the ISO code, the English short name and the other names
//! registries use. Former countries and regions have no code and stand under `verbatim`.

use super::vocabulary::fold_wording;
use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// All countries by any of their names.
#[derive(Clone, Debug)]
pub struct Countries {
    names: Vec<(String, String)>,
    by_name: HashMap<String, usize>,
    verbatim: HashSet<String>,
}

/// What a registry's word for a country means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// A country of today: ISO code and English short name.
    Country {
        /// ISO 3166-1 alpha-2.
        code: &'a str,
        /// English short name.
        name: &'a str,
    },
    /// A former country or a region: it stays verbatim.
    Verbatim,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    country: Vec<Entry>,
    #[serde(default)]
    verbatim: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    /// ISO 3166-1 alpha-3.
    alpha3: String,
    name: String,
    #[serde(default)]
    names: Vec<String>,
}

impl Countries {
    /// Reads the file.
    ///
    /// # Errors
    /// Wrong TOML, or one name for two countries.
    pub fn from_toml(text: &str) -> Result<Self> {
        let wrong = |message: String| {
            Error::new(ErrorKind::Schema, message).at("vocabulary/countries.toml")
        };
        let file: File = toml::from_str(text).map_err(|e| wrong(e.message().to_owned()))?;
        let mut by_name = HashMap::new();
        let mut names = Vec::new();
        for (index, country) in file.country.into_iter().enumerate() {
            let mut own: HashSet<String> = country.names.iter().map(|n| fold_name(n)).collect();
            own.extend([&country.code, &country.alpha3, &country.name].map(|n| fold_name(n)));
            for name in own {
                if by_name.insert(name.clone(), index).is_some() {
                    return Err(wrong(format!("{name:?} names two countries")));
                }
            }
            names.push((country.code, country.name));
        }
        let verbatim: HashSet<String> = file.verbatim.iter().map(|n| fold_name(n)).collect();
        if let Some(name) = verbatim.iter().find(|n| by_name.contains_key(*n)) {
            return Err(wrong(format!(
                "{name:?} is a country and stands under verbatim"
            )));
        }
        Ok(Countries {
            names,
            by_name,
            verbatim,
        })
    }

    /// The country of a name, a code of two letters or of three; `None` for a word nobody knows.
    pub fn lookup(&self, name: &str) -> Option<Place<'_>> {
        let folded = fold_name(name);
        if let Some(&index) = self.by_name.get(&folded) {
            let (code, name) = &self.names[index];
            return Some(Place::Country { code, name });
        }
        self.verbatim.contains(&folded).then_some(Place::Verbatim)
    }

    /// The English short name of a code.
    pub fn name(&self, code: &str) -> Option<&str> {
        match self.lookup(code)? {
            Place::Country { name, .. } => Some(name),
            Place::Verbatim => None,
        }
    }

    /// Codes and names of all countries, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .map(|(code, name)| (code.as_str(), name.as_str()))
    }
}

/// Folds a name for comparison: as a wording, without accents, `&` as "and", without leading "the".
fn fold_name(name: &str) -> String {
    let plain: String = name
        .replace(['’', '`'], "'")
        .replace('&', " and ")
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .collect();
    let folded = fold_wording(&plain);
    match folded.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Countries {
        let text = include_str!("../../index-schema/vocabulary/countries.toml");
        Countries::from_toml(text).unwrap()
    }

    #[test]
    fn every_country_of_iso_3166_is_there_once() {
        let countries = shipped();
        let codes: HashSet<&str> = countries.all().map(|(code, _)| code).collect();
        assert_eq!((countries.all().count(), codes.len()), (249, 249));
    }

    #[test]
    fn a_country_is_found_by_the_names_registries_use() {
        let countries = shipped();
        for (name, code) in [
            ("Korea, Republic of", "KR"),
            ("Viet Nam", "VN"),
            ("USA", "US"),
            ("england", "GB"),
            ("Türkiye", "TR"),
            ("Turkey", "TR"),
            ("Czech Republic", "CZ"),
            ("Macedonia, The Former Yugoslav Republic of", "MK"),
            ("Taiwan, Province Of China", "TW"),
            ("Côte D’Ivoire", "CI"),
            ("The People's Republic of China", "CN"),
            ("Trinidad & Tobago", "TT"),
            ("IRN", "IR"),
            ("Congo, The Democratic Republic of the", "CD"),
        ] {
            let found = countries.lookup(name);
            assert!(
                matches!(found, Some(Place::Country { code: c, .. }) if c == code),
                "{name}: {found:?}"
            );
        }
    }

    #[test]
    fn former_countries_and_regions_stay_verbatim() {
        let countries = shipped();
        for name in [
            "Former Serbia and Montenegro",
            "Netherlands Antilles",
            "Soviet Union",
            "EUROPE",
        ] {
            assert_eq!(countries.lookup(name), Some(Place::Verbatim), "{name}");
        }
    }

    #[test]
    fn a_word_nobody_knows_is_no_country() {
        let countries = shipped();
        for name in ["Test Country", "", "??"] {
            assert_eq!(countries.lookup(name), None, "{name}");
        }
    }
}
