//! Eligibility text → inclusion and exclusion, where headings or lead-ins tell them apart.

/// Criteria, split or whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Criteria {
    pub(crate) inclusion: Option<String>,
    pub(crate) exclusion: Option<String>,
    /// The whole text, where nothing tells the two apart; then the others are `None`.
    pub(crate) unsplit: Option<String>,
}

/// Splits a text of criteria.
pub(crate) fn split(text: &str) -> Criteria {
    Criteria {
        unsplit: super::text::block(text),
        ..Criteria::default()
    }
}
