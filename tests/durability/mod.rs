//! What nothing can hurt: the program is killed, its disk fills up, its files rot, and searches go on.
//!
//! `README.md` beside this file lists these tests and the scripts that take minutes.

mod damage;
mod full_disk;
mod kill;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, LazyLock};
use trialdex::index::{Index, Snapshot, UpdateOptions};
use trialdex::query::Query;
use trialdex::results::{SearchOptions, search_ids};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

static SCHEMA: LazyLock<Arc<IndexSchema>> =
    LazyLock::new(|| Arc::new(IndexSchema::shipped().unwrap()));

/// Numbers that look random and are the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }
}

const WORDS: [&str; 25] = [
    "lupus",
    "nephritis",
    "asthma",
    "stem",
    "cells",
    "placebo",
    "insulin",
    "glucose",
    "melanoma",
    "randomised",
    "children",
    "pain",
    "knee",
    "surgery",
    "vitamin",
    "anaemia",
    "hypertension",
    "sclerosis",
    "cancer",
    "lung",
    "stroke",
    "exercise",
    "depression",
    "therapy",
    "vaccine",
];

/// The shipped corpus and a folder of trials that changes from night to night.
struct Sources {
    folder: PathBuf,
    random: Random,
    night: u32,
}

impl Sources {
    fn new(folder: &Path, seed: u64) -> Self {
        let mut sources = Sources {
            folder: folder.join("trials"),
            random: Random(seed),
            night: 0,
        };
        fs::create_dir_all(&sources.folder).unwrap();
        for file in 0..20 {
            sources.write(file);
        }
        sources.mark();
        sources
    }

    fn paths(&self) -> Vec<PathBuf> {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        vec![self.folder.clone(), corpus]
    }

    fn file(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:03}.json"))
    }

    /// Writes a file of some trials; the same trials stand in several files, in several vintages.
    fn write(&mut self, number: u64) {
        let trials: Vec<String> = (0..8).map(|_| self.trial()).collect();
        fs::write(self.file(number), trials.join("\n")).unwrap();
    }

    fn trial(&mut self) -> String {
        let number = self.random.below(400);
        let words: Vec<&str> = (0..12).map(|_| *self.random.choose(&WORDS)).collect();
        let (title, summary) = words.split_at(5);
        let updated = format!(
            "20{:02}-{:02}-01",
            10 + self.random.below(15),
            1 + self.random.below(12)
        );
        study(number, &title.join(" "), &summary.join(" "), &updated)
    }

    /// Every night changes this trial: no two states of the sources are alike.
    fn mark(&self) {
        let title = format!("The state of night {}", self.night);
        let text = study(99_999_999, &title, "none", "2026-01-01");
        fs::write(self.folder.join("state.json"), text).unwrap();
    }

    /// Files come, change, vanish and are renamed.
    fn change(&mut self) {
        self.night += 1;
        self.mark();
        for _ in 0..=self.random.below(4) {
            let number = self.random.below(30);
            let file = self.file(number);
            match self.random.below(5) {
                0 if number > 10 => {
                    let _ = fs::remove_file(&file);
                }
                1 if file.exists() => fs::rename(&file, self.file(30 + number)).unwrap(),
                _ => self.write(number),
            }
        }
    }

    /// What an index of the sources as they are holds when it is built from nothing.
    fn clean_state(&self) -> State {
        let sources = self.paths().into_iter().map(Source::path).collect();
        let schema = Arc::clone(&SCHEMA);
        let options = UpdateOptions::default();
        let (index, _) = Index::in_memory(sources, &[], schema, &options, &mut ()).unwrap();
        State::of(&index.snapshot()).unwrap()
    }
}

/// A study as ClinicalTrials.gov's API gives it.
fn study(number: u64, title: &str, summary: &str, updated: &str) -> String {
    serde_json::json!({"protocolSection": {
        "identificationModule": {"nctId": format!("NCT{number:08}"), "briefTitle": title},
        "statusModule": {"lastUpdatePostDateStruct": {"date": updated}},
        "descriptionModule": {"briefSummary": summary},
    }})
    .to_string()
}

/// All that a search can tell apart: every record, and the hits of 50 queries in their order.
#[derive(Debug, PartialEq)]
struct State {
    records: Vec<String>,
    hits: Vec<Vec<String>>,
}

impl State {
    fn of(snapshot: &Snapshot) -> trialdex::Result<Self> {
        let records = snapshot.records()?;
        let records: Vec<String> = records
            .map(|record| Ok(serde_json::to_string(&record?).unwrap()))
            .collect::<trialdex::Result<_>>()?;
        let queries = WORDS.iter().map(|word| (*word).to_owned());
        let pairs = WORDS.iter().zip(WORDS.iter().skip(7).chain(&WORDS));
        let queries = queries.chain(pairs.map(|(one, other)| format!("{one} {other}")));
        let options = SearchOptions {
            limit: 20,
            ..SearchOptions::default()
        };
        let ids = |query: String| {
            let hits = search_ids(snapshot, &Query::text(&query), &options)?;
            Ok(hits.into_iter().map(|(id, _)| id).collect())
        };
        let hits: Vec<Vec<String>> = queries.map(ids).collect::<trialdex::Result<_>>()?;
        assert_eq!(hits.len(), 50);
        assert!(hits.iter().filter(|hits| hits.is_empty()).count() < 5);
        Ok(State { records, hits })
    }

    /// Which night it is the state of.
    fn night(&self) -> &str {
        let marker = self
            .records
            .iter()
            .find_map(|record| record.split_once("The state of night "));
        marker.map_or("none", |(_, rest)| {
            rest.split('"').next().unwrap_or_default()
        })
    }
}

fn open(root: &Path) -> trialdex::Result<Index> {
    Index::open(root, Arc::clone(&SCHEMA))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Checks that nothing is left beside what an index is made of.
fn no_litter(root: &Path) {
    let names = |path: &Path| -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let parts = ["CURRENT", "LOCK", "generations", "runs"];
    assert!(
        names(root)
            .iter()
            .all(|name| parts.contains(&name.as_str())),
        "{:?}",
        names(root)
    );
    let generations = names(&root.join("generations"));
    assert!(generations.len() <= 2, "{generations:?}");
    let runs = names(&root.join("runs"));
    assert!(runs.iter().all(|name| name.ends_with(".json")), "{runs:?}");
    for generation in generations {
        let path = root.join("generations").join(generation);
        let manifest = fs::read_to_string(path.join("manifest")).unwrap();
        let manifest: serde_json::Value =
            serde_json::from_str(manifest.lines().next().unwrap()).unwrap();
        let mut known: Vec<String> = manifest["files"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        known.push("manifest".to_owned());
        known.sort();
        assert_eq!(names(&path), known);
    }
}
