//! What these tests prove:
//! 1. hits come in the order a person expects, and areas, kinds and filters restrict them;
//! 2. the ranking among trials does not know of articles, and the other way round;
//! 3. order, paging and snippets are what they claim to be;
//! 4. how an index was built changes no bit of a score and no place in the order.

mod articles;
mod fold;
mod links;
mod numbers;
mod shown;
mod similar;
mod why;

use super::*;
use crate::error::ErrorKind;
use crate::index::{Index, IndexWriter, UpdateOptions};
use crate::record::Kind;
use crate::schema::IndexSchema;
use crate::source::Source;
use serde_json::json;
use std::sync::Arc;

/// An index in memory over records given as JSON.
fn index(records: &[serde_json::Value]) -> Index {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    let lines: Vec<String> = records.iter().map(|record| record.to_string()).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let options = UpdateOptions::default();
    let (index, report) =
        Index::in_memory(vec![Source::path(&path)], &[], schema, &options, &mut ()).unwrap();
    assert_eq!(report.counts.searched(), records.len() as u64);
    index
}

fn trial(number: u32, title: &str, condition: &str) -> serde_json::Value {
    json!({
        "kind": "trial", "trial_id": format!("NCT{number:08}"), "registry": "ctgov",
        "public_title": title, "conditions": [{"text": condition}],
    })
}

fn article(id: &str, title: &str, text: &str) -> serde_json::Value {
    json!({"kind": "article", "article_id": id, "title": title, "text": text})
}

fn trials() -> Vec<serde_json::Value> {
    vec![
        trial(1, "Stem cells for multiple sclerosis", "Multiple sclerosis"),
        trial(2, "Stem cells for lupus nephritis", "Lupus nephritis"),
        trial(3, "A diet against lupus", "Systemic lupus erythematosus"),
        trial(4, "Walking after a fall", "Hip fracture"),
        json!({
            "kind": "trial", "trial_id": "NCT00000005", "registry": "ctgov",
            "public_title": "Cell therapy", "conditions": [{"text": "Lupus nephritis"}],
            "phase": ["phase2", "phase3"], "recruitment_status": "recruiting", "sex": "female",
            "minimum_age": "P18Y", "maximum_age": "P65Y", "countries": ["IR"], "sample_size": 40,
            "registration_date": "2019-07", "registry_ids": ["IRCT2016090729747N1"],
            "brief_summary": "Mesenchymal stem cells are given to women whose lupus nephritis does not yield.",
        }),
    ]
}

fn ids(index: &Index, text: &str) -> Vec<String> {
    ids_of(index, &Query::parse(text).unwrap().query)
}

fn ids_of(index: &Index, query: &Query) -> Vec<String> {
    let results = search(&index.snapshot(), query, &SearchOptions::default()).unwrap();
    results
        .hits
        .iter()
        .map(|hit| hit.record.id().to_owned())
        .collect()
}

#[test]
fn records_with_all_words_in_title_and_condition_come_first() {
    let index = index(&trials());
    assert_eq!(ids(&index, "stem cells lupus nephritis")[0], "NCT00000002");
    assert_eq!(ids(&index, "stem cell lupus")[0], "NCT00000002");
    let query = Query::all()
        .area("condition", "multiple sclerosis")
        .area("title", "stem cells");
    assert_eq!(ids_of(&index, &query), ["NCT00000001"]);
}

#[test]
fn filters_and_operators_restrict_the_hits() {
    let index = index(&trials());
    for (query, expected) in [
        ("phase:2", &["NCT00000005"][..]),
        ("phase:2/3", &["NCT00000005"]),
        ("phase:3/4", &[]),
        ("status:open", &["NCT00000005"]),
        ("country:Iran", &["NCT00000005"]),
        ("lupus sex:male", &["NCT00000002", "NCT00000003"]),
        ("lupus sex:female-only phase:2", &["NCT00000005"]),
        ("hip age:12", &["NCT00000004"]),
        ("lupus age:12", &["NCT00000003", "NCT00000002"]),
        ("age:65 phase:2", &["NCT00000005"]),
        ("age:66 phase:2", &[]),
        ("registered:2019-07-15..2020", &["NCT00000005"]),
        ("registered:2020..", &[]),
        ("enrollment:40..50", &["NCT00000005"]),
        ("missing:phase lupus", &["NCT00000003", "NCT00000002"]),
        ("lupus AND NOT nephritis", &["NCT00000003"]),
        ("\"lupus nephritis\" AND title:stem", &["NCT00000002"]),
        ("\"nephritis lupus\"", &[]),
        ("\"nephritis lupus\"~0", &["NCT00000002", "NCT00000005"]),
        ("nephr*", &["NCT00000002", "NCT00000005"]),
        ("title:lupsu~1", &["NCT00000003", "NCT00000002"]),
        ("exact:cell", &["NCT00000005"]),
        ("NCT00000003", &["NCT00000003"]),
        ("kind:article", &[]),
    ] {
        let mut found = ids(&index, query);
        let mut expected: Vec<String> = expected.iter().map(|&id| id.to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn typed_numbers_find_the_record_itself_first() {
    let mut records = trials();
    records.push(json!({
        "kind": "trial", "trial_id": "IRCT2016090729747N1", "registry": "irct",
        "public_title": "Something else entirely",
    }));
    let index = index(&records);
    for text in [
        "IRCT2016090729747N1",
        "irct 2016090729747 n1",
        "IRCT2016090729747N1 lupus",
    ] {
        let query = Query::parse(text).unwrap().query;
        // What names the number is the same trial, and would be folded.
        let found = search_ids(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
        assert_eq!(found[0].0, "IRCT2016090729747N1", "{text}");
        assert!(found.iter().any(|(id, _)| id == "NCT00000005"), "{text}");
    }
}

#[test]
fn articles_change_nothing_in_the_scores_of_trials() {
    let scores = |index: &Index, kind: Kind| {
        let mut scores = Vec::new();
        // No trial has a word that fits the patterns.
        for text in [
            "stem cells lupus nephritis",
            "lupus cell rodent* murin* mouse~1",
        ] {
            let query = Query::parse(text).unwrap().query;
            let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
            let hits = results.hits.into_iter();
            let hits = hits.filter(|hit| hit.record.kind() == kind);
            scores.extend(hits.map(|hit| (hit.record.id().to_owned(), hit.score.to_bits())));
        }
        scores
    };
    let articles = [
        article(
            "a",
            "Lupus and stem cells",
            "Stem cells of mice and other rodents with murine lupus nephritis.",
        ),
        article("b", "Kidneys", "Nephritis has many causes; lupus is one."),
    ];
    let both: Vec<_> = trials().into_iter().chain(articles.clone()).collect();
    let (trials, articles, both) = (index(&trials()), index(&articles), index(&both));
    assert_eq!(scores(&both, Kind::Trial), scores(&trials, Kind::Trial));
    assert_eq!(
        scores(&both, Kind::Article),
        scores(&articles, Kind::Article)
    );
    assert!(!scores(&both, Kind::Article).is_empty());
}

/// Ids and exact scores of the hits of a kind.
fn scores_of(index: &Index, query: &str, kind: Kind) -> Vec<(String, u64)> {
    let query = Query::parse(query).unwrap().query;
    let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let hits = results.hits.into_iter();
    let hits = hits.filter(|hit| hit.record.kind() == kind);
    hits.map(|hit| (hit.record.id().to_owned(), hit.score.to_bits()))
        .collect()
}

#[test]
fn names_that_one_kind_of_records_gives_change_nothing_among_the_other() {
    let defined = "Zonal quality rating (ZQR) of hearts";
    let number = 1..=4;
    let own: Vec<_> = number
        .clone()
        .map(|n| trial(n, defined, "Heart failure"))
        .collect();
    let plain = |n: u32| trial(n + 10, "ZQR at night", "Heart failure");
    let silent: Vec<_> = number.clone().map(plain).collect();
    let article = |n: u32, text: &str| article(&format!("a{n}"), "A note", text);
    let defining: Vec<_> = number.clone().map(|n| article(n, defined)).collect();
    let using: Vec<_> = number.map(|n| article(n + 10, "ZQR once more")).collect();
    for (one, other, kind) in [
        (&silent, &defining, Kind::Trial),
        (&using, &own, Kind::Article),
    ] {
        let alone = index(one);
        let both = index(&[one.as_slice(), other.as_slice()].concat());
        for query in ["zonal quality rating night", "ZQR", "ZQR heart once"] {
            let expected = scores_of(&alone, query, kind);
            assert_eq!(scores_of(&both, query, kind), expected, "{query} {kind}");
        }
    }
    // Among records of its own kind a definition counts.
    let trials = index(&[own.as_slice(), silent.as_slice()].concat());
    let found = scores_of(&trials, "zonal quality rating", Kind::Trial);
    assert_eq!(found.len(), 8);
}

#[test]
fn long_queries_find_what_only_numbers_or_other_names_say() {
    let numbers = "11 12 13 14 15 16 17 18 19 20 21 22 23 24";
    let index = index(&[
        trial(1, numbers, "Counting"),
        trial(2, "Screening", "Breast cancer"),
    ]);
    assert_eq!(ids(&index, &format!("{numbers} 25")), ["NCT00000001"]);
    let persian = "بیمار زنی است که با سرطان پستان و درد شدید از دیروز به درمانگاه ما آمده است";
    assert_eq!(ids(&index, persian), ["NCT00000002"]);
}

#[test]
fn snippets_show_the_passage_and_mark_every_form_found() {
    let index = index(&trials());
    let query = Query::text("mesenchymal stem cell lupus");
    let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let hit = results
        .hits
        .iter()
        .find(|hit| hit.record.id() == "NCT00000005")
        .unwrap();
    let snippet = hit.snippet.as_ref().unwrap();
    assert_eq!(snippet.field, "brief_summary");
    let marked: Vec<&str> = snippet
        .highlights
        .iter()
        .map(|range| &snippet.text[range.clone()])
        .collect();
    assert_eq!(marked, ["Mesenchymal", "stem", "cells", "lupus"]);
    assert!(hit.matched.contains(&"conditions".to_owned()));
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let index = index(&trials());
    for sort in ["relevance", "registered", "enrollment:asc"] {
        let mut options = SearchOptions {
            limit: 2,
            sort: vec![sort.parse().unwrap()],
            ..SearchOptions::default()
        };
        let mut seen = Vec::new();
        loop {
            let results = search(&index.snapshot(), &Query::text("lupus cells"), &options).unwrap();
            assert_eq!(results.total, 4);
            seen.extend(results.hits.iter().map(|hit| hit.record.id().to_owned()));
            let Some(next) = results.next else { break };
            options.after = Some(next);
        }
        options = SearchOptions {
            sort: options.sort,
            ..SearchOptions::default()
        };
        let whole = search(&index.snapshot(), &Query::text("lupus cells"), &options).unwrap();
        let whole: Vec<_> = whole
            .hits
            .iter()
            .map(|hit| hit.record.id().to_owned())
            .collect();
        assert_eq!(seen, whole, "{sort}");
    }
}

#[test]
fn a_search_stops_when_its_time_is_up_or_it_is_cancelled() {
    let index = index(&trials());
    let mut options = SearchOptions {
        time_limit: Some(Duration::ZERO),
        ..SearchOptions::default()
    };
    let stopped = |options: &SearchOptions| {
        let error = search(&index.snapshot(), &Query::text("lupus"), options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    };
    stopped(&options);
    options.time_limit = None;
    options.cancel = Some(Arc::new(AtomicBool::new(true)));
    stopped(&options);
}

/// Ids of hits and their exact scores, in their order.
type Ranking = Vec<(String, u64)>;

const RANKED: [&str; 12] = [
    "",
    "stem cells for lupus nephritis",
    "convalescent plasma covid-19",
    "low back pain education",
    "\"multiple sclerosis\" OR title:malaria^3",
    "patients random* treatment",
    "diabtes~2 kind:trial",
    "\"placebo controlled\"~4 -asthma",
    "exact:cells condition:pain",
    "country:IR,US type:interventional women",
    "patients",
    "NCT06360861 stem cells of patients with pain",
];

/// The first hits of a query in an order.
fn ranking(index: &Index, query: &str, order: &str, limit: usize) -> Ranking {
    let options = SearchOptions {
        limit,
        sort: vec![order.parse().unwrap()],
        ..SearchOptions::default()
    };
    let query = Query::parse(query).unwrap().query;
    let results = search(&index.snapshot(), &query, &options).unwrap();
    assert!(!results.hits.is_empty(), "{query}");
    let hits = results.hits.into_iter();
    hits.map(|hit| (hit.record.id().to_owned(), hit.score.to_bits()))
        .collect()
}

/// All hits of some queries.
fn rankings(index: &Index) -> Vec<Ranking> {
    let mut rankings = Vec::new();
    for query in RANKED {
        for order in ["relevance", "registered:asc", "enrollment"] {
            rankings.push(ranking(index, query, order, usize::MAX));
        }
    }
    rankings
}

/// That the first hits are the same, and score the same, however many are wanted.
fn assert_firsts(index: &Index) {
    for query in RANKED {
        let all = ranking(index, query, "relevance", usize::MAX);
        for limit in [1, 2, 3, 10, 37] {
            let first = ranking(index, query, "relevance", limit);
            let expected = all.get(..limit.min(all.len())).unwrap();
            assert_eq!(first, expected, "{query:?} by {limit}");
        }
    }
}

#[test]
fn what_is_kept_of_one_query_is_not_taken_for_what_another_means() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let in_memory = || {
        let (sources, options) = (vec![Source::path(corpus)], UpdateOptions::default());
        let made = Index::in_memory(sources, &[], Arc::clone(&schema), &options, &mut ());
        made.unwrap().0.snapshot()
    };
    let changes = [
        ("k1", 2.0),
        ("penalties.synonym", 0.2),
        ("penalties.inflection", 0.5),
        ("default.brief_summary", 0.0),
        ("default.conditions", 9.0),
        ("b.brief_summary", 0.9),
    ];
    let asked = in_memory();
    for (name, value) in changes {
        let mut ranking = schema.ranking.clone();
        ranking.set(name, value).unwrap();
        let options = SearchOptions {
            ranking: Some(ranking),
            ..SearchOptions::default()
        };
        let fresh = in_memory();
        for query in [
            "stem cells for lupus nephritis",
            "MSC heart attack of patients",
        ] {
            let query = Query::text(query);
            let found = |snapshot| search_ids(snapshot, &query, &options).unwrap();
            assert_eq!(found(&asked), found(&fresh), "{query} with {name} {value}");
        }
    }
}

#[test]
fn what_may_be_shown_is_what_scores_most_in_the_end_however_much_recency_adds() {
    let records: Vec<serde_json::Value> = (1..=30)
        .map(|number| {
            // The less of a title is lupus, the less it scores; every third trial is recent.
            let title = format!("Lupus lupus lupus {}", "and ".repeat(number as usize));
            let mut own = trial(number, &title, "Nephritis");
            if number % 3 == 0 {
                own["last_update_date"] = json!("2026-06-01");
            }
            own
        })
        .collect();
    let index = index(&records);
    let (snapshot, options) = (index.snapshot(), SearchOptions::default());
    let query = Query::parse("lupus").unwrap().query;
    let scores = |best: Option<usize>| {
        let interrupt = interrupt::Interrupt::start(&options);
        let mut answer = found::answer(&snapshot, &query, &options, &interrupt).unwrap();
        answer.complete(best, &|| Ok(())).unwrap();
        let segments = answer.segments.iter();
        let scores = segments.flat_map(|segment| {
            let candidates = segment.candidates().iter();
            candidates.map(|document| segment.score(document).to_bits())
        });
        let mut scores: Vec<u64> = scores.collect();
        scores.sort_by(|a, b| b.cmp(a));
        scores
    };
    let all = scores(None);
    assert_eq!(all.len(), 30);
    for best in 1..=30 {
        assert_eq!(scores(Some(best)), all[..best], "the best {best}");
    }
}

#[test]
fn neither_segments_nor_threads_nor_deleted_documents_change_a_bit_of_the_ranking() {
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let in_memory = |path: &std::path::Path| {
        let (sources, options) = (vec![Source::path(path)], UpdateOptions::default());
        let made = Index::in_memory(sources, &[], Arc::clone(&schema), &options, &mut ());
        made.unwrap().0
    };
    let whole = in_memory(corpus.as_ref());
    let records: Vec<String> = whole
        .snapshot()
        .records()
        .unwrap()
        .map(|record| serde_json::to_string(&record.unwrap()).unwrap())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    std::fs::create_dir(&source).unwrap();
    let write = |name: &str, lines: &[String]| {
        std::fs::write(source.join(name), lines.join("\n")).unwrap();
    };
    let update = |root: &str, options: &UpdateOptions| {
        let root = folder.path().join(root);
        let mut writer = IndexWriter::open(&root, Arc::clone(&schema)).unwrap();
        writer.add(Source::path(&source), Vec::new()).unwrap();
        writer.update(options, &mut ()).unwrap();
        drop(writer);
        Index::open(root, Arc::clone(&schema)).unwrap()
    };
    // Four nights: records that come, change and go leave segments with deleted documents.
    let (first, rest) = records.split_at(records.len() / 2 + 4);
    let (second, rest) = rest.split_at(rest.len() / 2 + 2);
    let (third, last) = rest.split_at(rest.len() / 2 + 1);
    let last_before: Vec<String> = last.iter().map(|r| r.replace("pain", "cells")).collect();
    let gone = [article("gone", "Lupus", "Stem cells").to_string()];
    let nights = [
        ("first.jsonl", first),
        ("last.jsonl", &[last_before.as_slice(), &gone].concat()),
        ("second.jsonl", second),
        ("third.jsonl", third),
        ("last.jsonl", last),
    ];
    let options = UpdateOptions::default();
    let mut grown = None;
    for (night, (name, lines)) in nights.into_iter().enumerate() {
        write(name, lines);
        if night > 0 {
            grown = Some(update("grown", &options));
        }
    }
    let grown = grown.unwrap();
    let snapshot = grown.snapshot();
    let segments = snapshot.searcher().segment_readers();
    assert!(segments.len() > 2, "{} segments", segments.len());
    assert!(segments.iter().any(|segment| segment.has_deletes()));
    let threaded = update(
        "threaded",
        &UpdateOptions {
            threads: Some(4),
            memory: Some(60_000_000),
            ..UpdateOptions::default()
        },
    );
    let expected = rankings(&whole);
    for other in [&grown, &threaded, &in_memory(&source)] {
        assert_eq!(rankings(other), expected);
    }
    assert_firsts(&whole);
    assert_firsts(&grown);
}

#[test]
fn the_typed_form_counts_whole_whether_others_are_looked_for_or_not() {
    let mut one = trial(1, "Nephritis in lupus", "Lupus nephritis");
    one["primary_sponsor"] = json!("Lupus Nephritis Alliance");
    let index = index(&[one, trial(2, "Walking after a fall", "Hip fracture")]);
    let score = |text: &str| {
        let query = Query::parse(text).unwrap().query;
        let found = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
        found.hits[0].score
    };
    // Names have no other forms.
    for (any_form, as_typed) in [
        ("lupus", "exact:lupus"),
        ("sponsor:lupus", "sponsor:exact:lupus"),
        ("\"lupus nephritis\"", "exact:\"lupus nephritis\""),
        ("\"nephritis lupus\"~3", "exact:\"nephritis lupus\"~3"),
        (
            "sponsor:(lupus nephritis)",
            "sponsor:exact:(lupus nephritis)",
        ),
    ] {
        let (any_form, exact) = (score(any_form), score(as_typed));
        assert!(
            (any_form - exact).abs() < 1e-6,
            "{as_typed}: {any_form}, {exact}"
        );
    }
}

#[test]
fn other_forms_are_found_whichever_stand_there_and_no_words_of_another_stem() {
    let index = index(&[
        trial(1, "Her cell and the other cells", "Lupus nephritis"),
        trial(2, "Treating a fall", "Hip fracture"),
    ]);
    let found = |text: &str| -> Vec<String> {
        let query = Query::parse(text).unwrap().query;
        let found = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
        found
            .hits
            .iter()
            .map(|hit| hit.record.id().to_owned())
            .collect()
    };
    for (text, id) in [
        ("cells", "NCT00000001"),
        ("treats", "NCT00000002"),
        ("fractures", "NCT00000002"),
    ] {
        assert_eq!(found(text), [id], "{text}");
    }
    // Their stems are her, a and other.
    for text in ["hers", "aed", "others"] {
        assert!(found(text).is_empty(), "{text}");
    }
}

#[test]
fn a_long_query_keeps_words_whose_forms_stand_in_every_record() {
    let index = index(&[trial(1, "One cell among cells", "Lupus nephritis")]);
    let words = "cells bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp qq rr ss tt";
    let query = Query::parse(words).unwrap().query;
    let found = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    assert_eq!(found.hits.len(), 1);
}

#[test]
fn the_typed_form_wins_among_records_that_are_equal_otherwise() {
    let index = index(&[
        trial(1, "Cells against lupus", "Lupus"),
        trial(2, "Cell against lupus", "Lupus"),
        trial(3, "Transplanted kidneys", "Kidney failure"),
        trial(4, "Transplanting kidneys", "Kidney failure"),
        trial(5, "Transplantation of kidneys", "Kidney failure"),
    ]);
    for (query, first, others) in [
        ("cell", "NCT00000002", 1),
        ("cell lupus", "NCT00000002", 1),
        ("cells", "NCT00000001", 1),
        ("Cells lupus", "NCT00000001", 1),
        ("\"cells against\"", "NCT00000001", 1),
        ("\"cell against\"", "NCT00000002", 1),
        ("transplanting kidney", "NCT00000004", 2),
        ("transplanted kidneys", "NCT00000003", 2),
    ] {
        let found = ids(&index, query);
        assert_eq!(found[0], first, "{query}");
        assert_eq!(found.len(), 1 + others, "{query}: {found:?}");
    }
    assert_eq!(ids(&index, "exact:cell"), ["NCT00000002"]);
    assert_eq!(ids(&index, "exact:cells"), ["NCT00000001"]);
}
