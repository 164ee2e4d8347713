//! The writing side of tantivy: documents in, a few segments out.

use super::document::Stored;
use super::extract::Subject;
use super::mapping::Mapping;
use super::tokenizers::tokenizers;
use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;
use crate::schema::IndexSchema;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tantivy::directory::Directory;
use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::Document;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{DocAddress, IndexSettings, ReloadPolicy, Searcher, TantivyDocument};

/// Bytes of documents that may wait for tantivy's threads; tantivy itself would let 10,000 wait, however large.
const WAITING_BYTES: usize = 24 << 20;

/// Level of the stored records' compression: as fast as lz4 here and a third smaller.
const ZSTD_LEVEL: i32 = 3;

/// Least bytes of memory tantivy gives a thread.
const LEAST_MEMORY: usize = 15_000_000;

/// Most bytes of memory a thread makes use of: more does not make a build faster.
const MOST_MEMORY: usize = 1 << 30;

/// What building may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resources {
    /// Threads that write.
    pub(crate) threads: usize,
    /// Bytes for all of them together, beside what waits to be written.
    pub(crate) memory: usize,
}

/// A tantivy index being written.
pub(crate) struct Builder {
    index: tantivy::Index,
    writer: tantivy::IndexWriter<Queued>,
    mapping: Arc<Mapping>,
    waiting: Arc<Waiting>,
}

impl Builder {
    /// Opens the index in a directory for writing, or begins one.
    pub(crate) fn open(
        directory: impl Into<Box<dyn Directory>>,
        schema: &Arc<IndexSchema>,
        mapping: Arc<Mapping>,
        resources: Resources,
    ) -> Result<Self> {
        let index = tantivy::Index::builder()
            .schema(mapping.schema.clone())
            .settings(settings())
            .tokenizers(tokenizers(schema)?)
            .open_or_create(directory)
            .map_err(|e| tantivy_error(&e))?;
        let threads = resources.threads.clamp(1, 8);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread((resources.memory / threads).clamp(LEAST_MEMORY, MOST_MEMORY))
            .num_merge_threads(1)
            .build();
        let writer = index
            .writer_with_options(options)
            .map_err(|e| tantivy_error(&e))?;
        // Merging while documents pour in costs most of a build's time; it is done once, at the end.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Builder {
            index,
            writer,
            mapping,
            waiting: Arc::default(),
        })
    }

    /// Adds a document that can be found.
    pub(crate) fn add_searched(&self, stored: &Stored<'_>, subject: &Subject<'_>) -> Result<()> {
        self.add(self.mapping.searched(stored, subject), stored.json.len())
    }

    /// Adds a document that only keeps its record.
    pub(crate) fn add_superseded(&self, stored: &Stored<'_>, record: &Record) -> Result<()> {
        self.add(self.mapping.superseded(stored, record), stored.json.len())
    }

    fn add(&self, document: TantivyDocument, json_bytes: usize) -> Result<()> {
        // The JSON, the texts taken out of it, and their lists.
        let permit = Waiting::enter(&self.waiting, 2 * json_bytes + 4096);
        let queued = Queued {
            document,
            _permit: Some(permit),
        };
        self.writer
            .add_document(queued)
            .map_err(|e| tantivy_error(&e))?;
        Ok(())
    }

    /// Deletes a document that stood there before.
    pub(crate) fn delete(&self, uid: u64) {
        self.writer.delete_term(self.mapping.uid_term(uid));
    }

    /// Makes all that was added and deleted part of the index.
    pub(crate) fn commit(&mut self) -> Result<()> {
        self.writer.commit().map_err(|e| tantivy_error(&e))?;
        Ok(())
    }

    /// A view of what was committed.
    pub(crate) fn searcher(&self) -> Result<Searcher> {
        searcher(&self.index)
    }

    /// The segments there are. What tantivy tells of one keeps its files from being removed, so nothing of that is kept.
    fn segments(&self) -> Result<Vec<Segment>> {
        let metas = self.index.searchable_segment_metas();
        let metas = metas.map_err(|e| tantivy_error(&e))?;
        let segments = metas.iter().map(|meta| Segment {
            id: meta.id(),
            documents: meta.num_docs(),
            deleted: meta.num_deleted_docs(),
        });
        Ok(segments.collect())
    }

    /// Joins small segments and ends writing.
    ///
    /// `has_room` is asked whether there is room for this share of the index once more; without it nothing is joined: the index is as good, and a later run may.
    pub(crate) fn finish(mut self, has_room: impl FnOnce(f64) -> bool) -> Result<tantivy::Index> {
        self.commit()?;
        let segments = self.segments()?;
        let count = |joined: &dyn Fn(&Segment) -> bool| {
            let segments = segments.iter().filter(|segment| joined(segment));
            segments
                .map(|segment| f64::from(segment.documents))
                .sum::<f64>()
        };
        let mut merges = plan_merges(segments.clone());
        let joined = count(&|segment| merges.iter().any(|ids| ids.contains(&segment.id)));
        if !merges.is_empty() && !has_room(joined / count(&|_| true)) {
            merges.clear();
        }
        // One after the other: both at once would map the whole index into memory, and what becomes of it.
        for ids in &merges {
            let merge = self.writer.merge(ids);
            merge.wait().map_err(|e| tantivy_error(&e))?;
        }
        self.writer
            .garbage_collect_files()
            .wait()
            .map_err(|e| tantivy_error(&e))?;
        // Dropping a writer kills what its threads still do.
        self.writer
            .wait_merging_threads()
            .map_err(|e| tantivy_error(&e))?;
        Ok(self.index)
    }
}

/// Finds the address of each document of some numbers.
pub(crate) fn addresses(
    searcher: &Searcher,
    mapping: &Mapping,
    uids: &[u64],
) -> Result<HashMap<u64, DocAddress>> {
    let mut found = HashMap::with_capacity(uids.len());
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let terms = segment
            .inverted_index(mapping.uid)
            .map_err(|e| tantivy_error(&e))?;
        for &uid in uids {
            let postings = terms
                .read_postings(
                    &mapping.uid_term(uid),
                    tantivy::schema::IndexRecordOption::Basic,
                )
                .map_err(|e| Error::new(ErrorKind::Io, "the index cannot be read").caused_by(e))?;
            let Some(mut postings) = postings else {
                continue;
            };
            while tantivy::DocSet::doc(&postings) != tantivy::TERMINATED {
                let document = tantivy::DocSet::doc(&postings);
                if !segment.is_deleted(document) {
                    found.insert(uid, DocAddress::new(ordinal, document));
                }
                tantivy::DocSet::advance(&mut postings);
            }
        }
    }
    Ok(found)
}

/// A view of a tantivy index as it is now.
pub(crate) fn searcher(index: &tantivy::Index) -> Result<Searcher> {
    let reader: tantivy::IndexReader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .map_err(|e| tantivy_error(&e))?;
    Ok(reader.searcher())
}

fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(ZSTD_LEVEL),
        }),
        ..IndexSettings::default()
    }
}

/// An error of tantivy as one of ours.
pub(crate) fn tantivy_error(error: &tantivy::TantivyError) -> Error {
    use tantivy::TantivyError;
    use tantivy::directory::error::OpenReadError;
    let is_damage = match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::IoError(io_error) => contradicts_itself(io_error),
        TantivyError::OpenReadError(_)
        | TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::DeserializeError(_)
        // Of fields and documents we ask for only what our schema and this index tell of.
        | TantivyError::SchemaError(_)
        | TantivyError::InvalidArgument(_) => true,
        _ => false,
    };
    let kind = if is_damage {
        ErrorKind::Damaged
    } else {
        ErrorKind::Io
    };
    Error::new(kind, format!("the index: {error}")).caused_by(error.clone())
}

/// Whether an error is about what a file says, and not the system's about reading it.
fn contradicts_itself(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    let of_content = [InvalidData, InvalidInput, Other, UnexpectedEof].contains(&error.kind());
    of_content && error.raw_os_error().is_none()
}

/// What decides whether a segment is merged.
#[derive(Clone)]
struct Segment {
    id: SegmentId,
    documents: u32,
    deleted: u32,
}

/// Which segments to join, each list into one.
///
/// Every segment shall have at least half as many documents as all smaller ones together, and few
/// deleted ones: so there are few segments, and a document is written anew a few times in its life.
/// Half, because a full build leaves two of one size, which a small night must not join.
fn plan_merges(mut segments: Vec<Segment>) -> Vec<Vec<SegmentId>> {
    segments.sort_by_key(|s| std::cmp::Reverse(s.documents));
    let mut smaller: u64 = segments.iter().map(|s| u64::from(s.documents)).sum();
    let kept = segments.iter().take_while(|segment| {
        smaller -= u64::from(segment.documents);
        2 * u64::from(segment.documents) >= smaller
    });
    let kept = kept.count();
    let joined = segments.split_off(kept);
    let worn = segments.iter().filter(|s| s.deleted > s.documents / 4);
    let mut merges: Vec<Vec<SegmentId>> = worn.map(|s| vec![s.id]).collect();
    // Two segments are as good as one, and joining a half takes half the memory.
    let (mut halves, mut sizes) = ([Vec::new(), Vec::new()], [0u64; 2]);
    let as_two = kept == 0 && joined.len() > 3;
    for segment in &joined {
        let half = usize::from(as_two && sizes[1] < sizes[0]);
        halves[half].push(segment.id);
        sizes[half] += u64::from(segment.documents);
    }
    merges.extend(halves.into_iter().filter(|half| half.len() > 1));
    merges
}

/// A document on its way to tantivy's threads.
struct Queued {
    document: TantivyDocument,
    _permit: Option<Permit>,
}

impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }
}

impl DocumentDeserialize for Queued {
    fn deserialize<'de, D>(deserializer: D) -> std::result::Result<Self, DeserializeError>
    where
        D: DocumentDeserializer<'de>,
    {
        let document = TantivyDocument::deserialize(deserializer)?;
        Ok(Queued {
            document,
            _permit: None,
        })
    }
}

/// How many bytes of documents wait.
#[derive(Default)]
struct Waiting {
    bytes: Mutex<usize>,
    room: Condvar,
}

/// Room for a document, given back when tantivy has taken it in.
struct Permit {
    bytes: usize,
    waiting: Arc<Waiting>,
}

impl Waiting {
    /// Waits for room for so many bytes.
    ///
    /// Not for ever: tantivy's threads may have died, which adding the document will tell.
    fn enter(waiting: &Arc<Waiting>, bytes: usize) -> Permit {
        let (mut total, _) = waiting
            .room
            .wait_timeout_while(waiting.lock(), Duration::from_secs(60), |total| {
                *total > 0 && *total + bytes > WAITING_BYTES
            })
            .unwrap_or_else(PoisonError::into_inner);
        *total += bytes;
        Permit {
            bytes,
            waiting: Arc::clone(waiting),
        }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        *self.waiting.lock() -= self.bytes;
        self.waiting.room.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(sizes: &[(u32, u32)]) -> Vec<usize> {
        let segments = sizes.iter().map(|&(documents, deleted)| Segment {
            id: SegmentId::generate_random(),
            documents,
            deleted,
        });
        let mut lists: Vec<usize> = plan_merges(segments.collect())
            .iter()
            .map(Vec::len)
            .collect();
        lists.sort_unstable();
        lists
    }

    #[test]
    fn few_segments_of_falling_size_are_left_alone() {
        assert!(plan(&[]).is_empty());
        assert!(plan(&[(5, 0)]).is_empty());
        assert!(plan(&[(5, 0), (5, 0)]).is_empty());
        assert!(plan(&[(100_000, 0), (900, 0), (50, 0)]).is_empty());
    }

    #[test]
    fn small_segments_are_joined_and_the_large_one_left_alone() {
        let small = [(500, 0), (500, 0), (400, 0), (300, 0)];
        assert_eq!(plan(&[&[(100_000, 0)], &small[..]].concat()), [4]);
    }

    #[test]
    fn a_small_night_leaves_the_two_segments_of_a_full_build_alone() {
        assert!(plan(&[(53_000, 500), (52_000, 500), (1_000, 0)]).is_empty());
        assert!(plan(&[(52_000, 0), (52_000, 0), (1_000, 0), (1_000, 0)]).is_empty());
    }

    #[test]
    fn many_segments_of_one_size_become_two() {
        assert_eq!(plan(&[(10, 0); 7]), [3, 4]);
        assert_eq!(plan(&[(10, 0); 4]), [2, 2]);
    }

    #[test]
    fn a_segment_with_many_deleted_documents_is_written_anew() {
        assert_eq!(plan(&[(100_000, 30_000), (900, 0)]), [1]);
    }
}
