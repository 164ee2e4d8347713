//! Whether an index says what its sources say: it is built again beside it, and the two compared.

use super::build::tantivy_error;
use super::forms::Forms;
use super::generation;
use super::groups;
use super::guard::REPAIR;
use super::layout::Layout;
use super::ledger::{Digest, Ledger, LedgerFile};
use super::manifest::Manifest;
use super::mapping::{Mapped, Mapping};
use super::observer::Observer;
use super::reader::no_index;
use super::writer::{IndexWriter, UpdateOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Groups;
use crate::record::Kind;
use crate::schema::IndexSchema;
use crate::source::Source;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED};

/// Records told one by one.
const TOLD: usize = 20;

/// What comparing an index with its sources found.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Compared {
    /// Records that were compared: those of files that have not changed since.
    pub records: u64,
    /// Files that were read differently because they have changed, are new or are gone: no damage, a `reindex` is due.
    pub changed_files: Vec<String>,
    /// Sources that could not be read again, such as standard input.
    pub left_out: Vec<String>,
    /// Where the index says something else than the same files say.
    pub damage: Vec<Error>,
}

/// Builds an index again from its sources, in a temporary folder, and compares the two: every record, and the words of every field.
///
/// # Errors
/// No index there, an index of another format or schema, a source that is missing, and what building says.
pub fn verify_deep(
    root: &Path,
    schema: &Arc<IndexSchema>,
    options: &UpdateOptions,
    observer: &mut dyn Observer,
) -> Result<Compared> {
    let layout = Layout::new(root);
    let current = layout.current()?.ok_or_else(|| no_index(root))?;
    let own = Built::read(&layout.generation(current), schema)?;
    let folder = match &options.temp_folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    };
    let folder = folder.map_err(|e| Error::io(std::env::temp_dir(), e))?;
    let mut writer = IndexWriter::open(folder.path().join("index"), Arc::clone(schema))?;
    let mut compared = Compared::default();
    let mut places = Vec::new();
    for (place, source) in own.manifest.sources.iter().enumerate() {
        if source.path == Path::new("-") {
            compared.left_out.push("-".to_owned());
            continue;
        }
        writer.add(Source::path(&source.path), source.exclude.clone())?;
        places.push(place);
    }
    writer.update(options, observer)?;
    let layout = Layout::new(writer.path());
    let again = layout.current()?.ok_or_else(|| no_index(root))?;
    let again = Built::read(&layout.generation(again), schema)?;
    compared.compare(&own, &again, &places);
    if compared.changed_files.is_empty() && compared.left_out.is_empty() {
        compared.compare_words(&own, &again)?;
    }
    Ok(compared)
}

/// An index with all that is known of it.
struct Built {
    manifest: Manifest,
    ledger: Ledger,
    searcher: Searcher,
    mapping: Mapping,
    groups: Groups,
    forms: Forms,
    schema: Arc<IndexSchema>,
}

impl Built {
    fn read(path: &Path, schema: &Arc<IndexSchema>) -> Result<Self> {
        let manifest = Manifest::read(path)?;
        let ledger = Ledger::read(path, manifest.sources.len())?;
        let (searcher, manifest) = generation::open(path, schema)?;
        let forms = Forms::kept(path, &manifest)?;
        Ok(Built {
            manifest,
            ledger,
            searcher,
            mapping: Mapping::new(schema)?,
            groups: groups::read(path)?,
            forms,
            schema: Arc::clone(schema),
        })
    }
}

impl Compared {
    /// Compares file by file; `places` tells where each source built again stands in the index.
    fn compare(&mut self, own: &Built, again: &Built, places: &[usize]) {
        for (files, &place) in again.ledger.sources.iter().zip(places) {
            let old = own.ledger.sources.get(place).map(Vec::as_slice);
            let source = own.manifest.sources.get(place).map(|source| &source.path);
            self.compare_source(
                source.map(|path| path.as_path()),
                old.unwrap_or_default(),
                files,
            );
        }
    }

    fn compare_source(&mut self, source: Option<&Path>, old: &[LedgerFile], new: &[LedgerFile]) {
        let mut before: BTreeMap<&str, &LedgerFile> =
            old.iter().map(|file| (file.path.as_str(), file)).collect();
        let source = source.unwrap_or(Path::new(""));
        for file in new {
            let told = source.join(&file.path);
            match before.remove(file.path.as_str()) {
                Some(old)
                    if old.state.digest == file.state.digest
                        && old.state.size == file.state.size =>
                {
                    self.compare_records(&told, old, file);
                }
                Some(_) => self.changed_files.push(told.display().to_string()),
                None if file.records.is_empty() => {}
                None => self.changed_files.push(told.display().to_string()),
            }
        }
        let gone = before.into_values().filter(|file| !file.records.is_empty());
        let gone = gone.map(|file| source.join(&file.path).display().to_string());
        self.changed_files.extend(gone);
    }

    fn compare_records(&mut self, told: &Path, old: &LedgerFile, new: &LedgerFile) {
        self.records += new.records.len() as u64;
        type Said<'a> = (Kind, &'a str, Digest);
        fn said(file: &LedgerFile) -> Vec<Said<'_>> {
            let records = file.records.iter();
            let mut said: Vec<Said<'_>> = records.map(|r| (r.kind, &*r.id, r.digest)).collect();
            said.sort_unstable_by_key(|(kind, id, digest)| (*kind, *id, digest.0));
            said
        }
        if said(old) != said(new) && self.damage.len() < TOLD {
            self.damage
                .push(wrong("the index says something else than the file").at(told));
        }
    }

    /// Compares which words every field has, and how often; of indexes of the same files.
    fn compare_words(&mut self, own: &Built, again: &Built) -> Result<()> {
        if own.manifest.counts != again.manifest.counts {
            self.damage.push(wrong(
                "the index counts other records than its sources hold",
            ));
        }
        if own.manifest.fields != again.manifest.fields {
            self.damage.push(wrong(
                "the index tells other lengths of fields than its sources have",
            ));
        }
        if own.groups != again.groups {
            self.damage.push(wrong(
                "the index takes other records for one trial than its sources tell",
            ));
        }
        if own.forms != Forms::gather(&own.searcher, &own.schema, &own.mapping)? {
            let message = "the index tells other forms of words than it has words";
            self.damage.push(wrong(message));
        }
        for (name, field) in own.mapping.searched_fields() {
            if words(&own.searcher, field)? != words(&again.searcher, field)? {
                let message = format!("the field {name} has other words than in the sources");
                self.damage.push(wrong(message));
            }
        }
        Ok(())
    }
}

/// A number that tells all words of a field with the documents and places they stand in, however these are spread over segments.
fn words(searcher: &Searcher, field: Field) -> Result<u64> {
    let mut sum = 0u64;
    for segment in searcher.segment_readers() {
        let terms = segment
            .inverted_index(field)
            .map_err(|e| tantivy_error(&e))?;
        let mut stream = terms.terms().stream().map_err(unreadable)?;
        while stream.advance() {
            let word = xxhash_rust::xxh3::xxh3_64(stream.key());
            let info = stream.value().clone();
            let postings = terms.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs);
            let mut postings = postings.map_err(unreadable)?;
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    let times = u64::from(postings.term_freq());
                    sum = sum.wrapping_add(word.wrapping_mul(1_000_003 + times));
                }
                postings.advance();
            }
        }
    }
    Ok(sum)
}

fn unreadable(error: std::io::Error) -> Error {
    wrong("the index cannot be read").caused_by(error)
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Damaged, message).remedy(REPAIR)
}

impl Mapping {
    /// Names and fields of all that has words.
    fn searched_fields(&self) -> Vec<(String, Field)> {
        let fields = self
            .filled
            .iter()
            .filter_map(|(mapped, extractor)| match mapped {
                Mapped::Text(field) | Mapped::Keyword(field) => {
                    let entry = self.schema.get_field_entry(*field);
                    entry
                        .is_indexed()
                        .then(|| (extractor.name.to_owned(), *field))
                }
                _ => None,
            });
        fields.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::forms::FORMS;
    use crate::index::manifest::Checksum;

    #[test]
    fn other_forms_of_words_than_the_index_has_are_damage() {
        let folder = tempfile::tempdir().unwrap();
        let (root, schema) = (folder.path().join("index"), IndexSchema::shipped().unwrap());
        let schema = Arc::new(schema);
        let options = UpdateOptions::default();
        let mut writer = IndexWriter::open(&root, Arc::clone(&schema)).unwrap();
        writer.add(Source::path("corpus"), Vec::new()).unwrap();
        writer.update(&options, &mut ()).unwrap();
        drop(writer);
        let compare = || verify_deep(&root, &schema, &options, &mut ()).unwrap();
        assert!(compare().damage.is_empty());
        // As if they had been gathered wrongly: every checksum is right.
        let layout = Layout::new(&root);
        let generation = layout.generation(layout.current().unwrap().unwrap());
        Forms::default().keep(&generation).unwrap();
        let mut manifest = Manifest::read(&generation).unwrap();
        let checksum = Checksum::of_file(&generation.join(FORMS)).unwrap();
        manifest.files.insert(FORMS.to_owned(), checksum);
        manifest.write(&generation).unwrap();
        let damage = compare().damage;
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert!(damage[0].to_string().contains("other forms of words"));
    }
}
