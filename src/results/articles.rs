//! A trial → the articles about it: those that cite it, and those about what it studies and does.

use super::similar::{Role, asked, same_as};
use super::{SearchOptions, links_of, search_ids};
use crate::error::Result;
use crate::index::{Snapshot, guard, texts};
use crate::query::{Clause, Query};
use crate::record::{Kind, PartialDate, Record};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// The least share of what a trial does that an article must answer to be about it.
const LEAST: f64 = 0.25;

/// Articles that answer it best are looked at.
const MOST: usize = 200;

/// The areas in which an article says what it is about.
const HEADS: [&str; 3] = ["title", "tag", "summary"];

/// Conditions of a trial that are looked for: some name hundreds, of every kind of cancer.
const CONDITIONS: usize = 32;

/// Words of a condition at most: longer ones are sentences, and no article repeats one.
const WORDS: usize = 12;

/// What an article has to do with a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum About {
    /// It names the trial by a number.
    Cites,
    /// It is about what the trial studies and does.
    Alike,
}

/// An article about a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrialArticle {
    /// Its path.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
    /// What it has to do with the trial.
    pub about: About,
}

/// The articles about a trial, `limit` at most: first those that cite it, or its record in another
/// registry, by id; then those about what it studies and what it does, best first. None of an article.
///
/// # Errors
/// What reading says.
pub fn articles_of(snapshot: &Snapshot, trial: &Record, limit: usize) -> Result<Vec<TrialArticle>> {
    let has_none = snapshot.counts().of_kind(Kind::Article) == 0;
    if has_none || limit == 0 || trial.kind() != Kind::Trial {
        return Ok(Vec::new());
    }
    guard(|| {
        let citing = citing(snapshot, trial)?;
        let alike = match citing.len() < limit {
            true => alike(snapshot, trial)?,
            false => Vec::new(),
        };
        let alike = alike.into_iter().filter(|id| !citing.contains(id));
        let alike: Vec<(String, About)> = alike.map(|id| (id, About::Alike)).collect();
        let all = citing.into_iter().map(|id| (id, About::Cites)).chain(alike);
        let read = all.take(limit).map(|(id, about)| read(snapshot, id, about));
        read.filter_map(Result::transpose).collect()
    })
}

fn read(snapshot: &Snapshot, id: String, about: About) -> Result<Option<TrialArticle>> {
    let Some(at) = snapshot.find(Kind::Article, &id)? else {
        return Ok(None);
    };
    let record = snapshot.record(at)?;
    let date = match &record {
        Record::Article(article) => article.date,
        Record::Trial(_) => None,
    };
    Ok(Some(TrialArticle {
        title: record.title().map(str::to_owned),
        id,
        date,
        about,
    }))
}

/// The articles that name a trial by any of its numbers.
fn citing(snapshot: &Snapshot, trial: &Record) -> Result<BTreeSet<String>> {
    let mut citing = BTreeSet::new();
    for (kind, id) in same_as(snapshot, trial)? {
        let member = snapshot.find(kind, &id)?;
        let member = member.map(|at| snapshot.record(at)).transpose()?;
        let links = links_of(snapshot, member.as_ref().unwrap_or(trial))?;
        let articles = links.cited_by.into_iter();
        let articles = articles.filter(|linked| linked.kind == Kind::Article);
        citing.extend(articles.map(|linked| linked.id));
    }
    Ok(citing)
}

/// The articles about both what a trial studies and what it does, best first.
///
/// Such an article has all words of a condition, or another name of it, one of them where it says
/// what it is about, and answers a good part of what is asked for of the interventions.
fn alike(snapshot: &Snapshot, trial: &Record) -> Result<Vec<String>> {
    let is_wanted = |role| matches!(role, Role::Studied | Role::Done);
    let asked = asked(snapshot, trial, is_wanted)?;
    let of = |role: Role| {
        let clauses = asked.iter().filter(move |(known, _)| *known == role);
        clauses.map(|(_, clause)| clause)
    };
    let words: BTreeSet<String> = of(Role::Studied).flat_map(words).collect();
    let conditions: Vec<Clause> = conditions(trial, &words).collect();
    let done: Vec<Clause> = of(Role::Done).cloned().collect();
    if conditions.is_empty() || done.is_empty() {
        return Ok(Vec::new());
    }
    let studied: HashMap<String, f64> = articles_with(snapshot, Clause::Or(conditions))?.collect();
    if studied.is_empty() {
        return Ok(Vec::new());
    }
    let done = articles_with(snapshot, Clause::Group(done))?;
    let both = done
        .take_while(|(_, share)| *share >= LEAST)
        .filter_map(|(id, share)| Some((studied.get(&id)? + share, id)));
    let mut both: Vec<(f64, String)> = both.collect();
    both.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(both.into_iter().map(|(_, id)| id).collect())
}

/// The articles that match a clause, best first, each with the share of it that it answers.
fn articles_with(
    snapshot: &Snapshot,
    clause: Clause,
) -> Result<impl Iterator<Item = (String, f64)> + use<>> {
    let query = Query::from_clause(clause).kind(Kind::Article);
    let options = SearchOptions {
        limit: MOST,
        ..SearchOptions::default()
    };
    Ok(search_ids(snapshot, &query, &options)?.into_iter())
}

/// The words of a clause, lower case.
fn words(clause: &Clause) -> Vec<String> {
    match clause {
        Clause::Word(word) => vec![word.to_lowercase()],
        Clause::Boost { clause, .. } | Clause::Area { clause, .. } => words(clause),
        Clause::Group(parts) => parts.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

/// For each condition of a trial, and each heading of one, what an article about it matches.
///
/// A condition without a word of what is studied names what is done: registrants write "Surgery"
/// among the conditions, too.
fn conditions(trial: &Record, studied: &BTreeSet<String>) -> impl Iterator<Item = Clause> {
    let fields = ["conditions", "condition_mesh_terms"].into_iter();
    let names = fields.flat_map(|field| texts(trial, field));
    let names = names.filter(|name| {
        let name = name.to_lowercase();
        studied.iter().any(|word| name.contains(word.as_str()))
    });
    let clauses = names.filter_map(|name| Query::text(&name).clause().cloned());
    clauses.filter_map(about).take(CONDITIONS)
}

/// What an article about a thing matches; `None` where its name is no name.
fn about(all: Clause) -> Option<Clause> {
    let any = match &all {
        Clause::Group(words) if words.len() > WORDS => return None,
        Clause::Group(words) => Clause::Or(words.clone()),
        word => word.clone(),
    };
    let heads = HEADS.map(|area| within(area, any.clone()));
    Some(Clause::And(vec![
        within("subject", all),
        Clause::Or(heads.into()),
    ]))
}

fn within(area: &str, clause: Clause) -> Clause {
    Clause::Area {
        area: area.to_owned(),
        clause: Box::new(clause),
    }
}
