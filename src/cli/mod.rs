//! The command line: one file per command, whose doc comments are the help.

mod asking;
mod batch;
mod changes;
mod color;
mod completions;
mod concepts;
mod config;
mod duplicates;
mod eval;
mod exit;
mod export;
mod fields;
mod index;
mod links;
mod lookup;
mod man;
mod night;
mod output;
mod panic;
mod parse;
mod progress;
mod reading;
mod reindex;
mod repair;
mod rollback;
mod search;
mod searched;
mod show;
mod showing;
mod signals;
mod similar;
mod sources;
mod status;
mod ui;
mod verify;
mod vocabulary;
mod watch;
mod why_not;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use exit::Exit;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use trialdex::ErrorKind;

/// Full-text search for clinical-trial records and health articles.
#[derive(Parser)]
#[command(name = "trialdex", version, after_help = exit::HELP, args_override_self = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(clap::Args)]
struct Global {
    /// Configuration file [default: trialdex.toml here, else in the platform's configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When to use colours (NO_COLOR is respected)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: color::When,
    /// Print results and errors only
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Folder whose files replace those of index-schema/ by name
    #[arg(long, global = true, value_name = "DIR")]
    schema: Option<PathBuf>,
}

impl Global {
    /// The schema the command works with.
    fn schema(&self) -> trialdex::Result<trialdex::schema::IndexSchema> {
        match &self.schema {
            Some(folder) => trialdex::schema::IndexSchema::load(folder),
            None => trialdex::schema::IndexSchema::shipped(),
        }
    }
}

/// The index a command works on.
#[derive(clap::Args)]
struct IndexDir {
    /// Folder of the index [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = "TRIALDEX_INDEX")]
    index: Option<PathBuf>,
}

impl IndexDir {
    /// The folder: what is named, else the platform's data folder.
    fn path(&self) -> Result<PathBuf> {
        if let Some(path) = &self.index {
            return Ok(path.clone());
        }
        let base = etcetera::choose_base_strategy()?;
        Ok(etcetera::BaseStrategy::data_dir(&base).join("trialdex"))
    }
}

#[derive(Subcommand)]
enum Command {
    Search(Box<search::Args>),
    #[command(name = "why-not")]
    WhyNot(Box<why_not::Args>),
    Show(show::Args),
    Duplicates(Box<duplicates::Args>),
    Similar(Box<similar::Args>),
    Lookup(lookup::Args),
    Links(Box<links::Args>),
    Index(Box<index::Args>),
    Reindex(Box<reindex::Args>),
    Sources(Box<sources::Args>),
    Status(status::Args),
    Changes(changes::Args),
    Watch(watch::Args),
    Rollback(rollback::Args),
    Verify(verify::Args),
    Repair(repair::Args),
    Parse(parse::Args),
    Export(export::Args),
    Fields(fields::Args),
    Concepts(Box<concepts::Args>),
    Vocabulary(vocabulary::Args),
    Eval(eval::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the program and tells how it ended.
pub(crate) fn main() -> ExitCode {
    panic::quietly(program).unwrap_or_else(|place| {
        ui::error(&format!("internal error: {place}"));
        ui::hint("please report it with what you did; RUST_BACKTRACE=1 tells more");
        Exit::Failed.into()
    })
}

fn program() -> ExitCode {
    let exit = match parse_arguments() {
        Ok(cli) => run(cli).unwrap_or_else(|error| report(&error)),
        Err(error) => match error.downcast::<clap::Error>() {
            Ok(usage) => {
                let code = usage.exit_code();
                // Nothing can be told when even this cannot be printed.
                let _ = usage.print();
                return ExitCode::from(u8::try_from(code).unwrap_or(2));
            }
            Err(error) => report(&error),
        },
    };
    exit.into()
}

/// The command line with the configuration file's flags added where it is silent.
fn parse_arguments() -> Result<Cli> {
    let mut typed: Vec<OsString> = std::env::args_os().collect();
    let matches = Cli::command().try_get_matches_from(&typed)?;
    let cli = Cli::from_arg_matches(&matches)?;
    let Some(file) = config::find(cli.global.config.as_deref())? else {
        return Ok(cli);
    };
    let flags = config::flags(&file, &Cli::command(), &matches)?;
    // Before the first `--`, behind which flags would be taken for values.
    let end = typed
        .iter()
        .position(|word| word == "--")
        .unwrap_or(typed.len());
    typed.splice(end..end, flags);
    Ok(Cli::try_parse_from(typed)?)
}

fn run(cli: Cli) -> Result<Exit> {
    color::apply(cli.global.color);
    let global = &cli.global;
    match cli.command {
        Command::Search(args) => search::run(global, &args),
        Command::WhyNot(args) => why_not::run(global, &args),
        Command::Show(args) => show::run(global, &args),
        Command::Duplicates(args) => duplicates::run(global, &args),
        Command::Similar(args) => similar::run(global, &args),
        Command::Links(args) => links::run(global, &args),
        Command::Lookup(args) => lookup::run(global, &args),
        Command::Index(args) => index::run(global, &args),
        Command::Reindex(args) => reindex::run(global, &args),
        Command::Sources(args) => sources::run(global, &args),
        Command::Status(args) => status::run(global, &args),
        Command::Changes(args) => changes::run(global, &args),
        Command::Watch(args) => watch::run(global, &args),
        Command::Rollback(args) => rollback::run(global, &args),
        Command::Verify(args) => verify::run(global, &args),
        Command::Repair(args) => repair::run(global, &args),
        Command::Parse(args) => parse::run(global, &args),
        Command::Export(args) => export::run(global, &args),
        Command::Vocabulary(args) => vocabulary::run(global, &args),
        Command::Concepts(args) => concepts::run(global, &args),
        Command::Fields(args) => fields::run(global, &args),
        Command::Eval(args) => eval::run(global, &args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

/// Prints an error with its causes and its remedy, and tells the exit code.
fn report(error: &anyhow::Error) -> Exit {
    if is_broken_pipe(error) {
        return Exit::Done;
    }
    ui::error(&with_causes(error));
    let Some(own) = error.downcast_ref::<trialdex::Error>() else {
        return Exit::Failed;
    };
    if let Some(remedy) = own.hint() {
        ui::hint(remedy);
    }
    match own.kind() {
        ErrorKind::Locked => Exit::Locked,
        ErrorKind::Damaged => Exit::Damaged,
        // Without a signal the time of a search was up.
        ErrorKind::Cancelled if signals::caught() => signals::exit(),
        _ => Exit::Failed,
    }
}

/// An error and what caused it, without what was said before: many errors tell their cause themselves.
fn with_causes(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told.push_str(": ");
            told.push_str(&cause);
        }
    }
    told
}

/// Whether the reader of our output has gone away, which is no error (`trialdex … | head`).
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let cause = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let told = with_causes(&trialdex::Error::io("LOCK", cause()).into());
        assert_eq!(told, format!("LOCK: {}", cause()));
        let told = with_causes(&anyhow::Error::from(cause()).context("cannot read a"));
        assert_eq!(told, format!("cannot read a: {}", cause()));
    }

    #[test]
    fn the_index_may_be_named_before_an_action_and_behind_it() {
        for words in [
            "watch --index i add name word",
            "watch add name word --index i",
            "sources list --index i",
        ] {
            let words = ["trialdex"].into_iter().chain(words.split(' '));
            assert!(Cli::try_parse_from(words).is_ok());
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
