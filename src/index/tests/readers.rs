//! Readers look while a writer publishes: each sees whole states, and never an earlier one again.

use super::*;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

/// Every record of an index names the night it was written in: all of one state name the same.
fn night(snapshot: &Snapshot) -> u32 {
    let records = snapshot.records().unwrap().map(Result::unwrap);
    let titles: Vec<String> = records.map(|r| r.title().unwrap().to_owned()).collect();
    let nights: Vec<u32> = titles
        .iter()
        .map(|t| t.rsplit(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(nights.len(), 3);
    assert!(
        nights.iter().all(|night| *night == nights[0]),
        "a mix: {titles:?}"
    );
    let alpha = snapshot.mapping().text("public_title").unwrap();
    let word = Term::from_field_text(alpha, &nights[0].to_string());
    assert_eq!(snapshot.document_frequency(&word).unwrap(), 3);
    nights[0]
}

#[test]
fn readers_that_open_thousands_of_times_during_commits_never_err_and_never_go_back() {
    const NIGHTS: u32 = 20;
    let bench = Bench::new(&[]);
    let write = |night: u32| {
        for number in 1..=3 {
            let title = format!("night {night}");
            bench.write(
                &format!("{number}.json"),
                &study(number, &title, "2020-01-01"),
            );
        }
    };
    write(0);
    bench.update();
    let (published, done) = (AtomicU32::new(0), AtomicBool::new(false));
    let looks = AtomicU32::new(0);
    thread::scope(|threads| {
        for reloads in [false, true, false] {
            let (bench, published, done, looks) = (&bench, &published, &done, &looks);
            threads.spawn(move || {
                let mut index = bench.open();
                let mut last = 0;
                while !done.load(Ordering::SeqCst) {
                    let least = published.load(Ordering::SeqCst).max(last);
                    if reloads {
                        index.reload().unwrap();
                    } else {
                        index = bench.open();
                    }
                    last = night(&index.snapshot());
                    assert!(last >= least, "saw night {last} after {least}");
                    looks.fetch_add(1, Ordering::SeqCst);
                }
                index.reload().unwrap();
                assert_eq!(night(&index.snapshot()), NIGHTS);
            });
        }
        let nights = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for night in 1..=NIGHTS {
                write(night);
                // A generation goes the moment the next is published: readers are still opening it.
                let options = UpdateOptions {
                    keep: Some(1),
                    memory: Some(30_000_000),
                    ..UpdateOptions::default()
                };
                bench.update_with(&options).unwrap();
                published.store(night, Ordering::SeqCst);
            }
        }));
        done.store(true, Ordering::SeqCst);
        nights.unwrap();
    });
    assert!(looks.into_inner() > 300);
}
