//! Where tantivy finds its files: a folder only read, and a folder being written.
//!
//! Both leave locking to the index's own `LOCK` and never watch for changes: a generation is
//! complete before anybody reads it. Tantivy's own directory would make readers write a lock file
//! and create its meta files for the owner alone.

use super::disk::{self, NewFile};
use super::durable;
use crate::error::Error;
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::Directory;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

/// Bytes written to a file at once: tantivy hands over a few at a time.
const WRITTEN: usize = 1 << 17;

/// A generation's folder as readers see it: nothing in it can be changed.
#[derive(Clone)]
pub(crate) struct ReadOnlyDirectory {
    files: MmapDirectory,
}

/// A generation's folder while it is built by the holder of the index's lock.
///
/// Syncs nothing: what a crash leaves of it is thrown away, and sealing makes the whole durable.
#[derive(Clone)]
pub(crate) struct BuildDirectory {
    files: MmapDirectory,
    root: PathBuf,
    /// Whether building has ended. Tantivy's threads can outlive the writer they belong to: what
    /// they still do must not meet the checksums, nor the next folder of the same name.
    ended: Arc<RwLock<bool>>,
    /// The first write that failed: tantivy tells of a thread that fails only that it did.
    failure: Arc<Mutex<Option<Error>>>,
}

/// A file tantivy is writing.
struct BuildFile {
    file: NewFile,
    path: PathBuf,
    directory: BuildDirectory,
}

impl ReadOnlyDirectory {
    pub(crate) fn open(root: &Path) -> Result<Self, OpenDirectoryError> {
        MmapDirectory::open(root).map(|files| ReadOnlyDirectory { files })
    }
}

impl BuildDirectory {
    pub(crate) fn open(root: &Path) -> Result<Self, OpenDirectoryError> {
        let files = MmapDirectory::open(root)?;
        Ok(BuildDirectory {
            files,
            root: root.to_owned(),
            ended: Arc::default(),
            failure: Arc::default(),
        })
    }

    /// The first write that failed, if one did; told once.
    pub(crate) fn take_failure(&self) -> Option<Error> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.take()
    }

    fn note<T>(&self, path: &Path, written: io::Result<T>) -> io::Result<T> {
        if let Err(e) = &written {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert_with(|| Error::io(path, copy(e)));
        }
        written
    }

    /// Ends building: waits for what is being changed in the folder, and refuses all later changes.
    pub(crate) fn end(&self) {
        *self.ended.write().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Does a step unless building has ended.
    fn change<T>(&self, step: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        if *ended {
            return Err(io::Error::other("the build has ended"));
        }
        step()
    }
}

fn copy(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

fn read_only() -> io::Error {
    io::Error::new(
        io::ErrorKind::ReadOnlyFilesystem,
        "the index is open for reading only",
    )
}

impl Directory for ReadOnlyDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(read_only()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

impl Directory for BuildDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let deleted = self.change(|| disk::remove_file(&self.root.join(path)));
        deleted.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => DeleteError::FileDoesNotExist(path.to_owned()),
            _ => DeleteError::IoError {
                io_error: Arc::new(e),
                filepath: path.to_owned(),
            },
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let full_path = self.root.join(path);
        let created = self.change(|| NewFile::create_new(&full_path));
        match self.note(&full_path, created) {
            Ok(file) => {
                let directory = self.clone();
                let file = BuildFile {
                    file,
                    path: full_path,
                    directory,
                };
                Ok(BufWriter::with_capacity(WRITTEN, Box::new(file)))
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Err(OpenWriteError::FileAlreadyExists(path.to_owned()))
            }
            Err(e) => Err(OpenWriteError::wrap_io_error(e, path.to_owned())),
        }
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let path = self.root.join(path);
        let replaced = self.change(|| durable::replace_unsynced(&path, data));
        self.note(&path, replaced)
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

impl Write for BuildFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        self.directory.note(&self.path, written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for BuildFile {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for ReadOnlyDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadOnlyDirectory({:?})", self.files)
    }
}

impl fmt::Debug for BuildDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuildDirectory({:?})", self.root)
    }
}
