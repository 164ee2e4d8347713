//! Which records tell of one trial, whichever way the index came to be.

use super::*;
use crate::identity::{Evidence, Groups};

/// A trial as a line of JSON: its registry and number, and the numbers it gives.
fn line(registry: Registry, id: &str, named: &[&str], updated: &str) -> String {
    let mut trial = Trial::new(registry, id);
    trial.registry_ids = named.iter().map(|&number| number.to_owned()).collect();
    trial.public_title = Some(format!("The trial of number {id}"));
    trial.last_update_date = updated.parse().ok();
    serde_json::to_string(&Record::Trial(Box::new(trial))).unwrap()
}

/// A trial that names no number, with one of a few titles, sizes and sponsors.
fn alike(registry: Registry, id: &str, look: u8, size: u64) -> String {
    let titles = [
        "Bacillus Calmette-Guérin Vaccination to Prevent Infections: the ACTIVATE Trial",
        "Early Sarilumab Versus Usual Care in Adults Hospitalised With Severe Pneumonia",
        "Early Anakinra Versus Usual Care in Adults Hospitalised With Severe Pneumonia",
    ];
    let mut trial = Trial::new(registry, id);
    trial.public_title = Some(titles[usize::from(look % 3)].to_owned());
    trial.sample_size = Some(size);
    trial.first_enrollment_date = "2020-05-26".parse().ok();
    trial.primary_sponsor = Some(format!("Hellenic Sepsis {}", look % 2));
    serde_json::to_string(&Record::Trial(Box::new(trial))).unwrap()
}

fn groups(bench: &Bench) -> Groups {
    bench.snapshot().groups().unwrap().clone()
}

fn members(groups: &Groups) -> Vec<Vec<&str>> {
    let groups = groups.groups.iter();
    groups
        .map(|group| group.members.iter().map(|m| m.id.as_str()).collect())
        .collect()
}

const TRIAL: &str = "NCT00000001";
const SAME: &str = "ISRCTN00000001";

#[test]
fn groups_follow_members_that_come_change_and_go() {
    let bench = Bench::new(&[("1.jsonl", line(Registry::Ctgov, TRIAL, &[SAME], ""))]);
    bench.update();
    assert!(members(&groups(&bench)).is_empty());
    bench.write("2.jsonl", &line(Registry::Isrctn, SAME, &[], ""));
    bench.update();
    assert_eq!(members(&groups(&bench)), [[TRIAL, SAME]]);
    // A night that changes nothing leaves them.
    bench.update();
    assert_eq!(members(&groups(&bench)), [[TRIAL, SAME]]);
    bench.write("1.jsonl", &line(Registry::Ctgov, TRIAL, &[], ""));
    bench.update();
    assert!(members(&groups(&bench)).is_empty());
    bench.write("2.jsonl", &line(Registry::Isrctn, SAME, &[TRIAL], ""));
    bench.update();
    assert_eq!(members(&groups(&bench)), [[TRIAL, SAME]]);
    bench.delete("1.jsonl");
    bench.update();
    assert!(members(&groups(&bench)).is_empty());
    assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
}

#[test]
fn records_alike_in_all_are_joined_without_a_number() {
    let bench = Bench::new(&[("1.jsonl", alike(Registry::Ctgov, TRIAL, 0, 900))]);
    bench.write("2.jsonl", &alike(Registry::Isrctn, SAME, 0, 900));
    bench.update();
    let found = groups(&bench);
    assert_eq!(members(&found), [[TRIAL, SAME]]);
    assert!(found.groups[0].is_judged() && found.likely.is_empty());
    let [Evidence::Judged(judgement)] = &found.groups[0].evidence[..] else {
        panic!("{found:?}");
    };
    assert_eq!(judgement.records, [SAME, TRIAL]);
    assert_eq!(judgement.size, Some([900, 900]));
    // Another of the same registry fits as well: none is joined.
    let other = alike(Registry::Isrctn, "ISRCTN00000002", 0, 900);
    bench.write("3.jsonl", &other);
    bench.update();
    let found = groups(&bench);
    assert!(found.groups.is_empty());
    assert_eq!(found.likely.len(), 2);
    bench.write("3.jsonl", &alike(Registry::Isrctn, "ISRCTN00000002", 0, 90));
    bench.update();
    assert_eq!(members(&groups(&bench)), [[TRIAL, SAME]]);
    // What is said of the two in one registry is not compared at all.
    bench.delete("1.jsonl");
    bench.update();
    assert_eq!(groups(&bench), Groups::default());
    assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
    let mut writer = IndexWriter::open(bench.root(), Arc::clone(&SCHEMA)).unwrap();
    writer.restore(None, 3, 3, &mut ()).unwrap();
    drop(writer);
    assert_eq!(members(&groups(&bench)), [[TRIAL, SAME]]);
}

#[test]
fn a_judgement_extends_a_group_joined_by_number() {
    let bench = Bench::new(&[
        ("1.jsonl", line(Registry::Ctgov, TRIAL, &[SAME], "")),
        ("2.jsonl", alike(Registry::Isrctn, SAME, 1, 60)),
        ("3.jsonl", alike(Registry::Drks, "DRKS00000001", 1, 60)),
    ]);
    bench.update();
    let found = groups(&bench);
    assert_eq!(members(&found), [[TRIAL, "DRKS00000001", SAME]]);
    assert_eq!(found.groups[0].evidence.len(), 2);
}

#[test]
fn a_record_kept_aside_still_tells_its_numbers() {
    let bench = Bench::new(&[
        ("1.jsonl", line(Registry::Ctgov, TRIAL, &[], "2020-01-01")),
        (
            "2.jsonl",
            line(Registry::Ctgov, TRIAL, &[SAME], "2010-01-01"),
        ),
        ("3.jsonl", line(Registry::Isrctn, SAME, &[], "2020-01-01")),
    ]);
    bench.update();
    let snapshot = bench.snapshot();
    let aside = snapshot.kept_aside(Kind::Trial, TRIAL).unwrap();
    assert_eq!((aside.len(), snapshot.counts().superseded), (1, 1));
    assert!(snapshot.kept_aside(Kind::Trial, SAME).unwrap().is_empty());
    let groups = groups(&bench);
    assert_eq!(members(&groups), [[TRIAL, SAME]]);
    let [Evidence::SharedNumber { number, mutual, .. }] = &groups.groups[0].evidence[..] else {
        panic!("{groups:?}");
    };
    assert_eq!((number.as_str(), *mutual), (SAME, false));
}

#[test]
fn going_back_brings_the_groups_of_then_back() {
    let bench = Bench::new(&[
        ("1.jsonl", line(Registry::Ctgov, TRIAL, &[SAME], "")),
        ("2.jsonl", line(Registry::Isrctn, SAME, &[], "")),
    ]);
    bench.update();
    let before = groups(&bench);
    bench.delete("2.jsonl");
    bench.update();
    assert!(members(&groups(&bench)).is_empty());
    let mut writer = IndexWriter::open(bench.root(), Arc::clone(&SCHEMA)).unwrap();
    writer.restore(None, 3, 3, &mut ()).unwrap();
    drop(writer);
    assert_eq!(groups(&bench), before);
}

/// What a night changes: the file, and the trials it then holds; none where it goes.
type Night = Vec<(u8, Vec<(u8, u8, Vec<(u8, u8)>, u8, Option<u8>)>)>;

fn number(registry: u8, of: u8) -> (Registry, String) {
    match registry % 4 {
        0 => (Registry::Ctgov, format!("NCT0000000{}", of % 5)),
        1 => (Registry::Isrctn, format!("ISRCTN0000000{}", of % 5)),
        2 => (Registry::Drks, format!("DRKS0000000{}", of % 5)),
        // Several member states have a record of one number.
        _ => {
            let state = ["FR", "DE"][usize::from(of % 2)];
            (
                Registry::Euctr,
                format!("EUCTR2020-00000{}-11-{state}", of % 3),
            )
        }
    }
}

fn nights() -> impl Strategy<Value = Vec<Night>> {
    let named = prop::collection::vec((0u8..4, 0u8..6), 0..3);
    let trials = prop::collection::vec(
        (0u8..4, 0u8..6, named, 0u8..9, prop::option::of(0u8..6)),
        0..4,
    );
    prop::collection::vec(prop::collection::vec((0u8..5, trials), 1..4), 2..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn after_any_nights_the_groups_are_those_of_a_build_from_nothing(nights in nights()) {
        let bench = Bench::new(&[]);
        for night in nights {
            for (file, trials) in night {
                let name = format!("{file}.jsonl");
                let lines = trials.iter().map(|(registry, of, named, year, look)| {
                    let (registry, id) = number(*registry, *of);
                    if let Some(look) = look {
                        return alike(registry, &id, *look, u64::from(look % 4) * 50);
                    }
                    let named: Vec<String> = named.iter().map(|&(r, n)| number(r, n).1).collect();
                    let named: Vec<&str> = named.iter().map(String::as_str).collect();
                    line(registry, &id, &named, &format!("201{year}-01-01"))
                });
                let lines: Vec<String> = lines.collect();
                if lines.is_empty() && bench.source().join(&name).exists() {
                    bench.delete(&name);
                } else {
                    bench.write(&name, &lines.join("\n"));
                }
            }
            // A night may leave nothing.
            let options = UpdateOptions { accept_losses: true, ..UpdateOptions::default() };
            bench.update_with(&options).unwrap();
            let sources = vec![Source::path(bench.source())];
            let options = UpdateOptions::default();
            let (fresh, _) = Index::in_memory(sources, &[], Arc::clone(&SCHEMA), &options, &mut ()).unwrap();
            let fresh = fresh.snapshot();
            prop_assert_eq!(&groups(&bench), fresh.groups().unwrap());
        }
        prop_assert!(verify(&bench.root(), &SCHEMA).unwrap().damage.is_empty());
    }
}
