//! The steps by which an index changes the disk.
//!
//! All that creates, writes, syncs, names or removes anything passes through here, tantivy's files
//! as well as our own (but for the lock, which keeps nothing), so that tests can let any one step
//! fail and replay what a power cut leaves.

#[cfg(test)]
use super::faults::meet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A step about to be done.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "only tests look at what a step is about")
)]
pub(super) enum Step<'a> {
    CreateFile(&'a Path),
    Write(&'a Path, &'a [u8]),
    /// The content of a file.
    SyncFile(&'a Path),
    /// The names in a folder.
    SyncFolder(&'a Path),
    Rename(&'a Path, &'a Path),
    /// A second name for a file.
    Link(&'a Path, &'a Path),
    RemoveFile(&'a Path),
    CreateFolder(&'a Path),
    /// One that is empty.
    RemoveFolder(&'a Path),
}

/// Where tests put a fault; else every step is done.
#[cfg(not(test))]
fn meet(_step: Step<'_>) -> io::Result<()> {
    Ok(())
}

/// A file being written.
#[derive(Debug)]
pub(super) struct NewFile {
    file: File,
    path: PathBuf,
}

impl NewFile {
    /// Creates a file that must not be there yet.
    pub(super) fn create_new(path: &Path) -> io::Result<Self> {
        NewFile::open(path, OpenOptions::new().write(true).create_new(true))
    }

    /// Creates a file, or empties the one that is there.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        NewFile::open(path, options.write(true).create(true).truncate(true))
    }

    fn open(path: &Path, options: &OpenOptions) -> io::Result<Self> {
        meet(Step::CreateFile(path))?;
        let file = options.open(path)?;
        let path = path.to_owned();
        Ok(NewFile { file, path })
    }

    /// Makes the content durable; the name needs [`sync_folder`].
    pub(super) fn sync(&self) -> io::Result<()> {
        meet(Step::SyncFile(&self.path))?;
        self.file.sync_all()
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        meet(Step::Write(&self.path, bytes))?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes the content of a file durable, whoever wrote it.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    meet(Step::SyncFile(path))?;
    // Not every system syncs what is open for reading only.
    OpenOptions::new().write(true).open(path)?.sync_all()
}

/// Makes the names in a folder durable.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    meet(Step::SyncFolder(path))?;
    File::open(path)?.sync_all()
}

/// Makes the names in a folder durable; Windows does so by itself and cannot open folders as files.
#[cfg(not(unix))]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    meet(Step::SyncFolder(path))
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    meet(Step::Rename(from, to))?;
    fs::rename(from, to)
}

/// Gives a file a second name.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    meet(Step::Link(from, to))?;
    fs::hard_link(from, to)
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    meet(Step::RemoveFile(path))?;
    fs::remove_file(path)
}

/// Creates a folder whose parent is there.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    meet(Step::CreateFolder(path))?;
    fs::create_dir(path)
}

/// Removes an empty folder.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    meet(Step::RemoveFolder(path))?;
    fs::remove_dir(path)
}
