//! Every step of a run that changes the disk fails once, its log and the switch between generations too.

use super::bench::{Bench, SCHEMA, files_below, study};
use crate::index::faults::{Fault, Watch};
use crate::index::{Index, IndexWriter, verify};
use crate::reindex::{ReindexOptions, RunReport, RunResult, reindex, rollback, runs};
use std::fs;
use std::path::Path;
use std::sync::Arc;

type Run = fn(&mut IndexWriter) -> crate::Result<RunReport>;

fn night(writer: &mut IndexWriter) -> crate::Result<RunReport> {
    writer.read_all();
    reindex(writer, &ReindexOptions::default(), &mut ())
}

fn back(writer: &mut IndexWriter) -> crate::Result<RunReport> {
    rollback(writer, None, 2, &mut ())
}

fn do_run(root: &Path, run: Run) -> crate::Result<RunReport> {
    run(&mut IndexWriter::open_existing(root, Arc::clone(&SCHEMA))?)
}

fn titles(root: &Path) -> Vec<String> {
    let index = Index::open(root, Arc::clone(&SCHEMA)).unwrap();
    let records = index.snapshot();
    let records = records.records().unwrap();
    records
        .map(|r| r.unwrap().title().unwrap().to_owned())
        .collect()
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files_below(from) {
        let to = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
}

/// Lets every step of a run fail, one after the other, until the run passes untouched.
///
/// What is found is what stood before or what a run that passes leaves; the next night makes the
/// index equal to its sources, and tells in its log what became of the run before.
fn survives(bench: &Bench, run: Run) {
    let in_memory =
        || tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap());
    let before = bench.titles();
    let untouched = in_memory();
    copy(&bench.root(), untouched.path());
    do_run(untouched.path(), run).unwrap();
    let after = titles(untouched.path());
    do_run(untouched.path(), night).unwrap();
    let in_the_end = titles(untouched.path());
    for fault in [Fault::Once, Fault::Killed] {
        for step in 0.. {
            let at = format!("{fault:?} at step {step}");
            let folder = in_memory();
            copy(&bench.root(), folder.path());
            let watch = Watch::fail(folder.path(), step, fault);
            let result = do_run(folder.path(), run);
            let failed = watch.failed();
            drop(watch);
            let found = titles(folder.path());
            assert!(found == before || found == after, "{at}: {found:?}");
            assert!(
                result.is_err() || found == after,
                "{at}: acknowledged and not there"
            );
            let report = do_run(folder.path(), night).unwrap();
            assert_eq!(titles(folder.path()), in_the_end, "{at}");
            assert!(report.warnings.is_empty(), "{at}: {:?}", report.warnings);
            let verified = verify(folder.path(), &SCHEMA).unwrap();
            assert!(
                verified.damage.is_empty() && verified.kept.is_empty(),
                "{at}: {verified:?}"
            );
            let mut ended = runs(folder.path()).unwrap();
            assert!(
                ended.all(|run| run.unwrap().result != RunResult::Running),
                "{at}"
            );
            for (path, _) in files_below(folder.path()) {
                let name = path.file_name().unwrap().to_str().unwrap();
                assert!(!name.starts_with(".tmp"), "{at}: {}", path.display());
            }
            if !failed {
                assert!(step > 10, "only {step} steps were seen");
                break;
            }
        }
    }
}

#[test]
fn a_quiet_night_survives_a_fault_at_every_step() {
    survives(&Bench::with_studies(2), night);
}

#[test]
fn going_back_survives_a_fault_at_every_step() {
    let bench = Bench::with_studies(12);
    bench.write("1.json", &study(1, "Changed"));
    bench.night();
    survives(&bench, back);
}
