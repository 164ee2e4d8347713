//! What the commands that change an index have in common: the gate, the report, the log.

use super::exit::Exit;
use super::output::run;
use super::progress::Watch;
use super::{Global, signals, ui};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use trialdex::index::{IndexWriter, UpdateOptions};
use trialdex::reindex::{
    Gate, ReindexOptions, RunReport, RunResult, last_run, read_smoke_queries, reindex,
};
use trialdex::schema::IndexSchema;

/// How messages are written.
#[derive(clap::Args)]
pub(crate) struct Log {
    /// How messages are written: lines (with the time where standard error is no terminal), or JSON objects
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// Lines to read
    Text,
    /// A JSON object a line: time, level, message
    Json,
}

impl Log {
    /// Has messages look as asked for, and signals end the run in order.
    pub(crate) fn begin(&self) -> Result<()> {
        match self.log_format {
            LogFormat::Json => ui::set_messages(ui::Messages::Json),
            LogFormat::Text if std::io::stderr().is_terminal() => {}
            LogFormat::Text => ui::set_messages(ui::Messages::Stamped),
        }
        signals::end_in_order()
    }
}

/// What a run must fulfil to be published, and what is told of it.
#[derive(clap::Args)]
pub(crate) struct Night {
    /// Build everything from nothing, beside the index in use
    #[arg(long)]
    pub(crate) full: bool,
    /// Complete generations of the index to keep, the one in use among them
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
    /// Refuse to publish when more than this percentage of the records would vanish
    #[arg(long, value_name = "PCT", default_value = "10", value_parser = percentage)]
    max_removed: f64,
    /// Refuse to publish when more records than this are rejected [default: any number may be]
    #[arg(long, value_name = "N")]
    max_rejected: Option<u64>,
    /// Refuse to publish when a query of this file finds too little: a line is the least number of hits, a tab, the query
    #[arg(long, value_name = "FILE")]
    smoke: Option<PathBuf>,
    /// Publish this once what would be refused
    #[arg(long)]
    accept: bool,
    /// Do everything but publish, and tell what would have happened
    #[arg(long)]
    dry_run: bool,
    /// Write the report to this file as JSON (- for standard output); it is kept with the index too
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// MB of memory for the documents being written
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u16).range(30..))]
    memory: Option<u16>,
    #[command(flatten)]
    pub(crate) log: Log,
}

fn percentage(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end().parse::<f64>();
    let number = number.ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "write a percentage from 0 to 100".to_owned())
}

impl Night {
    /// The smoke queries and all else that can be wrong before a run begins.
    pub(crate) fn options(
        &self,
        command: &str,
        threads: Option<u16>,
        schema: &IndexSchema,
    ) -> Result<ReindexOptions> {
        let smoke = match &self.smoke {
            Some(file) => read_smoke_queries(file, schema)?,
            None => Vec::new(),
        };
        Ok(ReindexOptions {
            command: command.to_owned(),
            update: UpdateOptions {
                threads: threads.map(usize::from),
                memory: self.memory.map(|mb| usize::from(mb) * 1_000_000),
                full: self.full,
                keep: Some(usize::from(self.keep)),
                ..UpdateOptions::default()
            },
            gate: Gate {
                max_removed: self.max_removed,
                max_rejected: self.max_rejected,
                smoke,
            },
            accept: self.accept,
            dry_run: self.dry_run,
        })
    }

    /// Runs the night and tells of it.
    pub(crate) fn run(
        &self,
        global: &Global,
        writer: &mut IndexWriter,
        options: &mut ReindexOptions,
    ) -> Result<RunReport> {
        let mut watch = Watch::new(global.quiet);
        options.update.progress = Some(watch.progress());
        let report = reindex(writer, options, &mut watch);
        watch.finish();
        let report = match report {
            Ok(report) => report,
            Err(e) => {
                if let Err(other) = self.report_failure(writer.path()) {
                    ui::warning(&format!("{other:#}"));
                }
                return Err(e.into());
            }
        };
        self.write_report(&report)?;
        run::print(&report, global.quiet);
        Ok(report)
    }

    /// Hands out what the log tells of a run that failed.
    fn report_failure(&self, index: &Path) -> Result<()> {
        if self.report.is_none() || self.dry_run {
            return Ok(());
        }
        match last_run(index)? {
            Some(report) if report.pid == std::process::id() => self.write_report(&report),
            _ => Ok(()),
        }
    }

    fn write_report(&self, report: &RunReport) -> Result<()> {
        let Some(file) = &self.report else {
            return Ok(());
        };
        let json = serde_json::to_string_pretty(report)?;
        if file == Path::new("-") {
            let mut out = ui::stdout();
            writeln!(out, "{}", ui::json_for_terminal(json))?;
            return Ok(out.flush()?);
        }
        std::fs::write(file, json + "\n")
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

/// How a command ends whose run has ended like this.
pub(crate) fn exit(report: &RunReport, strict: bool) -> Exit {
    match report.result {
        RunResult::Refused => Exit::Refused,
        _ if strict && report.total.rejected > 0 => Exit::Rejected,
        _ => Exit::Done,
    }
}
