//! `trialdex parse`.

use super::reading::{Reading, print_rejection, print_summary};
use super::{Global, exit::Exit, ui};
use anyhow::Result;
use std::io::Write;
use std::ops::ControlFlow;
use trialdex::source::{Event, read};

/// Print the normalised records of files, folders or archives as JSON Lines
///
/// Records go to standard output, rejections and a summary to standard error.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files, folders, archives (.gz .zst .zip .tar), or - for standard input
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<std::path::PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = global.schema()?;
    let mut out = ui::stdout();
    let mut written = Ok(());
    let report = read(
        args.reading.sources(&args.sources),
        &schema,
        &args.reading.options(),
        |event| {
            match event {
                Event::Record(parsed) => {
                    written = serde_json::to_string(&parsed.record)
                        .map_err(std::io::Error::from)
                        .and_then(|json| writeln!(out, "{}", ui::json_for_terminal(json)));
                }
                Event::Rejected { rejection, .. } => print_rejection(&rejection),
                _ => {}
            }
            if written.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        },
    )?;
    written?;
    out.flush()?;
    let total = report.total();
    if !global.quiet {
        print_summary(&total);
    }
    Ok(args.reading.exit(total.record_total().rejected))
}
