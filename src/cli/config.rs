//! `trialdex.toml`: what flags say, for those who do not want to repeat them. Flags win, then the environment.
//!
//! Top-level keys are flags of every command (`index = "…"`), a table holds those of one command
//! (`[search] limit = 20`). Keys are the long flags without dashes; a list repeats its flag.

use anyhow::{Context, Result, anyhow, bail};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The file that applies: `--config FILE`, else `trialdex.toml` here, else in the platform's configuration folder.
pub(crate) fn find(named: Option<&Path>) -> Result<Option<PathBuf>> {
    if let Some(path) = named {
        if !path.is_file() {
            bail!("{}: no such configuration file", path.display());
        }
        return Ok(Some(path.to_owned()));
    }
    let mut places = vec![PathBuf::from("trialdex.toml")];
    if let Ok(base) = etcetera::choose_base_strategy() {
        places.push(
            etcetera::BaseStrategy::config_dir(&base)
                .join("trialdex")
                .join("trialdex.toml"),
        );
    }
    Ok(places.into_iter().find(|path| path.is_file()))
}

/// The flags of the file that the command line does not give.
pub(crate) fn flags(path: &Path, program: &Command, matches: &ArgMatches) -> Result<Vec<OsString>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| anyhow!("{}: {}", path.display(), e.to_string().trim()))?;
    let mut program = program.clone();
    program.build();
    let Some((name, given)) = matches.subcommand() else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for (key, value) in &table {
        let toml::Value::Table(own) = value else {
            if !program
                .get_subcommands()
                .any(|command| has_flag(command, key))
            {
                bail!("{}: no command has a flag --{key}", path.display());
            }
            if program
                .find_subcommand(name)
                .is_some_and(|command| has_flag(command, key))
            {
                push(path, key, value, given, &mut out)?;
            }
            continue;
        };
        let Some(command) = program.find_subcommand(key) else {
            bail!("{}: no command is called {key:?}", path.display());
        };
        for (flag, value) in own {
            if !has_flag(command, flag) {
                bail!("{}: {key} has no flag --{flag}", path.display());
            }
            if key == name {
                push(path, flag, value, given, &mut out)?;
            }
        }
    }
    Ok(out)
}

fn has_flag(command: &Command, flag: &str) -> bool {
    command
        .get_arguments()
        .any(|arg| arg.get_long() == Some(flag))
}

/// Adds a flag with its value unless the command line or the environment gives it.
fn push(
    path: &Path,
    key: &str,
    value: &toml::Value,
    given: &ArgMatches,
    out: &mut Vec<OsString>,
) -> Result<()> {
    // The id of an argument is its long flag with underscores: clap's derive makes it so.
    let id = key.replace('-', "_");
    let stands = given.try_contains_id(&id).unwrap_or(false)
        && matches!(
            given.value_source(&id),
            Some(ValueSource::CommandLine | ValueSource::EnvVariable)
        );
    if stands {
        return Ok(());
    }
    let values = match value {
        toml::Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    for value in values {
        match value {
            toml::Value::Boolean(false) => {}
            toml::Value::Boolean(true) => out.push(format!("--{key}").into()),
            toml::Value::String(text) => out.push(format!("--{key}={text}").into()),
            toml::Value::Integer(number) => out.push(format!("--{key}={number}").into()),
            toml::Value::Float(number) => out.push(format!("--{key}={number}").into()),
            _ => bail!(
                "{}: {key} must be a text, a number, true, false or a list of them",
                path.display()
            ),
        }
    }
    Ok(())
}
