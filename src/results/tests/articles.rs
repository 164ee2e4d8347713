//! What these tests prove: under a trial stand the articles that cite it, then those about what it studies and does, and no others;
//! however many conditions a trial names.

use super::*;

fn treated(number: u32, condition: &str, intervention: &str) -> serde_json::Value {
    let mut record = trial(number, "A trial", condition);
    record["interventions"] = json!([{"name": intervention}]);
    record
}

fn corpus() -> Vec<serde_json::Value> {
    let mut all = vec![
        treated(1, "Lupus nephritis", "Mesenchymal stem cells"),
        treated(2, "Lupus nephritis", "Cyclophosphamide"),
        article("posts/cited", "News", "NCT00000001 has begun."),
        article(
            "posts/alike",
            "Hope for lupus",
            "Mesenchymal stem cells may calm lupus nephritis.",
        ),
        article(
            "posts/other-treatment",
            "Lupus nephritis",
            "Cyclophosphamide is given for it.",
        ),
        article(
            "posts/other-condition",
            "Stem cells",
            "Mesenchymal stem cells in Crohn disease.",
        ),
        article(
            "posts/in-passing",
            "Eating well",
            "Not about lupus nephritis nor mesenchymal stem cells.",
        ),
    ];
    all.extend((10..40).map(|n| treated(n, "Hypertension", "Amlodipine")));
    all
}

fn articles(index: &Index, id: &str, limit: usize) -> Vec<(String, About)> {
    let snapshot = index.snapshot();
    let record = snapshot.get(id).unwrap().unwrap();
    let articles = articles_of(&snapshot, &record, limit).unwrap().into_iter();
    articles
        .map(|article| (article.id, article.about))
        .collect()
}

#[test]
fn articles_that_cite_a_trial_come_before_those_about_both_its_condition_and_its_treatment() {
    let index = index(&corpus());
    let cited = ("posts/cited".to_owned(), About::Cites);
    let alike = ("posts/alike".to_owned(), About::Alike);
    assert_eq!(articles(&index, "NCT00000001", 5), [cited.clone(), alike]);
    assert_eq!(articles(&index, "NCT00000001", 1), [cited]);
    let other = ("posts/other-treatment".to_owned(), About::Alike);
    assert_eq!(articles(&index, "NCT00000002", 5), [other]);
    assert!(articles(&index, "NCT00000010", 5).is_empty());
    assert!(articles(&index, "posts/cited", 5).is_empty());
}

#[test]
fn a_hit_has_them_where_they_are_asked_for() {
    let index = index(&corpus());
    let with = |articles| {
        let options = SearchOptions {
            articles,
            ..SearchOptions::default()
        };
        let found = search(&index.snapshot(), &Query::text("NCT00000001"), &options);
        found.unwrap().hits.swap_remove(0).articles.len()
    };
    assert_eq!([with(0), with(5)], [0, 2]);
}

#[test]
fn a_trial_may_name_hundreds_of_conditions_and_long_ones() {
    let mut all = corpus();
    let mut many = treated(3, "Lupus nephritis", "Mesenchymal stem cells");
    let others =
        (0..600).map(|n| json!({"text": format!("Carcinoma of the kind number {n}, stage four")}));
    let sentence = json!({"text": "A very long sentence on nephritis ".repeat(2_000)});
    let first = json!({"text": "Lupus nephritis"});
    many["conditions"] = [first, sentence].into_iter().chain(others).collect();
    all.push(many);
    let alike = ("posts/alike".to_owned(), About::Alike);
    assert!(articles(&index(&all), "NCT00000003", 5).contains(&alike));
}
