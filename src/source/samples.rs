//! Real records with the results expected of them: every `<format>/samples/` folder, checked by one test.
//!
//! Beside a sample `NAME` stands `NAME.expected.json`: its records as an array, a rejection as
//! `{"rejected": reason}`, what is left out as `"draft"` or `"ignored"`. `TRIALDEX_BLESS=1`
//! writes the files anew; what it writes wants to be read against the sample before it is kept.

use crate::record::Record;
use crate::schema::IndexSchema;
use crate::source::{Event, ReadOptions, Source, read};
use serde::Serialize;
use serde_json::Value;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const EXPECTED: &str = ".expected.json";

fn folder(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// All samples of all formats.
fn samples() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source");
    let folders = folder(&source)
        .into_iter()
        .map(|format| format.join("samples"));
    let files = folders
        .filter(|samples| samples.is_dir())
        .flat_map(|samples| folder(&samples));
    files
        .filter(|file| !file.to_string_lossy().ends_with(EXPECTED))
        .collect()
}

/// What became of a record; without provenance, which names this machine's folders.
#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Record(Record),
    Rejected { rejected: String },
    LeftOut(&'static str),
}

fn outcomes(schema: &IndexSchema, sample: &Path) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let sources = vec![Source::path(sample)];
    let report = read(sources, schema, &ReadOptions::default(), |event| {
        outcomes.push(match event {
            Event::Record(parsed) => Outcome::Record(serde_json::from_slice(&parsed.json).unwrap()),
            Event::Rejected { rejection, .. } => Outcome::Rejected {
                rejected: rejection.reason.message,
            },
            Event::Draft { .. } => Outcome::LeftOut("draft"),
            Event::FileBegins { .. } | Event::FileEnds { .. } | Event::FileUnchanged { .. } => {
                return ControlFlow::Continue(());
            }
        });
        ControlFlow::Continue(())
    });
    if report.unwrap().total().files.ignored > 0 {
        outcomes.push(Outcome::LeftOut("ignored"));
    }
    outcomes
}

#[test]
fn every_sample_gives_the_records_expected_of_it() {
    let schema = IndexSchema::shipped().unwrap();
    let bless = std::env::var_os("TRIALDEX_BLESS").is_some();
    let mut wrong = Vec::new();
    for sample in samples() {
        let expected = PathBuf::from(format!("{}{EXPECTED}", sample.display()));
        let found = outcomes(&schema, &sample);
        if bless {
            let pretty = serde_json::to_string_pretty(&found).unwrap();
            fs::write(&expected, pretty + "\n").unwrap();
            continue;
        }
        let text = fs::read_to_string(&expected).unwrap_or_default();
        let told: Value = serde_json::from_str(&text).unwrap_or_default();
        let mut differences = Vec::new();
        let found = serde_json::to_value(&found).unwrap();
        compare("", &told, &found, &mut differences);
        wrong.extend(
            differences
                .iter()
                .map(|d| format!("{}: {d}", expected.display())),
        );
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_expected_file_has_its_sample() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source");
    for samples in folder(&source)
        .into_iter()
        .map(|format| format.join("samples"))
    {
        if !samples.is_dir() {
            continue;
        }
        for file in folder(&samples) {
            if let Some(sample) = file.to_string_lossy().strip_suffix(EXPECTED) {
                assert!(
                    Path::new(sample).is_file(),
                    "{} has no sample",
                    file.display()
                );
            }
        }
    }
}

/// Lists where two values differ, by JSON path.
fn compare(path: &str, told: &Value, found: &Value, out: &mut Vec<String>) {
    match (told, found) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let (told, found) = (a.get(key), b.get(key));
                let null = &Value::Null;
                let below = format!("{path}.{key}");
                compare(&below, told.unwrap_or(null), found.unwrap_or(null), out);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (told, found)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{index}]"), told, found, out);
            }
        }
        _ if told == found => {}
        _ => out.push(format!("{path}: expected {told}, found {found}")),
    }
}
