//! `trialdex search`.

use super::asking::Asking;
use super::output::hits::{Column, Format, Page, Printer};
use super::{Global, batch, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use trialdex::index::Snapshot;
use trialdex::query::Query;
use trialdex::results::{
    Alternative, Diagnosis, Misspelling, PageToken, PartCount, SearchOptions, Sort, diagnose, find,
    misspellings,
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
    /// Hits to print, or `all`
    #[arg(long, short = 'n', value_name = "N", default_value = "10", value_parser = limit)]
    limit: usize,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// Columns to print, by commas: rank, score, id, title … and any key of a record
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) fields: Vec<Column>,
    /// Count the hits by values, by commas: status, phase, country, registry, kind, type, sex, year, condition, intervention, sponsor …
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    facet: Vec<String>,
    /// Values to print of each facet, or `all`
    #[arg(long, value_name = "N", default_value = "10", value_parser = limit)]
    facet_limit: usize,
    /// Order: relevance, registered, started, completed, updated, enrollment; `key:asc` turns it round; several by commas
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    sort: Vec<Sort>,
    /// Go on where a page before ended
    #[arg(long, value_name = "TOKEN", conflicts_with = "batch")]
    after: Option<PageToken>,
    /// Print the number of hits alone
    #[arg(long)]
    pub(crate) count: bool,
    /// Say why each hit scores what it scores
    #[arg(long)]
    explain: bool,
    /// Search every line of this file, together with QUERY if there is one; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) batch: Option<PathBuf>,
    /// Give a query up that takes longer
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
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

fn limit(text: &str) -> Result<usize, String> {
    if text == "all" {
        return Ok(usize::MAX);
    }
    // "-n" takes what follows it: without quotes "lupus -nephritis" ends up here.
    text.parse().map_err(|_| {
        "write a number, or all; a query with -words goes into quotation marks".to_owned()
    })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "write seconds, such as 2 or 0.5".to_owned())
}

impl Args {
    /// How every query of the command is searched.
    pub(crate) fn options(&self, snippets: bool) -> SearchOptions {
        SearchOptions {
            limit: if self.count { 0 } else { self.limit },
            after: self.after.clone(),
            sort: self.sort.clone(),
            match_level: self.asking.match_level,
            expansion: self.asking.expand,
            snippets,
            explain: self.explain,
            facets: self.facet.clone(),
            facet_limit: self.facet_limit,
            time_limit: self.timeout,
            ..SearchOptions::default()
        }
    }
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let is_batch = args.batch.is_some();
    if !args.facet.is_empty() && (args.count || !args.format.has_facets()) {
        ui::warning("facets are printed in the formats text, json and jsonl only");
    }
    let mut printer = Printer::new(args.format, &args.fields, &schema, is_batch)?;
    if let Some(lines) = &args.batch {
        return batch::run(global, args, lines, &mut printer, &schema);
    }
    let query = args.asking.query(&args.query, &schema)?;
    let snapshot = args.asking.searched.snapshot(global, Arc::clone(&schema))?;
    one(global, args, &query, &snapshot, &mut printer)
}

/// One query: its hits, and what is said of them beside.
fn one(
    global: &Global,
    args: &Args,
    query: &Query,
    snapshot: &Snapshot,
    printer: &mut Printer<'_>,
) -> Result<Exit> {
    let options = args.options(printer.wants_snippets());
    let mut out = ui::stdout();
    let found = find(snapshot, query, &options)?;
    let facets = found.facets(&options.facets, options.facet_limit)?;
    let nothing = match found.total() == 0 && !args.count {
        true => Some(diagnose(snapshot, query, &options)?),
        false => None,
    };
    if args.count {
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
            nothing_found(&nothing, args.format == Format::Json);
        }
        return Ok(Exit::NothingFound);
    }
    if args.format == Format::Text && !args.count && !global.quiet {
        match found.len() {
            0 => ui::status(&format!("{} hits", found.total())),
            shown => ui::status(&format!("{shown} of {} hits", found.total())),
        }
        if let Some(next) = found.next_page() {
            ui::status(&format!("next page: --after {next}"));
        }
        for wrong in misspellings(snapshot, query, &options)? {
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
        ui::hint(&format!("{total} records match {text}"));
    } else if let Some(Alternative { text, total, .. }) = &nothing.without_empty {
        ui::hint(&format!("{total} records match the rest: {text}"));
    }
}

/// Offers other spellings of a word no record has.
fn hint_spelling(wrong: &Misspelling, only_with_suggestion: bool) {
    let word = &wrong.word;
    let has = match wrong.documents {
        0 => format!("no record has {word:?}"),
        few => format!("{few} records only have {word:?}"),
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
