//! Facets for a reader: columns beside each other, as many as the terminal is wide.

use crate::cli::output::record::plain;
use crate::cli::ui::{LABEL, TITLE, for_terminal};
use anyhow::Result;
use std::io::Write;
use trialdex::results::Facet;
use trialdex::schema::IndexSchema;

/// Letters shown of a value before it is cut.
const LETTERS: usize = 36;

/// Blanks between two columns.
const GAP: usize = 3;

/// One facet as lines: heading, then count and value.
struct Block {
    heading: String,
    /// The width of the counts.
    counts: usize,
    lines: Vec<(String, String)>,
}

/// Writes facets in as few bands of columns as fit.
pub(crate) fn write(
    out: &mut impl Write,
    facets: &[Facet],
    schema: &IndexSchema,
    width: usize,
) -> Result<()> {
    let blocks: Vec<Block> = facets
        .iter()
        .map(|facet| Block::new(facet, schema))
        .collect();
    let mut rest = blocks.as_slice();
    while !rest.is_empty() {
        let mut taken = 0;
        let mut fits = 0;
        for block in rest {
            taken += block.width() + GAP;
            if fits > 0 && taken - GAP > width {
                break;
            }
            fits += 1;
        }
        let (band, behind) = rest.split_at(fits);
        write_band(out, band)?;
        rest = behind;
    }
    Ok(())
}

fn write_band(out: &mut impl Write, band: &[Block]) -> Result<()> {
    let height = band.iter().map(|block| block.lines.len()).max();
    let mut heading = String::new();
    for block in band {
        let blanks = block.width() - columns(&block.heading) + GAP;
        heading += &format!("{TITLE}{}{TITLE:#}{:blanks$}", block.heading, "");
    }
    writeln!(out, "{}", heading.trim_end())?;
    for line in 0..height.unwrap_or(0) {
        let mut text = String::new();
        for block in band {
            let width = block.width() + GAP;
            let Some((count, value)) = block.lines.get(line) else {
                text += &" ".repeat(width);
                continue;
            };
            let blanks = width - block.counts - 2 - columns(value);
            let counts = block.counts;
            text += &format!("{LABEL}{count:>counts$}{LABEL:#}  {value}{:blanks$}", "");
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    writeln!(out)?;
    Ok(())
}

impl Block {
    fn new(facet: &Facet, schema: &IndexSchema) -> Self {
        let shown = |value: &str| match (facet.facet.as_str(), schema.countries.name(value)) {
            ("country", Some(name)) => shortened(name),
            ("condition" | "intervention" | "sponsor" | "tag", _) => shortened(value),
            _ => shortened(&plain(value)),
        };
        let values = facet.values.iter();
        let mut lines: Vec<(String, String)> = values
            .map(|value| (value.count.to_string(), shown(&value.value)))
            .collect();
        if facet.more > 0 {
            lines.push((String::new(), format!("and {} more", facet.more)));
        }
        if facet.missing > 0 {
            lines.push((facet.missing.to_string(), "(not given)".to_owned()));
        }
        if lines.is_empty() {
            lines.push((String::new(), "no hits".to_owned()));
        }
        let counts = lines.iter().map(|(count, _)| count.len()).max();
        Block {
            heading: plain(&facet.facet),
            counts: counts.unwrap_or(0),
            lines,
        }
    }

    fn width(&self) -> usize {
        let values = self.lines.iter().map(|(_, value)| columns(value)).max();
        (self.counts + 2 + values.unwrap_or(0)).max(columns(&self.heading))
    }
}

fn shortened(text: &str) -> String {
    let text = for_terminal(text).replace(['\n', '\t'], " ");
    if text.chars().count() <= LETTERS {
        return text;
    }
    let cut: String = text.chars().take(LETTERS - 1).collect();
    cut.trim_end().to_owned() + "…"
}

fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}
