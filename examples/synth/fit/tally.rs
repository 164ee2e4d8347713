//! Lengths, counts and values of the records of one form.

use super::{print_bins, words};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// What is looked at in the records of a form.
pub(super) struct Plan {
    /// Stands before the names of the figures.
    pub(super) prefix: String,
    /// Texts whose words are counted.
    pub(super) lengths: &'static [&'static str],
    /// Values of few kinds.
    pub(super) choices: &'static [&'static str],
    /// Choices of a path rarer than that share, or met fewer times, are left out.
    pub(super) rare: fn(&str) -> (f64, usize),
}

/// So many of the most frequent values stand however rare they are, if they are not one trial's own.
const ALWAYS: usize = 3;

/// What was found.
pub(super) struct Tally {
    plan: Plan,
    records: usize,
    /// Of a path: of every record how many values, and of every value how many words.
    counts: BTreeMap<&'static str, Vec<usize>>,
    words: BTreeMap<&'static str, Vec<usize>>,
    values: BTreeMap<&'static str, HashMap<String, usize>>,
    sizes: Vec<usize>,
}

impl Tally {
    pub(super) fn new(plan: Plan) -> Self {
        Tally {
            plan,
            records: 0,
            counts: BTreeMap::new(),
            words: BTreeMap::new(),
            values: BTreeMap::new(),
            sizes: Vec::new(),
        }
    }

    pub(super) fn records(&self) -> usize {
        self.records
    }

    pub(super) fn add(&mut self, record: &Value, found: &BTreeMap<String, Vec<String>>) {
        self.records += 1;
        let size = record["sample_size"].as_u64().unwrap_or_default();
        self.sizes.push(size as usize);
        for path in self.plan.lengths {
            let texts = found.get(*path).map_or(&[][..], Vec::as_slice);
            self.counts.entry(path).or_default().push(texts.len());
            let lengths = texts.iter().map(|text| words(text).count());
            self.words.entry(path).or_default().extend(lengths);
        }
        for path in self.plan.choices {
            let values = self.values.entry(path).or_default();
            for value in found.get(*path).into_iter().flatten() {
                if let Some(value) = as_written(value) {
                    *values.entry(value).or_default() += 1;
                }
            }
        }
    }

    pub(super) fn print(&self) {
        for (path, lengths) in &self.words {
            self.print_lengths(path, lengths);
        }
        print_bins(&self.named("sample_size"), &self.sizes);
        self.print_choices();
    }

    /// Prints what it has without the sizes of trials.
    pub(super) fn print_parts(&self) {
        for (path, lengths) in &self.words {
            self.print_lengths(path, lengths);
        }
        self.print_choices();
    }

    fn print_choices(&self) {
        for (path, values) in &self.values {
            self.print_choice(path, values);
        }
    }

    fn named(&self, path: &str) -> String {
        format!("{}{}", self.plan.prefix, short(path))
    }

    fn print_lengths(&self, path: &str, lengths: &[usize]) {
        let name = self.named(path);
        if !lengths.is_empty() {
            print_bins(&name, lengths);
            print_bins(&format!("{name}.count"), &self.counts[path]);
        }
        let parent = path.rsplit_once('.').map(|(parent, _)| parent);
        let siblings = parent.map_or(self.records, |parent| self.parents(parent));
        let share = lengths.len() as f64 / siblings.max(1) as f64;
        println!("number\t{name}\t{share:.4}");
    }

    /// How many values a parent has that may or may not have a text: as many as its best known child.
    fn parents(&self, parent: &str) -> usize {
        let beside = self
            .words
            .iter()
            .filter(|(path, _)| path.starts_with(parent));
        let most = beside.map(|(_, values)| values.len()).max();
        if parent.ends_with("[]") {
            most.unwrap_or_default()
        } else {
            self.records
        }
    }

    fn print_choice(&self, path: &str, values: &HashMap<String, usize>) {
        let name = self.named(path);
        let total: usize = values.values().sum();
        let parent = path
            .rsplit_once('.')
            .filter(|(parent, _)| parent.ends_with("[]"));
        let all = parent.map_or(self.records, |(parent, _)| self.parents(parent));
        let share = (total as f64 / all.max(1) as f64).min(1.0);
        // Of several values a record their count says more.
        if !self.words.contains_key(path) {
            println!("number\t{name}\t{share:.4}");
        }
        let mut sorted: Vec<(&String, &usize)> = values.iter().collect();
        sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let (rare, few) = (self.plan.rare)(path);
        for (rank, (value, count)) in sorted.into_iter().enumerate() {
            let share = *count as f64 / total as f64;
            let often = share >= rare && *count >= few;
            if often || rank < ALWAYS && *count > 1 {
                println!("choice\t{name}\t{value}\t{share:.4}");
            }
        }
    }
}

/// A path without what says how its value is held.
pub(super) fn short(path: &str) -> &str {
    [
        "[].text",
        "[].term",
        "_verbatim[]",
        "_verbatim",
        ".verbatim",
        "[]",
    ]
    .iter()
    .find_map(|end| path.strip_suffix(end))
    .unwrap_or(path)
}

/// A value as it stands in the file: WHO writes the line ends of a cell as tags. `None` for the age
/// bands that are read out of EUCTR's criteria, which no column has.
///
/// A spreadsheet program made dates of IRCT's phases `1-2` and `2-3`.
fn as_written(value: &str) -> Option<String> {
    if value.starts_with("Are the trial subjects") || value.starts_with("F.1.") {
        return None;
    }
    if let Some((female, male)) = value.split_once(" Male: ")
        && female.starts_with("Female: ")
    {
        return Some(format!("<br>{female}<br>Male: {male}<br>"));
    }
    match value {
        "43862" => Some("1-2".to_owned()),
        "43892" => Some("2-3".to_owned()),
        _ => Some(value.replace('\n', "<br>").replace('\t', " ")),
    }
}
