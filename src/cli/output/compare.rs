//! The records of one trial side by side, registries as columns.

use super::record::plain;
use crate::cli::ui::{ID, LABEL, MATCH, for_terminal};
use std::io::{self, Write};
use trialdex::results::{Comparison, LatestWord};

/// Columns of the labels.
const LABEL_WIDTH: usize = 24;

/// Least columns of a record.
const LEAST: usize = 16;

/// Writes a comparison, `width` columns wide; what differs is marked.
pub(crate) fn write(out: &mut impl Write, compared: &Comparison, width: usize) -> io::Result<()> {
    let records = compared.records.len().max(1);
    let room = width.saturating_sub(LABEL_WIDTH + 2) / records;
    let room = room.saturating_sub(2).max(LEAST);
    let heads = compared.records.iter().map(|member| {
        let head = format!("{} ({})", member.id, member.registry);
        cell(Some(&head), room)
    });
    let heads: Vec<Vec<String>> = heads.collect();
    write_row(out, "", &heads, room, |text| format!("{ID}{text}{ID:#}"))?;
    for row in &compared.rows {
        let cells = row.values.iter();
        let cells: Vec<Vec<String>> = cells.map(|value| cell(value.as_deref(), room)).collect();
        if row.values.iter().all(Option::is_none) {
            continue;
        }
        let mark = if row.differs { "≠ " } else { "  " };
        let label = format!("{mark}{}", plain(row.item));
        match row.differs {
            true => write_row(out, &label, &cells, room, |text| {
                format!("{MATCH}{text}{MATCH:#}")
            })?,
            false => write_row(out, &label, &cells, room, str::to_owned)?,
        }
    }
    Ok(())
}

fn cell(value: Option<&str>, room: usize) -> Vec<String> {
    let value = value.map_or_else(|| "—".to_owned(), |value| for_terminal(value).into_owned());
    let lines = textwrap::wrap(&value, room).into_iter();
    lines.map(|line| line.into_owned()).collect()
}

fn write_row(
    out: &mut impl Write,
    label: &str,
    cells: &[Vec<String>],
    room: usize,
    style: impl Fn(&str) -> String,
) -> io::Result<()> {
    let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..lines {
        let label = if line == 0 { label } else { "" };
        write!(out, "{LABEL}{label:<LABEL_WIDTH$}{LABEL:#}")?;
        for (place, cell) in cells.iter().enumerate() {
            let text = cell.get(line).map_or("", String::as_str);
            let blanks = match place + 1 < cells.len() {
                true => room.saturating_sub(textwrap::core::display_width(text)),
                false => 0,
            };
            write!(out, "  {}{:blanks$}", style(text), "")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes what other records of a trial say later than its own.
pub(crate) fn write_latest(out: &mut impl Write, words: &[LatestWord]) -> io::Result<()> {
    let mut heading = "latest word";
    for word in words.iter().filter(|word| !word.own) {
        let source = word.format.map_or("", |format| format.as_str());
        let day = word.as_of.map(|day| format!(", as of {day}"));
        let (item, value) = (plain(word.item), for_terminal(&word.value).into_owned());
        let (id, day) = (for_terminal(&word.id), day.unwrap_or_default());
        writeln!(
            out,
            "{LABEL}{heading:<18}{LABEL:#}  {item}: {} ({id} from {source}{day})",
            plain(value)
        )?;
        heading = "";
    }
    Ok(())
}
