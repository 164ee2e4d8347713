//! Feeding an index: the sources it remembers, and the update that makes it equal to them.

use super::base::Base;
use super::guard::guard;
use super::ingest::Reading;
use super::layout::Layout;
use super::lock::WriterLock;
use super::manifest::RememberedSource;
use super::mapping::Mapping;
use super::observer::{Observer, Run};
use super::prepared::{Loss, LossKind, Prepared};
use super::reader::no_index;
use super::report::UpdateReport;
use super::timestamp::Timestamp;
use super::update::Start;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use crate::source::{KnownFiles, Progress, Source, Survey, survey};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// How an update works; what it results in does not depend on it.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// Threads that parse records; `None` for one a core.
    pub threads: Option<usize>,
    /// Bytes of memory for the documents being written; `None` for 400 MB on disk, 60 MB in memory.
    pub memory: Option<usize>,
    /// Builds everything from nothing, from all remembered sources.
    pub full: bool,
    /// Lets a source that is missing, cannot be read or holds nothing any more empty its part of
    /// the index: a disk that is not mounted looks like that.
    pub accept_losses: bool,
    /// Complete generations to keep, the published one among them; `None` for 2.
    pub keep: Option<usize>,
    /// The number of this run; `None` for one more than that of the run that made the index.
    pub run: Option<u64>,
    /// Where a zip inside a stream is put for the time it is read; `None` for the system's temporary folder.
    pub temp_folder: Option<PathBuf>,
    /// Told how many bytes were read; may be looked at from another thread.
    pub progress: Option<Arc<Progress>>,
}

/// The one writer of an index on disk.
#[derive(Debug)]
pub struct IndexWriter {
    pub(super) layout: Layout,
    _lock: WriterLock,
    pub(super) schema: Arc<IndexSchema>,
    pub(super) mapping: Arc<Mapping>,
    pub(super) base: Option<Base>,
    pub(super) entries: Vec<Entry>,
    /// Places in the base of sources that were removed.
    pub(super) forgotten: Vec<usize>,
    /// Whether the published generation contradicts itself, so that nothing in it can stand.
    pub(super) damaged: bool,
}

/// A source the index remembers.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) remembered: RememberedSource,
    /// Its place in the base.
    pub(super) old: Option<usize>,
    /// Whether the same files were left out of it then.
    pub(super) same_excludes: bool,
    /// What the next update reads; `None` to leave its records as they are.
    pub(super) read: Option<Source>,
}

impl IndexWriter {
    /// Opens an index for writing, or begins one; creates the folder, takes the lock and clears what a killed writer left.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] where another process writes, [`ErrorKind::Damaged`] where the index contradicts itself.
    pub fn open(root: impl Into<PathBuf>, schema: Arc<IndexSchema>) -> Result<Self> {
        let mut writer = IndexWriter::lock(root.into(), schema)?;
        writer.layout.recover()?;
        writer.load_base()?;
        Ok(writer)
    }

    /// Opens an index that contradicts itself, to go back or to build it again from the sources that can still be told.
    ///
    /// # Errors
    /// As [`IndexWriter::open`], and [`ErrorKind::Damaged`] where nothing tells the sources any more.
    pub(crate) fn open_damaged(root: &Path, schema: Arc<IndexSchema>) -> Result<Self> {
        let mut writer = IndexWriter::lock(root.to_owned(), schema)?;
        writer.damaged = true;
        writer.load_base()?;
        Ok(writer)
    }

    fn lock(root: PathBuf, schema: Arc<IndexSchema>) -> Result<Self> {
        let layout = Layout::new(root);
        let mapping = Arc::new(Mapping::new(&schema)?);
        layout.create()?;
        let lock = WriterLock::acquire(&layout)?;
        Ok(IndexWriter {
            layout,
            _lock: lock,
            schema,
            mapping,
            base: None,
            entries: Vec::new(),
            forgotten: Vec::new(),
            damaged: false,
        })
    }

    /// Opens an index that must be there already, as [`IndexWriter::open`].
    ///
    /// # Errors
    /// No index there, and as [`IndexWriter::open`].
    pub fn open_existing(root: impl Into<PathBuf>, schema: Arc<IndexSchema>) -> Result<Self> {
        let root = root.into();
        if Layout::new(&root).exists() {
            return IndexWriter::open(root, schema);
        }
        Err(no_index(&root))
    }

    /// The folder of the index.
    pub fn path(&self) -> &Path {
        self.layout.root()
    }

    /// The name of the published generation; `None` where there is none yet.
    pub fn generation(&self) -> Option<String> {
        self.base.as_ref().map(|base| base.name.to_string())
    }

    /// The schema it writes with.
    pub(crate) fn schema(&self) -> Arc<IndexSchema> {
        Arc::clone(&self.schema)
    }

    /// The sources read before that are to be read now and are not there.
    pub fn missing_sources(&self) -> Vec<Loss> {
        let entries = self.entries.iter().filter(|entry| entry.old.is_some());
        let is_missing = |entry: &&Entry| {
            let path = entry.read.as_ref().and_then(Source::as_path);
            path.is_some_and(|path| std::fs::metadata(path).is_err())
        };
        let missing = entries.filter(is_missing).map(|entry| Loss {
            source: entry.remembered.clone(),
            kind: LossKind::Missing,
        });
        missing.collect()
    }

    /// The sources the index remembers, those added and not yet read included.
    pub fn sources(&self) -> impl Iterator<Item = &RememberedSource> {
        self.entries.iter().map(|entry| &entry.remembered)
    }

    /// Adds a source, to be read by the next update; one of the same path takes the other's place.
    ///
    /// # Errors
    /// A path that is not UTF-8 or has no absolute form: it could not be remembered.
    pub fn add(&mut self, source: Source, exclude: Vec<String>) -> Result<()> {
        let path = absolute(source.as_path().unwrap_or(Path::new("-")))?;
        if path.to_str().is_none() {
            let message = "its path is not UTF-8 and cannot be remembered";
            return Err(Error::new(ErrorKind::Usage, message).at(path));
        }
        // Records remember the path they were read from: it must be the same on the next run.
        let source = match source.as_path() {
            Some(_) => Source::path(&path),
            None => source,
        };
        let known = self.entries.iter_mut().find(|e| e.remembered.path == path);
        match known {
            Some(entry) => {
                entry.same_excludes &= entry.remembered.exclude == exclude;
                entry.remembered.exclude = exclude;
                entry.read = Some(source);
            }
            None => self.entries.push(Entry {
                remembered: RememberedSource { path, exclude },
                old: None,
                same_excludes: false,
                read: Some(source),
            }),
        }
        Ok(())
    }

    /// Forgets a source; its records go with the next update. Tells whether it was known.
    ///
    /// # Errors
    /// A path that has no absolute form.
    pub fn remove(&mut self, path: &Path) -> Result<bool> {
        let path = absolute(path)?;
        let Some(place) = self.entries.iter().position(|e| e.remembered.path == path) else {
            return Ok(false);
        };
        self.forgotten.extend(self.entries.remove(place).old);
        self.forgotten.sort_unstable();
        Ok(true)
    }

    /// Has the next update read every remembered source again; what came from standard input stays.
    pub fn read_all(&mut self) {
        for entry in &mut self.entries {
            if entry.read.is_none() && entry.remembered.path != Path::new("-") {
                entry.read = Some(Source::path(&entry.remembered.path));
            }
        }
    }

    /// Makes the index equal to its sources and publishes it; readers see the whole change or nothing of it.
    ///
    /// Reads the sources added since the last update, or all of them where [`IndexWriter::read_all`]
    /// said so; a file that has not changed is not read again. When it returns the change is
    /// durable; when it fails the index is as it was, and sources added and not yet read are
    /// forgotten. An index in which nothing has changed is not written. One made with other fields
    /// or analyzers is built from nothing, of all its sources.
    ///
    /// # Errors
    /// A source that is missing, one that held records and now holds none or cannot be read (unless
    /// accepted), what reading and writing say, and [`ErrorKind::Cancelled`].
    pub fn update(
        &mut self,
        options: &UpdateOptions,
        observer: &mut dyn Observer,
    ) -> Result<UpdateReport> {
        let prepared = self.prepare(options, observer)?;
        if let Some(loss) = prepared.losses().first().filter(|_| !options.accept_losses) {
            return Err(loss.error());
        }
        prepared.publish(observer)
    }

    /// Reads as [`IndexWriter::update`] does and builds the next generation, without publishing it.
    ///
    /// # Errors
    /// As [`IndexWriter::update`], but for losses, which are told by [`Prepared::losses`].
    pub fn prepare(
        &mut self,
        options: &UpdateOptions,
        observer: &mut dyn Observer,
    ) -> Result<Prepared<'_>> {
        let full = self.must_be_full(options);
        let mut run = Run::new(observer);
        let built = guard(|| {
            let missing = self.check_sources(full, options)?;
            self.build_next(options, full, missing, &mut run)
        });
        match built {
            Ok(parts) => Ok(Prepared::new(self, parts)),
            Err(e) => {
                // The update's own error is the one to tell.
                let _ = self.load_base();
                Err(e)
            }
        }
    }

    /// Whether nothing of the published generation can stand.
    pub(super) fn must_be_full(&self, options: &UpdateOptions) -> bool {
        options.full || self.base.as_ref().is_none_or(|base| base.outdated)
    }

    /// What is known of the files of a source, where that spares reading them again.
    fn known_files(&self, entry: &Entry) -> KnownFiles {
        let same_wordings = self
            .known()
            .is_some_and(|(manifest, _)| manifest.wordings == self.schema.wordings());
        let Some(old) = entry.old.filter(|_| same_wordings && entry.same_excludes) else {
            return KnownFiles::new();
        };
        let files = self.old_files(old).iter();
        files
            .map(|file| (file.path.clone(), file.state.known()))
            .collect()
    }

    /// What is to be read now, with what is known of it unless all is read anew.
    pub(super) fn take_readings(&mut self, full: bool) -> Vec<Reading> {
        let known = |entry: &Entry| match &entry.read {
            Some(_) if !full => self.known_files(entry),
            _ => KnownFiles::new(),
        };
        let known: Vec<KnownFiles> = self.entries.iter().map(known).collect();
        let entries = self.entries.iter_mut().zip(known).enumerate();
        let readings = entries.filter_map(|(place, (entry, known))| {
            Some(Reading {
                place,
                source: entry.read.take()?.with_known(known),
                exclude: entry.remembered.exclude.clone(),
            })
        });
        readings.collect()
    }

    /// Bytes of what would be read, by what is known of it.
    pub(super) fn survey(&self, full: bool) -> Result<Survey> {
        let mut total = Survey::default();
        for entry in &self.entries {
            let known = if full {
                KnownFiles::new()
            } else {
                self.known_files(entry)
            };
            total += survey(&entry.remembered.path, &entry.remembered.exclude, &known)?;
        }
        Ok(total)
    }

    /// What is known when an update begins; `read` tells the places of the sources that are read.
    pub(super) fn start(&self, read: Vec<bool>, full: bool, now: Timestamp) -> Start {
        let mut start = Start::from_nothing(self.entries.len(), now);
        start.documents_stand = !full;
        if let Some((manifest, _)) = self.known().filter(|_| !full) {
            start.next_uid = manifest.next_uid;
        }
        start.read = read;
        for (before, entry) in start.before.iter_mut().zip(&self.entries) {
            *before = entry
                .old
                .map_or_else(Vec::new, |old| self.old_files(old).to_vec());
        }
        if let Some(base) = &self.base {
            start.first_seen.clone_from(&base.first_seen);
        }
        let forgotten = self.forgotten.iter();
        let forgotten = forgotten.flat_map(|old| self.old_files(*old));
        start.forgotten = forgotten.cloned().collect();
        start
    }

    /// The sources that were removed, in the order they stood.
    pub(super) fn forgotten_sources(&self) -> Vec<RememberedSource> {
        let sources = self
            .known()
            .map(|(manifest, _)| manifest.sources.as_slice());
        let sources = sources.unwrap_or_default();
        let forgotten = self.forgotten.iter();
        forgotten
            .filter_map(|old| sources.get(*old).cloned())
            .collect()
    }

    /// The remembered sources that are to be read and are not there, by their places.
    ///
    /// Refuses when one that was never read is missing, or what came from standard input is needed
    /// again. A full build reads all sources.
    fn check_sources(&mut self, full: bool, options: &UpdateOptions) -> Result<Vec<usize>> {
        if full {
            self.read_all();
            if self.entries.iter().any(|entry| entry.read.is_none()) {
                let message = "the index must be built from nothing, and what came from standard input cannot be read again";
                return Err(Error::new(ErrorKind::Usage, message).remedy(
                    "name `-` as a source and pipe it in again, or remove it from the sources",
                ));
            }
        }
        let mut missing = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let Some(path) = entry.read.as_ref().and_then(Source::as_path) else {
                continue;
            };
            let Err(e) = std::fs::metadata(path) else {
                continue;
            };
            if entry.old.is_none() || !options.accept_losses {
                return Err(Error::io(path, e).remedy(GONE));
            }
            missing.push(place);
        }
        Ok(missing)
    }
}

/// What can be done about a source that is gone.
pub(super) const GONE: &str =
    "the index is as it was; if the source is gone for good, remove it from the sources";

/// The absolute form of a path, without `.` and trailing `/`; links stay links. `-` is standard input.
fn absolute(path: &Path) -> Result<PathBuf> {
    if path == Path::new("-") {
        return Ok(path.to_owned());
    }
    let absolute = std::path::absolute(path).map_err(|e| Error::io(path, e))?;
    let parts = absolute.components().filter(|c| *c != Component::CurDir);
    Ok(parts.collect())
}
