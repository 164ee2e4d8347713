//! File operations that survive a power cut: nothing counts as done before it is synced.

use super::disk::{self, NewFile};
use crate::error::{Error, Result};
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Prefix of files being written; whatever still has it was left by a killed process.
pub(crate) const UNFINISHED: &str = ".tmp";

/// Replaces a file in one step: a reader sees the old content or the new, a power cut keeps one of them.
///
/// The permissions are the process's usual ones (0644 under the common umask), so that others can read the index.
pub(crate) fn replace_file(path: &Path, content: &[u8]) -> Result<()> {
    replace(path, content).map_err(|e| Error::io(path, e))
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    write_and_rename(path, content, true)?;
    disk::sync_folder(parent(path))
}

/// Replaces a file in one step without making it durable: for what is synced later, as a whole.
pub(crate) fn replace_unsynced(path: &Path, content: &[u8]) -> io::Result<()> {
    write_and_rename(path, content, false)
}

/// Writes a value as a line of JSON, at once: JSON comes in pieces of a few bytes, each of which
/// would cost an encoder a call. `line` is a buffer that can be used again.
pub(crate) fn write_json_line(
    out: &mut impl Write,
    line: &mut Vec<u8>,
    value: &impl Serialize,
) -> io::Result<()> {
    line.clear();
    serde_json::to_writer(&mut *line, value)?;
    line.push(b'\n');
    out.write_all(line)
}

fn write_and_rename(path: &Path, content: &[u8], sync: bool) -> io::Result<()> {
    let unfinished = unfinished(path)?;
    let written = write(&unfinished, content, sync).and_then(|()| disk::rename(&unfinished, path));
    if written.is_err() {
        // The first error is the one to tell; a left-over is cleaned by the next writer.
        let _ = disk::remove_file(&unfinished);
    }
    written
}

fn unfinished(path: &Path) -> io::Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a path without a file name"))?;
    let mut unfinished = std::ffi::OsString::from(UNFINISHED);
    unfinished.push("-");
    unfinished.push(name);
    Ok(path.with_file_name(unfinished))
}

fn write(path: &Path, content: &[u8], sync: bool) -> io::Result<()> {
    let mut file = NewFile::create(path)?;
    file.write_all(content)?;
    if sync { file.sync() } else { Ok(()) }
}

/// The folder a path stands in.
fn parent(path: &Path) -> &Path {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    disk::sync_folder(path).map_err(|e| Error::io(path, e))
}

/// Gives a file a second name, or copies it where the file system has no hard links.
pub(crate) fn link_or_copy(from: &Path, to: &Path) -> Result<()> {
    if disk::link(from, to).is_ok() {
        return Ok(());
    }
    copy(from, to).map_err(|e| Error::io(to, e))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = NewFile::create(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync()
}

/// Creates a folder and its parents where they are missing, and makes its name durable.
pub(crate) fn create_folder(path: &Path) -> Result<()> {
    create(path).map_err(|e| Error::io(path, e))
}

fn create(path: &Path) -> io::Result<()> {
    if !path.is_dir() {
        if !parent(path).is_dir() {
            create(parent(path))?;
        }
        disk::create_folder(path)?;
        return disk::sync_folder(parent(path));
    }
    match disk::sync_folder(parent(path)) {
        // A folder whose parent we may not even list was made by somebody else.
        Err(e) if e.kind() == ErrorKind::PermissionDenied => Ok(()),
        synced => synced,
    }
}

/// Removes a folder with all it holds; one that is not there is fine.
pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    match remove_all(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::io(path, e)),
        _ => Ok(()),
    }
}

fn remove_all(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => remove_all(&entry.path())?,
            false => disk::remove_file(&entry.path())?,
        }
    }
    disk::remove_folder(path)
}

/// Removes a file; one that is not there is fine.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    match disk::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::io(path, e)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_has_the_new_content_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("CURRENT");
        replace_file(&path, b"one").unwrap();
        replace_file(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_has_the_permissions_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        replace_file(&ours, b"x").unwrap();
        fs::write(&usual, b"x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
