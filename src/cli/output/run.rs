//! What a run did, on one screen.

use crate::cli::ui;
use trialdex::reindex::{RunReport, RunResult, SourceRun, Tally};

/// Reasons, wordings and the like shown of a source; the JSON report has more.
const SHOWN: usize = 5;

/// Prints a report; of a quiet run only what needs a look.
pub(crate) fn print(report: &RunReport, quiet: bool) {
    if !quiet {
        for source in &report.sources {
            print_source(source);
        }
        for (name, count) in &report.watches {
            ui::status(&format!("saved search {name}: {count} new matches"));
        }
    }
    for warning in &report.warnings {
        ui::warning(warning);
    }
    print_reasons(report);
    if !quiet {
        print_end(report);
    }
    if !quiet && report.total.rejected > 0 {
        ui::hint(
            "what was rejected is left out: correct it or fetch it again, then run `trialdex reindex`; \
             `trialdex parse FILE` lists every rejection",
        );
    }
}

/// Prints the report of a run that read no sources: what it did and why.
pub(crate) fn print_short(report: &RunReport, quiet: bool) {
    for warning in &report.warnings {
        ui::warning(warning);
    }
    if report.result == RunResult::Refused {
        print_reasons(report);
    }
    if quiet {
        return;
    }
    for reason in report.reasons.iter().take(1) {
        ui::status(reason);
    }
    let generation = report.generation.as_deref().unwrap_or("none");
    let total = &report.total;
    ui::status(&format!(
        "run {}: {} in {:.1} s as generation {generation}: {} added, {} updated, {} removed",
        report.run,
        report.result.as_str(),
        report.seconds,
        total.added,
        total.updated,
        total.removed
    ));
}

fn print_source(source: &SourceRun) {
    ui::status(&source.source);
    ui::status(&format!("  {}", tally(&source.tally)));
    let mut files = format!("  {} files read", source.files_read);
    let rest = [
        (source.files_unchanged, "unchanged and not read"),
        (source.files_ignored, "of no known format"),
    ];
    for (count, what) in rest {
        if count > 0 {
            files.push_str(&format!(", {count} {what}"));
        }
    }
    ui::status(&files);
    for rejections in source.rejections.iter().take(SHOWN) {
        let example = rejections.examples.first();
        let example = example.map(|place| format!(", first {place}"));
        ui::status(&format!(
            "  {} rejected: {}{}",
            rejections.count,
            rejections.reason,
            example.unwrap_or_default()
        ));
    }
    more(source.rejections.len(), "reasons of rejection");
    for unknown in source.unknown_wordings.iter().take(SHOWN) {
        let registry = unknown.registry.map(|registry| format!(" ({registry})"));
        ui::status(&format!(
            "  unknown {}{}: {:?}, {} times, kept as written",
            unknown.vocabulary.replace('_', " "),
            registry.unwrap_or_default(),
            unknown.wording,
            unknown.count
        ));
    }
    more(source.unknown_wordings.len(), "unknown wordings");
    for (note, count) in source.notes.iter().take(SHOWN) {
        ui::status(&format!("  {note}: {count} times"));
    }
    more(source.notes.len(), "notes");
}

fn more(count: usize, what: &str) {
    if count > SHOWN {
        ui::status(&format!("  … and {} more {what}", count - SHOWN));
    }
}

/// The counters as the sum they are.
fn tally(tally: &Tally) -> String {
    format!(
        "{} records = {} added + {} updated + {} unchanged + {} superseded + {} removed + {} rejected",
        tally.read,
        tally.added,
        tally.updated,
        tally.unchanged,
        tally.superseded,
        tally.removed,
        tally.rejected
    )
}

fn print_reasons(report: &RunReport) {
    for reason in &report.reasons {
        ui::warning(reason);
    }
    if report.result == RunResult::Refused {
        ui::error("nothing was published: the index is as it was");
        ui::hint(
            "if this is right, run it once more with --accept; a source that is gone for good is forgotten with `trialdex sources remove`",
        );
    } else if report.accepted {
        ui::warning("accepted all the same");
    }
}

fn print_end(report: &RunReport) {
    if let [_, _, ..] = report.sources.as_slice() {
        ui::status(&format!("in all {}", tally(&report.total)));
    }
    let stages = report.stages.iter().filter(|stage| stage.seconds >= 0.05);
    let stages: Vec<String> = stages
        .map(|stage| format!("{} {:.1} s", stage.stage, stage.seconds))
        .collect();
    if !stages.is_empty() {
        ui::status(&stages.join(", "));
    }
    let memory = report
        .peak_memory
        .map(|bytes| format!(", {:.0} MB of memory", bytes as f64 / 1e6))
        .unwrap_or_default();
    if !report.result.is_good() {
        let (run, result) = (report.run, report.result.as_str());
        ui::status(&format!(
            "run {run}: {result} in {:.1} s{memory}",
            report.seconds
        ));
        return;
    }
    let searched = report.counts.as_ref().map_or(0, |counts| counts.searched());
    let what = match (report.result, report.dry_run) {
        (RunResult::Unchanged, _) => "nothing to change",
        (_, true) => "would be published",
        (_, false) => "published",
    };
    ui::status(&format!(
        "run {}: {what} in {:.1} s: {searched} records to be found, {:.1} MB{memory}",
        report.run,
        report.seconds,
        report.index_bytes as f64 / 1e6
    ));
}
