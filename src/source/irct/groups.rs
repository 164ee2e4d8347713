//! Intervention groups → interventions and arms.
//!
//! The registry names no interventions: a group's description says who it is (`Control group: …`)
//! and what is done to it.

use super::raw::{Entry, Protocol};
use super::template::Section;
use crate::record::{Arm, ArmType, Intervention, Registry};
use crate::source::context::Context;

/// Every group as an intervention, and as an arm where its description begins with the group's name.
pub(super) fn convert(
    protocol: &Protocol,
    context: &mut Context<'_>,
) -> (Vec<Intervention>, Vec<Arm>) {
    let mut interventions = Vec::new();
    let mut arms = Vec::new();
    for entry in protocol.all(Section::Interventions) {
        let intervention = intervention(entry, context);
        if intervention == Intervention::default() {
            continue;
        }
        let label = intervention.description.as_deref().and_then(label);
        arms.extend(label.map(|label| arm(label, context)));
        interventions.push(Intervention {
            arms: label.map(str::to_owned).into_iter().collect(),
            ..intervention
        });
    }
    (interventions, arms)
}

fn intervention(entry: &Entry, context: &mut Context<'_>) -> Intervention {
    let category = entry.line("Category");
    let intervention_type = category
        .as_deref()
        .and_then(|word| context.value(Registry::Irct, |v| &v.intervention_type, word));
    Intervention {
        intervention_type,
        type_verbatim: category,
        description: entry.text("Description"),
        ..Intervention::default()
    }
}

/// The group's name, with which a description begins: `Intervention group 2: …`.
fn label(description: &str) -> Option<&str> {
    let (name, _) = description.split_once(':')?;
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    let words = || {
        name.split(|c: char| !c.is_alphabetic())
            .map(str::to_lowercase)
    };
    let is_group = |word: String| ["group", "groups", "arm"].contains(&word.as_str());
    (name.len() <= 60 && words().any(is_group)).then_some(name)
}

fn arm(label: &str, context: &Context<'_>) -> Arm {
    let arm_type = arm_type(label, context);
    Arm {
        label: Some(label.to_owned()),
        arm_type,
        type_verbatim: arm_type.map(|_| label.to_owned()),
        description: None,
        interventions: Vec::new(),
    }
}

/// What a group's name says of its role, its number left out; most names say nothing (`Group A`).
fn arm_type(label: &str, context: &Context<'_>) -> Option<ArmType> {
    const NUMBERS: [&str; 4] = ["first", "second", "third", "the"];
    let is_number = |word: &str| NUMBERS.iter().any(|n| word.eq_ignore_ascii_case(n));
    let words = label.split(|c: char| !c.is_alphabetic());
    let words = words.filter(|word| !word.is_empty() && !is_number(word));
    let name: Vec<&str> = words.collect();
    let wordings = &context.vocabularies.arm_type;
    wordings
        .lookup(Some(Registry::Irct), &name.join(" "))?
        .first()
        .copied()
}
