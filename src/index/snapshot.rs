//! A view of an index: its records, and what is told of them all.

use super::build::tantivy_error;
use super::changes::{Change, ChangeList};
use super::guard::guard;
use super::manifest::{Counts, Manifest, RememberedSource};
use super::mapping::Mapping;
use super::opened::Opened;
use super::timestamp::Timestamp;
use crate::error::Result;
use crate::record::{Kind, Record};
use crate::schema::IndexSchema;
use std::path::PathBuf;
use std::sync::Arc;
use tantivy::columnar::StrColumn;
use tantivy::{DocAddress, Searcher};

/// A view of an index that never changes, whatever is published after it was taken.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) schema: Arc<IndexSchema>,
    pub(super) mapping: Arc<Mapping>,
    pub(super) generation: Arc<Opened>,
}

impl Snapshot {
    /// A generation, whether it is published or not.
    pub(super) fn of(
        schema: Arc<IndexSchema>,
        mapping: Arc<Mapping>,
        path: PathBuf,
        searcher: Searcher,
        manifest: Manifest,
    ) -> Self {
        let name = path
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        let generation = Opened::new(name, Some(path), searcher, manifest);
        Snapshot {
            schema,
            mapping,
            generation: Arc::new(generation),
        }
    }

    /// The record of an id: in any spelling of a registry's number, whatever its member state or version; of an obsolete
    /// number; of the trial's number in another registry. A trial before an article.
    ///
    /// # Errors
    /// What reading says.
    pub fn get(&self, id: &str) -> Result<Option<Record>> {
        guard(|| self.look_up(id))
    }

    fn look_up(&self, id: &str) -> Result<Option<Record>> {
        let normal = self.schema.identifiers.normalise(id);
        let normal = normal.as_ref().map(|identifier| identifier.normal.as_str());
        for id in [Some(id), normal].into_iter().flatten() {
            for kind in [Kind::Trial, Kind::Article] {
                if let Some(address) = self.find(kind, id)? {
                    return self.record(address).map(Some);
                }
            }
        }
        let mut bearers = self.bearers(id)?.into_iter();
        Ok(bearers.next().map(|bearer| bearer.record))
    }

    /// Every record that can be found, trials first, each kind in the order of ids.
    ///
    /// # Errors
    /// What reading says.
    pub fn records(&self) -> Result<impl Iterator<Item = Result<Record>> + '_> {
        let addresses = guard(|| self.searched())?.into_iter();
        Ok(addresses.map(|address| guard(|| self.record(address))))
    }

    /// The documents that can be found, in the order of their records' kinds and ids.
    fn searched(&self) -> Result<Vec<DocAddress>> {
        let mut places = Vec::new();
        for (ordinal, segment) in (0..).zip(self.searcher().segment_readers()) {
            let column = |name| {
                segment
                    .fast_fields()
                    .str(name)
                    .map_err(|e| tantivy_error(&e))
            };
            let (Some(kinds), Some(ids)) = (column("kind")?, column("id")?) else {
                continue;
            };
            let word = |column: &StrColumn, document| -> Result<Option<String>> {
                let Some(ordinal) = column.term_ords(document).next() else {
                    return Ok(None);
                };
                let mut word = String::new();
                let read = column.ord_to_str(ordinal, &mut word);
                read.map_err(|e| tantivy_error(&e.into()))?;
                Ok(Some(word))
            };
            for document in segment.doc_ids_alive() {
                // A document that only keeps its record has neither.
                if let (Some(kind), Some(id)) = (word(&kinds, document)?, word(&ids, document)?) {
                    let is_article = kind == Kind::Article.as_str();
                    places.push((is_article, id, DocAddress::new(ordinal, document)));
                }
            }
        }
        places.sort_unstable();
        Ok(places.into_iter().map(|(_, _, address)| address).collect())
    }

    /// Every record kept aside because a better one of the same id stands, in no particular order.
    ///
    /// # Errors
    /// What reading says.
    pub fn superseded(&self) -> Result<impl Iterator<Item = Result<Record>> + '_> {
        let addresses = guard(|| self.addresses(&self.mapping.superseded_term()))?;
        let addresses = addresses.into_iter();
        Ok(addresses.map(|address| guard(|| self.record(address))))
    }

    /// The records of one kind and id that are kept aside because a better one stands, the latest word last.
    ///
    /// # Errors
    /// What reading says.
    pub fn kept_aside(&self, kind: Kind, id: &str) -> Result<Vec<Record>> {
        guard(|| {
            let term = self.mapping.superseded_key_term(kind, id);
            let addresses = self.addresses(&term)?.into_iter();
            let records = addresses.map(|address| self.record(address));
            let mut records: Vec<Record> = records.collect::<Result<_>>()?;
            let place = |record: &Record| {
                let file = record
                    .provenance()
                    .map(|p| (p.file.clone(), p.entry.clone()));
                (record.as_of(), file)
            };
            records.sort_by_cached_key(place);
            Ok(records)
        })
    }

    /// How many records there are.
    pub fn counts(&self) -> &Counts {
        &self.generation.manifest.counts
    }

    /// The sources the index was fed from.
    pub fn sources(&self) -> &[RememberedSource] {
        &self.generation.manifest.sources
    }

    /// When the generation was made.
    pub fn created(&self) -> Timestamp {
        self.generation.manifest.created
    }

    /// Bytes on disk; 0 in memory.
    pub fn size(&self) -> u64 {
        self.generation.manifest.size()
    }

    /// The name of the generation; `None` in memory.
    pub fn generation(&self) -> Option<String> {
        self.generation.name.map(|name| name.to_string())
    }

    /// What the last runs changed, oldest first; empty in memory.
    pub fn change_lists(&self) -> &[ChangeList] {
        &self.generation.manifest.changes
    }

    /// The changes of a run.
    ///
    /// # Errors
    /// What reading says; the files of a generation go some runs after it was published.
    pub fn changes_of(&self, list: &ChangeList) -> Result<Vec<Change>> {
        match &self.generation.path {
            Some(path) => {
                self.generation
                    .manifest
                    .check_file(path, &list.file_name())?;
                list.read(path)
            }
            None => Ok(Vec::new()),
        }
    }

    /// The schema the index was opened with.
    pub fn schema(&self) -> &IndexSchema {
        &self.schema
    }

    /// The schema, to be shared.
    pub(crate) fn shared_schema(&self) -> &Arc<IndexSchema> {
        &self.schema
    }
}
