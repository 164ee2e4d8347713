//! How long a single search takes: p50, p90, p99 and the longest of every sort of query, in milliseconds.
//!
//! `cargo bench --bench latency` searches `corpus/`. These variables name something larger:
//!
//! | variable | |
//! |---|---|
//! | `TRIALDEX_BENCH_CORPUS` | file or folder of records |
//! | `TRIALDEX_BENCH_INDEX` | folder that keeps the index from run to run; in memory without it |
//! | `TRIALDEX_BENCH_QUERIES` | files of queries, as `PATH` has them: a line an id, a tab, a text; long ones are notes |
//!
//! Queries nobody gave are made of the corpus' own titles and summaries. What is measured is
//! reading the text, searching and, with snippets, everything a program prints of ten hits. Every
//! query runs once to warm the caches and then [`ROUNDS`] times, each of which counts.
//!
//! A second table tells what other forms and names cost: every query runs with them (the shipped
//! level) and without, one right after the other, so that both meet the machine in the same mood.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

mod shared;

use std::sync::Arc;
use std::time::Instant;
use trialdex::Result;
use trialdex::index::{Index, IndexWriter, Snapshot, UpdateOptions};
use trialdex::query::{Expansion, Query};
use trialdex::record::Record;
use trialdex::results::{SearchOptions, search, search_ids};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

/// How often every query is measured.
const ROUNDS: usize = 4;

/// How many records queries are made of.
const SAMPLES: usize = 200;

/// Words from which on a query is a patient's note.
const NOTE: usize = 20;

/// Words a made note has.
const NOTE_WORDS: usize = 135;

/// Queries of one sort.
struct Sort {
    name: &'static str,
    queries: Vec<String>,
    /// Whether the texts are in the query language; plain words otherwise.
    language: bool,
}

fn main() -> Result<()> {
    let index = open()?;
    let snapshot = index.snapshot();
    println!("{} records", snapshot.counts().searched());
    println!(
        "{:<22} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "ms", "queries", "snippets", "p50", "p90", "p99", "max"
    );
    let sorts = sorts(&snapshot)?;
    for sort in &sorts {
        for snippets in [false, true] {
            report(&snapshot, sort, snippets)?;
        }
    }
    println!(
        "\n{:<22} {:>8} {:>12} {:>12} {:>12} {:>12}",
        "ms", "queries", "p50 without", "p50 with", "p50 ratio", "paired ratio"
    );
    for sort in &sorts {
        report_expansion(&snapshot, sort)?;
    }
    Ok(())
}

fn open() -> Result<Index> {
    let schema = Arc::new(IndexSchema::shipped()?);
    let corpus = shared::corpus();
    let options = UpdateOptions::default();
    let Some(kept) = std::env::var_os("TRIALDEX_BENCH_INDEX") else {
        let sources = vec![Source::path(corpus)];
        return Ok(Index::in_memory(sources, &[], schema, &options, &mut ())?.0);
    };
    let mut writer = IndexWriter::open(&kept, Arc::clone(&schema))?;
    writer.add(Source::path(corpus), Vec::new())?;
    writer.update(&options, &mut ())?;
    drop(writer);
    Index::open(kept, schema)
}

fn report(snapshot: &Snapshot, sort: &Sort, snippets: bool) -> Result<()> {
    let options = SearchOptions {
        snippets,
        ..SearchOptions::default()
    };
    let mut times = Vec::new();
    for round in 0..=ROUNDS {
        for text in &sort.queries {
            let time = time(snapshot, sort, text, &options)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    println!(
        "{:<22} {:>8} {:>8} {:>8.2} {:>8.2} {:>8.2} {:>8.2}",
        sort.name,
        sort.queries.len(),
        if snippets { "yes" } else { "no" },
        percentile(&times, 50),
        percentile(&times, 90),
        percentile(&times, 99),
        percentile(&times, 100),
    );
    Ok(())
}

/// Measures every query with other forms and names and without, and tells the medians of both,
/// their ratio, and the median of the ratios of single queries.
fn report_expansion(snapshot: &Snapshot, sort: &Sort) -> Result<()> {
    let with = SearchOptions::default();
    let without = SearchOptions {
        expansion: Expansion::None,
        ..SearchOptions::default()
    };
    let (mut times_with, mut times_without, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        for text in &sort.queries {
            // The second of the two finds the caches warm: they take turns.
            let (own, plain) = if round % 2 == 0 {
                let plain = time(snapshot, sort, text, &without)?;
                (time(snapshot, sort, text, &with)?, plain)
            } else {
                let own = time(snapshot, sort, text, &with)?;
                (own, time(snapshot, sort, text, &without)?)
            };
            if round > 0 {
                times_with.push(own);
                times_without.push(plain);
                ratios.push(own / plain);
            }
        }
    }
    for times in [&mut times_with, &mut times_without, &mut ratios] {
        times.sort_unstable_by(f64::total_cmp);
    }
    let (own, plain) = (percentile(&times_with, 50), percentile(&times_without, 50));
    println!(
        "{:<22} {:>8} {:>12.3} {:>12.3} {:>12.2} {:>12.2}",
        sort.name,
        sort.queries.len(),
        plain,
        own,
        own / plain,
        percentile(&ratios, 50),
    );
    Ok(())
}

/// Milliseconds a query takes, from its text on.
fn time(snapshot: &Snapshot, sort: &Sort, text: &str, options: &SearchOptions) -> Result<f64> {
    let begin = Instant::now();
    let query = if sort.language {
        Query::parse(text)?.query
    } else {
        Query::text(text)
    };
    std::hint::black_box(search(snapshot, &query, options)?);
    Ok(begin.elapsed().as_secs_f64() * 1e3)
}

/// The value so many of a hundred are not above, of sorted ones; 0 where there are none.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(place).copied().unwrap_or_default()
}

fn sorts(snapshot: &Snapshot) -> Result<Vec<Sort>> {
    let (titles, summaries) = texts(snapshot)?;
    let (given_short, given_notes) = given();
    // Two, three and four words of every title.
    let runs = |count: usize| titles.iter().filter_map(move |words| words.get(..count));
    let made_short: Vec<String> = (2..=4).flat_map(runs).map(|run| run.join(" ")).collect();
    let each = |make: fn(&[String]) -> String| runs(3).map(make).collect::<Vec<String>>();
    let plain = |name, queries| Sort {
        name,
        queries,
        language: false,
    };
    let language = |name, queries| Sort {
        name,
        queries,
        language: true,
    };
    let mut sorts = vec![plain("2-4 words", made_short)];
    if !given_short.is_empty() {
        sorts.push(plain("given, short", given_short));
    }
    sorts.extend([
        language("required words", each(|w| format!("+{}", w.join(" +")))),
        language("phrase", each(|w| format!("\"{}\"", w.join(" ")))),
        language("near", each(|w| format!("\"{}\"~5", w.join(" ")))),
        language(
            "fielded",
            each(|w| match w {
                [first, rest @ ..] => format!("title:({}) {first}", rest.join(" ")),
                [] => String::new(),
            }),
        ),
        language(
            "filtered",
            each(|w| format!("{} has:title has:summary missing:results", w.join(" "))),
        ),
        language(
            "wildcard",
            // A shorter beginning can stand for too many words of a large corpus.
            each(|w| {
                let cut: String = w.concat().chars().take(8).collect();
                let word = w.first().filter(|word| word.len() <= cut.len());
                format!("{}*", word.unwrap_or(&cut))
            }),
        ),
        language(
            "fuzzy",
            each(|w| format!("{}~1", w.last().map_or("", String::as_str))),
        ),
    ]);
    sorts.push(if given_notes.is_empty() {
        plain("made notes", summaries)
    } else {
        plain("given notes", given_notes)
    });
    sorts.retain(|sort| !sort.queries.is_empty());
    Ok(sorts)
}

/// Words of titles and the beginnings of long texts, of records evenly spread over the corpus.
fn texts(snapshot: &Snapshot) -> Result<(Vec<Vec<String>>, Vec<String>)> {
    let options = SearchOptions {
        limit: usize::MAX,
        ..SearchOptions::default()
    };
    let ids = search_ids(snapshot, &Query::all(), &options)?;
    let step = ids.len().div_ceil(SAMPLES).max(1);
    let (mut titles, mut summaries) = (Vec::new(), Vec::new());
    for (id, _) in ids.iter().step_by(step) {
        let Some(record) = snapshot.get(id)? else {
            continue;
        };
        let words = record.title().unwrap_or_default();
        let words = words.split(|c: char| !c.is_alphabetic());
        let words: Vec<String> = words.filter(|w| w.len() > 3).map(str::to_owned).collect();
        if words.len() >= 2 {
            titles.push(words);
        }
        let text = match &record {
            Record::Trial(trial) => trial
                .detailed_description
                .as_ref()
                .or(trial.brief_summary.as_ref()),
            Record::Article(article) => article.text.as_ref(),
        };
        let words: Vec<&str> = text
            .into_iter()
            .flat_map(|t| t.split_whitespace())
            .take(NOTE_WORDS)
            .collect();
        if words.len() >= NOTE {
            summaries.push(words.join(" "));
        }
    }
    Ok((titles, summaries))
}

/// Queries of the files that were named: short ones and notes.
fn given() -> (Vec<String>, Vec<String>) {
    let files = std::env::var_os("TRIALDEX_BENCH_QUERIES").unwrap_or_default();
    let files = std::env::split_paths(&files).filter(|path| !path.as_os_str().is_empty());
    let mut queries = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("the file of queries can be read");
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        queries.extend(lines.map(|(_, query)| query.to_owned()));
    }
    queries
        .into_iter()
        .partition(|query| query.split_whitespace().count() < NOTE)
}
