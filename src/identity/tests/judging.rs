//! What is judged the same, and what is not: real pairs, shortened, and what holds for all.

use super::super::judgement::{Features, Grade, judge};
use super::super::settle::{Pair, Settled, settle};
use crate::identity::Judgement;
use crate::record::{Registry, Trial};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn features(mut fields: Value) -> Features {
    for (key, value) in [("registry", json!("ctgov")), ("trial_id", json!("NCT1"))] {
        let fields = fields.as_object_mut().unwrap();
        fields.entry(key).or_insert(value);
    }
    let trial: Trial = serde_json::from_value(fields).unwrap();
    Features::of(&trial)
}

fn judged(a: Value, b: Value) -> Option<(Grade, Judgement)> {
    judge(&features(a), &features(b))
}

const ACTIVATE: &str = "A Randomized Clinical Trial for Enhanced Trained Immune Responses Through Bacillus Calmette-Guérin Vaccination to Prevent Infections by COVID-19: The ACTIVATE II Trial";

#[test]
fn a_pair_alike_in_all_is_the_same() {
    let (grade, judgement) = judged(
        json!({
            "trial_id": "EUCTR2020-002448-21-GR",
            "registry": "euctr",
            "public_title": "BCG VACCINATION TO PREVENT COVID-19",
            "scientific_title": ACTIVATE.to_uppercase(),
            "sample_size": 900,
            "first_enrollment_date": "2020-05-26",
            "primary_sponsor": "Hellenic Institute for the Study of Sepsis",
            "conditions": [{"text": "Prevention of COVID-19 infection"}],
            "countries": ["GR"],
        }),
        json!({
            "trial_id": "NCT04414267",
            "public_title": "Bacillus Calmette-guérin Vaccination to Prevent COVID-19",
            "scientific_title": ACTIVATE,
            "sample_size": 900,
            "first_enrollment_date": "2020-05-26",
            "primary_sponsor": "Hellenic Institute for the Study of Sepsis",
            "conditions": [{"text": "COVID-19"}, {"text": "Virus Diseases"}],
            "countries": ["GR"],
        }),
    )
    .unwrap();
    assert_eq!(
        (grade, judgement.points, judgement.title),
        (Grade::Same, 210, 100)
    );
    assert_eq!(judgement.size, Some([900, 900]));
    assert_eq!(judgement.records, ["EUCTR2020-002448-21-GR", "NCT04414267"]);
}

#[test]
fn an_investigator_stands_for_a_sponsor_of_another_name() {
    let title = "Prophylactic Treatment With Oral Azithromycin Versus Placebo in Cancer Patients Undergoing Antineoplastic Treatment During the COVID-19 Pandemic";
    let of = |sponsor: &str, contact: &str, start: &str| {
        json!({
            "public_title": title,
            "sample_size": 200,
            "first_enrollment_date": start,
            "primary_sponsor": sponsor,
            "public_contact": {"name": contact},
        })
    };
    let (grade, judgement) = judged(
        of("Med. Univ. Wien", "Matthias Preusser", "2020-04-14"),
        of("Prof. Dr. Matthias Preusser", "Contact Desk", "2020-04-27"),
    )
    .unwrap();
    assert_eq!((grade, judgement.sponsor), (Grade::Same, Some(0)));
    assert_eq!(judgement.person.as_deref(), Some("matthias preusser"));
    // A desk is nobody.
    let (_, judgement) = judged(
        of(
            "Med. Univ. Wien",
            "Clinical Trial Information Desk",
            "2020-04-14",
        ),
        of("Novartis", "Clinical Trials Information Desk", "2020-04-14"),
    )
    .unwrap();
    assert_eq!(judgement.person, None);
}

#[test]
fn an_equal_title_alone_says_nothing() {
    let title = json!({"scientific_title": ACTIVATE});
    assert_eq!(judged(title.clone(), title), None);
}

#[test]
fn convalescent_plasma_is_given_in_many_trials() {
    let judged = judged(
        json!({
            "public_title": "Use of convalescent plasma in the treatment of patients with severe COVID-19 pneumonia",
            "sample_size": 10,
            "first_enrollment_date": "2020-04-05",
            "primary_sponsor": "Shahid Beheshti University of Medical Sciences",
            "countries": ["IR"],
        }),
        json!({
            "public_title": "Convalescent Plasma for COVID-19",
            "scientific_title": "Convalescent Plasma for the Treatment of Moderate-severe COVID-19",
            "sample_size": 10,
            "first_enrollment_date": "2020-04-10",
            "primary_sponsor": "University of Chicago",
            "countries": ["US"],
        }),
    );
    assert_eq!(judged, None);
}

#[test]
fn of_another_size_and_start_it_is_likely_at_most() {
    let title = "A Multicenter, Adaptive, Randomized Blinded Controlled Trial of the Safety and Efficacy of Investigational Therapeutics for the Treatment of COVID-19 in Hospitalized Adults";
    let of = |size: u64, start: &str| {
        json!({
            "scientific_title": title,
            "sample_size": size,
            "first_enrollment_date": start,
            "primary_sponsor": "National Institute of Allergy and Infectious Diseases",
            "conditions": [{"text": "Corona Virus Infection"}],
            "countries": ["US", "JP"],
        })
    };
    let (grade, judgement) = judged(of(800, "2020-02-21"), of(790, "2020-04-20")).unwrap();
    assert!(judgement.points >= 150, "{judgement:?}");
    assert_eq!(grade, Grade::Likely);
    assert_eq!(judged(of(800, "2020-02-21"), of(100, "2020-09-26")), None);
    // A year is no start that could hold them together.
    let (grade, _) = judged(of(800, "2020"), of(790, "2020")).unwrap();
    assert_eq!(grade, Grade::Likely);
}

#[test]
fn sizes_no_trial_has_are_compared_all_the_same() {
    let of = |size: u64| json!({"public_title": ACTIVATE, "sample_size": size});
    assert_eq!(judged(of(u64::MAX), of(u64::MAX)).unwrap().1.points, 130);
    assert_eq!(judged(of(u64::MAX), of(1)), None);
    assert_eq!(judged(of(0), of(0)), None);
}

/// A pair of trials with these points, its records named by their places.
fn pair(a: usize, b: usize, grade: Grade, points: i32) -> Pair {
    let title = json!({"scientific_title": ACTIVATE, "sample_size": 9});
    let (_, mut judgement) = judged(title.clone(), title).unwrap();
    judgement.records = [a, b].map(|place| format!("R{place}"));
    judgement.points = points;
    Pair {
        trials: [a, b],
        grade,
        registries: [Registry::Ctgov, Registry::Euctr],
        judgement,
    }
}

fn registries(of: &[&[Registry]]) -> Vec<BTreeSet<Registry>> {
    let sets = of
        .iter()
        .map(|registries| registries.iter().copied().collect());
    sets.collect()
}

fn joined(settled: &Settled) -> Vec<&[usize]> {
    let sets = settled.joined.iter();
    sets.map(|(trials, _)| trials.as_slice()).collect()
}

const CTGOV: &[Registry] = &[Registry::Ctgov];
const EUCTR: &[Registry] = &[Registry::Euctr];
const ISRCTN: &[Registry] = &[Registry::Isrctn];

#[test]
fn what_is_the_same_joins_and_what_is_likely_does_not() {
    let trials = registries(&[CTGOV, EUCTR, ISRCTN]);
    let settled = settle(
        &trials,
        vec![pair(0, 1, Grade::Same, 200), pair(1, 2, Grade::Likely, 120)],
    );
    assert_eq!(joined(&settled), [[0, 1]]);
    assert_eq!(settled.likely.len(), 1);
    // A pair that is likely alone is joined over a third record.
    let settled = settle(
        &trials,
        vec![
            pair(0, 1, Grade::Same, 200),
            pair(1, 2, Grade::Likely, 120),
            pair(0, 2, Grade::Same, 160),
        ],
    );
    assert_eq!(joined(&settled), [[0, 1, 2]]);
    assert!(settled.likely.is_empty());
}

#[test]
fn of_two_partners_in_one_registry_that_are_as_good_neither_is_joined() {
    let trials = registries(&[CTGOV, EUCTR, EUCTR]);
    let settled = |points| {
        let one = pair(0, 1, Grade::Same, 200);
        settle(&trials, vec![one, pair(0, 2, Grade::Same, points)])
    };
    assert_eq!(joined(&settled(190)), [[0, 1]]);
    let unsettled = settled(191);
    assert!(unsettled.joined.is_empty());
    let rivals = unsettled.likely.iter();
    let rivals: Vec<&str> = rivals
        .filter_map(|p| p.judgement.rival.as_deref())
        .collect();
    assert_eq!(rivals, ["R2", "R1"]);
    // One that is likely stands in the way, too.
    let one = pair(0, 1, Grade::Same, 150);
    let settled = settle(&trials, vec![one, pair(0, 2, Grade::Likely, 145)]);
    assert!(settled.joined.is_empty());
}

#[test]
fn a_group_that_would_hold_two_trials_of_one_registry_is_none() {
    let both: &[Registry] = &[Registry::Ctgov, Registry::Euctr];
    let settled = settle(
        &registries(&[CTGOV, both]),
        vec![pair(0, 1, Grade::Same, 200)],
    );
    assert!(settled.joined.is_empty());
    assert_eq!(settled.likely.len(), 1);
    let chain = vec![
        pair(0, 1, Grade::Same, 200),
        pair(1, 2, Grade::Same, 200),
        pair(2, 3, Grade::Same, 200),
    ];
    let trials = registries(&[CTGOV, EUCTR, ISRCTN, CTGOV]);
    // The third fits both trials of ClinicalTrials.gov only over others, which does not help.
    let settled = settle(&trials, chain);
    assert!(settled.joined.is_empty());
    assert_eq!(settled.likely.len(), 3);
}

fn pairs() -> impl Strategy<Value = Vec<(usize, usize, i32)>> {
    prop::collection::vec((0usize..9, 0usize..9, 110i32..210), 0..20)
}

proptest! {
    #[test]
    fn no_group_holds_two_trials_of_one_registry_and_order_changes_nothing(
        given in pairs(),
        turned in any::<bool>(),
    ) {
        let all = [Registry::Ctgov, Registry::Euctr, Registry::Isrctn, Registry::Drks];
        let trials: Vec<BTreeSet<Registry>> = (0..9).map(|n| BTreeSet::from([all[n % 4]])).collect();
        let mut seen = BTreeSet::new();
        let mut list = Vec::new();
        for (a, b, points) in given {
            let (a, b) = (a.min(b), a.max(b));
            if a % 4 != b % 4 && seen.insert((a, b)) {
                let grade = if points < 150 { Grade::Likely } else { Grade::Same };
                list.push(pair(a, b, grade, points));
            }
        }
        let settled = settle(&trials, list.clone());
        for (joined, _) in &settled.joined {
            let registries: BTreeSet<usize> = joined.iter().map(|trial| trial % 4).collect();
            prop_assert_eq!(registries.len(), joined.len());
        }
        if turned {
            list.reverse();
        } else {
            let half = list.len() / 2;
            list.rotate_left(half);
        }
        let again = settle(&trials, list);
        prop_assert_eq!(joined(&settled), joined(&again));
        let records = |settled: &Settled| {
            let pairs = settled.likely.iter().map(|pair| pair.judgement.records.clone());
            pairs.collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(records(&settled), records(&again));
    }

    #[test]
    fn a_judgement_is_the_same_from_both_sides(
        titles in prop::array::uniform2("[a-f]( [a-f]){0,7}"),
        sizes in prop::array::uniform2(0u64..40),
        starts in prop::array::uniform2((2018i32..2021, 1u32..13, 1u32..29, 0u8..3)),
    ) {
        let of = |n: usize| {
            let (year, month, day, known) = starts[n];
            let start = match known {
                0 => format!("{year}"),
                1 => format!("{year}-{month:02}"),
                _ => format!("{year}-{month:02}-{day:02}"),
            };
            json!({
                "public_title": titles[n],
                "scientific_title": titles[n].to_uppercase() + " more words",
                "sample_size": sizes[n],
                "first_enrollment_date": start,
                "primary_sponsor": titles[n],
            })
        };
        let told = |judged: Option<(Grade, Judgement)>| {
            judged.map(|(grade, judgement)| (grade, judgement.points, judgement.person))
        };
        prop_assert_eq!(told(judged(of(0), of(1))), told(judged(of(1), of(0))));
    }
}
