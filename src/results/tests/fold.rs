//! Of the records of one trial the best hit is shown, on one page only, and nothing gets lost.

use super::*;
use std::collections::BTreeSet;

/// Forty trials, every third with a record in two more registries that name it.
fn registered() -> Index {
    let mut records = Vec::new();
    for number in 1..=40u32 {
        let title = format!(
            "Stem cells for lupus {}",
            "nephritis ".repeat(number as usize % 4)
        );
        let mut own = trial(number, &title, "Lupus");
        own["sample_size"] = json!(number);
        let id = own["trial_id"].clone();
        records.push(own);
        if number % 3 == 0 {
            records.push(json!({
                "kind": "trial", "trial_id": format!("ISRCTN{number:08}"), "registry": "isrctn",
                "public_title": "Cells for lupus", "registry_ids": [id], "sample_size": 99,
                "first_enrollment_date": "2020",
            }));
            records.push(json!({
                "kind": "trial", "trial_id": format!("DRKS{number:08}"), "registry": "drks",
                "public_title": "Stem cells", "registry_ids": [id],
                "first_enrollment_date": "2020-03-01",
            }));
        }
    }
    index(&records)
}

fn pages(index: &Index, text: &str, options: &SearchOptions) -> Vec<String> {
    let query = Query::parse(text).unwrap().query;
    let snapshot = index.snapshot();
    let mut options = options.clone();
    let mut ids = Vec::new();
    loop {
        let found = find(&snapshot, &query, &options).unwrap();
        ids.extend(found.ids().map(|(id, _)| id.to_owned()));
        let next = found.next_page().cloned();
        match next {
            Some(next) => options.after = Some(next),
            None => return ids,
        }
    }
}

#[test]
fn pages_of_any_size_and_order_show_every_trial_once_by_its_best_record() {
    let index = registered();
    let every = |sort: &[&str], fold, limit| {
        let options = SearchOptions {
            limit,
            fold,
            sort: sort.iter().map(|key| key.parse().unwrap()).collect(),
            ..SearchOptions::default()
        };
        pages(&index, "stem cells lupus", &options)
    };
    let trial_of = |id: &str| id[id.len() - 8..].to_owned();
    for sort in [&[][..], &["enrollment"], &["enrollment:asc", "relevance"]] {
        let all = every(sort, false, usize::MAX);
        assert_eq!(all.len(), 40 + 2 * 13);
        let mut seen = BTreeSet::new();
        let best: Vec<String> = all
            .into_iter()
            .filter(|id| seen.insert(trial_of(id)))
            .collect();
        assert_eq!(best.len(), 40);
        for limit in [1, 2, 7, 39, 40, 41, usize::MAX] {
            assert_eq!(every(sort, true, limit), best, "{sort:?} by {limit}");
        }
    }
}

#[test]
fn a_hit_tells_who_else_has_the_trial_and_where_they_contradict() {
    let index = registered();
    let query = Query::parse("\"lupus nephritis nephritis nephritis\"")
        .unwrap()
        .query;
    let results = search(&index.snapshot(), &query, &SearchOptions::default()).unwrap();
    let hit = results
        .hits
        .iter()
        .find(|hit| hit.record.id() == "NCT00000003")
        .unwrap();
    let others: Vec<&str> = hit
        .also_in
        .iter()
        .map(|member| member.id.as_str())
        .collect();
    assert_eq!(others, ["DRKS00000003", "ISRCTN00000003"]);
    // The dates can be the same day.
    assert_eq!(hit.differing, ["sample_size"]);
    let alone = results
        .hits
        .iter()
        .find(|hit| hit.record.id() == "NCT00000007")
        .unwrap();
    assert!(alone.also_in.is_empty() && alone.differing.is_empty());
}

#[test]
fn filters_alone_ids_and_counts_fold_nothing() {
    let index = registered();
    let snapshot = index.snapshot();
    let all = SearchOptions {
        limit: usize::MAX,
        ..SearchOptions::default()
    };
    assert_eq!(pages(&index, "kind:trial", &all).len(), 66);
    let query = Query::text("lupus");
    let found = find(&snapshot, &query, &all).unwrap();
    assert!(found.is_folded() && found.total() == 53 && found.len() == 40);
    assert_eq!(search_ids(&snapshot, &query, &all).unwrap().len(), 53);
    assert_eq!(count(&snapshot, &query, &all).unwrap(), 53);
    let counts = found.facets(&["registry".to_owned()], 10).unwrap();
    let counted: u64 = counts[0].values.iter().map(|value| value.count).sum();
    assert_eq!(counted, 53);
}

#[test]
fn the_latest_word_is_that_of_the_record_of_the_latest_day() {
    let record = |as_of: &str, updated: &str, status: &str, size: Option<u32>| {
        json!({
            "kind": "trial", "trial_id": "NCT00000001", "registry": "ctgov", "as_of": as_of,
            "last_update_date": updated, "recruitment_status": status, "sample_size": size,
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    // The first stands: it was updated last. The second was seen later.
    let lines = [
        record("2020-01-01", "2019-12-01", "recruiting", Some(40)),
        record("2021-01-01", "2018-01-01", "completed", None),
    ];
    std::fs::write(&path, lines.map(|line| line.to_string()).join("\n")).unwrap();
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let sources = vec![Source::path(&path)];
    let (index, _) =
        Index::in_memory(sources, &[], schema, &UpdateOptions::default(), &mut ()).unwrap();
    let words = latest_words(&index.snapshot(), "NCT00000001").unwrap();
    let word = |item: &str| words.iter().find(|word| word.item == item).unwrap();
    let status = word("recruitment_status");
    assert_eq!((status.value.as_str(), status.own), ("completed", false));
    assert_eq!(status.as_of.unwrap().to_string(), "2021-01-01");
    let size = word("sample_size");
    assert_eq!((size.value.as_str(), size.own), ("40", true));
}
