//! Figures of real records, for `figures.tsv`.
//!
//! Lengths, counts and values of few kinds are those of the records in ClinicalTrials.gov's API v2,
//! the form that is made; words and values of many kinds are counted over all records of that
//! registry, for which those in the form are too few; what a change changes is seen where the
//! sources have two vintages of a record.

use super::corpus::draw::{BINS, bin_end};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;
use trialdex::index::field_texts;
use trialdex::record::Record;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ParsedRecord, ReadOptions, Source, read};

/// Words that stand in the figures by themselves, the most frequent ones.
const HEAD: usize = 200;

/// Texts whose words are counted.
const LENGTHS: [&str; 32] = [
    "public_title",
    "scientific_title",
    "brief_summary",
    "detailed_description",
    "inclusion_criteria",
    "exclusion_criteria",
    "primary_outcomes[].measure",
    "primary_outcomes[].time_frame",
    "primary_outcomes[].description",
    "secondary_outcomes[].measure",
    "secondary_outcomes[].time_frame",
    "secondary_outcomes[].description",
    "other_outcomes[].measure",
    "other_outcomes[].time_frame",
    "other_outcomes[].description",
    "interventions[].name",
    "interventions[].description",
    "arms[].label",
    "arms[].description",
    "references[].citation",
    "study_design.model_description",
    "conditions[].text",
    "keywords[]",
    "condition_mesh_terms[].term",
    "condition_mesh_ancestors[].term",
    "intervention_mesh_terms[].term",
    "intervention_mesh_ancestors[].term",
    "sites[].facility",
    "sites[].city",
    "officials[].name",
    "primary_sponsor",
    "secondary_sponsors[]",
];

/// Values of few kinds, as the registry words them.
const CHOICES: [&str; 18] = [
    "recruitment_status",
    "study_type",
    "phase",
    "study_design.allocation",
    "study_design.model",
    "study_design.purpose",
    "study_design.masking",
    "study_design.observational_model",
    "study_design.time_perspective",
    "sex",
    "minimum_age",
    "maximum_age",
    "primary_sponsor_class",
    "interventions[].type",
    "arms[].type",
    "officials[].role",
    "sites[].country",
    "healthy_volunteers",
];

/// Values of many kinds.
const CURVES: [&str; 11] = [
    "conditions[].text",
    "keywords[]",
    "interventions[].name",
    "condition_mesh_terms[].term",
    "condition_mesh_ancestors[].term",
    "intervention_mesh_terms[].term",
    "intervention_mesh_ancestors[].term",
    "sites[].facility",
    "sites[].city",
    "officials[].name",
    "primary_sponsor",
];

/// Parts of a record that change by themselves, with what they are in two vintages.
const CHANGES: [(&str, &[&str]); 6] = [
    ("status", &["recruitment_status"]),
    ("titles", &["public_title", "scientific_title"]),
    ("conditions", &["conditions"]),
    ("arms", &["interventions"]),
    ("outcomes", &["primary_outcomes", "secondary_outcomes"]),
    ("criteria", &["inclusion_criteria", "exclusion_criteria"]),
];

/// Choices rarer than that are left out.
const RARE: f64 = 0.004;

#[derive(Default)]
struct Fit {
    records: usize,
    /// Of a path: of every record how many values, and of every value how many words.
    counts: BTreeMap<String, Vec<usize>>,
    words: BTreeMap<String, Vec<usize>>,
    values: BTreeMap<String, HashMap<String, usize>>,
    names: BTreeMap<String, HashMap<String, usize>>,
    sizes: Vec<usize>,
    /// Words of all records of the registry, and of those in the form that is made.
    language: Language,
    of_form: Language,
    vintages: HashMap<String, Value>,
    changed: usize,
    changes: BTreeMap<&'static str, usize>,
}

/// What is counted of words.
#[derive(Default)]
struct Language {
    /// Words of every record: which are the head is known at the end only.
    records: Vec<Vec<Met>>,
    ids: HashMap<String, u32>,
    sentences: usize,
    brackets: usize,
    foreign: usize,
}

/// A word of a record.
struct Met {
    word: u32,
    times: u32,
    /// Times it is met in texts longer than names.
    prose: u32,
}

/// Made names share fewer words than real ones, so prose has to repeat more of its own: by so much, at
/// which `--fit` of made records finds as many distinct words in a record as in a real one.
const REPEATED: f64 = 0.13;

/// A text of no more words is made as a name.
const NAME: usize = 4;

pub(crate) fn print(paths: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let schema = IndexSchema::shipped()?;
    let mut fit = Fit::default();
    let sources = paths.iter().map(Source::path).collect();
    let mut wrong = None;
    read(sources, &schema, &ReadOptions::default(), |event| {
        let Event::Record(parsed) = event else {
            return ControlFlow::Continue(());
        };
        match fit.add(&parsed, &schema) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                wrong = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(wrong) = wrong {
        return Err(wrong.into());
    }
    let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
    let names: Vec<&str> = names.collect();
    println!("# Fitted by `synth --fit` on {}.", names.join(", "));
    fit.print();
    Ok(())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

impl Fit {
    fn add(&mut self, parsed: &ParsedRecord, schema: &IndexSchema) -> serde_json::Result<()> {
        let record: Value = serde_json::from_slice(&parsed.json)?;
        let format = parsed.read_as.map_or("", |format| format.as_str());
        if !format.starts_with("ctgov") {
            self.compare(&parsed.record, record);
            return Ok(());
        }
        let mut found = BTreeMap::<String, Vec<String>>::new();
        flatten(&record, String::new(), &mut found);
        for path in CURVES {
            let names = self.names.entry(path.to_owned()).or_default();
            for name in found.get(path).into_iter().flatten() {
                *names.entry(name.to_lowercase()).or_default() += 1;
            }
        }
        self.language.add(&parsed.record, schema);
        if format == "ctgov_json" {
            self.add_form(&record, &found);
            self.of_form.add(&parsed.record, schema);
        }
        Ok(())
    }

    fn add_form(&mut self, record: &Value, found: &BTreeMap<String, Vec<String>>) {
        self.records += 1;
        let size = record["sample_size"].as_u64().unwrap_or_default();
        self.sizes.push(size as usize);
        for path in LENGTHS {
            let texts = found.get(path).map_or(&[][..], Vec::as_slice);
            self.counts
                .entry(path.to_owned())
                .or_default()
                .push(texts.len());
            let lengths = texts.iter().map(|text| words(text).count());
            self.words
                .entry(path.to_owned())
                .or_default()
                .extend(lengths);
        }
        for path in CHOICES {
            let values = self.values.entry(path.to_owned()).or_default();
            for value in found.get(&format!("{path}_verbatim")).into_iter().flatten() {
                *values.entry(value.clone()).or_default() += 1;
            }
        }
    }

    /// Looks what changed since a record was last met.
    fn compare(&mut self, record: &Record, now: Value) {
        let Some(before) = self.vintages.insert(record.id().to_owned(), now) else {
            return;
        };
        let now = &self.vintages[record.id()];
        let text = |value: &Value| value.to_string().to_lowercase();
        let differs = |keys: &[&str]| {
            keys.iter()
                .any(|key| text(&before[*key]) != text(&now[*key]))
        };
        let changed = CHANGES.iter().filter(|(_, keys)| differs(keys));
        let changed: Vec<&str> = changed.map(|(part, _)| *part).collect();
        self.changed += usize::from(!changed.is_empty());
        for part in changed {
            *self.changes.entry(part).or_default() += 1;
        }
    }

    fn print(&self) {
        for (path, lengths) in &self.words {
            let name = path.strip_suffix("[].text").unwrap_or(path);
            let name = name.strip_suffix("[].term").unwrap_or(name);
            let name = name.strip_suffix("[]").unwrap_or(name);
            print_bins(name, lengths);
            print_bins(&format!("{name}.count"), &self.counts[path]);
            let parent = path.rsplit_once('.').map(|(parent, _)| parent);
            let siblings: usize = parent.map_or(self.records, |parent| self.parents(parent));
            println!(
                "number\t{name}\t{:.4}",
                lengths.len() as f64 / siblings.max(1) as f64
            );
        }
        print_bins("sample_size", &self.sizes);
        for (path, values) in &self.values {
            self.print_choice(path, values);
        }
        for (path, names) in &self.names {
            let name = path.strip_suffix("[].text").unwrap_or(path);
            let name = name.strip_suffix("[].term").unwrap_or(name);
            let name = name.strip_suffix("[]").unwrap_or(name);
            print_curve(name, names.values().copied().collect());
        }
        for (part, _) in CHANGES {
            let share = self.changes.get(part).copied().unwrap_or_default() as f64;
            println!(
                "number\tchanges.{part}\t{:.4}",
                share / self.changed.max(1) as f64
            );
        }
        self.of_form.print_shape();
        self.language.print_frequencies();
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

    fn print_choice(&self, name: &str, values: &HashMap<String, usize>) {
        let total: usize = values.values().sum();
        if total == 0 {
            return;
        }
        let parent = name
            .rsplit_once('.')
            .filter(|(parent, _)| parent.ends_with("[]"));
        let all = parent.map_or(self.records, |(parent, _)| self.parents(parent));
        println!(
            "number\t{name}\t{:.4}",
            (total as f64 / all.max(1) as f64).min(1.0)
        );
        let mut sorted: Vec<(&String, &usize)> = values.iter().collect();
        sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (value, count) in sorted {
            let share = *count as f64 / total as f64;
            if share >= RARE {
                println!("choice\t{name}\t{value}\t{share:.4}");
            }
        }
    }
}

/// Every text of a record under its path; numbers and the like are of no interest.
fn flatten(value: &Value, path: String, found: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(value, format!("{path}{dot}{key}"), found);
            }
        }
        Value::Array(values) => {
            for value in values {
                flatten(value, format!("{path}[]"), found);
            }
        }
        Value::String(text) => found.entry(path).or_default().push(text.clone()),
        _ => {}
    }
}

fn print_bins(name: &str, values: &[usize]) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let count = sorted.len() as f64;
    let mut begin = 0;
    let means = (0..BINS).map(|bin| {
        let end = (bin_end(bin) * count).round() as usize;
        let part = &sorted[begin..end.min(sorted.len())];
        // A bin without a value of its own has that where it stands.
        let near = sorted.get(begin.min(sorted.len().saturating_sub(1)));
        let near = near.copied().unwrap_or_default() as f64;
        begin = end;
        match part.len() {
            0 => near,
            parts => part.iter().sum::<usize>() as f64 / parts as f64,
        }
    });
    let means: Vec<String> = means.map(|mean| format!("{mean:.2}")).collect();
    println!("bins\t{name}\t{}", means.join("\t"));
}

/// Shares of doublings of ranks as long as what stands at their beginning is met four times; what
/// comes after is the tail.
fn print_curve(name: &str, mut met: Vec<usize>) {
    met.sort_unstable_by_key(|times| std::cmp::Reverse(*times));
    let total = met.iter().sum::<usize>().max(1) as f64;
    let (mut shares, mut rank) = (Vec::new(), 1);
    while 2 * rank <= met.len() && met[2 * rank - 1] >= 4 {
        shares.push(met[rank - 1..2 * rank - 1].iter().sum::<usize>() as f64 / total);
        rank *= 2;
    }
    shares.push(met[rank - 1..].iter().sum::<usize>() as f64 / total);
    let shares: Vec<String> = shares.iter().map(|share| format!("{share:.6}")).collect();
    println!("curve\t{name}\t{}", shares.join("\t"));
}

impl Language {
    fn add(&mut self, record: &Record, schema: &IndexSchema) {
        let mut own = HashMap::<u32, (u32, u32)>::new();
        for field in schema.fields.texts(record.kind()) {
            for text in field_texts(record, &field.name) {
                self.sentences += text.matches(['.', '\n', ';']).count().max(1);
                self.brackets += text.matches('(').count();
                self.foreign += text.chars().filter(|letter| !letter.is_ascii()).count();
                let prose = words(&text).count() > NAME;
                for word in words(&text) {
                    let next = self.ids.len() as u32;
                    let id = *self.ids.entry(word.to_lowercase()).or_insert(next);
                    let (times, in_prose) = own.entry(id).or_default();
                    *times += 1;
                    *in_prose += u32::from(prose);
                }
            }
        }
        let met = own.into_iter();
        self.records.push(
            met.map(|(word, (times, prose))| Met { word, times, prose })
                .collect(),
        );
    }

    /// How often words are met: of all, and in how many records.
    fn met(&self) -> Vec<(usize, usize)> {
        let mut met = vec![(0usize, 0usize); self.ids.len()];
        for one in self.records.iter().flatten() {
            met[one.word as usize].0 += one.times as usize;
            met[one.word as usize].1 += 1;
        }
        met
    }

    /// The words by how often they are met, each with its number.
    fn sorted(&self, met: &[(usize, usize)]) -> Vec<(&String, usize)> {
        let words = self.ids.iter().map(|(word, id)| (word, *id as usize));
        let mut sorted: Vec<(&String, usize)> = words.collect();
        sorted.sort_by(|a, b| met[b.1].0.cmp(&met[a.1].0).then(a.0.cmp(b.0)));
        sorted
    }

    fn print_shape(&self) {
        let met = self.met();
        let sorted = self.sorted(&met);
        let all: usize = met.iter().map(|met| met.0).sum();
        let of_head: usize = sorted.iter().take(HEAD).map(|(_, id)| met[*id].0).sum();
        let head: HashSet<usize> = sorted.iter().take(HEAD).map(|(_, id)| *id).collect();
        let rest = || {
            self.records
                .iter()
                .flatten()
                .filter(|met| !head.contains(&(met.word as usize)))
        };
        let prose: u32 = rest().map(|met| met.prose).sum();
        let fresh = rest()
            .filter(|met| met.prose > 0 && met.prose == met.times)
            .count();
        let records = self.records.len().max(1) as f64;
        let distinct: usize = self.records.iter().map(Vec::len).sum();
        let number = |name: &str, value: f64| println!("number\twords.{name}\t{value:.5}");
        number("head", of_head as f64 / all as f64);
        // In prose a word that was met, in a name or in prose, is no new draw.
        number("again", 1.0 - fresh as f64 / f64::from(prose) + REPEATED);
        number("sentence", all as f64 / self.sentences as f64);
        number("bracket", self.brackets as f64 / all as f64);
        number("foreign", self.foreign as f64 / all as f64);
        number("a_record", all as f64 / records);
        number("distinct_a_record", distinct as f64 / records);
        self.print_growth();
    }

    fn print_frequencies(&self) {
        let met = self.met();
        let sorted = self.sorted(&met);
        let of_head: usize = sorted.iter().take(HEAD).map(|(_, id)| met[*id].0).sum();
        for (word, id) in sorted.iter().take(HEAD) {
            let share = met[*id].0 as f64 / of_head as f64;
            println!("choice\twords.head\t{word}\t{share:.5}");
        }
        let rest = sorted.iter().skip(HEAD);
        print_curve("words", rest.map(|(_, id)| met[*id].1).collect());
    }

    /// Distinct words after every doubling of records: Heaps' law as it is.
    fn print_growth(&self) {
        let mut seen = HashSet::new();
        let mut next = 40;
        for (number, record) in self.records.iter().enumerate() {
            seen.extend(record.iter().map(|met| met.word));
            if number + 1 == next {
                println!("number\twords.distinct.{next}\t{}", seen.len());
                next *= 2;
            }
        }
    }
}
