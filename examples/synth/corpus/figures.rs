//! The fitted figures, one a line: `kind`, a name, and numbers, with tabs between.

use super::Outcome;
use super::draw::{Bins, Choice, Curve};
use std::collections::BTreeMap;

#[derive(Default)]
pub(crate) struct Figures {
    /// Distributions of lengths and numbers.
    bins: BTreeMap<String, Bins>,
    /// Shares and means.
    numbers: BTreeMap<String, f64>,
    /// Values of few kinds.
    choices: BTreeMap<String, Choice>,
    /// Values of many kinds.
    curves: BTreeMap<String, Curve>,
}

impl Figures {
    pub(crate) fn fitted() -> Outcome<Self> {
        Figures::parse(include_str!("../figures.tsv"))
    }

    fn parse(text: &str) -> Outcome<Self> {
        let mut figures = Figures::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            figures.add(line).ok_or(format!("no figure: {line}"))?;
        }
        Ok(figures)
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let parts: Vec<&str> = line.split('\t').collect();
        let [kind, name, values @ ..] = parts.as_slice() else {
            return None;
        };
        let name = (*name).to_owned();
        let numbers =
            || -> Option<Vec<f64>> { values.iter().map(|value| value.parse().ok()).collect() };
        match (*kind, values) {
            ("bins", _) => drop(self.bins.insert(name, Bins(numbers()?))),
            ("curve", _) => drop(self.curves.insert(name, Curve(numbers()?))),
            ("number", [value]) => drop(self.numbers.insert(name, value.parse().ok()?)),
            ("choice", [value, share]) => {
                let choice = self.choices.entry(name).or_insert(Choice(Vec::new()));
                choice.add(value, share.parse().ok()?);
            }
            _ => return None,
        }
        Some(())
    }

    pub(crate) fn bins(&self, name: &str) -> Outcome<&Bins> {
        self.bins.get(name).ok_or(format!("no bins of {name}"))
    }

    pub(crate) fn number(&self, name: &str) -> Outcome<f64> {
        let number = self.numbers.get(name).copied();
        number.ok_or(format!("no number of {name}"))
    }

    pub(crate) fn choice(&self, name: &str) -> Outcome<&Choice> {
        self.choices.get(name).ok_or(format!("no choice of {name}"))
    }

    pub(crate) fn curve(&self, name: &str) -> Outcome<&Curve> {
        self.curves.get(name).ok_or(format!("no curve of {name}"))
    }
}
