//! Whether the disk has room for what is about to be written.

use crate::error::{Error, ErrorKind, Result};
use crate::source::Survey;
use std::path::Path;

/// Bytes of index to a byte of source, where no earlier build tells: measured 0.45 (XML) to 0.65 (JSON Lines) …
const OF_PLAIN: f64 = 0.8;

/// … and 4 where the source is compressed.
const OF_PACKED: f64 = 6.0;

/// Joining pieces of an index needs room for what comes out beside what goes in.
const JOINING: f64 = 2.0;

/// Manifest, ledger and logs.
const MARGIN: u64 = 2 << 20;

/// Less than this and a failed write was for want of room.
const NOTHING_LEFT: u64 = 1 << 20;

/// What helps where there is too little room.
const FREE_SOME: &str = "the index is as it was; free some disk and run again";

/// Bytes a run may need: for a whole index, or for what has changed.
///
/// `sizes` are bytes of the present index and of the sources it was made of.
pub(super) fn needed(survey: Survey, sizes: Option<(u64, u64)>, full: bool) -> u64 {
    let (plain, packed) = (survey.plain as f64, survey.packed as f64);
    let guessed = plain * OF_PLAIN + packed * OF_PACKED;
    let expected = match sizes {
        Some((index, sources)) if sources > 0 => {
            let measured = (plain + packed) * index as f64 / sources as f64;
            if full {
                measured
            } else {
                measured.min(guessed)
            }
        }
        _ => guessed,
    };
    (expected * JOINING) as u64 + MARGIN
}

/// Refuses to begin what would run out of disk.
pub(super) fn check(folder: &Path, needed: u64) -> Result<()> {
    let free = fs4::available_space(folder).map_err(|e| Error::io(folder, e))?;
    if free >= needed {
        return Ok(());
    }
    let message = format!(
        "not enough disk: this run may need {}, {} are free",
        megabytes(needed),
        megabytes(free)
    );
    Err(too_little(folder, message))
}

/// Whether a share of what a folder holds fits on the disk once more.
pub(super) fn has_room(folder: &Path, share: f64) -> bool {
    let size = || -> std::io::Result<u64> {
        let sizes = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.metadata()?.len()));
        sizes.sum()
    };
    let room = size().and_then(|size| Ok((size, fs4::available_space(folder)?)));
    room.is_ok_and(|(size, free)| share * size as f64 + MARGIN as f64 <= free as f64)
}

/// Tells of a failed write that the disk was full, and how much would have been needed.
pub(super) fn explain(error: Error, folder: &Path, needed: u64) -> Error {
    let full = fs4::available_space(folder).is_ok_and(|free| free < NOTHING_LEFT);
    let is_told = error.hint() == Some(FREE_SOME);
    if error.kind() != ErrorKind::Io || is_told || !(full || is_storage_full(&error)) {
        return error;
    }
    let message = format!("the disk is full: this run may need {}", megabytes(needed));
    too_little(folder, message).caused_by(error)
}

fn too_little(folder: &Path, message: String) -> Error {
    Error::new(ErrorKind::Io, message)
        .at(folder)
        .remedy(FREE_SOME)
}

fn is_storage_full(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|e| e.kind() == std::io::ErrorKind::StorageFull) {
            return true;
        }
        cause = error.source();
    }
    false
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_too_small_is_told_before_anything_is_written_with_the_room_needed() {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path(), 1).unwrap();
        let error = check(folder.path(), 5_000_000_000_000_000).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("5000000000.0 MB"), "{error}");
        assert!(error.hint().is_some());
    }

    #[test]
    fn what_does_not_fit_once_more_is_not_joined() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), [0; 1000]).unwrap();
        assert!(has_room(folder.path(), 1.0));
        assert!(!has_room(folder.path(), 1e15));
    }

    #[test]
    fn a_full_disk_is_told_as_one_with_the_room_needed() {
        let folder = tempfile::tempdir().unwrap();
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = explain(Error::io("a", full), folder.path(), 7_000_000);
        assert!(error.to_string().contains("7.0 MB"), "{error}");
        let other = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = explain(Error::io("a", other), folder.path(), 7_000_000);
        assert!(!error.to_string().contains("7.0 MB"), "{error}");
    }

    #[test]
    fn a_disk_too_small_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let told = check(folder.path(), 5_000_000_000_000_000).unwrap_err();
        let told = told.caused_by(full);
        let message = told.to_string();
        assert_eq!(explain(told, folder.path(), 1).to_string(), message);
    }

    #[test]
    fn a_night_needs_room_for_what_changed_and_a_rebuild_for_all() {
        let changed = Survey {
            plain: 1_000_000,
            packed: 0,
        };
        let sizes = Some((100_000_000, 50_000_000));
        assert!(needed(changed, sizes, false) < 10_000_000);
        let all = Survey {
            plain: 50_000_000,
            packed: 0,
        };
        assert!(needed(all, sizes, true) >= 200_000_000);
        let packed = Survey {
            plain: 0,
            packed: 1_000_000,
        };
        assert!(needed(packed, None, true) >= 12_000_000);
    }
}
