//! What was read: every file of every source, and what became of each record in it.
//!
//! Only the writer needs it, so it stands in a file of its own beside the manifest (which holds
//! its checksum): zstd-compressed JSON Lines, a file of a source a line, in the order they are read.

use super::supersede::Vintage;
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Kind, Registry};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// Name of the ledger in a generation's folder.
pub(crate) const LEDGER: &str = "records.jsonl.zst";

/// Everything an index has read, in source order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger {
    /// One list of files per remembered source.
    pub(crate) sources: Vec<Vec<LedgerFile>>,
}

/// A file of a source and the records it gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LedgerFile {
    /// The path below the source; empty where the source is the file.
    pub(crate) path: String,
    /// Bytes on disk.
    #[serde(default)]
    pub(crate) size: u64,
    /// Last change of the file, in nanoseconds since 1970; absent where the system tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<i64>,
    /// XXH3 of the bytes on disk, where they were read to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<Digest>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) rejected: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) records: Vec<LedgerRecord>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
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
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let number = u128::from_str_radix(&text, 16).map_err(de::Error::custom)?;
        Ok(Digest(number))
    }
}

/// A record that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerRecord {
    /// The number of its document.
    pub(crate) uid: u64,
    pub(crate) kind: Kind,
    pub(crate) id: String,
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
        files.flat_map(|file| &file.records)
    }

    /// Writes the ledger into a generation's folder.
    pub(crate) fn write(&self, generation: &Path) -> Result<()> {
        let path = generation.join(LEDGER);
        self.write_to(&path).map_err(|e| Error::io(&path, e))
    }

    fn write_to(&self, path: &Path) -> std::io::Result<()> {
        let mut encoder = zstd::Encoder::new(BufWriter::new(File::create(path)?), 3)?;
        for (source, files) in self.sources.iter().enumerate() {
            for file in files {
                serde_json::to_writer(&mut encoder, &Line { source, file })?;
                encoder.write_all(b"\n")?;
            }
        }
        let file = encoder.finish()?.into_inner()?;
        file.sync_all()
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
            id: "NCT06360861".to_owned(),
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
            size: 12,
            modified: Some(-1),
            digest: Some(Digest(9)),
            rejected: 1,
            records: vec![record],
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
