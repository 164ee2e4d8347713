//! What the names of all living documents say together: worked out when a generation is built, and
//! kept with it in a file, compressed.

use super::{FIELD, read};
use crate::concept::{Learned, NamePair};
use crate::error::{Error, ErrorKind, Result};
use crate::index::build::tantivy_error;
use crate::index::manifest::Manifest;
use crate::index::packed;
use crate::schema::IndexSchema;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use tantivy::Searcher;

/// Name of the file of a generation that keeps what they say together.
pub(in crate::index) const NAMES: &str = "names.zst";

/// Records that must give a pair of names, however they write it, for it to be kept: one may be wrong.
const LEAST: u64 = 2;

/// What the living documents say together.
///
/// # Errors
/// What reading says.
pub(in crate::index) fn learn(searcher: &Searcher, schema: &Arc<IndexSchema>) -> Result<Learned> {
    Learned::of(schema, &gather(searcher)?)
}

/// Keeps what the documents say with a generation that is not sealed yet.
///
/// # Errors
/// What writing says.
pub(in crate::index) fn keep(generation: &Path, learned: &Learned) -> Result<()> {
    packed::write(generation, NAMES, &learned.written())
}

/// Reads what [`keep`] kept.
///
/// # Errors
/// As [`packed::read`].
pub(in crate::index) fn kept(generation: &Path, manifest: &Manifest) -> Result<Learned> {
    packed::read(generation, NAMES, manifest, Learned::read)
}

/// A pair without what others may write differently: marks, the s of a plural; of a heading and a
/// condition the heading alone, for how many conditions have it tells what it is worth.
fn roughly(pair: &str) -> String {
    let mut parts: Vec<&str> = pair.split('\t').collect();
    if parts.get(1) == Some(&"h") && parts.len() == 4 {
        parts.remove(2);
    }
    let words = parts
        .iter()
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let words = words.map(|word| word.strip_suffix('s').unwrap_or(word));
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Counts the pairs of all living documents; those too few give are left out.
fn gather(searcher: &Searcher) -> Result<Vec<NamePair>> {
    let io = |e| Error::new(ErrorKind::Io, "the index cannot be read").caused_by(e);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().str(FIELD);
        let Some(column) = column.map_err(|e| tantivy_error(&e))? else {
            continue;
        };
        let mut ordinals: Vec<u64> = vec![0; column.num_terms()];
        for document in segment.doc_ids_alive() {
            for ordinal in column.term_ords(document) {
                if let Some(count) = ordinals.get_mut(ordinal as usize) {
                    *count += 1;
                }
            }
        }
        let mut pair = String::new();
        for (ordinal, count) in (0..).zip(ordinals).filter(|(_, count)| *count > 0) {
            pair.clear();
            column.ord_to_str(ordinal, &mut pair).map_err(io)?;
            match counts.get_mut(&pair) {
                Some(known) => *known += count,
                None => {
                    counts.insert(pair.clone(), count);
                }
            }
        }
    }
    let mut alike: HashMap<String, u64> = HashMap::new();
    for (pair, records) in &counts {
        *alike.entry(roughly(pair)).or_default() += records;
    }
    let is_known = |pair: &str| alike.get(&roughly(pair)).is_some_and(|r| *r >= LEAST);
    let kept = counts.iter().filter(|(pair, _)| is_known(pair));
    let mut pairs: Vec<NamePair> = kept.filter_map(|(p, records)| read(p, *records)).collect();
    pairs.sort();
    Ok(pairs)
}
