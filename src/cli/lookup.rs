//! `trialdex lookup`.

use super::ui::{ID, LABEL, for_terminal};
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trialdex::index::{Index, Snapshot};
use trialdex::results::{Lookup, LookupState, lookup};

/// Tell for each of some numbers whether the index has its record
///
/// In any spelling: found, alias_of (the trial's number in another registry), superseded_by (an obsolete number), registrant_of (an Iranian number without its N), or missing.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Numbers of trials and publications, paths of articles
    #[arg(value_name = "NUMBER", required_unless_present = "ids")]
    numbers: Vec<String>,
    /// Look every line of this file up; - is standard input
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

const HELP: &str = "\
Example:
  trialdex lookup --ids numbers.txt --format jsonl

Exit code 1 when a number is missing.";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Number, state and ids with tabs between them
    Text,
    /// One object a number, a line each
    Jsonl,
}

/// The object of a number.
#[derive(Serialize)]
struct Line<'a> {
    version: u64,
    object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    asked: &'a str,
    #[serde(flatten)]
    lookup: &'a Lookup,
}

/// A look-up of several numbers under way.
struct Asking<'a, W> {
    snapshot: &'a Snapshot,
    format: Format,
    out: W,
    missing: u64,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let snapshot = Index::open(args.index.path()?, Arc::new(global.schema()?))?.snapshot();
    let mut asking = Asking {
        snapshot: &snapshot,
        format: args.format,
        out: ui::stdout(),
        missing: 0,
    };
    for number in &args.numbers {
        asking.ask(number, None)?;
    }
    if let Some(path) = &args.ids {
        for (number, line) in (1..).zip(open(path)?.split(b'\n')) {
            let line = line.with_context(|| format!("{}: line {number}", path.display()))?;
            asking.ask(&String::from_utf8_lossy(&line), Some(number))?;
        }
    }
    asking.out.flush()?;
    Ok(match asking.missing {
        0 => Exit::Done,
        _ => Exit::NothingFound,
    })
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

impl<W: Write> Asking<'_, W> {
    /// Looks one number up; an empty line asks nothing.
    fn ask(&mut self, written: &str, line: Option<u64>) -> Result<()> {
        let asked = written.trim_start_matches('\u{FEFF}').trim();
        if asked.is_empty() {
            return Ok(());
        }
        let found = lookup(self.snapshot, asked)?;
        self.missing += u64::from(found.state == LookupState::Missing);
        match self.format {
            Format::Text => self.text(asked, &found),
            Format::Jsonl => {
                let object = Line {
                    version: 1,
                    object: "lookup",
                    line,
                    asked,
                    lookup: &found,
                };
                let json = ui::json_for_terminal(serde_json::to_string(&object)?);
                Ok(writeln!(self.out, "{json}")?)
            }
        }
    }

    fn text(&mut self, asked: &str, found: &Lookup) -> Result<()> {
        let asked = for_terminal(asked).replace('\t', " ");
        let state = found.state.as_str();
        write!(self.out, "{asked}\t{LABEL}{state}{LABEL:#}")?;
        if !found.ids.is_empty() {
            let ids = found.ids.join(" ");
            write!(self.out, "\t{ID}{}{ID:#}", for_terminal(&ids))?;
        }
        Ok(writeln!(self.out)?)
    }
}
