//! `trialdex repair`.

use super::night::{self, Log};
use super::output::run;
use super::progress::Watch;
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use std::sync::Arc;
use trialdex::reindex::repair;

/// Put a damaged index right: go back to a whole generation, or build it again from its sources
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// Build it even where a source is missing, empty or unreadable
    #[arg(long)]
    accept: bool,
    #[command(flatten)]
    log: Log,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    args.log.begin()?;
    let schema = Arc::new(global.schema()?);
    let mut watch = Watch::new(global.quiet);
    let repaired = repair(&args.index.path()?, &schema, args.accept, &mut watch);
    watch.finish();
    let repaired = repaired?;
    for damage in &repaired.damage {
        ui::warning(&damage.to_string());
    }
    let Some(report) = repaired.run else {
        if !global.quiet {
            ui::status("the index is whole: nothing to repair");
        }
        return Ok(Exit::Done);
    };
    run::print_short(&report, global.quiet);
    if report.result.is_good() && !global.quiet {
        ui::hint("run `trialdex reindex` to take in what the sources hold now");
    }
    Ok(night::exit(&report, false))
}
