//! After any number of nights an index equals one built from nothing.

use super::bench::SCHEMA;
use crate::identity::Groups;
use crate::index::{Counts, Index, IndexWriter, Snapshot, UpdateOptions, verify, verify_deep};
use crate::query::Query;
use crate::record::{Record, Trial};
use crate::reindex::{ReindexOptions, reindex};
use crate::results::{SearchOptions, search_ids};
use crate::source::{Event, ReadOptions, Source, read};
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

const NIGHTS: usize = 50;

/// Numbers that look like chance and are the same on every machine (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// All trials of the shipped corpus.
fn corpus() -> Vec<Trial> {
    let mut trials = Vec::new();
    let source = Source::path(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"));
    read(vec![source], &SCHEMA, &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event
            && let Record::Trial(trial) = parsed.record
        {
            trials.push(*trial);
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    trials
}

/// A record as a registry might give it another day: another title, another date.
fn vintage(trial: &Trial, chance: &mut Chance) -> String {
    let mut trial = trial.clone();
    let words = ["pilot", "extension", "follow-up", "randomised", "open"];
    let title = trial.public_title.unwrap_or_default();
    trial.public_title = Some(format!("{title} {}", words[chance.below(words.len())]));
    trial.last_update_date = format!(
        "20{:02}-0{}-1{}",
        10 + chance.below(15),
        1 + chance.below(9),
        chance.below(9)
    )
    .parse()
    .ok();
    serde_json::to_string(&Record::Trial(Box::new(trial))).unwrap()
}

/// Some words of the corpus's titles and conditions: 50 queries.
fn queries(trials: &[Trial], chance: &mut Chance) -> Vec<Query> {
    let texts = trials.iter().filter_map(|trial| trial.title());
    let words: Vec<&str> = texts
        .flat_map(str::split_whitespace)
        .filter(|word| word.len() > 3)
        .collect();
    let query = |_| {
        let count = 1 + chance.below(3);
        let words: Vec<&str> = (0..count)
            .map(|_| words[chance.below(words.len())])
            .collect();
        let words = words.join(" ").replace(|c: char| !c.is_alphanumeric(), " ");
        Query::text(&words)
    };
    (0..50).map(query).collect()
}

/// Everything a searcher can tell of an index.
#[derive(Debug, PartialEq)]
struct Seen {
    records: Vec<String>,
    counts: Counts,
    groups: Groups,
    hits: Vec<Vec<(String, f64)>>,
}

fn seen(snapshot: &Snapshot, queries: &[Query]) -> Seen {
    let options = SearchOptions {
        limit: usize::MAX,
        ..SearchOptions::default()
    };
    let hits = queries
        .iter()
        .map(|query| search_ids(snapshot, query, &options).unwrap());
    let json = |record: crate::Result<Record>| serde_json::to_string(&record.unwrap()).unwrap();
    Seen {
        records: snapshot.records().unwrap().map(json).collect(),
        counts: snapshot.counts().clone(),
        groups: snapshot.groups().unwrap().clone(),
        hits: hits.collect(),
    }
}

/// One night's changes: files written, removed and renamed.
fn change(folder: &Path, trials: &[Trial], chance: &mut Chance) {
    for _ in 0..1 + chance.below(4) {
        let path = folder.join(format!("{}.jsonl", chance.below(12)));
        match chance.below(6) {
            0 => drop(fs::remove_file(path)),
            1 => drop(fs::rename(
                path,
                folder.join(format!("{}.jsonl", chance.below(12))),
            )),
            2 => {
                // A record more at the beginning: the others move.
                let old = fs::read_to_string(&path).unwrap_or_default();
                let new = vintage(&trials[chance.below(trials.len())], chance);
                fs::write(path, format!("{new}\n{old}")).unwrap();
            }
            _ => {
                let count = 1 + chance.below(6);
                let line = |_| vintage(&trials[chance.below(trials.len())], chance);
                let lines: Vec<String> = (0..count).map(line).collect();
                fs::write(path, lines.join("\n")).unwrap();
            }
        }
    }
}

#[test]
fn after_fifty_nights_records_counts_and_ranked_hits_equal_those_of_a_build_from_nothing() {
    let trials = corpus();
    assert!(trials.len() > 20);
    let mut chance = Chance(0x7121_a1de_c5ee_d001);
    let queries = queries(&trials, &mut chance);
    let folder = tempfile::tempdir().unwrap();
    let (source, root) = (folder.path().join("source"), folder.path().join("index"));
    fs::create_dir(&source).unwrap();
    let options = ReindexOptions {
        accept: true,
        ..ReindexOptions::default()
    };
    let mut writer = IndexWriter::open(&root, Arc::clone(&SCHEMA)).unwrap();
    writer.add(Source::path(&source), Vec::new()).unwrap();
    let (mut hits, mut superseded) = (0, 0);
    for night in 1..=NIGHTS {
        change(&source, &trials, &mut chance);
        writer.read_all();
        reindex(&mut writer, &options, &mut ()).unwrap();
        if ![10, 30, NIGHTS].contains(&night) {
            continue;
        }
        let index = Index::open(&root, Arc::clone(&SCHEMA)).unwrap();
        let (fresh, _) = Index::in_memory(
            vec![Source::path(&source)],
            &[],
            Arc::clone(&SCHEMA),
            &UpdateOptions::default(),
            &mut (),
        )
        .unwrap();
        let own = seen(&index.snapshot(), &queries);
        assert_eq!(own, seen(&fresh.snapshot(), &queries), "night {night}");
        hits += own.hits.iter().map(Vec::len).sum::<usize>();
        superseded += own.counts.superseded;
    }
    assert!(
        hits > 300 && superseded > 20,
        "{hits} hits, {superseded} superseded"
    );
    drop(writer);
    assert!(verify(&root, &SCHEMA).unwrap().damage.is_empty());
    let compared = verify_deep(&root, &SCHEMA, &UpdateOptions::default(), &mut ()).unwrap();
    assert!(
        compared.damage.is_empty() && compared.changed_files.is_empty(),
        "{compared:?}"
    );
}
