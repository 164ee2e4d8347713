//! What these tests prove:
//! 1. hits come in the order a person expects, and areas, kinds and filters restrict them;
//! 2. the ranking among trials does not know of articles, and the other way round;
//! 3. order, paging and snippets are what they claim to be;
//! 4. how an index was built changes no bit of a score and no place in the order;
//! 5. facets count every hit once under each of its values, and tell what has none.

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
        assert_eq!(ids(&index, text)[0], "IRCT2016090729747N1", "{text}");
        assert!(
            ids(&index, text).contains(&"NCT00000005".to_owned()),
            "{text}"
        );
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

/// Ids and exact scores of all hits of some queries, in their order.
fn rankings(index: &Index) -> Vec<Vec<(String, u64)>> {
    let queries = [
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
    ];
    let orders = ["relevance", "registered:asc", "enrollment"].map(|key| key.parse().unwrap());
    let mut rankings = Vec::new();
    for (query, order) in queries
        .iter()
        .flat_map(|q| orders.iter().map(move |o| (q, *o)))
    {
        let options = SearchOptions {
            limit: usize::MAX,
            sort: vec![order],
            ..SearchOptions::default()
        };
        let query = Query::parse(query).unwrap().query;
        let results = search(&index.snapshot(), &query, &options).unwrap();
        assert!(!results.hits.is_empty(), "{query}");
        let hits = results.hits.into_iter();
        rankings.push(
            hits.map(|hit| (hit.record.id().to_owned(), hit.score.to_bits()))
                .collect(),
        );
    }
    rankings
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
        ("transplanting kidney", "NCT00000004", 2),
        ("transplanted kidneys", "NCT00000003", 2),
    ] {
        let found = ids(&index, query);
        assert_eq!(found[0], first, "{query}");
        assert_eq!(found.len(), 1 + others, "{query}: {found:?}");
    }
    assert_eq!(ids(&index, "exact:cell"), ["NCT00000002"]);
}

#[test]
fn hits_stop_coming_when_the_search_is_cancelled() {
    let index = index(&trials());
    let cancel = Arc::new(AtomicBool::new(false));
    let options = SearchOptions {
        cancel: Some(Arc::clone(&cancel)),
        ..SearchOptions::default()
    };
    let snapshot = index.snapshot();
    let found = find(&snapshot, &Query::text("lupus"), &options).unwrap();
    let mut hits = found.hits().unwrap();
    assert_eq!(hits.len(), 3);
    assert!(hits.next().unwrap().is_ok());
    cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    let error = hits.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let facets = found.facets(&["phase".to_owned()], 10);
    assert_eq!(facets.unwrap_err().kind(), ErrorKind::Cancelled);
}

fn facet(index: &Index, query: &str, name: &str, limit: usize) -> Facet {
    let options = SearchOptions {
        limit: 0,
        facets: vec![name.to_owned()],
        facet_limit: limit,
        ..SearchOptions::default()
    };
    let query = Query::parse(query).unwrap().query;
    let mut results = search(&index.snapshot(), &query, &options).unwrap();
    results.facets.remove(0)
}

fn counted(facet: &Facet) -> Vec<(&str, u64)> {
    let values = facet.values.iter();
    values.map(|v| (v.value.as_str(), v.count)).collect()
}

#[test]
fn facets_count_the_values_of_all_hits_most_frequent_first() {
    let mut records = trials();
    records.push(article("a", "Lupus", "A disease."));
    let index = index(&records);
    let phase = facet(&index, "lupus", "phase", 10);
    assert_eq!(counted(&phase), [("phase2", 1), ("phase3", 1)]);
    assert_eq!((phase.more, phase.missing), (0, 3));
    let condition = facet(&index, "lupus", "condition", 1);
    assert_eq!(counted(&condition), [("Lupus nephritis", 2)]);
    assert_eq!((condition.more, condition.missing), (1, 1));
    let kind = facet(&index, "lupus", "kind", 10);
    assert_eq!(counted(&kind), [("trial", 3), ("article", 1)]);
    assert_eq!(counted(&facet(&index, "", "year", 10)), [("2019", 1)]);
    assert_eq!(facet(&index, "hip", "status", 10).missing, 1);
}

#[test]
fn facets_take_spellings_together_and_count_a_hit_once() {
    let mut records: Vec<_> = (1..=3).map(|n| trial(n, "A trial", "COVID-19")).collect();
    records.push(trial(4, "A trial", "Covid-19"));
    records.push(json!({
        "kind": "trial", "trial_id": "NCT00000005", "registry": "ctgov", "public_title": "A trial",
        "conditions": [{"text": "covid-19"}, {"text": "COVID-19 "}, {"text": "Pneumonia"}],
    }));
    let facet = facet(&index(&records), "trial", "condition", 10);
    assert_eq!(counted(&facet), [("COVID-19", 5), ("Pneumonia", 1)]);
}

#[test]
fn a_facet_nobody_knows_is_refused_with_the_nearest() {
    let options = SearchOptions {
        facets: vec!["conditon".to_owned()],
        ..SearchOptions::default()
    };
    let error = search(&index(&trials()).snapshot(), &Query::all(), &options).unwrap_err();
    assert_eq!(error.hint(), Some("did you mean condition?"));
}

#[test]
fn filters_passed_for_lack_of_data_are_told() {
    let index = index(&trials());
    let query = Query::parse("lupus sex:male age:30").unwrap().query;
    let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let query = Query::parse("lupus sex:female age:30").unwrap().query;
    let full = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let unverified = |results: &Results, id: &str| -> Vec<String> {
        let hit = results.hits.iter().find(|hit| hit.record.id() == id);
        hit.unwrap()
            .unverified
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(
        unverified(&results, "NCT00000003"),
        ["sex:male", "age:P30Y"]
    );
    assert!(unverified(&full, "NCT00000005").is_empty());
}

/// The field, the value and the marked words of a hit's snippet.
fn snippet_of(index: &Index, query: &str) -> (String, usize, Vec<String>) {
    let query = Query::parse(query).unwrap().query;
    let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let snippet = results.hits[0].snippet.as_ref().unwrap();
    let marked = snippet.highlights.iter();
    let marked = marked.map(|range| snippet.text[range.clone()].to_owned());
    (snippet.field.clone(), snippet.value, marked.collect())
}

#[test]
fn every_variant_is_marked_in_the_value_it_stands_in() {
    let index = index(&[json!({
        "kind": "trial", "trial_id": "NCT00000001", "registry": "ctgov",
        "public_title": "A study",
        "conditions": [{"text": "Anaemia"}, {"text": "PD-L1 positive tumours"}],
        "interventions": [{"name": "Nivolumab"}, {"name": "Radiation of the bone marrow"}],
        "primary_outcomes": [{"measure": "Overall survival"}, {"measure": "Pain after treatment, on a scale"}],
        "inclusion_criteria": "Über 18 years.\nWomen or men whose cell counts yield; stem cells were given before.",
    })]);
    for (query, field, value, marked) in [
        ("tumour", "conditions", 1, &["tumours"][..]),
        ("PDL1", "conditions", 1, &["PD-L1"]),
        ("pd l1", "conditions", 1, &["PD", "L1"]),
        ("\"bone marrow\"", "interventions", 1, &["bone", "marrow"]),
        (
            "\"treatment pain\"~3",
            "primary_outcomes",
            1,
            &["Pain", "treatment"],
        ),
        ("wom?n", "inclusion", 0, &["Women"]),
        ("radia*", "interventions", 1, &["Radiation"]),
        ("nivolumbb~1", "interventions", 0, &["Nivolumab"]),
        (
            "\"stem cell\" women",
            "inclusion",
            0,
            &["Women", "stem", "cells"],
        ),
        ("nct 0000 0001", "ids", 0, &["NCT00000001"]),
        ("exact:survival", "primary_outcomes", 0, &["survival"]),
        ("outcome:scales", "primary_outcomes", 1, &["scale"]),
    ] {
        let marked = marked.iter().map(|&word| word.to_owned()).collect();
        assert_eq!(
            snippet_of(&index, query),
            (field.to_owned(), value, marked),
            "{query}"
        );
    }
}

#[test]
fn a_passage_of_a_long_text_is_cut_between_words_and_its_offsets_fit() {
    let filler = "Größe und Dauer «werden» gemessen. ".repeat(60);
    let text = format!("{filler}Mesenchymal cells help the kidney. {filler}");
    let index = index(&[article("a", "Title", &text)]);
    let query = Query::text("mesenchymal kidneys");
    let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let snippet = results.hits[0].snippet.as_ref().unwrap();
    assert_eq!(snippet.cut, [true, true]);
    let whole = match &results.hits[0].record {
        Record::Article(article) => article.text.clone().unwrap(),
        Record::Trial(_) => unreachable!("only an article was indexed"),
    };
    assert_eq!(whole[snippet.offset..][..snippet.text.len()], snippet.text);
    assert!(whole[..snippet.offset].ends_with(char::is_whitespace));
    let marked: Vec<&str> = snippet
        .highlights
        .iter()
        .map(|r| &snippet.text[r.clone()])
        .collect();
    assert_eq!(marked, ["Mesenchymal", "kidney"]);
}

#[test]
fn explanations_sum_to_the_score_and_name_the_forms() {
    let index = index(&trials());
    let options = SearchOptions {
        explain: true,
        ..SearchOptions::default()
    };
    for query in [
        "stem cell lupus",
        "\"lupus nephritis\" women^2 nephr*",
        "NCT00000003 diet lupsu~1",
    ] {
        let query = Query::parse(query).unwrap().query;
        for hit in search(&index.snapshot(), &query, &options).unwrap().hits {
            let explanation = hit.explanation.unwrap();
            assert!(
                (explanation.sum() - hit.score).abs() < 1e-6,
                "{}",
                hit.record.id()
            );
            for concept in &explanation.concepts {
                let fields: f64 = concept.fields.iter().map(|field| field.score).sum();
                assert!((fields - concept.score).abs() < 1e-6);
                assert!(
                    concept
                        .fields
                        .iter()
                        .all(|f| !f.variant.contains(char::is_control))
                );
            }
        }
    }
}
