//! `trialdex status`.

use super::output::TextOrJson;
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use trialdex::index::{Index, Snapshot, Timestamp, generations};
use trialdex::reindex::{RunReport, runs};

/// Say what the index holds and how its last run ended
///
/// Warns when the index was last compared with its sources too long ago, and when the last run did not end well.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
    /// Hours after which the index is called old
    #[arg(long, value_name = "HOURS", default_value = "36")]
    max_age: u32,
}

/// The runs worth telling.
struct Runs {
    last: Option<RunReport>,
    /// The last that ended with an index equal to its sources.
    good: Option<RunReport>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let path = args.index.path()?;
    let runs = read_runs(&path);
    // Also of an index that cannot be opened its last run is worth telling.
    warn(&runs, args.max_age);
    let snapshot = Index::open(&path, Arc::new(global.schema()?))?.snapshot();
    let mut out = ui::stdout();
    match args.format {
        TextOrJson::Text => write_text(&mut out, &path, &snapshot, runs.last.as_ref())?,
        TextOrJson::Json => {
            let status = json!({
                "index": path,
                "generation": snapshot.generation(),
                "generations": generations(&path)?,
                "created": snapshot.created().to_string(),
                "bytes": snapshot.size(),
                "schema": snapshot.schema().fingerprint(),
                "counts": snapshot.counts(),
                "sources": snapshot.sources(),
                "last_run": runs.last,
            });
            writeln!(out, "{}", serde_json::to_string_pretty(&status)?)?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// Reads reports from the newest back to one of a good run; what cannot be read is told and passed over.
fn read_runs(index: &Path) -> Runs {
    let all = runs(index).map_err(|e| ui::warning(&e.to_string()));
    let all = all.into_iter().flat_map(Iterator::rev);
    let mut all = all.filter_map(|run| run.map_err(|e| ui::warning(&e.to_string())).ok());
    let last = all.next();
    let good = match &last {
        Some(last) if last.result.is_good() => Some(last.clone()),
        _ => all.find(|run| run.result.is_good()),
    };
    Runs { last, good }
}

fn warn(runs: &Runs, max_age: u32) {
    let Some(last) = &runs.last else {
        return;
    };
    if !last.result.is_good() {
        ui::warning(&format!("run {} {}", last.run, ended(last)));
        for reason in &last.reasons {
            ui::warning(reason);
        }
    }
    let Some(at) = runs.good.as_ref().and_then(|run| run.ended) else {
        return;
    };
    let hours = (Timestamp::now().unix_seconds() - at.unix_seconds()) / 3600;
    if hours >= i64::from(max_age) {
        ui::warning(&format!(
            "the index is old: it was last compared with its sources {hours} hours ago, {at}"
        ));
    }
}

fn ended(run: &RunReport) -> String {
    match run.ended {
        Some(at) => format!("({}): {}, {at}", run.command, run.result.as_str()),
        None => format!(
            "({}): {}, began {}, process {}",
            run.command,
            run.result.as_str(),
            run.began,
            run.pid
        ),
    }
}

fn write_text(
    out: &mut impl Write,
    path: &Path,
    snapshot: &Snapshot,
    last: Option<&RunReport>,
) -> Result<()> {
    let counts = snapshot.counts();
    let generation = snapshot.generation().unwrap_or_default();
    writeln!(
        out,
        "index       {}",
        ui::for_terminal(&path.display().to_string())
    )?;
    writeln!(out, "generation  {generation}, made {}", snapshot.created())?;
    writeln!(out, "kept        {}", generations(path)?.join(", "))?;
    if let Some(last) = last {
        writeln!(out, "last run    {} {}", last.run, ended(last))?;
    }
    writeln!(out, "size        {:.1} MB", snapshot.size() as f64 / 1e6)?;
    writeln!(out, "schema      {}", snapshot.schema().fingerprint())?;
    writeln!(
        out,
        "records     {} to be found, {} superseded",
        counts.searched(),
        counts.superseded
    )?;
    write_table(out, "kind", &counts.kinds)?;
    write_table(out, "registry", &counts.registries)?;
    write_table(out, "format", &counts.formats)?;
    writeln!(out, "sources")?;
    for source in snapshot.sources() {
        let path = source.path.display().to_string();
        writeln!(out, "  {}", ui::for_terminal(&path))?;
    }
    Ok(())
}

fn write_table(
    out: &mut impl Write,
    heading: &str,
    counts: &BTreeMap<impl Display, u64>,
) -> io::Result<()> {
    if !counts.is_empty() {
        writeln!(out, "by {heading}")?;
    }
    for (name, count) in counts {
        writeln!(out, "  {:<16}{count:>9}", name.to_string())?;
    }
    Ok(())
}
