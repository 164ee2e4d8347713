//! The same trial read from two formats has the same values.

use crate::record::Record;
use crate::schema::IndexSchema;
use crate::source::{Event, ReadOptions, Source, read};
use serde_json::{Map, Value};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn trial(path: &Path) -> Map<String, Value> {
    let schema = IndexSchema::shipped().unwrap();
    let mut found = Vec::new();
    let sources = vec![Source::path(path)];
    let report = read(sources, &schema, &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event {
            let record: Record = serde_json::from_slice(&parsed.json).unwrap();
            found.push(serde_json::to_value(record).unwrap());
        }
        ControlFlow::Continue(())
    });
    report.unwrap();
    match found.pop() {
        Some(Value::Object(trial)) => trial,
        _ => panic!("{}: no trial", path.display()),
    }
}

/// Differences between two readings of one trial, those left out that the formats themselves make.
fn differences(xml: &Path, json: &Path) -> Vec<String> {
    let (xml, json) = (comparable(trial(xml)), comparable(trial(json)));
    let mut keys: Vec<&String> = xml.keys().chain(json.keys()).collect();
    keys.sort();
    keys.dedup();
    let differs = |key: &&String| xml.get(*key) != json.get(*key);
    let differing = keys.into_iter().filter(differs);
    let show = |key: &String| {
        format!(
            "{key}\n  xml  {:?}\n  json {:?}",
            xml.get(key),
            json.get(key)
        )
    };
    differing.map(show).collect()
}

fn comparable(mut trial: Map<String, Value>) -> Map<String, Value> {
    // Legacy XML has no ancestors of MeSH terms, nor who issued a number. Its MeSH terms are
    // assigned anew with each year's thesaurus, not with each update of a record.
    for key in [
        "condition_mesh_terms",
        "condition_mesh_ancestors",
        "intervention_mesh_terms",
        "intervention_mesh_ancestors",
        "secondary_id_issuers",
    ] {
        trial.remove(key);
    }
    // It knows four classes of sponsors.
    if let Some(Value::String(class)) = trial.get_mut("primary_sponsor_class")
        && !matches!(class.as_str(), "industry" | "nih" | "fed")
    {
        *class = "other".to_owned();
    }
    // The registry adds articles, and PubMed's wording of citations, without an update of the record.
    if let Some(Value::Array(references)) = trial.get_mut("references") {
        references.retain(|reference| reference["type"] == "result");
        for reference in references {
            *reference = reference["pmid"].take();
        }
    }
    for (key, value) in &mut trial {
        simplify(key, value);
    }
    trial.retain(|key, _| !is_spelling(key));
    trial
}

/// The registry's spellings differ from format to format.
fn is_spelling(key: &str) -> bool {
    key.ends_with("_verbatim") || key == "responsible_party"
}

fn simplify(key: &str, value: &mut Value) {
    match value {
        // The old API tells texts without bullets and numbers, API v2 has `* ` for `- `.
        Value::String(text) => *text = words(text),
        Value::Array(values) => {
            values.iter_mut().for_each(|value| simplify(key, value));
            // The order of references and of an intervention's arms means nothing.
            if matches!(key, "references" | "arms") {
                values.sort_by_key(Value::to_string);
            }
        }
        Value::Object(fields) => {
            fields.retain(|key, _| !is_spelling(key) && key != "geo_point");
            // The registry renames organisations without an update of the record.
            fields.remove("affiliation");
            for (key, value) in fields.iter_mut() {
                simplify(key, value);
            }
        }
        _ => {}
    }
}

fn words(text: &str) -> String {
    let is_mark = |word: &&str| {
        let number = word.trim_end_matches(['.', ')']);
        !matches!(*word, "*" | "-") && (number == *word || number.parse::<u8>().is_err())
    };
    let words: Vec<&str> = text.split_whitespace().filter(is_mark).collect();
    words.join(" ")
}

#[test]
fn api_v2_and_legacy_xml_tell_the_same() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source");
    let xml = source.join("ctgov_xml/samples/NCT00000410.xml");
    let json = source.join("ctgov_json/samples/NCT00000410.json");
    let differences = differences(&xml, &json);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
#[expect(clippy::print_stdout, reason = "says why it proves nothing here")]
fn the_old_api_and_legacy_xml_tell_the_same() {
    let shared = std::env::var_os("TRIALDEX_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let samples = shared.unwrap_or(beside).join("samples");
    if !samples.is_dir() {
        println!("passed over: no shared material at {}", samples.display());
        return;
    }
    for id in ["NCT00023673", "NCT02028676"] {
        let xml = samples.join(format!("ctgov-xml/{id}.xml"));
        let json = samples.join(format!("ctgov-v1/{id}.json"));
        let differences = differences(&xml, &json);
        assert!(differences.is_empty(), "{id}: {}", differences.join("\n"));
    }
}
