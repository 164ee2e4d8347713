//! Made-up records are like the real ones their figures were fitted on.

#[path = "../examples/synth/corpus/mod.rs"]
mod corpus;

use crate::material::parse;
use corpus::Maker;
use corpus::draw::bin_end;
use corpus::figures::Figures;
use std::collections::HashSet;
use trialdex::index::field_texts;
use trialdex::record::Record;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, Source};

/// As many records as the figures tell distinct words of.
const RECORDS: u64 = 320;

/// Texts with one value a record, and how their figures are named.
const TEXTS: [(&str, &str); 4] = [
    ("public_title", "public_title"),
    ("scientific_title", "scientific_title"),
    ("brief_summary", "brief_summary"),
    ("detailed_description", "detailed_description"),
];

fn made(seed: u64, night: u64, records: u64) -> Vec<String> {
    let figures = Figures::fitted().unwrap();
    let maker = Maker::new(&figures, seed, night).unwrap();
    let studies = (0..records).map(|number| maker.study(number).unwrap().to_string());
    studies.collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn fitted_mean(figures: &Figures, name: &str) -> f64 {
    let mut begin = 0.0;
    let bins = figures.bins(name).unwrap().0.iter().enumerate();
    let parts = bins.map(|(bin, mean)| {
        let weight = bin_end(bin) - begin;
        begin = bin_end(bin);
        mean * weight
    });
    parts.sum()
}

fn assert_near(what: &str, value: f64, fitted: f64) {
    println!("{what}: {value:.1}, fitted {fitted:.1}");
    assert!(
        (value / fitted - 1.0).abs() < 0.15,
        "{what}: {value}, fitted {fitted}"
    );
}

#[test]
fn a_made_corpus_is_read_whole_and_as_long_and_rich_as_the_real_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("studies.ndjson");
    std::fs::write(&file, made(1, 0, RECORDS).join("\n")).unwrap();
    let mut records: Vec<Record> = Vec::new();
    let report = parse(vec![Source::path(file)], &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event {
            records.push(parsed.record.clone());
        }
    });
    let total = report.total();
    assert_eq!(records.len() as u64, RECORDS);
    assert_eq!(total.record_total().rejected, 0);
    assert!(
        total.warnings.notes.is_empty(),
        "{:?}",
        total.warnings.notes
    );
    assert!(total.warnings.unknown_wordings.is_empty());

    let figures = Figures::fitted().unwrap();
    for (field, name) in TEXTS {
        let texts = records.iter().flat_map(|record| field_texts(record, field));
        let lengths: Vec<usize> = texts.map(|text| words(&text).count()).collect();
        let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
        assert_near(field, mean, fitted_mean(&figures, name));
    }
    assert_words(&records, &figures);
}

fn assert_words(records: &[Record], figures: &Figures) {
    let schema = IndexSchema::shared();
    let (mut all, mut distinct, mut seen) = (0, 0, HashSet::new());
    for record in records {
        let mut own = HashSet::new();
        for field in schema.fields.texts(record.kind()) {
            for text in field_texts(record, &field.name) {
                all += words(&text).count();
                own.extend(words(&text).map(str::to_lowercase));
            }
        }
        distinct += own.len();
        seen.extend(own);
    }
    let a_record = |count: usize| count as f64 / records.len() as f64;
    let fitted = |name: &str| figures.number(name).unwrap();
    assert_near("words", a_record(all), fitted("words.a_record"));
    assert_near(
        "distinct words",
        a_record(distinct),
        fitted("words.distinct_a_record"),
    );
    assert_near(
        "all distinct words",
        seen.len() as f64,
        fitted("words.distinct.320"),
    );
}

#[test]
fn the_same_seed_makes_the_same_records_and_a_night_changes_one_of_a_hundred() {
    let day = made(1, 0, 2000);
    assert_eq!(made(1, 0, 50), day[..50]);
    assert_ne!(made(2, 0, 1), day[..1]);
    let night = made(1, 1, 2000);
    assert_eq!(made(1, 1, 50), night[..50]);
    let changed = day
        .iter()
        .zip(&night)
        .filter(|(old, new)| old != new)
        .count();
    assert!((10..=30).contains(&changed), "{changed} of 2000 changed");
    // What the second night does not change stays as the first left it.
    let next = made(1, 2, 2000);
    let changed = night
        .iter()
        .zip(&next)
        .filter(|(old, new)| old != new)
        .count();
    assert!((10..=30).contains(&changed), "{changed} of 2000 changed");
}
