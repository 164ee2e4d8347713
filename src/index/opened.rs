//! An open generation, and what is read of it once, when first asked for.

use super::forms::Forms;
use super::frequency::Frequencies;
use super::groups;
use super::kept::Kept;
use super::layout::GenerationName;
use super::living::Living;
use super::manifest::Manifest;
use super::set::DocSet;
use crate::concept::Dictionary;
use crate::identity::Groups;
use std::path::PathBuf;
use std::sync::OnceLock;
use tantivy::{DocId, Searcher};

/// An open generation.
pub(super) struct Opened {
    pub(super) name: Option<GenerationName>,
    pub(super) path: Option<PathBuf>,
    pub(super) searcher: Searcher,
    pub(super) manifest: Manifest,
    /// The names that are known; read when first asked for.
    pub(super) concepts: OnceLock<Dictionary>,
    /// The words of each stem; read when first asked for.
    pub(super) forms: OnceLock<Forms>,
    /// Which records tell of one trial; read when first asked for.
    pub(super) groups: OnceLock<Groups>,
    /// Where their documents stand; read when first asked for.
    pub(super) places: OnceLock<groups::Places>,
    /// By segment; read when first asked for.
    pub(super) living: OnceLock<Vec<Living>>,
    pub(super) frequencies: Frequencies,
    /// By what a query asked for: where words that many have stand …
    pub(super) documents: Kept<DocSet>,
    /// … and, by segment, what names of several words weigh.
    pub(super) names: Kept<Vec<Weights>>,
}

/// What something weighs in the documents that have it, in their order.
pub(crate) type Weights = Vec<(DocId, f32)>;

/// Bytes of documents, and as many of weights, that are kept while a generation is open.
const KEPT: usize = 32 << 20;

impl Opened {
    pub(super) fn new(
        name: Option<GenerationName>,
        path: Option<PathBuf>,
        searcher: Searcher,
        manifest: Manifest,
    ) -> Self {
        Opened {
            name,
            path,
            searcher,
            manifest,
            concepts: OnceLock::new(),
            forms: OnceLock::new(),
            groups: OnceLock::new(),
            places: OnceLock::new(),
            living: OnceLock::new(),
            frequencies: Frequencies::default(),
            documents: Kept::new(KEPT),
            names: Kept::new(KEPT),
        }
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({:?})", self.name.map(|name| name.to_string()))
    }
}
