//! `trialdex similar`.

use super::asking::Asking;
use super::output::hits::Printer;
use super::showing::Showing;
use super::{Global, exit::Exit, search, ui};
use anyhow::{Result, bail};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trialdex::index::Snapshot;
use trialdex::record::Record;
use trialdex::results::{same_as, similar_to};
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, Source, read};

/// Find trials and articles like one
///
/// What is studied weighs most, then what is done, the title, what is measured and who takes part. Neither the record itself nor its copies in other registries are hits.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Number of the trial, path of the article
    #[arg(
        value_name = "ID",
        required_unless_present = "file",
        conflicts_with = "file"
    )]
    record: Option<String>,
    /// The record of this file, which need not be in the index
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What hits must also match, as of search
    #[arg(long, value_name = "QUERY")]
    only: Vec<String>,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    showing: Showing,
}

const HELP: &str = "\
Examples:
  trialdex similar NCT06360861 --only status:recruiting
  trialdex similar --file protocol.txt --kind trial -n 20

Exit code 1 when there is no such record, or nothing like it.";

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    args.showing.warn();
    let showing = &args.showing;
    let mut printer = Printer::new(showing.format, &showing.fields, &schema, false)?;
    let only = args.asking.query(&args.only, &schema)?;
    let snapshot = args.asking.searched.snapshot(global, Arc::clone(&schema))?;
    let Some(record) = asked(args, &snapshot, &schema)? else {
        return Ok(Exit::NothingFound);
    };
    let query = similar_to(&snapshot, &record)?;
    if query.clause().is_none() {
        ui::status("nothing of what the record is about stands in any other");
        return Ok(Exit::NothingFound);
    }
    let mut options = showing.options(&args.asking, printer.wants_snippets());
    options.without = same_as(&snapshot, &record)?;
    let query = query.and_query(only);
    search::one(global, showing, &options, &query, &snapshot, &mut printer)
}

/// The record asked about; tells where there is none.
fn asked(args: &Args, snapshot: &Snapshot, schema: &IndexSchema) -> Result<Option<Record>> {
    if let Some(path) = &args.file {
        return only_record(path, schema).map(Some);
    }
    let id = args.record.as_deref().unwrap_or_default();
    let found = snapshot.get(id)?;
    if found.is_none() {
        ui::error(&format!("{id}: no such record"));
        if Path::new(id).is_file() {
            ui::hint(&format!("for the record of that file write --file {id}"));
        }
    }
    Ok(found)
}

/// The record of a file that holds one.
fn only_record(path: &Path, schema: &IndexSchema) -> Result<Record> {
    let mut records = Vec::new();
    let mut rejected = None;
    let sources = vec![Source::path(path)];
    read(sources, schema, &ReadOptions::default(), |event| {
        match event {
            Event::Record(parsed) => records.push(parsed.record),
            Event::Rejected { rejection, .. } => rejected = Some(rejection),
            _ => {}
        }
        match records.len() {
            0 | 1 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    })?;
    let name = path.display();
    match (records.pop(), records.is_empty(), rejected) {
        (Some(record), true, _) => Ok(record),
        (Some(_), false, _) => bail!("{name} holds several records: give a file that holds one"),
        (None, _, Some(rejection)) => {
            bail!("{}: {}", rejection.provenance, rejection.reason.message)
        }
        (None, _, None) => bail!("{name} holds no record that can be read"),
    }
}
