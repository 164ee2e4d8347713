//! Which concepts of a query are worth looking up: all of a short one, the best of a long one.

use super::plan::{Concept, Plan, Shape};
use super::side::{Side, idf};
use super::{MatchLevel, Settings};
use crate::error::Result;
use crate::index::Snapshot;
use tantivy::Term;

/// The weights of the concepts that are looked up, by place in the plan.
pub(super) struct Kept {
    pub(super) concepts: Vec<Option<f64>>,
}

/// Weighs the concepts; of a long query only the best stay.
pub(super) fn select(
    snapshot: &Snapshot,
    plan: &Plan,
    side: &Side,
    settings: Settings<'_>,
) -> Result<Kept> {
    let weights = plan.concepts.iter().map(Concept::weight);
    let mut kept = Kept {
        concepts: weights.map(Some).collect(),
    };
    let long = settings.ranking.long_query;
    let weighty = plan
        .concepts
        .iter()
        .filter(|concept| concept.weight() > 0.0);
    if settings.match_level != MatchLevel::Any || !plan.is_plain() || weighty.count() <= long.words
    {
        return Ok(kept);
    }
    let mut order = Vec::new();
    for (place, concept) in plan.concepts.iter().enumerate() {
        let frequency = estimate(snapshot, side, concept)?;
        let worth = concept.weight() * idf(side.documents, frequency);
        order.push((place, if frequency == 0 { 0.0 } else { worth }));
    }
    // Equal worth keeps the order of the text.
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (place, _) in order.split_off(long.keep.min(order.len())) {
        if let Some(slot) = kept.concepts.get_mut(place) {
            *slot = None;
        }
    }
    Ok(kept)
}

/// In how many documents a concept stands at least: the most any of its terms has in any field.
fn estimate(snapshot: &Snapshot, side: &Side, concept: &Concept) -> Result<u64> {
    let Shape::Bag(terms) = &concept.shape else {
        return Ok(1);
    };
    let mut most = 0;
    for field in side.areas.get(&concept.area).into_iter().flatten() {
        for term in terms {
            let term = Term::from_field_text(field.field, &term.term);
            most = most.max(snapshot.document_frequency(&term)?);
        }
    }
    Ok(most)
}
