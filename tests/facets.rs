//! Facets are what a plain scan over the records counts.

use crate::material::shared;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use trialdex::index::{Index, UpdateOptions};
use trialdex::query::Query;
use trialdex::results::{SearchOptions, facet_names, search};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

/// Facets and where a stored record has their values; the members of `/x/*/y` are the `y` of all of `x`.
const PLACES: &[(&str, &str)] = &[
    ("status", "/recruitment_status"),
    ("phase", "/phase/*"),
    ("country", "/countries/*"),
    ("registry", "/registry"),
    ("kind", "/kind"),
    ("type", "/study_type"),
    ("sex", "/sex"),
    ("condition", "/conditions/*/text"),
    ("intervention", "/interventions/*/name"),
    ("sponsor", "/primary_sponsor"),
    ("allocation", "/study_design/allocation"),
    ("masking", "/study_design/masking"),
    ("tag", "/tags/*"),
    ("has_results", "/summary_results/has_results"),
];

/// The values at a place, case and blanks aside.
fn values(record: &Value, place: &str) -> BTreeSet<String> {
    let found = match place.split_once("/*") {
        None => record.pointer(place).into_iter().collect::<Vec<_>>(),
        Some((list, below)) => {
            let members = record.pointer(list).and_then(Value::as_array);
            let members = members.into_iter().flatten();
            members.filter_map(|member| member.pointer(below)).collect()
        }
    };
    let text = |value: &Value| match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        value => value.as_str().unwrap_or_default().to_owned(),
    };
    let folded = |text: String| {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    found.into_iter().map(text).map(folded).collect()
}

#[test]
fn facets_are_what_a_scan_counts() {
    let mut sources = vec![Source::path(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
    )];
    if let Some(bulk) = shared("bulk") {
        sources.push(Source::path(bulk.join("ictrp-927.csv.zst")));
        sources.push(Source::path(bulk.join("ctgov-v2-349.ndjson.zst")));
    }
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let options = UpdateOptions::default();
    let (index, _) =
        Index::in_memory(sources, &[], Arc::clone(&schema), &options, &mut ()).unwrap();
    let snapshot = index.snapshot();
    for text in [
        "",
        "cells",
        "covid kind:trial sex:female",
        "lupus OR cancer",
    ] {
        let options = SearchOptions {
            limit: usize::MAX,
            snippets: false,
            facets: PLACES.iter().map(|&(name, _)| name.to_owned()).collect(),
            facet_limit: usize::MAX,
            // Facets count records, whether they are folded or not.
            fold: false,
            ..SearchOptions::default()
        };
        let query = Query::parse(text).unwrap().query;
        let results = search(&snapshot, &query, &options).unwrap();
        let hits = results.hits.iter();
        let records: Vec<Value> = hits
            .map(|hit| serde_json::to_value(&hit.record).unwrap())
            .collect();
        for (facet, (name, place)) in results.facets.iter().zip(PLACES) {
            let mut expected: BTreeMap<String, u64> = BTreeMap::new();
            let mut missing = 0;
            for record in &records {
                let values = values(record, place);
                missing += u64::from(values.is_empty());
                values
                    .into_iter()
                    .for_each(|value| *expected.entry(value).or_default() += 1);
            }
            let counted = facet.values.iter();
            let counted: BTreeMap<String, u64> = counted
                .map(|value| (value.value.to_lowercase(), value.count))
                .collect();
            assert_eq!(counted, expected, "{name} of {text:?}");
            assert_eq!(facet.missing, missing, "{name} of {text:?}");
            let order = facet.values.iter().map(|v| (u64::MAX - v.count, &v.value));
            assert!(order.is_sorted(), "{name} of {text:?}");
        }
    }
    for (name, _) in PLACES {
        assert!(facet_names(&schema).any(|known| known == *name), "{name}");
    }
}
