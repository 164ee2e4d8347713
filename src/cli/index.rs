//! `trialdex index`.

use super::progress::Watch;
use super::reading::{Reading, print_summary};
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use std::path::PathBuf;
use std::sync::Arc;
use trialdex::index::{IndexWriter, UpdateOptions, UpdateReport};
use trialdex::source::SourceReport;

/// Add files, folders or archives to the index
///
/// The index remembers its sources; the same source again replaces itself. Searches go on meanwhile and see the whole change at once.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files, folders, archives (.gz .zst .zip .tar), or - for standard input
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    reading: Reading,
    /// Read all remembered sources again and build everything from nothing
    #[arg(long)]
    full: bool,
    /// Let a source that held records and now holds none empty its part of the index
    #[arg(long)]
    accept_empty: bool,
    /// MB of memory for the documents being written
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u16).range(30..))]
    memory: Option<u16>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let path = args.index.path()?;
    let mut writer = IndexWriter::open(&path, Arc::new(global.schema()?))?;
    for source in args.reading.sources(&args.sources) {
        writer.add(source, args.reading.exclude.clone())?;
    }
    if args.full {
        writer.read_all();
    }
    let mut watch = Watch::new(global.quiet);
    let options = UpdateOptions {
        threads: args.reading.threads.map(usize::from),
        memory: args.memory.map(|mb| usize::from(mb) * 1_000_000),
        full: args.full,
        accept_empty: args.accept_empty,
        progress: Some(watch.progress()),
        ..UpdateOptions::default()
    };
    let report = writer.update(&options, &mut watch);
    watch.finish();
    let report = report?;
    if !global.quiet {
        print_report(&report, &path.display().to_string());
    }
    Ok(args.reading.exit(report.total().rejected))
}

/// Prints what an update did, on one screen.
pub(crate) fn print_report(report: &UpdateReport, place: &str) {
    for source in &report.sources {
        if let Some(read) = &source.read {
            ui::status(&read.source);
            print_summary(read);
            print_reasons(read);
        }
    }
    let total = report.total();
    ui::status(&format!(
        "{} added, {} updated, {} unchanged, {} superseded, {} removed, {} rejected",
        total.added,
        total.updated,
        total.unchanged,
        total.superseded,
        total.removed,
        total.rejected
    ));
    let seconds: f64 = report
        .durations
        .iter()
        .map(|(_, duration)| duration.as_secs_f64())
        .sum();
    let counts = &report.counts;
    ui::status(&format!(
        "{place}: {} records to be found, {:.1} MB, {} in {seconds:.1} s",
        counts.searched(),
        report.size as f64 / 1e6,
        if report.published {
            "published"
        } else {
            "nothing to change"
        },
    ));
}

fn print_reasons(read: &SourceReport) {
    for (reason, count) in &read.rejections {
        let example = count
            .examples
            .first()
            .map(|place| format!(", first {place}"))
            .unwrap_or_default();
        ui::status(&format!("  {} rejected: {reason}{example}", count.count));
    }
}
