//! Hits for a reader, or for a program.

use super::record::plain;
use crate::cli::ui::{self, ID, LABEL, MATCH, TITLE, for_terminal};
use anyhow::Result;
use clap::ValueEnum;
use serde_json::{Value, json};
use std::io::Write;
use trialdex::record::{Article, Record, Trial};
use trialdex::results::{Explanation, Hit, Results, Snippet};

/// How hits are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// To read
    Text,
    /// One object a hit
    Jsonl,
    /// One object with all hits
    Json,
    /// One id a line
    Ids,
}

/// Names shown of a list before it is cut.
const NAMES: usize = 4;

/// Writes hits in a format.
pub(crate) fn write(
    out: &mut impl Write,
    results: &Results,
    format: Format,
    width: usize,
) -> Result<()> {
    match format {
        Format::Ids => {
            for hit in &results.hits {
                writeln!(out, "{}", for_terminal(hit.record.id()))?;
            }
        }
        Format::Jsonl => {
            for hit in &results.hits {
                writeln!(out, "{}", ui::json_for_terminal(as_json(hit).to_string()))?;
            }
        }
        Format::Json => {
            let hits: Vec<Value> = results.hits.iter().map(as_json).collect();
            let next = results.next.as_ref().map(ToString::to_string);
            let all = json!({ "total": results.total, "next": next, "hits": hits });
            writeln!(
                out,
                "{}",
                ui::json_for_terminal(serde_json::to_string_pretty(&all)?)
            )?;
        }
        Format::Text => {
            for hit in &results.hits {
                write_text(out, hit, width)?;
            }
        }
    }
    Ok(())
}

/// A hit as one flat object; an absent value is an absent key.
fn as_json(hit: &Hit) -> Value {
    let mut object = json!({
        "rank": hit.rank,
        "score": hit.score,
        "id": hit.record.id(),
        "kind": hit.record.kind(),
        "title": hit.record.title(),
        "matched": hit.matched,
        "snippet": hit.snippet,
        "explanation": hit.explanation,
    });
    let more = match &hit.record {
        Record::Trial(trial) => json!({
            "registry": trial.registry,
            "status": trial.recruitment_status,
            "phase": trial.phase,
            "study_type": trial.study_type,
            "conditions": trial.conditions.iter().map(|condition| &condition.text).collect::<Vec<_>>(),
            "interventions": interventions(trial),
            "countries": trial.countries,
            "sample_size": trial.sample_size,
            "registration_date": trial.registration_date,
            "date": date(trial),
            "url": trial.url,
        }),
        Record::Article(article) => json!({
            "date": article.date,
            "tags": article.tags,
            "cited_trials": article.cited_trials,
            "url": article.url,
        }),
    };
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
        object.retain(|_, value| {
            !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
        });
    }
    object
}

fn write_text(out: &mut impl Write, hit: &Hit, width: usize) -> Result<()> {
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
    if let Some(explanation) = &hit.explanation {
        write_explanation(out, hit.score, explanation)?;
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
            facts.extend(date(trial));
            facts.extend(trial.sample_size.map(|size| format!("n = {size}")));
            facts
        }
    }
}

/// The date that says how old a trial is: registered, else started.
fn date(trial: &Trial) -> Option<String> {
    trial
        .registration_date
        .or(trial.first_enrollment_date)
        .map(|date| date.to_string())
}

fn interventions(trial: &Trial) -> Vec<&str> {
    trial
        .interventions
        .iter()
        .filter_map(|intervention| {
            intervention
                .name
                .as_deref()
                .or(intervention.description.as_deref())
        })
        .collect()
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

/// The reasons of a score, concept by concept and field by field.
fn write_explanation(out: &mut impl Write, score: f64, explanation: &Explanation) -> Result<()> {
    writeln!(out, "     {LABEL}score{LABEL:#} {score:.4}, the sum of")?;
    if explanation.named > 0.0 {
        writeln!(
            out,
            "       {:.4}  its number or whole title was typed",
            explanation.named
        )?;
    }
    for concept in &explanation.concepts {
        let what = if concept.adjacent {
            " side by side"
        } else {
            ""
        };
        writeln!(
            out,
            "       {:.4} of {:.4}  {:?}{what} in {}: {} of {} records have it (idf {:.2})",
            concept.score,
            concept.best,
            for_terminal(&concept.concept),
            concept.area,
            concept.frequency,
            concept.records,
            concept.idf,
        )?;
        for field in &concept.fields {
            let variant = field.variant.trim_start_matches(char::is_control);
            writeln!(
                out,
                "         {:.4}  {} {} times in {} ({} words, {:.0} on average; weight {}), counts {}",
                field.score,
                for_terminal(variant),
                field.term_frequency,
                plain(&field.field),
                field.length,
                field.mean_length,
                field.boost,
                field.penalty,
            )?;
        }
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
