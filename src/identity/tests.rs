//! What joins records, and what does not.

mod judging;

use super::join::Joined;
use super::*;
use crate::record::{Registry, Trial};
use crate::schema::IndexSchema;
use proptest::prelude::*;
use std::collections::BTreeMap;

const CTGOV: Registry = Registry::Ctgov;
const EUCTR: Registry = Registry::Euctr;
const ISRCTN: Registry = Registry::Isrctn;

/// A record: its registry and number, the numbers it gives, and a sketch of its title.
type Said4<'a> = (Registry, &'a str, &'a [(Option<Registry>, &'a str)], u32);

fn nodes(records: &[Said4<'_>]) -> BTreeMap<Number, Node> {
    let mut nodes: BTreeMap<Number, Node> = BTreeMap::new();
    for (registry, id, named, sketch) in records {
        let node = nodes.entry(Number::own(*registry, id)).or_default();
        node.ids.insert((*id).to_owned());
        node.sketch.insert(*sketch);
        for (registry, stem) in *named {
            node.named.insert(Number {
                registry: *registry,
                stem: (*stem).to_owned(),
            });
        }
    }
    nodes
}

fn groups(joined: &Joined) -> Vec<Vec<String>> {
    let stems = |(numbers, _): &(Vec<Number>, Vec<Evidence>)| {
        numbers.iter().map(ToString::to_string).collect()
    };
    joined.sets.iter().map(stems).collect()
}

#[test]
fn a_number_joins_whose_own_it_is_and_who_gives_it_and_so_on() {
    let joined = join(&nodes(&[
        (CTGOV, "NCT1", &[(Some(ISRCTN), "ISRCTN1")], 1),
        (ISRCTN, "ISRCTN1", &[(Some(EUCTR), "2020-000001-11")], 2),
        (EUCTR, "EUCTR2020-000001-11-FR", &[], 3),
        (CTGOV, "NCT2", &[], 1),
    ]));
    assert_eq!(groups(&joined), [["NCT1", "2020-000001-11", "ISRCTN1"]]);
    assert!(joined.refused.is_empty());
}

#[test]
fn a_number_nobody_has_joins_those_who_give_it() {
    let universal = [(None, "U1111-1282-5699")];
    let joined = join(&nodes(&[
        (CTGOV, "NCT1", &universal, 1),
        (Registry::Rebec, "RBR-1", &universal, 2),
    ]));
    assert_eq!(groups(&joined), [["NCT1", "RBR-1"]]);
}

#[test]
fn records_of_several_member_states_tell_of_one_trial() {
    let joined = join(&nodes(&[
        (EUCTR, "EUCTR2020-000001-11-FR", &[], 1),
        (EUCTR, "EUCTR2020-000001-11-DE", &[], 1),
    ]));
    let (numbers, evidence) = &joined.sets[0];
    assert_eq!(numbers.len(), 1);
    let records = ["EUCTR2020-000001-11-DE", "EUCTR2020-000001-11-FR"];
    assert_eq!(
        *evidence,
        [Evidence::OneNumber {
            number: "2020-000001-11".to_owned(),
            records: records.map(str::to_owned).to_vec(),
        }]
    );
}

#[test]
fn a_number_two_records_of_one_registry_give_joins_nothing() {
    let given = [(Some(EUCTR), "2020-001246-18")];
    for with_owner in [false, true] {
        let mut records = vec![
            (CTGOV, "NCT04321993", &given[..], 1),
            (CTGOV, "NCT04324021", &given[..], 1),
            (ISRCTN, "ISRCTN1", &given[..], 1),
        ];
        if with_owner {
            records.push((EUCTR, "EUCTR2020-001246-18-FR", &[], 1));
        }
        let joined = join(&nodes(&records));
        assert!(joined.sets.is_empty(), "{joined:?}");
        assert_eq!(joined.refused.len(), 1);
        assert_eq!(joined.refused[0].reason, Reason::SharedWithinRegistry);
    }
}

#[test]
fn an_extension_that_names_its_main_study_is_another_trial() {
    let joined = join(&nodes(&[
        (CTGOV, "NCT1", &[], 1),
        (CTGOV, "NCT2", &[(Some(CTGOV), "NCT1")], 1),
        (ISRCTN, "ISRCTN1", &[(Some(CTGOV), "NCT1")], 1),
    ]));
    assert_eq!(groups(&joined), [["NCT1", "ISRCTN1"]]);
    assert_eq!(joined.refused[0].records, ["NCT1", "NCT2"]);
}

#[test]
fn a_number_of_the_own_registry_joins_only_where_it_is_an_obsolete_one() {
    let given = [(Some(CTGOV), "NCT9")];
    let mut nodes = nodes(&[(CTGOV, "NCT1", &given, 1), (ISRCTN, "ISRCTN1", &given, 1)]);
    assert!(join(&nodes).sets.is_empty());
    let first = nodes.get_mut(&Number::own(CTGOV, "NCT1")).unwrap();
    first.aliases.insert(Number::own(CTGOV, "NCT9"));
    assert_eq!(groups(&join(&nodes)), [["NCT1", "ISRCTN1"]]);
}

#[test]
fn of_two_numbers_that_contradict_the_better_attested_one_stands() {
    let record = |title| {
        nodes(&[
            (CTGOV, "NCT1", &[], 1),
            (CTGOV, "NCT2", &[(Some(ISRCTN), "ISRCTN1")], 2),
            (ISRCTN, "ISRCTN1", &[(Some(CTGOV), "NCT1")], title),
        ])
    };
    assert_eq!(groups(&join(&record(1))), [["NCT1", "ISRCTN1"]]);
    assert_eq!(groups(&join(&record(2))), [["NCT2", "ISRCTN1"]]);
    let joined = join(&record(3));
    assert!(joined.sets.is_empty());
    let reasons: Vec<Reason> = joined.refused.iter().map(|r| r.reason).collect();
    assert_eq!(reasons, [Reason::Contradicts, Reason::Contradicts]);
}

#[test]
fn a_number_given_on_both_sides_stands_against_one_given_on_one() {
    let joined = join(&nodes(&[
        (CTGOV, "NCT1", &[(Some(ISRCTN), "ISRCTN1")], 1),
        (CTGOV, "NCT2", &[(Some(ISRCTN), "ISRCTN2")], 2),
        (ISRCTN, "ISRCTN1", &[(Some(CTGOV), "NCT1")], 3),
        (ISRCTN, "ISRCTN2", &[(Some(CTGOV), "NCT2")], 3),
        (
            EUCTR,
            "EUCTR2020-000001-11-FR",
            &[(Some(CTGOV), "NCT1"), (Some(CTGOV), "NCT2")],
            4,
        ),
    ]));
    // The two numbers of the EudraCT record cannot both be right.
    assert_eq!(groups(&joined), [["NCT1", "ISRCTN1"], ["NCT2", "ISRCTN2"]]);
    assert_eq!(joined.refused.len(), 2);
}

#[test]
fn codes_of_sponsors_and_stems_of_registrants_are_no_numbers_of_a_trial() {
    let schema = IndexSchema::shipped().unwrap();
    let mut trial = Trial::new(Registry::Irct, "IRCT20080901001165N22");
    trial.secondary_ids = ["CTMX-1111", "1111", "GS-US-540-5773", "U1111-1282-5699"]
        .map(str::to_owned)
        .to_vec();
    trial.registry_ids = vec!["EUCTR2020-001246-18-FR".to_owned()];
    trial.related_ids = vec!["NCT00000001".to_owned()];
    let (mut own, mut named) = (Vec::new(), Vec::new());
    for value in values(&trial) {
        match Said::read(&value, &schema.identifiers).unwrap() {
            Said::Own(number) => own.push(number),
            Said::Named(numbers) | Said::Alias(numbers) => named.extend(numbers),
        }
    }
    assert_eq!(own, [Number::own(Registry::Irct, "IRCT20080901001165N22")]);
    assert_ne!(own, [Number::own(Registry::Irct, "IRCT20080901001165N23")]);
    let named: Vec<String> = named.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["2020-001246-18", "U1111-1282-5699"]);
}

proptest! {
    #[test]
    fn no_group_holds_two_trials_of_one_registry_whatever_is_given(
        given in prop::collection::vec((0usize..4, 0u32..5, 0usize..4, 0u32..5, 0u32..3), 1..30)
    ) {
        let registries = [CTGOV, ISRCTN, Registry::Drks, Registry::Ctri];
        let number = |registry: usize, n: u32| Number::own(registries[registry], &format!("N{registry}-{n}"));
        let mut all: BTreeMap<Number, Node> = BTreeMap::new();
        for (registry, n, of, named, sketch) in given {
            let own = number(registry, n);
            let node = all.entry(own.clone()).or_default();
            node.ids.insert(own.to_string());
            node.named.insert(number(of, named));
            node.sketch.insert(sketch);
        }
        let joined = join(&all);
        let mut seen = std::collections::BTreeSet::new();
        for (numbers, _) in &joined.sets {
            let registries: std::collections::BTreeSet<_> = numbers.iter().map(|n| n.registry).collect();
            prop_assert_eq!(registries.len(), numbers.len());
            for number in numbers {
                prop_assert!(seen.insert(number.clone()));
            }
        }
        // Whoever neither gives a number nor is given one changes nothing.
        let mut more = all.clone();
        more.entry(number(0, 99)).or_default().ids.insert("alone".to_owned());
        prop_assert_eq!(join(&more), joined);
    }
}
