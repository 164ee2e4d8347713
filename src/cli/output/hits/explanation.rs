//! Why a hit scores what it scores, to read.

use crate::cli::output::record::plain;
use crate::cli::ui::{LABEL, for_terminal};
use anyhow::Result;
use std::io::Write;
use trialdex::results::{ConceptScore, Explanation, FieldScore};

/// The reasons of a score as a tree: concepts, and under each the fields it stands in, if wanted;
/// the leaves add up to the score.
pub(crate) fn write(
    out: &mut impl Write,
    score: f64,
    explanation: &Explanation,
    fields: bool,
) -> Result<()> {
    let (named, recent) = (explanation.named, explanation.recent);
    let concepts = explanation.concepts.len();
    let parts = concepts + usize::from(named > 0.0) + usize::from(recent > 0.0);
    let kind = match parts {
        0 => ": nothing of the query scores",
        _ => ", the sum of",
    };
    writeln!(out, "     {LABEL}score{LABEL:#} {score:.4}{kind}")?;
    if named > 0.0 {
        let branch = branch(parts == 1);
        writeln!(
            out,
            "     {branch} {named:.4}  its own number or whole title was typed"
        )?;
    }
    for (place, concept) in explanation.concepts.iter().enumerate() {
        let last = place + 1 == concepts && recent <= 0.0;
        writeln!(out, "     {} {}", branch(last), concept_line(concept))?;
        if !fields {
            continue;
        }
        let trunk = if last { " " } else { "│" };
        let by_field: Vec<&[FieldScore]> =
            concept.fields.chunk_by(|a, b| a.field == b.field).collect();
        for (place, forms) in by_field.iter().enumerate() {
            let branch = branch(place + 1 == by_field.len());
            writeln!(out, "     {trunk}  {branch} {}", field_line(forms))?;
        }
    }
    if recent > 0.0 {
        let branch = branch(true);
        writeln!(
            out,
            "     {branch} {recent:.4}  recent: last changed or published"
        )?;
    }
    Ok(())
}

/// What a concept adds, and how rare it is.
fn concept_line(concept: &ConceptScore) -> String {
    let text = for_terminal(&concept.concept);
    let side_by_side = match concept.adjacent {
        true => " side by side",
        false => "",
    };
    let area = match concept.area.as_str() {
        "default" => String::new(),
        area => format!(" in {}", plain(area)),
    };
    let (score, best, idf) = (concept.score, concept.best, concept.idf);
    let rarity = match concept.frequency {
        Some(frequency) => format!(
            "{frequency} of {} records have it, idf {idf:.2}",
            concept.records
        ),
        None => format!("as rare as its words, idf {idf:.2}"),
    };
    let weight = match concept.weight {
        weight if (weight - 1.0).abs() < 1e-9 => String::new(),
        weight => format!(", weight {weight:.2}"),
    };
    format!("{score:.4} of {best:.4}  \"{text}\"{side_by_side}{area}: {rarity}{weight}")
}

/// What the forms of a concept add in one field.
fn field_line(forms: &[FieldScore]) -> String {
    let Some(first) = forms.first() else {
        return String::new();
    };
    let score: f64 = forms.iter().map(|form| form.score).sum();
    let forms: Vec<String> = forms.iter().map(form_words).collect();
    let (name, forms) = (plain(&first.field), forms.join(", "));
    let (length, mean) = (first.length, first.mean_length);
    let (boost, b) = (first.boost, first.b);
    format!("{score:.4}  {name}: {forms}; length {length} (mean {mean:.0}, b {b}), boost {boost}")
}

/// A form, how often it stands there, and what it counts.
fn form_words(form: &FieldScore) -> String {
    let variant = for_terminal(&form.variant);
    let source = match &form.other_name {
        Some(other) => format!(
            " ({} of \"{}\", {})",
            plain(other.relation),
            for_terminal(&other.of),
            for_terminal(&other.source.to_string())
        ),
        None => String::new(),
    };
    let times = match form.term_frequency {
        1.0 => "once".to_owned(),
        often if often.fract() == 0.0 => format!("{often} times"),
        // Words side by side in other forms than typed, or further apart, count less each time.
        weighed => format!("as good as {weighed:.2} times"),
    };
    match form.penalty {
        full if (full - 1.0).abs() < 1e-6 => format!("\"{variant}\" {times}{source}"),
        less => format!("\"{variant}\" {times} ×{less:.2}{source}"),
    }
}

/// What leads to a part of a tree.
pub(crate) fn branch(last: bool) -> &'static str {
    if last { "└" } else { "├" }
}
