//! What the commands that take a query have in common: where it is asked, and how its words are taken.

use super::searched::Searched;
use super::ui;
use anyhow::Result;
use clap::ValueEnum;
use trialdex::query::{Expansion, MatchLevel, Query};
use trialdex::record::Kind;
use trialdex::schema::IndexSchema;

/// Where is searched, and how the words are taken.
#[derive(clap::Args)]
pub(crate) struct Asking {
    #[command(flatten)]
    pub(crate) searched: Searched,
    #[command(flatten)]
    areas: Areas,
    /// Trials only, or articles only
    #[arg(long, value_name = "KIND")]
    kind: Option<KindArg>,
    /// How many of the words a hit must have: any, all, or a percentage such as 75%
    #[arg(long = "match", value_name = "LEVEL", default_value = "any", value_parser = MatchLevel::parse)]
    pub(crate) match_level: MatchLevel,
    /// How far to go beyond the words: none, inflection, synonym, narrower, broader; each includes those before it
    #[arg(long, value_name = "LEVEL", default_value_t)]
    pub(crate) expand: Expansion,
    /// End with an error where a part of the query cannot be understood, instead of searching it as words
    #[arg(long)]
    strict_query: bool,
}

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

impl Asking {
    /// The query of a text; `place` says where it stands, for warnings.
    pub(crate) fn parse(
        &self,
        text: &str,
        place: &str,
        schema: &IndexSchema,
    ) -> trialdex::Result<Query> {
        if self.strict_query {
            return Query::parse_strict(text, schema);
        }
        let parsed = Query::parse_with(text, schema)?;
        for warning in &parsed.warnings {
            let (byte, message) = (warning.at.start, &warning.message);
            ui::warning(&format!("{place}, byte {byte}: {message}"));
        }
        Ok(parsed.query)
    }

    /// The query of some words with the areas and the kind the command line gives.
    pub(crate) fn query(&self, words: &[String], schema: &IndexSchema) -> Result<Query> {
        let query = self.parse(&words.join(" "), "query", schema)?;
        let query = self.areas.add_to(query);
        Ok(match self.kind {
            Some(KindArg::Trial) => query.kind(Kind::Trial),
            Some(KindArg::Article) => query.kind(Kind::Article),
            None => query,
        })
    }
}
