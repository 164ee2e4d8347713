//! Interventions of a row, and the groups that get them.
//!
//! Only some registries name their interventions; elsewhere one text tells all, and is the
//! description. A text as short as a name is one.

use super::{lists, says_something};
use crate::record::{Arm, Intervention, InterventionType, Registry, Trial};
use crate::source::context::Context;
use crate::source::text;
use std::collections::HashMap;

/// Fills in the interventions of a cell.
pub(super) fn fill(trial: &mut Trial, cell: &str, context: &Context<'_>) {
    let registry = trial.registry;
    trial.interventions = match registry {
        Registry::Ctgov => typed(registry, cell, context),
        Registry::Chictr => groups(trial, cell),
        Registry::Ctri => ctri(cell),
        Registry::Euctr => cell.split("\n\n").filter_map(product).collect(),
        Registry::Pactr => named(cell.split(';')),
        Registry::Rebec => with_descriptors(registry, cell, context),
        Registry::Cris => with_type(registry, cell, context),
        Registry::Repec => repec(trial, cell),
        _ => told(cell),
    };
    trial
        .interventions
        .retain(|own| *own != Intervention::default());
}

/// Longer texts describe; the longest name of an intervention at ClinicalTrials.gov has 200 characters, most have under 60.
const NAME: usize = 60;

/// One intervention, or `Intervention 1: … Intervention 2: …`, or JapicCTI's labelled lines.
fn told(cell: &str) -> Vec<Intervention> {
    if let Some(parts) = lists::numbered(cell, "Intervention") {
        return parts.into_iter().map(described).collect();
    }
    if cell.starts_with("Intervention name") {
        return japic(cell);
    }
    let is_name = cell.len() <= NAME && !cell.contains(['\n', ';']) && !cell.ends_with('.');
    match is_name {
        true => named([cell]),
        false => vec![described(cell)],
    }
}

fn described(part: &str) -> Intervention {
    Intervention {
        // WHO ends each with a full stop of its own.
        description: text::block(&lists::unindent(part))
            .map(|text| text.replace("..", "."))
            .filter(|t| says_something(t)),
        ..Intervention::default()
    }
}

fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Intervention> {
    let names = names.into_iter().filter_map(text::line);
    let names = lists::once(names.filter(|name| says_something(name)), String::clone);
    let named = |name| Intervention {
        name: Some(name),
        ..Intervention::default()
    };
    names.into_iter().map(named).collect()
}

/// The type a word means, unknown words uncounted: any text may stand before a colon.
fn type_of(registry: Registry, word: &str, context: &Context<'_>) -> Option<InterventionType> {
    let wordings = &context.vocabularies.intervention_type;
    wordings.lookup(Some(registry), word)?.first().copied()
}

/// `Drug: X;Other: Y;Z`: a `;` before a type begins an intervention, another stands in a name.
fn typed(registry: Registry, cell: &str, context: &Context<'_>) -> Vec<Intervention> {
    let split = |part: &'_ str| -> Option<(InterventionType, usize)> {
        let colon = part
            .find(": ")
            .or_else(|| part.strip_suffix(':').map(str::len))?;
        Some((type_of(registry, &part[..colon], context)?, colon))
    };
    let parts = lists::items(cell, |rest| {
        split(rest.split(';').next().unwrap_or_default()).is_some()
    });
    let of_part = |part: &str| match split(part) {
        Some((kind, colon)) => Intervention {
            intervention_type: Some(kind),
            type_verbatim: text::line(&part[..colon]),
            name: text::line(&part[colon + 1..]),
            ..Intervention::default()
        },
        None => Intervention {
            name: text::line(part),
            ..Intervention::default()
        },
    };
    // WHO repeats one for each arm that gets it (NCT04324489).
    lists::once(parts.into_iter().map(of_part), |own| {
        (own.type_verbatim.clone(), own.name.clone())
    })
}

/// ChiCTR's `group:treatment;group:treatment;`: arms, each with its intervention.
fn groups(trial: &mut Trial, cell: &str) -> Vec<Intervention> {
    let mut interventions: Vec<Intervention> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for part in lists::semicolons(cell) {
        let (label, treatment) = match part.split_once([':', '：']) {
            Some((label, treatment)) => (text::line(label), text::block(treatment)),
            None => (None, text::block(part)),
        };
        let treatment = treatment.filter(|treatment| says_something(treatment));
        trial.arms.extend(label.clone().map(|label| Arm {
            label: Some(label),
            description: treatment.clone(),
            ..Arm::default()
        }));
        let Some(treatment) = treatment else { continue };
        let index = *known.entry(treatment.clone()).or_insert_with(|| {
            interventions.push(Intervention {
                name: Some(treatment),
                ..Intervention::default()
            });
            interventions.len() - 1
        });
        if let Some(own) = interventions.get_mut(index) {
            own.arms.extend(label);
        }
    }
    interventions
}

/// CTRI's `Intervention1: name: description`, `Control Intervention1: name: description`, one a line.
fn ctri(cell: &str) -> Vec<Intervention> {
    let mut interventions: Vec<Intervention> = Vec::new();
    for line in cell.lines() {
        let Some(told) = ctri_line(line) else {
            if let Some(own) = interventions.last_mut() {
                let description = own.description.get_or_insert_default();
                description.push('\n');
                description.push_str(line.trim_end());
            }
            continue;
        };
        let (name, description) = told.split_once(": ").unwrap_or((told, ""));
        interventions.push(Intervention {
            name: text::line(name.trim_end_matches(':')).filter(|name| says_something(name)),
            description: text::block(description).filter(|text| says_something(text)),
            ..Intervention::default()
        });
    }
    for own in &mut interventions {
        own.description = own.description.as_deref().and_then(text::block);
    }
    interventions
}

/// What stands behind `Intervention1:` or `Control Intervention1:`.
fn ctri_line(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line
        .strip_prefix("Control ")
        .unwrap_or(line)
        .strip_prefix("Intervention")?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.strip_prefix(':').map(str::trim)
}

/// EUCTR's product: lines of labels; its names, and the other lines as description.
fn product(block: &str) -> Option<Intervention> {
    /// In the order of preference for the name.
    const NAMES: &[&str] = &[
        "Product Name",
        "Trade Name",
        "INN or Proposed INN",
        "Other descriptive name",
        "Product Code",
        "Current Sponsor code",
    ];
    let mut names: Vec<(usize, String)> = Vec::new();
    let mut rest = Vec::new();
    for line in block.lines().filter_map(text::line) {
        let (label, value) = line.split_once(':').unwrap_or(("", &line));
        let Some(value) = text::line(value).filter(|value| says_something(value)) else {
            continue;
        };
        match NAMES.iter().position(|name| *name == label.trim()) {
            Some(rank) => names.push((rank, value)),
            None => rest.push(line),
        }
    }
    names.sort_by_key(|(rank, _)| *rank);
    let names = names.into_iter().map(|(_, name)| name);
    let mut names = lists::once(names, |name| name.to_ascii_lowercase());
    let other_names = names.split_off(names.len().min(1));
    let name = names.pop();
    let description = text::block(&rest.join("\n"));
    (name.is_some() || description.is_some()).then(|| Intervention {
        name,
        description,
        other_names,
        ..Intervention::default()
    })
}

/// JapicCTI's six labelled lines: the intervention's, then its control's.
fn japic(cell: &str) -> Vec<Intervention> {
    let mut interventions: Vec<Intervention> = Vec::new();
    for line in cell.lines() {
        let Some((label, value)) = line.split_once(" : ") else {
            continue;
        };
        let value = text::line(value).filter(|value| says_something(value));
        if label.ends_with("ntervention name") {
            interventions.push(Intervention {
                name: value,
                ..Intervention::default()
            });
            continue;
        }
        let (Some(own), Some(value)) = (interventions.last_mut(), value) else {
            continue;
        };
        if !label.starts_with("INN") {
            own.description = Some(value);
        } else if own.name.as_ref() != Some(&value) {
            own.other_names.push(value);
        }
    }
    interventions
}

/// CRIS's `Drug : text`.
fn with_type(registry: Registry, cell: &str, context: &Context<'_>) -> Vec<Intervention> {
    let typed = cell.split_once(" : ");
    let known =
        typed.and_then(|(word, rest)| Some((type_of(registry, word, context)?, word, rest)));
    let Some((kind, word, rest)) = known else {
        return told(cell);
    };
    let mut interventions = told(rest);
    for own in &mut interventions {
        own.intervention_type = Some(kind);
        own.type_verbatim = text::line(word);
    }
    interventions
}

/// REPEC's `Group name:X Type of group;2 N° of participants:200 Intervention(s) description:Y`, one a line.
fn repec(trial: &mut Trial, cell: &str) -> Vec<Intervention> {
    let mut interventions = Vec::new();
    for group in cell.split("Group name:").skip(1) {
        let (head, description) = group
            .split_once("Intervention(s) description:")
            .unwrap_or((group, ""));
        let label = text::line(head.split("Type of group").next().unwrap_or_default());
        let description = text::block(description);
        trial.arms.extend(label.clone().map(|label| Arm {
            label: Some(label),
            description: description.clone(),
            ..Arm::default()
        }));
        interventions.push(Intervention {
            description: description.or_else(|| label.clone()),
            arms: label.into_iter().collect(),
            ..Intervention::default()
        });
    }
    if interventions.is_empty() {
        return told(cell);
    }
    interventions
}

/// ReBEC's `text;Type;descriptor;descriptor`.
fn with_descriptors(registry: Registry, cell: &str, context: &Context<'_>) -> Vec<Intervention> {
    let parts: Vec<&str> = cell.split(';').collect();
    let kind = |part: &&str| type_of(registry, part, context);
    let Some(at) = parts.iter().rposition(|part| kind(part).is_some()) else {
        return told(cell);
    };
    let (text, descriptors) = parts.split_at(at);
    let Some((word, descriptors)) = descriptors.split_first() else {
        return told(cell);
    };
    let names = descriptors.iter().filter_map(|part| text::line(part));
    vec![Intervention {
        intervention_type: kind(word),
        type_verbatim: text::line(word),
        other_names: names.collect(),
        ..described(&text.join(";"))
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Provenance;
    use crate::schema::IndexSchema;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

    fn trial(registry: Registry, cell: &str) -> Trial {
        let provenance = Provenance::default();
        let context = Context::new(&SCHEMA, &provenance);
        let mut trial = Trial::new(registry, "X");
        fill(&mut trial, cell, &context);
        trial
    }

    /// `type: name (description) other names [arms]` without what is absent.
    fn read(registry: Registry, cell: &str) -> Vec<String> {
        let told = |own: &Intervention| {
            let kind = own.type_verbatim.as_ref().map(|kind| format!("{kind}: "));
            let description = own.description.as_ref().map(|text| format!("({text})"));
            let mut out = kind.unwrap_or_default();
            out += own.name.as_deref().unwrap_or_default();
            out += &description.unwrap_or_default();
            out += &own
                .other_names
                .iter()
                .map(|name| format!(" {name}"))
                .collect::<String>();
            out + &own
                .arms
                .iter()
                .map(|arm| format!(" [{arm}]"))
                .collect::<String>()
        };
        trial(registry, cell)
            .interventions
            .iter()
            .map(told)
            .collect()
    }

    #[test]
    fn a_type_begins_an_intervention_and_another_semicolon_does_not() {
        let cell = "Drug: a; b;Diagnostic Test: c: d;Behavioral: e";
        assert_eq!(
            read(Registry::Ctgov, cell),
            ["Drug: a; b", "Diagnostic Test: c: d", "Behavioral: e"]
        );
    }

    #[test]
    fn numbered_interventions_are_one_each() {
        let cell = "Intervention 1: Intervention group: a.. Intervention 2: Control group: b.";
        assert_eq!(
            read(Registry::Irct, cell),
            ["(Intervention group: a.)", "(Control group: b.)"]
        );
        assert_eq!(
            read(Registry::Irct, "Intervention group: a."),
            ["(Intervention group: a.)"]
        );
    }

    #[test]
    fn groups_become_arms_with_their_treatment() {
        let cell = "experimental group :X 1:2;control group:none;third:X 1:2;";
        assert_eq!(
            read(Registry::Chictr, cell),
            ["X 1:2 [experimental group] [third]"]
        );
        let arms = trial(Registry::Chictr, cell).arms;
        let labels: Vec<_> = arms.iter().filter_map(|arm| arm.label.as_deref()).collect();
        assert_eq!(labels, ["experimental group", "control group", "third"]);
    }

    #[test]
    fn each_registry_names_its_interventions_its_own_way() {
        let cell = "Intervention1: Chloroquine: 500 mg\nfor 10 days\nControl Intervention1: Not applicable: Not applicable\n";
        assert_eq!(
            read(Registry::Ctri, cell),
            ["Chloroquine(500 mg\nfor 10 days)"]
        );
        let cell = "Trade Name: Kevzara®\nPharmaceutical Form: Solution\nINN or Proposed INN: SARILUMAB\n\nTrade Name: Rebif\nProduct Name: \n\n";
        assert_eq!(
            read(Registry::Euctr, cell),
            ["Kevzara®(Pharmaceutical Form: Solution) SARILUMAB", "Rebif"]
        );
        let cell = "Intervention name : Favipiravir (T-705)\nINN of the intervention : Favipiravir\nDosage And administration of the intervention : Oral\nControl intervention name : -\nINN of the control intervention : -";
        assert_eq!(
            read(Registry::Jprn, cell),
            ["Favipiravir (T-705)(Oral) Favipiravir"]
        );
        assert_eq!(
            read(Registry::Pactr, ";Zinc;Placebo;Zinc"),
            ["Zinc", "Placebo"]
        );
        let cell = "Group name:A Type of group;2 N° of participants:200 Intervention(s) description:care \nGroup name:B Type of group;1 N° of participants:200 Intervention(s) description:care plus C";
        assert_eq!(
            read(Registry::Repec, cell),
            ["(care) [A]", "(care plus C) [B]"]
        );
        assert_eq!(
            read(Registry::Cris, "Drug : a: 320 ug.\nb."),
            ["Drug: (a: 320 ug.\nb.)"]
        );
        assert_eq!(
            read(
                Registry::Rebec,
                "four groups; all treated;Drug;Chloroquine;Azithromycin"
            ),
            ["Drug: (four groups; all treated) Chloroquine Azithromycin"]
        );
    }

    #[test]
    fn a_word_for_nothing_is_no_intervention() {
        for cell in ["", "NA", "not applicable", "None", "-"] {
            assert_eq!(read(Registry::Ntr, cell), [""; 0], "{cell:?}");
        }
        assert_eq!(
            read(Registry::Ntr, "Telemedicine by Ipads"),
            ["Telemedicine by Ipads"]
        );
        assert_eq!(
            read(Registry::Ntr, "One tablet a day.\nTwo."),
            ["(One tablet a day.\nTwo.)"]
        );
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "(\\PC|[;:\n ]|Intervention1:|Drug: |Intervention 1:|Trade Name:){0,20}") {
            for registry in Registry::ALL {
                trial(*registry, &cell);
            }
        }
    }
}
