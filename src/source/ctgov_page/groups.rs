//! Groups and interventions, in which names, descriptions and types follow one another without labels.

use super::raw::{Page, Section, after, is_word};
use crate::source::ctgov::study::{ArmGroup, ArmsInterventionsModule, Intervention, List, Text};

/// A line of the two sections.
enum Line<'a> {
    /// `Group Type EXPERIMENTAL`.
    GroupType(&'a str),
    /// `Intervention Type BIOLOGICAL`.
    InterventionType(&'a str),
    Text(&'a str),
}

/// Arms and interventions; each intervention once, though the page has it under every group and again on its own.
pub(super) fn read<'a>(page: &Page<'a>) -> ArmsInterventionsModule<'a> {
    let mut interventions = list(&lines(page, Section::Interventions));
    let arms = arms(&lines(page, Section::Groups), &mut interventions);
    if let [only] = interventions.as_mut_slice() {
        let names = page.told(Section::OtherNames);
        only.other_names = names.into_iter().map(Text::from).collect();
    }
    ArmsInterventionsModule {
        arm_groups: List(arms),
        interventions: List(interventions),
    }
}

fn lines<'a>(page: &Page<'a>, section: Section) -> Vec<Line<'a>> {
    let mut found = Vec::new();
    let mut lines = page.told(section).into_iter().peekable();
    while let Some(line) = lines.next() {
        let mut value = |label| match after(line, label)? {
            "" => lines.next_if(|next| is_word(next)),
            value => Some(value),
        };
        found.push(if let Some(kind) = value("Group Type") {
            Line::GroupType(kind)
        } else if let Some(kind) = value("Intervention Type") {
            Line::InterventionType(kind)
        } else {
            Line::Text(line)
        });
    }
    found
}

/// The section of interventions: name, description, `Intervention Type X`, again and again.
fn list<'a>(lines: &[Line<'a>]) -> Vec<Intervention<'a>> {
    let mut found: Vec<Intervention<'a>> = Vec::new();
    let mut before: Vec<&'a str> = Vec::new();
    for line in lines {
        match line {
            Line::InterventionType(kind) => {
                if let Some((name, description)) = before.split_first() {
                    add(&mut found, intervention(name, kind, description));
                }
                before.clear();
            }
            Line::Text(line) | Line::GroupType(line) => before.push(line),
        }
    }
    found
}

/// The section of groups: label, description, `Group Type X`, then the group's interventions, each
/// name, `Intervention Type X`, description.
///
/// Where a description ends and the next group's label begins is told by the list of interventions.
fn arms<'a>(lines: &[Line<'a>], interventions: &mut Vec<Intervention<'a>>) -> Vec<ArmGroup<'a>> {
    let mut arms: Vec<ArmGroup<'a>> = Vec::new();
    let mut before: Vec<&'a str> = Vec::new();
    let mut open: Option<Intervention<'a>> = None;
    for line in lines {
        match line {
            Line::GroupType(kind) => {
                let start = open.take().map_or(0, |last| {
                    let length = described(&last, &before, interventions);
                    let description = before.get(..length).unwrap_or_default();
                    close(last, description, &mut arms, interventions);
                    length
                });
                if let Some((label, description)) = before.get(start..).and_then(<[_]>::split_first)
                {
                    arms.push(ArmGroup {
                        label: Some(Text::from(*label)),
                        kind: Some(Text::from(*kind)),
                        description: text(description),
                        ..ArmGroup::default()
                    });
                }
                before.clear();
            }
            Line::InterventionType(kind) => {
                let name = before.pop();
                if let Some(last) = open.take() {
                    close(last, &before, &mut arms, interventions);
                }
                open = name.map(|name| intervention(name, kind, &[]));
                before.clear();
            }
            Line::Text(line) => before.push(line),
        }
    }
    if let Some(last) = open {
        close(last, &before, &mut arms, interventions);
    }
    arms
}

/// How many of the lines after an intervention describe it; the others are the next group's.
fn described(last: &Intervention<'_>, lines: &[&str], interventions: &[Intervention<'_>]) -> usize {
    let known = interventions.iter().find(|known| known.name == last.name);
    let known: Vec<&str> = known
        .and_then(|known| known.description.as_deref())
        .map(|description| description.split("\n\n").collect())
        .unwrap_or_default();
    lines
        .iter()
        .zip(&known)
        .take_while(|(line, known)| line == known)
        .count()
}

/// Adds an intervention to the last group and to the list, its description where the list has none.
fn close<'a>(
    last: Intervention<'a>,
    description: &[&'a str],
    arms: &mut [ArmGroup<'a>],
    interventions: &mut Vec<Intervention<'a>>,
) {
    let arm = arms.last_mut();
    let label = arm.as_ref().and_then(|arm| arm.label.clone());
    if let (Some(arm), Some(name)) = (arm, last.name.clone()) {
        arm.intervention_names.0.push(name);
    }
    let name = last.name.clone();
    add(
        interventions,
        Intervention {
            description: text(description),
            ..last
        },
    );
    let known = interventions.iter_mut().find(|known| known.name == name);
    if let (Some(known), Some(label)) = (known, label)
        && !known.arm_group_labels.contains(&label)
    {
        known.arm_group_labels.0.push(label);
    }
}

/// Adds an intervention that is not yet there.
fn add<'a>(list: &mut Vec<Intervention<'a>>, new: Intervention<'a>) {
    if !list.iter().any(|known| known.name == new.name) {
        list.push(new);
    }
}

fn intervention<'a>(name: &'a str, kind: &'a str, description: &[&'a str]) -> Intervention<'a> {
    Intervention {
        name: Some(Text::from(name)),
        kind: Some(Text::from(kind)),
        description: text(description),
        ..Intervention::default()
    }
}

fn text<'a>(lines: &[&str]) -> Option<Text<'a>> {
    (!lines.is_empty()).then(|| Text::from(lines.join("\n\n")))
}
