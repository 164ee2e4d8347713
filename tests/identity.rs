//! The groups of real records, read by hand.

use crate::material::{parse, shared};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use trialdex::identity::{Evidence, Group, Groups};
use trialdex::index::{Index, UpdateOptions};
use trialdex::record::{Record, Registry, Trial};
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, Source};

/// Every format that tells of other registries.
const SOURCES: [&str; 5] = [
    "bulk/ctgov-legacy-xml-covid-1087.tar.zst",
    "bulk/ictrp-4098.csv.zst",
    "bulk/ictrp-578.xml.zst",
    "bulk/ictrp-927.csv.zst",
    "samples/ictrp-rows",
];

/// What joining looks at, without the texts that take long to index.
fn numbers(trial: &Trial) -> String {
    let mut bare = Trial::new(trial.registry, &trial.trial_id);
    bare.id_aliases.clone_from(&trial.id_aliases);
    bare.secondary_ids.clone_from(&trial.secondary_ids);
    bare.registry_ids.clone_from(&trial.registry_ids);
    bare.public_title.clone_from(&trial.public_title);
    bare.scientific_title.clone_from(&trial.scientific_title);
    serde_json::to_string(&Record::Trial(Box::new(bare))).unwrap()
}

/// What a judgement looks at, and no number.
fn without_numbers(trial: &Trial) -> Trial {
    let mut bare = Trial::new(trial.registry, &trial.trial_id);
    bare.public_title.clone_from(&trial.public_title);
    bare.scientific_title.clone_from(&trial.scientific_title);
    bare.sample_size = trial.sample_size;
    bare.first_enrollment_date = trial.first_enrollment_date;
    bare.primary_sponsor.clone_from(&trial.primary_sponsor);
    bare.secondary_sponsors
        .clone_from(&trial.secondary_sponsors);
    bare.support_sources.clone_from(&trial.support_sources);
    bare.public_contact.clone_from(&trial.public_contact);
    bare.scientific_contact
        .clone_from(&trial.scientific_contact);
    bare.officials.clone_from(&trial.officials);
    bare.responsible_party.clone_from(&trial.responsible_party);
    bare.conditions.clone_from(&trial.conditions);
    bare.countries.clone_from(&trial.countries);
    bare
}

/// The groups of trials.
fn groups_of(trials: impl Iterator<Item = Trial>) -> Groups {
    let lines: Vec<String> = trials
        .map(|trial| serde_json::to_string(&Record::Trial(Box::new(trial))).unwrap())
        .collect();
    groups(&lines.join("\n"))
}

/// Every trial of a source as its registry tells it, else as WHO does, without numbers.
fn all_without_numbers(sources: Vec<PathBuf>) -> Vec<Trial> {
    let mut best: BTreeMap<String, (bool, Trial)> = BTreeMap::new();
    trials(sources, |trial| {
        let format = trial.provenance.as_ref().and_then(|p| p.format);
        let is_own = !format.is_some_and(|format| format.as_str().starts_with("ictrp"));
        let known = best.get(&trial.trial_id).map(|(is_own, _)| *is_own);
        if known.is_none() || (is_own && known == Some(false)) {
            best.insert(trial.trial_id.clone(), (is_own, without_numbers(trial)));
        }
    });
    best.into_values().map(|(_, trial)| trial).collect()
}

/// The pairs that are judged the same.
fn judged(groups: &Groups) -> BTreeSet<String> {
    let evidence = groups.groups.iter().flat_map(|group| &group.evidence);
    let judged = evidence.filter_map(|evidence| match evidence {
        Evidence::Judged(judgement) => Some(judgement.records.join("\t")),
        _ => None,
    });
    judged.collect()
}

fn trials(sources: Vec<PathBuf>, mut on_trial: impl FnMut(&Trial)) {
    let sources = sources.into_iter().map(Source::path).collect();
    parse(sources, &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event
            && let Record::Trial(trial) = &parsed.record
        {
            on_trial(trial);
        }
    });
}

/// The groups of records given as lines of JSON.
fn groups(lines: &str) -> Groups {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trials.jsonl");
    std::fs::write(&path, lines).unwrap();
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let options = UpdateOptions::default();
    let sources = vec![Source::path(&path)];
    let (index, _) = Index::in_memory(sources, &[], schema, &options, &mut ()).unwrap();
    index.snapshot().groups().unwrap().clone()
}

/// The lines of a table, without its comments.
fn rows(table: &str) -> BTreeSet<String> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(str::to_owned).collect()
}

fn ids(group: &Group) -> String {
    let ids: Vec<&str> = group.members.iter().map(|m| m.id.as_str()).collect();
    ids.join("\t")
}

#[test]
fn real_records_are_joined_as_they_were_read_by_hand() {
    let Some(sources) = SOURCES.map(shared).into_iter().collect::<Option<Vec<_>>>() else {
        return;
    };
    let mut lines = String::new();
    let mut count = 0;
    trials(sources, |trial| {
        writeln!(lines, "{}", numbers(trial)).unwrap();
        count += 1;
    });
    assert!(count > 6_000, "{count}");
    let groups = groups(&lines);
    let found: BTreeSet<String> = groups.groups.iter().map(ids).collect();
    assert_eq!(found, rows(include_str!("identity.tsv")));
    let refused: Vec<&str> = groups.refused.iter().map(|r| r.number.as_str()).collect();
    assert_eq!(refused, ["2020-001246-18"]);
    // Titles are not enough.
    assert!(groups.likely.is_empty());
}

/// Of the groups that join registries by number, how many stand in a list of groups.
fn found_again(groups: &[Group]) -> (usize, usize) {
    let known = rows(include_str!("identity.tsv"));
    let known = known.iter().filter(|row| !row.starts_with("EUCTR"));
    let pairs: Vec<Vec<&str>> = known.map(|row| row.split('\t').take(2).collect()).collect();
    let holds = |group: &Group, id: &str| group.members.iter().any(|member| member.id == id);
    let holds = |pair: &Vec<&str>| {
        let mut groups = groups.iter();
        groups.any(|group| pair.iter().all(|id| holds(group, id)))
    };
    (pairs.iter().filter(|pair| holds(pair)).count(), pairs.len())
}

#[test]
fn without_numbers_most_are_found_by_what_they_say_and_nothing_wrong() {
    let Some(sources) = ["bulk", "samples/ictrp-rows"]
        .map(shared)
        .into_iter()
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let trials = all_without_numbers(sources);
    let groups = groups_of(trials.iter().cloned());
    let judged = judged(&groups);
    let read = rows(include_str!("judged.tsv"));
    let unread: Vec<&String> = judged.difference(&read).collect();
    let (same, known) = found_again(&groups.groups);
    let (likely, _) = found_again(&groups.likely);
    println!(
        "{} records: {} pairs judged the same, {} of them read by hand as right, {} likely; \
         of {known} groups joined by number {same} are judged the same, {likely} likely",
        trials.len(),
        judged.len(),
        judged.len() - unread.len(),
        groups.likely.len(),
    );
    assert!(50 * unread.len() <= judged.len(), "{unread:?}");
    assert!(judged.len() >= 140, "{}", judged.len());
    assert!(same >= 22, "{same} of {known}");
}

#[test]
fn different_trials_of_one_registry_are_rarely_judged_the_same_in_two() {
    let Some(bulk) = shared("bulk") else {
        return;
    };
    let mut trials = all_without_numbers(vec![bulk]);
    trials.retain(|trial| trial.registry == Registry::Ctgov);
    // None has its partner in the other half, which is where siblings are mistaken most.
    for trial in trials.iter_mut().step_by(2) {
        trial.registry = Registry::Isrctn;
    }
    let wrong = judged(&groups_of(trials.iter().cloned())).len();
    println!(
        "{} different trials: {wrong} pairs judged the same",
        trials.len()
    );
    assert!(wrong * 80 <= trials.len(), "{wrong} of {}", trials.len());
}
