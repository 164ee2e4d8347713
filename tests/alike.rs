//! The documents the project began with: linked or alike where a reader would say so, and nowhere else.

use crate::material::shared;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trialdex::index::{Index, Snapshot, UpdateOptions};
use trialdex::results::{
    About, SearchOptions, articles_of, links_of, same_as, search_ids, similar_to,
};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

const SKIN: &str = "IRCT20200127046282N19";
const LUPUS: &str = "IRCT2016090729747N1";
const SCLEROSIS: &str = "NCT06360861";
const POST: &str = "stem-cell-skin-rejuvenation";
const SEEDS: [&str; 4] = [SKIN, LUPUS, SCLEROSIS, POST];

fn snapshot(paths: Vec<PathBuf>) -> Snapshot {
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let sources = paths.into_iter().map(Source::path).collect();
    let options = UpdateOptions::default();
    let (index, _) = Index::in_memory(sources, &[], schema, &options, &mut ()).unwrap();
    index.snapshot()
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Ids of the records like one, best first.
fn like(snapshot: &Snapshot, id: &str) -> Vec<String> {
    let record = snapshot.get(id).unwrap().unwrap();
    let query = similar_to(snapshot, &record).unwrap();
    let options = SearchOptions {
        limit: 20,
        without: same_as(snapshot, &record).unwrap(),
        ..SearchOptions::default()
    };
    let hits = search_ids(snapshot, &query, &options).unwrap();
    hits.into_iter().map(|(id, _)| id).collect()
}

fn articles(snapshot: &Snapshot, id: &str) -> Vec<(String, About)> {
    let record = snapshot.get(id).unwrap().unwrap();
    let articles = articles_of(snapshot, &record, 5).unwrap().into_iter();
    articles
        .map(|article| (article.id, article.about))
        .collect()
}

fn check(snapshot: &Snapshot) {
    for id in SEEDS {
        let record = snapshot.get(id).unwrap().unwrap();
        let links = links_of(snapshot, &record).unwrap();
        let mut ends = links.cites.iter().chain(&links.cited_by);
        let other = ends.find(|end| SEEDS.contains(&end.id.as_str()));
        assert_eq!(other, None, "{id} cites none of them");
    }
    assert_eq!(like(snapshot, SKIN).first().map(String::as_str), Some(POST));
    assert_eq!(like(snapshot, POST).first().map(String::as_str), Some(SKIN));
    for id in [LUPUS, SCLEROSIS] {
        let articles = articles(snapshot, id).into_iter();
        assert!(articles.map(|(id, _)| id).all(|id| id != POST), "{id}");
    }
}

#[test]
fn the_trial_and_the_post_on_skin_belong_together_and_the_others_do_not() {
    check(&snapshot(vec![corpus()]));
}

#[test]
fn among_thousands_of_records_too_and_both_of_condition_and_intervention_come_before_either() {
    let (Some(bulk), Some(seeds)) = (shared("bulk"), shared("seeds")) else {
        return;
    };
    let snapshot = snapshot(vec![bulk, seeds]);
    check(&snapshot);
    let post = (POST.to_owned(), About::Alike);
    assert_eq!(articles(&snapshot, SKIN), [post]);
    // The one other trial of stem cells in multiple sclerosis, before those of stem cells in
    // COVID-19 and before those of other treatments of multiple sclerosis.
    let like = like(&snapshot, SCLEROSIS);
    assert_eq!(like.first().map(String::as_str), Some("NCT00497952"));
}
