//! Builds an index and answers queries as the programs of `benches/peers` do with other engines:
//! `measured build SOURCE INDEX`, then `measured search DOCUMENTS INDEX QUERIES`.
//!
//! `SOURCE` is a file or folder of a registry, `INDEX` a folder that does not exist yet, `DOCUMENTS`
//! is what only the others need, and the README of `benches/peers` tells the rest.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use serde_json::json;
use std::error::Error;
use std::fs;
use std::io::{self, BufRead};
use std::sync::Arc;
use std::time::Instant;
use trialdex::index::{Index, IndexWriter, Snapshot, UpdateOptions};
use trialdex::query::Query;
use trialdex::results::{SearchOptions, search_ids};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

/// Threads every engine builds with.
const THREADS: usize = 2;

/// Bytes of memory every engine builds with.
const MEMORY: usize = 400_000_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["build", source, index] => build(source, index),
        ["search", _, index, queries] => serve(index, queries),
        _ => Err("usage: measured build SOURCE INDEX | search DOCUMENTS INDEX QUERIES".into()),
    }
}

fn build(source: &str, folder: &str) -> Outcome<()> {
    let options = UpdateOptions {
        threads: Some(THREADS),
        memory: Some(MEMORY),
        ..UpdateOptions::default()
    };
    let begin = Instant::now();
    let schema = Arc::new(IndexSchema::shipped()?);
    let mut writer = IndexWriter::open(folder, Arc::clone(&schema))?;
    writer.add(Source::path(source), Vec::new())?;
    writer.update(&options, &mut ())?;
    let seconds = begin.elapsed().as_secs_f64();
    let index = Index::open(folder, schema)?;
    let records = index.snapshot().counts().searched();
    println!(
        "{}",
        json!({ "version": env!("CARGO_PKG_VERSION"), "records": records, "seconds": seconds })
    );
    Ok(())
}

struct Asked {
    limit: usize,
    text: String,
}

/// Answers, for every line of the standard input, the queries from one number to before another:
/// their times, and what each found.
fn serve(folder: &str, queries: &str) -> Outcome<()> {
    let queries: Vec<Asked> = fs::read_to_string(queries)?
        .lines()
        .map(asked)
        .collect::<Outcome<_>>()?;
    let begin = Instant::now();
    let schema = Arc::new(IndexSchema::shipped()?);
    let index = Index::open(folder, schema)?;
    let snapshot = index.snapshot();
    println!("{}", json!({ "open": begin.elapsed().as_secs_f64() }));
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (from, to) = line.split_once(' ').ok_or("not two numbers")?;
        let (mut times, mut found) = (Vec::new(), Vec::new());
        for asked in queries
            .get(from.parse()?..to.parse()?)
            .ok_or("no such queries")?
        {
            let begin = Instant::now();
            let mut ids = find(&snapshot, asked)?;
            times.push(begin.elapsed().as_secs_f64() * 1e3);
            ids.truncate(10);
            found.push(ids);
        }
        println!("{}", json!({ "ms": times, "top": found }));
    }
    Ok(())
}

fn asked(line: &str) -> Outcome<Asked> {
    let parts: Vec<&str> = line.splitn(4, '\t').collect();
    let [_, limit, _, text] = parts.as_slice() else {
        return Err(format!("not a query of set, hits, id and words: {line:?}").into());
    };
    Ok(Asked {
        limit: limit.parse()?,
        text: (*text).to_owned(),
    })
}

fn find(snapshot: &Snapshot, asked: &Asked) -> Outcome<Vec<String>> {
    let options = SearchOptions {
        limit: asked.limit,
        ..SearchOptions::default()
    };
    let hits = search_ids(snapshot, &Query::text(&asked.text), &options)?;
    Ok(hits.into_iter().map(|(id, _)| id).collect())
}
