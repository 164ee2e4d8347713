//! Files that rot: the program says so, and never panics.

use super::{Random, Sources, said};
use crate::program::trialdex;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn verify_and_search_report_every_file_that_is_changed_or_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let sources = Sources::new(folder.path(), 5);
    let run = |words: &[&str]| trialdex(folder.path()).args(words).output().unwrap();
    let built = trialdex(folder.path())
        .arg("index")
        .args(sources.paths())
        .output()
        .unwrap();
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    let healthy = run(&["search", "lupus nephritis", "--format", "jsonl"]).stdout;
    let saved = run(&["watch", "add", "lupus", "lupus nephritis"]);
    assert_eq!(saved.status.code(), Some(0), "{}", said(&saved));
    let mut random = Random(9);
    let mut all = Vec::new();
    files(&folder.path().join("index"), &mut all);
    all.retain(|path| !path.ends_with("LOCK"));
    assert!(all.len() > 10, "{all:?}");
    for path in all {
        let good = fs::read(&path).unwrap();
        let mut flipped = good.clone();
        let at = random.below(good.len() as u64) as usize;
        flipped[at] ^= 1 << random.below(8);
        let cut = good[..random.below(good.len() as u64) as usize].to_vec();
        for bad in [flipped, cut] {
            fs::write(&path, bad).unwrap();
            // The log and the saved searches are no part of what is searched.
            let beside = path.ends_with("watches.json")
                || path.components().any(|part| part.as_os_str() == "runs");
            let of_search = if beside { 0 } else { 5 };
            for (words, code) in [
                (&["verify"][..], 5),
                (&["search", "lupus nephritis"], of_search),
            ] {
                let output = run(words);
                assert_eq!(
                    output.status.code(),
                    Some(code),
                    "{words:?} {}: {}",
                    path.display(),
                    said(&output)
                );
                assert!(!said(&output).contains("panicked"), "{}", said(&output));
            }
        }
        fs::write(&path, good).unwrap();
    }
    assert_eq!(run(&["verify"]).status.code(), Some(0));
    assert_eq!(
        run(&["search", "lupus nephritis", "--format", "jsonl"]).stdout,
        healthy
    );
}
