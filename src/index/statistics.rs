//! How long the text fields are, over the documents that can be found.
//!
//! Tantivy counts deleted documents in its averages and estimates lengths after a merge; these
//! numbers depend on the living documents alone, so that scores are the same for any number of
//! segments.

use super::build::tantivy_error;
use super::manifest::FieldStatistics;
use super::mapping::Mapping;
use crate::error::Result;
use std::collections::BTreeMap;
use tantivy::Searcher;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;

/// Documents and tokens of every text field. Reads one byte a document and field.
pub(crate) fn field_statistics(
    searcher: &Searcher,
    mapping: &Mapping,
) -> Result<BTreeMap<String, FieldStatistics>> {
    mapping
        .texts()
        .map(|(name, field)| Ok((name.to_owned(), of_field(searcher, field)?)))
        .collect()
}

fn of_field(searcher: &Searcher, field: Field) -> Result<FieldStatistics> {
    let mut histogram = [0u64; 256];
    for segment in searcher.segment_readers() {
        let lengths = segment
            .get_fieldnorms_reader(field)
            .map_err(|e| tantivy_error(&e))?;
        for document in segment.doc_ids_alive() {
            let id = lengths.fieldnorm_id(document);
            if let Some(count) = histogram.get_mut(usize::from(id)) {
                *count += 1;
            }
        }
    }
    let mut statistics = FieldStatistics::default();
    for (id, count) in (0..=u8::MAX).zip(histogram) {
        let length = FieldNormReader::id_to_fieldnorm(id);
        if length > 0 {
            statistics.documents += count;
            statistics.tokens += count * u64::from(length);
        }
    }
    Ok(statistics)
}
