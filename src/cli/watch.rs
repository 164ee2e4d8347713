//! `trialdex watch`.

use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::{Result, bail};
use clap::Subcommand;
use std::io::Write;
use std::sync::Arc;
use trialdex::index::{IndexWriter, generations};
use trialdex::reindex::{Watch, add_watch, remove_watch, watches};

/// Save searches whose new matches each run tells
///
/// A record matches when it has all words of the query. New matches stand in `trialdex changes` and are counted in the report of the run.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// List the saved searches: name, a tab, query (the default)
    List,
    /// Save a search; one of the same name takes the other's place
    Add {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        /// The query, as `trialdex search` takes it
        #[arg(required = true, value_name = "QUERY")]
        query: Vec<String>,
    },
    /// Forget a saved search
    Remove {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let path = args.index.path()?;
    let schema = Arc::new(global.schema()?);
    match &args.action {
        None | Some(Action::List) => {
            if generations(&path)?.is_empty() {
                bail!("{}: no index here", path.display());
            }
            let mut out = ui::stdout();
            for watch in watches(&path)? {
                let line = format!("{}\t{}", watch.name, watch.query);
                writeln!(out, "{}", ui::for_terminal(&line))?;
            }
            out.flush()?;
        }
        Some(Action::Add { name, query }) => {
            let writer = IndexWriter::open_existing(path, Arc::clone(&schema))?;
            let watch = Watch {
                name: name.clone(),
                query: query.join(" "),
            };
            add_watch(&writer, watch, &schema)?;
        }
        Some(Action::Remove { name }) => {
            let writer = IndexWriter::open_existing(path, schema)?;
            if !remove_watch(&writer, name)? {
                bail!("no saved search is called {name:?}; `trialdex watch` lists them");
            }
        }
    }
    Ok(Exit::Done)
}
