//! The one writer of an index.

use super::layout::Layout;
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

/// Holds the index for writing until dropped; the kernel releases it when the process dies.
#[derive(Debug)]
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock, or fails at once naming the holder.
    pub(crate) fn acquire(layout: &Layout) -> Result<Self> {
        let path = layout.lock();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| Error::io(&path, e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(locked(&path, &mut file)),
            Err(TryLockError::Error(e)) => return Err(Error::io(&path, e)),
        }
        write_holder(&mut file).map_err(|e| Error::io(&path, e))?;
        Ok(WriterLock { _file: file })
    }
}

fn write_holder(file: &mut File) -> std::io::Result<()> {
    let mut holder = format!("pid {}\n", std::process::id());
    if let Some(host) = host() {
        holder.push_str(&format!("host {host}\n"));
    }
    holder.push_str(&format!("since {}\n", Timestamp::now()));
    file.set_len(0)?;
    file.write_all(holder.as_bytes())
}

/// The machine's name, where the system tells it in a file.
fn host() -> Option<String> {
    let name = ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())?;
    let name = name.trim();
    (!name.is_empty() && !name.contains(char::is_control)).then(|| name.to_owned())
}

fn locked(path: &Path, file: &mut File) -> Error {
    // Whoever holds the lock wrote these lines; they are told as they stand, cleaned of control characters.
    let mut holder = String::new();
    let _ = file.take(512).read_to_string(&mut holder);
    let holder: Vec<&str> = holder
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let holder = holder.join(", ").replace(char::is_control, " ");
    let message = if holder.is_empty() {
        "another process writes to the index".to_owned()
    } else {
        format!("another process writes to the index ({holder})")
    };
    Error::new(ErrorKind::Locked, message)
        .at(path)
        .remedy("wait until it is done; the lock ends with the process that holds it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_refused_at_once_and_told_the_holder() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let lock = WriterLock::acquire(&layout).unwrap();
        let error = WriterLock::acquire(&layout).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
        assert!(
            error
                .to_string()
                .contains(&format!("pid {}", std::process::id()))
        );
        drop(lock);
        WriterLock::acquire(&layout).unwrap();
    }

    #[test]
    fn a_lock_file_of_a_dead_process_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        std::fs::write(
            layout.lock(),
            "pid 1\nhost elsewhere\nsince 2020-01-01T00:00:00Z\n",
        )
        .unwrap();
        WriterLock::acquire(&layout).unwrap();
    }
}
