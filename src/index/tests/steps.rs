//! Every step of a run that changes the disk fails once: what stands, and whether the next run sets it right.

use super::*;
use crate::index::faults::{Fault, Watch};
use crate::index::layout::Layout;
use crate::index::manifest::{MANIFEST, Manifest};
use std::collections::BTreeSet;

/// A run that changes an index, from the state it finds to the state it leaves.
pub(super) struct Change {
    pub(super) bench: Bench,
    /// The index before the run; `None` where there was none.
    pub(super) before: Option<Contents>,
    pub(super) after: Contents,
    options: UpdateOptions,
}

impl Change {
    /// The first build of an index.
    pub(super) fn first_build() -> Self {
        let files = [
            ("a.json", study(1, "alpha", "2020-01-01")),
            ("b.json", study(2, "beta", "2020-01-01")),
        ];
        Change::of(Bench::new(&files), UpdateOptions::default())
    }

    /// Records are added, changed, removed, superseded and stand again.
    pub(super) fn night() -> Self {
        let bench = Bench::new(&evening());
        bench.update();
        Change::of(overnight(bench), UpdateOptions::default())
    }

    /// The same, with everything built from nothing.
    pub(super) fn full_rebuild() -> Self {
        let bench = Bench::new(&evening());
        bench.update();
        bench.write("more.json", &study(30, "gamma more", "2020-01-01"));
        bench.update();
        let options = UpdateOptions {
            full: true,
            ..UpdateOptions::default()
        };
        Change::of(overnight(bench), options)
    }

    fn of(bench: Bench, options: UpdateOptions) -> Self {
        let options = UpdateOptions {
            threads: Some(1),
            memory: Some(30_000_000),
            ..options
        };
        let before = bench.root().exists().then(|| contents(&bench.snapshot()));
        let sources = vec![Source::path(bench.source())];
        let schema = Arc::clone(&SCHEMA);
        let nothing = UpdateOptions::default();
        let (clean, _) = Index::in_memory(sources, &[], schema, &nothing, &mut ()).unwrap();
        Change {
            before,
            after: contents(&clean.snapshot()),
            bench,
            options,
        }
    }

    /// A folder with the index as it was before the run.
    pub(super) fn copy(&self) -> tempfile::TempDir {
        let folder = folder();
        if self.before.is_some() {
            copy(&self.bench.root(), &folder.path().join("index"));
        }
        folder
    }

    /// Does the run on an index.
    pub(super) fn run(&self, root: &Path) -> crate::Result<UpdateReport> {
        let mut writer = IndexWriter::open(root, Arc::clone(&SCHEMA))?;
        writer.add(Source::path(self.bench.source()), Vec::new())?;
        writer.update(&self.options, &mut ())
    }

    /// Checks that an index holds the state before the run or after it, and tells whether it is after.
    pub(super) fn is_after(&self, root: &Path, at: &str) -> bool {
        let opened = Index::open(root, Arc::clone(&SCHEMA));
        let index = match (opened, &self.before) {
            (Ok(index), _) => index,
            (Err(e), None) => {
                assert_eq!(e.kind(), ErrorKind::Io, "{at}: {e}");
                assert!(!root.join("CURRENT").exists(), "{at}: {e}");
                return false;
            }
            (Err(e), Some(_)) => panic!("{at}: {e}"),
        };
        assert!(index.check_all_bytes().unwrap().is_empty(), "{at}");
        let found = contents(&index.snapshot());
        if found == self.after {
            return true;
        }
        assert_eq!(Some(&found), self.before.as_ref(), "{at}");
        false
    }

    /// Does the run again, undisturbed, and checks that it sets everything right.
    pub(super) fn recovers(&self, root: &Path, at: &str) {
        let report = self.run(root).unwrap_or_else(|e| panic!("{at}: {e}"));
        adds_up(&report);
        assert!(self.is_after(root, at), "{at}");
        no_litter(root, at);
    }
}

/// Checks that an index holds nothing but what its parts name.
pub(super) fn no_litter(root: &Path, at: &str) {
    let names = |path: &Path| -> BTreeSet<String> {
        let entries = fs::read_dir(path).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let expected = ["CURRENT", "LOCK", "generations"].map(str::to_owned);
    assert_eq!(names(root), BTreeSet::from(expected), "{at}");
    let layout = Layout::new(root);
    let generations = layout.names().unwrap();
    assert!(generations.len() <= 2, "{at}: {generations:?}");
    assert_eq!(
        generations.last().copied(),
        layout.current().unwrap(),
        "{at}"
    );
    assert_eq!(
        names(&root.join("generations")).len(),
        generations.len(),
        "{at}"
    );
    for name in generations {
        let path = layout.generation(name);
        let manifest = Manifest::read(&path).unwrap();
        let known = manifest.files.keys().cloned();
        let known = known.chain([MANIFEST.to_owned()]).collect();
        assert_eq!(names(&path), known, "{at}");
    }
}

fn evening() -> Vec<(&'static str, String)> {
    vec![
        ("a.json", study(1, "alpha", "2019-01-01")),
        ("b.json", study(1, "alpha again", "2020-01-01")),
        ("c.json", study(2, "beta", "2020-01-01")),
        ("d.json", study(3, "gamma", "2020-01-01")),
    ]
}

fn overnight(bench: Bench) -> Bench {
    bench.delete("b.json");
    bench.write("c.json", &study(2, "beta changed", "2021-01-01"));
    bench.delete("d.json");
    bench.write("e.json", &study(4, "alpha and gamma", "2021-01-01"));
    bench.write("f.json", &study(2, "an old beta", "2018-01-01"));
    bench
}

/// A folder in memory where there is one: these tests sync thousands of times.
pub(super) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    tempfile::tempdir_in(memory).unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Lets steps of a run fail, one after the other, until the run passes untouched: every step, or one in so many.
fn sweep(change: &Change, fault: Fault, one_in: usize) {
    for step in (0..).step_by(one_in) {
        let folder = change.copy();
        let root = folder.path().join("index");
        let at = format!("{fault:?} at step {step}");
        let watch = Watch::fail(folder.path(), step, fault);
        let result = change.run(&root);
        let failed = watch.failed();
        drop(watch);
        let after = change.is_after(&root, &at);
        assert!(after || result.is_err(), "{at}: acknowledged and not there");
        if let Err(e) = &result {
            assert!(e.path().is_some(), "{at}: no word of what failed: {e}");
        }
        if !failed {
            result.unwrap();
            assert!(step > 60, "only {step} steps were seen");
            return;
        }
        change.recovers(&root, &at);
    }
}

/// Whatever happens, the state before or after stands, and the next run sets everything right.
fn survives(change: &Change) {
    sweep(change, Fault::Once, 1);
    sweep(change, Fault::Killed, 1);
    // What it leaves is what a killed run leaves, but for the write that was cut.
    sweep(change, Fault::ForEver, 9);
}

#[test]
fn the_first_build_survives_a_fault_at_every_step() {
    survives(&Change::first_build());
}

#[test]
fn a_night_survives_a_fault_at_every_step() {
    survives(&Change::night());
}

#[test]
fn a_full_rebuild_survives_a_fault_at_every_step() {
    survives(&Change::full_rebuild());
}
