//! What changed is told record by record, and an index that went back has the history of where it is.

use super::bench::{Bench, SCHEMA, study};
use crate::index::ChangeKind;
use crate::reindex::{
    FeedChange, ReindexOptions, RunResult, Watch, add_watch, changes, remove_watch, rollback,
    watches,
};

fn feed(bench: &Bench, since: Option<u64>) -> Vec<FeedChange> {
    let snapshot = bench.snapshot();
    changes(&snapshot, since)
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Run, change and last digit of the number.
fn short(feed: &[FeedChange]) -> Vec<(u64, ChangeKind, &str)> {
    let short = feed.iter();
    short
        .map(|c| {
            (
                c.run,
                c.change.change,
                c.change.id.trim_start_matches("NCT0"),
            )
        })
        .collect()
}

#[test]
fn added_updated_and_removed_records_are_told_with_the_fields_that_differ() {
    let bench = Bench::with_studies(12);
    bench.write("1.json", &study(1, "Another title"));
    bench.remove("2.json");
    bench.write("13.json", &study(13, "New"));
    let run = bench.night().run;
    let feed = feed(&bench, None);
    use ChangeKind::{Added, Removed, Updated};
    let expected = [
        (run, Updated, "0000001"),
        (run, Removed, "0000002"),
        (run, Added, "0000013"),
    ];
    assert_eq!(short(&feed), expected);
    assert_eq!(feed[0].change.fields, ["public_title"]);
    assert_eq!(feed[0].change.title.as_deref(), Some("Another title"));
    assert_eq!(feed[1].change.title.as_deref(), Some("Study 2 of lupus"));
}

#[test]
fn the_feed_goes_on_where_a_reader_left_off() {
    let bench = Bench::with_studies(12);
    let mut runs = vec![1];
    for night in 0..3 {
        bench.write("1.json", &study(1, &format!("Night {night}")));
        runs.push(bench.night().run);
        assert_eq!(bench.night().result, RunResult::Unchanged);
    }
    for (place, &run) in runs.iter().enumerate() {
        assert_eq!(feed(&bench, Some(run)).len(), runs.len() - 1 - place);
    }
    assert_eq!(feed(&bench, Some(0)).len(), 12 + 3);
}

#[test]
fn going_back_is_a_change_like_any_other_and_the_next_night_finds_its_way() {
    let bench = Bench::with_studies(12);
    let first = bench.titles();
    bench.write("1.json", &study(1, "A mistake"));
    bench.write("13.json", &study(13, "New"));
    let bad = bench.night().run;
    let mut writer = bench.writer();
    let report = rollback(&mut writer, None, 2, &mut ()).unwrap();
    assert_eq!(report.result, RunResult::Published);
    drop(writer);
    assert_eq!(bench.titles(), first);
    use ChangeKind::{Added, Removed, Updated};
    let expected = [
        (report.run, Updated, "0000001"),
        (report.run, Removed, "0000013"),
    ];
    assert_eq!(short(&feed(&bench, Some(bad))), expected);
    // Going back once more would be going forward.
    let mut writer = bench.writer();
    assert!(rollback(&mut writer, None, 2, &mut ()).is_err());
    drop(writer);
    let again = bench.night();
    assert_eq!((again.total.added, again.total.updated), (1, 1));
    let expected = [
        (again.run, Updated, "0000001"),
        (again.run, Added, "0000013"),
    ];
    assert_eq!(short(&feed(&bench, Some(report.run))), expected);
    assert!(bench.titles().contains(&"A mistake".to_owned()));
}

#[test]
fn a_generation_can_be_named_to_go_back_to() {
    let bench = Bench::with_studies(12);
    for night in 0..3 {
        bench.write("1.json", &study(1, &format!("Night {night}")));
        let mut options = ReindexOptions::default();
        options.update.keep = Some(9);
        bench.night_with(&options).unwrap();
    }
    let mut writer = bench.writer();
    rollback(&mut writer, Some("00000002"), 9, &mut ()).unwrap();
    assert!(bench.titles().contains(&"Night 0".to_owned()));
    assert!(rollback(&mut writer, Some("00000099"), 9, &mut ()).is_err());
    rollback(&mut writer, Some("00000004"), 9, &mut ()).unwrap();
    assert!(bench.titles().contains(&"Night 2".to_owned()));
}

#[test]
fn a_saved_search_tells_what_it_finds_that_it_did_not_find_before() {
    let bench = Bench::with_studies(12);
    let writer = bench.writer();
    let watch = |name: &str, query: &str| Watch {
        name: name.to_owned(),
        query: query.to_owned(),
    };
    add_watch(&writer, watch("mumps", "mumps vaccine"), &SCHEMA).unwrap();
    add_watch(&writer, watch("all", "status:recruiting"), &SCHEMA).unwrap();
    assert!(add_watch(&writer, watch("wrong", "phase:nine"), &SCHEMA).is_err());
    assert!(add_watch(&writer, watch(" ", "mumps"), &SCHEMA).is_err());
    drop(writer);
    bench.write("1.json", &study(1, "A vaccine against mumps"));
    bench.write("2.json", &study(2, "Mumps alone"));
    bench.write("13.json", &study(13, "Mumps vaccines in children"));
    let report = bench.night();
    assert_eq!(report.watches["mumps"], 2);
    assert_eq!(report.watches["all"], 1, "the others were found before");
    let told = feed(&bench, None);
    let of = |id: &str| {
        &told
            .iter()
            .find(|c| c.change.id.ends_with(id))
            .unwrap()
            .change
            .watches
    };
    assert_eq!(of("01"), &["mumps"]);
    assert!(of("02").is_empty());
    assert_eq!(of("13"), &["all", "mumps"]);
    // The next change of a record that is found already is no new match.
    bench.write("1.json", &study(1, "A vaccine against mumps, renamed"));
    assert_eq!(bench.night().watches["mumps"], 0);
    let writer = bench.writer();
    assert!(remove_watch(&writer, "all").unwrap() && !remove_watch(&writer, "all").unwrap());
    assert_eq!(watches(&bench.root()).unwrap().len(), 1);
}

#[test]
fn damaged_saved_searches_are_told_and_stop_no_night() {
    let bench = Bench::with_studies(2);
    let watch = Watch {
        name: "lupus".to_owned(),
        query: "lupus".to_owned(),
    };
    add_watch(&bench.writer(), watch, &SCHEMA).unwrap();
    let path = bench.root().join("watches.json");
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, good.replace("\"lupus\"", "\"lupes\"")).unwrap();
    bench.write("3.json", &study(3, "New"));
    let report = bench.night();
    assert_eq!(report.result, RunResult::Published);
    assert!(
        report.warnings[0].contains("watches.json"),
        "{:?}",
        report.warnings
    );
    let wrong = crate::reindex::verify_beside(&bench.root()).unwrap();
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].hint().is_some());
}
