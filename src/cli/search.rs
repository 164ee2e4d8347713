//! `trialdex search`.

use super::asking::Asking;
use super::output::hits::{Format, Page, Printer};
use super::showing::Showing;
use super::{Global, batch, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use trialdex::index::Snapshot;
use trialdex::query::Query;
use trialdex::results::{
    Alternative, Diagnosis, Misspelling, PartCount, SearchOptions, diagnose, find, misspellings,
};

/// Search an index, or files and folders directly
///
/// Words are preferred, not demanded: records that have all of them stand first.
#[derive(clap::Args)]
#[command(after_help = QUERY_HELP)]
pub(crate) struct Args {
    /// Words, "phrases", AND OR NOT, +must -not, condition:… and other areas, status:… and other filters
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) asking: Asking,
    #[command(flatten)]
    pub(crate) showing: Showing,
    /// Search every line of this file, together with QUERY if there is one; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "after")]
    pub(crate) batch: Option<PathBuf>,
}

const QUERY_HELP: &str = "\
Examples:
  trialdex search \"stem cells for lupus nephritis\" country:Iran
  trialdex search --in corpus --condition \"multiple sclerosis\" --intervention \"stem cells\"
  trialdex search '\"stem cell\" AND condition:lupus NOT phase:3 registered:2017..2024'
  trialdex search lupus --facet status,country -n 0
  trialdex search lupus --format csv --fields id,title,primary_sponsor -n all

Other names are searched, too: \"myocardial infarction\" for heart attack (--expand says how far; `concepts` shows them).
  exact:cells             as typed          inflected:cells      other forms, no other names
  explode:\"skin diseases\"  kinds of it, too   broadened:psoriasis  and what it is a kind of
Narrower and broader terms need a vocabulary (`vocabulary add`).

Exit code 1 when nothing is found.";

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let is_batch = args.batch.is_some();
    let showing = &args.showing;
    showing.warn();
    let mut printer = Printer::new(showing.format, &showing.fields, &schema, is_batch)?;
    if let Some(lines) = &args.batch {
        return batch::run(global, args, lines, &mut printer, &schema);
    }
    let query = args.asking.query(&args.query, &schema)?;
    let snapshot = args.asking.searched.snapshot(global, Arc::clone(&schema))?;
    let options = showing.options(&args.asking, printer.wants_snippets());
    one(global, showing, &options, &query, &snapshot, &mut printer)
}

/// One query: its hits, and what is said of them beside.
pub(crate) fn one(
    global: &Global,
    showing: &Showing,
    options: &SearchOptions,
    query: &Query,
    snapshot: &Snapshot,
    printer: &mut Printer<'_>,
) -> Result<Exit> {
    let mut out = ui::stdout();
    let found = find(snapshot, query, options)?;
    let facets = found.facets(&options.facets, options.facet_limit)?;
    let nothing = match found.total() == 0 && !showing.count {
        true => Some(diagnose(snapshot, query, options)?),
        false => None,
    };
    if showing.count {
        writeln!(out, "{}", found.total())?;
    } else {
        let page = Page {
            query,
            found: &found,
            facets: &facets,
            nothing: nothing.as_ref(),
            line: None,
        };
        printer.begin(&mut out)?;
        printer.page(&mut out, &page)?;
        printer.end(&mut out)?;
    }
    out.flush()?;
    if found.total() == 0 {
        if let Some(nothing) = nothing.filter(|_| !global.quiet) {
            nothing_found(&nothing, showing.format == Format::Json);
        }
        return Ok(Exit::NothingFound);
    }
    if showing.format == Format::Text && !showing.count && !global.quiet {
        match found.len() {
            0 => ui::status(&format!("{} hits", found.total())),
            shown => ui::status(&format!("{shown} of {} hits", found.total())),
        }
        if found.is_folded() {
            ui::status(
                "records of one trial are shown as one hit and counted singly; --no-fold shows all",
            );
        }
        if let Some(next) = found.next_page() {
            ui::status(&format!("next page: --after {next}"));
        }
        for wrong in misspellings(snapshot, query, options)? {
            hint_spelling(&wrong, true);
        }
    }
    Ok(Exit::Done)
}

/// Says which part of the query empties the result, and what would find something.
fn nothing_found(nothing: &Diagnosis, told: bool) {
    ui::status("nothing found");
    if told {
        return;
    }
    if nothing.parts.len() > 1 {
        ui::status("  records  hits without it  part of the query");
        for PartCount {
            part,
            alone,
            without,
            ..
        } in &nothing.parts
        {
            ui::status(&format!("  {alone:>7}  {without:>15}  {part}"));
        }
    }
    for wrong in &nothing.misspellings {
        hint_spelling(wrong, false);
    }
    if let Some(Alternative { text, total, .. }) = &nothing.corrected {
        ui::hint(&format!("{} {text}", matching(*total)));
    } else if let Some(Alternative { text, total, .. }) = &nothing.without_empty {
        ui::hint(&format!("{} the rest: {text}", matching(*total)));
    }
}

/// So many records, and that they match.
fn matching(records: u64) -> String {
    match records {
        1 => "1 record matches".to_owned(),
        several => format!("{several} records match"),
    }
}

/// Offers other spellings of a word no record has.
fn hint_spelling(wrong: &Misspelling, only_with_suggestion: bool) {
    let word = &wrong.word;
    let has = match wrong.documents {
        0 => format!("no record has {word:?}"),
        1 => format!("only one record has {word:?}"),
        few => format!("only {few} records have {word:?}"),
    };
    let suggestions = wrong.suggestions.iter();
    let shown: Vec<String> = suggestions
        // So many have it in one field; in all fields it can be more.
        .map(|suggestion| format!("{:?} ({}+)", suggestion.word, suggestion.documents))
        .collect();
    match shown.is_empty() {
        true if only_with_suggestion => {}
        true => ui::hint(&has),
        false => ui::hint(&format!("{has}; did you mean {}?", shown.join(" or "))),
    }
}
