//! `trialdex man`.

use super::{Cli, exit::Exit, ui};
use anyhow::{Context, Result};
use clap::CommandFactory;
use std::io::Write;
use std::path::PathBuf;

/// Print the manual page, or write one page a command into a folder
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder for one page a command: trialdex.1, trialdex-search.1 …
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        clap_mangen::generate_to(Cli::command(), folder)
            .with_context(|| format!("cannot write to {}", folder.display()))?;
        return Ok(Exit::Done);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    ui::stdout().write_all(&page)?;
    Ok(Exit::Done)
}
