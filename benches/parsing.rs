//! Bytes a second of reading files into records, a format each: cutting, converting, normalising, JSON.
//!
//! `cargo bench --bench parsing` reads `corpus/`; `TRIALDEX_BENCH_CORPUS` names another file or
//! folder. Bytes are those of the records' files as they are stored, compressed ones compressed. Each
//! format is measured over its files alone; those of archives stand in the measure of the whole only.

mod shared;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use shared::corpus;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use trialdex::Result;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, Source, read};

/// Files by the format of their records.
type Files = BTreeMap<&'static str, Vec<PathBuf>>;

fn main() {
    divan::main();
}

/// How many records some files have; every one is parsed. One thread: the speed of a core is asked.
fn parse(files: &[PathBuf]) -> Result<usize> {
    let options = ReadOptions {
        threads: Some(1),
        ..ReadOptions::default()
    };
    let mut records = 0;
    let sources = files.iter().map(Source::path).collect();
    read(sources, IndexSchema::shared(), &options, |event| {
        records += usize::from(matches!(event, Event::Record(_)));
        ControlFlow::Continue(())
    })?;
    Ok(records)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        return found.push(path.to_owned());
    }
    let entries = std::fs::read_dir(path).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().for_each(|path| collect(path, found));
}

fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut all = Vec::new();
        collect(&corpus(), &mut all);
        let mut files = Files::new();
        for file in all {
            if let Some(format) = format(&file) {
                files.entry(format).or_default().push(file);
            }
        }
        files
    })
}

/// The format of a file's first record; of none where it has no record.
fn format(file: &Path) -> Option<&'static str> {
    let mut format = None;
    let sources = vec![Source::path(file)];
    let options = ReadOptions::default();
    read(sources, IndexSchema::shared(), &options, |event| {
        let Event::Record(parsed) = event else {
            return ControlFlow::Continue(());
        };
        format = parsed.read_as.map(|format| format.as_str());
        ControlFlow::Break(())
    })
    .expect("the corpus can be read");
    format
}

fn bytes(files: &[PathBuf]) -> u64 {
    let sizes = files.iter().map(|file| file.metadata().map(|m| m.len()));
    sizes
        .sum::<std::io::Result<u64>>()
        .expect("the corpus can be read")
}

#[divan::bench(args = files().keys())]
fn format_by_format(bencher: Bencher, format: &str) {
    measure(bencher, &files()[format]);
}

#[divan::bench]
fn everything(bencher: Bencher) {
    let mut all = Vec::new();
    collect(&corpus(), &mut all);
    measure(bencher, &all);
}

fn measure(bencher: Bencher, files: &[PathBuf]) {
    let records = parse(files).expect("the corpus can be read");
    bencher
        .counter(BytesCount::new(bytes(files)))
        .counter(ItemsCount::new(records))
        .bench(|| parse(files).expect("the corpus can be read"));
}
