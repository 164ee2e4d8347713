//! Names people use, asked of real records: what a reader expects to find, and in which order.

use crate::material::shared;
use crate::world::WORLD;
use std::sync::{Arc, LazyLock};
use trialdex::concept::Vocabulary;
use trialdex::index::{Index, IndexWriter, Snapshot, UpdateOptions, add_vocabulary};
use trialdex::query::Query;
use trialdex::record::Record;
use trialdex::results::{Hit, SearchOptions, search, understood};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

/// One in ten trials of an archive, on disk, with the tree of the Medical Subject Headings.
struct WithMesh {
    _folder: tempfile::TempDir,
    before: Snapshot,
    after: Snapshot,
}

static WITH_MESH: LazyLock<Option<WithMesh>> = LazyLock::new(|| {
    let archive = shared("bulk/ctgov-legacy-xml-6786.tar.zst")?;
    let tree = shared("mesh/tree-numbers.tsv")?;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("index");
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let mut writer = IndexWriter::open(&root, Arc::clone(&schema)).unwrap();
    let left_out = vec!["NCT*[1-9].xml".to_owned()];
    writer.add(Source::path(archive), left_out).unwrap();
    writer.update(&UpdateOptions::default(), &mut ()).unwrap();
    drop(writer);
    let open = || Index::open(&root, Arc::clone(&schema)).unwrap().snapshot();
    let before = open();
    add_vocabulary(&root, Vocabulary::read(&tree).unwrap()).unwrap();
    Some(WithMesh {
        before,
        after: open(),
        _folder: folder,
    })
});

fn hits(snapshot: &Snapshot, query: &str) -> Vec<Hit> {
    let options = SearchOptions {
        limit: usize::MAX,
        ..SearchOptions::default()
    };
    let query = Query::parse(query).unwrap().query;
    search(snapshot, &query, &options).unwrap().hits
}

/// Everything a record says, in small letters.
fn text(record: &Record) -> String {
    serde_json::to_string(record).unwrap().to_lowercase()
}

fn conditions(record: &Record) -> String {
    let Record::Trial(trial) = record else {
        return String::new();
    };
    let names = trial.conditions.iter().map(|c| c.text.to_lowercase());
    names.collect::<Vec<_>>().join("; ")
}

/// Ids of the hits one of whose conditions is psoriasis.
fn with_psoriasis(snapshot: &Snapshot, query: &str) -> Vec<String> {
    let hits = hits(snapshot, query).into_iter();
    let found = hits.filter(|hit| conditions(&hit.record).contains("psoria"));
    found.map(|hit| hit.record.id().to_owned()).collect()
}

#[test]
fn psoriasis_is_found_under_skin_diseases() {
    let Some(index) = WITH_MESH.as_ref() else {
        return;
    };
    let all = with_psoriasis(&index.before, "condition:psoriasis");
    assert!(!all.is_empty());
    let plain = with_psoriasis(&index.after, r#"condition:"skin diseases""#);
    assert!(plain.len() < all.len(), "{plain:?}");
    let mut exploded = with_psoriasis(&index.after, r#"condition:explode:"skin diseases""#);
    exploded.retain(|id| all.contains(id));
    assert_eq!(exploded.len(), all.len(), "{exploded:?} of {all:?}");
}

#[test]
fn ancestors_in_a_record_find_it_without_a_vocabulary() {
    let Some(world) = WORLD.as_ref() else { return };
    let by_ancestor = hits(&world.snapshot, r#"condition:"skin diseases""#)
        .into_iter()
        .filter(|hit| {
            let Record::Trial(trial) = &hit.record else {
                return false;
            };
            let ancestors = trial.condition_mesh_ancestors.iter();
            let is_below = ancestors.into_iter().any(|m| m.term == "Skin Diseases");
            is_below && !conditions(&hit.record).contains("skin disease")
        });
    assert!(by_ancestor.count() > 0);
}

#[test]
fn heart_attack_finds_myocardial_infarction_below_literal_hits() {
    let Some(world) = WORLD.as_ref() else { return };
    let hits = hits(&world.snapshot, "\"heart attack\"");
    let literal = |hit: &Hit| text(&hit.record).contains("heart attack");
    let named: Vec<bool> = hits
        .iter()
        .filter(|hit| literal(hit) || text(&hit.record).contains("myocardial infarction"))
        .map(literal)
        .collect();
    let others = named.iter().filter(|literal| !**literal).count();
    assert!(named[0], "the first hit says heart attack");
    assert!(others > 20, "{others} by the other name alone");
}

#[test]
fn msc_beside_bone_marrow_are_mesenchymal_stem_cells() {
    let Some(world) = WORLD.as_ref() else { return };
    let query = Query::parse("MSC from bone marrow").unwrap().query;
    let concepts = understood(&world.snapshot, &query, &SearchOptions::default()).unwrap();
    let names = concepts.iter().flat_map(|concept| &concept.other_names);
    let names: Vec<&str> = names.map(|other| other.name.as_str()).collect();
    assert!(names.contains(&"mesenchymal stem cells"), "{names:?}");
    let hits = hits(&world.snapshot, "MSC from bone marrow");
    let mut names = hits.iter().flat_map(|hit| &hit.other_names);
    assert!(names.any(|other| other.name == "mesenchymal stem cells"));
}

/// Names of conditions in Persian, and what their English trials call them.
const PERSIAN: [(&str, &str); 4] = [
    ("سرطان پستان", "breast"),
    ("دیابت", "diabet"),
    ("کرونا", "covid"),
    ("افسردگی", "depress"),
];

#[test]
fn a_persian_condition_finds_its_english_trials() {
    let Some(world) = WORLD.as_ref() else { return };
    for (persian, english) in PERSIAN {
        let hits = hits(&world.snapshot, persian);
        let hits: Vec<&Hit> = hits.iter().take(10).collect();
        let right = hits
            .iter()
            .filter(|hit| text(&hit.record).contains(english));
        assert!(hits.len() > 3 && right.count() == hits.len(), "{persian}");
    }
}
