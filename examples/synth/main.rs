//! Makes up files of a registry, as many records as are wanted:
//! `cargo run --release --example synth -- --records N --seed S --out DIR [--night K]`.
//!
//! The files are ClinicalTrials.gov's API v2, a study a line. The same numbers make the same files;
//! night `K` is the same corpus after `K` nights in each of which one record of a hundred changed, and
//! a file that is already there and has no change is left alone. `--fit SOURCE...` prints the figures
//! (`figures.tsv`) of real records instead.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

mod corpus;
mod fit;

use corpus::Maker;
use corpus::figures::Figures;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

const USAGE: &str =
    "usage: synth --records N --seed S --out DIR [--night K] | synth --fit SOURCE...";

const RECORDS_A_FILE: u64 = 1000;

#[derive(Default)]
struct Arguments {
    records: u64,
    seed: u64,
    night: u64,
    out: Option<PathBuf>,
    fit: Vec<PathBuf>,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut arguments = Arguments::default();
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        if name == "--fit" {
            arguments.fit = given.by_ref().map(PathBuf::from).collect();
            break;
        }
        let value = given.next().ok_or(USAGE)?;
        match name.as_str() {
            "--records" => arguments.records = value.parse()?,
            "--seed" => arguments.seed = value.parse()?,
            "--night" => arguments.night = value.parse()?,
            "--out" => arguments.out = Some(value.into()),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(arguments)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    if !arguments.fit.is_empty() {
        return fit::print(&arguments.fit);
    }
    let out = arguments.out.ok_or(USAGE)?;
    fs::create_dir_all(&out)?;
    let figures = Figures::fitted()?;
    let maker = Maker::new(&figures, arguments.seed, arguments.night)?;
    let mut written = 0;
    for begin in (0..arguments.records).step_by(RECORDS_A_FILE as usize) {
        let mut bytes = Vec::new();
        for number in begin..(begin + RECORDS_A_FILE).min(arguments.records) {
            serde_json::to_writer(&mut bytes, &maker.study(number)?)?;
            bytes.write_all(b"\n")?;
        }
        let file = out.join(format!("studies-{:06}.ndjson", begin / RECORDS_A_FILE));
        // A file that is as it was keeps its time.
        if fs::read(&file).is_ok_and(|old| old == bytes) {
            continue;
        }
        fs::write(&file, bytes)?;
        written += 1;
    }
    println!("{} records, {written} files written", arguments.records);
    Ok(())
}
