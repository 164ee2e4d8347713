//! What must not be published is not, and everything stays as it was.

use super::bench::{Bench, study, with_smoke};
use crate::reindex::{Gate, ReindexOptions, RunReport, RunResult, last_run};
use std::fs;

fn accepting() -> ReindexOptions {
    ReindexOptions {
        accept: true,
        ..ReindexOptions::default()
    }
}

/// The night is refused for a reason, and nothing has changed but the run log.
fn refused(bench: &Bench, options: &ReindexOptions, reason: &str) -> RunReport {
    let before = bench.state();
    let report = bench.night_with(options).unwrap();
    assert_eq!(report.result, RunResult::Refused);
    assert!(
        report.reasons.iter().any(|r| r.contains(reason)),
        "{:?}",
        report.reasons
    );
    assert!(bench.state() == before, "the index has changed");
    let kept = last_run(&bench.root()).unwrap().unwrap();
    assert_eq!((kept.run, kept.result), (report.run, RunResult::Refused));
    report
}

#[test]
fn a_source_that_shrinks_by_half_is_refused_until_a_person_accepts_it() {
    let bench = Bench::with_studies(8);
    for number in 1..=4 {
        bench.remove(&format!("{number}.json"));
    }
    refused(
        &bench,
        &ReindexOptions::default(),
        "4 of 8 records would vanish",
    );
    refused(&bench, &ReindexOptions::default(), "50.0 %");
    let report = bench.night_with(&accepting()).unwrap();
    assert_eq!(report.result, RunResult::Published);
    assert!(report.accepted && !report.reasons.is_empty());
    assert_eq!(bench.snapshot().counts().searched(), 4);
    let after = bench.night();
    assert_eq!(after.result, RunResult::Unchanged);
    assert!(!after.accepted);
}

#[test]
fn few_records_may_vanish() {
    let bench = Bench::with_studies(10);
    bench.remove("1.json");
    assert_eq!(bench.night().result, RunResult::Published);
}

#[test]
fn a_missing_source_is_refused() {
    let bench = Bench::with_studies(3);
    fs::rename(bench.source(), bench.folder.path().join("elsewhere")).unwrap();
    refused(&bench, &ReindexOptions::default(), "the source is missing");
    let report = bench.night_with(&accepting()).unwrap();
    assert_eq!(report.total.removed, 3);
    assert_eq!(bench.snapshot().counts().searched(), 0);
    fs::rename(bench.folder.path().join("elsewhere"), bench.source()).unwrap();
    assert_eq!(bench.night().total.added, 3);
}

#[test]
fn an_empty_source_is_refused_whatever_may_vanish() {
    let bench = Bench::with_studies(2);
    bench.remove("1.json");
    bench.remove("2.json");
    let mut options = ReindexOptions::default();
    options.gate.max_removed = 100.0;
    refused(&bench, &options, "held records before and holds none now");
}

#[cfg(unix)]
#[test]
fn a_file_that_gave_records_and_cannot_be_read_is_refused_and_one_that_never_did_is_not() {
    use std::os::unix::fs::symlink;
    let bench = Bench::with_studies(30);
    symlink("nowhere", bench.source().join("always.json")).unwrap();
    let report = bench.night();
    assert_eq!(report.total.rejected, 1);
    assert!(report.result.is_good(), "{:?}", report.reasons);
    assert_eq!(bench.night().result, RunResult::Unchanged);
    // A link into a disk that is no longer mounted looks like this; a broken disk as well.
    bench.remove("7.json");
    symlink("/not-mounted/7.json", bench.source().join("7.json")).unwrap();
    refused(&bench, &ReindexOptions::default(), "7.json: cannot be read");
}

#[test]
fn more_rejections_than_allowed_are_refused_also_of_files_not_read_again() {
    let bench = Bench::with_studies(3);
    bench.write("a.json", "{\"protocolSection\": {");
    let options = |limit| ReindexOptions {
        gate: Gate {
            max_rejected: Some(limit),
            ..Gate::default()
        },
        ..ReindexOptions::default()
    };
    refused(&bench, &options(0), "1 records are rejected");
    assert!(bench.night_with(&options(1)).unwrap().result.is_good());
    let report = bench.night_with(&options(0)).unwrap();
    assert_eq!(report.result, RunResult::Refused);
    assert_eq!(report.sources[0].rejections[0].count, 1);
    assert!(report.sources[0].rejections[0].examples[0].contains("a.json"));
}

#[test]
fn a_smoke_query_that_finds_too_little_is_refused() {
    let bench = Bench::with_studies(12);
    assert!(
        bench
            .night_with(&with_smoke(12, "title:lupus"))
            .unwrap()
            .result
            .is_good()
    );
    bench.write("1.json", &study(1, "Of something else"));
    refused(
        &bench,
        &with_smoke(12, "title:lupus"),
        "finds 11 records and should find at least 12",
    );
    assert_eq!(
        bench
            .night_with(&with_smoke(11, "title:lupus"))
            .unwrap()
            .result,
        RunResult::Published
    );
}

#[test]
fn a_dry_run_tells_what_would_happen_and_leaves_no_trace() {
    let bench = Bench::with_studies(12);
    bench.write("13.json", &study(13, "New"));
    let before = super::bench::files_below(&bench.root());
    let options = ReindexOptions {
        dry_run: true,
        ..ReindexOptions::default()
    };
    let report = bench.night_with(&options).unwrap();
    assert!(report.dry_run);
    assert_eq!(
        (report.result, report.total.added),
        (RunResult::Published, 1)
    );
    let without_lock = |files: Vec<(std::path::PathBuf, Vec<u8>)>| {
        let files = files.into_iter();
        files
            .filter(|(path, _)| !path.ends_with("LOCK"))
            .collect::<Vec<_>>()
    };
    let after = super::bench::files_below(&bench.root());
    assert!(without_lock(before) == without_lock(after));
}

#[test]
fn records_of_a_source_removed_on_purpose_may_vanish() {
    let bench = Bench::with_studies(4);
    let other = bench.folder.path().join("other.json");
    fs::write(&other, study(99, "Other")).unwrap();
    let mut writer = bench.writer();
    writer
        .add(crate::source::Source::path(&other), Vec::new())
        .unwrap();
    crate::reindex::reindex(&mut writer, &ReindexOptions::default(), &mut ()).unwrap();
    assert!(writer.remove(&bench.source()).unwrap());
    let report = crate::reindex::reindex(&mut writer, &ReindexOptions::default(), &mut ()).unwrap();
    assert_eq!(
        (report.result, report.total.removed),
        (RunResult::Published, 4)
    );
    assert_eq!(bench.titles(), ["Other"]);
}
