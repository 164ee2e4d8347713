//! Hits to read.

use super::columns::{self, Column, date, interventions};
use super::explanation;
use crate::cli::output::record::plain;
use crate::cli::ui::{ID, LABEL, MATCH, TITLE, for_terminal};
use anyhow::Result;
use std::io::Write;
use trialdex::query::Filter;
use trialdex::record::{Article, Record, Trial};
use trialdex::results::{About, Hit, Snippet, TrialArticle};

/// Names shown of a list before it is cut.
const NAMES: usize = 4;

/// Writes the line of a batch before its hits.
pub(crate) fn write_line_heading(
    out: &mut impl Write,
    line: u64,
    query: &str,
    total: u64,
) -> Result<()> {
    let hits = if total == 1 { "hit" } else { "hits" };
    let query = for_terminal(query).replace('\n', " ");
    writeln!(
        out,
        "{LABEL}line {line}, {total} {hits}:{LABEL:#} {query}\n"
    )?;
    Ok(())
}

/// Writes the columns somebody chose, each under its name.
pub(crate) fn write_columns(
    out: &mut impl Write,
    hit: &Hit,
    columns: &[Column],
    width: usize,
) -> Result<()> {
    let (rank, id) = (hit.rank, for_terminal(hit.record.id()));
    writeln!(out, "{rank:>3}. {ID}{id}{ID:#}")?;
    let widest = columns.iter().map(|column| column.name.len()).max();
    let indent = 5 + widest.unwrap_or(0) + 1;
    for (column, value) in columns.iter().zip(columns::values(hit, columns)?) {
        if !columns::is_given(&value) || matches!(column.name.as_str(), "id" | "rank") {
            continue;
        }
        let text = columns::in_a_line(&value);
        let lines = textwrap::wrap(&text, width.saturating_sub(indent).max(20));
        for (place, line) in lines.iter().enumerate() {
            let label = if place == 0 {
                plain(&column.name)
            } else {
                String::new()
            };
            let (room, line) = (indent - 5, for_terminal(line));
            writeln!(out, "     {LABEL}{label:<room$}{LABEL:#}{line}")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// Writes a hit.
pub(crate) fn write(out: &mut impl Write, hit: &Hit, width: usize) -> Result<()> {
    let id = for_terminal(hit.record.id()).into_owned();
    let facts = for_terminal(&facts(&hit.record).join(" · ")).into_owned();
    writeln!(
        out,
        "{:>3}. {ID}{id}{ID:#}  {LABEL}{facts}{LABEL:#}",
        hit.rank
    )?;
    let title = for_terminal(hit.record.title().unwrap_or("(no title)")).replace('\n', " ");
    for line in textwrap::wrap(&title, width.saturating_sub(5)) {
        writeln!(out, "     {TITLE}{line}{TITLE:#}")?;
    }
    match &hit.record {
        Record::Trial(trial) => write_trial(out, trial, width)?,
        Record::Article(article) => write_article(out, article, width)?,
    }
    if let Some(snippet) = &hit.snippet {
        write_snippet(out, snippet, width)?;
    }
    let names = hit.other_names.iter();
    let names: Vec<String> = names
        .map(|other| format!("{} for {}", other.name, other.of))
        .collect();
    write_line(out, "found by", shortened(&names, "; "), width)?;
    write_unverified(out, &hit.unverified)?;
    write_same_trial(out, hit, width)?;
    write_articles(out, &hit.articles, width)?;
    if let Some(explanation) = &hit.explanation {
        explanation::write(out, hit.score, explanation, true)?;
    }
    writeln!(out)?;
    Ok(())
}

/// What a person scanning the list wants to see of a record, in a few words.
fn facts(record: &Record) -> Vec<String> {
    match record {
        Record::Article(article) => {
            let mut facts = vec!["article".to_owned()];
            facts.extend(article.date.map(|date| date.to_string()));
            facts
        }
        Record::Trial(trial) => {
            let mut facts = vec!["trial".to_owned()];
            facts.extend(trial.recruitment_status.map(plain));
            let phases: Vec<String> = trial.phase.iter().map(plain).collect();
            if !phases.is_empty() && phases != ["not applicable"] {
                facts.push(phases.join("/"));
            }
            facts.extend(shortened(&trial.country_names, ", "));
            facts.extend(date(record));
            facts.extend(trial.sample_size.map(|size| format!("n = {size}")));
            facts
        }
    }
}

fn shortened<T: AsRef<str>>(names: &[T], separator: &str) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let shown: Vec<&str> = names.iter().take(NAMES).map(AsRef::as_ref).collect();
    let rest = names.len() - shown.len();
    let more = if rest > 0 {
        format!(" and {rest} more")
    } else {
        String::new()
    };
    Some(shown.join(separator) + &more)
}

fn write_trial(out: &mut impl Write, trial: &Trial, width: usize) -> Result<()> {
    let conditions: Vec<&str> = trial
        .conditions
        .iter()
        .map(|condition| condition.text.as_str())
        .collect();
    write_line(out, "conditions", shortened(&conditions, "; "), width)?;
    write_line(
        out,
        "interventions",
        shortened(&interventions(trial), "; "),
        width,
    )
}

fn write_article(out: &mut impl Write, article: &Article, width: usize) -> Result<()> {
    write_line(out, "tags", shortened(&article.tags, ", "), width)?;
    write_line(out, "cites", shortened(&article.cited_trials, ", "), width)
}

/// A label and a value cut to one line.
fn write_line(
    out: &mut impl Write,
    label: &str,
    value: Option<String>,
    width: usize,
) -> Result<()> {
    let Some(value) = value else { return Ok(()) };
    let value = for_terminal(&value)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let room = width.saturating_sub(21);
    let lines = textwrap::wrap(&value, room);
    let mut shown = lines
        .first()
        .map(|line| line.to_string())
        .unwrap_or_default();
    if lines.len() > 1 {
        shown.push_str(" …");
    }
    writeln!(out, "     {LABEL}{label:<14}{LABEL:#}{shown}")?;
    Ok(())
}

/// Filters the record passed because it does not say.
fn write_unverified(out: &mut impl Write, filters: &[Filter]) -> Result<()> {
    if filters.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = filters.iter().map(ToString::to_string).collect();
    let names = names.join(", ");
    let label = "not certain";
    writeln!(
        out,
        "     {LABEL}{label:<14}{LABEL:#}the record does not say enough for {names}"
    )?;
    Ok(())
}

/// The other records of the trial, and where they contradict each other.
fn write_same_trial(out: &mut impl Write, hit: &Hit, width: usize) -> Result<()> {
    let others = hit.also_in.iter();
    let others: Vec<String> = others
        .map(|member| format!("{} ({})", member.id, member.registry))
        .collect();
    write_line(out, "also in", shortened(&others, ", "), width)?;
    let items: Vec<String> = hit.differing.iter().map(plain).collect();
    write_line(out, "they disagree", shortened(&items, ", "), width)
}

/// The articles about the trial, a line each.
fn write_articles(out: &mut impl Write, articles: &[TrialArticle], width: usize) -> Result<()> {
    for article in articles {
        let label = match article.about {
            About::Cites => "cited by",
            _ => "article alike",
        };
        let title = article.title.iter().map(String::as_str);
        let date = article.date.map(|date| date.to_string());
        let id = (article.title.as_deref() != Some(&article.id)).then_some(article.id.as_str());
        let parts = id.into_iter().chain(title).chain(date.as_deref());
        let parts: Vec<&str> = parts.collect();
        write_line(out, label, Some(parts.join(" · ")), width)?;
    }
    Ok(())
}

/// The passage with its matches marked, wrapped, under the field's name.
fn write_snippet(out: &mut impl Write, snippet: &Snippet, width: usize) -> Result<()> {
    let field = plain(&snippet.field);
    let mut words = marked_words(snippet);
    if snippet.cut[0] {
        words.insert(0, ("…".to_owned(), 1));
    }
    if snippet.cut[1] {
        words.push(("…".to_owned(), 1));
    }
    let room = width.saturating_sub(7).max(20);
    write!(out, "     {LABEL}{field}:{LABEL:#}")?;
    let mut column = field.chars().count() + 1;
    for (word, columns) in words {
        if column + 1 + columns > room {
            write!(out, "\n      ")?;
            column = 0;
        }
        write!(out, " {word}")?;
        column += 1 + columns;
    }
    writeln!(out)?;
    Ok(())
}

/// The words of a snippet with marks around what was found, and the columns each takes.
fn marked_words(snippet: &Snippet) -> Vec<(String, usize)> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut columns = 0;
    let is_found = |at: usize| snippet.highlights.iter().any(|range| range.contains(&at));
    let mut open = false;
    for (at, c) in snippet.text.char_indices() {
        let found = is_found(at) && !c.is_whitespace();
        if found != open {
            word.push_str(&if found {
                MATCH.render().to_string()
            } else {
                MATCH.render_reset().to_string()
            });
            open = found;
        }
        if c.is_whitespace() {
            if columns > 0 {
                words.push((std::mem::take(&mut word), columns));
                columns = 0;
            }
            continue;
        }
        let shown = for_terminal(c.encode_utf8(&mut [0; 4])).into_owned();
        word.push_str(&shown);
        columns += 1;
    }
    if open {
        word.push_str(&MATCH.render_reset().to_string());
    }
    if columns > 0 {
        words.push((word, columns));
    }
    words
}
