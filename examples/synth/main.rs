//! Makes up files of registries, as many records as are wanted:
//! `cargo run --release --example synth -- --records N --seed S --out DIR [--night K] [--mix MIX]`.
//!
//! The files are ClinicalTrials.gov's API v2, a study a line, and where a mix says so
//! (`--mix ctgov=80,ictrp=15,irct=5`) WHO's exports in CSV and IRCT's protocols, a record a file. The
//! same numbers make the same files; night `K` is the same corpus after `K` nights in each of which one
//! record of a hundred changed, and a file that is already there and has no change is left alone.
//! `--fit SOURCE...` prints the figures (`figures.tsv`) of real records instead.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

mod corpus;
mod fit;

use corpus::figures::Figures;
use corpus::mix::{KINDS, Kind, Mix};
use corpus::{Maker, header};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

const USAGE: &str =
    "usage: synth --records N --seed S --out DIR [--night K] [--mix ctgov=80,ictrp=15,irct=5]
       synth --fit SOURCE...";

/// Where a record has a file of its own, files of a folder.
const RECORDS_A_FILE: u64 = 1000;

#[derive(Default)]
struct Arguments {
    records: u64,
    seed: u64,
    night: u64,
    out: Option<PathBuf>,
    mix: Option<Mix>,
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
            "--mix" => arguments.mix = Some(Mix::parse(&value)?),
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
    let mix = arguments.mix.unwrap_or_else(Mix::plain);
    let mut written = 0;
    for (kind, _) in KINDS {
        let records = mix.of_first(arguments.records, kind);
        for begin in (0..records).step_by(RECORDS_A_FILE as usize) {
            let numbers = begin..(begin + RECORDS_A_FILE).min(records);
            written += write(&maker, kind, numbers, &out)?;
        }
    }
    println!("{} records, {written} files written", arguments.records);
    Ok(())
}

/// Writes a file of records, or a folder of files of one; tells how many were written.
fn write(
    maker: &Maker<'_>,
    kind: Kind,
    numbers: Range<u64>,
    out: &Path,
) -> Result<usize, Box<dyn Error>> {
    let place = numbers.start / RECORDS_A_FILE;
    match kind {
        Kind::Ctgov => {
            let mut bytes = Vec::new();
            for number in numbers {
                serde_json::to_writer(&mut bytes, &maker.study(number)?)?;
                bytes.write_all(b"\n")?;
            }
            written(&out.join(format!("studies-{place:06}.ndjson")), &bytes)
        }
        Kind::Ictrp => {
            let mut text = header();
            for number in numbers {
                text.push_str(&maker.row(number)?);
            }
            written(&out.join(format!("ictrp-{place:06}.csv")), text.as_bytes())
        }
        Kind::Irct => {
            let folder = out.join(format!("irct-{place:06}"));
            fs::create_dir_all(&folder)?;
            let mut files = 0;
            for number in numbers {
                let (name, text) = maker.protocol_file(number)?;
                files += written(&folder.join(name), text.as_bytes())?;
            }
            Ok(files)
        }
    }
}

/// Writes a file, if it is not there as it should be: then it keeps its time.
fn written(file: &Path, bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    if fs::read(file).is_ok_and(|old| old == bytes) {
        return Ok(0);
    }
    fs::write(file, bytes)?;
    Ok(1)
}
