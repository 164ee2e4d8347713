//! Forms of English words that a general stemmer does not bring together, from
//! `index-schema/inflections.toml`: Latin and Greek plurals, British spelling, irregular words.

use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a verb in -ise can end in.
const ISE_ENDINGS: &[&str] = &[
    "ise",
    "ised",
    "iser",
    "isers",
    "ises",
    "ising",
    "isingly",
    "isable",
    "isation",
    "isations",
    "isational",
];

/// Rules that rewrite a word before it is stemmed.
#[derive(Clone, Debug)]
pub struct Inflections {
    own_stem: Vec<String>,
    apart: HashMap<String, String>,
    irregular: HashMap<String, String>,
    /// By first byte.
    parts: Vec<Vec<(String, String)>>,
    /// By last byte, longest first.
    endings: Vec<Vec<(String, String)>>,
    except_words: HashSet<String>,
    except_endings: Vec<String>,
    ize: Ize,
    source: String,
}

/// What the rules make of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewritten<'w> {
    /// This is its stem.
    Stem(Cow<'w, str>),
    /// This is to be stemmed.
    ToStem(Cow<'w, str>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ize {
    before: Vec<String>,
    except: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Except {
    whole: HashSet<String>,
    endings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    own_stem: Vec<String>,
    apart: BTreeMap<String, Vec<String>>,
    irregular: BTreeMap<String, Vec<String>>,
    parts: BTreeMap<String, String>,
    ize: Ize,
    endings: BTreeMap<String, String>,
    endings_except: Except,
}

impl Inflections {
    /// Reads the file.
    ///
    /// # Errors
    /// Wrong TOML, a word that is not lower case letters, a form of two words.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|e| wrong(e.message()))?;
        let plain = file
            .own_stem
            .iter()
            .chain(file.apart.keys())
            .chain(file.apart.values().flatten())
            .chain(file.irregular.keys())
            .chain(file.irregular.values().flatten())
            .chain(file.parts.keys())
            .chain(file.parts.values())
            .chain(file.endings.keys())
            .chain(file.endings.values())
            .chain(&file.ize.before)
            .chain(&file.ize.except)
            .chain(&file.endings_except.whole)
            .chain(&file.endings_except.endings);
        for word in plain {
            if word.is_empty() || !word.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(wrong(format!("{word:?} is not lower case letters")));
            }
        }
        let mut apart = HashMap::new();
        for (word, forms) in file.apart {
            for form in std::iter::once(&word).chain(&forms) {
                claim(&mut apart, form, &word)?;
            }
        }
        let mut irregular = HashMap::new();
        for (word, forms) in file.irregular {
            for form in &forms {
                claim(&mut irregular, form, &word)?;
            }
        }
        if let Some(both) = irregular.keys().find(|form| apart.contains_key(*form)) {
            return Err(wrong(format!("{both:?} stands in apart and in irregular")));
        }
        Ok(Inflections {
            own_stem: file.own_stem,
            apart,
            irregular,
            parts: by_byte(file.parts, |part| part.bytes().next()),
            endings: by_byte(file.endings, |ending| ending.bytes().last()),
            except_words: file.endings_except.whole,
            except_endings: file.endings_except.endings,
            ize: file.ize,
            source: text.to_owned(),
        })
    }

    /// Rewrites a word of lower case ASCII letters.
    pub fn rewrite<'w>(&'w self, word: &'w str) -> Rewritten<'w> {
        if let Some(stem) = self.apart.get(word) {
            return Rewritten::Stem(Cow::Borrowed(stem));
        }
        if let Some(base) = self.irregular.get(word) {
            return Rewritten::ToStem(Cow::Owned(base.clone()));
        }
        let word = self.respell_parts(Cow::Borrowed(word));
        if let Some(base) = self.irregular.get(word.as_ref()) {
            return Rewritten::ToStem(Cow::Owned(base.clone()));
        }
        if let Some(american) = self.respell_ise(&word) {
            return Rewritten::ToStem(Cow::Owned(american));
        }
        let word = self.singular(&word).map_or(word, Cow::Owned);
        if self.own_stem.iter().any(|e| word.ends_with(e.as_str())) {
            return Rewritten::Stem(word);
        }
        Rewritten::ToStem(word)
    }

    /// Writes everything the terms of an index depend on.
    pub(super) fn describe(&self, out: &mut String) {
        out.push_str(&self.source);
    }

    fn respell_parts<'w>(&self, mut word: Cow<'w, str>) -> Cow<'w, str> {
        let mut at = 0;
        while let Some(&byte) = word.as_bytes().get(at) {
            let rules = self.parts.get(usize::from(byte)).map(Vec::as_slice);
            let rest = word.get(at..).unwrap_or_default();
            let hit = rules
                .unwrap_or_default()
                .iter()
                .find(|(from, _)| rest.starts_with(from.as_str()));
            match hit {
                Some((from, to)) => {
                    word.to_mut().replace_range(at..at + from.len(), to);
                    at += to.len();
                }
                None => at += 1,
            }
        }
        word
    }

    fn respell_ise(&self, word: &str) -> Option<String> {
        let root = ISE_ENDINGS.iter().find_map(|e| word.strip_suffix(e))?;
        let is_verb = root.len() > 3
            && self.ize.before.iter().any(|b| root.ends_with(b.as_str()))
            && !self.ize.except.iter().any(|e| word.starts_with(e.as_str()));
        let ending = word.get(root.len() + "is".len()..)?;
        is_verb.then(|| format!("{root}iz{ending}"))
    }

    fn singular(&self, word: &str) -> Option<String> {
        let last = word.bytes().last()?;
        let rules = self.endings.get(usize::from(last))?;
        if rules.is_empty()
            || self.except_words.contains(word)
            || self
                .except_endings
                .iter()
                .any(|e| word.ends_with(e.as_str()))
        {
            return None;
        }
        rules.iter().find_map(|(plural, singular)| {
            let root = word.strip_suffix(plural.as_str())?;
            (root.len() >= 2).then(|| format!("{root}{singular}"))
        })
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Schema, message).at("inflections.toml")
}

fn claim(forms: &mut HashMap<String, String>, form: &str, word: &str) -> Result<()> {
    match forms.insert(form.to_owned(), word.to_owned()) {
        Some(other) => Err(wrong(format!(
            "{form:?} is a form of {other:?} and of {word:?}"
        ))),
        None => Ok(()),
    }
}

/// Rules by one of their bytes, the longest first.
fn by_byte(
    rules: BTreeMap<String, String>,
    key: impl Fn(&str) -> Option<u8>,
) -> Vec<Vec<(String, String)>> {
    let mut table = vec![Vec::new(); 256];
    for (from, to) in rules {
        if let Some(byte) = key(&from) {
            table[usize::from(byte)].push((from, to));
        }
    }
    for bucket in &mut table {
        bucket.sort_by_key(|(from, _): &(String, String)| std::cmp::Reverse(from.len()));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewrite(word: &str) -> String {
        let rules = include_str!("../../index-schema/inflections.toml");
        let rules = Inflections::from_toml(rules).unwrap();
        match rules.rewrite(word) {
            Rewritten::Stem(stem) => format!("={stem}"),
            Rewritten::ToStem(word) => word.into_owned(),
        }
    }

    #[test]
    fn latin_and_greek_plurals_become_singular() {
        for (plural, singular) in [
            ("metastases", "metastasis"),
            ("diagnoses", "diagnosis"),
            ("analyses", "analysis"),
            ("prostheses", "prosthesis"),
            ("candidiases", "candidiasis"),
            ("carcinomata", "carcinoma"),
            ("fistulae", "fistula"),
            ("streptococci", "streptococcus"),
            ("bacteria", "bacterium"),
            ("mice", "mouse"),
            ("arthritides", "=arthritis"),
            ("hepatitis", "=hepatitis"),
            ("haemangiomata", "hemangioma"),
        ] {
            assert_eq!(rewrite(plural), singular);
        }
    }

    #[test]
    fn british_spelling_becomes_american() {
        for (british, american) in [
            ("tumours", "tumors"),
            ("anaemia", "anemia"),
            ("leukaemia", "leukemia"),
            ("thalassaemia", "thalassemia"),
            ("haemodialysis", "hemodialysis"),
            ("randomised", "randomized"),
            ("hospitalisation", "hospitalization"),
            ("standardised", "standardized"),
            ("analysed", "analyzed"),
            ("anaesthetised", "anesthetized"),
            ("oestradiol", "estradiol"),
            ("gonorrhoea", "gonorrhea"),
            ("sulphate", "sulfate"),
            ("millilitres", "milliliters"),
        ] {
            assert_eq!(rewrite(british), american);
        }
    }

    #[test]
    fn words_that_only_look_alike_stay() {
        for word in [
            "doses",
            "purposes",
            "disease",
            "exercise",
            "exercised",
            "promised",
            "compromised",
            "expertise",
            "precise",
            "otherwise",
            "advised",
            "raised",
            "biases",
            "enterobacteriaceae",
            "four",
            "comprised",
            "surprise",
            "treatise",
            "aerobic",
            "supervised",
            "revised",
            "noise",
            "exposes",
        ] {
            assert_eq!(rewrite(word), word);
        }
        assert_eq!(rewrite("several"), "=several");
        assert_eq!(rewrite("policies"), "=policy");
    }

    #[test]
    fn a_form_belongs_to_one_word() {
        let rules = include_str!("../../index-schema/inflections.toml");
        let twice = rules.replace("mouse = [\"mice\"]", "mouse = [\"mice\", \"lice\"]");
        assert!(Inflections::from_toml(&twice).is_err());
    }
}
