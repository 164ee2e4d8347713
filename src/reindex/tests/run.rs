//! A night costs what has changed, and its report adds up.

use super::bench::{Bench, SCHEMA, files_below, study};
use crate::index::{IndexWriter, Observer, Stage, UpdateOptions};
use crate::query::Query;
use crate::reindex::{ReindexOptions, RunReport, RunResult, last_run, reindex, runs};
use crate::results::{SearchOptions, search_ids};
use crate::schema::IndexSchema;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn adds_up(report: &RunReport) {
    for source in &report.sources {
        let t = source.tally;
        let sum = t.added + t.updated + t.unchanged + t.superseded + t.removed + t.rejected;
        assert_eq!(t.read, sum, "{source:?}");
    }
}

#[test]
fn a_night_without_change_reads_no_file_and_writes_nothing_but_its_report() {
    let bench = Bench::with_studies(3);
    let before = files_below(&bench.root());
    let report = bench.night();
    assert_eq!(report.result, RunResult::Unchanged);
    assert_eq!(report.total.unchanged, 3);
    assert_eq!(report.sources[0].files_read, 0);
    assert_eq!(report.sources[0].files_unchanged, 3);
    let after = files_below(&bench.root());
    // The lock tells who held it last.
    let new = after
        .iter()
        .filter(|file| !before.contains(file) && !file.0.ends_with("LOCK"));
    let names: Vec<_> = new
        .map(|(path, _)| path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["00000002.json"]);
    assert_eq!(after.len(), before.len() + 1);
}

#[test]
fn every_record_of_a_night_is_in_one_counter() {
    let bench = Bench::with_studies(20);
    bench.write("1.json", &study(1, "Changed"));
    bench.remove("2.json");
    bench.write("21.json", &study(21, "New"));
    bench.write("double.json", &study(3, "Study 3 of lupus again"));
    bench.write("broken.json", "{\"protocolSection\": {");
    let report = bench.night();
    adds_up(&report);
    let t = report.total;
    assert_eq!((t.added, t.updated, t.removed, t.rejected), (1, 2, 1, 1));
    assert_eq!((t.unchanged, t.superseded), (17, 1));
    assert_eq!(report.sources[0].files_read, 4);
    assert_eq!(report.counts.unwrap().searched(), 20);
    let kept = last_run(&bench.root()).unwrap().unwrap();
    assert_eq!(kept.total, t);
    assert!(kept.ended.is_some() && kept.stages.len() >= 4);
    assert_eq!(runs(&bench.root()).unwrap().count(), 2);
    let quiet = bench.night();
    adds_up(&quiet);
    assert_eq!(
        (quiet.result, quiet.total.rejected),
        (RunResult::Unchanged, 1)
    );
}

#[test]
fn a_file_touched_moved_back_or_written_with_the_same_bytes_is_no_change() {
    let bench = Bench::with_studies(2);
    bench.write("1.json", &study(1, "Study 1 of lupus"));
    let file = fs::File::options()
        .write(true)
        .open(bench.source().join("2.json"))
        .unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    let report = bench.night();
    assert_eq!(report.result, RunResult::Unchanged);
    assert_eq!(report.sources[0].files_read, 0);
}

#[test]
fn a_file_changed_with_its_size_and_time_kept_is_noticed() {
    let bench = Bench::with_studies(12);
    let path = bench.source().join("1.json");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    bench.write("1.json", &study(1, "Study 1 of mumps"));
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(modified).unwrap();
    assert_eq!(bench.night().total.updated, 1);
}

#[test]
fn an_unchanged_record_of_a_changed_file_is_not_written_again() {
    let bench = Bench::with_studies(1);
    let lines = |second: &str| {
        let lines = (100..150).map(|n| study(n, if n == 101 { second } else { "Same" }));
        lines.collect::<Vec<_>>().join("\n")
    };
    bench.write("many.ndjson", &lines("Old"));
    bench.night();
    bench.write("many.ndjson", &format!("\n{}", lines("New")));
    let report = bench.night();
    assert_eq!((report.total.updated, report.total.unchanged), (1, 50));
    assert_eq!(report.written, 1);
}

#[test]
fn another_wording_of_a_vocabulary_has_all_files_read_again() {
    let bench = Bench::with_studies(12);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("vocabulary")).unwrap();
    fs::write(
        folder.path().join("vocabulary/recruitment_status.toml"),
        "completed = [\"RECRUITING\"]\n",
    )
    .unwrap();
    let schema = Arc::new(IndexSchema::load(folder.path()).unwrap());
    assert_eq!(schema.fingerprint(), SCHEMA.fingerprint());
    let mut writer = IndexWriter::open(bench.root(), schema).unwrap();
    writer.read_all();
    let report = reindex(&mut writer, &ReindexOptions::default(), &mut ()).unwrap();
    assert!(!report.full);
    assert_eq!(report.total.updated, 12);
}

#[test]
fn an_archive_is_read_again_when_other_entries_are_left_out() {
    let bench = Bench::with_studies(2);
    let mut writer = bench.writer();
    let source = crate::source::Source::path(bench.source());
    writer.add(source, vec!["1.json".to_owned()]).unwrap();
    let options = ReindexOptions {
        accept: true,
        ..ReindexOptions::default()
    };
    let report = reindex(&mut writer, &options, &mut ()).unwrap();
    assert_eq!(report.total.removed, 1);
    assert_eq!(report.sources[0].files_read, 1);
}

fn found(bench: &Bench, query: &str) -> usize {
    let query = Query::parse_strict(query, &SCHEMA).unwrap();
    let ids = search_ids(&bench.snapshot(), &query, &SearchOptions::default());
    ids.unwrap().len()
}

/// Writes into a ledger when all its records were first seen.
fn set_first_seen(generation: &Path, moment: &str) {
    let path = generation.join("records.jsonl.zst");
    let lines = zstd::decode_all(fs::File::open(&path).unwrap()).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    let mut parts = lines.split("\"first_seen\":\"");
    let mut changed = parts.next().unwrap().to_owned();
    for part in parts {
        changed += &format!("\"first_seen\":\"{moment}{}", &part[moment.len()..]);
    }
    fs::write(&path, zstd::encode_all(changed.as_bytes(), 1).unwrap()).unwrap();
}

#[test]
fn words_of_a_night_are_found_by_their_other_forms_and_those_of_before_stay_so() {
    let bench = Bench::with_studies(20);
    bench.write("new.json", &study(21, "Stenting of kidneys"));
    bench.night();
    assert_eq!(found(&bench, "stented"), 1, "a new word");
    assert!(found(&bench, "studied") > 0, "a word of the first run");
    // A night that writes no document.
    bench.write("broken.json", "{");
    bench.night();
    assert_eq!(found(&bench, "stented kidney"), 1);
    bench.remove("new.json");
    bench.write("other.json", &study(22, "Stents"));
    bench.night();
    assert_eq!(
        found(&bench, "stented"),
        1,
        "another form stands in for the one that went"
    );
    assert_eq!(found(&bench, "kidney"), 0);
}

#[test]
fn an_index_of_another_format_is_built_again_by_the_next_night() {
    let bench = Bench::with_studies(3);
    let generation = bench.root().join("generations/00000001");
    let manifest = fs::read_to_string(generation.join("manifest")).unwrap();
    let json = manifest
        .lines()
        .next()
        .unwrap()
        .replacen("\"format\":6", "\"format\":5", 1);
    let crc32 = crc32fast::hash(json.as_bytes());
    fs::write(
        generation.join("manifest"),
        format!("{json}\n{crc32:08x}\n"),
    )
    .unwrap();
    let error = crate::index::Index::open(bench.root(), Arc::clone(&SCHEMA)).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Outdated);
    assert!(error.hint().unwrap().contains("reindex"));
    bench.remove("1.json");
    let report = bench.night();
    assert_eq!(report.result, RunResult::Refused, "33 % would vanish");
    bench.write("1.json", &study(1, "Study 1 of lupus"));
    bench.write("new.json", &study(4, "New"));
    set_first_seen(&generation, "2020-02-02T02:02:02Z");
    let report = bench.night();
    assert!(report.full && report.result == RunResult::Published);
    assert_eq!(bench.snapshot().counts().searched(), 4);
    // An upgrade does not make all records new.
    assert_eq!(found(&bench, "first_seen:2020-02-02"), 3);
    assert_eq!(found(&bench, "first_seen:>2020-02-02"), 1);
}

#[test]
fn a_full_night_builds_the_same_again_and_knows_when_each_record_was_first_seen() {
    let bench = Bench::with_studies(3);
    let options = ReindexOptions {
        update: UpdateOptions {
            full: true,
            ..UpdateOptions::default()
        },
        ..ReindexOptions::default()
    };
    let report = bench.night_with(&options).unwrap();
    assert!(report.full);
    assert_eq!(
        (report.result, report.total.unchanged),
        (RunResult::Published, 3)
    );
    assert_eq!(found(&bench, "first_seen:>=2026-11-01"), 3);
    assert_eq!(found(&bench, "first_seen:<2026-11-01"), 0);
}

#[test]
fn so_many_generations_are_kept_as_asked_for() {
    let bench = Bench::with_studies(12);
    for (night, keep, kept) in [(1, 3, 2), (2, 3, 3), (3, 3, 3), (4, 1, 1), (5, 2, 2)] {
        bench.write("1.json", &study(1, &format!("Night {night}")));
        let options = ReindexOptions {
            update: UpdateOptions {
                keep: Some(keep),
                ..UpdateOptions::default()
            },
            ..ReindexOptions::default()
        };
        bench.night_with(&options).unwrap();
        let generations = crate::index::generations(&bench.root()).unwrap();
        assert_eq!(generations.len(), kept, "night {night}");
    }
}

/// Ends a run when a stage begins.
struct StopAt {
    stage: Stage,
    stops: bool,
}

impl Observer for StopAt {
    fn stage(&mut self, stage: Stage) {
        self.stops |= stage == self.stage;
    }

    fn cancelled(&mut self) -> bool {
        self.stops
    }
}

#[test]
fn a_run_stopped_at_any_stage_leaves_the_index_as_it_was_and_is_told_in_the_log() {
    let bench = Bench::with_studies(3);
    bench.write("1.json", &study(1, "Changed"));
    let before = bench.state();
    let mut writer = bench.writer();
    for stage in [
        Stage::Reading,
        Stage::Resolving,
        Stage::Writing,
        Stage::Comparing,
        Stage::Sealing,
    ] {
        writer.read_all();
        let stops = false;
        let mut observer = StopAt { stage, stops };
        let error = reindex(&mut writer, &ReindexOptions::default(), &mut observer).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Cancelled, "{stage:?}");
        assert!(bench.state() == before, "{stage:?}");
        let last = last_run(&bench.root()).unwrap().unwrap();
        assert_eq!(last.result, RunResult::Cancelled, "{stage:?}");
    }
    drop(writer);
    assert_eq!(bench.night().total.updated, 1);
}
