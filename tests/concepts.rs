//! What expansion does to a search.
//!
//! 1. Every level finds what the level before finds.
//! 2. A record with the typed name stands before one with another name of the same thing, all else
//!    equal, and that one before a record with a part of the typed name.
//! 3. Names people use find what records call the same thing.
//! 4. A vocabulary adds narrower and broader terms; records define short forms, and names depend on
//!    living records alone.

use crate::world::{Pools, WORLD, runner};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;
use trialdex::concept::Vocabulary;
use trialdex::index::{Index, IndexWriter, Snapshot, UpdateOptions, add_vocabulary};
use trialdex::query::{Clause, Expansion, Query};
use trialdex::results::{SearchOptions, search, search_ids, understood};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

const LEVELS: [Expansion; 5] = [
    Expansion::None,
    Expansion::Inflection,
    Expansion::Synonym,
    Expansion::Narrower,
    Expansion::Broader,
];

fn ids(snapshot: &Snapshot, query: &Query, expansion: Expansion) -> Option<HashSet<String>> {
    let options = SearchOptions {
        limit: usize::MAX,
        expansion,
        ..SearchOptions::default()
    };
    let hits = search_ids(snapshot, query, &options).ok()?;
    Some(hits.into_iter().map(|(id, _)| id).collect())
}

/// Whether more names of something can keep a record out.
fn forbids(clause: &Clause) -> bool {
    match clause {
        Clause::Not(_) => true,
        Clause::Area { clause, .. }
        | Clause::Exact(clause)
        | Clause::Expand { clause, .. }
        | Clause::Boost { clause, .. }
        | Clause::Must(clause) => forbids(clause),
        Clause::Group(parts) | Clause::And(parts) | Clause::Or(parts) => parts.iter().any(forbids),
        _ => false,
    }
}

#[test]
fn every_level_finds_what_the_level_before_finds() {
    let Some(world) = WORLD.as_ref() else { return };
    let names: Vec<String> = {
        let rules = world.scan.schema.synonyms.rules().iter();
        rules.flat_map(|rule| rule.typed.clone()).collect()
    };
    let name = prop::sample::select(names);
    let named = (name, any::<bool>()).prop_map(|(name, quoted)| match quoted {
        true => Clause::Phrase(name),
        false => Clause::Group(
            name.split(' ')
                .map(|w| Clause::Word(w.to_owned()))
                .collect(),
        ),
    });
    let random = Pools::of(&world.scan).clause();
    let queries = prop_oneof![1 => named, 1 => random];
    let grown = Cell::new(0);
    let result = runner(150).run(&queries, |clause| {
        if forbids(&clause) {
            return Ok(());
        }
        let query = Query::from_clause(clause);
        let mut before = HashSet::new();
        for level in LEVELS {
            let Some(found) = ids(&world.snapshot, &query, level) else {
                return Ok(()); // A pattern stands for too many words.
            };
            let lost: Vec<&String> = before.difference(&found).collect();
            prop_assert!(lost.is_empty(), "{query} loses {lost:?} at {level}");
            let more = level >= Expansion::Synonym && found.len() > before.len();
            grown.set(grown.get() + u32::from(more));
            before = found;
        }
        Ok(())
    });
    result.unwrap();
    assert!(grown.get() > 10, "only {} queries found more", grown.get());
}

/// Articles of one title each, with a text that makes all of them as long.
fn articles(titles: &[&str]) -> Snapshot {
    let filler = "zq ".repeat(200);
    let line = |(number, title): (usize, &&str)| {
        let text = format!("{title} {filler}");
        serde_json::json!({"id": number.to_string(), "text": text}).to_string()
    };
    let lines: Vec<String> = titles.iter().enumerate().map(line).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    std::fs::write(&path, lines.join("\n")).unwrap();
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let options = UpdateOptions::default();
    let built = Index::in_memory(vec![Source::path(path)], &[], schema, &options, &mut ());
    built.unwrap().0.snapshot()
}

/// Numbers of the titles a query finds, best first.
fn order(snapshot: &Snapshot, query: &str) -> Vec<usize> {
    let options = SearchOptions {
        limit: usize::MAX,
        ..SearchOptions::default()
    };
    let query = Query::parse(query).unwrap().query;
    let hits = search_ids(snapshot, &query, &options).unwrap();
    let number = |(id, _): (String, f64)| id.rsplit('/').next().unwrap().parse().unwrap();
    hits.into_iter().map(number).collect()
}

#[test]
fn the_typed_name_stands_before_its_synonyms_and_these_before_a_part_of_it() {
    let schema = IndexSchema::shared();
    let mut compared = 0;
    for rule in schema.synonyms.rules().iter().filter(|rule| rule.both_ways) {
        let names: Vec<&str> = rule.typed.iter().map(String::as_str).collect();
        let typed = names[0];
        let mut titles = names.clone();
        titles.extend(["zq", "zq zq"]);
        let order = order(&articles(&titles), typed);
        assert_eq!(order[0], 0, "{typed}: {order:?} of {names:?}");
        assert!(
            order.len() >= names.len(),
            "{typed}: {order:?} of {names:?}"
        );
        compared += 1;
        if compared == 60 {
            break;
        }
    }
    let titles = [
        "heart attack",
        "myocardial infarction",
        "heart",
        "infarction of the myocardial wall",
        "attack",
    ];
    let order = order(&articles(&titles), "heart attack");
    assert_eq!(order[..2], [0, 1]);
    assert_eq!(
        order.len(),
        4,
        "apart, the words of a synonym are none: {order:?}"
    );
}

#[test]
fn what_is_forbidden_exact_or_kept_from_expansion_is_taken_as_typed() {
    let titles = ["heart attack", "myocardial infarction", "hearts attacked"];
    let snapshot = articles(&titles);
    assert_eq!(order(&snapshot, "exact:\"heart attack\""), [0]);
    assert_eq!(order(&snapshot, "inflected:\"heart attack\""), [0, 2]);
    assert_eq!(order(&snapshot, "\"heart attack\""), [0, 2, 1]);
    assert_eq!(order(&snapshot, "NOT \"heart attack\""), [1]);
    assert_eq!(order(&snapshot, "heart AND attack"), [0, 2]);
    assert_eq!(order(&snapshot, "+(heart attack)"), [0, 2, 1]);
}

/// A query, and a name in the title or conditions of the first hits that was not typed.
const NAMES: &[(&str, &str)] = &[
    ("heart attack", "myocardial infarction"),
    ("سرطان پستان", "breast cancer"),
    ("Herceptin", "trastuzumab"),
    ("T2DM", "type 2 diabetes"),
    ("paracetamol", "acetaminophen"),
];

#[test]
fn names_people_use_find_what_records_call_it() {
    let Some(world) = WORLD.as_ref() else { return };
    for (query, name) in NAMES {
        let query = Query::parse(query).unwrap().query;
        let results = search(&world.snapshot, &query, &SearchOptions::default()).unwrap();
        let named = |names: &[trialdex::results::OtherName]| {
            names
                .iter()
                .any(|other| other.name.to_lowercase().contains(name))
        };
        let found = results
            .hits
            .iter()
            .filter(|hit| named(&hit.other_names))
            .count();
        assert!(found > 0, "{query}: no hit is found by {name}");
        let highlighted = results.hits.iter().filter(|hit| {
            let snippet = hit.snippet.as_ref();
            snippet.is_some_and(|snippet| !snippet.highlights.is_empty())
        });
        assert_eq!(highlighted.count(), results.hits.len(), "{query}");
    }
}

/// An index on disk of a file of articles, and the file.
struct OnDisk {
    folder: tempfile::TempDir,
    schema: Arc<IndexSchema>,
}

impl OnDisk {
    fn new() -> Self {
        OnDisk {
            folder: tempfile::tempdir().unwrap(),
            schema: Arc::new(IndexSchema::shipped().unwrap()),
        }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Makes the index equal to these texts.
    fn update(&self, index: &str, texts: &[&str]) {
        let line = |(number, text): (usize, &&str)| {
            serde_json::json!({"id": format!("r{number}"), "text": text}).to_string()
        };
        let lines: Vec<String> = texts.iter().enumerate().map(line).collect();
        std::fs::write(self.path("records.jsonl"), lines.join("\n")).unwrap();
        let mut writer = IndexWriter::open(self.path(index), Arc::clone(&self.schema)).unwrap();
        let source = Source::path(self.path("records.jsonl"));
        writer.add(source, Vec::new()).unwrap();
        writer.update(&UpdateOptions::default(), &mut ()).unwrap();
    }

    fn snapshot(&self, index: &str) -> Snapshot {
        let index = Index::open(self.path(index), Arc::clone(&self.schema)).unwrap();
        index.snapshot()
    }

    /// The other names some queries are found by.
    fn names(&self, index: &str) -> Vec<Vec<String>> {
        let snapshot = self.snapshot(index);
        let queries = [
            "zqr",
            "zonal quality rating",
            "MSC bone marrow",
            "MSC province",
        ];
        let names = queries.iter().map(|query| other_names(&snapshot, query));
        names.collect()
    }
}

/// Other names a query is found by.
fn other_names(snapshot: &Snapshot, query: &str) -> Vec<String> {
    let query = Query::parse(query).unwrap().query;
    let concepts = understood(snapshot, &query, &SearchOptions::default()).unwrap();
    let names = concepts.into_iter().flat_map(|concept| concept.other_names);
    let mut names: Vec<String> = names.map(|other| other.name).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_vocabulary_adds_kinds_of_what_was_typed() {
    let disk = OnDisk::new();
    let titles = [
        "psoriasis of the scalp",
        "skin diseases",
        "heart failure",
        "a skin graft",
    ];
    disk.update("index", &titles);
    let text = "mesh_name\tmesh_tree_number\nSkin Diseases\tC17.800\nPsoriasis\tC17.800.859\n\
                Dermatitis, Atopic\tC17.800.174\nHeart Failure\tC14.280\n";
    std::fs::write(disk.path("mesh.tsv"), text).unwrap();
    let vocabulary = Vocabulary::read(&disk.path("mesh.tsv")).unwrap();
    let find = |query: &str| {
        let query = Query::parse(query).unwrap().query;
        let hits = search_ids(&disk.snapshot("index"), &query, &SearchOptions::default());
        let ids = hits.unwrap().into_iter().map(|(id, _)| id);
        ids.map(|id| titles[id[1..].parse::<usize>().unwrap()])
            .collect::<Vec<_>>()
    };
    assert_eq!(find("explode:\"skin diseases\""), ["skin diseases"]);
    add_vocabulary(&disk.path("index"), vocabulary).unwrap();
    assert_eq!(
        find("explode:\"skin diseases\""),
        ["skin diseases", "psoriasis of the scalp"]
    );
    assert_eq!(find("\"skin diseases\""), ["skin diseases"]);
    assert_eq!(find("broadened:psoriasis").len(), 2);
    let names = other_names(&disk.snapshot("index"), "explode:\"skin diseases\"");
    assert!(names.contains(&"Atopic Dermatitis".to_owned()), "{names:?}");
}

/// Texts that define a short form in two ways, and what keeps them company.
fn definitions() -> Vec<String> {
    let mesenchymal = (0..9).map(|n| {
        format!("Bone marrow and mesenchymal stem cells (MSC) in patients with stroke {n}.")
    });
    let supply =
        (0..7).map(|n| format!("Central medical supply centre (MSC) of the province {n}."));
    let clear = (0..4).map(|n| format!("Zonal quality rating (ZQR) was {n}."));
    mesenchymal.chain(supply).chain(clear).collect()
}

#[test]
fn a_short_form_means_what_records_define_and_if_that_is_not_clear_what_its_company_says() {
    let disk = OnDisk::new();
    let texts = definitions();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    disk.update("index", &texts);
    let snapshot = disk.snapshot("index");
    assert_eq!(other_names(&snapshot, "zqr"), ["zonal quality rating"]);
    assert_eq!(other_names(&snapshot, "zonal quality ratings"), ["ZQR"]);
    assert_eq!(other_names(&snapshot, "MSC"), [""; 0]);
    let marrow = other_names(&snapshot, "MSC from bone marrow");
    assert_eq!(marrow, ["mesenchymal stem cells"]);
    let province = other_names(&snapshot, "MSC of a province");
    assert_eq!(province, ["medical supply centre"]);
    assert_eq!(other_names(&snapshot, "MSC for malaria"), [""; 0]);
}

#[test]
fn a_record_that_means_something_else_by_a_short_form_is_no_hit_for_it() {
    let disk = OnDisk::new();
    let texts = (0..30).map(|n| format!("Zonal quality rating (ZQR) was {n}."));
    let mut texts: Vec<String> = texts.collect();
    texts.push("The ZQR was high.".to_owned());
    texts.push("Zirconium quartz resin (ZQR) in crowns; the ZQR held.".to_owned());
    texts.push("Zirconium quartz resin (ZQR) after a zonal quality rating (ZQR).".to_owned());
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    disk.update("index", &texts);
    let snapshot = disk.snapshot("index");
    let find = |query: &str| {
        let options = SearchOptions {
            limit: usize::MAX,
            ..SearchOptions::default()
        };
        let hits = search_ids(&snapshot, &Query::text(query), &options).unwrap();
        hits.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    let found = find("zonal quality rating");
    assert!(
        found.contains(&"r30".to_owned()),
        "it says nothing else: {found:?}"
    );
    assert!(!found.contains(&"r31".to_owned()), "{found:?}");
    assert!(found.contains(&"r32".to_owned()), "it says both: {found:?}");
    assert!(find("ZQR").contains(&"r31".to_owned()), "as typed");
}

#[test]
fn the_plural_of_a_short_form_is_the_same_short_form() {
    let disk = OnDisk::new();
    let texts = (0..4).map(|n| format!("Zonal quality ratings (ZQRs) were {n}."));
    let texts: Vec<String> = texts.collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    disk.update("index", &texts);
    let snapshot = disk.snapshot("index");
    for short in ["ZQR", "ZQRs"] {
        assert_eq!(other_names(&snapshot, short), ["zonal quality ratings"]);
    }
    let both = ["ZQR", "ZQRs"];
    assert_eq!(other_names(&snapshot, "zonal quality ratings"), both);
}

#[test]
fn names_depend_on_the_living_records_alone() {
    let disk = OnDisk::new();
    let texts = definitions();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let fewer: Vec<&str> = texts.iter().take(18).copied().collect();
    disk.update("grown", &fewer);
    let before = disk.names("grown");
    disk.update("grown", &texts);
    disk.update("whole", &texts);
    assert_eq!(disk.names("grown"), disk.names("whole"));
    assert_ne!(disk.names("grown"), before);
    disk.update("grown", &fewer);
    assert_eq!(disk.names("grown"), before);
    disk.update("grown", &texts[..2]);
    assert_eq!(other_names(&disk.snapshot("grown"), "zqr"), [""; 0]);
}
