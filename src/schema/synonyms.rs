//! Names of the same thing, from `index-schema/synonyms/*.txt`.
//!
//! One group a line: `heart attack, myocardial infarction` are found for each other;
//! `cancer => carcinoma` finds the right for the left and not the other way round. `#` begins a
//! remark. A name may stand in one group only; left of arrows it may stand again.

use crate::error::{Error, ErrorKind, Result};
use std::collections::{HashMap, HashSet};

/// The shipped files, by name.
pub(super) const SHIPPED: &[(&str, &str)] = &[
    (
        "cells.txt",
        include_str!("../../index-schema/synonyms/cells.txt"),
    ),
    (
        "conditions.txt",
        include_str!("../../index-schema/synonyms/conditions.txt"),
    ),
    (
        "drugs.txt",
        include_str!("../../index-schema/synonyms/drugs.txt"),
    ),
    (
        "genes.txt",
        include_str!("../../index-schema/synonyms/genes.txt"),
    ),
    (
        "persian.txt",
        include_str!("../../index-schema/synonyms/persian.txt"),
    ),
    (
        "procedures.txt",
        include_str!("../../index-schema/synonyms/procedures.txt"),
    ),
    (
        "words.txt",
        include_str!("../../index-schema/synonyms/words.txt"),
    ),
];

/// All groups of names, in the order of files and lines.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    rules: Vec<Rule>,
}

/// One line: each name of `typed` finds all of `found`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names that can be typed.
    pub typed: Vec<String>,
    /// Names that are found for them; of a group, the same names.
    pub found: Vec<String>,
    /// Whether the names are found for each other.
    pub both_ways: bool,
    /// The file, and its line counted from 1.
    pub file: String,
    /// See `file`.
    pub line: u64,
}

impl Synonyms {
    /// Reads files, given as name and text.
    ///
    /// # Errors
    /// A line that is no rule, a name in two groups, arrows that lead back to where they began.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut synonyms = Synonyms::default();
        for (file, text) in files {
            for (line, rule) in (1..).zip(text.lines()) {
                let rule = rule.split('#').next().unwrap_or_default().trim();
                if !rule.is_empty() {
                    let read = read_rule(rule, file, line);
                    let read = read.map_err(|message| wrong(file, line, message))?;
                    synonyms.rules.push(read);
                }
            }
        }
        synonyms.check_groups()?;
        synonyms.check_arrows()?;
        Ok(synonyms)
    }

    /// All rules, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// No name stands in two groups: what it means would hang on which one is looked at.
    fn check_groups(&self) -> Result<()> {
        let mut groups: HashMap<String, &Rule> = HashMap::new();
        for rule in self.rules.iter().filter(|rule| rule.both_ways) {
            for name in &rule.typed {
                if let Some(other) = groups.insert(name.to_lowercase(), rule) {
                    let place =
                        format!("{name:?} stands in {} line {}, too", other.file, other.line);
                    return Err(wrong(&rule.file, rule.line, place));
                }
            }
        }
        Ok(())
    }

    /// Following arrows never leads back: names that find each other are a group.
    fn check_arrows(&self) -> Result<()> {
        let mut next: HashMap<String, Vec<(String, &Rule)>> = HashMap::new();
        for rule in self.rules.iter().filter(|rule| !rule.both_ways) {
            for typed in &rule.typed {
                let found = rule.found.iter().map(|name| (name.to_lowercase(), rule));
                next.entry(typed.to_lowercase()).or_default().extend(found);
            }
        }
        for start in next.keys() {
            let mut seen: HashSet<&str> = HashSet::new();
            let mut open: Vec<&str> = vec![start];
            while let Some(name) = open.pop() {
                for (found, rule) in next.get(name).into_iter().flatten() {
                    if found == start {
                        let message = format!("the arrows from {start:?} lead back to it");
                        return Err(wrong(&rule.file, rule.line, message));
                    }
                    if seen.insert(found) {
                        open.push(found);
                    }
                }
            }
        }
        Ok(())
    }
}

fn read_rule(text: &str, file: &str, line: u64) -> std::result::Result<Rule, String> {
    let (typed, found) = match text.split_once("=>") {
        Some((typed, found)) => (names(typed)?, Some(names(found)?)),
        None => (names(text)?, None),
    };
    if found.is_none() && typed.len() < 2 {
        return Err(format!("{text:?} is alone"));
    }
    Ok(Rule {
        both_ways: found.is_none(),
        found: found.unwrap_or_else(|| typed.clone()),
        typed,
        file: file.to_owned(),
        line,
    })
}

fn names(list: &str) -> std::result::Result<Vec<String>, String> {
    let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
    match names
        .iter()
        .any(|name| !name.contains(char::is_alphanumeric))
    {
        true => Err(format!("a name is missing in {:?}", list.trim())),
        false => Ok(names),
    }
}

fn wrong(file: &str, line: u64, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Schema, message)
        .at(format!("synonyms/{file}"))
        .line(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Synonyms> {
        Synonyms::from_files([("a.txt", text)])
    }

    #[test]
    fn groups_and_arrows_are_read() {
        let synonyms = read("# remark\nheart attack, myocardial infarction # both\n\na => b, c\n");
        let synonyms = synonyms.unwrap();
        let [group, arrow] = synonyms.rules() else {
            panic!("{synonyms:?}")
        };
        assert!(group.both_ways && group.found == ["heart attack", "myocardial infarction"]);
        assert_eq!(
            (arrow.typed.len(), arrow.found.len(), arrow.line),
            (1, 2, 4)
        );
    }

    #[test]
    fn contradictions_and_cycles_are_refused() {
        for wrong in [
            "a",
            "a, ",
            "=> b",
            "a, b\nB, c",
            "a => b\nb => c\nc => a",
            "a => a",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read("a, b\na => c\nc => d").is_ok());
    }

    #[test]
    fn every_shipped_line_is_right() {
        let synonyms = Synonyms::from_files(SHIPPED.iter().copied()).unwrap();
        assert!(synonyms.rules().len() >= 300, "{}", synonyms.rules().len());
    }
}
