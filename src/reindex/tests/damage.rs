//! Damage is reported, never served, and put right where that is possible.

use super::bench::{Bench, SCHEMA, files_below, study};
use crate::index::{Index, UpdateOptions, verify, verify_deep};
use crate::query::Query;
use crate::reindex::{RunResult, repair};
use crate::results::{SearchOptions, search};
use std::fs;
use std::sync::Arc;

#[test]
fn an_index_just_written_is_whole_and_says_what_its_sources_say() {
    let bench = Bench::with_studies(12);
    bench.write("1.json", &study(1, "Changed"));
    bench.write("double.json", &study(2, "Study 2 again"));
    bench.remove("3.json");
    bench.night();
    let verified = verify(&bench.root(), &SCHEMA).unwrap();
    assert!(
        verified.damage.is_empty() && verified.kept.is_empty(),
        "{verified:?}"
    );
    assert_eq!(verified.records, 12);
    let options = UpdateOptions::default();
    let compared = verify_deep(&bench.root(), &SCHEMA, &options, &mut ()).unwrap();
    assert!(compared.damage.is_empty(), "{compared:?}");
    assert!(compared.changed_files.is_empty());
    bench.write("4.json", &study(4, "Changed since"));
    let compared = verify_deep(&bench.root(), &SCHEMA, &options, &mut ()).unwrap();
    assert!(
        compared.damage.is_empty() && compared.changed_files.len() == 1,
        "{compared:?}"
    );
}

#[test]
fn every_file_with_a_flipped_bit_or_cut_off_is_told_and_searching_never_panics() {
    let bench = Bench::with_studies(3);
    let query = Query::parse_strict("lupus", &SCHEMA).unwrap();
    for (path, good) in files_below(&bench.root().join("generations")) {
        let step = (good.len() / 12).max(1);
        for at in (0..good.len()).step_by(step) {
            let mut flipped = good.clone();
            flipped[at] ^= 1 << (at % 8);
            for bad in [&flipped, &good[..at]] {
                fs::write(&path, bad).unwrap();
                let damage = verify(&bench.root(), &SCHEMA).unwrap().damage;
                assert!(!damage.is_empty(), "{path:?} at {at}");
                assert!(damage[0].hint().is_some());
                let found = Index::open(bench.root(), Arc::clone(&SCHEMA))
                    .and_then(|index| search(&index.snapshot(), &query, &SearchOptions::default()));
                assert!(
                    found.is_err(),
                    "a small index is read whole when it is opened"
                );
            }
        }
        fs::write(&path, &good).unwrap();
    }
    assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
}

/// Flips a bit in the largest file of a generation that no other one shares.
fn damage(bench: &Bench, generation: &str) {
    let files = files_below(&bench.root().join("generations").join(generation));
    let own = files.iter().filter(|(path, _)| {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).unwrap().nlink() == 1 && !path.ends_with("manifest")
    });
    let (path, good) = own.max_by_key(|(_, bytes)| bytes.len()).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    fs::write(path, bad).unwrap();
}

#[cfg(unix)]
#[test]
fn a_damaged_generation_is_left_for_the_whole_one_before() {
    let bench = Bench::with_studies(12);
    let before = bench.titles();
    bench.write("1.json", &study(1, "Changed"));
    bench.night();
    damage(&bench, "00000002");
    let repaired = repair(&bench.root(), &SCHEMA, false, &mut ()).unwrap();
    assert_eq!(repaired.damage.len(), 1);
    assert_eq!(repaired.run.unwrap().result, RunResult::Published);
    assert_eq!(bench.titles(), before);
    assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
    assert_eq!(bench.night().total.updated, 1);
    assert!(
        repair(&bench.root(), &SCHEMA, false, &mut ())
            .unwrap()
            .run
            .is_none()
    );
}

#[cfg(unix)]
#[test]
fn with_no_whole_generation_left_the_index_is_built_again_from_its_sources() {
    for missing in [
        "CURRENT",
        "generations/00000001/meta.json",
        "generations/00000001/records.jsonl.zst",
    ] {
        let bench = Bench::with_studies(3);
        let titles = bench.titles();
        damage(&bench, "00000001");
        fs::write(bench.root().join(missing), "x").unwrap();
        let repaired = repair(&bench.root(), &SCHEMA, false, &mut ()).unwrap();
        assert!(!repaired.damage.is_empty());
        assert!(repaired.run.unwrap().full, "{missing}");
        assert_eq!(bench.titles(), titles);
        assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
        assert_eq!(bench.night().result, RunResult::Unchanged);
    }
}

#[test]
fn a_night_over_a_damaged_index_is_told_in_the_log() {
    let bench = Bench::with_studies(1);
    fs::write(bench.root().join("generations/00000001/manifest"), "x").unwrap();
    let error = crate::reindex::open(&bench.root(), Arc::clone(&SCHEMA), "reindex").unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Damaged);
    assert!(error.hint().unwrap().contains("trialdex repair"));
    let last = crate::reindex::last_run(&bench.root()).unwrap().unwrap();
    assert_eq!((last.run, last.result), (2, RunResult::Failed));
}

#[test]
fn what_cannot_be_put_right_is_said() {
    let bench = Bench::with_studies(1);
    fs::write(bench.root().join("generations/00000001/manifest"), "x").unwrap();
    let error = repair(&bench.root(), &SCHEMA, false, &mut ()).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Damaged);
    assert!(error.hint().unwrap().contains("trialdex index"));
}

#[test]
fn a_lost_current_is_told_and_the_next_night_takes_the_newest_generation_into_use() {
    let bench = Bench::with_studies(12);
    bench.write("1.json", &study(1, "Changed"));
    bench.night();
    let titles = bench.titles();
    let lose = || fs::remove_file(bench.root().join("CURRENT")).unwrap();
    lose();
    let error = verify(&bench.root(), &SCHEMA).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Damaged);
    let error = Index::open(bench.root(), Arc::clone(&SCHEMA)).unwrap_err();
    assert!(error.hint().unwrap().contains("trialdex reindex"));
    assert_eq!(bench.night().result, RunResult::Unchanged);
    assert_eq!(bench.titles(), titles);
    assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
    lose();
    let repaired = repair(&bench.root(), &SCHEMA, false, &mut ()).unwrap();
    assert_eq!(repaired.run.unwrap().result, RunResult::Published);
    assert_eq!(bench.titles(), titles);
}
