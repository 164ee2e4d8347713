//! `trialdex sources`.

use super::night::{self, Night};
use super::reading::Reading;
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::{Result, bail};
use clap::Subcommand;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trialdex::index::{Index, IndexWriter};
use trialdex::schema::IndexSchema;

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
        #[command(flatten)]
        night: Night,
    },
    /// Forget sources and take their records out of the index
    Remove {
        /// Sources as listed
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<PathBuf>,
        #[command(flatten)]
        night: Night,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let path = args.index.path()?;
    let schema = Arc::new(global.schema()?);
    match &args.action {
        None | Some(Action::List) => list(&path, schema),
        Some(Action::Add {
            sources,
            reading,
            night,
        }) => {
            night.log.begin()?;
            let mut options = night.options("sources add", reading.threads, &schema)?;
            let mut writer = IndexWriter::open(&path, schema)?;
            for source in reading.sources(sources) {
                writer.add(source, reading.exclude.clone())?;
            }
            let report = night.run(global, &mut writer, &mut options)?;
            Ok(night::exit(&report, reading.strict))
        }
        Some(Action::Remove { sources, night }) => {
            night.log.begin()?;
            let mut options = night.options("sources remove", None, &schema)?;
            let mut writer = IndexWriter::open_existing(&path, schema)?;
            for source in sources {
                if !writer.remove(source)? {
                    bail!(
                        "{}: not among the sources; `trialdex sources` lists them",
                        source.display()
                    );
                }
            }
            let report = night.run(global, &mut writer, &mut options)?;
            Ok(night::exit(&report, false))
        }
    }
}

fn list(path: &Path, schema: Arc<IndexSchema>) -> Result<Exit> {
    let snapshot = Index::open(path, schema)?.snapshot();
    let mut out = ui::stdout();
    for source in snapshot.sources() {
        let path = source.path.display().to_string();
        writeln!(out, "{}", ui::for_terminal(&path))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
