//! `trialdex links`.

use super::searched::Searched;
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use serde::Serialize;
use std::io::Write;
use std::sync::Arc;
use trialdex::results::{Link, Linked, all_links};

/// Print which records cite which, as JSON Lines
///
/// One line for each number of a trial or publication a record names, with the records of the index that bear it.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    searched: Searched,
    /// Links to records of the index only
    #[arg(long)]
    within: bool,
}

const HELP: &str = "\
Example:
  trialdex links --within | jq -r '[.from.id, .to[].id] | @tsv'

Exit code 1 when there is none.";

/// The object of a link.
#[derive(Serialize)]
struct Line<'a> {
    version: u64,
    object: &'static str,
    from: &'a Linked,
    number: &'a str,
    #[serde(skip_serializing_if = "<[Linked]>::is_empty")]
    to: &'a [Linked],
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let snapshot = args.searched.snapshot(global, schema)?;
    let mut out = ui::stdout();
    let mut exit = Exit::NothingFound;
    for link in all_links(&snapshot)? {
        let link: Link = link?;
        if args.within && link.to.is_empty() {
            continue;
        }
        exit = Exit::Done;
        let line = Line {
            version: 1,
            object: "link",
            from: &link.from,
            number: &link.number,
            to: &link.to,
        };
        let json = ui::json_for_terminal(serde_json::to_string(&line)?);
        writeln!(out, "{json}")?;
    }
    out.flush()?;
    Ok(exit)
}
