//! Figures of real records, for `figures.tsv`.
//!
//! Lengths, counts and values of few kinds of ClinicalTrials.gov are those of its records in API v2,
//! the form that is made; words and values of many kinds are counted over all records of that
//! registry, for which those in the form are too few. Those of the other registries are counted over
//! the rows of WHO's exports, a registry at a time since each has its own words; what rows do not have
//! is counted over IRCT's protocols. What a change changes is seen where the sources have two vintages
//! of a record.

mod language;
mod rows;
mod tally;

use super::corpus::draw::{BINS, bin_end};
use language::Language;
use rows::Rows;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;
use tally::{Plan, Tally, short};
use trialdex::record::Record;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ParsedRecord, ReadOptions, Source, read};

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
    "recruitment_status_verbatim",
    "study_type_verbatim",
    "phase_verbatim",
    "study_design.allocation_verbatim",
    "study_design.model_verbatim",
    "study_design.purpose_verbatim",
    "study_design.masking_verbatim",
    "study_design.observational_model_verbatim",
    "study_design.time_perspective_verbatim",
    "sex_verbatim",
    "minimum_age_verbatim",
    "maximum_age_verbatim",
    "primary_sponsor_class_verbatim",
    "interventions[].type_verbatim",
    "arms[].type_verbatim",
    "officials[].role_verbatim",
    "sites[].country_verbatim",
    "healthy_volunteers_verbatim",
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

struct Fit {
    /// Records in the form of ClinicalTrials.gov that is made.
    form: Tally,
    rows: Rows,
    names: BTreeMap<String, HashMap<String, usize>>,
    /// Words of all records of the registry, and of those in the form that is made.
    language: Language,
    of_form: Language,
    vintages: HashMap<String, Value>,
    changed: usize,
    changes: BTreeMap<&'static str, usize>,
}

pub(crate) fn print(paths: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let schema = IndexSchema::shipped()?;
    let mut fit = Fit::new();
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
    fn new() -> Self {
        let plan = Plan {
            prefix: String::new(),
            lengths: &LENGTHS,
            choices: &CHOICES,
            rare: |_| (RARE, 0),
        };
        Fit {
            form: Tally::new(plan),
            rows: Rows::new(),
            names: BTreeMap::new(),
            language: Language::default(),
            of_form: Language::default(),
            vintages: HashMap::new(),
            changed: 0,
            changes: BTreeMap::new(),
        }
    }

    fn add(&mut self, parsed: &ParsedRecord, schema: &IndexSchema) -> serde_json::Result<()> {
        let record: Value = serde_json::from_slice(&parsed.json)?;
        let format = parsed.read_as.map_or("", |format| format.as_str());
        if format == "irct_text" {
            self.rows.add_protocol(&record);
            return Ok(());
        }
        if !format.starts_with("ctgov") {
            self.compare(&parsed.record, record);
            return Ok(());
        }
        let found = flatten(&record);
        for path in CURVES {
            let names = self.names.entry(path.to_owned()).or_default();
            for name in found.get(path).into_iter().flatten() {
                *names.entry(name.to_lowercase()).or_default() += 1;
            }
        }
        self.language.add(&parsed.record, schema);
        if format == "ctgov_json" {
            self.form.add(&record, &found);
            self.of_form.add(&parsed.record, schema);
        }
        Ok(())
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

    fn print(mut self) {
        self.form.print();
        for (path, names) in &self.names {
            print_curve(short(path), names.values().copied().collect());
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
        // Of every row its last vintage.
        for record in self.vintages.values() {
            self.rows.add_row(record);
        }
        self.rows.print();
    }
}

/// Every text of a record under its path, and what is true or false; numbers are of no interest.
fn flatten(record: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    collect(record, String::new(), &mut found);
    found
}

fn collect(value: &Value, path: String, found: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                collect(value, format!("{path}{dot}{key}"), found);
            }
        }
        Value::Array(values) => {
            for value in values {
                collect(value, format!("{path}[]"), found);
            }
        }
        Value::String(text) => found.entry(path).or_default().push(text.clone()),
        Value::Bool(is) => found.entry(path).or_default().push(is.to_string()),
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
