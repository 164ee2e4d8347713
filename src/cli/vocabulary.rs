//! `trialdex vocabulary`.

use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use trialdex::concept::Vocabulary;
use trialdex::index::{add_vocabulary, remove_vocabulary, vocabulary_of};

/// Give the index a vocabulary such as MeSH: other names, narrower and broader terms
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Say what the vocabulary holds (the default)
    Status,
    /// Add files: MeSH descriptors as XML or ASCII, tables with tabs; .gz and .zst, too
    Add {
        /// Files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Take the vocabulary out of the index
    Remove,
}

const EXAMPLE: &str = "\
Example:
  trialdex vocabulary add desc2024.xml
  trialdex search 'condition:explode:\"skin diseases\"'";

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let root = args.index.path()?;
    match &args.action {
        None | Some(Action::Status) => {
            let Some(vocabulary) = vocabulary_of(&root)? else {
                ui::status("the index has no vocabulary");
                return Ok(Exit::NothingFound);
            };
            let mut out = ui::stdout();
            writeln!(out, "{}", described(&vocabulary))?;
            out.flush()?;
        }
        Some(Action::Add { files }) => {
            let mut all = Vocabulary::default();
            for file in files {
                all.merge(Vocabulary::read(file)?);
            }
            let known = add_vocabulary(&root, all)?;
            if !global.quiet {
                ui::status(&format!("the vocabulary has {}", described(&known)));
            }
        }
        Some(Action::Remove) => {
            if !remove_vocabulary(&root)? {
                ui::status("the index has no vocabulary");
                return Ok(Exit::NothingFound);
            }
        }
    }
    Ok(Exit::Done)
}

fn described(vocabulary: &Vocabulary) -> String {
    let [descriptors, entries, places] = vocabulary.counts();
    format!("{descriptors} descriptors, {entries} other names, {places} places in the tree")
}
