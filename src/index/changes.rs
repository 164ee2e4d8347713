//! What one run changed: a list in the generation it made, and in those made from it.
//!
//! A generation carries the lists of the runs before it as files of its own, so a list can never
//! contradict the index it belongs to, and an index that went back has the history of where it is.

use super::disk::NewFile;
use super::durable;
use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::record::Kind;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::path::Path;

/// Lists a generation carries: more quiet than busy nights make that the better part of a year.
pub(crate) const LISTS_KEPT: usize = 100;

/// How the names of its files begin.
pub(crate) const CHANGES: &str = "changes-";

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It could not be found before.
    Added,
    /// It says something else than before.
    Updated,
    /// It can no longer be found.
    Removed,
}

/// What happened to one record in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What happened.
    pub change: ChangeKind,
    /// The kind of the record.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its title now, or its last one where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of an updated record, the top-level fields of its JSON that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Names of the saved searches that find it now and did not before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watches: Vec<String>,
}

/// The changes of one run as a generation's manifest names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeList {
    /// The run that made the changes.
    pub run: u64,
    /// When it began.
    pub began: Timestamp,
    /// The run whose index it changed; `None` where there was none to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// Records added.
    pub added: u64,
    /// Records updated.
    pub updated: u64,
    /// Records removed.
    pub removed: u64,
}

impl ChangeList {
    /// Counts the changes of a run.
    pub(crate) fn of(run: u64, began: Timestamp, since: Option<u64>, changes: &[Change]) -> Self {
        let count = |kind| changes.iter().filter(|c| c.change == kind).count() as u64;
        ChangeList {
            run,
            began,
            since,
            added: count(ChangeKind::Added),
            updated: count(ChangeKind::Updated),
            removed: count(ChangeKind::Removed),
        }
    }

    /// The name of its file in a generation's folder.
    pub(crate) fn file_name(&self) -> String {
        format!("{CHANGES}{:08}.jsonl.zst", self.run)
    }

    /// Writes the changes, durably.
    pub(crate) fn write(&self, generation: &Path, changes: &[Change]) -> Result<()> {
        let path = generation.join(self.file_name());
        write(&path, changes).map_err(|e| Error::io(path, e))
    }

    /// Reads the changes.
    pub(crate) fn read(&self, generation: &Path) -> Result<Vec<Change>> {
        let path = generation.join(self.file_name());
        let file = File::open(&path).map_err(|e| Error::io(&path, e))?;
        let decoder = zstd::Decoder::new(file).map_err(|e| Error::io(&path, e))?;
        let lines = BufReader::new(decoder).lines();
        let change = |line: std::io::Result<String>| {
            let line = line.map_err(|e| Error::io(&path, e))?;
            serde_json::from_str(&line)
                .map_err(|e| Error::new(ErrorKind::Damaged, e.to_string()).at(&path))
        };
        lines.map(change).collect()
    }
}

fn write(path: &Path, changes: &[Change]) -> std::io::Result<()> {
    let mut encoder = zstd::Encoder::new(BufWriter::new(NewFile::create(path)?), 3)?;
    let mut line = Vec::new();
    for change in changes {
        durable::write_json_line(&mut encoder, &mut line, change)?;
    }
    encoder.finish()?.into_inner()?.sync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let changes = vec![
            Change {
                change: ChangeKind::Updated,
                kind: Kind::Trial,
                id: "NCT00000001".to_owned(),
                title: Some("A title\nof two lines".to_owned()),
                fields: vec!["public_title".to_owned()],
                watches: vec!["lupus".to_owned()],
            },
            Change {
                change: ChangeKind::Removed,
                kind: Kind::Article,
                id: "a-post".to_owned(),
                title: None,
                fields: Vec::new(),
                watches: Vec::new(),
            },
        ];
        let list = ChangeList::of(7, Timestamp::from_unix_seconds(0), Some(3), &changes);
        assert_eq!((list.added, list.updated, list.removed), (0, 1, 1));
        list.write(folder.path(), &changes).unwrap();
        assert_eq!(list.read(folder.path()).unwrap(), changes);
    }
}
