//! The same trial read from two formats has the same values.

use crate::record::{Format, Record};
use crate::schema::IndexSchema;
use crate::source::context::Context;
use crate::source::{
    Cutter, Event, FORMATS, RawBody, RawRecord, ReadOptions, Reason, Source, read,
};
use proptest::prelude::*;
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

/// What a cutter gave.
#[derive(Default)]
struct Cuts {
    bodies: Vec<RawBody>,
    rejections: usize,
}

impl Cutter for Cuts {
    fn record(&mut self, body: RawBody, _: Option<u64>) -> bool {
        self.bodies.push(body);
        true
    }

    fn rejected(&mut self, _: Option<u64>, _: Reason) -> bool {
        self.rejections += 1;
        true
    }
}

/// Cuts and converts bytes as a format; answers how many records and rejections they gave.
fn outcomes(schema: &IndexSchema, format: Format, mut bytes: &[u8]) -> (usize, usize) {
    let mut formats = FORMATS.iter();
    let format = formats.find(|known| known.format() == format).unwrap();
    let mut cuts = Cuts::default();
    format.cut(&mut bytes, &mut cuts).unwrap();
    let (mut records, mut rejections) = (0, cuts.rejections);
    for body in cuts.bodies {
        let provenance = Default::default();
        let raw = RawRecord { body, provenance };
        match format.convert(&raw, &mut Context::new(schema, &raw.provenance)) {
            Ok(_) => records += 1,
            Err(_) => rejections += 1,
        }
    }
    (records, rejections)
}

/// Files that hold nothing wrong.
const WHOLE: [(Format, &[u8]); 4] = [
    (
        Format::CtgovJson,
        include_bytes!("../ctgov_json/samples/page.json"),
    ),
    (
        Format::CtgovJsonV1,
        include_bytes!("../ctgov_json_v1/samples/FullStudies.json"),
    ),
    (
        Format::CtgovXml,
        include_bytes!("../ctgov_xml/samples/NCT04338568.xml"),
    ),
    (
        Format::CtgovXml,
        include_bytes!("../ctgov_xml/samples/NCT00002786.xml"),
    ),
];

/// Files of lines, some of them broken.
const LINES: [(Format, &[u8]); 3] = [
    (
        Format::CtgovJson,
        include_bytes!("../ctgov_json/samples/broken.ndjson"),
    ),
    (
        Format::TrialdexJsonl,
        include_bytes!("../jsonl/samples/documents.jsonl"),
    ),
    (
        Format::Document,
        include_bytes!("../jsonl/samples/documents.jsonl"),
    ),
];

#[test]
fn a_truncated_file_gives_a_rejection() {
    let schema = IndexSchema::shipped().unwrap();
    for (format, bytes) in WHOLE {
        for part in 1..20 {
            let head = bytes.get(..bytes.len() * part / 20).unwrap();
            let (_, rejections) = outcomes(&schema, format, head);
            assert_eq!(rejections, 1, "{format} cut at {} bytes", head.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damaged_bytes_never_panic(
        sample in 0..WHOLE.len() + LINES.len(),
        cut in 0.0..1.2_f64,
        damage in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 0..12),
    ) {
        let schema = IndexSchema::shipped().unwrap();
        let mut samples = WHOLE.into_iter().chain(LINES);
        let (format, bytes) = samples.nth(sample).unwrap();
        let mut bytes = bytes.to_vec();
        let length = bytes.len() as f64;
        for (place, byte) in damage {
            bytes[(place * length) as usize] = byte;
        }
        bytes.truncate((cut * length) as usize);
        let _ = outcomes(&schema, format, &bytes);
    }
}
