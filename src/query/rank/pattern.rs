//! Words that belong together, as a query asks for them.

use super::bag::WeightedTerm;

/// Words that belong together: what may stand at each place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    pub(crate) places: Vec<Place>,
    pub(crate) order: Order,
    /// What one occurrence counts.
    pub(crate) weight: f32,
}

/// A place of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// How many positions behind the first place it stands.
    pub(crate) offset: u32,
    /// The terms that may stand there.
    pub(crate) terms: Vec<WeightedTerm>,
}

/// How the places stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Each exactly at its offset.
    Adjacent,
    /// In any order, with at most so many other words between them.
    Near(u32),
}
