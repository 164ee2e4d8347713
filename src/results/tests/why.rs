//! What these tests prove: a person learns why a record is not among the hits, and why nothing is.

use super::{article, index, trials};
use crate::index::Index;
use crate::query::Query;
use crate::results::{
    Check, Diagnosis, Role, SearchOptions, WhyNot, count, diagnose, misspellings, search, why_not,
};

fn why(index: &Index, id: &str, query: &str) -> WhyNot {
    let query = Query::parse(query).unwrap().query;
    why_not(&index.snapshot(), id, &query, &SearchOptions::default()).unwrap()
}

/// The parts of a check that do not hold, each with the note on it.
fn failing(check: &Check) -> Vec<(String, String)> {
    let mut all = Vec::new();
    if check.parts.is_empty() {
        // What is forbidden fails the query by holding.
        if check.holds == (check.role == Role::Forbidden) {
            all.push((check.part.clone(), check.note.clone().unwrap_or_default()));
        }
        return all;
    }
    check
        .parts
        .iter()
        .for_each(|part| all.extend(failing(part)));
    all
}

#[test]
fn the_parts_that_keep_a_record_out_are_told_with_what_it_says() {
    let index = index(&trials());
    for (query, expected) in [
        (
            "lupus phase:4",
            &[("phase:phase4", "the record says: phase2, phase3")][..],
        ),
        (
            "\"nephritis lupus\" AND country:DE",
            &[
                ("nephritis lupus", ""),
                ("country:DE", "the record says: IR"),
            ],
        ),
        (
            "lupus NOT condition:nephritis",
            &[("condition:nephritis", "")],
        ),
        (
            "lupus age:70",
            &[("age:P70Y", "the record says: from P18Y to P65Y")],
        ),
        ("lupus kind:article", &[("kind:article", "it is a trial")]),
        ("walking OR hip", &[("walking", ""), ("hip", "")]),
        (
            "lupus started:2020..",
            &[("started:2020..", "the record does not say")],
        ),
    ] {
        let why = why(&index, "NCT00000005", query);
        assert!(why.place.is_none(), "{query}");
        let check = why.check.unwrap();
        assert!(!check.holds, "{query}");
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|&(part, note)| (part.to_owned(), note.to_owned()))
            .collect();
        assert_eq!(failing(&check), expected, "{query}");
    }
}

#[test]
fn a_check_holds_for_hits_and_for_nothing_else() {
    let mut records = trials();
    records.push(article("a", "Lupus", "Stem cells."));
    let index = index(&records);
    let snapshot = index.snapshot();
    for query in [
        "stem cells lupus",
        "+stem lupus",
        "stem AND (lupus OR hip)",
        "lupus sex:female kind:trial",
        "\"stem cell\" -lupus",
        "the lupus",
        "missing:phase (stem OR diet)",
    ] {
        let parsed = Query::parse(query).unwrap().query;
        let options = SearchOptions::default();
        let found = search(&snapshot, &parsed, &options).unwrap().hits;
        for record in snapshot.records().unwrap() {
            let record = record.unwrap();
            let hit = found.iter().find(|hit| hit.record.id() == record.id());
            let why = why(&index, record.id(), query);
            let what = format!("{query}: {}", record.id());
            assert_eq!(why.check.unwrap().holds, hit.is_some(), "{what}");
            let rank = why.place.map(|place| place.hit.rank);
            assert_eq!(rank, hit.map(|hit| hit.rank), "{what}");
        }
    }
}

#[test]
fn a_hit_is_placed_behind_those_that_outrank_it() {
    let why = why(
        &index(&trials()),
        "nct 00000003",
        "lupus nephritis stem cells",
    );
    let place = why.place.unwrap();
    assert_eq!((place.hit.rank as u64, place.total), (4, 4));
    let ahead: Vec<usize> = place.ahead.iter().map(|hit| hit.rank).collect();
    assert_eq!(ahead, [1, 2, 3]);
    assert!(place.ahead.iter().all(|hit| hit.score >= place.hit.score));
    let explanation = place.hit.explanation.unwrap();
    assert!((explanation.sum() - place.hit.score).abs() < 1e-6);
}

#[test]
fn a_number_without_a_record_is_told_with_the_records_that_name_it() {
    let mut records = trials();
    records.push(article(
        "post",
        "A post",
        "It goes on from IRCT2016090729747N2.",
    ));
    let index = index(&records);
    let unknown = why(&index, "IRCT2016090729747N2", "lupus");
    assert!(unknown.record.is_none() && unknown.check.is_none());
    assert_eq!(unknown.named_by, ["post"]);
    let elsewhere = why(&index, "IRCT2016090729747N1", "lupus");
    assert_eq!(elsewhere.record.unwrap().id(), "NCT00000005");
}

fn diagnosis(index: &Index, query: &str) -> Diagnosis {
    let query = Query::parse(query).unwrap().query;
    diagnose(&index.snapshot(), &query, &SearchOptions::default()).unwrap()
}

#[test]
fn an_empty_result_is_counted_part_by_part() {
    let index = index(&trials());
    let found = diagnosis(&index, "\"lupus nephritis\" AND title:diet country:IR");
    let parts: Vec<(&str, u64, u64)> = found
        .parts
        .iter()
        .map(|part| (part.part.as_str(), part.alone, part.without))
        .collect();
    assert_eq!(
        parts,
        [
            ("\"lupus nephritis\"", 2, 0),
            ("title:diet", 1, 1),
            ("country:IR", 1, 0)
        ]
    );
    assert!(found.without_empty.is_none(), "every part finds something");

    let found = diagnosis(&index, "lupus phase:4 country:DE");
    let rest = found.without_empty.unwrap();
    assert_eq!((rest.text.as_str(), rest.total), ("lupus", 3));
}

#[test]
fn counts_of_parts_are_those_of_searches() {
    let index = index(&trials());
    let options = SearchOptions::default();
    for query in [
        "stem AND diet AND lupus",
        "+walking lupus sex:male-only",
        "(stem AND hip) phase:2",
    ] {
        for part in diagnosis(&index, query).parts {
            let alone = Query::parse(&part.part).unwrap().query;
            let total = count(&index.snapshot(), &alone, &options).unwrap();
            assert_eq!(part.alone, total, "{query}: {}", part.part);
        }
    }
}

#[test]
fn other_spellings_come_from_the_index_and_find_something() {
    let index = index(&trials());
    let corrected = diagnosis(&index, "nefritis lupsu").corrected.unwrap();
    assert_eq!(
        (corrected.text.as_str(), corrected.total),
        ("nephritis lupus", 3)
    );
    for (query, word) in [
        ("\"lupus nephritus\" status:recruiting", "nephritis"),
        ("condition:(multiple sclrosis)", "sclerosis"),
        ("exact:sclerosys", "sclerosis"),
    ] {
        let parsed = Query::parse(query).unwrap().query;
        let options = SearchOptions::default();
        let wrong = misspellings(&index.snapshot(), &parsed, &options).unwrap();
        assert_eq!(wrong.len(), 1, "{query}: {wrong:?}");
        assert_eq!(wrong[0].suggestions[0].word, word, "{query}");
    }
    for right in [
        "lupus cells",
        "the",
        "NCT00000003",
        "xyz",
        "PD-L1",
        "fractures",
    ] {
        let parsed = Query::parse(right).unwrap().query;
        let options = SearchOptions::default();
        let wrong = misspellings(&index.snapshot(), &parsed, &options).unwrap();
        assert!(wrong.is_empty(), "{right}: {wrong:?}");
    }
}
