//! What a query finds is what its words say, checked by looking through every record.
//!
//! 1. Golden queries over thousands of real records find as many as they did when their answers
//!    were last read, and exactly those a plain scan finds.
//! 2. So do random queries of every kind of clause and filter.

use crate::world::{Pools, WORLD, runner};
use proptest::prelude::*;
use std::cell::Cell;
use std::fmt::Write;
use std::path::Path;
use trialdex::query::{MatchLevel, Query};

/// The ids one list has and the other has not.
fn differences(searched: &[String], scanned: &[String]) -> String {
    let without = |a: &[String], b: &[String]| {
        let only: Vec<String> = a.iter().filter(|id| !b.contains(id)).cloned().collect();
        format!(
            "{} {:?}",
            only.len(),
            only.iter().take(5).collect::<Vec<_>>()
        )
    };
    format!(
        "only searched: {}; only scanned: {}",
        without(searched, scanned),
        without(scanned, searched)
    )
}

/// Queries, how many records answer them, and which if they are few: columns of `answers.tsv`,
/// written anew with `TRIALDEX_BLESS=1`.
const GOLDEN: &str = "tests/answers.tsv";

/// Answers of so many records are named one by one.
const NAMED: usize = 8;

#[test]
fn golden_queries_find_what_a_scan_finds_and_what_they_found_before() {
    let Some(world) = WORLD.as_ref() else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    let golden = std::fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    for line in golden.lines() {
        let text = line.split('\t').next().unwrap();
        let query = Query::parse_strict(text, &world.scan.schema).unwrap();
        let searched = world.search(&query, MatchLevel::Any).unwrap();
        let scanned = world.find(&query, MatchLevel::Any).unwrap();
        assert_eq!(
            searched,
            scanned,
            "{text}: {}",
            differences(&searched, &scanned)
        );
        let names = if searched.len() > NAMED {
            String::new()
        } else {
            searched.join(" ")
        };
        writeln!(found, "{text}\t{}\t{names}", searched.len()).unwrap();
    }
    if std::env::var_os("TRIALDEX_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
        return;
    }
    assert_eq!(found, golden, "the answers of {GOLDEN} have changed");
}

#[test]
fn random_queries_find_what_a_scan_finds() {
    let Some(world) = WORLD.as_ref() else { return };
    let pools = Pools::of(&world.scan);
    let levels = prop_oneof![
        4 => Just(MatchLevel::Any),
        1 => Just(MatchLevel::All),
        1 => Just(MatchLevel::Percent(50)),
    ];
    let found = Cell::new((0u32, 0u32));
    let result = runner(200).run(&(pools.clause(), levels), |(clause, level)| {
        let query = Query::from_clause(clause);
        let searched = world.search(&query, level);
        let scanned = world.find(&query, level);
        if searched != scanned {
            let told = match (searched, scanned) {
                (Some(searched), Some(scanned)) => differences(&searched, &scanned),
                (searched, _) => format!("only the search refuses: {}", searched.is_none()),
            };
            let message = format!("{query} ({level:?}): {told}");
            return Err(TestCaseError::fail(message));
        }
        let (some, refused) = found.get();
        match searched {
            None => found.set((some, refused + 1)),
            Some(ids) if ids.is_empty() => {}
            Some(_) => found.set((some + 1, refused)),
        }
        Ok(())
    });
    let (some, refused) = found.get();
    println!("{some} random queries found something, {refused} were refused");
    result.unwrap();
}
