//! Made-up records are like the real ones their figures were fitted on.

#[path = "../examples/synth/corpus/mod.rs"]
mod corpus;

use crate::material::parse;
use corpus::draw::bin_end;
use corpus::figures::Figures;
use corpus::mix::{KINDS, Kind, Mix};
use corpus::{Maker, header};
use std::collections::{HashMap, HashSet};
use std::fs;
use trialdex::index::field_texts;
use trialdex::record::Record;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, Source};

/// As many records as the figures tell distinct words of.
const RECORDS: u64 = 320;

/// Texts with one value a record, which their figures are named after.
const TEXTS: [&str; 4] = [
    "public_title",
    "scientific_title",
    "brief_summary",
    "detailed_description",
];

/// Records as they stand in their files.
fn made(kind: Kind, seed: u64, night: u64, records: u64) -> Vec<String> {
    let figures = Figures::fitted().unwrap();
    let maker = Maker::new(&figures, seed, night).unwrap();
    let record = |number| match kind {
        Kind::Ctgov => maker.study(number).unwrap().to_string(),
        Kind::Ictrp => maker.row(number).unwrap(),
        Kind::Irct => maker.protocol_file(number).unwrap().1,
    };
    (0..records).map(record).collect()
}

/// Reads records of a kind from files as the generator writes them; nothing may be rejected or noted.
fn read_whole(kind: Kind, made: &[String]) -> Vec<Record> {
    let folder = tempfile::TempDir::new().unwrap();
    let file = |name: String, text: String| fs::write(folder.path().join(name), text).unwrap();
    match kind {
        Kind::Ctgov => file("studies.ndjson".to_owned(), made.join("\n")),
        Kind::Ictrp => file("ictrp.csv".to_owned(), header() + &made.concat()),
        Kind::Irct => {
            let texts = made.iter().enumerate();
            texts.for_each(|(number, text)| file(format!("{number}.txt"), text.clone()));
        }
    }
    let mut records: Vec<Record> = Vec::new();
    let source = Source::path(folder.path());
    let report = parse(vec![source], &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event {
            records.push(parsed.record.clone());
        }
    });
    let total = report.total();
    assert_eq!(records.len(), made.len(), "{kind:?}");
    assert_eq!(total.record_total().rejected, 0, "{kind:?}");
    let warnings = &total.warnings;
    assert!(warnings.notes.is_empty(), "{kind:?}: {:?}", warnings.notes);
    assert!(
        warnings.unknown_wordings.is_empty(),
        "{kind:?}: {:?}",
        warnings.unknown_wordings
    );
    records
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

/// The mean words of a field are those of its figure.
fn assert_lengths(records: &[&Record], field: &str, figures: &Figures, figure: &str) {
    let texts = records.iter().flat_map(|record| field_texts(record, field));
    let lengths: Vec<usize> = texts.map(|text| words(&text).count()).collect();
    let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
    assert_near(figure, mean, fitted_mean(figures, figure));
}

#[test]
fn a_made_corpus_is_read_whole_and_as_long_and_rich_as_the_real_one() {
    let records = read_whole(Kind::Ctgov, &made(Kind::Ctgov, 1, 0, RECORDS));
    let figures = Figures::fitted().unwrap();
    let all: Vec<&Record> = records.iter().collect();
    for field in TEXTS {
        assert_lengths(&all, field, &figures, field);
    }
    assert_words(&records, &figures);
}

/// Texts whose lengths a registry's rows have, and their figures.
const OF_ROWS: [(&str, &str); 4] = [
    ("public_title", "public_title"),
    ("scientific_title", "scientific_title"),
    ("inclusion", "inclusion_criteria"),
    ("exclusion", "exclusion_criteria"),
];

#[test]
fn rows_of_who_are_read_whole_and_as_long_as_each_registry_s_real_ones() {
    let records = read_whole(Kind::Ictrp, &made(Kind::Ictrp, 1, 0, 4000));
    let figures = Figures::fitted().unwrap();
    let of = |registry: &str| -> Vec<&Record> {
        let of_registry = |record: &&Record| match record {
            Record::Trial(trial) => trial.registry.to_string() == registry,
            Record::Article(_) => false,
        };
        records.iter().filter(of_registry).collect()
    };
    for registry in ["chictr", "euctr"] {
        for (field, name) in OF_ROWS {
            let figure = format!("ictrp.{registry}.{name}");
            assert_lengths(&of(registry), field, &figures, &figure);
        }
    }
    let share = of("ctgov").len() as f64 / records.len() as f64;
    assert!((share - 0.56).abs() < 0.03, "{share} of rows are copies");
}

#[test]
fn protocols_are_read_whole_and_as_long_as_real_ones() {
    let records = read_whole(Kind::Irct, &made(Kind::Irct, 1, 0, 500));
    let figures = Figures::fitted().unwrap();
    let all: Vec<&Record> = records.iter().collect();
    for (field, name) in OF_ROWS {
        assert_lengths(&all, field, &figures, &format!("ictrp.irct.{name}"));
    }
}

#[test]
fn a_row_of_a_registry_whose_files_are_made_is_of_the_trial_in_them() {
    let mut of_files = HashMap::new();
    for kind in [Kind::Ctgov, Kind::Irct] {
        for record in read_whole(kind, &made(kind, 1, 1, 200)) {
            of_files.insert(record.id().to_owned(), record);
        }
    }
    let rows = read_whole(Kind::Ictrp, &made(Kind::Ictrp, 1, 1, 200));
    let mut both = HashMap::<String, usize>::new();
    for row in &rows {
        let (Record::Trial(row), Some(Record::Trial(own))) = (row, of_files.get(row.id())) else {
            continue;
        };
        *both.entry(row.registry.to_string()).or_default() += 1;
        assert_eq!(row.public_title, own.public_title);
        assert_eq!(row.sample_size, own.sample_size);
        assert_eq!(row.first_enrollment_date, own.first_enrollment_date);
        let measures = |trial: &trialdex::record::Trial| -> Vec<_> {
            let outcomes = trial.primary_outcomes.iter();
            outcomes.map(|own| own.measure.clone()).collect()
        };
        assert_eq!(measures(row), measures(own));
    }
    assert!(both["ctgov"] > 90 && both["irct"] > 5, "{both:?}");
}

#[test]
fn a_mix_gives_every_record_to_one_kind() {
    let mix = Mix::parse("ctgov=80,ictrp=15,irct=5").unwrap();
    let of_each = |records| KINDS.map(|(kind, _)| mix.of_first(records, kind));
    assert_eq!(of_each(3000), [2400, 450, 150]);
    for records in 0..300 {
        assert_eq!(of_each(records).iter().sum::<u64>(), records);
        let next = of_each(records + 1).into_iter().zip(of_each(records));
        assert!(next.into_iter().all(|(next, now)| next >= now));
    }
    assert_eq!(Mix::plain().of_first(77, Kind::Ctgov), 77);
    for wrong in ["", "ctgov", "ctgov=x", "who=1", "irct=0"] {
        assert!(Mix::parse(wrong).is_err(), "{wrong}");
    }
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
    for (kind, name) in KINDS {
        let made = |seed, night, records| made(kind, seed, night, records);
        let day = made(1, 0, 2000);
        assert_eq!(made(1, 0, 50), day[..50]);
        assert_ne!(made(2, 0, 1), day[..1]);
        let night = made(1, 1, 2000);
        assert_eq!(made(1, 1, 50), night[..50]);
        assert_changed(name, &day, &night);
        // What the second night does not change stays as the first left it.
        assert_changed(name, &night, &made(1, 2, 2000));
    }
}

fn assert_changed(kind: &str, before: &[String], after: &[String]) {
    let pairs = before.iter().zip(after);
    let changed = pairs.filter(|(old, new)| old != new).count();
    assert!((10..=30).contains(&changed), "{changed} of 2000 {kind}");
}
