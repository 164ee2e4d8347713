//! Whether an index is what was written, and says what its sources say.

use super::build::tantivy_error;
use super::generation;
use super::groups;
use super::guard::{REPAIR, guard};
use super::layout::Layout;
use super::ledger::{Digest, Ledger, LedgerRecord};
use super::manifest::{MANIFEST, Manifest};
use super::mapping::Mapping;
use super::names;
use super::reader::no_index;
use super::snapshot::Snapshot;
use super::statistics::field_statistics;
use crate::error::{Error, ErrorKind, Result};
use crate::record::Kind;
use crate::schema::IndexSchema;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED};

/// Findings of one kind that are told one by one; an index that is wholly wrong need not be listed record by record.
const TOLD: usize = 20;

/// What verifying an index found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Verified {
    /// The generation in use.
    pub generation: String,
    /// Records that can be found and are superseded, each of them read.
    pub records: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What is wrong with the generation in use.
    pub damage: Vec<Error>,
    /// What is wrong with the earlier generations that are kept: the index is whole, going back is not possible.
    pub kept: Vec<Error>,
}

/// Reads a whole index: every byte, every record, every number.
///
/// # Errors
/// No index there, an index of another format or schema, and what reading says; damage is no error but the result.
pub fn verify(root: &Path, schema: &Arc<IndexSchema>) -> Result<Verified> {
    let layout = Layout::new(root);
    if layout.unnamed()?.is_some() {
        return Err(layout.lost_current(ErrorKind::Damaged));
    }
    let current = layout.current()?.ok_or_else(|| no_index(root))?;
    let path = layout.generation(current);
    let mut verified = Verified {
        generation: current.to_string(),
        records: 0,
        bytes: 0,
        damage: Vec::new(),
        kept: Vec::new(),
    };
    match Manifest::read(&path) {
        Ok(manifest) => {
            manifest.check_fingerprint(schema.fingerprint(), &path)?;
            verified.records = manifest.counts.searched() + manifest.counts.superseded;
            verified.bytes = manifest.size();
        }
        Err(e) if e.kind() == ErrorKind::Outdated => return Err(e),
        // Told below.
        Err(_) => {}
    }
    verified.damage = generation(&path, schema);
    for name in layout.names()?.into_iter().filter(|name| *name != current) {
        let path = layout.generation(name);
        // Without a manifest it is what a dead writer left, or one that is writing now has begun.
        if !path.join(MANIFEST).exists() {
            continue;
        }
        match Manifest::read(&path) {
            Ok(manifest) => verified.kept.extend(manifest.check_all_bytes(&path)),
            Err(e) if e.kind() == ErrorKind::Outdated => {}
            Err(e) => verified.kept.push(e),
        }
    }
    Ok(verified)
}

/// What is wrong with a generation.
pub(super) fn generation(path: &Path, schema: &Arc<IndexSchema>) -> Vec<Error> {
    let manifest = match Manifest::read(path) {
        Ok(manifest) => manifest,
        Err(e) => return vec![e],
    };
    let mut damage = manifest.check_all_bytes(path);
    damage.extend(unknown_files(path, &manifest));
    if !damage.is_empty() {
        return damage;
    }
    let checked = guard(|| {
        let ledger = Ledger::read(path, manifest.sources.len())?;
        let snapshot = generation::snapshot(path, schema)?;
        contents(path, &snapshot, &manifest, &ledger)
    });
    checked.unwrap_or_else(|e| vec![e.at(path)])
}

fn unknown_files(path: &Path, manifest: &Manifest) -> Vec<Error> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) => return vec![Error::io(path, e)],
    };
    let unknown = entries.filter_map(|entry| match entry {
        Ok(entry) => {
            let name = entry.file_name();
            let known = name
                .to_str()
                .is_some_and(|name| name == MANIFEST || manifest.files.contains_key(name));
            (!known).then(|| wrong("unknown to the manifest").at(entry.path()))
        }
        Err(e) => Some(Error::io(path, e)),
    });
    unknown.collect()
}

/// Compares what tantivy holds with what was recorded.
fn contents(
    path: &Path,
    snapshot: &Snapshot,
    manifest: &Manifest,
    ledger: &Ledger,
) -> Result<Vec<Error>> {
    let schema = snapshot.shared_schema();
    let mut damage = Vec::new();
    if manifest.counts != ledger.counts() {
        damage.push(wrong(
            "the manifest counts other records than were recorded",
        ));
    }
    if manifest.fields != field_statistics(snapshot.searcher(), snapshot.mapping())? {
        damage.push(wrong(
            "the manifest tells other lengths of fields than the index",
        ));
    }
    let found = groups::gather(snapshot.searcher(), snapshot.mapping())?;
    if *snapshot.groups()? != found {
        damage.push(wrong("other records are told to be of one trial than are"));
    }
    if names::kept(path, manifest)? != names::learn(snapshot.searcher(), schema)? {
        damage.push(wrong("the index keeps other names than its records give"));
    }
    damage.extend(doubles(ledger));
    let places = places(snapshot)?;
    let found: usize = places.values().map(Vec::len).sum();
    let alive = snapshot.searcher().num_docs();
    if found as u64 != alive {
        damage.push(wrong(format!(
            "{alive} documents, {found} of them with a number"
        )));
    }
    let recorded: HashSet<u64> = ledger.records().map(|record| record.uid).collect();
    let unknown = places.keys().filter(|uid| !recorded.contains(*uid)).count();
    if unknown > 0 {
        damage.push(wrong(format!("{unknown} documents nobody recorded")));
    }
    let mut failures = 0;
    for record in ledger.records() {
        let addresses = places
            .get(&record.uid)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if let Err(e) = check_record(snapshot, record, addresses) {
            failures += 1;
            if failures <= TOLD {
                damage.push(e);
            }
        }
    }
    if failures > TOLD {
        damage.push(wrong(format!("{} more records are wrong", failures - TOLD)));
    }
    for list in &manifest.changes {
        damage.extend(snapshot.changes_of(list).err());
    }
    Ok(damage)
}

/// Records of one id of which more than one, or none, can be found.
fn doubles(ledger: &Ledger) -> Vec<Error> {
    let mut searched: HashMap<(Kind, &str), u32> = HashMap::new();
    for record in ledger.records() {
        *searched.entry((record.kind, &record.id)).or_default() += u32::from(record.searched);
    }
    let doubles = searched.into_iter().filter(|(_, count)| *count != 1);
    doubles
        .map(|((kind, id), count)| wrong(format!("{kind} {id} can be found {count} times")))
        .take(TOLD)
        .collect()
}

/// Where the documents of each number stand.
fn places(snapshot: &Snapshot) -> Result<HashMap<u64, Vec<DocAddress>>> {
    let mut places: HashMap<u64, Vec<DocAddress>> = HashMap::new();
    let uid = snapshot.mapping().uid;
    for (ordinal, segment) in (0..).zip(snapshot.searcher().segment_readers()) {
        let terms = segment.inverted_index(uid).map_err(|e| tantivy_error(&e))?;
        let mut stream = terms.terms().stream().map_err(unreadable)?;
        while stream.advance() {
            let number = stream.key().try_into().map(u64::from_be_bytes);
            let number = number.map_err(|_| wrong("a number of a document is none"))?;
            let info = stream.value().clone();
            let postings = terms.read_postings_from_terminfo(&info, IndexRecordOption::Basic);
            let mut postings = postings.map_err(unreadable)?;
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    let address = DocAddress::new(ordinal, postings.doc());
                    places.entry(number).or_default().push(address);
                }
                postings.advance();
            }
        }
    }
    Ok(places)
}

/// Reads a record and compares it with what was recorded of it.
fn check_record(
    snapshot: &Snapshot,
    record: &LedgerRecord,
    addresses: &[DocAddress],
) -> Result<()> {
    let about = |what: &str| wrong(format!("{} {}: {what}", record.kind, record.id));
    let &[address] = addresses else {
        return Err(about(&format!("stands in {} documents", addresses.len())));
    };
    let mapping: &Mapping = snapshot.mapping();
    let document = snapshot.document(address)?;
    let (json, provenance) = mapping.stored(&document)?;
    if Digest::of(json) != record.digest || Digest::of(provenance) != record.place {
        return Err(about("the index keeps another record than was read"));
    }
    let stored = mapping.record(&document)?;
    if (stored.kind(), stored.id()) != (record.kind, &*record.id) {
        return Err(about("the index keeps a record of another id"));
    }
    let found = snapshot.find(record.kind, &record.id)?;
    if (found == Some(address)) != record.searched {
        return Err(about(if record.searched {
            "cannot be found by its id"
        } else {
            "can be found though it is superseded"
        }));
    }
    Ok(())
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Damaged, message).remedy(REPAIR)
}

fn unreadable(error: std::io::Error) -> Error {
    wrong("the index cannot be read").caused_by(error)
}
