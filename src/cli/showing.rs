//! What the commands that print hits have in common: how many, in which order and form.

use super::asking::Asking;
use super::output::hits::{Column, Format};
use super::ui;
use std::time::Duration;
use trialdex::results::{PageToken, SearchOptions, Sort};

/// Articles shown under a trial.
const ARTICLES: usize = 5;

/// Which hits are printed, and how.
#[derive(clap::Args)]
pub(crate) struct Showing {
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
    /// Show every record of a trial that stands in several registries, not the best hit alone
    #[arg(long)]
    no_fold: bool,
    /// Show under each trial the articles that cite it or are about what it studies and does
    #[arg(long)]
    with_articles: bool,
    /// Go on where a page before ended
    #[arg(long, value_name = "TOKEN")]
    after: Option<PageToken>,
    /// Print the number of hits alone
    #[arg(long)]
    pub(crate) count: bool,
    /// Say why each hit scores what it scores
    #[arg(long)]
    explain: bool,
    /// Give a query up that takes longer
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
}

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

impl Showing {
    /// How every query of the command is searched.
    pub(crate) fn options(&self, asking: &Asking, snippets: bool) -> SearchOptions {
        SearchOptions {
            limit: if self.count { 0 } else { self.limit },
            after: self.after.clone(),
            sort: self.sort.clone(),
            match_level: asking.match_level,
            expansion: asking.expand,
            snippets,
            explain: self.explain,
            fold: !self.no_fold && self.format.folds(),
            articles: if self.shows_articles() { ARTICLES } else { 0 },
            facets: self.facet.clone(),
            facet_limit: self.facet_limit,
            time_limit: self.timeout,
            ..SearchOptions::default()
        }
    }

    /// Whether articles are asked for and there is a place for them.
    fn shows_articles(&self) -> bool {
        let is_chosen = self.fields.iter().any(|column| column.name == "articles");
        let has_place = self.fields.is_empty() && self.format.has_articles();
        (is_chosen || (self.with_articles && has_place)) && !self.count
    }

    /// Warns of what is asked for and cannot be printed.
    pub(crate) fn warn(&self) {
        if !self.facet.is_empty() && (self.count || !self.format.has_facets()) {
            ui::warning("facets are printed in the formats text, json and jsonl only");
        }
        if self.with_articles && !self.shows_articles() {
            ui::warning(
                "articles are printed in the formats text, json and jsonl, and with --fields articles",
            );
        }
    }
}
