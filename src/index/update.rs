//! From sources to an index: which records are new, which stand as they were, which give way to
//! a better one.
//!
//! The result depends on the sources alone, not on threads or memory: records come in source
//! order, and what could not be known when a record came by is put right at the end.

use super::build::{Builder, addresses, tantivy_error};
use super::compare::Titles;
use super::document::Stored;
use super::extract::Subject;
use super::ledger::{Digest, FirstSeen, Ledger, LedgerFile, LedgerRecord, LedgerState};
use super::manifest::{Counts, FIRST_UID};
use super::mapping::Mapping;
use super::supersede::Vintage;
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Kind, Provenance, Record, Registry};
use crate::source::{FileEnd, FileState, ParsedRecord, Rejection};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use tantivy::{DocAddress, TantivyDocument};

type Key = (Kind, String);

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
    /// Numbers of all documents that stood before.
    old_uids: HashSet<u64>,
    first_seen: FirstSeen,
    /// The best record of each id so far.
    best: HashMap<Key, Vintage>,
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
    /// What it held before; of one id in the order they stood.
    before: HashMap<Key, VecDeque<LedgerRecord>>,
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
        let old = || start.before.iter().flatten().chain(&start.forgotten);
        let old_records = || old().flat_map(|file| &file.records);
        let mut first_seen = start.first_seen;
        first_seen.extend(old_records().map(|r| (key(r), r.first_seen)));
        let old_uids = old_records().filter(|_| start.documents_stand);
        let mut update = Update {
            mapping,
            now: start.now,
            open: Some(open),
            builder: None,
            old_uids: old_uids.map(|r| r.uid).collect(),
            before: Vec::new(),
            first_seen,
            best: HashMap::new(),
            new: Ledger::empty(start.before.len()),
            current: None,
            next_uid: start.next_uid,
            written: 0,
            titles: Titles::new(),
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
        let records = files.iter().flat_map(|file| &file.records);
        for record in records.filter(|record| record.searched) {
            self.best.insert(key(record), record.vintage);
        }
        if let Some(kept) = self.new.sources.get_mut(source) {
            *kept = files;
        }
    }

    /// A file begins: what follows stands in it.
    pub(crate) fn file_begins(&mut self, source: usize, state: FileState) {
        let known = self.before.get_mut(source);
        let before = known.and_then(|files| files.remove(&state.path));
        let mut by_key: HashMap<Key, VecDeque<LedgerRecord>> = HashMap::new();
        for record in before.into_iter().flat_map(|file| file.records) {
            by_key.entry(key(&record)).or_default().push_back(record);
        }
        self.current = Some(CurrentFile {
            source,
            file: LedgerFile {
                path: state.path.clone(),
                ..LedgerFile::default()
            },
            state,
            before: by_key,
        });
    }

    /// The file that began is over.
    pub(crate) fn file_ends(&mut self, end: FileEnd) {
        let Some(mut current) = self.current.take() else {
            return;
        };
        current.file.state = LedgerState::of(&current.state, end);
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
        for record in &file.records {
            match self.best.entry(key(record)) {
                Entry::Vacant(slot) => {
                    slot.insert(record.vintage);
                }
                Entry::Occupied(mut slot) if record.vintage.beats(slot.get()) => {
                    slot.insert(record.vintage);
                }
                Entry::Occupied(_) => {}
            }
        }
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
        let key = (record.kind(), record.id().to_owned());
        let provenance = stored_provenance(record)?;
        let (digest, place) = (Digest(parsed.digest), Digest::of(&provenance));
        let before = self.take_before(&key);
        let vintage = Vintage::of(record);
        let beaten = self.best.get(&key).is_some_and(|best| !vintage.beats(best));
        if !beaten {
            self.best.insert(key.clone(), vintage);
        }
        if let Some(before) = &before
            && before.digest == digest
            && before.place == place
        {
            self.push(before.clone());
            return Ok(());
        }
        let uid = match &before {
            Some(before) => before.uid,
            None => self.new_uid(),
        };
        let first_seen = self.first_seen.get(&key).copied().unwrap_or(self.now);
        let ledger_record = LedgerRecord {
            uid,
            kind: key.0,
            id: key.1,
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
            self.titles.insert(uid, title.to_owned());
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

    fn take_before(&mut self, key: &Key) -> Option<LedgerRecord> {
        let records = self.current.as_mut()?.before.get_mut(key)?;
        records.pop_front()
    }

    fn push(&mut self, record: LedgerRecord) {
        if let Some(current) = &mut self.current {
            current.file.records.push(record);
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
        let uids: HashSet<u64> = self.new.records().map(|record| record.uid).collect();
        let mut gone: Vec<u64> = self.old_uids.difference(&uids).copied().collect();
        gone.sort_unstable();
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

    /// Decides which records can be found; tells those whose documents say otherwise.
    fn resolve(&mut self) -> Vec<Misplaced> {
        let mut best: HashMap<(Kind, &str), (Vintage, u64)> = HashMap::new();
        for record in self.new.records() {
            let standing = best.get(&(record.kind, record.id.as_str()));
            if standing.is_none_or(|(vintage, _)| record.vintage.beats(vintage)) {
                best.insert((record.kind, &record.id), (record.vintage, record.uid));
            }
        }
        let best: HashSet<u64> = best.into_values().map(|(_, uid)| uid).collect();
        let mut misplaced = Vec::new();
        let files = self.new.sources.iter_mut().flatten();
        for record in files.flat_map(|file| &mut file.records) {
            let searched = best.contains(&record.uid);
            if searched != record.searched {
                record.searched = searched;
                misplaced.push(Misplaced {
                    uid: record.uid,
                    searched,
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

fn key(record: &LedgerRecord) -> Key {
    (record.kind, record.id.clone())
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
