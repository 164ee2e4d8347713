//! Folding: of the records of one trial only the best hit is shown, wherever the page begins.

use super::order::Order;
use crate::error::Result;
use crate::query::rank::Answer;
use std::collections::HashSet;
use tantivy::DocAddress;

/// The hits that stand behind another hit of the same trial.
///
/// It depends on the answer and the order alone, so pages fit together.
pub(super) fn hidden(
    answer: &Answer<'_>,
    order: &Order,
    trials: &[Vec<DocAddress>],
) -> Result<HashSet<DocAddress>> {
    let mut hidden = HashSet::new();
    for records in trials {
        let hits: Vec<DocAddress> = records
            .iter()
            .copied()
            .filter(|address| is_hit(answer, *address))
            .collect();
        if hits.len() < 2 {
            continue;
        }
        let mut ranked = Vec::new();
        for address in hits {
            ranked.push(order.ranked(answer, address)?);
        }
        ranked.sort_unstable_by(|a, b| a.place().cmp(&b.place()));
        hidden.extend(ranked.iter().skip(1).map(|hit| hit.address));
    }
    Ok(hidden)
}

fn is_hit(answer: &Answer<'_>, address: DocAddress) -> bool {
    let segment = answer.segments.get(address.segment_ord as usize);
    segment.is_some_and(|segment| segment.candidates().contains(address.doc_id))
}
