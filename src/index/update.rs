//! From sources to an index: which records are new, which stand as they were, which give way to
//! a better one.
//!
//! The result depends on the sources alone, not on threads or memory: records come in source
//! order, and what could not be known when a record came by is put right at the end.

use super::best::{Best, beaten};
use super::build::{Builder, addresses, tantivy_error};
use super::document::Stored;
use super::extract::Subject;
use super::ledger::{Digest, FirstSeen, Ledger, LedgerFile, LedgerRecord, LedgerState};
use super::manifest::{Counts, FIRST_UID};
use super::mapping::Mapping;
use super::records::{Before, Records, Seen, Shared};
use super::supersede::Vintage;
use super::timestamp::Timestamp;
use super::titles::Titles;
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Provenance, Record, Registry};
use crate::source::{FileEnd, FileState, ParsedRecord, Rejection};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tantivy::{DocAddress, TantivyDocument};

/// Records put in their place before what was written is committed: bounds what tantivy keeps of deletions.
const RESOLVED_AT_ONCE: usize = 10_000;

/// Opens the index an update writes into; called when there is something to write.
pub(crate) type OpenBuilder<'a> = Box<dyn FnOnce() -> Result<Builder> + 'a>;

/// An update under way.
pub(crate) struct Update<'a> {
    mapping: Arc<Mapping>,
    now: Timestamp,
    open: Option<OpenBuilder<'a>>,
    builder: Option<Builder>,
    /// What stood before, by source of the new ledger and by file.
    before: Vec<HashMap<String, LedgerFile>>,
    /// The records of those files, and of the ones that were forgotten.
    old: Vec<Records>,
    /// Whether their documents are in the index that is written to.
    documents_stand: bool,
    seen: Seen,
    best: Best,
    new: Ledger,
    current: Option<CurrentFile>,
    next_uid: u64,
    written: u64,
    titles: Titles,
}

/// The file records are coming from.
struct CurrentFile {
    source: usize,
    state: FileState,
    file: LedgerFile,
    records: Vec<LedgerRecord>,
    /// What it held before.
    before: Before,
}

/// What is known when an update begins.
pub(crate) struct Start {
    /// What stood before, in the order of the new sources.
    pub(crate) before: Vec<Vec<LedgerFile>>,
    /// Records of sources that are no longer there.
    pub(crate) forgotten: Vec<LedgerFile>,
    /// Which of the new sources are read now; the others stay as they were.
    pub(crate) read: Vec<bool>,
    /// Whether the documents that stood before are in the index that is written to.
    pub(crate) documents_stand: bool,
    pub(crate) next_uid: u64,
    pub(crate) now: Timestamp,
    /// When records were first seen that no ledger we understand tells of.
    pub(crate) first_seen: FirstSeen,
}

impl Start {
    /// An update that begins with an empty index and reads all its sources.
    pub(crate) fn from_nothing(sources: usize, now: Timestamp) -> Self {
        Start {
            before: vec![Vec::new(); sources],
            forgotten: Vec::new(),
            read: vec![true; sources],
            documents_stand: false,
            next_uid: FIRST_UID,
            now,
            first_seen: FirstSeen::new(),
        }
    }
}

/// What an update leaves.
pub(crate) struct Finished {
    /// `None` where nothing was written.
    pub(crate) builder: Option<Builder>,
    pub(crate) ledger: Ledger,
    pub(crate) next_uid: u64,
    /// Documents handed to tantivy.
    pub(crate) written: u64,
    /// Titles of the records written.
    pub(crate) titles: Titles,
}

impl<'a> Update<'a> {
    pub(crate) fn new(mapping: Arc<Mapping>, start: Start, open: OpenBuilder<'a>) -> Self {
        let old = start.before.iter().flatten().chain(&start.forgotten);
        let mut update = Update {
            mapping,
            now: start.now,
            open: Some(open),
            builder: None,
            old: old.map(|file| file.records.clone()).collect(),
            documents_stand: start.documents_stand,
            before: Vec::new(),
            seen: Seen::told(start.first_seen),
            best: Best::default(),
            new: Ledger::empty(start.before.len()),
            current: None,
            next_uid: start.next_uid,
            written: 0,
            titles: Titles::default(),
        };
        for (source, (files, read)) in start.before.into_iter().zip(start.read).enumerate() {
            let known = if read {
                by_path(files, start.documents_stand)
            } else {
                update.keep(source, files);
                HashMap::new()
            };
            update.before.push(known);
        }
        update
    }

    /// Takes over a source that is not read this time.
    fn keep(&mut self, source: usize, files: Vec<LedgerFile>) {
        for file in &files {
            self.best.stands(file.records.clone());
        }
        if let Some(kept) = self.new.sources.get_mut(source) {
            *kept = files;
        }
    }

    /// A file begins: what follows stands in it.
    pub(crate) fn file_begins(&mut self, source: usize, state: FileState) {
        let known = self.before.get_mut(source);
        let before = known.and_then(|files| files.remove(&state.path));
        let before = before.map(|file| file.records).unwrap_or_default();
        self.current = Some(CurrentFile {
            source,
            file: LedgerFile {
                path: state.path.clone(),
                ..LedgerFile::default()
            },
            state,
            records: Vec::new(),
            before: Before::of(before),
        });
    }

    /// The file that began is over.
    pub(crate) fn file_ends(&mut self, end: FileEnd) {
        let Some(mut current) = self.current.take() else {
            return;
        };
        current.file.state = LedgerState::of(&current.state, end);
        current.file.records = current.records.into();
        if let Some(files) = self.new.sources.get_mut(current.source) {
            files.push(current.file);
        }
    }

    /// A file holds what it held: its records stand as they are. Tells their number, rejected ones included.
    pub(crate) fn file_unchanged(&mut self, source: usize, state: &FileState, end: FileEnd) -> u64 {
        let known = self.before.get_mut(source);
        let Some(mut file) = known.and_then(|files| files.remove(&state.path)) else {
            return 0;
        };
        file.state = LedgerState::of(state, end);
        self.best.stands(file.records.clone());
        let held = file.records.len() as u64 + file.rejections();
        if let Some(files) = self.new.sources.get_mut(source) {
            files.push(file);
        }
        held
    }

    /// A record of the file could not be accepted.
    pub(crate) fn rejected(&mut self, rejection: &Rejection) {
        if let Some(current) = &mut self.current {
            current.file.reject(rejection);
        }
    }

    /// A record of the file was accepted.
    pub(crate) fn record(&mut self, parsed: &ParsedRecord) -> Result<()> {
        let record = &parsed.record;
        let key = (record.kind(), record.id());
        let provenance = stored_provenance(record)?;
        let (digest, place) = (Digest(parsed.digest), Digest::of(&provenance));
        let before = self.current.as_mut().and_then(|c| c.before.take(key));
        let vintage = Vintage::of(record);
        let beaten = self.best.beaten(key, vintage);
        let before = match before {
            Some(before) if before.digest == digest && before.place == place => {
                self.push(before);
                return Ok(());
            }
            before => before.map(|before| (before.uid, before.first_seen)),
        };
        let (uid, first_seen) = match before {
            Some(known) => known,
            None => (
                self.new_uid(),
                self.seen.of(key, &self.old).unwrap_or(self.now),
            ),
        };
        let ledger_record = LedgerRecord {
            uid,
            kind: key.0,
            id: key.1.into(),
            digest,
            place,
            registry: registry(record),
            vintage,
            first_seen,
            searched: !beaten,
        };
        let stored = Stored {
            uid,
            json: &parsed.json,
            provenance: &provenance,
        };
        self.written += 1;
        if let Some(title) = record.title() {
            self.titles.add(uid, title)?;
        }
        let builder = self.builder()?;
        if before.is_some() {
            builder.delete(uid);
        }
        if beaten {
            builder.add_superseded(&stored, record)?;
        } else {
            builder.add_searched(&stored, &Subject { record, first_seen })?;
        }
        self.push(ledger_record);
        Ok(())
    }

    fn push(&mut self, record: LedgerRecord) {
        if let Some(current) = &mut self.current {
            current.records.push(record);
        }
    }

    fn new_uid(&mut self) -> u64 {
        let uid = self.next_uid;
        self.next_uid += 1;
        uid
    }

    /// The index being written; opened when first asked for.
    pub(crate) fn builder(&mut self) -> Result<&mut Builder> {
        if let Some(open) = self.open.take() {
            self.builder = Some(open()?);
        }
        self.builder
            .as_mut()
            .ok_or_else(|| Error::new(ErrorKind::Io, "the index could not be opened for writing"))
    }

    /// Removes what is gone and puts every record in its place.
    pub(crate) fn finish(mut self) -> Result<Finished> {
        // Everything has come by.
        self.best = Best::default();
        let gone = self.gone();
        if !gone.is_empty() {
            let builder = self.builder()?;
            gone.iter().for_each(|&uid| builder.delete(uid));
        }
        let misplaced = self.resolve();
        if !misplaced.is_empty() {
            let builder = self.builder()?;
            builder.commit()?;
        }
        for misplaced in misplaced.chunks(RESOLVED_AT_ONCE) {
            self.replace(misplaced)?;
        }
        Ok(Finished {
            builder: self.builder,
            ledger: self.new,
            next_uid: self.next_uid,
            written: self.written,
            titles: self.titles,
        })
    }

    /// The documents of records that stand no longer, in the order of their numbers.
    fn gone(&self) -> Vec<u64> {
        if !self.documents_stand {
            return Vec::new();
        }
        let shared = Shared::of(self.old.iter(), self.new.files());
        let new = shared.others(self.new.files());
        let new: HashSet<u64> = new.map(|record| record.uid).collect();
        let gone = shared.others(self.old.iter()).map(|record| record.uid);
        let mut gone: Vec<u64> = gone.filter(|uid| !new.contains(uid)).collect();
        gone.sort_unstable();
        gone
    }

    /// Decides which records can be found; tells those whose documents say otherwise.
    fn resolve(&mut self) -> Vec<Misplaced> {
        let beaten = beaten(&self.new);
        let mut misplaced = Vec::new();
        for file in self.new.sources.iter_mut().flatten() {
            let is_right = |record: &LedgerRecord| record.searched != beaten.contains(&record.uid);
            if file.records.iter().all(is_right) {
                continue;
            }
            for record in file.records.to_mut().iter_mut().filter(|r| !is_right(r)) {
                record.searched = !record.searched;
                misplaced.push(Misplaced {
                    uid: record.uid,
                    searched: record.searched,
                    first_seen: record.first_seen,
                });
            }
        }
        misplaced
    }

    /// Writes documents anew from what they keep: as ones that can be found, or as ones that cannot.
    fn replace(&mut self, misplaced: &[Misplaced]) -> Result<()> {
        let mapping = Arc::clone(&self.mapping);
        self.written += misplaced.len() as u64;
        let builder = self.builder()?;
        let searcher = builder.searcher()?;
        let uids: Vec<u64> = misplaced.iter().map(|m| m.uid).collect();
        let addresses = addresses(&searcher, &mapping, &uids)?;
        for m in misplaced {
            let document = fetch(&searcher, addresses.get(&m.uid))?;
            let (json, provenance) = mapping.stored(&document)?;
            let stored = Stored {
                uid: m.uid,
                json,
                provenance,
            };
            builder.delete(m.uid);
            let record = &mapping.record(&document)?;
            if m.searched {
                let first_seen = m.first_seen;
                builder.add_searched(&stored, &Subject { record, first_seen })?;
            } else {
                builder.add_superseded(&stored, record)?;
            }
        }
        builder.commit()
    }
}

/// A record whose document does not say what it shall say.
struct Misplaced {
    uid: u64,
    searched: bool,
    first_seen: Timestamp,
}

fn fetch(searcher: &tantivy::Searcher, address: Option<&DocAddress>) -> Result<TantivyDocument> {
    let missing = || Error::new(ErrorKind::Damaged, "a record is missing from the index");
    let address = *address.ok_or_else(missing)?;
    searcher.doc(address).map_err(|e| tantivy_error(&e))
}

fn by_path(files: Vec<LedgerFile>, documents_stand: bool) -> HashMap<String, LedgerFile> {
    if !documents_stand {
        return HashMap::new();
    }
    let by_path = files.into_iter().map(|file| (file.path.clone(), file));
    by_path.collect()
}

/// The provenance that is kept: without the line, which moves whenever something before it does.
fn stored_provenance(record: &Record) -> Result<Vec<u8>> {
    let provenance = Provenance {
        line: None,
        ..record.provenance().cloned().unwrap_or_default()
    };
    serde_json::to_vec(&provenance)
        .map_err(|e| Error::new(ErrorKind::Data, "a provenance cannot be written").caused_by(e))
}

fn registry(record: &Record) -> Option<Registry> {
    match record {
        Record::Trial(trial) => Some(trial.registry),
        Record::Article(_) => None,
    }
}

impl Ledger {
    /// How many records there are, by kind, registry and format.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for record in self.records() {
            if !record.searched {
                counts.superseded += 1;
                continue;
            }
            *counts.kinds.entry(record.kind).or_default() += 1;
            if let Some(registry) = record.registry {
                *counts.registries.entry(registry).or_default() += 1;
            }
            if let Some(format) = record.vintage.format {
                *counts.formats.entry(format).or_default() += 1;
            }
        }
        counts
    }
}
