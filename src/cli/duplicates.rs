//! `trialdex duplicates`.

use super::searched::Searched;
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use serde::Serialize;
use std::io::Write;
use std::sync::Arc;

/// List the records that tell of one trial, with what says so, as JSON Lines
///
/// A trial stands in several registries, each with its own number. A search shows the records of each
/// line as one hit, but not those of `--grade likely`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Args {
    #[command(flatten)]
    searched: Searched,
    /// List the numbers instead that several records carry and that join nothing, with the reason
    #[arg(long)]
    refused: bool,
    /// List only those of one grade: joined without a shared number, or pairs that may be one trial and are not joined
    #[arg(long, value_name = "GRADE", conflicts_with = "refused")]
    grade: Option<Grade>,
}

/// How sure it is that records without a shared number tell of one trial.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Grade {
    /// Joined
    Same,
    /// Not joined
    Likely,
}

const EXAMPLE: &str = "\
Example:
  trialdex duplicates | jq -r '[.members[].id] | @tsv'
  trialdex duplicates --grade likely | jq -c '.evidence[0]'";

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let snapshot = args.searched.snapshot(global, schema)?;
    let groups = snapshot.groups()?;
    if args.refused {
        return print(&groups.refused);
    }
    match args.grade {
        None => print(&groups.groups),
        Some(Grade::Same) => print(groups.groups.iter().filter(|group| group.is_judged())),
        Some(Grade::Likely) => print(&groups.likely),
    }
}

fn print(lines: impl IntoIterator<Item = impl Serialize>) -> Result<Exit> {
    let mut out = ui::stdout();
    for line in lines {
        let json = serde_json::to_string(&line)?;
        writeln!(out, "{}", ui::json_for_terminal(json))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
