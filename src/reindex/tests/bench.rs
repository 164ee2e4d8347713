//! A folder of sources, an index, and nights over them.

use crate::index::{Index, IndexWriter, Snapshot};
use crate::reindex::{Gate, ReindexOptions, RunReport, SmokeQuery, reindex};
use crate::schema::IndexSchema;
use crate::source::Source;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

pub(super) static SCHEMA: LazyLock<Arc<IndexSchema>> =
    LazyLock::new(|| Arc::new(IndexSchema::shipped().unwrap()));

/// A study as ClinicalTrials.gov's API gives it.
pub(super) fn study(number: u32, title: &str) -> String {
    format!(
        r#"{{"protocolSection":{{"identificationModule":{{"nctId":"NCT{number:08}","briefTitle":"{title}"}},"statusModule":{{"overallStatus":"RECRUITING"}}}}}}"#
    )
}

pub(super) struct Bench {
    pub(super) folder: tempfile::TempDir,
}

impl Bench {
    /// Sources with so many studies, one a file, and an index of them.
    pub(super) fn with_studies(count: u32) -> Self {
        let bench = Bench {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(bench.source()).unwrap();
        for number in 1..=count {
            bench.write(
                &format!("{number}.json"),
                &study(number, &format!("Study {number} of lupus")),
            );
        }
        let mut writer = IndexWriter::open(bench.root(), Arc::clone(&SCHEMA)).unwrap();
        writer
            .add(Source::path(bench.source()), Vec::new())
            .unwrap();
        reindex(&mut writer, &ReindexOptions::default(), &mut ()).unwrap();
        bench
    }

    pub(super) fn source(&self) -> PathBuf {
        self.folder.path().join("source")
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub(super) fn write(&self, name: &str, content: &str) {
        fs::write(self.source().join(name), content).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        fs::remove_file(self.source().join(name)).unwrap();
    }

    pub(super) fn writer(&self) -> IndexWriter {
        IndexWriter::open_existing(self.root(), Arc::clone(&SCHEMA)).unwrap()
    }

    pub(super) fn night(&self) -> RunReport {
        self.night_with(&ReindexOptions::default()).unwrap()
    }

    pub(super) fn night_with(&self, options: &ReindexOptions) -> crate::Result<RunReport> {
        let mut writer = self.writer();
        writer.read_all();
        reindex(&mut writer, options, &mut ())
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Index::open(self.root(), Arc::clone(&SCHEMA))
            .unwrap()
            .snapshot()
    }

    pub(super) fn titles(&self) -> Vec<String> {
        let snapshot = self.snapshot();
        let records = snapshot.records().unwrap();
        records
            .map(|r| r.unwrap().title().unwrap().to_owned())
            .collect()
    }

    /// What readers see and could go back to: `CURRENT` and the generations, byte for byte.
    pub(super) fn state(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = vec![(
            PathBuf::from("CURRENT"),
            fs::read(self.root().join("CURRENT")).unwrap(),
        )];
        files.extend(files_below(&self.root().join("generations")));
        files
    }
}

pub(super) fn files_below(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

/// Options with one smoke query.
pub(super) fn with_smoke(at_least: u64, text: &str) -> ReindexOptions {
    ReindexOptions {
        gate: Gate {
            smoke: vec![SmokeQuery::new(at_least, text, &SCHEMA).unwrap()],
            ..Gate::default()
        },
        ..ReindexOptions::default()
    }
}
