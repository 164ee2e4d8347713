//! Known-item search over the shared material: a trial asked for by its own words is found.

use crate::material::shared;
use std::collections::HashMap;
use std::sync::Arc;
use trialdex::index::{Index, UpdateOptions};
use trialdex::query::Query;
use trialdex::record::{Record, Trial};
use trialdex::results::{SearchOptions, search_ids};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

/// Every so many trials are asked for; all of them where `TRIALDEX_ALL` is set.
const STEP: usize = 40;

/// What was asked and how often it was answered.
#[derive(Default)]
struct Tally {
    asked: usize,
    found: usize,
    missed: Vec<String>,
}

impl Tally {
    fn count(&mut self, found: bool, what: impl FnOnce() -> String) {
        self.asked += 1;
        if found {
            self.found += 1;
        } else if self.missed.len() < 40 {
            self.missed.push(what());
        }
    }

    fn share(&self) -> f64 {
        self.found as f64 / self.asked as f64
    }
}

fn folded(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// Names of a trial's conditions and interventions as a person would type them.
fn subject(trial: &Trial) -> String {
    let conditions = trial
        .conditions
        .iter()
        .map(|condition| condition.text.as_str());
    let interventions = trial
        .interventions
        .iter()
        .filter_map(|intervention| intervention.name.as_deref());
    conditions
        .chain(interventions)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn trials_are_found_by_their_title_and_by_their_subject() {
    let (Some(bulk), Some(seeds)) = (shared("bulk"), shared("seeds")) else {
        return;
    };
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let sources = vec![Source::path(bulk), Source::path(seeds)];
    let options = UpdateOptions {
        memory: Some(400_000_000),
        ..UpdateOptions::default()
    };
    let (index, _) = Index::in_memory(sources, &[], schema, &options, &mut ()).unwrap();
    let snapshot = index.snapshot();
    let trials: Vec<Trial> = snapshot
        .records()
        .unwrap()
        .filter_map(|record| match record.unwrap() {
            Record::Trial(trial) => Some(*trial),
            Record::Article(_) => None,
        })
        .collect();
    let titles: HashMap<&str, String> = trials
        .iter()
        .map(|trial| {
            (
                trial.trial_id.as_str(),
                folded(trial.title().unwrap_or_default()),
            )
        })
        .collect();
    let step = if std::env::var_os("TRIALDEX_ALL").is_some() {
        1
    } else {
        STEP
    };
    let (mut by_title, mut by_subject) = (Tally::default(), Tally::default());
    for trial in trials.iter().step_by(step) {
        let id = trial.trial_id.as_str();
        let ids = |text: &str, limit: usize| -> Vec<String> {
            let options = SearchOptions {
                limit,
                ..SearchOptions::default()
            };
            let hits = search_ids(&snapshot, &Query::text(text), &options).unwrap();
            hits.into_iter().map(|(id, _)| id).collect()
        };
        if let Some(title) = trial
            .public_title
            .as_deref()
            .filter(|title| !folded(title).is_empty())
        {
            let first = ids(title, 1);
            let same = first.first().is_some_and(|first| {
                first == id || titles.get(first.as_str()) == Some(&folded(title))
            });
            by_title.count(same, || format!("{id} {title:?}: first {first:?}"));
        }
        let named = trial
            .interventions
            .iter()
            .any(|intervention| intervention.name.is_some());
        if named && !trial.conditions.is_empty() {
            let text = subject(trial);
            by_subject.count(ids(&text, 10).iter().any(|found| found == id), || {
                format!("{id} {text:?}")
            });
        }
    }
    for (what, tally) in [("title", &by_title), ("subject", &by_subject)] {
        println!(
            "by {what}: {} of {} ({:.2} %)",
            tally.found,
            tally.asked,
            100.0 * tally.share()
        );
        tally
            .missed
            .iter()
            .for_each(|missed| println!("  missed {missed}"));
    }
    assert!(
        by_title.share() >= 0.99,
        "by title: {:.4}",
        by_title.share()
    );
    assert!(
        by_subject.share() >= 0.90,
        "by subject: {:.4}",
        by_subject.share()
    );
}
