//! The disk fills up while an index is written.

use super::{Sources, State, no_litter, open, said};
use crate::program::trialdex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A small file system in memory, gone when dropped.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Tells why a test does nothing where it may not be mounted.
    fn mount(path: &Path, kilobytes: u32) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let options = format!("size={kilobytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(path)
            .output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: mounting a small disk needs root");
        }
        mounted.then(|| SmallDisk {
            path: path.to_owned(),
        })
    }

    fn resize(&self, kilobytes: u32) {
        let options = format!("remount,size={kilobytes}k");
        let status = Command::new("mount")
            .args(["-o", &options])
            .arg(&self.path)
            .status();
        assert!(status.unwrap().success());
    }

    fn used_kilobytes(&self) -> u32 {
        let output = Command::new("df")
            .args(["--output=used", "-k"])
            .arg(&self.path)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().nth(1).unwrap().trim().parse().unwrap()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_index_says_what_is_needed_and_leaves_no_litter() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("index");
    let Some(disk) = SmallDisk::mount(&root, 64 << 10) else {
        return;
    };
    let mut sources = Sources::new(folder.path(), 3);
    let run = |words: &[&str]| -> Output { trialdex(folder.path()).args(words).output().unwrap() };
    let built = trialdex(folder.path())
        .arg("index")
        .args(sources.paths())
        .output()
        .unwrap();
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    let before = State::of(&open(&root).unwrap().snapshot()).unwrap();
    let night = ["reindex", "--full", "--max-removed", "100"];
    sources.change();
    let used = disk.used_kilobytes();
    // From no room at all to nearly enough: found out before a byte is written, or in the middle.
    for room in [0, 64, 512, 2_500] {
        disk.resize(used + room);
        let output = run(&night);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{room} KiB free: {}",
            said(&output)
        );
        assert!(
            said(&output).contains("MB"),
            "{room} KiB free: {}",
            said(&output)
        );
        assert!(State::of(&open(&root).unwrap().snapshot()).unwrap() == before);
        assert_eq!(run(&["search", "lupus"]).status.code(), Some(0));
    }
    disk.resize(64 << 10);
    let output = run(&night);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(State::of(&open(&root).unwrap().snapshot()).unwrap() == sources.clean_state());
    no_litter(&root);
}
