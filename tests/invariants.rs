//! What never changes about scores and order, over real records.
//!
//! 1. Explanations add up to scores, concept by concept and field by field.
//! 2. Trials rank among trials as if there were no articles, and the other way round, bit for bit.
//! 3. Pages follow each other without gap or repetition in every order, values missing last.

use crate::world::{Pools, WORLD, World, runner};
use proptest::prelude::*;
use std::cell::Cell;
use std::sync::Arc;
use trialdex::index::{Index, UpdateOptions};
use trialdex::query::{Clause, DateField, Query};
use trialdex::record::{Kind, PartialDate, Record};
use trialdex::results::{SearchOptions, Sort, search, search_ids};
use trialdex::source::Source;

/// How far an explanation may be from the score it explains.
const CLOSE: f64 = 1e-4;

/// Query and document pairs that are explained at least.
const PAIRS: u32 = 1_000;

/// Random queries: of every kind of clause, and long notes made of a record's own text.
fn queries(world: &World) -> impl Strategy<Value = Clause> + use<> {
    let text = |record: &Record| match record {
        Record::Trial(trial) => trial.brief_summary.clone(),
        Record::Article(article) => article.text.clone(),
    };
    let documents = world.scan.documents.iter().step_by(50);
    let notes = documents.filter_map(|document| text(&document.record));
    let note = |text: String| {
        let words = text.split_whitespace().take(150);
        Clause::Group(words.map(|word| Clause::Word(word.to_owned())).collect())
    };
    let notes: Vec<Clause> = notes.map(note).collect();
    let pools = Pools::of(&world.scan);
    prop_oneof![4 => pools.clause(), 1 => prop::sample::select(notes)]
}

#[test]
fn explanations_add_up_to_scores() {
    let Some(world) = WORLD.as_ref() else { return };
    let options = SearchOptions {
        explain: true,
        snippets: false,
        ..SearchOptions::default()
    };
    let pairs = Cell::new(0);
    let result = runner(200).run(&queries(world), |clause| {
        let query = Query::from_clause(clause);
        // A pattern that stands for too many words is refused.
        let Ok(results) = search(&world.snapshot, &query, &options) else {
            return Ok(());
        };
        for hit in results.hits {
            let explanation = hit.explanation.unwrap();
            let id = hit.record.id();
            let sum = explanation.sum();
            prop_assert!(
                (sum - hit.score).abs() < CLOSE,
                "{query} {id}: {sum} is not {}",
                hit.score
            );
            for concept in &explanation.concepts {
                let sum: f64 = concept.fields.iter().map(|field| field.score).sum();
                prop_assert!(
                    (sum - concept.score).abs() < CLOSE,
                    "{query} {id}: {concept:?}"
                );
            }
            pairs.set(pairs.get() + u32::from(hit.score > 0.0));
        }
        Ok(())
    });
    println!("{} scores explained", pairs.get());
    result.unwrap();
    assert!(pairs.get() >= PAIRS, "only {} pairs", pairs.get());
}

/// An index in memory of some records.
fn index<'a>(world: &World, records: impl Iterator<Item = &'a Record>) -> Index {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    let lines: Vec<String> = records.map(|r| serde_json::to_string(r).unwrap()).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let (schema, options) = (Arc::clone(&world.scan.schema), UpdateOptions::default());
    let sources = vec![Source::path(path)];
    Index::in_memory(sources, &[], schema, &options, &mut ())
        .unwrap()
        .0
}

#[test]
fn records_of_one_kind_change_no_bit_among_those_of_the_other() {
    let Some(world) = WORLD.as_ref() else { return };
    let of_kind = |kind: Kind, step: usize| {
        let records = world.scan.documents.iter().map(|document| &document.record);
        records
            .filter(move |record| record.kind() == kind)
            .step_by(step)
    };
    let trials = || of_kind(Kind::Trial, 10);
    let articles = || of_kind(Kind::Article, 10);
    let alone = [index(world, trials()), index(world, articles())];
    let both = index(world, trials().chain(articles()));
    let ranking = |index: &Index, query: &Query| -> Option<Vec<(String, u64)>> {
        let options = SearchOptions {
            limit: usize::MAX,
            ..SearchOptions::default()
        };
        let hits = search_ids(&index.snapshot(), query, &options).ok()?;
        Some(
            hits.into_iter()
                .map(|(id, score)| (id, score.to_bits()))
                .collect(),
        )
    };
    let found = Cell::new(0);
    let kinds = [Kind::Trial, Kind::Article];
    let result = runner(150).run(&queries(world), |clause| {
        let query = Query::from_clause(clause);
        for (kind, alone) in kinds.into_iter().zip(&alone) {
            let among: Vec<&str> = of_kind(kind, 10).map(Record::id).collect();
            let (Some(alone), Some(mut both)) = (ranking(alone, &query), ranking(&both, &query))
            else {
                continue; // A pattern stands for too many words.
            };
            both.retain(|(id, _)| among.contains(&id.as_str()));
            found.set(found.get() + alone.len());
            prop_assert_eq!(alone, both, "{} among {}s", query, kind);
        }
        Ok(())
    });
    result.unwrap();
    assert!(found.get() > 100, "only {} hits", found.get());
}

/// A record's value of a date, as it is sorted by.
fn day(record: &Record, field: DateField) -> Option<i64> {
    let date = match (record, field) {
        (record, DateField::AsOf) => record.as_of(),
        (Record::Article(article), DateField::Published) => article.date,
        (Record::Trial(trial), DateField::Registered) => trial.registration_date,
        (Record::Trial(trial), DateField::Started) => trial.first_enrollment_date,
        (Record::Trial(trial), DateField::Completed) => trial.completion_date,
        (Record::Trial(trial), DateField::Updated) => trial.last_update_date,
        _ => None,
    };
    date.map(PartialDate::first_ordinal)
}

#[test]
fn pages_make_up_the_whole_in_every_order() {
    let Some(world) = WORLD.as_ref() else { return };
    let query = Query::parse("plasma OR \"release team\"").unwrap().query;
    let dates = DateField::ALL.map(|(_, word, _)| word);
    let keys = dates.into_iter().chain(["relevance", "enrollment"]);
    let mut orders: Vec<String> = keys
        .flat_map(|key| [format!("{key}:asc"), format!("{key}:desc")])
        .collect();
    orders.push("completed:desc,enrollment:asc,relevance".to_owned());
    orders.push("published:asc,registered:asc".to_owned());
    for order in orders {
        let sort: Vec<Sort> = order.split(',').map(|key| key.parse().unwrap()).collect();
        let mut options = SearchOptions {
            limit: usize::MAX,
            snippets: false,
            sort,
            ..SearchOptions::default()
        };
        let whole = search(&world.snapshot, &query, &options).unwrap();
        assert!(whole.total > 50 && whole.next.is_none(), "{order}");
        options.limit = 37;
        let mut paged = Vec::new();
        loop {
            let page = search(&world.snapshot, &query, &options).unwrap();
            assert_eq!(page.total, whole.total, "{order}");
            paged.extend(page.hits.iter().map(|hit| hit.record.id().to_owned()));
            let Some(next) = page.next else { break };
            // Through its text, as a program hands it on.
            options.after = Some(next.to_string().parse().unwrap());
        }
        let ids: Vec<&str> = whole.hits.iter().map(|hit| hit.record.id()).collect();
        assert_eq!(paged, ids, "{order}");
    }
}

#[test]
fn dates_and_sizes_order_hits_with_missing_values_last() {
    let Some(world) = WORLD.as_ref() else { return };
    let query = Query::parse("plasma").unwrap().query;
    let sizes = |record: &Record| match record {
        Record::Trial(trial) => trial.sample_size.map(|size| i64::try_from(size).unwrap()),
        Record::Article(_) => None,
    };
    type Value<'a> = Box<dyn Fn(&Record) -> Option<i64> + 'a>;
    let mut orders: Vec<(String, Value<'_>)> = vec![("enrollment".to_owned(), Box::new(sizes))];
    for field in [
        DateField::Registered,
        DateField::Started,
        DateField::Completed,
        DateField::Updated,
        DateField::Published,
        DateField::AsOf,
    ] {
        orders.push((
            field.word().to_owned(),
            Box::new(move |record| day(record, field)),
        ));
    }
    for (key, value) in orders {
        for direction in ["asc", "desc"] {
            let options = SearchOptions {
                limit: usize::MAX,
                snippets: false,
                sort: vec![format!("{key}:{direction}").parse().unwrap()],
                ..SearchOptions::default()
            };
            let hits = search(&world.snapshot, &query, &options).unwrap().hits;
            let place = |record: &Record| {
                let value = value(record);
                let towards = if direction == "asc" { 1 } else { -1 };
                (
                    value.is_none(),
                    value.map(|value| towards * value),
                    record.id().to_owned(),
                )
            };
            let places: Vec<_> = hits.iter().map(|hit| place(&hit.record)).collect();
            assert!(places.len() > 20 && places.is_sorted(), "{key}:{direction}");
        }
    }
}
