//! What these tests prove: records like one share what is studied and what is done, the record itself is none of them, and what
//! no other record has makes no difference.

use super::*;
use crate::record::Record;

fn of(number: u32, title: &str, condition: &str, intervention: &str) -> serde_json::Value {
    let mut record = trial(number, title, condition);
    record["interventions"] = json!([{"name": intervention}]);
    record["inclusion_criteria"] = json!("Written informed consent is given by all participants.");
    record
}

fn records() -> Vec<serde_json::Value> {
    let mut all = vec![
        of(
            1,
            "Cells in multiple sclerosis",
            "Multiple sclerosis",
            "Mesenchymal stem cells",
        ),
        of(
            2,
            "Transplantation for MS",
            "Multiple sclerosis",
            "Autologous stem cells",
        ),
        of(3, "A tablet", "Multiple sclerosis", "Fingolimod"),
        of(4, "A transplant", "Crohn disease", "Mesenchymal stem cells"),
        of(5, "Walking", "Hip fracture", "Exercise"),
        article(
            "posts/ms",
            "Stem cells against multiple sclerosis",
            "Mesenchymal stem cells may calm it.",
        ),
        article("posts/diet", "Eating well", "Vegetables and fish."),
    ];
    all.extend((10..40).map(|n| of(n, "Blood pressure", "Hypertension", "Amlodipine")));
    all
}

fn like(index: &Index, record: &Record) -> Vec<String> {
    let snapshot = index.snapshot();
    let query = similar_to(&snapshot, record).unwrap();
    let options = SearchOptions {
        without: same_as(&snapshot, record).unwrap(),
        ..SearchOptions::default()
    };
    let hits = search_ids(&snapshot, &query, &options).unwrap();
    assert_eq!(
        count(&snapshot, &query, &options).unwrap(),
        hits.len() as u64
    );
    hits.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn what_is_studied_and_done_comes_before_either_alone_and_the_record_itself_never() {
    let index = index(&records());
    let record = index.snapshot().get("NCT00000001").unwrap().unwrap();
    let hits = like(&index, &record);
    let place = |id: &str| hits.iter().position(|hit| hit == id);
    let (both, studied, done) = (
        place("NCT00000002"),
        place("NCT00000003"),
        place("NCT00000004"),
    );
    assert!(
        both.is_some() && studied.is_some() && done.is_some(),
        "{hits:?}"
    );
    assert!(both < studied && both < done, "{hits:?}");
    assert!(place("posts/ms").is_some(), "{hits:?}");
    for other in ["NCT00000001", "NCT00000005", "posts/diet"] {
        assert_eq!(place(other), None, "{hits:?}");
    }
    let post = index.snapshot().get("posts/ms").unwrap().unwrap();
    assert_eq!(like(&index, &post)[0], "NCT00000001");
}

#[test]
fn a_record_need_not_be_in_the_index_and_words_no_other_has_change_nothing() {
    let index = index(&records());
    let read =
        |record: &serde_json::Value| -> Record { serde_json::from_value(record.clone()).unwrap() };
    let plain = of(99, "Cells", "Multiple sclerosis", "Stem cells");
    let mut strange = plain.clone();
    strange["conditions"] = json!([{"text": "Multiple sclerosis zzyzzyva"}]);
    let hits = like(&index, &read(&plain));
    assert!(
        ["NCT00000001", "NCT00000002"].contains(&hits[0].as_str()),
        "{hits:?}"
    );
    assert_eq!(like(&index, &read(&strange)), hits);
    let nothing = of(98, "Zzyzzyva", "Qwxyz", "Xyzzy");
    let query = similar_to(&index.snapshot(), &read(&nothing)).unwrap();
    assert!(query.clause().is_none(), "consent is boilerplate: {query}");
}
