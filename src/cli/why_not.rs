//! `trialdex why-not`.

use super::asking::Asking;
use super::output::{
    TextOrJson,
    hits::explanation::{self, branch},
};
use super::ui::{ID, LABEL, TITLE, for_terminal};
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use trialdex::record::Record;
use trialdex::results::{Check, Hit, Place, Role, SearchOptions, WhyNot, why_not};

/// Tell why a record is not found, or not first
///
/// Not in the index, kept out by a word or filter, or which place it has and what stands before it.
#[derive(clap::Args)]
#[command(after_help = "Exit code 1 when the index has no such record.")]
pub(crate) struct Args {
    /// Number of the trial, path of the article
    #[arg(value_name = "ID")]
    record: String,
    /// The query it was expected for, as of search
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    asking: Asking,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let query = args.asking.query(&args.query, &schema)?;
    let snapshot = args.asking.searched.snapshot(global, schema)?;
    let options = SearchOptions {
        match_level: args.asking.match_level,
        expansion: args.asking.expand,
        ..SearchOptions::default()
    };
    let why = why_not(&snapshot, &args.record, &query, &options)?;
    let mut out = ui::stdout();
    match args.format {
        TextOrJson::Text => write(&mut out, &args.record, &why)?,
        TextOrJson::Json => {
            let json = serde_json::to_string_pretty(&as_json(&args.record, &why))?;
            writeln!(out, "{}", ui::json_for_terminal(json))?;
        }
    }
    out.flush()?;
    Ok(match why.record {
        Some(_) => Exit::Done,
        None => Exit::NothingFound,
    })
}

fn as_json(id: &str, why: &WhyNot) -> serde_json::Value {
    let hit = |hit: &Hit| {
        json!({
            "rank": hit.rank,
            "score": hit.score,
            "id": hit.record.id(),
            "title": hit.record.title(),
            "explanation": hit.explanation,
        })
    };
    let place = why.place.as_ref().map(|place| {
        json!({
            "total": place.total,
            "hit": hit(&place.hit),
            "ahead": place.ahead.iter().map(hit).collect::<Vec<_>>(),
        })
    });
    let record = why.record.as_ref();
    json!({
        "version": 1,
        "object": "why_not",
        "asked": id,
        "indexed": record.is_some(),
        "id": record.map(Record::id),
        "superseded": why.superseded.iter().map(Record::provenance).collect::<Vec<_>>(),
        "named_by": why.named_by,
        "found": why.place.is_some(),
        "check": why.check,
        "place": place,
    })
}

fn write(out: &mut impl Write, id: &str, why: &WhyNot) -> Result<()> {
    let Some(record) = &why.record else {
        return write_missing(out, id, &why.named_by);
    };
    let title = for_terminal(record.title().unwrap_or("(no title)")).replace('\n', " ");
    let own = for_terminal(record.id());
    writeln!(out, "{ID}{own}{ID:#}  {TITLE}{title}{TITLE:#}")?;
    if record.id() != id {
        writeln!(out, "the record asked for as {}", for_terminal(id))?;
    }
    for other in &why.superseded {
        let from = other.provenance().map(|from| from.file.as_str());
        let from = for_terminal(from.unwrap_or("somewhere"));
        writeln!(
            out,
            "another version, from {from}, is not searched: this one is better"
        )?;
    }
    match &why.place {
        Some(place) => write_place(out, place),
        None => {
            writeln!(out, "It is not found. What the query asks for:")?;
            if let Some(check) = &why.check {
                write_check(out, check, "", None)?;
            }
            Ok(())
        }
    }
}

fn write_missing(out: &mut impl Write, id: &str, named_by: &[String]) -> Result<()> {
    writeln!(out, "The index has no record {}.", for_terminal(id))?;
    if !named_by.is_empty() {
        let others = named_by.join(", ");
        writeln!(out, "Records that name it: {}", for_terminal(&others))?;
    }
    Ok(())
}

fn write_place(out: &mut impl Write, place: &Place) -> Result<()> {
    let (rank, total) = (place.hit.rank, place.total);
    writeln!(out, "It is found: number {rank} of {total}.\n")?;
    write_hit(out, &place.hit, true)?;
    if place.ahead.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nBefore it stand:")?;
    for hit in &place.ahead {
        writeln!(out)?;
        write_hit(out, hit, false)?;
    }
    Ok(())
}

fn write_hit(out: &mut impl Write, hit: &Hit, fields: bool) -> Result<()> {
    let (rank, id) = (hit.rank, for_terminal(hit.record.id()));
    let title = for_terminal(hit.record.title().unwrap_or("(no title)")).replace('\n', " ");
    writeln!(out, "{rank:>3}. {ID}{id}{ID:#}  {title}")?;
    match &hit.explanation {
        Some(explanation) => explanation::write(out, hit.score, explanation, fields),
        None => Ok(()),
    }
}

/// A part of the query and below it its own parts; `last` tells whether it is the last of its list.
fn write_check(
    out: &mut impl Write,
    check: &Check,
    indent: &str,
    last: Option<bool>,
) -> Result<()> {
    let mark = if check.holds { "✓" } else { "✗" };
    let role = match (check.role, check.holds, last) {
        (_, _, None) => "",
        (Role::Demanded, false, _) => "  (demanded)",
        (Role::Preferred, false, _) => "  (preferred)",
        (Role::Forbidden, true, _) => "  (must not)",
        _ => "",
    };
    let note = check.note.as_ref().map(|note| format!("  {note}"));
    let (part, note) = (for_terminal(&check.part), note.unwrap_or_default());
    let note = for_terminal(&note);
    let here = last
        .map(|last| format!("{} ", branch(last)))
        .unwrap_or_default();
    writeln!(
        out,
        "  {indent}{here}{mark} {part}{role}{LABEL}{note}{LABEL:#}"
    )?;
    let below = match last {
        None => "",
        Some(true) => "  ",
        Some(false) => "│ ",
    };
    let indent = format!("{indent}{below}");
    for (number, part) in check.parts.iter().enumerate() {
        let last = number + 1 == check.parts.len();
        write_check(out, part, &indent, Some(last))?;
    }
    Ok(())
}
