//! What a generation is made of: its sources, its counts, and the checksum of every file.
//!
//! Written last of all, so a folder with a manifest is a complete generation. Two lines: the JSON,
//! and a CRC32 of it.

use super::changes::ChangeList;
use super::durable;
use super::guard::REPAIR;
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Format, Kind, Registry};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Name of the manifest in a generation's folder.
pub(crate) const MANIFEST: &str = "manifest";

/// The form of everything on disk that is ours; a reader of another number refuses.
pub(crate) const FORMAT: u32 = 6;

/// The number of the first document of an index.
pub(crate) const FIRST_UID: u64 = 1;

const REBUILD: &str = "run `trialdex index` or `trialdex reindex` with this version: the index is built again from its sources";

/// What a generation is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// Version of trialdex that made it.
    pub(crate) library: String,
    /// What decides the terms in the index: fields and analyzers.
    pub(crate) fingerprint: String,
    pub(crate) created: Timestamp,
    pub(crate) sources: Vec<RememberedSource>,
    pub(crate) counts: Counts,
    /// Of each text field, over searched documents.
    pub(crate) fields: BTreeMap<String, FieldStatistics>,
    /// The number the next new document gets.
    pub(crate) next_uid: u64,
    /// The run that made it; counts up.
    #[serde(default)]
    pub(crate) run: u64,
    /// What the reading of files depended on beside the files.
    #[serde(default)]
    pub(crate) wordings: String,
    /// What the last runs changed, oldest first; each list is a file of the generation.
    #[serde(default)]
    pub(crate) changes: Vec<ChangeList>,
    /// The generation whose content it has, where a run went back to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) restores: Option<String>,
    /// Every other file of the generation.
    pub(crate) files: BTreeMap<String, Checksum>,
}

/// A source the index was fed from and reads again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedSource {
    /// The file or folder, as an absolute path; `-` for standard input, which cannot be read again.
    pub path: PathBuf,
    /// Globs of what is passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
}

/// How many records an index holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records that can be found, by kind.
    pub kinds: BTreeMap<Kind, u64>,
    /// Trials that can be found, by registry.
    pub registries: BTreeMap<Registry, u64>,
    /// Records that can be found, by the format they were read from.
    pub formats: BTreeMap<Format, u64>,
    /// Records kept aside because a better one of the same id stands.
    pub superseded: u64,
}

/// How long a text field is, over the documents that can be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldStatistics {
    /// Documents that have the field.
    pub(crate) documents: u64,
    /// Its tokens in all of them, each document's length as the index keeps it (rounded beyond 40).
    pub(crate) tokens: u64,
}

/// Size and CRC32 of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksum {
    pub(crate) size: u64,
    pub(crate) crc32: u32,
}

impl Checksum {
    /// Reads a file to its end.
    pub(crate) fn of_file(path: &Path) -> std::io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hasher = crc32fast::Hasher::new();
        let mut buffer = vec![0; 1 << 18];
        let mut size = 0;
        loop {
            let count = file.read(&mut buffer)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            hasher.update(read);
            size += count as u64;
        }
        let crc32 = hasher.finalize();
        Ok(Checksum { size, crc32 })
    }
}

impl Counts {
    /// All records that can be found.
    pub fn searched(&self) -> u64 {
        self.kinds.values().sum()
    }

    /// Records of a kind that can be found.
    pub fn of_kind(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }
}

impl Manifest {
    /// A manifest of nothing yet.
    pub(crate) fn new(fingerprint: &str, created: Timestamp) -> Self {
        Manifest {
            format: FORMAT,
            library: env!("CARGO_PKG_VERSION").to_owned(),
            fingerprint: fingerprint.to_owned(),
            created,
            sources: Vec::new(),
            counts: Counts::default(),
            fields: BTreeMap::new(),
            next_uid: FIRST_UID,
            run: 0,
            wordings: String::new(),
            changes: Vec::new(),
            restores: None,
            files: BTreeMap::new(),
        }
    }

    /// Writes the manifest; the generation is complete when this returns.
    pub(crate) fn write(&self, generation: &Path) -> Result<()> {
        let path = generation.join(MANIFEST);
        let json = serde_json::to_string(self).map_err(|e| {
            Error::new(ErrorKind::Io, "cannot be written")
                .at(&path)
                .caused_by(e)
        })?;
        let crc32 = crc32fast::hash(json.as_bytes());
        durable::replace_file(&path, format!("{json}\n{crc32:08x}\n").as_bytes())
    }

    /// Reads a manifest and checks it against itself.
    ///
    /// # Errors
    /// [`ErrorKind::Outdated`] where it was written by another format, [`ErrorKind::Damaged`] where it contradicts itself.
    pub(crate) fn read(generation: &Path) -> Result<Self> {
        let (json, path) = checked_json(generation)?;
        let format: FormatOnly =
            serde_json::from_str(&json).map_err(|e| damaged(&path, e.to_string()))?;
        if format.format != FORMAT {
            let message = format!(
                "index format {}, this version writes {FORMAT}",
                format.format
            );
            return Err(Error::new(ErrorKind::Outdated, message)
                .at(path)
                .remedy(REBUILD));
        }
        serde_json::from_str(&json).map_err(|e| damaged(&path, e.to_string()))
    }

    /// Reads what every format keeps in the same place: what an outdated index is rebuilt from.
    pub(crate) fn read_lasting(generation: &Path) -> Result<Lasting> {
        let (json, path) = checked_json(generation)?;
        serde_json::from_str(&json).map_err(|e| damaged(&path, e.to_string()))
    }

    /// Refuses an index whose terms were made by other fields or analyzers.
    pub(crate) fn check_fingerprint(&self, fingerprint: &str, generation: &Path) -> Result<()> {
        if self.fingerprint == fingerprint {
            return Ok(());
        }
        let message = "built with other fields or analyzers than those now in use";
        Err(Error::new(ErrorKind::Outdated, message)
            .at(generation)
            .remedy(REBUILD))
    }

    /// Checks that every file is there in its full size, and the small files that steer the others byte by byte.
    pub(crate) fn check_sizes(&self, generation: &Path) -> Result<()> {
        for (name, expected) in &self.files {
            let path = generation.join(name);
            let size = match std::fs::metadata(&path) {
                Ok(metadata) => metadata.len(),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                    return Err(damaged(&path, "missing"));
                }
                Err(e) => return Err(Error::io(path, e)),
            };
            if size != expected.size {
                return Err(damaged(
                    &path,
                    format!("has {size} bytes, must have {}", expected.size),
                ));
            }
            if name.ends_with(".json") {
                check_bytes(&path, *expected)?;
            }
        }
        Ok(())
    }

    /// Reads every file and tells those that are not what was written.
    pub(crate) fn check_all_bytes(&self, generation: &Path) -> Vec<Error> {
        self.files
            .iter()
            .filter_map(|(name, expected)| check_bytes(&generation.join(name), *expected).err())
            .collect()
    }

    /// Checks one file byte by byte.
    pub(crate) fn check_file(&self, generation: &Path, name: &str) -> Result<()> {
        let path = generation.join(name);
        let expected = self
            .files
            .get(name)
            .ok_or_else(|| damaged(&path, "unknown to the manifest"))?;
        check_bytes(&path, *expected)
    }

    /// Bytes of all files together.
    pub(crate) fn size(&self) -> u64 {
        self.files.values().map(|file| file.size).sum()
    }
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

/// What every format keeps in the same place.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Lasting {
    pub(crate) sources: Vec<RememberedSource>,
    #[serde(default)]
    pub(crate) run: u64,
    /// Records that could be found, if they are told in a way we know.
    #[serde(default, rename = "counts", deserialize_with = "searched")]
    pub(crate) searched: u64,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, Checksum>,
}

impl Lasting {
    /// Bytes of all files together.
    pub(crate) fn size(&self) -> u64 {
        self.files.values().map(|file| file.size).sum()
    }
}

impl From<&Manifest> for Lasting {
    fn from(manifest: &Manifest) -> Self {
        Lasting {
            sources: manifest.sources.clone(),
            run: manifest.run,
            searched: manifest.counts.searched(),
            files: manifest.files.clone(),
        }
    }
}

/// How many records some counts tell of, in whatever way.
fn searched<'de, D: Deserializer<'de>>(counts: D) -> std::result::Result<u64, D::Error> {
    let counts = serde_json::Value::deserialize(counts)?;
    let kinds = counts.get("kinds").and_then(|kinds| kinds.as_object());
    let counts = kinds.into_iter().flat_map(|kinds| kinds.values());
    Ok(counts.filter_map(serde_json::Value::as_u64).sum())
}

/// The manifest's JSON, once its CRC is found right.
fn checked_json(generation: &Path) -> Result<(String, PathBuf)> {
    let path = generation.join(MANIFEST);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(damaged(&path, "missing"));
        }
        Err(e) => return Err(Error::io(path, e)),
    };
    let text = String::from_utf8(bytes).map_err(|_| damaged(&path, "not UTF-8"))?;
    let (json, rest) = text
        .split_once('\n')
        .ok_or_else(|| damaged(&path, "cut off"))?;
    if rest != format!("{:08x}\n", crc32fast::hash(json.as_bytes())) {
        return Err(damaged(&path, "its checksum is wrong"));
    }
    Ok((json.to_owned(), path))
}

fn check_bytes(path: &Path, expected: Checksum) -> Result<()> {
    let found = Checksum::of_file(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => damaged(path, "missing"),
        _ => Error::io(path, e),
    })?;
    if found != expected {
        return Err(damaged(path, "its checksum is wrong"));
    }
    Ok(())
}

fn damaged(path: &Path, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Damaged, message)
        .at(path)
        .remedy(REPAIR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT,
            library: "0.0.0".to_owned(),
            fingerprint: "f".to_owned(),
            created: Timestamp::from_unix_seconds(0),
            sources: vec![RememberedSource {
                path: "/data/trials".into(),
                exclude: vec!["*.bak".to_owned()],
            }],
            counts: Counts {
                kinds: BTreeMap::from([(Kind::Trial, 2)]),
                registries: BTreeMap::from([(Registry::Irct, 2)]),
                formats: BTreeMap::from([(Format::IrctText, 2)]),
                superseded: 1,
            },
            fields: BTreeMap::new(),
            next_uid: 4,
            run: 9,
            wordings: "w".to_owned(),
            changes: Vec::new(),
            restores: None,
            files: BTreeMap::new(),
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        manifest().write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest());
        let lasting = Manifest::read_lasting(folder.path()).unwrap();
        assert_eq!(lasting, Lasting::from(&manifest()));
        assert_eq!((lasting.searched, lasting.run), (2, 9));
    }

    #[test]
    fn every_flipped_bit_and_every_truncation_of_a_manifest_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        manifest().write(folder.path()).unwrap();
        let path = folder.path().join(MANIFEST);
        let good = std::fs::read(&path).unwrap();
        for byte in 0..good.len() {
            let mut bad = good.clone();
            bad[byte] ^= 1 << (byte % 8);
            std::fs::write(&path, &bad).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "byte {byte}");
            std::fs::write(&path, &good[..byte]).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "cut at {byte}");
        }
    }

    #[test]
    fn another_format_is_outdated_and_still_tells_its_sources() {
        let folder = tempfile::tempdir().unwrap();
        let json = r#"{"format":99,"sources":[{"path":"/a"}],"unheard":[]}"#;
        let crc32 = crc32fast::hash(json.as_bytes());
        std::fs::write(
            folder.path().join(MANIFEST),
            format!("{json}\n{crc32:08x}\n"),
        )
        .unwrap();
        let error = Manifest::read(folder.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Outdated);
        assert!(error.hint().is_some());
        assert_eq!(
            Manifest::read_lasting(folder.path()).unwrap().sources[0].path,
            Path::new("/a")
        );
    }

    #[test]
    fn a_file_of_another_size_and_one_with_a_flipped_bit_are_damage() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.store");
        std::fs::write(&file, b"0123456789").unwrap();
        let mut manifest = manifest();
        manifest
            .files
            .insert("a.store".to_owned(), Checksum::of_file(&file).unwrap());
        manifest.check_sizes(folder.path()).unwrap();
        std::fs::write(&file, b"012345678\x00").unwrap();
        manifest.check_sizes(folder.path()).unwrap();
        assert_eq!(manifest.check_all_bytes(folder.path()).len(), 1);
        std::fs::write(&file, b"012345678").unwrap();
        assert_eq!(
            manifest.check_sizes(folder.path()).unwrap_err().kind(),
            ErrorKind::Damaged
        );
    }
}
