//! Opening an index on disk, and its first answer: what a program that starts waits for.
//!
//! `cargo bench --bench opening` indexes `corpus/`. `TRIALDEX_BENCH_CORPUS` names another file or
//! folder, `TRIALDEX_BENCH_INDEX` a folder that keeps the index from run to run. The system's cache
//! of files is warm; for the cold figure, empty it and run `trialdex search` once.

mod shared;

use divan::Bencher;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use trialdex::index::{Index, IndexWriter, UpdateOptions};
use trialdex::query::Query;
use trialdex::results::{SearchOptions, search};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

const WHY: &str = "the index can be opened";

/// The folder of the index; the temporary one goes with the process.
static FOLDER: LazyLock<(Option<TempDir>, PathBuf)> = LazyLock::new(|| {
    let (held, folder) = match std::env::var_os("TRIALDEX_BENCH_INDEX") {
        Some(kept) => (None, PathBuf::from(kept)),
        None => {
            let held = TempDir::new().expect("a temporary folder can be made");
            let folder = held.path().join("index");
            (Some(held), folder)
        }
    };
    let corpus = shared::corpus();
    let mut writer = IndexWriter::open(&folder, schema()).expect(WHY);
    writer.add(Source::path(corpus), Vec::new()).expect(WHY);
    writer
        .update(&UpdateOptions::default(), &mut ())
        .expect(WHY);
    (held, folder)
});

fn main() {
    divan::main();
    // Statics are not dropped: the temporary folder has to be removed by name.
    if FOLDER.0.is_some() {
        let folder = FOLDER.1.parent().expect("it has a parent");
        std::fs::remove_dir_all(folder).expect("the temporary folder can be removed");
    }
}

fn schema() -> Arc<IndexSchema> {
    Arc::new(IndexSchema::shipped().expect("the shipped schema is valid"))
}

fn open(schema: Arc<IndexSchema>) -> Index {
    Index::open(&FOLDER.1, schema).expect(WHY)
}

/// The schema alone, which every program reads first.
#[divan::bench]
fn read_schema() -> Arc<IndexSchema> {
    schema()
}

/// From a folder's name to an index to search.
#[divan::bench]
fn open_index(bencher: Bencher) {
    let schema = schema();
    open(Arc::clone(&schema));
    bencher.bench(|| open(Arc::clone(&schema)));
}

/// The same, and the first ten hits with snippets.
#[divan::bench]
fn open_and_search(bencher: Bencher) {
    let schema = schema();
    open(Arc::clone(&schema));
    bencher.bench(|| {
        let index = open(Arc::clone(&schema));
        let query = Query::text("stem cells for lupus nephritis");
        search(&index.snapshot(), &query, &SearchOptions::default()).expect(WHY)
    });
}
