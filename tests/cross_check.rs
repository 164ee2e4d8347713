//! One trial read from two formats has the same values: the 1,018 COVID trials that stand both in
//! ClinicalTrials.gov's legacy XML of 30 April 2020 and in WHO's list of 7 July 2020.
//!
//! `cargo test --test integration cross_check -- --nocapture` prints every difference with its class.

use crate::material::{parse, shared};
use std::collections::BTreeMap;
use trialdex::record::{Record, Trial};
use trialdex::source::{Event, ReadOptions, Source};

/// Why two values of one trial differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// WHO copied the record after the change the XML shows last.
    LaterVintage,
    /// Only characters beyond ASCII differ, which WHO's database replaced.
    Encoding,
    /// Only blanks, case or punctuation differ, or WHO's copy is no later and differs nevertheless.
    WhosEditing,
    /// The registry's words agree and our values do not.
    Ours,
}

const CLASSES: [(Class, &str); 4] = [
    (Class::LaterVintage, "later vintage"),
    (Class::Encoding, "encoding"),
    (Class::WhosEditing, "WHO's editing"),
    (Class::Ours, "ours"),
];

/// A value that both formats tell: its name, the share that must agree, the value, the registry's words for it.
struct Field {
    name: &'static str,
    at_least: f64,
    value: fn(&Trial) -> String,
    words: fn(&Trial) -> Option<String>,
}

fn text<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(T::to_string).unwrap_or_default()
}

const FIELDS: &[Field] = &[
    Field {
        name: "registration_date",
        at_least: 98.0,
        value: |trial| text(&trial.registration_date),
        words: |_| None,
    },
    Field {
        name: "sex",
        at_least: 98.0,
        value: |trial| text(&trial.sex),
        words: |trial| trial.sex_verbatim.clone(),
    },
    Field {
        name: "minimum_age",
        at_least: 98.0,
        value: |trial| text(&trial.minimum_age),
        words: |trial| trial.minimum_age_verbatim.clone(),
    },
    Field {
        name: "maximum_age",
        at_least: 98.0,
        value: |trial| text(&trial.maximum_age),
        words: |trial| trial.maximum_age_verbatim.clone(),
    },
    Field {
        name: "study_type",
        at_least: 98.0,
        value: |trial| text(&trial.study_type),
        words: |trial| trial.study_type_verbatim.clone(),
    },
    Field {
        name: "phase",
        at_least: 98.0,
        value: |trial| format!("{:?}", trial.phase),
        words: |trial| trial.phase_verbatim.clone(),
    },
    Field {
        name: "primary_sponsor",
        at_least: 98.0,
        value: |trial| text(&trial.primary_sponsor),
        words: |trial| trial.primary_sponsor.clone(),
    },
    Field {
        name: "public_title",
        at_least: 94.0,
        value: |trial| text(&trial.public_title),
        words: |trial| trial.public_title.clone(),
    },
    Field {
        name: "sample_size",
        at_least: 89.0,
        value: |trial| text(&trial.sample_size),
        words: |trial| Some(text(&trial.sample_size)),
    },
    Field {
        name: "conditions",
        at_least: 97.0,
        value: |trial| {
            format!(
                "{:?}",
                trial.conditions.iter().map(|c| &c.text).collect::<Vec<_>>()
            )
        },
        words: |_| None,
    },
    Field {
        name: "interventions",
        at_least: 94.0,
        value: |trial| {
            let told =
                |own: &trialdex::record::Intervention| (own.intervention_type, own.name.clone());
            format!(
                "{:?}",
                trial.interventions.iter().map(told).collect::<Vec<_>>()
            )
        },
        words: |_| None,
    },
    Field {
        name: "masking",
        at_least: 98.0,
        value: |trial| text(&trial.study_design.masking),
        words: |trial| trial.study_design.masking_verbatim.clone(),
    },
    Field {
        name: "model",
        at_least: 98.0,
        value: |trial| text(&trial.study_design.model),
        words: |trial| trial.study_design.model_verbatim.clone(),
    },
    Field {
        name: "purpose",
        at_least: 98.0,
        value: |trial| text(&trial.study_design.purpose),
        words: |trial| trial.study_design.purpose_verbatim.clone(),
    },
];

/// The trials of a file, of each number the one updated last.
fn trials(file: &str) -> Option<BTreeMap<String, Trial>> {
    let source = Source::path(shared(file)?);
    let mut trials: BTreeMap<String, Trial> = BTreeMap::new();
    parse(vec![source], &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event
            && let Record::Trial(trial) = parsed.record
        {
            let known = trials.get(&trial.trial_id);
            if known.is_none_or(|known| known.last_update_date <= trial.last_update_date) {
                trials.insert(trial.trial_id.clone(), *trial);
            }
        }
    });
    Some(trials)
}

fn class(field: &Field, registry: &Trial, who: &Trial) -> Class {
    let letters = |trial: &Trial| {
        let value = (field.value)(trial).to_lowercase();
        value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    let (a, b) = ((field.value)(registry), (field.value)(who));
    if let (Some(a), Some(b)) = ((field.words)(registry), (field.words)(who))
        && a == b
    {
        return Class::Ours;
    }
    if is_reencoded(&a, &b) {
        Class::Encoding
    } else if letters(registry) == letters(who) || who.as_of <= registry.as_of {
        Class::WhosEditing
    } else {
        Class::LaterVintage
    }
}

/// Whether a copy differs only in characters that stand for one beyond ASCII (`α` → `a`, `（` → `(`).
fn is_reencoded(original: &str, copy: &str) -> bool {
    original.chars().count() == copy.chars().count()
        && original
            .chars()
            .zip(copy.chars())
            .all(|(a, b)| a == b || !a.is_ascii())
}

#[test]
fn who_s_copy_and_the_registry_s_own_record_agree() {
    let registry = trials("bulk/ctgov-legacy-xml-covid-1087.tar.zst");
    let who = trials("bulk/ictrp-4098.csv.zst");
    let (Some(registry), Some(who)) = (registry, who) else {
        return;
    };
    let pairs: Vec<(&Trial, &Trial)> = registry
        .iter()
        .filter_map(|(id, trial)| Some((trial, who.get(id)?)))
        .collect();
    assert_eq!(pairs.len(), 1018);
    let mut table = String::new();
    let mut below = Vec::new();
    for field in FIELDS {
        let differ = |(a, b): &&(&Trial, &Trial)| (field.value)(a) != (field.value)(b);
        let different: Vec<_> = pairs.iter().filter(differ).collect();
        let agree = 100.0 - 100.0 * different.len() as f64 / pairs.len() as f64;
        let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
        for (a, b) in &different {
            let class = class(field, a, b);
            *counts.entry(class).or_default() += 1;
            println!(
                "{:18} {} {:?}: {:?} | {:?}",
                field.name,
                a.trial_id,
                class,
                (field.value)(a),
                (field.value)(b)
            );
        }
        table += &format!("{:18} {agree:6.2} %", field.name);
        for (class, name) in CLASSES {
            table += &format!(
                "  {name} {:3}",
                counts.get(&class).copied().unwrap_or_default()
            );
        }
        table.push('\n');
        if agree < field.at_least || counts.contains_key(&Class::Ours) {
            below.push(field.name);
        }
    }
    println!("\n{table}");
    assert_eq!(below, [""; 0], "\n{table}");
}
