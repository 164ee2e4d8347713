//! `trialdex search`.

use super::output::hits::{self, Format};
use super::searched::Searched;
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::sync::Arc;
use trialdex::query::{MatchLevel, Query};
use trialdex::record::Kind;
use trialdex::results::{PageToken, SearchOptions, Sort, search};
use trialdex::schema::IndexSchema;

/// Search an index, or files and folders directly
///
/// Words are preferred, not demanded: records that have all of them stand first.
#[derive(clap::Args)]
#[command(after_help = QUERY_HELP)]
pub(crate) struct Args {
    /// Words, "phrases", AND OR NOT, +must -not, condition:… and other areas, status:… and other filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    searched: Searched,
    #[command(flatten)]
    areas: Areas,
    /// Trials only, or articles only
    #[arg(long, value_name = "KIND")]
    kind: Option<KindArg>,
    /// Hits to print, or `all`
    #[arg(long, short = 'n', value_name = "N", default_value = "10", value_parser = limit)]
    limit: usize,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// How many of the words a hit must have: any, all, or a percentage such as 75%
    #[arg(long = "match", value_name = "LEVEL", default_value = "any", value_parser = MatchLevel::parse)]
    match_level: MatchLevel,
    /// Order: relevance, registered, started, completed, updated, enrollment; `key:asc` turns it round; several by commas
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    sort: Vec<Sort>,
    /// Go on where a page before ended
    #[arg(long, value_name = "TOKEN")]
    after: Option<PageToken>,
    /// Print the number of hits alone
    #[arg(long)]
    count: bool,
    /// End with an error where a part of the query cannot be understood, instead of searching it as words
    #[arg(long)]
    strict_query: bool,
    /// Say why each hit scores what it scores
    #[arg(long)]
    explain: bool,
}

const QUERY_HELP: &str = "\
Examples:
  trialdex search \"stem cells for lupus nephritis\" country:Iran
  trialdex search --in corpus --condition \"multiple sclerosis\" --intervention \"stem cells\"
  trialdex search '\"stem cell\" AND condition:lupus NOT phase:3 registered:2017..2024'

Exit code 1 when nothing is found.";

/// Texts searched in one area each; a hit must have a word of each.
#[derive(clap::Args)]
struct Areas {
    /// What is studied
    #[arg(long, value_name = "TEXT")]
    condition: Option<String>,
    /// What is done
    #[arg(long, value_name = "TEXT")]
    intervention: Option<String>,
    /// Title and acronym
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// What is measured
    #[arg(long, value_name = "TEXT")]
    outcome: Option<String>,
    /// Who can and cannot take part
    #[arg(long, value_name = "TEXT")]
    eligibility: Option<String>,
    /// Sponsors and sources of support
    #[arg(long, value_name = "TEXT")]
    sponsor: Option<String>,
    /// Facility, city, state, country
    #[arg(long, value_name = "TEXT")]
    location: Option<String>,
    /// Investigators and contacts
    #[arg(long, value_name = "TEXT")]
    people: Option<String>,
    /// Numbers of trials and publications
    #[arg(long, value_name = "TEXT")]
    id: Option<String>,
}

impl Areas {
    fn add_to(&self, query: Query) -> Query {
        let areas = [
            ("condition", &self.condition),
            ("intervention", &self.intervention),
            ("title", &self.title),
            ("outcome", &self.outcome),
            ("eligibility", &self.eligibility),
            ("sponsor", &self.sponsor),
            ("location", &self.location),
            ("people", &self.people),
            ("id", &self.id),
        ];
        areas
            .into_iter()
            .fold(query, |query, (area, text)| match text {
                Some(text) => query.area(area, text),
                None => query,
            })
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    /// Registered trials
    Trial,
    /// Articles
    Article,
}

fn limit(text: &str) -> Result<usize, String> {
    if text == "all" {
        return Ok(usize::MAX);
    }
    text.parse()
        .map_err(|_| "write a number, or all".to_owned())
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let query = query(args, &schema)?;
    let snapshot = args.searched.snapshot(global, schema)?;
    let options = SearchOptions {
        limit: if args.count { 0 } else { args.limit },
        after: args.after.clone(),
        sort: args.sort.clone(),
        match_level: args.match_level,
        snippets: args.format != Format::Ids,
        explain: args.explain,
        ..SearchOptions::default()
    };
    let results = search(&snapshot, &query, &options)?;
    let mut out = ui::stdout();
    if args.count {
        writeln!(out, "{}", results.total)?;
    } else {
        hits::write(&mut out, &results, args.format, ui::width())?;
    }
    out.flush()?;
    if results.total == 0 {
        if !global.quiet && !args.count {
            ui::status("nothing found");
        }
        return Ok(Exit::NothingFound);
    }
    if args.format == Format::Text && !args.count && !global.quiet {
        let shown = results.hits.len();
        ui::status(&format!("{shown} of {} hits", results.total));
        if let Some(next) = &results.next {
            ui::status(&format!("next page: --after {next}"));
        }
    }
    Ok(Exit::Done)
}

/// The query of the words, areas and kind the command line gives.
fn query(args: &Args, schema: &IndexSchema) -> Result<Query> {
    let text = args.query.join(" ");
    let mut query = if args.strict_query {
        Query::parse_strict(&text, schema)?
    } else {
        let parsed = Query::parse_with(&text, schema)?;
        for warning in &parsed.warnings {
            ui::warning(&format!(
                "query, byte {}: {}",
                warning.at.start, warning.message
            ));
        }
        parsed.query
    };
    query = args.areas.add_to(query);
    Ok(match args.kind {
        Some(KindArg::Trial) => query.kind(Kind::Trial),
        Some(KindArg::Article) => query.kind(Kind::Article),
        None => query,
    })
}
