//! `trialdex sources`.

use super::index::print_report;
use super::progress::Watch;
use super::reading::Reading;
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::{Result, bail};
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use trialdex::index::{Index, IndexWriter, UpdateOptions};

/// List, add or remove the sources the index remembers
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// List the sources, one a line (the default)
    List,
    /// Add sources and read them, as `index` does
    Add {
        /// Files, folders, archives
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Forget sources and take their records out of the index
    Remove {
        /// Sources as listed
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<PathBuf>,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let path = args.index.path()?;
    let schema = Arc::new(global.schema()?);
    let mut options = UpdateOptions::default();
    let mut writer = match &args.action {
        None | Some(Action::List) => {
            let snapshot = Index::open(path, schema)?.snapshot();
            let mut out = ui::stdout();
            for source in snapshot.sources() {
                writeln!(
                    out,
                    "{}",
                    ui::for_terminal(&source.path.display().to_string())
                )?;
            }
            out.flush()?;
            return Ok(Exit::Done);
        }
        Some(Action::Add { sources, reading }) => {
            let mut writer = IndexWriter::open(&path, schema)?;
            for source in reading.sources(sources) {
                writer.add(source, reading.exclude.clone())?;
            }
            options.threads = reading.threads.map(usize::from);
            writer
        }
        Some(Action::Remove { sources }) => {
            let mut writer = IndexWriter::open(&path, schema)?;
            for source in sources {
                if !writer.remove(source)? {
                    bail!(
                        "{}: not among the sources; `trialdex sources` lists them",
                        source.display()
                    );
                }
            }
            writer
        }
    };
    let mut watch = Watch::new(global.quiet);
    options.progress = Some(watch.progress());
    let report = writer.update(&options, &mut watch);
    watch.finish();
    let report = report?;
    if !global.quiet {
        print_report(&report, &path.display().to_string());
    }
    match &args.action {
        Some(Action::Add { reading, .. }) => Ok(reading.exit(report.total().rejected)),
        _ => Ok(Exit::Done),
    }
}
