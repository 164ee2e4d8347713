//! Cells that hold lists, in each registry's way of writing them.

use super::super::Outcome;
use super::super::maker::Draw;

/// A column of criteria: WHO writes its heading in front and makes tags of line ends.
pub(super) fn criteria(which: &str, items: &str) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items = items.trim_start_matches("* ").replace("\n* ", "<br>");
    format!("{which} criteria: {items}")
}

/// `Intervention 1: … Intervention 2: …`.
pub(super) fn numbered(texts: &[String]) -> String {
    let numbered = texts.iter().enumerate();
    let numbered = numbered.map(|(place, text)| format!("Intervention {}: {text}", place + 1));
    numbered.collect::<Vec<_>>().join(" ")
}

pub(super) fn conditions(draw: &mut Draw<'_>, registry: &str) -> Outcome<String> {
    let count = draw.count(&format!("ictrp.{registry}.conditions"))?;
    let mut cell = String::new();
    for number in 1..=count {
        let name = draw.named("conditions")?;
        let code = draw.rng.below(100);
        cell.push_str(&match registry {
            "ctri" => format!("Health Condition {number}: J{code:02}- {name}\n"),
            // What was typed stands before the first `;`: mostly nothing but codes.
            "drks" => format!(";J{code:02} - {name}"),
            "euctr" => format!(
                "{name} <br>MedDRA version: 20.1<br>Level: PT<br>Classification code 100{code:05}<br>Term: {name}"
            ),
            _ if number > 1 => format!(";{name}"),
            _ => name,
        });
    }
    Ok(cell)
}

pub(super) fn interventions(draw: &mut Draw<'_>, registry: &str) -> Outcome<String> {
    match registry {
        "chictr" => groups(draw),
        "ctri" => in_lines(draw),
        "euctr" => products(draw),
        _ => described(draw, registry),
    }
}

/// `group:treatment;group:treatment;`: groups beyond the number of treatments get none of their own.
fn groups(draw: &mut Draw<'_>) -> Outcome<String> {
    let treatments = draw.count("ictrp.chictr.interventions[].name")?;
    let mut cell = String::new();
    for group in 0..draw.count("ictrp.chictr.arms[].label")? {
        let label = draw.line("ictrp.chictr.arms[].label")?;
        let treatment = match group < treatments {
            true => draw.line("ictrp.chictr.interventions[].name")?,
            false => "Nil".to_owned(),
        };
        cell.push_str(&format!("{label}:{treatment};"));
    }
    Ok(cell)
}

fn in_lines(draw: &mut Draw<'_>) -> Outcome<String> {
    let mut lines = Vec::new();
    for number in 1..=draw.count("ictrp.ctri.interventions[].name")? {
        let name = draw.named("interventions[].name")?;
        let text = draw.prose("ictrp.ctri.interventions[].description")?;
        lines.push(format!("Intervention{number}: {name}: {text}"));
    }
    Ok(lines.join("<br>"))
}

fn products(draw: &mut Draw<'_>) -> Outcome<String> {
    let mut blocks = Vec::new();
    for _ in 0..draw.count("ictrp.euctr.interventions[].name")? {
        let name = draw.named("interventions[].name")?;
        let form = draw.line("ictrp.euctr.interventions[].description")?;
        blocks.push(format!(
            "<br>Product Name: {name}<br>Pharmaceutical Form: {form}<br>INN or Proposed INN: {name}<br>"
        ));
    }
    Ok(blocks.concat())
}

/// Texts, of several those with a number; the few registries that have names beside them have one.
fn described(draw: &mut Draw<'_>, registry: &str) -> Outcome<String> {
    let mut texts = Vec::new();
    let name = format!("ictrp.{registry}.interventions[].description");
    for _ in 0..draw.count(&name)? {
        texts.push(draw.prose(&name)?);
    }
    if let [one] = texts.as_slice() {
        return Ok(one.clone());
    }
    if !texts.is_empty() {
        return Ok(numbered(&texts));
    }
    let name = format!("ictrp.{registry}.interventions[].name");
    match draw.count(&name)? {
        0 => Ok(String::new()),
        _ => draw.line(&name),
    }
}

pub(super) fn outcomes(draw: &mut Draw<'_>, registry: &str) -> Outcome<String> {
    let path = format!("ictrp.{registry}.primary_outcomes[]");
    let mut cell = String::new();
    for _ in 0..draw.count(&format!("{path}.measure"))? {
        let measure = draw.line(&format!("{path}.measure"))?;
        let time = match draw.chance(&format!("{path}.time_frame"))? {
            true => draw.line(&format!("{path}.time_frame"))?,
            false => String::new(),
        };
        cell.push_str(&match registry {
            "anzctr" => format!("{measure}<br>[{time}];"),
            "ctri" => format!("{measure}Timepoint: {time}"),
            "euctr" => format!(
                "{}Primary end point(s): {measure};Timepoint(s) of evaluation of this end point: {time}",
                objective(draw)?
            ),
            "chictr" => format!("{measure};"),
            _ => measure,
        });
    }
    Ok(cell)
}

fn objective(draw: &mut Draw<'_>) -> Outcome<String> {
    let objective = draw.line("ictrp.euctr.brief_summary")?;
    Ok(format!("Main Objective: {objective};"))
}

/// Sizes of ChiCTR's trials are told group by group.
pub(super) fn size(registry: &str, size: usize) -> String {
    match registry {
        "chictr" => format!(
            "Experimental group:{};Control group:{};",
            size - size / 2,
            size / 2
        ),
        _ => size.to_string(),
    }
}
