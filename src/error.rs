//! What can go wrong, where, and what to do about it.
//!
//! One type for the whole library: a [`kind`](Error::kind) a program can match on, a message,
//! the place (path, line, byte) and a remedy for the person reading it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The class of an [`Error`]; decides the exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A request that makes no sense: an unknown field, an impossible value.
    Usage,
    /// The operating system refused to read or write.
    Io,
    /// Input that claims to be something it is not.
    Data,
    /// A file of `index-schema/` is wrong.
    Schema,
    /// A query that cannot be understood.
    Query,
    /// Another process writes to the index.
    Locked,
    /// The index was made by another format or schema and must be rebuilt.
    Outdated,
    /// The index on disk contradicts itself.
    Damaged,
    /// A run was stopped by the caller.
    Cancelled,
}

/// An error with its place and its remedy.
#[derive(Debug)]
pub struct Error(Box<Parts>);

/// Boxed: results are passed far more often than errors are made.
#[derive(Debug)]
struct Parts {
    kind: ErrorKind,
    message: String,
    path: Option<PathBuf>,
    line: Option<u64>,
    byte: Option<u64>,
    remedy: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result type of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Makes an error of a kind; the message is lower case and names the thing that is wrong.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            kind,
            message: message.into(),
            path: None,
            line: None,
            byte: None,
            remedy: None,
            source: None,
        }))
    }

    /// Makes an [`ErrorKind::Io`] error about a path.
    pub fn io(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Error::new(ErrorKind::Io, source.to_string())
            .at(path)
            .caused_by(source)
    }

    /// Names the file or folder the error is about.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path = Some(path.as_ref().to_owned());
        self
    }

    /// Names the line, counted from 1.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Names the byte offset, counted from 0.
    #[must_use]
    pub fn byte(mut self, byte: u64) -> Self {
        self.0.byte = Some(byte);
        self
    }

    /// Says what the reader can do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Keeps the underlying error.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The class of this error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the reader can do about it, if anything is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// The file or folder the error is about.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", path.display())?;
        }
        if let Some(line) = self.0.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(byte) = self.0.byte {
            write!(f, "byte {byte}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_path_line_and_byte() {
        let error = Error::new(ErrorKind::Data, "not JSON")
            .at("a.json")
            .line(3)
            .byte(7);
        assert_eq!(error.to_string(), "a.json: line 3: byte 7: not JSON");
    }
}
