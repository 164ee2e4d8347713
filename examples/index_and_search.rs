//! Builds an index on disk of some sources, or brings it up to date, and searches it:
//! `cargo run --release --example index_and_search -- INDEX SOURCE QUERY`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::sync::Arc;
use trialdex::index::{Index, IndexWriter, UpdateOptions};
use trialdex::query::Query;
use trialdex::results::{SearchOptions, search};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, source, text] = args.as_slice() else {
        return Err("name an index folder, a source and a query".into());
    };
    let schema = Arc::new(IndexSchema::shipped()?);

    // The writer holds the index's lock; searches in other processes go on meanwhile.
    let mut writer = IndexWriter::open(folder, Arc::clone(&schema))?;
    writer.add(Source::path(source), Vec::new())?;
    let report = writer.update(&UpdateOptions::default(), &mut ())?;
    let total = report.total();
    println!(
        "{} added, {} updated, {} unchanged, {} rejected",
        total.added, total.updated, total.unchanged, total.rejected
    );

    // The query language; what it cannot understand it searches as words.
    let query = Query::parse_with(text, &schema)?.query;
    let snapshot = Index::open(folder, schema)?.snapshot();
    let results = search(&snapshot, &query, &SearchOptions::default())?;
    for hit in &results.hits {
        println!(
            "{:>2}. {:.3} {} {}",
            hit.rank,
            hit.score,
            hit.record.id(),
            hit.record.title().unwrap_or_default()
        );
        if let Some(snippet) = &hit.snippet {
            println!("    {}: {}", snippet.field, snippet.text);
        }
    }
    println!("{} of {} hits", results.hits.len(), results.total);
    Ok(())
}
