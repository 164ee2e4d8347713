//! How a file stands on disk, and whether it is the one that was read before.
//!
//! Size and times tell it at once, as they do for git; where they can lie the bytes are digested:
//! a file written while it was read, or so shortly before that the clock may not have moved, and
//! one that was put in another's place with its size and time kept.

use super::limits::digest_of;
use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// How coarse the clock of a file system may be, in nanoseconds: FAT counts in steps of two seconds.
const COARSE: i64 = 2_000_000_000;

/// A file as it stands on disk: what tells whether it has changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileState {
    /// The path below the source, with `/` between its parts; the file's name where it is itself the source.
    pub path: String,
    /// Bytes on disk.
    pub size: u64,
    /// Its last change, in nanoseconds since 1970, where the system tells.
    pub modified: Option<i64>,
    /// The last change of its entry on disk, which no program can set back, in nanoseconds since 1970; Unix tells it.
    pub changed: Option<i64>,
}

/// How the reading of a file ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileEnd {
    /// XXH3 (128 bits) of its bytes on disk, where all of them were read.
    pub digest: Option<u128>,
    /// Whether it had come to rest before it was read, so that equal size and times tell it has not changed since.
    pub settled: bool,
    /// Whether the system refused to give its bytes: what it holds is unknown.
    pub unreadable: bool,
}

/// What was told of a file when it was read before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownFile {
    /// Bytes on disk.
    pub size: u64,
    /// As in [`FileState`].
    pub modified: Option<i64>,
    /// As in [`FileState`].
    pub changed: Option<i64>,
    /// How its reading ended.
    pub end: FileEnd,
}

/// The files of a source that were read before, by their path below it.
pub type KnownFiles = HashMap<String, KnownFile>;

impl FileState {
    pub(super) fn new(path: &str, metadata: Option<&Metadata>) -> Self {
        FileState {
            path: path.to_owned(),
            size: metadata.map_or(0, Metadata::len),
            modified: metadata.and_then(modified),
            changed: metadata.and_then(changed),
        }
    }

    /// Whether the file had not been touched for a while at a moment.
    pub(super) fn settled(&self, moment: i64) -> bool {
        self.modified.is_some()
            && self.modified.max(self.changed) < Some(moment.saturating_sub(COARSE))
    }

    /// How the file's reading would end, if it holds what it held before.
    pub(super) fn unchanged(&self, known: &KnownFile, path: &Path, moment: i64) -> Option<FileEnd> {
        if known.end.unreadable || self.size != known.size {
            return None;
        }
        let same_times = self.modified == known.modified && self.changed == known.changed;
        if !(known.end.settled && same_times) {
            let digest = known.end.digest?;
            let mut file = File::open(path).ok()?;
            if digest_of(&mut file) != Some(digest) {
                return None;
            }
        }
        Some(FileEnd {
            digest: known.end.digest,
            settled: self.settled(moment),
            unreadable: false,
        })
    }
}

/// This moment, in nanoseconds since 1970.
pub(super) fn now() -> i64 {
    nanoseconds(SystemTime::now()).unwrap_or(0)
}

fn modified(metadata: &Metadata) -> Option<i64> {
    nanoseconds(metadata.modified().ok()?)
}

fn nanoseconds(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos()).ok().map(|n| -n),
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt;
    metadata
        .ctime()
        .checked_mul(1_000_000_000)?
        .checked_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> Option<i64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file, what is known of it, and how it is told from another.
    fn known(path: &Path, moment: i64) -> (FileState, KnownFile) {
        let state = state(path);
        let end = FileEnd {
            digest: digest_of(&mut File::open(path).unwrap()),
            settled: state.settled(moment),
            unreadable: false,
        };
        let known = KnownFile {
            size: state.size,
            modified: state.modified,
            changed: state.changed,
            end,
        };
        (state, known)
    }

    fn state(path: &Path) -> FileState {
        FileState::new("a", Some(&std::fs::metadata(path).unwrap()))
    }

    #[test]
    fn a_file_at_rest_is_known_by_size_and_times_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let later = now() + 10 * COARSE;
        let (state, mut known) = known(&path, later);
        assert!(known.end.settled);
        // Were the bytes read, this digest would tell another file.
        known.end.digest = Some(0);
        assert!(state.unchanged(&known, &path, later).is_some());
    }

    #[test]
    fn a_file_written_in_the_moment_it_was_read_is_told_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let (state, known) = known(&path, now());
        assert!(!known.end.settled);
        assert!(state.unchanged(&known, &path, now()).is_some());
        // The clock has not moved and the size is the same: only the bytes tell.
        std::fs::write(&path, "two").unwrap();
        assert!(state.unchanged(&known, &path, now()).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_put_in_anothers_place_with_its_size_and_time_is_told_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let later = now() + 10 * COARSE;
        let (before, known) = known(&path, later);
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        std::fs::write(&path, "two").unwrap();
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(time)
            .unwrap();
        let now = state(&path);
        assert_eq!((now.size, now.modified), (before.size, before.modified));
        assert!(now.unchanged(&known, &path, later).is_none());
    }

    #[test]
    fn a_file_touched_and_otherwise_the_same_has_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let later = now() + 10 * COARSE;
        let (_, known) = known(&path, later);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(UNIX_EPOCH)
            .unwrap();
        let end = state(&path).unchanged(&known, &path, later).unwrap();
        assert!(end.settled && end.digest.is_some());
    }

    #[test]
    fn what_could_not_be_read_is_never_taken_for_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let later = now() + 10 * COARSE;
        let (state, mut known) = known(&path, later);
        known.end.unreadable = true;
        assert!(state.unchanged(&known, &path, later).is_none());
    }
}
