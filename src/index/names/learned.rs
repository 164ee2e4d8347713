//! What the names of all living documents say together: worked out when a generation is built, and
//! kept with it in a file, compressed.

use super::{FIELD, read};
use crate::concept::{Learned, NamePair};
use crate::error::{Error, ErrorKind, Result};
use crate::index::build::tantivy_error;
use crate::index::manifest::Manifest;
use crate::index::packed;
use crate::schema::IndexSchema;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tantivy::Searcher;
use xxhash_rust::xxh3::xxh3_64;

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
    let is_heading = pair.split('\t').nth(1) == Some("h") && pair.split('\t').count() == 4;
    let parts = pair.split('\t').enumerate();
    let parts = parts.filter(|(place, _)| !is_heading || *place != 2);
    let words = parts.flat_map(|(_, part)| part.split(|c: char| !c.is_alphanumeric()));
    let mut rough = String::with_capacity(pair.len() + 1);
    for word in words {
        rough.push_str(word.strip_suffix('s').unwrap_or(word));
        rough.push(' ');
    }
    if rough.is_ascii() {
        rough.make_ascii_lowercase();
        return rough;
    }
    rough.to_lowercase()
}

/// Counts the pairs of all living documents; those too few give are left out.
fn gather(searcher: &Searcher) -> Result<Vec<NamePair>> {
    let counts = counts(searcher)?;
    let alike = counts
        .iter()
        .map(|(pair, _)| xxh3_64(roughly(pair).as_bytes()));
    let alike: Vec<u64> = alike.collect();
    let mut records: HashMap<u64, u64> = HashMap::new();
    for ((_, count), rough) in counts.iter().zip(&alike) {
        *records.entry(*rough).or_default() += count;
    }
    let counts = counts.iter().zip(&alike);
    let kept = counts.filter(|(_, rough)| records.get(rough).is_some_and(|r| *r >= LEAST));
    let mut pairs: Vec<NamePair> = kept
        .filter_map(|((pair, count), _)| read(pair, *count))
        .collect();
    pairs.sort();
    Ok(pairs)
}

/// How many living documents give each pair, in the order of the pairs.
fn counts(searcher: &Searcher) -> Result<Vec<(String, u64)>> {
    let io = |e| Error::new(ErrorKind::Io, "the index cannot be read").caused_by(e);
    let mut counts: Vec<(String, u64)> = Vec::new();
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
        let mut ordinals = ordinals.into_iter();
        let mut pairs = column.dictionary().stream().map_err(io)?;
        while pairs.advance() {
            let count = ordinals.next().unwrap_or_default();
            if count > 0
                && let Ok(pair) = std::str::from_utf8(pairs.key())
            {
                counts.push((pair.to_owned(), count));
            }
        }
    }
    // Each segment has them in order.
    counts.sort();
    counts.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        kept.1 += if is_same { next.1 } else { 0 };
        is_same
    });
    Ok(counts)
}
