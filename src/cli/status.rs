//! `trialdex status`.

use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use clap::ValueEnum;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use trialdex::index::{Index, Snapshot};

/// Say what the index holds: records by kind, registry and format, size, sources, schema
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table to read
    Text,
    /// One object
    Json,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let path = args.index.path()?;
    let snapshot = Index::open(&path, Arc::new(global.schema()?))?.snapshot();
    let mut out = ui::stdout();
    match args.format {
        Format::Text => write_text(&mut out, &path, &snapshot)?,
        Format::Json => {
            let status = json!({
                "index": path,
                "generation": snapshot.generation(),
                "created": snapshot.created().to_string(),
                "bytes": snapshot.size(),
                "schema": snapshot.schema().fingerprint(),
                "counts": snapshot.counts(),
                "sources": snapshot.sources(),
            });
            writeln!(out, "{}", serde_json::to_string_pretty(&status)?)?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn write_text(out: &mut impl Write, path: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let counts = snapshot.counts();
    let generation = snapshot.generation().unwrap_or_default();
    writeln!(
        out,
        "index       {}",
        ui::for_terminal(&path.display().to_string())
    )?;
    writeln!(out, "generation  {generation}, made {}", snapshot.created())?;
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
