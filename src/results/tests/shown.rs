//! What these tests prove:
//! 1. facets count every hit once under each of its values, and tell what has none;
//! 2. filters passed for lack of data are told, and snippets and explanations are what they claim to be;
//! 3. hits stop coming when the search is cancelled.

use super::{article, index, trial, trials};
use crate::ErrorKind;
use crate::index::Index;
use crate::query::Query;
use crate::record::Record;
use crate::results::{Facet, Results, SearchOptions, find, search};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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

#[test]
fn an_other_name_is_told_only_where_the_typed_one_does_not_stand() {
    let index = index(&[
        trial(1, "Heart attack at night", "Myocardial infarction"),
        trial(2, "Aspirin at night", "Myocardial infarction"),
    ]);
    let query = Query::parse("heart attack").unwrap().query;
    let found = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let names = found.hits.iter().map(|hit| {
        let names = hit.other_names.iter().map(|other| other.name.as_str());
        names.collect::<Vec<_>>()
    });
    let expected = [vec![], vec!["myocardial infarction"]];
    assert_eq!(names.collect::<Vec<_>>(), expected);
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
            }
        }
    }
}

#[test]
fn a_pair_counts_a_word_once_where_a_compound_and_its_first_part_are_forms_of_it() {
    // "infect-ed" stands as "infected" and as "infect", both forms of one word.
    let index = index(&[
        trial(1, "Pain infect-ed pain", "Injury"),
        trial(2, "Walking after a fall", "Hip fracture"),
    ]);
    let options = SearchOptions {
        explain: true,
        ..SearchOptions::default()
    };
    let query = Query::parse("infecting pain").unwrap().query;
    let results = search(&index.snapshot(), &query, &options).unwrap();
    let explanation = results.hits[0].explanation.as_ref().unwrap();
    let mut pairs = explanation.concepts.iter().filter(|c| c.adjacent);
    let title = pairs.next().unwrap().fields.first().unwrap();
    // One of the two pains is near, which counts `relaxed_phrase` of ranking.toml at most.
    assert!(title.term_frequency > 0.0);
    assert!(title.term_frequency <= 0.3, "{}", title.term_frequency);
}
