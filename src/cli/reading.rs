//! What the commands that read sources have in common: flags, rejections, the summary.

use super::exit::Exit;
use super::ui;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use trialdex::schema::IndexSchema;
use trialdex::schema::ranking::Ranking;
use trialdex::source::{ReadOptions, Rejection, Source, SourceReport};

/// Unknown wordings shown in a summary.
const WORDINGS: usize = 8;

/// How sources are read.
#[derive(clap::Args)]
pub(crate) struct Reading {
    /// Leave out files and folders that match (without / any name, with / the path below the source); repeatable
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Threads [default: one a core]; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// End with exit code 3 when a record was rejected
    #[arg(long)]
    pub(crate) strict: bool,
}

impl Reading {
    pub(crate) fn options(&self) -> ReadOptions {
        ReadOptions {
            threads: self.threads.map(usize::from),
            exclude: self.exclude.clone(),
            ..ReadOptions::default()
        }
    }

    /// The sources that paths name; `-` is standard input.
    pub(crate) fn sources(&self, paths: &[PathBuf]) -> Vec<Source> {
        let source = |path: &PathBuf| {
            if path == Path::new("-") {
                Source::stream(std::io::stdin())
            } else {
                Source::path(path)
            }
        };
        paths.iter().map(source).collect()
    }

    /// How a command that read sources ends.
    pub(crate) fn exit(&self, rejected: u64) -> Exit {
        if self.strict && rejected > 0 {
            Exit::Rejected
        } else {
            Exit::Done
        }
    }
}

/// Prints where and why a record was rejected.
pub(crate) fn print_rejection(rejection: &Rejection) {
    let byte = rejection
        .reason
        .byte
        .map(|byte| format!(" (byte {byte})"))
        .unwrap_or_default();
    ui::warning(&format!(
        "{}: rejected: {}{byte}",
        rejection.provenance, rejection.reason.message
    ));
}

/// Prints what was read, on one screen.
pub(crate) fn print_summary(total: &SourceReport) {
    let records = total.record_total();
    let mut line = format!(
        "{} records from {} files",
        records.accepted,
        total.files.read.values().sum::<u64>()
    );
    let rest = [
        (records.rejected, "rejected"),
        (records.drafts, "drafts left out"),
        (records.without_content, "without content"),
        (total.files.ignored, "files of no known format"),
    ];
    for (count, what) in rest {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    ui::status(&line);
    let unknown = &total.warnings.unknown_wordings;
    let mut by_count: Vec<_> = unknown.iter().collect();
    by_count.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (wording, count) in by_count.iter().take(WORDINGS) {
        let registry = wording
            .registry
            .map(|registry| format!(" ({registry})"))
            .unwrap_or_default();
        ui::status(&format!(
            "  unknown {}{registry}: {:?}, {count} times, kept as written",
            wording.vocabulary.replace('_', " "),
            wording.wording
        ));
    }
    if unknown.len() > WORDINGS {
        ui::status(&format!(
            "  … and {} more unknown wordings",
            unknown.len() - WORDINGS
        ));
    }
    for (note, count) in &total.warnings.notes {
        ui::status(&format!("  {note}: {count} times"));
    }
}

/// The schema's ranking with some of its numbers set: `NAME=VALUE`.
pub(crate) fn ranking(schema: &IndexSchema, params: &[String]) -> Result<Ranking> {
    let mut ranking = schema.ranking.clone();
    for param in params {
        let (name, value) = param
            .split_once('=')
            .with_context(|| format!("--param {param:?}: write NAME=VALUE"))?;
        let value: f32 = value
            .parse()
            .with_context(|| format!("--param {name}: not a number: {value:?}"))?;
        ranking.set(name, value)?;
    }
    Ok(ranking)
}
