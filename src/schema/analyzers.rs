//! What each analyzer is told to do, from `index-schema/analyzers.toml`, and the stopwords.

use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// The definition of one analyzer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalyzerDefinition {
    /// How fields name it.
    pub name: String,
    /// Whether other forms of its words are found.
    pub stemming: Stemming,
    /// Whether numbers of registries, publications and ethics committees are recognised.
    #[serde(default)]
    pub identifiers: bool,
    /// Whether the whole value stands as one token too.
    #[serde(default)]
    pub whole: bool,
    /// What it is for, in one line.
    pub doc: String,
}

/// How words are stemmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stemming {
    /// Not at all.
    None,
    /// By the rules of English and the exceptions of `inflections.txt`.
    English,
}

/// All analyzers, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analyzers {
    list: Vec<AnalyzerDefinition>,
    by_name: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    analyzer: Vec<AnalyzerDefinition>,
}

impl Analyzers {
    /// Reads the file.
    ///
    /// # Errors
    /// Wrong TOML, a name given twice, or whole values that are stemmed.
    pub fn from_toml(text: &str) -> Result<Self> {
        let wrong = |m: String| Error::new(ErrorKind::Schema, m).at("analyzers.toml");
        let file: File = toml::from_str(text).map_err(|e| wrong(e.message().to_owned()))?;
        let mut by_name = HashMap::new();
        for (index, analyzer) in file.analyzer.iter().enumerate() {
            if by_name.insert(analyzer.name.clone(), index).is_some() {
                return Err(wrong(format!("analyzer {:?} stands twice", analyzer.name)));
            }
            // A whole value has no other forms, and might be spelled like a word that has.
            if analyzer.whole && analyzer.stemming != Stemming::None {
                let message = format!(
                    "analyzer {:?} keeps values whole and stems them",
                    analyzer.name
                );
                return Err(wrong(message));
            }
        }
        Ok(Analyzers {
            list: file.analyzer,
            by_name,
        })
    }

    /// The analyzer of a name.
    pub fn get(&self, name: &str) -> Option<&AnalyzerDefinition> {
        self.by_name.get(name).and_then(|&i| self.list.get(i))
    }

    /// All analyzers, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, AnalyzerDefinition> {
        self.list.iter()
    }

    /// What the index depends on.
    pub(super) fn describe(&self, out: &mut String) {
        for a in &self.list {
            let _infallible = writeln!(
                out,
                "analyzer {} {:?} {} {}",
                a.name, a.stemming, a.identifiers, a.whole
            );
        }
    }
}

/// Words that carry nothing of their own, from `index-schema/stopwords.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stopwords(BTreeSet<String>);

impl Stopwords {
    /// Reads the list: one word a line, `#` begins a comment.
    ///
    /// # Errors
    /// A word that is not lower case ASCII letters, or stands twice.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut words = BTreeSet::new();
        for (number, line) in (1..).zip(text.lines()) {
            let word = line.split('#').next().unwrap_or_default().trim();
            if word.is_empty() {
                continue;
            }
            let wrong = |m: String| {
                Error::new(ErrorKind::Schema, m)
                    .at("stopwords.txt")
                    .line(number)
            };
            if !word.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(wrong(format!("{word:?} is not lower case letters")));
            }
            if !words.insert(word.to_owned()) {
                return Err(wrong(format!("{word:?} stands twice")));
            }
        }
        Ok(Stopwords(words))
    }

    /// Whether a folded word is one.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// All of them, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_refused() {
        let text = "[[analyzer]]\nname='a'\nstemming='none'\ndoc='d'\n";
        assert!(Analyzers::from_toml(text).is_ok());
        assert!(Analyzers::from_toml(&format!("{text}ngrams=true\n")).is_err());
        assert!(Analyzers::from_toml(&text.replace("none", "latin")).is_err());
        assert!(Analyzers::from_toml(&format!("{text}whole=true\n")).is_ok());
        let stemmed = text.replace("none", "english");
        assert!(Analyzers::from_toml(&stemmed).is_ok());
        assert!(Analyzers::from_toml(&format!("{stemmed}whole=true\n")).is_err());
    }

    #[test]
    fn a_stopword_is_a_plain_word_and_stands_once() {
        assert!(
            Stopwords::from_text("# of words\nthe # comment\n\nof\n")
                .unwrap()
                .contains("the")
        );
        assert!(Stopwords::from_text("the\nthe\n").is_err());
        assert!(Stopwords::from_text("The\n").is_err());
    }
}
