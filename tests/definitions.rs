//! Short forms found in real records, against those a person found (`definitions.tsv` says by which rules).

use crate::material::{parse, shared};
use std::collections::{BTreeMap, BTreeSet};
use trialdex::concept::definitions;
use trialdex::record::Record;
use trialdex::source::{Event, ReadOptions, Source};

/// Where the labelled records stand.
const SOURCES: [&str; 3] = [
    "bulk/ctgov-legacy-xml-6786.tar.zst",
    "bulk/ctgov-v2-349.ndjson.zst",
    "bulk/ictrp-927.csv.zst",
];

/// Of what is found, so much must be right; of what is there, so much must be found.
const PRECISION: f64 = 0.95;
const RECALL: f64 = 0.80;

type Pairs = BTreeSet<(String, String)>;

/// The labels, by record.
fn labels() -> BTreeMap<&'static str, Pairs> {
    let mut labels: BTreeMap<&str, Pairs> = BTreeMap::new();
    let lines = include_str!("definitions.tsv").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let of_record = labels.entry(columns.next().unwrap()).or_default();
        if let (Some(short), Some(long)) = (columns.next(), columns.next()) {
            of_record.insert((short.to_owned(), long.to_owned()));
        }
    }
    labels
}

/// Every text of a value, sponsors, people and places apart.
fn texts<'v>(value: &'v serde_json::Value, texts: &mut Vec<&'v str>) {
    const APART: [&str; 10] = [
        "primary_sponsor",
        "secondary_sponsors",
        "support_sources",
        "responsible_party",
        "sites",
        "officials",
        "public_contact",
        "scientific_contact",
        "references",
        "provenance",
    ];
    match value {
        serde_json::Value::String(text) => texts.push(text),
        serde_json::Value::Array(values) => values.iter().for_each(|v| self::texts(v, texts)),
        serde_json::Value::Object(values) => {
            let own = values
                .iter()
                .filter(|(key, _)| !APART.contains(&key.as_str()));
            own.for_each(|(_, value)| self::texts(value, texts));
        }
        _ => {}
    }
}

fn found(record: &Record) -> Pairs {
    let value = serde_json::to_value(record).unwrap();
    let mut all = Vec::new();
    texts(&value, &mut all);
    let pairs = all.into_iter().flat_map(definitions);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    pairs
        .map(|pair| (words(pair.short), words(&pair.long.to_lowercase())))
        .collect()
}

#[test]
fn short_forms_of_real_records_are_those_a_person_finds() {
    let labels = labels();
    let (mut right, mut all_found, mut all_labelled) = (0, 0, 0);
    let mut seen = BTreeSet::new();
    for source in SOURCES {
        let Some(path) = shared(source) else { return };
        parse(vec![Source::path(path)], &ReadOptions::default(), |event| {
            let Event::Record(parsed) = event else { return };
            let Some(labelled) = labels.get(parsed.record.id()) else {
                return;
            };
            if !seen.insert(parsed.record.id().to_owned()) {
                return;
            }
            let found = found(&parsed.record);
            right += found.intersection(labelled).count();
            all_found += found.len();
            all_labelled += labelled.len();
            for wrong in found.difference(labelled) {
                println!("{} wrong: {wrong:?}", parsed.record.id());
            }
            for missed in labelled.difference(&found) {
                println!("{} missed: {missed:?}", parsed.record.id());
            }
        });
    }
    assert_eq!(seen.len(), labels.len(), "all labelled records were read");
    let precision = f64::from(right as u32) / f64::from(all_found as u32);
    let recall = f64::from(right as u32) / f64::from(all_labelled as u32);
    println!(
        "precision {precision:.3} ({right} of {all_found}), recall {recall:.3} of {all_labelled}"
    );
    assert!(precision >= PRECISION, "precision {precision:.3}");
    assert!(recall >= RECALL, "recall {recall:.3}");
}
