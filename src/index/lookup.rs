//! What queries ask a snapshot for.

use super::build::tantivy_error;
use super::extract::key;
use super::forms::Forms;
use super::groups;
use super::living::Living;
use super::manifest::FieldStatistics;
use super::mapping::Mapping;
use super::names;
use super::opened::Weights;
use super::set::DocSet;
use super::snapshot::Snapshot;
use super::vocabulary::vocabulary_of;
use crate::concept::Dictionary;
use crate::error::{Error, Result};
use crate::identity::Groups;
use crate::record::{Kind, Record};
use std::sync::Arc;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet as _, Searcher, TERMINATED, TantivyDocument, Term};

impl Snapshot {
    /// The names that are known, each with others of the same thing.
    ///
    /// # Errors
    /// A vocabulary or names of the generation that cannot be read.
    pub(crate) fn concepts(&self) -> Result<&Dictionary> {
        let concepts = &self.generation.concepts;
        if let Some(known) = concepts.get() {
            return Ok(known);
        }
        let path = self.generation.path.as_deref();
        // A generation stands two folders below its index.
        let vocabulary = match path.and_then(|path| path.parent()?.parent()) {
            Some(root) => vocabulary_of(root)?,
            None => None,
        };
        let learned = match path {
            Some(path) => names::kept(path, &self.generation.manifest)?,
            None => names::learn(self.searcher(), &self.schema)?,
        };
        let read = Dictionary::new(&self.schema, vocabulary.as_ref(), learned)?;
        Ok(concepts.get_or_init(|| read))
    }

    /// Which of its words are forms of one.
    ///
    /// # Errors
    /// A file of the generation that cannot be read.
    pub(crate) fn forms(&self) -> Result<&Forms> {
        let forms = &self.generation.forms;
        if let Some(known) = forms.get() {
            return Ok(known);
        }
        let read = match &self.generation.path {
            Some(path) => Forms::kept(path, &self.generation.manifest)?,
            None => Forms::gather(self.searcher(), &self.schema, &self.mapping)?,
        };
        Ok(forms.get_or_init(|| read))
    }

    /// Which records tell of one trial.
    ///
    /// # Errors
    /// What reading says.
    pub fn groups(&self) -> Result<&Groups> {
        let groups = &self.generation.groups;
        if let Some(known) = groups.get() {
            return Ok(known);
        }
        let read = match &self.generation.path {
            Some(path) => groups::read(path)?,
            None => Groups::default(),
        };
        Ok(groups.get_or_init(|| read))
    }

    fn places(&self) -> Result<&groups::Places> {
        let places = &self.generation.places;
        if let Some(known) = places.get() {
            return Ok(known);
        }
        let read = groups::Places::read(self)?;
        Ok(places.get_or_init(|| read))
    }

    /// The documents of every trial that has several.
    pub(crate) fn trials(&self) -> Result<&[Vec<DocAddress>]> {
        Ok(&self.places()?.trials)
    }

    /// The documents of the trial a record tells of, its own among them; none where it is the only one.
    pub(crate) fn same_trial(&self, id: &str) -> Result<&[DocAddress]> {
        let places = self.places()?;
        let trial = places.by_id.get(id).and_then(|&at| places.trials.get(at));
        Ok(trial.map_or(&[], Vec::as_slice))
    }

    /// The documents that can be found, by segment.
    pub(crate) fn living(&self) -> Result<&[Living]> {
        let living = &self.generation.living;
        if let Some(known) = living.get() {
            return Ok(known);
        }
        let read = Living::read(self.searcher(), &self.mapping)?;
        Ok(living.get_or_init(|| read))
    }

    /// tantivy's view of the index.
    pub(crate) fn searcher(&self) -> &Searcher {
        &self.generation.searcher
    }

    /// What the fields of the schema became in tantivy.
    pub(crate) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// How long a text field is, over the documents that can be found.
    pub(crate) fn field_statistics(&self, name: &str) -> FieldStatistics {
        let fields = &self.generation.manifest.fields;
        fields.get(name).copied().unwrap_or_default()
    }

    /// How many documents that can be found have a term.
    pub(crate) fn document_frequency(&self, term: &Term) -> Result<u64> {
        self.generation.frequencies.of(self.searcher(), term)
    }

    /// How many documents that can be found have one of some words in a text field.
    pub(crate) fn documents_with(&self, field: Field, words: &[String]) -> Result<u64> {
        let terms = words.iter();
        let terms = terms.map(|word| Term::from_field_text(field, word));
        let frequencies = &self.generation.frequencies;
        frequencies.of_any(self.searcher(), &terms.collect::<Vec<_>>())
    }

    /// The documents of a segment that have what a key stands for, worked out once.
    pub(crate) fn documents_of(
        &self,
        key: &[u8],
        work_out: impl FnOnce() -> Result<DocSet>,
    ) -> Result<Arc<DocSet>> {
        let documents = &self.generation.documents;
        documents.get(key, DocSet::size, work_out)
    }

    /// What names that a key stands for weigh, by segment, worked out once.
    pub(crate) fn weights_of(
        &self,
        key: &[u8],
        work_out: impl FnOnce() -> Result<Vec<Weights>>,
    ) -> Result<Arc<Vec<Weights>>> {
        let size =
            |weights: &Vec<Weights>| weights.iter().map(|own| size_of_val(own.as_slice())).sum();
        self.generation.names.get(key, size, work_out)
    }

    /// A document as it is stored.
    pub(super) fn document(&self, address: DocAddress) -> Result<TantivyDocument> {
        self.searcher().doc(address).map_err(|e| tantivy_error(&e))
    }

    /// The record a document keeps.
    pub(crate) fn record(&self, address: DocAddress) -> Result<Record> {
        self.mapping.record(&self.document(address)?)
    }

    /// The document of a record.
    pub(crate) fn find(&self, kind: Kind, id: &str) -> Result<Option<DocAddress>> {
        let Some(field) = self.mapping.keyword("key") else {
            return Ok(None);
        };
        let term = Term::from_field_text(field, &key(kind, id));
        Ok(self.addresses(&term)?.first().copied())
    }

    /// The records whose title is these folded words.
    pub(crate) fn titled(&self, whole_title: &str) -> Result<Vec<DocAddress>> {
        let Some(field) = self.mapping.keyword("whole_title") else {
            return Ok(Vec::new());
        };
        self.addresses(&Term::from_field_text(field, whole_title))
    }

    /// The living documents of a term.
    pub(super) fn addresses(&self, term: &Term) -> Result<Vec<DocAddress>> {
        let mut addresses = Vec::new();
        for (ordinal, segment) in (0..).zip(self.searcher().segment_readers()) {
            let terms = segment
                .inverted_index(term.field())
                .map_err(|e| tantivy_error(&e))?;
            let postings = terms
                .read_postings(term, IndexRecordOption::Basic)
                .map_err(io)?;
            let Some(mut postings) = postings else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    addresses.push(DocAddress::new(ordinal, postings.doc()));
                }
                postings.advance();
            }
        }
        Ok(addresses)
    }
}

fn io(error: std::io::Error) -> Error {
    tantivy_error(&error.into())
}
