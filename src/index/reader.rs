//! An index open for reading.

use super::generation;
use super::layout::Layout;
use super::manifest::Manifest;
use super::mapping::Mapping;
use super::opened::Opened;
use super::snapshot::Snapshot;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Groups;
use crate::schema::IndexSchema;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tantivy::Searcher;

/// How often opening begins anew because a writer published meanwhile and removed what was being opened.
const ATTEMPTS: usize = 5;

/// An index open for reading, on disk or in memory.
///
/// Needs no permission to write, never waits for a writer and never disturbs one. While it is open it keeps
/// where common words and names were found, up to 64 MB: the next query for them takes less.
#[derive(Debug)]
pub struct Index {
    layout: Option<Layout>,
    schema: Arc<IndexSchema>,
    mapping: Arc<Mapping>,
    current: RwLock<Arc<Opened>>,
}

impl Index {
    /// Opens the published generation of an index on disk; cheap: no record is read.
    ///
    /// Checks the manifest and the size of every file.
    ///
    /// # Errors
    /// No index there, [`ErrorKind::Outdated`] where another format, other fields or other analyzers made it, [`ErrorKind::Damaged`].
    pub fn open(root: impl Into<PathBuf>, schema: Arc<IndexSchema>) -> Result<Self> {
        let layout = Layout::new(root);
        let mapping = Arc::new(Mapping::new(&schema)?);
        let generation = open_current(&layout, &schema)?;
        Ok(Index {
            layout: Some(layout),
            schema,
            mapping,
            current: RwLock::new(Arc::new(generation)),
        })
    }

    /// An index in memory, complete.
    pub(super) fn of(
        schema: Arc<IndexSchema>,
        mapping: Arc<Mapping>,
        searcher: Searcher,
        manifest: Manifest,
        groups: Groups,
    ) -> Self {
        let generation = Opened {
            groups: OnceLock::from(groups),
            ..Opened::new(None, None, searcher, manifest)
        };
        Index {
            layout: None,
            schema,
            mapping,
            current: RwLock::new(Arc::new(generation)),
        }
    }

    /// What the index holds now.
    pub fn snapshot(&self) -> Snapshot {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot {
            schema: Arc::clone(&self.schema),
            mapping: Arc::clone(&self.mapping),
            generation: Arc::clone(&current),
        }
    }

    /// Looks whether a newer generation was published and opens it; cheap where none was. Tells whether there was one.
    ///
    /// # Errors
    /// As [`Index::open`]; the index then stays at what it was.
    pub fn reload(&self) -> Result<bool> {
        let Some(layout) = &self.layout else {
            return Ok(false);
        };
        let open = self.snapshot().generation.name;
        if layout.current()? == open {
            return Ok(false);
        }
        let generation = Arc::new(open_current(layout, &self.schema)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = generation;
        Ok(true)
    }

    /// The folder of an index on disk.
    pub fn path(&self) -> Option<&Path> {
        self.layout.as_ref().map(Layout::root)
    }

    /// Reads every file of the published generation and tells those that are not what was written.
    ///
    /// # Errors
    /// What reading `CURRENT` says.
    pub fn check_all_bytes(&self) -> Result<Vec<Error>> {
        let snapshot = self.snapshot();
        let (Some(layout), Some(name)) = (&self.layout, snapshot.generation.name) else {
            return Ok(Vec::new());
        };
        let path = layout.generation(name);
        Ok(snapshot.generation.manifest.check_all_bytes(&path))
    }
}

fn open_current(layout: &Layout, schema: &Arc<IndexSchema>) -> Result<Opened> {
    let mut attempts = 1;
    loop {
        let Some(name) = layout.current()? else {
            // No damage to a reader: in the last moment of a first build it looks the same.
            let lost = layout
                .unnamed()?
                .map(|_| layout.lost_current(ErrorKind::Io));
            return Err(lost.unwrap_or_else(|| no_index(layout.root())));
        };
        let path = layout.generation(name);
        match generation::open(&path, schema) {
            Ok((searcher, manifest)) => {
                let (name, path) = (Some(name), Some(path));
                return Ok(Opened::new(name, path, searcher, manifest));
            }
            Err(e) if attempts >= ATTEMPTS || layout.current()? == Some(name) => return Err(e),
            Err(_) => attempts += 1,
        }
    }
}

/// The names of the generations an index keeps, oldest first, the one in use among them.
///
/// # Errors
/// What reading says.
pub fn generations(root: &Path) -> Result<Vec<String>> {
    let names = Layout::new(root).names()?;
    Ok(names.iter().map(ToString::to_string).collect())
}

pub(super) fn no_index(root: &Path) -> Error {
    Error::new(ErrorKind::Io, "no index here")
        .at(root)
        .remedy("make one with `trialdex index SOURCE…`, or search files directly with `--in`")
}
