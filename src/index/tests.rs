//! What an index promises, tested over whole updates.

use super::forms::Forms;
use super::*;
use crate::error::ErrorKind;
use crate::record::{Format, Kind, Provenance, Record, Registry, Trial};
use crate::schema::IndexSchema;
use crate::source::Source;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use tantivy::Term;

mod damage;
mod groups;
mod power;
mod readers;
mod steps;

static SCHEMA: LazyLock<Arc<IndexSchema>> =
    LazyLock::new(|| Arc::new(IndexSchema::shipped().unwrap()));

/// A study as ClinicalTrials.gov's API gives it.
fn study(number: u32, title: &str, updated: &str) -> String {
    format!(
        r#"{{"protocolSection":{{"identificationModule":{{"nctId":"NCT{number:08}","briefTitle":"{title}"}},"statusModule":{{"lastUpdatePostDateStruct":{{"date":"{updated}"}}}}}}}}"#
    )
}

/// A folder of sources and a folder for the index.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(files: &[(&str, String)]) -> Self {
        let bench = Bench {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(bench.source()).unwrap();
        for (name, content) in files {
            bench.write(name, content);
        }
        bench
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("source")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.source().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn delete(&self, name: &str) {
        fs::remove_file(self.source().join(name)).unwrap();
    }

    fn writer(&self) -> IndexWriter {
        IndexWriter::open(self.root(), Arc::clone(&SCHEMA)).unwrap()
    }

    /// Reads the folder of sources into the index.
    fn update(&self) -> UpdateReport {
        self.update_with(&UpdateOptions::default()).unwrap()
    }

    fn update_with(&self, options: &UpdateOptions) -> crate::Result<UpdateReport> {
        let mut writer = self.writer();
        writer.add(Source::path(self.source()), Vec::new()).unwrap();
        let report = writer.update(options, &mut ());
        if let Ok(report) = &report {
            adds_up(report);
        }
        report
    }

    fn open(&self) -> Index {
        Index::open(self.root(), Arc::clone(&SCHEMA)).unwrap()
    }

    fn snapshot(&self) -> Snapshot {
        self.open().snapshot()
    }
}

fn adds_up(report: &UpdateReport) {
    let total = report.total();
    let found = total.added + total.updated + total.unchanged;
    assert_eq!(found, report.counts.searched());
    assert_eq!(total.superseded, report.counts.superseded);
    for source in &report.sources {
        if let Some(read) = &source.read {
            let counts = read.record_total();
            assert_eq!(
                source.outcomes.found(),
                counts.accepted + counts.rejected + source.carried,
                "{source:?}"
            );
        }
    }
}

/// Everything an index tells, but for when and under which names it was made.
#[derive(Debug, PartialEq)]
struct Contents {
    records: Vec<Record>,
    superseded: Vec<String>,
    counts: Counts,
    fields: BTreeMap<String, super::manifest::FieldStatistics>,
    frequencies: Vec<u64>,
}

fn contents(snapshot: &Snapshot) -> Contents {
    let json = |record: crate::Result<Record>| serde_json::to_string(&record.unwrap()).unwrap();
    let mut superseded: Vec<String> = snapshot.superseded().unwrap().map(json).collect();
    superseded.sort();
    let forms = Forms::gather(snapshot.searcher(), &SCHEMA, snapshot.mapping()).unwrap();
    assert_eq!(snapshot.forms().unwrap(), &forms, "those of all words");
    let texts = snapshot.mapping().texts();
    let fields = texts.map(|(name, _)| (name.to_owned(), snapshot.field_statistics(name)));
    Contents {
        records: snapshot.records().unwrap().map(Result::unwrap).collect(),
        superseded,
        counts: snapshot.counts().clone(),
        fields: fields.collect(),
        frequencies: ["alpha", "beta", "gamma"]
            .map(|word| title_frequency(snapshot, word))
            .to_vec(),
    }
}

/// How many trials have a word in their title.
fn title_frequency(snapshot: &Snapshot, word: &str) -> u64 {
    let field = snapshot.mapping().text("public_title").unwrap();
    let term = Term::from_field_text(field, word);
    snapshot.document_frequency(&term).unwrap()
}

fn title(snapshot: &Snapshot, id: &str) -> Option<String> {
    let record = snapshot.get(id).unwrap()?;
    Some(record.title().unwrap().to_owned())
}

#[test]
fn what_was_indexed_is_found_and_given_back() {
    let bench = Bench::new(&[
        ("a.json", study(1, "Alpha in lupus", "2020-01-01")),
        ("sub/b.json", study(2, "Beta in lupus", "2020-01-01")),
        ("c.json", r#"{"protocolSection": 1}"#.to_owned()),
    ]);
    let report = bench.update();
    assert!(report.published && report.full);
    assert_eq!(report.total().added, 2);
    assert_eq!(report.total().rejected, 1);
    let snapshot = bench.snapshot();
    assert_eq!(snapshot.counts().of_kind(Kind::Trial), 2);
    assert_eq!(title(&snapshot, "NCT00000002").unwrap(), "Beta in lupus");
    assert_eq!(title(&snapshot, "NCT00000003"), None);
    assert_eq!(title_frequency(&snapshot, "lupus"), 2);
    let titles = snapshot.field_statistics("public_title");
    assert_eq!(titles.documents, 2);
    let record = snapshot.get("NCT00000001").unwrap().unwrap();
    let provenance = record.provenance().unwrap();
    assert_eq!(Path::new(&provenance.file), bench.source().join("a.json"));
}

#[test]
fn neither_threads_nor_memory_change_what_an_index_holds() {
    let words = ["alpha", "beta", "gamma", "delta"];
    let mut files = Vec::new();
    for number in 0..300u32 {
        let word = words[number as usize % words.len()];
        let id = number % 250;
        let date = format!("20{:02}-01-01", number % 7);
        let title = format!("{word} {}", "long title ".repeat(number as usize % 60));
        files.push((
            format!("{:03}.json", (number * 7) % 300),
            study(id, &title, &date),
        ));
    }
    let files: Vec<_> = files.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    let bench = Bench::new(&files);
    let mut all = Vec::new();
    for (threads, memory) in [(1, 15_000_000), (2, 30_000_000), (4, 300_000_000)] {
        let options = UpdateOptions {
            threads: Some(threads),
            memory: Some(memory),
            full: true,
            ..UpdateOptions::default()
        };
        bench.update_with(&options).unwrap();
        all.push(contents(&bench.snapshot()));
    }
    let (index, _) = Index::in_memory(
        vec![Source::path(bench.source())],
        &[],
        Arc::clone(&SCHEMA),
        &UpdateOptions::default(),
        &mut (),
    )
    .unwrap();
    all.push(contents(&index.snapshot()));
    assert_eq!(all[0].counts.superseded, 50);
    for other in &all[1..] {
        assert_eq!(other, &all[0]);
    }
}

#[test]
fn of_several_vintages_the_latest_stands_in_whatever_order_they_come() {
    let vintages = ["2019-03-01", "2021-07-02", "2024-01-09"];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let files: Vec<_> = ["a.json", "b.json", "c.json"]
            .into_iter()
            .zip(order.map(|i: usize| study(1, &format!("vintage {i}"), vintages[i])))
            .collect();
        let bench = Bench::new(&files);
        let report = bench.update();
        assert_eq!((report.total().added, report.total().superseded), (1, 2));
        let snapshot = bench.snapshot();
        assert_eq!(
            title(&snapshot, "NCT00000001").unwrap(),
            "vintage 2",
            "{order:?}"
        );
        assert_eq!(title_frequency(&snapshot, "vintage"), 1);
        assert_eq!(snapshot.superseded().unwrap().count(), 2);
    }
}

#[test]
fn of_equal_vintages_the_one_read_last_stands() {
    let same = |title| study(1, title, "2020-01-01");
    let bench = Bench::new(&[("a.json", same("first")), ("b.json", same("last"))]);
    bench.update();
    assert_eq!(title(&bench.snapshot(), "NCT00000001").unwrap(), "last");
}

/// A trial read long ago, as a line of our own JSON.
fn line(title: &str, format: Format, updated: &str) -> String {
    let mut trial = Trial::new(Registry::Irct, "IRCT20080728001031N24");
    trial.public_title = Some(title.to_owned());
    trial.last_update_date = updated.parse().ok();
    trial.id_aliases = vec!["IRCT138706281136N1".to_owned()];
    trial.provenance = Some(Provenance {
        file: "elsewhere".to_owned(),
        format: Some(format),
        ..Provenance::default()
    });
    serde_json::to_string(&Record::Trial(Box::new(trial))).unwrap()
}

#[test]
fn the_registrys_own_record_stands_before_whos_later_copy_in_whatever_order_they_come() {
    let own = line("own", Format::IrctText, "2015-01-01");
    let copy = line("copy", Format::IctrpCsv, "2024-01-01");
    for lines in [[&own, &copy], [&copy, &own]] {
        let lines = lines.map(String::as_str).join("\n");
        let bench = Bench::new(&[("a.jsonl", lines)]);
        bench.update();
        let snapshot = bench.snapshot();
        assert_eq!(title(&snapshot, "IRCT20080728001031N24").unwrap(), "own");
        assert_eq!(snapshot.counts().superseded, 1);
    }
}

#[test]
fn a_record_is_found_by_any_spelling_of_its_number_and_by_an_obsolete_one() {
    let bench = Bench::new(&[("a.jsonl", line("own", Format::IrctText, "2015-01-01"))]);
    bench.update();
    let snapshot = bench.snapshot();
    for id in [
        "IRCT20080728001031N24",
        " irct20080728001031n24",
        "IRCT138706281136N1",
    ] {
        assert_eq!(title(&snapshot, id).unwrap(), "own", "{id}");
    }
    assert_eq!(title(&snapshot, "IRCT20080728001031N25"), None);
}

#[test]
fn an_index_of_what_another_one_exports_holds_the_same_records() {
    let post =
        "---\ntitle: A post\ntags: [lupus]\n---\nCells [1](https://doi.org/10.3390/jpm12010117).";
    let bench = Bench::new(&[
        ("a.json", study(1, "Alpha in lupus", "2020-01-01")),
        ("b.jsonl", line("own", Format::IctrpCsv, "2015-01-01")),
        ("post.md", post.to_owned()),
    ]);
    bench.update();
    let exported = contents(&bench.snapshot());
    assert_eq!(exported.records.len(), 3);
    let lines = exported
        .records
        .iter()
        .map(|r| serde_json::to_string(r).unwrap());
    let again = Bench::new(&[("export.jsonl", lines.collect::<Vec<_>>().join("\n"))]);
    again.update();
    assert_eq!(contents(&again.snapshot()), exported);
}

#[test]
fn a_superseded_record_returns_when_the_better_one_vanishes() {
    let bench = Bench::new(&[
        ("a.json", study(1, "old alpha", "2019-01-01")),
        ("b.json", study(1, "new alpha", "2020-01-01")),
    ]);
    bench.update();
    bench.delete("b.json");
    let report = bench.update();
    assert_eq!(report.total().updated, 1);
    assert_eq!(report.total().removed, 0);
    let snapshot = bench.snapshot();
    assert_eq!(title(&snapshot, "NCT00000001").unwrap(), "old alpha");
    assert_eq!(title_frequency(&snapshot, "alpha"), 1);
    assert_eq!(snapshot.superseded().unwrap().count(), 0);
}

#[test]
fn an_update_without_change_publishes_nothing() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let before = listing(&bench.root().join("generations"));
    let report = bench.update();
    assert!(!report.published);
    assert_eq!(report.total().unchanged, 1);
    assert_eq!(listing(&bench.root().join("generations")), before);
}

#[test]
fn a_source_read_again_by_its_remembered_path_has_not_changed() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    let mut writer = bench.writer();
    let otherwise = bench.source().join("./.");
    writer.add(Source::path(otherwise), Vec::new()).unwrap();
    writer.update(&UpdateOptions::default(), &mut ()).unwrap();
    writer.read_all();
    let report = writer.update(&UpdateOptions::default(), &mut ()).unwrap();
    assert_eq!(report.total().unchanged, 1);
    assert!(!report.published);
}

#[cfg(unix)]
#[test]
fn every_file_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    let usual = mode(&bench.source().join("a.json"));
    for (path, _) in files(&bench.root()) {
        assert_eq!(mode(&path), usual, "{}", path.display());
    }
}

#[test]
fn a_source_named_again_replaces_itself_and_the_others_stay() {
    let bench = Bench::new(&[
        ("one/a.json", study(1, "alpha", "2020-01-01")),
        ("two/b.json", study(2, "beta", "2020-01-01")),
    ]);
    let read = |name: &str| {
        let mut writer = bench.writer();
        let source = Source::path(bench.source().join(name));
        writer.add(source, Vec::new()).unwrap();
        let report = writer.update(&UpdateOptions::default(), &mut ()).unwrap();
        adds_up(&report);
        report
    };
    read("one");
    read("two/");
    bench.write("one/a.json", &study(3, "gamma", "2020-01-01"));
    bench.write("two/b.json", &study(4, "delta", "2020-01-01"));
    let report = read("./one");
    assert_eq!(report.sources.len(), 2);
    let total = report.total();
    assert_eq!((total.added, total.removed, total.unchanged), (1, 1, 1));
    let snapshot = bench.snapshot();
    assert_eq!(title(&snapshot, "NCT00000001"), None);
    assert_eq!(title(&snapshot, "NCT00000002").unwrap(), "beta");
    assert_eq!(title(&snapshot, "NCT00000003").unwrap(), "gamma");

    let mut writer = bench.writer();
    assert!(!writer.remove(Path::new("/nowhere")).unwrap());
    assert!(writer.remove(&bench.source().join("one")).unwrap());
    writer.read_all();
    let report = writer.update(&UpdateOptions::default(), &mut ()).unwrap();
    let total = report.total();
    assert_eq!((total.added, total.removed), (1, 2));
    assert_eq!(writer.sources().count(), 1);
    assert_eq!(title(&bench.snapshot(), "NCT00000004").unwrap(), "delta");
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let _writer = bench.writer();
    let error = IndexWriter::open(bench.root(), Arc::clone(&SCHEMA)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert_eq!(title(&bench.snapshot(), "NCT00000001").unwrap(), "alpha");
}

#[test]
fn what_a_killed_writer_left_is_cleared_and_the_index_unharmed() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let generations = bench.root().join("generations");
    let before = listing(&bench.root());
    fs::create_dir(generations.join("00000002")).unwrap();
    fs::write(generations.join("00000002/meta.json"), "half").unwrap();
    fs::write(bench.root().join(".tmp-CURRENT"), "0000").unwrap();
    assert_eq!(title(&bench.snapshot(), "NCT00000001").unwrap(), "alpha");
    drop(bench.writer());
    assert_eq!(listing(&bench.root()), before);
    bench.write("b.json", &study(2, "beta", "2020-01-01"));
    bench.update();
    assert_eq!(title(&bench.snapshot(), "NCT00000002").unwrap(), "beta");
}

#[test]
fn a_snapshot_stays_valid_and_reload_brings_the_next_one() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let index = bench.open();
    let first = index.snapshot();
    assert!(!index.reload().unwrap());
    for title in ["beta", "gamma", "delta"] {
        bench.write("a.json", &study(1, title, "2020-01-01"));
        bench.update();
    }
    assert!(index.reload().unwrap());
    assert_eq!(title(&first, "NCT00000001").unwrap(), "alpha");
    assert_eq!(title(&index.snapshot(), "NCT00000001").unwrap(), "delta");
    let generations = fs::read_dir(bench.root().join("generations")).unwrap();
    assert_eq!(generations.count(), 2, "the present one and the one before");
}

#[test]
fn every_file_of_a_generation_is_in_use_also_when_pieces_were_joined() {
    let bench = Bench::new(&[]);
    let mut joined = false;
    for night in 0..4 {
        for n in 5 * night..5 * (night + 1) {
            bench.write(&format!("{n}.json"), &study(n, "alpha", "2020-01-01"));
        }
        bench.update();
        let snapshot = bench.snapshot();
        let segments = snapshot.searcher().segment_readers();
        let used: Vec<String> = segments
            .iter()
            .map(|segment| segment.segment_id().uuid_string())
            .collect();
        joined |= used.len() <= night as usize;
        let generations = bench.root().join("generations");
        let current = generations.join(snapshot.generation().unwrap());
        for (path, _) in files(&current) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let is_used = used.iter().any(|id| name.starts_with(id));
            assert!(is_used || !name.ends_with(".store"), "{name} is litter");
        }
    }
    assert!(joined);
}

#[test]
fn a_watcher_brings_what_is_published_and_ends_when_dropped() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let index = Arc::new(bench.open());
    let (sender, reloads) = std::sync::mpsc::channel();
    let every = std::time::Duration::from_millis(5);
    let watcher = Watcher::start(Arc::clone(&index), every, move |reload| {
        sender.send(reload.is_ok()).unwrap();
    })
    .unwrap();
    bench.write("a.json", &study(1, "beta", "2020-01-01"));
    bench.update();
    let limit = std::time::Duration::from_secs(60);
    assert!(reloads.recv_timeout(limit).unwrap());
    assert_eq!(title(&index.snapshot(), "NCT00000001").unwrap(), "beta");
    drop(watcher);
    assert_eq!(Arc::strong_count(&index), 1);
}

#[test]
fn reading_changes_nothing_in_the_folder() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let before = listing(&bench.root());
    set_read_only(&bench.root(), true);
    let snapshot = bench.snapshot();
    assert_eq!(snapshot.records().unwrap().count(), 1);
    assert!(bench.open().check_all_bytes().unwrap().is_empty());
    set_read_only(&bench.root(), false);
    assert_eq!(listing(&bench.root()), before);
}

#[test]
fn an_index_of_other_analyzers_says_so_and_the_next_update_builds_it_anew() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stopwords.txt"), "the\nof\n").unwrap();
    let other = Arc::new(IndexSchema::load(folder.path()).unwrap());
    let error = Index::open(bench.root(), Arc::clone(&other)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Outdated);
    assert!(error.hint().is_some());

    let mut writer = IndexWriter::open(bench.root(), Arc::clone(&other)).unwrap();
    let report = writer.update(&UpdateOptions::default(), &mut ()).unwrap();
    assert!(report.full && report.published);
    assert_eq!(report.total().unchanged, 1);
    let index = Index::open(bench.root(), other).unwrap();
    assert_eq!(title(&index.snapshot(), "NCT00000001").unwrap(), "alpha");
}

#[test]
fn an_index_of_nothing_can_be_opened() {
    let bench = Bench::new(&[]);
    assert!(Index::open(bench.root(), Arc::clone(&SCHEMA)).is_err());
    bench.update();
    let snapshot = bench.snapshot();
    assert_eq!(snapshot.records().unwrap().count(), 0);
    assert_eq!(snapshot.counts().searched(), 0);
}

#[test]
fn a_source_that_is_gone_or_empty_does_not_empty_the_index() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let before = listing(&bench.root());
    bench.delete("a.json");
    let error = bench.update_with(&UpdateOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Data);
    fs::remove_dir(bench.source()).unwrap();
    let mut writer = bench.writer();
    writer.read_all();
    let error = writer
        .update(&UpdateOptions::default(), &mut ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    drop(writer);
    assert_eq!(listing(&bench.root()), before);
    assert_eq!(title(&bench.snapshot(), "NCT00000001").unwrap(), "alpha");

    fs::create_dir(bench.source()).unwrap();
    let options = UpdateOptions {
        accept_losses: true,
        ..UpdateOptions::default()
    };
    let report = bench.update_with(&options).unwrap();
    assert_eq!(report.total().removed, 1);
    assert_eq!(bench.snapshot().counts().searched(), 0);
}

/// Stops when so many records have come.
struct StopAfter(u64);

impl Observer for StopAfter {
    fn records(&mut self, accepted: u64, _rejected: u64) {
        self.0 = self.0.saturating_sub(accepted);
    }

    fn cancelled(&mut self) -> bool {
        self.0 == 0
    }
}

#[test]
fn a_cancelled_update_leaves_the_index_as_it_was() {
    let bench = Bench::new(&[("a.json", study(1, "alpha", "2020-01-01"))]);
    bench.update();
    let before = listing(&bench.root());
    for number in 2..20 {
        bench.write(
            &format!("{number}.json"),
            &study(number, "beta", "2020-01-01"),
        );
    }
    let mut writer = bench.writer();
    writer.read_all();
    let error = writer
        .update(&UpdateOptions::default(), &mut StopAfter(3))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    drop(writer);
    assert_eq!(listing(&bench.root()), before);
}

/// One change of a night: which file, and what it holds afterwards.
#[derive(Clone, Debug)]
enum Change {
    Write(u8, Vec<(u32, u8, u8)>),
    Delete(u8),
}

fn change() -> impl Strategy<Value = Change> {
    let records = prop::collection::vec((0u32..6, 0u8..3, 0u8..4), 1..4);
    prop_oneof![
        4 => (0u8..5, records).prop_map(|(file, records)| Change::Write(file, records)),
        1 => (0u8..5).prop_map(Change::Delete),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn after_any_nights_the_index_equals_one_built_from_nothing(
        nights in prop::collection::vec(prop::collection::vec(change(), 1..4), 1..6),
    ) {
        let words = ["alpha", "beta", "gamma"];
        let bench = Bench::new(&[]);
        let options = UpdateOptions { accept_losses: true, ..UpdateOptions::default() };
        for night in nights {
            for change in night {
                match change {
                    Change::Write(file, records) => {
                        let lines: Vec<String> = records
                            .iter()
                            .map(|(id, word, year)| {
                                study(*id, words[usize::from(*word)], &format!("202{year}-01-01"))
                            })
                            .collect();
                        bench.write(&format!("{file}.json"), &lines.join("\n"));
                    }
                    Change::Delete(file) => {
                        let _ = fs::remove_file(bench.source().join(format!("{file}.json")));
                    }
                }
            }
            bench.update_with(&options).unwrap();
            let (fresh, report) = Index::in_memory(
                vec![Source::path(bench.source())],
                &[],
                Arc::clone(&SCHEMA),
                &UpdateOptions::default(),
                &mut (),
            )
            .unwrap();
            adds_up(&report);
            prop_assert_eq!(contents(&bench.snapshot()), contents(&fresh.snapshot()));
        }
    }
}

/// All files below a folder with their bytes.
fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

/// All files below a folder with their times and sizes; but for the lock, which tells its last holder.
fn listing(root: &Path) -> Vec<(PathBuf, std::time::SystemTime, usize)> {
    let files = files(root).into_iter();
    let files = files.filter(|(path, _)| !path.ends_with("LOCK"));
    files
        .map(|(path, bytes)| {
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            (path, modified, bytes.len())
        })
        .collect()
}

fn set_read_only(root: &Path, read_only: bool) {
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && read_only {
            set_read_only(&path, read_only);
        }
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        #[allow(clippy::permissions_set_readonly_false)] // a temporary folder of our own
        permissions.set_readonly(read_only);
        fs::set_permissions(&path, permissions).unwrap();
        if path.is_dir() && !read_only {
            set_read_only(&path, read_only);
        }
    }
}
