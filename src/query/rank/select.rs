//! Which concepts of a query are worth looking up: all of a short one, the best of a long one.

use super::bag::WeightedTerm;
use super::concept::{Concept, Shape};
use super::pattern::Pattern;
use super::plan::Plan;
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
    // A number alone carries nothing among so many words.
    let has_letters = |concept: &Concept| concept.text.chars().any(char::is_alphabetic);
    let numbers_only = !plan.concepts.iter().any(has_letters);
    let mut order = Vec::new();
    for (place, concept) in plan.concepts.iter().enumerate() {
        let frequency = estimate(snapshot, side, concept)?;
        let worth = concept.weight() * idf(side.documents, frequency);
        let carries = frequency > 0 && (numbers_only || has_letters(concept));
        order.push((place, if carries { worth } else { 0.0 }));
    }
    // Equal worth keeps the order of the text.
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let best = order.first().map_or(0.0, |&(_, worth)| worth);
    for (rank, (place, worth)) in order.into_iter().enumerate() {
        if let Some(slot) = kept.concepts.get_mut(place) {
            let share = (worth / best).powf(f64::from(long.focus));
            *slot = slot
                .filter(|_| rank < long.keep && worth > 0.0)
                .map(|weight| weight * share);
        }
    }
    Ok(kept)
}

/// In how many documents a concept stands, roughly: as typed, or by its other names where it does
/// not stand as typed at all.
fn estimate(snapshot: &Snapshot, side: &Side, concept: &Concept) -> Result<u64> {
    let area = concept.area.as_str();
    let as_typed = match &concept.shape {
        Shape::Bag(terms) => most_frequent(snapshot, side, area, terms)?,
        Shape::Patterns(patterns) => rarest_places(snapshot, side, area, patterns)?,
    };
    if as_typed > 0 {
        return Ok(as_typed);
    }
    let lookup = concept.lookup(side.kind);
    let terms = most_frequent(snapshot, side, area, &lookup.terms)?;
    Ok(terms.max(rarest_places(snapshot, side, area, &lookup.patterns)?))
}

/// As many as the rarest place of a pattern, of several the most.
fn rarest_places(
    snapshot: &Snapshot,
    side: &Side,
    area: &str,
    patterns: &[Pattern],
) -> Result<u64> {
    let mut most = 0;
    for pattern in patterns {
        let mut least = u64::MAX;
        for place in &pattern.places {
            least = least.min(most_frequent(snapshot, side, area, &place.terms)?);
        }
        most = most.max(least);
    }
    Ok(most)
}

/// As many as have some terms in the field that has most of them, if no document has two; no more than
/// there are.
fn most_frequent(
    snapshot: &Snapshot,
    side: &Side,
    area: &str,
    terms: &[WeightedTerm],
) -> Result<u64> {
    let mut most = 0;
    for field in side.fields(area) {
        let mut sum = 0;
        for term in terms.iter().filter(|term| term.stands_in(field)) {
            let term = Term::from_field_text(field.field, &term.term);
            sum += snapshot.document_frequency(&term)?;
        }
        most = most.max(sum.min(side.documents));
    }
    Ok(most)
}
