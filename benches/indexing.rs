//! Building an index, and the nights after: records and bytes a second.
//!
//! `cargo bench --bench indexing` indexes `corpus/`; `TRIALDEX_BENCH_CORPUS` names another file or
//! folder. The nights are over the same records, parsed before and laid out in files of
//! [`RECORDS_A_FILE`] each, as a registry's download has many files: one night nothing changed, one
//! night the title of one record of [`ONE_OF`] (at least of one).

mod shared;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use shared::corpus;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use trialdex::Result;
use trialdex::index::{Index, IndexWriter, UpdateOptions};
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, Source, read};

const RECORDS_A_FILE: usize = 20;

/// One of so many records changes in a night.
const ONE_OF: usize = 100;

const WHY: &str = "the corpus can be indexed";

fn main() {
    divan::main();
}

fn schema() -> Arc<IndexSchema> {
    Arc::new(IndexSchema::shipped().expect("the shipped schema is valid"))
}

/// The records of the corpus in files of their own, and an index of them.
struct World {
    folder: TempDir,
    /// The files, each with what it holds on even nights and on odd ones.
    files: Vec<(PathBuf, [Vec<u8>; 2])>,
    records: usize,
}

impl World {
    fn new() -> Result<Self> {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let sources = folder.path().join("sources");
        fs::create_dir(&sources).expect("a folder can be made");
        let lines = lines()?;
        let mut files = Vec::new();
        let changed: Vec<String> = lines.iter().enumerate().map(changed).collect();
        let nights = lines
            .chunks(RECORDS_A_FILE)
            .zip(changed.chunks(RECORDS_A_FILE));
        for (number, (even, odd)) in nights.enumerate() {
            let file = sources.join(format!("{number:06}.jsonl"));
            files.push((file, [even.concat().into(), odd.concat().into()]));
        }
        let records = lines.len();
        let world = World {
            folder,
            files,
            records,
        };
        world.write(0);
        Ok(world)
    }

    /// Writes the files of a night.
    fn write(&self, night: usize) {
        for (file, nights) in &self.files {
            let bytes = &nights[night % 2];
            // A file that is as it was keeps its time.
            if fs::read(file).ok().as_ref() != Some(bytes) {
                fs::write(file, bytes).expect("a file can be written");
            }
        }
    }

    fn update(&self, full: bool) -> Result<()> {
        let mut writer = IndexWriter::open(self.folder.path().join("index"), schema())?;
        writer.add(Source::path(self.folder.path().join("sources")), Vec::new())?;
        let options = UpdateOptions {
            full,
            ..UpdateOptions::default()
        };
        writer.update(&options, &mut ())?;
        Ok(())
    }

    fn bytes(&self) -> usize {
        self.files.iter().map(|(_, [even, _])| even.len()).sum()
    }
}

/// Every record in trialdex's own format, a line each.
fn lines() -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let sources = vec![Source::path(corpus())];
    read(sources, &schema(), &ReadOptions::default(), |event| {
        if let Event::Record(parsed) = event {
            let json = String::from_utf8(parsed.json).expect("JSON is UTF-8");
            lines.push(json + "\n");
        }
        ControlFlow::Continue(())
    })?;
    Ok(lines)
}

/// A record as it is on odd nights.
fn changed((number, line): (usize, &String)) -> String {
    if !number.is_multiple_of(ONE_OF) {
        return line.clone();
    }
    let mut changed = line.clone();
    for key in [r#""public_title":""#, r#""title":""#] {
        changed = changed.replacen(key, &format!("{key}Changed "), 1);
    }
    assert_ne!(changed, *line, "a record has a title");
    changed
}

/// From the corpus' own files to an index in memory.
#[divan::bench(sample_count = 10)]
fn in_memory(bencher: Bencher) {
    let world = World::new().expect(WHY);
    let options = UpdateOptions::default();
    bencher
        .counter(BytesCount::new(world.bytes()))
        .counter(ItemsCount::new(world.records))
        .bench(|| {
            let sources = vec![Source::path(corpus())];
            Index::in_memory(sources, &[], schema(), &options, &mut ()).expect(WHY)
        });
}

/// Everything from nothing, on disk.
#[divan::bench(sample_count = 10)]
fn full_night(bencher: Bencher) {
    let world = World::new().expect(WHY);
    bencher
        .counter(BytesCount::new(world.bytes()))
        .counter(ItemsCount::new(world.records))
        .bench(|| world.update(true).expect(WHY));
}

/// No file changed.
#[divan::bench(sample_count = 10)]
fn quiet_night(bencher: Bencher) {
    let world = World::new().expect(WHY);
    world.update(false).expect(WHY);
    bencher
        .counter(ItemsCount::new(world.records))
        .bench(|| world.update(false).expect(WHY));
}

/// One record of a hundred changed; each night they change again.
#[divan::bench(sample_count = 10)]
fn changed_night(bencher: Bencher) {
    let world = World::new().expect(WHY);
    world.update(false).expect(WHY);
    let mut night = 0;
    bencher
        .counter(ItemsCount::new(world.records))
        .with_inputs(|| {
            night += 1;
            world.write(night);
        })
        .bench_local_values(|()| world.update(false).expect(WHY));
}
