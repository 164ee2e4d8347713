//! One complete index in a folder: how it comes to be, and how it is opened.

use super::build::{searcher, tantivy_error};
use super::changes::{CHANGES, ChangeList};
use super::directory::{BuildDirectory, ReadOnlyDirectory};
use super::disk;
use super::durable;
use super::forms::FORMS;
use super::guard::guard;
use super::layout::{self, GenerationName, Layout};
use super::ledger::{LEDGER, Ledger};
use super::manifest::{Checksum, MANIFEST, Manifest};
use super::mapping::Mapping;
use super::names::NAMES;
use super::snapshot::Snapshot;
use super::tokenizers::tokenizers;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::Searcher;
use tantivy::directory::ManagedDirectory;
use tantivy::directory::error::OpenDirectoryError;

/// A generation while it is built; its folder is removed again unless it is published.
pub(crate) struct Draft {
    pub(crate) path: PathBuf,
    directory: Option<BuildDirectory>,
    /// Checksums of the files that are durable already.
    settled: BTreeMap<String, Checksum>,
    in_use: bool,
}

impl Draft {
    /// Creates the folder of a generation, with the files of another one where there is one to build on.
    ///
    /// Files of tantivy never change once written, so the two share them.
    pub(crate) fn create(
        layout: &Layout,
        name: GenerationName,
        base: Option<&Path>,
    ) -> Result<Self> {
        let path = layout.generation(name);
        disk::create_folder(&path).map_err(|e| Error::io(&path, e))?;
        let draft = Draft {
            path,
            directory: None,
            settled: BTreeMap::new(),
            in_use: false,
        };
        if let Some(base) = base {
            for file in file_names(base)? {
                if file != LEDGER && !file.starts_with(CHANGES) {
                    durable::link_or_copy(&base.join(&file), &draft.path.join(&file))?;
                }
            }
        }
        Ok(draft)
    }

    /// Where tantivy builds, until the draft is sealed or given up.
    pub(crate) fn directory(&mut self) -> Result<BuildDirectory> {
        let directory = BuildDirectory::open(&self.path).map_err(|e| cannot_open(&self.path, e))?;
        self.end_building();
        Ok(self.directory.insert(directory).clone())
    }

    /// The first write of tantivy that failed, if one did; told once.
    pub(crate) fn take_failure(&self) -> Option<Error> {
        self.directory.as_ref()?.take_failure()
    }

    fn end_building(&mut self) {
        if let Some(directory) = self.directory.take() {
            directory.end();
        }
    }

    /// Takes over lists of changes from another generation.
    pub(crate) fn take_lists(&self, base: &Path, lists: &[ChangeList]) -> Result<()> {
        lists.iter().try_for_each(|list| {
            let name = list.file_name();
            durable::link_or_copy(&base.join(&name), &self.path.join(&name))
        })
    }

    /// Ends building and makes what tantivy wrote durable, but for the files of a base. It need not be
    /// called: [`seal`](Self::seal) does what is left. Called while the new index is read for the first
    /// time, it waits for a disk that has nothing else to do.
    pub(crate) fn settle(&mut self, base: Option<&Manifest>) -> Result<()> {
        self.end_building();
        for name in file_names(&self.path)? {
            let is_known = base.is_some_and(|base| base.files.contains_key(&name));
            if !is_ours(&name) && !is_known {
                let checksum = self.sync_and_check(&name)?;
                self.settled.insert(name, checksum);
            }
        }
        Ok(())
    }

    /// Writes ledger and manifest, and makes the whole folder durable.
    ///
    /// Checksums of files shared with the base are taken from its manifest: what rots on the disk must not become right by being read again.
    pub(crate) fn seal(
        &mut self,
        mut manifest: Manifest,
        ledger: &Ledger,
        base: Option<&Manifest>,
    ) -> Result<Manifest> {
        self.end_building();
        layout::remove_unfinished(&self.path)?;
        ledger.write(&self.path)?;
        let mut files = BTreeMap::new();
        for name in file_names(&self.path)? {
            let known = base.and_then(|base| base.files.get(&name));
            let known = known.filter(|_| !is_replaced(&name));
            let checksum = match known.or_else(|| self.settled.get(&name)) {
                Some(known) => *known,
                None => self.sync_and_check(&name)?,
            };
            files.insert(name, checksum);
        }
        manifest.files = files;
        manifest.write(&self.path)?;
        Ok(manifest)
    }

    /// Switches readers to a sealed draft; the switch is durable on return.
    pub(crate) fn publish(mut self, layout: &Layout, name: GenerationName) -> Result<()> {
        let published = layout.publish(name);
        // Where only the last sync failed readers see it already, and it must stay.
        self.in_use = !matches!(layout.current(), Ok(current) if current != Some(name));
        published
    }

    /// Makes a file durable and takes its checksum, once it is found to hold what tantivy wrote.
    fn sync_and_check(&self, name: &str) -> Result<Checksum> {
        let path = self.path.join(name);
        disk::sync_file(&path).map_err(|e| Error::io(&path, e))?;
        if !is_ours(name) && !guard(|| is_as_written(&self.path, name))? {
            let message = "is not what was written to it: the disk or the memory is faulty";
            return Err(Error::new(ErrorKind::Damaged, message).at(path));
        }
        Checksum::of_file(&path).map_err(|e| Error::io(path, e))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.end_building();
        if !self.in_use {
            // Whatever stopped the update is the error to tell; the next writer removes what is left.
            let _ = layout::remove_generation(&self.path);
        }
    }
}

/// Whether a file is none of tantivy's segments.
fn is_ours(name: &str) -> bool {
    is_replaced(name) || name.starts_with(CHANGES)
}

/// Whether generations have different files of a name.
fn is_replaced(name: &str) -> bool {
    name == LEDGER || name == NAMES || name == FORMS || name.ends_with(".json")
}

/// Whether a file of tantivy still holds what its footer says.
fn is_as_written(generation: &Path, name: &str) -> Result<bool> {
    let directory = ReadOnlyDirectory::open(generation).map_err(|e| cannot_open(generation, e))?;
    let directory = ManagedDirectory::wrap(Box::new(directory)).map_err(|e| tantivy_error(&e))?;
    let checked = directory.validate_checksum(Path::new(name));
    checked.map_err(|e| tantivy_error(&e.into()))
}

/// Names of all files of a generation but its manifest.
fn file_names(path: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|e| Error::io(path, e))? {
        let entry = entry.map_err(|e| Error::io(path, e))?;
        if let Some(name) = entry.file_name().to_str().filter(|name| *name != MANIFEST) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Bytes of an index that is read whole whenever it is opened: some hundredths of a second.
const READ_WHOLE: u64 = 64 << 20;

/// Opens a generation for reading; checks its manifest, the sizes of its files and the small files' bytes, of a small index all bytes.
pub(crate) fn open(path: &Path, schema: &Arc<IndexSchema>) -> Result<(Searcher, Manifest)> {
    open_up_to(path, schema, READ_WHOLE)
}

/// As [`open`], of a generation of no more than so many bytes all of them read.
pub(super) fn open_up_to(
    path: &Path,
    schema: &Arc<IndexSchema>,
    read_whole: u64,
) -> Result<(Searcher, Manifest)> {
    let manifest = Manifest::read(path)?;
    manifest.check_fingerprint(schema.fingerprint(), path)?;
    manifest.check_sizes(path)?;
    if manifest.size() <= read_whole
        && let Some(damage) = manifest.check_all_bytes(path).into_iter().next()
    {
        return Err(damage);
    }
    // Sizes are right and meta files whole, but a flipped bit elsewhere can make tantivy panic.
    let searcher = guard(|| open_tantivy(path, schema)).map_err(|e| e.at(path))?;
    // Of a generation that is removed the manifest goes first: all that was opened was whole. Tantivy
    // takes a missing file of positions for words without any.
    if !path.join(MANIFEST).exists() {
        return Err(Error::new(ErrorKind::Damaged, "removed while it was opened").at(path));
    }
    Ok((searcher, manifest))
}

fn cannot_open(path: &Path, cause: OpenDirectoryError) -> Error {
    Error::new(ErrorKind::Io, "cannot be opened")
        .at(path)
        .caused_by(cause)
}

/// A view of a generation, whichever it is.
pub(crate) fn snapshot(path: &Path, schema: &Arc<IndexSchema>) -> Result<Snapshot> {
    let (searcher, manifest) = open(path, schema)?;
    let mapping = Arc::new(Mapping::new(schema)?);
    let schema = Arc::clone(schema);
    Ok(Snapshot::of(
        schema,
        mapping,
        path.to_owned(),
        searcher,
        manifest,
    ))
}

fn open_tantivy(path: &Path, schema: &Arc<IndexSchema>) -> Result<Searcher> {
    let directory = ReadOnlyDirectory::open(path).map_err(|e| cannot_open(path, e))?;
    let mut index = tantivy::Index::open(directory).map_err(|e| tantivy_error(&e).at(path))?;
    index.set_tokenizers(tokenizers(schema)?);
    searcher(&index).map_err(|e| e.at(path))
}
