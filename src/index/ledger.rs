//! What was read: every file of every source, and what became of each record in it.
//!
//! Only the writer needs it, so it stands in a file of its own beside the manifest (which holds
//! its checksum): zstd-compressed JSON Lines, a file of a source a line, in the order they are read.

use super::disk::NewFile;
use super::durable;
use super::records::{Key, Records};
use super::supersede::Vintage;
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Kind, Provenance, Registry};
use crate::source::{FileEnd, FileState, KnownFile, Rejection};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::path::Path;

/// Name of the ledger in a generation's folder.
pub(crate) const LEDGER: &str = "records.jsonl.zst";

/// Of digests that nothing shortens the quickest level makes a smaller file than the ones above it,
/// in a third of their time.
const LEVEL: i32 = 1;

/// Everything an index has read, in source order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger {
    /// One list of files per remembered source.
    pub(crate) sources: Vec<Vec<LedgerFile>>,
}

/// A file of a source and the records it gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LedgerFile {
    /// The path below the source; the file's name where the source is the file.
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) state: LedgerState,
    /// Why records of it were rejected, with their number and the first place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rejected: Vec<Rejected>,
    #[serde(default, skip_serializing_if = "Records::is_empty")]
    pub(crate) records: Records,
}

/// How a file stood on disk: what tells whether it has changed since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LedgerState {
    /// Bytes on disk.
    #[serde(default)]
    pub(crate) size: u64,
    /// Last change of the file, in nanoseconds since 1970; absent where the system tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<i64>,
    /// Last change of its entry on disk, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) changed: Option<i64>,
    /// XXH3 of the bytes on disk, where they were read to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<Digest>,
    /// Whether size and times tell that it has not changed since.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) settled: bool,
    /// Whether the system refused to give its bytes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) unreadable: bool,
}

/// Records of a file rejected for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rejected {
    pub(crate) reason: String,
    pub(crate) count: u64,
    /// The first place.
    pub(crate) first: Provenance,
}

/// Reasons told apart in one file; a hostile one could make up any number.
const REASONS: usize = 20;

fn is_false(value: &bool) -> bool {
    !*value
}

impl LedgerState {
    pub(crate) fn of(file: &FileState, end: FileEnd) -> Self {
        LedgerState {
            size: file.size,
            modified: file.modified,
            changed: file.changed,
            digest: end.digest.map(Digest),
            settled: end.settled,
            unreadable: end.unreadable,
        }
    }

    /// What the next reading is told.
    pub(crate) fn known(&self) -> KnownFile {
        KnownFile {
            size: self.size,
            modified: self.modified,
            changed: self.changed,
            end: FileEnd {
                digest: self.digest.map(|digest| digest.0),
                settled: self.settled,
                unreadable: self.unreadable,
            },
        }
    }
}

impl LedgerFile {
    /// Counts a record that was rejected.
    pub(crate) fn reject(&mut self, rejection: &Rejection) {
        let reason = &rejection.reason.message;
        let known = self.rejected.iter().any(|r| r.reason == *reason);
        let reason = if known || self.rejected.len() < REASONS {
            reason
        } else {
            "other reasons"
        };
        match self.rejected.iter_mut().find(|r| r.reason == reason) {
            Some(rejected) => rejected.count += 1,
            None => self.rejected.push(Rejected {
                reason: reason.to_owned(),
                count: 1,
                first: rejection.provenance.clone(),
            }),
        }
    }

    /// How many records were rejected.
    pub(crate) fn rejections(&self) -> u64 {
        self.rejected.iter().map(|r| r.count).sum()
    }

    /// Whether two files say the same, however they stood on disk.
    fn says_the_same(&self, other: &LedgerFile) -> bool {
        self.path == other.path && self.rejected == other.rejected && self.records == other.records
    }

    fn is_silent(&self) -> bool {
        self.records.is_empty() && self.rejected.is_empty()
    }
}

/// XXH3 (128 bits) of some bytes, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Digest(pub(crate) u128);

impl Digest {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Digest(xxhash_rust::xxh3::xxh3_128(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        // Two of every record: they are read where they stand.
        impl de::Visitor<'_> for Digits {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("32 hexadecimal digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest, E> {
                let number = u128::from_str_radix(text, 16);
                number.map(Digest).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// A record that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerRecord {
    /// The number of its document.
    pub(crate) uid: u64,
    pub(crate) kind: Kind,
    pub(crate) id: Box<str>,
    /// XXH3 of its content, provenance apart.
    pub(crate) digest: Digest,
    /// XXH3 of its provenance as it is stored.
    pub(crate) place: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) registry: Option<Registry>,
    pub(crate) vintage: Vintage,
    /// The run that first saw a record of this kind and id.
    pub(crate) first_seen: Timestamp,
    /// Whether it can be found; else a better record of the same id stands.
    pub(crate) searched: bool,
}

impl LedgerRecord {
    /// What a record has in common with the others of it.
    pub(crate) fn key(&self) -> Key<'_> {
        (self.kind, &self.id)
    }
}

/// When each record was first seen.
pub(crate) type FirstSeen = HashMap<(Kind, String), Timestamp>;

/// What every format keeps of a file in the same place.
#[derive(Deserialize)]
struct SeenFile {
    #[serde(default)]
    records: Vec<SeenRecord>,
}

/// What every format keeps of a record in the same place.
#[derive(Deserialize)]
struct SeenRecord {
    kind: Kind,
    id: String,
    first_seen: Timestamp,
}

/// A line of the ledger file.
#[derive(Serialize, Deserialize)]
struct Line<F> {
    source: usize,
    file: F,
}

impl Ledger {
    /// A ledger of so many sources of which nothing was read yet.
    pub(crate) fn empty(sources: usize) -> Self {
        Ledger {
            sources: vec![Vec::new(); sources],
        }
    }

    /// All records, in the order they were read.
    pub(crate) fn records(&self) -> impl Iterator<Item = &LedgerRecord> {
        let files = self.sources.iter().flatten();
        files.flat_map(|file| file.records.iter())
    }

    /// The records of each file, in the order they were read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Records> {
        let files = self.sources.iter().flatten();
        files.map(|file| &file.records)
    }

    /// Whether two ledgers hold the same records and rejections; how files stand on disk, and those that hold neither, do not matter.
    pub(crate) fn says_the_same(&self, other: &Ledger) -> bool {
        fn telling(files: &[LedgerFile]) -> impl Iterator<Item = &LedgerFile> {
            files.iter().filter(|file| !file.is_silent())
        }
        self.sources.len() == other.sources.len()
            && self
                .sources
                .iter()
                .zip(&other.sources)
                .all(|(own, others)| {
                    telling(own).count() == telling(others).count()
                        && telling(own)
                            .zip(telling(others))
                            .all(|(own, other)| own.says_the_same(other))
                })
    }

    /// Bytes of all files on disk.
    pub(crate) fn source_bytes(&self) -> u64 {
        self.sources
            .iter()
            .flatten()
            .map(|file| file.state.size)
            .sum()
    }

    /// Writes the ledger into a generation's folder.
    pub(crate) fn write(&self, generation: &Path) -> Result<()> {
        let path = generation.join(LEDGER);
        self.write_to(&path).map_err(|e| Error::io(&path, e))
    }

    fn write_to(&self, path: &Path) -> std::io::Result<()> {
        let file = BufWriter::new(NewFile::create(path)?);
        let mut encoder = zstd::Encoder::new(file, LEVEL)?;
        let mut line = Vec::new();
        for (source, files) in self.sources.iter().enumerate() {
            for file in files {
                durable::write_json_line(&mut encoder, &mut line, &Line { source, file })?;
            }
        }
        let file = encoder.finish()?.into_inner()?;
        file.sync()
    }

    /// When each record was first seen, as far as a ledger of any format tells; an upgrade must not make all records new.
    pub(crate) fn read_first_seen(generation: &Path) -> Result<FirstSeen> {
        let path = generation.join(LEDGER);
        let file = File::open(&path).map_err(|e| Error::io(&path, e))?;
        let decoder = zstd::Decoder::new(file).map_err(|e| Error::io(&path, e))?;
        let mut seen = FirstSeen::new();
        for line in BufReader::new(decoder).lines() {
            let line = line.map_err(|e| Error::io(&path, e))?;
            let Ok(line) = serde_json::from_str::<Line<SeenFile>>(&line) else {
                continue;
            };
            let records = line.file.records.into_iter();
            seen.extend(records.map(|record| ((record.kind, record.id), record.first_seen)));
        }
        Ok(seen)
    }

    /// Reads the ledger of a generation that remembers so many sources. Its bytes must have been checked before.
    pub(crate) fn read(generation: &Path, sources: usize) -> Result<Self> {
        let path = generation.join(LEDGER);
        let damaged = |message: String| Error::new(ErrorKind::Damaged, message).at(&path);
        let file = File::open(&path).map_err(|e| Error::io(&path, e))?;
        let decoder = zstd::Decoder::new(file).map_err(|e| Error::io(&path, e))?;
        let mut ledger = Ledger::empty(sources);
        for line in BufReader::new(decoder).lines() {
            let line = line.map_err(|e| Error::io(&path, e))?;
            let line: Line<LedgerFile> =
                serde_json::from_str(&line).map_err(|e| damaged(e.to_string()))?;
            let files = ledger.sources.get_mut(line.source);
            let files =
                files.ok_or_else(|| damaged("names a source nobody remembers".to_owned()))?;
            files.push(line.file);
        }
        Ok(ledger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let record = LedgerRecord {
            uid: 7,
            kind: Kind::Trial,
            id: "NCT06360861".into(),
            digest: Digest(u128::MAX),
            place: Digest::of(b"x"),
            registry: Some(Registry::Ctgov),
            vintage: Vintage {
                format: Some(crate::record::Format::CtgovJson),
                last_update: "2024-04-11".parse().ok(),
                as_of: None,
            },
            first_seen: Timestamp::from_unix_seconds(1),
            searched: true,
        };
        let file = LedgerFile {
            path: "a/b.json".to_owned(),
            state: LedgerState {
                size: 12,
                modified: Some(-1),
                changed: Some(1),
                digest: Some(Digest(9)),
                settled: true,
                unreadable: false,
            },
            rejected: vec![Rejected {
                reason: "not JSON".to_owned(),
                count: 3,
                first: Provenance {
                    file: "/a/b.json".to_owned(),
                    line: Some(7),
                    ..Provenance::default()
                },
            }],
            records: vec![record].into(),
        };
        let ledger = Ledger {
            sources: vec![Vec::new(), vec![file, LedgerFile::default()]],
        };
        ledger.write(folder.path()).unwrap();
        assert_eq!(Ledger::read(folder.path(), 2).unwrap(), ledger);
        assert_eq!(
            Ledger::read(folder.path(), 1).unwrap_err().kind(),
            ErrorKind::Damaged
        );
    }
}
