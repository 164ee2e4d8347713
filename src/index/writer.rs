//! Feeding an index: the sources it remembers, and the update that makes it equal to them.

use super::build::{Builder, Resources, searcher};
use super::directory::BuildDirectory;
use super::generation::Draft;
use super::ingest::{Reading, read_sources};
use super::layout::{GenerationName, Layout};
use super::ledger::{LEDGER, Ledger, LedgerFile};
use super::lock::WriterLock;
use super::manifest::{FieldStatistics, Manifest, RememberedSource};
use super::mapping::Mapping;
use super::observer::{Observer, Run, Stage};
use super::report::{Outcomes, UpdateReport, outcomes};
use super::statistics::field_statistics;
use super::timestamp::Timestamp;
use super::update::{Finished, OpenBuilder, Start, Update};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::IndexSchema;
use crate::source::{Progress, Source, SourceReport};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Bytes of memory for the documents being written; more makes fewer, larger pieces to join.
const MEMORY: usize = 300_000_000;

/// Threads that write: more would starve those that parse.
const THREADS: usize = 2;

/// How an update works; what it results in does not depend on it.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// Threads that parse records; `None` for one a core.
    pub threads: Option<usize>,
    /// Bytes of memory for the documents being written; `None` for 300 MB on disk, 60 MB in memory.
    pub memory: Option<usize>,
    /// Builds everything from nothing, from all remembered sources.
    pub full: bool,
    /// Lets a source that held records and now holds none empty its part of the index: a disk that
    /// is not mounted looks like that.
    pub accept_empty: bool,
    /// Where a zip inside a stream is put for the time it is read; `None` for the system's temporary folder.
    pub temp_folder: Option<PathBuf>,
    /// Told how many bytes were read; may be looked at from another thread.
    pub progress: Option<Arc<Progress>>,
}

/// The one writer of an index on disk.
#[derive(Debug)]
pub struct IndexWriter {
    layout: Layout,
    _lock: WriterLock,
    schema: Arc<IndexSchema>,
    mapping: Arc<Mapping>,
    base: Option<Base>,
    entries: Vec<Entry>,
    /// Places in the base of sources that were removed.
    forgotten: Vec<usize>,
}

/// The published generation.
#[derive(Debug)]
struct Base {
    name: GenerationName,
    path: PathBuf,
    /// What it is made of and has read; `None` where another format wrote it.
    known: Option<(Manifest, Ledger)>,
    /// Whether it was made with other fields or analyzers, so that none of its documents can stand.
    outdated: bool,
}

/// A source the index remembers.
#[derive(Debug)]
struct Entry {
    remembered: RememberedSource,
    /// Its place in the base.
    old: Option<usize>,
    /// What the next update reads; `None` to leave its records as they are.
    read: Option<Source>,
}

/// What an update has built before it is published.
struct Built {
    /// `None` where nothing was written.
    draft: Option<Draft>,
    ledger: Ledger,
    fields: BTreeMap<String, FieldStatistics>,
    next_uid: u64,
    read: BTreeMap<usize, SourceReport>,
}

impl IndexWriter {
    /// Opens an index for writing, or begins one; creates the folder, takes the lock and clears what a killed writer left.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] where another process writes, [`ErrorKind::Damaged`] where the index contradicts itself.
    pub fn open(root: impl Into<PathBuf>, schema: Arc<IndexSchema>) -> Result<Self> {
        let layout = Layout::new(root);
        let mapping = Arc::new(Mapping::new(&schema)?);
        layout.create()?;
        let lock = WriterLock::acquire(&layout)?;
        layout.remove_leftovers()?;
        let mut writer = IndexWriter {
            layout,
            _lock: lock,
            schema,
            mapping,
            base: None,
            entries: Vec::new(),
            forgotten: Vec::new(),
        };
        writer.load_base()?;
        Ok(writer)
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
                entry.remembered.exclude = exclude;
                entry.read = Some(source);
            }
            None => self.entries.push(Entry {
                remembered: RememberedSource { path, exclude },
                old: None,
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
    /// said so. When it returns the change is durable; when it fails the index is as it was, and
    /// sources added and not yet read are forgotten. An index in which nothing has changed is not
    /// written. One made with other fields or analyzers is built from nothing, of all its sources.
    ///
    /// # Errors
    /// A source that is missing, one that held records and now holds none (unless accepted), what
    /// reading and writing say, and [`ErrorKind::Cancelled`].
    pub fn update(
        &mut self,
        options: &UpdateOptions,
        observer: &mut dyn Observer,
    ) -> Result<UpdateReport> {
        let full = options.full || self.base.as_ref().is_none_or(|base| base.outdated);
        let mut run = Run::new(observer);
        let result = self
            .check_sources(full)
            .and_then(|()| self.run(options, full, &mut run));
        match result {
            Ok(report) if report.published => self.load_base().map(|()| report),
            Ok(report) => Ok(report),
            // The update's own error is the one to tell.
            Err(e) => {
                let _ = self.load_base();
                Err(e)
            }
        }
    }

    fn run(
        &mut self,
        options: &UpdateOptions,
        full: bool,
        run: &mut Run<'_>,
    ) -> Result<UpdateReport> {
        let name = self.layout.next_name()?;
        let built = self.build(name, options, full, run)?;
        run.stage(Stage::Sealing);
        let outcomes = self.outcomes(&built.ledger);
        let mut manifest = Manifest::new(self.schema.fingerprint(), run.began);
        manifest.sources = self.sources().cloned().collect();
        manifest.counts = built.ledger.counts();
        manifest.fields = built.fields;
        manifest.next_uid = built.next_uid;
        let published = built.draft.is_some() || !self.stands(&manifest, &built.ledger);
        if published {
            manifest = self.seal(name, manifest, &built.ledger, built.draft, full)?;
            run.check()?;
            self.publish(name)?;
        } else if let Some((old, _)) = self.known() {
            manifest.files.clone_from(&old.files);
        }
        let mut names = manifest.sources.clone();
        names.extend(self.forgotten_sources());
        Ok(UpdateReport {
            sources: UpdateReport::by_source(&names, outcomes, built.read),
            size: manifest.size(),
            counts: manifest.counts,
            published,
            full,
            durations: run.durations(),
        })
    }

    /// Reads what is to be read and writes what has changed into a new generation, if anything has.
    fn build(
        &mut self,
        name: GenerationName,
        options: &UpdateOptions,
        full: bool,
        run: &mut Run<'_>,
    ) -> Result<Built> {
        run.stage(Stage::Reading);
        let readings = self.take_readings();
        let mut draft = None;
        let start = self.start(&readings, full, run.began);
        let open: OpenBuilder<'_> = Box::new(|| {
            let draft = draft.insert(self.draft(name, full)?);
            self.open_builder(&draft.path, options)
        });
        let mut update = Update::new(Arc::clone(&self.mapping), start, open);
        if full {
            // Also an index of nothing can be opened and searched.
            update.builder()?;
        }
        let read = read_sources(readings, &self.schema, options, &mut update, run)?;
        run.stage(Stage::Resolving);
        let Finished {
            builder,
            ledger,
            next_uid,
        } = update.finish()?;
        run.check()?;
        if !options.accept_empty {
            self.check_not_emptied(&ledger)?;
        }
        run.stage(Stage::Writing);
        let fields = match builder {
            Some(builder) => {
                let searcher = searcher(&builder.finish()?)?;
                field_statistics(&searcher, &self.mapping)?
            }
            None => self
                .known()
                .map(|(manifest, _)| manifest.fields.clone())
                .unwrap_or_default(),
        };
        run.check()?;
        Ok(Built {
            draft,
            ledger,
            fields,
            next_uid,
            read,
        })
    }

    /// A folder for the next generation: empty, or with the documents that stand.
    fn draft(&self, name: GenerationName, full: bool) -> Result<Draft> {
        let base = self.base.as_ref().filter(|_| !full);
        Draft::create(&self.layout, name, base.map(|base| base.path.as_path()))
    }

    fn open_builder(&self, path: &Path, options: &UpdateOptions) -> Result<Builder> {
        let directory = BuildDirectory::open(path).map_err(|e| {
            Error::new(ErrorKind::Io, "cannot be opened")
                .at(path)
                .caused_by(e)
        })?;
        let resources = Resources {
            threads: THREADS,
            memory: options.memory.unwrap_or(MEMORY),
        };
        let mapping = Arc::clone(&self.mapping);
        Builder::open(directory, &self.schema, mapping, resources)
    }

    /// Whether the published generation already says all this.
    fn stands(&self, manifest: &Manifest, ledger: &Ledger) -> bool {
        self.known()
            .is_some_and(|(old, read)| old.sources == manifest.sources && read == ledger)
    }

    fn seal(
        &self,
        name: GenerationName,
        manifest: Manifest,
        ledger: &Ledger,
        draft: Option<Draft>,
        full: bool,
    ) -> Result<Manifest> {
        let draft = match draft {
            Some(draft) => draft,
            None => self.draft(name, full)?,
        };
        let shared = self.known().filter(|_| !full).map(|(manifest, _)| manifest);
        draft.seal(manifest, ledger, shared)
    }

    /// Switches readers to a sealed generation; the one before is kept, older ones go.
    fn publish(&self, name: GenerationName) -> Result<()> {
        self.layout.publish(name)?;
        let previous = self.base.as_ref().map(|base| base.name);
        let keep: Vec<GenerationName> = previous.into_iter().chain([name]).collect();
        self.layout.keep_only(&keep)
    }

    /// Takes over what was published.
    fn load_base(&mut self) -> Result<()> {
        self.base = match self.layout.current()? {
            Some(name) => Some(self.read_base(name)?),
            None => None,
        };
        let sources = match &self.base {
            Some(base) => Manifest::read_sources(&base.path)?,
            None => Vec::new(),
        };
        let entry = |(place, remembered)| Entry {
            remembered,
            old: Some(place),
            read: None,
        };
        self.entries = sources.into_iter().enumerate().map(entry).collect();
        self.forgotten.clear();
        Ok(())
    }

    fn read_base(&self, name: GenerationName) -> Result<Base> {
        let path = self.layout.generation(name);
        let known = match Manifest::read(&path) {
            Ok(manifest) => {
                manifest.check_sizes(&path)?;
                manifest.check_file(&path, LEDGER)?;
                let ledger = Ledger::read(&path, manifest.sources.len())?;
                Some((manifest, ledger))
            }
            Err(e) if e.kind() == ErrorKind::Outdated => None,
            Err(e) => return Err(e),
        };
        let stands = known
            .as_ref()
            .is_some_and(|(manifest, _)| manifest.fingerprint == self.schema.fingerprint());
        Ok(Base {
            name,
            path,
            known,
            outdated: !stands,
        })
    }

    /// What the published generation is made of and has read.
    fn known(&self) -> Option<&(Manifest, Ledger)> {
        self.base.as_ref()?.known.as_ref()
    }

    /// The files a source of the base gave.
    fn old_files(&self, place: usize) -> &[LedgerFile] {
        let sources = self.known().map(|(_, ledger)| &ledger.sources);
        let files = sources.and_then(|sources| sources.get(place));
        files.map(Vec::as_slice).unwrap_or_default()
    }

    fn take_readings(&mut self) -> Vec<Reading> {
        let entries = self.entries.iter_mut().enumerate();
        let readings = entries.filter_map(|(place, entry)| {
            Some(Reading {
                place,
                source: entry.read.take()?,
                exclude: entry.remembered.exclude.clone(),
            })
        });
        readings.collect()
    }

    /// What is known when an update begins.
    fn start(&self, readings: &[Reading], full: bool, now: Timestamp) -> Start {
        let mut start = Start::from_nothing(self.entries.len(), now);
        start.documents_stand = !full;
        if let Some((manifest, _)) = self.known().filter(|_| !full) {
            start.next_uid = manifest.next_uid;
        }
        start.read = vec![false; self.entries.len()];
        for reading in readings {
            if let Some(read) = start.read.get_mut(reading.place) {
                *read = true;
            }
        }
        for (before, entry) in start.before.iter_mut().zip(&self.entries) {
            *before = entry
                .old
                .map_or_else(Vec::new, |old| self.old_files(old).to_vec());
        }
        let forgotten = self.forgotten.iter();
        let forgotten = forgotten.flat_map(|old| self.old_files(*old));
        start.forgotten = forgotten.cloned().collect();
        start
    }

    /// What became of the records of each source, forgotten ones last.
    fn outcomes(&self, new: &Ledger) -> Vec<Outcomes> {
        let nothing = Ledger::default();
        let old = self.known().map_or(&nothing, |(_, ledger)| ledger);
        let mut places = vec![None; old.sources.len()];
        for (new, entry) in self.entries.iter().enumerate() {
            if let Some(place) = entry.old.and_then(|old| places.get_mut(old)) {
                *place = Some(new);
            }
        }
        outcomes(old, new, &places)
    }

    /// The sources that were removed, in the order they stood.
    fn forgotten_sources(&self) -> Vec<RememberedSource> {
        let sources = self
            .known()
            .map(|(manifest, _)| manifest.sources.as_slice());
        let sources = sources.unwrap_or_default();
        let forgotten = self.forgotten.iter();
        forgotten
            .filter_map(|old| sources.get(*old).cloned())
            .collect()
    }

    /// Refuses when a source to be read is missing; a full build reads all of them.
    fn check_sources(&mut self, full: bool) -> Result<()> {
        if full {
            self.read_all();
            if self.entries.iter().any(|entry| entry.read.is_none()) {
                let message = "the index must be built from nothing, and what came from standard input cannot be read again";
                return Err(Error::new(ErrorKind::Usage, message).remedy(
                    "name `-` as a source and pipe it in again, or remove it from the sources",
                ));
            }
        }
        let sources = self.entries.iter().filter_map(|e| e.read.as_ref());
        for path in sources.filter_map(Source::as_path) {
            std::fs::metadata(path).map_err(|e| {
                Error::io(path, e).remedy("the index is as it was; if the source is gone for good, remove it from the sources")
            })?;
        }
        Ok(())
    }

    /// Refuses when a source that held records holds none any more.
    fn check_not_emptied(&self, new: &Ledger) -> Result<()> {
        let is_empty = |files: &[LedgerFile]| files.iter().all(|file| file.records.is_empty());
        for (entry, files) in self.entries.iter().zip(&new.sources) {
            let held = entry.old.is_some_and(|old| !is_empty(self.old_files(old)));
            if held && is_empty(files) {
                let message = "held records before and holds none now";
                return Err(Error::new(ErrorKind::Data, message)
                    .at(&entry.remembered.path)
                    .remedy(
                        "the index is as it was; if this is right, accept it or remove the source",
                    ));
            }
        }
        Ok(())
    }
}

/// The absolute form of a path, without `.` and trailing `/`; links stay links. `-` is standard input.
fn absolute(path: &Path) -> Result<PathBuf> {
    if path == Path::new("-") {
        return Ok(path.to_owned());
    }
    let absolute = std::path::absolute(path).map_err(|e| Error::io(path, e))?;
    let parts = absolute.components().filter(|c| *c != Component::CurDir);
    Ok(parts.collect())
}
