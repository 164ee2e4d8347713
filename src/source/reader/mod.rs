//! From what a user names — files, folders, archives, standard input — to parsed records, in the
//! order of the sources.
//!
//! `walk` finds the files, `unpack` looks into containers, `cut` has a recognised format cut a file, `pipeline`
//! runs the work on several threads, `report` counts what became of everything. Memory does not
//! grow with the size of a source; whatever cannot be read is a rejection, and the run goes on.

mod container;
mod cut;
mod detect;
mod fault;
mod gate;
mod limits;
mod peek;
mod pipeline;
mod place;
mod report;
mod state;
mod survey;
mod unpack;
mod walk;

pub use report::{FileCounts, ReadReport, ReasonCount, RecordCounts, SourceReport};
pub use state::{FileEnd, FileState, KnownFile, KnownFiles};
pub(crate) use survey::{Survey, survey};

use crate::error::{Error, ErrorKind, Result};
use crate::record::{Format, Provenance, Record};
use crate::schema::IndexSchema;
use crate::source::{FORMATS, Rejection};
use std::fmt;
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a user sees when a format panics: a bug of ours, told and counted like bad input.
const INTERNAL_ERROR: &str = "internal error: please report it with this file";

/// Something to read: a file, a folder, or a stream.
pub struct Source {
    input: Input,
    known: KnownFiles,
}

enum Input {
    Path(PathBuf),
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// A file, an archive or a folder.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Source {
            input: Input::Path(path.into()),
            known: KnownFiles::new(),
        }
    }

    /// A stream, such as standard input; its provenance is `-`.
    pub fn stream(stream: impl Read + Send + 'static) -> Self {
        Source {
            input: Input::Stream(Box::new(stream)),
            known: KnownFiles::new(),
        }
    }

    /// Tells what is known of its files: those that have not changed since are told and not read.
    #[must_use]
    pub fn with_known(mut self, known: KnownFiles) -> Self {
        self.known = known;
        self
    }

    /// The path, unless it is a stream.
    pub fn as_path(&self) -> Option<&Path> {
        match &self.input {
            Input::Path(path) => Some(path),
            Input::Stream(_) => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.input {
            Input::Path(path) => path.display().fmt(f),
            Input::Stream(_) => f.write_str("-"),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.to_string()).finish()
    }
}

/// How sources are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Threads that convert records; `None` for one a core. The results do not depend on it.
    pub threads: Option<usize>,
    /// Globs of files and folders to leave out of folders and archives: one without `/` matches
    /// any name, one with `/` the path below the source.
    pub exclude: Vec<String>,
    /// Where a zip inside a stream is put for the time it is read; `None` for the system's temporary folder.
    pub temp_folder: Option<PathBuf>,
    /// Told how far reading has come; may be looked at from another thread.
    pub progress: Option<Arc<Progress>>,
}

/// How far reading has come.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
}

impl Progress {
    /// Bytes read so far, as they are stored.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// What happens while sources are read.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A file on disk, or a stream, is about to be read; what follows stands in it.
    FileBegins {
        /// Which of the sources it is of, counted from 0.
        source: usize,
        /// The file.
        file: FileState,
    },
    /// The file that began last was read.
    FileEnds {
        /// How it ended.
        end: FileEnd,
    },
    /// A file holds what it held when it was read before, and was not read again.
    FileUnchanged {
        /// Which of the sources it is of, counted from 0.
        source: usize,
        /// The file as it stands now.
        file: FileState,
        /// How its reading ended then, and whether it has come to rest.
        end: FileEnd,
    },
    /// A record was accepted.
    Record(Box<ParsedRecord>),
    /// An article its author has not published was left out.
    Draft {
        /// Where it stands.
        provenance: Provenance,
        /// Which of the sources it is of, counted from 0.
        source: usize,
    },
    /// A record, or a whole file, could not be accepted.
    Rejected {
        /// Where, and why.
        rejection: Rejection,
        /// Which of the sources it is of, counted from 0.
        source: usize,
    },
}

/// An accepted record.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedRecord {
    /// The record, with its provenance.
    pub record: Record,
    /// The record as JSON without its provenance: the same wherever it was read.
    pub json: Vec<u8>,
    /// XXH3 (128 bits) of `json`: equal digests are equal records.
    pub digest: u128,
    /// Which of the sources it is of, counted from 0.
    pub source: usize,
    /// The format it was read as; `record` may have the provenance of an earlier reading.
    pub read_as: Option<Format>,
}

/// Reads sources and hands out what they hold, in their order; blocks until done.
///
/// `on_event` is called on the calling thread; when it breaks, the run stops. Records of bad form
/// are events, not errors.
///
/// # Errors
/// A source that does not exist or is neither file nor folder, and a glob that is none: both
/// before anything is read.
pub fn read(
    sources: Vec<Source>,
    schema: &IndexSchema,
    options: &ReadOptions,
    on_event: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<ReadReport> {
    for source in &sources {
        if let Input::Path(path) = &source.input {
            check(path)?;
        }
    }
    pipeline::run(FORMATS, sources, schema, options, on_event)
}

fn check(path: &Path) -> Result<()> {
    let metadata = fs::metadata(path).map_err(|e| Error::io(path, e))?;
    if metadata.is_file() || metadata.is_dir() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, "neither a file nor a folder")
        .at(path)
        .remedy("pipe its content in and name `-` as the source"))
}

#[cfg(test)]
mod tests;
