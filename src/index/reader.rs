//! An index open for reading, and a snapshot of it.

use super::build::tantivy_error;
use super::changes::{Change, ChangeList};
use super::extract::key;
use super::forms::Forms;
use super::frequency::Frequencies;
use super::generation;
use super::groups;
use super::guard::guard;
use super::layout::{GenerationName, Layout};
use super::living::Living;
use super::manifest::{Counts, FieldStatistics, Manifest, RememberedSource};
use super::mapping::Mapping;
use super::names;
use super::timestamp::Timestamp;
use super::vocabulary::vocabulary_of;
use crate::concept::Dictionary;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Groups;
use crate::record::{Kind, Record};
use crate::schema::IndexSchema;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tantivy::columnar::StrColumn;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term};

/// How often opening begins anew because a writer published meanwhile and removed what was being opened.
const ATTEMPTS: usize = 5;

/// An index open for reading, on disk or in memory.
///
/// Needs no permission to write, never waits for a writer and never disturbs one.
#[derive(Debug)]
pub struct Index {
    layout: Option<Layout>,
    schema: Arc<IndexSchema>,
    mapping: Arc<Mapping>,
    current: RwLock<Arc<Generation>>,
}

/// An open generation.
struct Generation {
    name: Option<GenerationName>,
    path: Option<PathBuf>,
    searcher: Searcher,
    manifest: Manifest,
    /// The names that are known; read when first asked for.
    concepts: OnceLock<Dictionary>,
    /// The words of each stem; read when first asked for.
    forms: OnceLock<Forms>,
    /// Which records tell of one trial; read when first asked for.
    groups: OnceLock<Groups>,
    /// Where their documents stand; read when first asked for.
    places: OnceLock<groups::Places>,
    /// By segment; read when first asked for.
    living: OnceLock<Vec<Living>>,
    frequencies: Frequencies,
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Generation({:?})",
            self.name.map(|name| name.to_string())
        )
    }
}

/// A view of an index that never changes, whatever is published after it was taken.
#[derive(Clone, Debug)]
pub struct Snapshot {
    schema: Arc<IndexSchema>,
    mapping: Arc<Mapping>,
    generation: Arc<Generation>,
}

impl Index {
    /// Opens the published generation of an index on disk; cheap: no record is read.
    ///
    /// Checks the manifest and the size of every file.
    ///
    /// # Errors
    /// No index there, [`ErrorKind::Outdated`] where another format, other fields or other analyzers made it, [`ErrorKind::Damaged`].
    pub fn open(root: impl Into<PathBuf>, schema: Arc<IndexSchema>) -> Result<Self> {
        let layout = Layout::new(root);
        let mapping = Arc::new(Mapping::new(&schema)?);
        let generation = open_current(&layout, &schema)?;
        Ok(Index {
            layout: Some(layout),
            schema,
            mapping,
            current: RwLock::new(Arc::new(generation)),
        })
    }

    /// An index in memory, complete.
    pub(super) fn of(
        schema: Arc<IndexSchema>,
        mapping: Arc<Mapping>,
        searcher: Searcher,
        manifest: Manifest,
        groups: Groups,
    ) -> Self {
        let generation = Generation {
            name: None,
            path: None,
            searcher,
            manifest,
            concepts: OnceLock::new(),
            forms: OnceLock::new(),
            groups: OnceLock::from(groups),
            places: OnceLock::new(),
            living: OnceLock::new(),
            frequencies: Frequencies::default(),
        };
        Index {
            layout: None,
            schema,
            mapping,
            current: RwLock::new(Arc::new(generation)),
        }
    }

    /// What the index holds now.
    pub fn snapshot(&self) -> Snapshot {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot {
            schema: Arc::clone(&self.schema),
            mapping: Arc::clone(&self.mapping),
            generation: Arc::clone(&current),
        }
    }

    /// Looks whether a newer generation was published and opens it; cheap where none was. Tells whether there was one.
    ///
    /// # Errors
    /// As [`Index::open`]; the index then stays at what it was.
    pub fn reload(&self) -> Result<bool> {
        let Some(layout) = &self.layout else {
            return Ok(false);
        };
        let open = self.snapshot().generation.name;
        if layout.current()? == open {
            return Ok(false);
        }
        let generation = Arc::new(open_current(layout, &self.schema)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = generation;
        Ok(true)
    }

    /// The folder of an index on disk.
    pub fn path(&self) -> Option<&Path> {
        self.layout.as_ref().map(Layout::root)
    }

    /// Reads every file of the published generation and tells those that are not what was written.
    ///
    /// # Errors
    /// What reading `CURRENT` says.
    pub fn check_all_bytes(&self) -> Result<Vec<Error>> {
        let snapshot = self.snapshot();
        let (Some(layout), Some(name)) = (&self.layout, snapshot.generation.name) else {
            return Ok(Vec::new());
        };
        let path = layout.generation(name);
        Ok(snapshot.generation.manifest.check_all_bytes(&path))
    }
}

fn open_current(layout: &Layout, schema: &Arc<IndexSchema>) -> Result<Generation> {
    let mut attempts = 1;
    loop {
        let Some(name) = layout.current()? else {
            // No damage to a reader: in the last moment of a first build it looks the same.
            let lost = layout
                .unnamed()?
                .map(|_| layout.lost_current(ErrorKind::Io));
            return Err(lost.unwrap_or_else(|| no_index(layout.root())));
        };
        let path = layout.generation(name);
        match generation::open(&path, schema) {
            Ok((searcher, manifest)) => {
                return Ok(Generation {
                    name: Some(name),
                    path: Some(path),
                    searcher,
                    manifest,
                    concepts: OnceLock::new(),
                    forms: OnceLock::new(),
                    groups: OnceLock::new(),
                    places: OnceLock::new(),
                    living: OnceLock::new(),
                    frequencies: Frequencies::default(),
                });
            }
            Err(e) if attempts >= ATTEMPTS || layout.current()? == Some(name) => return Err(e),
            Err(_) => attempts += 1,
        }
    }
}

/// The names of the generations an index keeps, oldest first, the one in use among them.
///
/// # Errors
/// What reading says.
pub fn generations(root: &Path) -> Result<Vec<String>> {
    let names = Layout::new(root).names()?;
    Ok(names.iter().map(ToString::to_string).collect())
}

pub(super) fn no_index(root: &Path) -> Error {
    Error::new(ErrorKind::Io, "no index here")
        .at(root)
        .remedy("make one with `trialdex index SOURCE…`, or search files directly with `--in`")
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
        let generation = Generation {
            name,
            path: Some(path),
            searcher,
            manifest,
            concepts: OnceLock::new(),
            forms: OnceLock::new(),
            groups: OnceLock::new(),
            places: OnceLock::new(),
            living: OnceLock::new(),
            frequencies: Frequencies::default(),
        };
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
                column.ord_to_str(ordinal, &mut word).map_err(io)?;
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
