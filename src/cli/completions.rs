//! `trialdex completions`.

use super::{Cli, exit::Exit, ui};
use anyhow::Result;
use clap::CommandFactory;
use std::io::Write;

/// Print a completion script for a shell
///
/// For bash: trialdex completions bash > ~/.local/share/bash-completion/completions/trialdex
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "trialdex", &mut script);
    ui::stdout().write_all(&script)?;
    Ok(Exit::Done)
}
