//! Parses files, folders or archives and prints what became of them:
//! `cargo run --release --example parse_folder -- corpus`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Instant;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, RecordCounts, Source, read};

fn main() -> Result<(), Box<dyn Error>> {
    let sources: Vec<Source> = std::env::args_os().skip(1).map(Source::path).collect();
    if sources.is_empty() {
        return Err("name files, folders or archives to parse".into());
    }
    let schema = IndexSchema::shipped()?;
    let start = Instant::now();
    let mut json_bytes = 0;
    let report = read(sources, &schema, &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event {
            json_bytes += parsed.json.len();
        }
        ControlFlow::Continue(())
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let total = report.total();

    println!(
        "{:16} {}",
        "format",
        row(["files", "records", "drafts", "empty", "rejected"])
    );
    for (format, counts) in &total.records {
        let files = format.and_then(|format| total.files.read.get(&format));
        let name = format.map_or("none", |format| format.as_str());
        println!(
            "{name:16} {}",
            numbers(files.copied().unwrap_or(total.files.rejected), *counts)
        );
    }
    println!(
        "{:16} {}",
        "all",
        numbers(total.files.total(), total.record_total())
    );
    println!(
        "\n{} files ignored, {} left out, {} archives; {:.1} MB read, {:.1} MB of records in {seconds:.2} s",
        total.files.ignored,
        total.files.left_out,
        total.files.archives,
        total.files.bytes as f64 / 1e6,
        json_bytes as f64 / 1e6,
    );
    if !total.rejections.is_empty() {
        println!("\nrejected:");
    }
    for (reason, count) in &total.rejections {
        let first = count.examples.first().map(ToString::to_string);
        println!(
            "{:8}  {reason}, first {}",
            count.count,
            first.unwrap_or_default()
        );
    }
    if !total.warnings.unknown_wordings.is_empty() {
        println!("\nunknown wordings:");
    }
    for (wording, count) in &total.warnings.unknown_wordings {
        let registry = wording.registry.map_or("", |registry| registry.as_str());
        println!(
            "{count:8}  {} {registry} {:?}",
            wording.vocabulary, wording.wording
        );
    }
    if !total.warnings.notes.is_empty() {
        println!("\nnotes:");
    }
    for (note, count) in &total.warnings.notes {
        println!("{count:8}  {note}");
    }
    Ok(())
}

fn row(cells: [&str; 5]) -> String {
    cells.map(|cell| format!("{cell:>9}")).concat()
}

fn numbers(files: u64, counts: RecordCounts) -> String {
    let cells = [
        files,
        counts.accepted,
        counts.drafts,
        counts.without_content,
        counts.rejected,
    ];
    cells.map(|cell| format!("{cell:>9}")).concat()
}
