//! Records that use a short form for something else than what was typed.
//!
//! MSC is mesenchymal stem cell in most records, and a record in which it is the Medical Sciences
//! Campus says so: it is no hit for the cells because of its MSC.

use super::plan::Building;
use super::{add_documents, reading};
use crate::concept::Name;
use crate::error::Result;
use crate::index::{DocSet, names};
use crate::record::Kind;
use std::collections::BTreeSet;
use std::sync::Arc;
use tantivy::{SegmentReader, Term};

/// What records that define a short form in some way have in their field of names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Otherwise {
    /// Definitions that say something else.
    other: Vec<Term>,
    /// Definitions that say what was typed: a record may have both.
    same: Vec<Term>,
}

impl Otherwise {
    /// The definitions that say something else, and those that say what was typed.
    pub(super) fn definitions(&self) -> [&[Term]; 2] {
        [&self.other, &self.same]
    }

    /// The documents of a segment that define the short form, and not as what was typed.
    pub(super) fn documents(&self, segment: &SegmentReader) -> Result<DocSet> {
        let mut documents = having(segment, &self.other)?;
        documents.subtract(&having(segment, &self.same)?);
        Ok(documents)
    }
}

fn having(segment: &SegmentReader, terms: &[Term]) -> Result<DocSet> {
    let mut set = DocSet::new(segment.max_doc());
    for term in terms {
        add_documents(segment, term, &mut set)?;
    }
    Ok(set)
}

impl Building<'_> {
    /// Who defines a short form as something that has no word of what was typed.
    pub(super) fn otherwise(
        &self,
        kind: Kind,
        short: &str,
        typed: &str,
    ) -> Result<Option<Arc<Otherwise>>> {
        let snapshot = self.planner.vocabulary.snapshot;
        let Some(field) = snapshot.mapping().keyword(names::FIELD) else {
            return Ok(None);
        };
        let (typed, prefix) = (self.stems(typed), names::defining(kind, short));
        let (mut other, mut same) = (BTreeSet::new(), BTreeSet::new());
        for segment in snapshot.searcher().segment_readers() {
            let index = reading(segment.inverted_index(field))?;
            let found = index.terms().range().ge(&prefix).into_stream();
            let mut found = reading(found.map_err(Into::into))?;
            while found.advance() && found.key().starts_with(prefix.as_bytes()) {
                let pair = std::str::from_utf8(found.key()).unwrap_or_default();
                let Some(long) = names::long_form(pair, &prefix) else {
                    continue;
                };
                match self.stems(long).is_disjoint(&typed) {
                    true => other.insert(Term::from_field_text(field, pair)),
                    false => same.insert(Term::from_field_text(field, pair)),
                };
            }
        }
        let list = |terms: BTreeSet<Term>| terms.into_iter().collect();
        Ok((!other.is_empty()).then(|| {
            Arc::new(Otherwise {
                other: list(other),
                same: list(same),
            })
        }))
    }

    fn stems(&self, name: &str) -> BTreeSet<String> {
        let name = Name::read(&self.analyzer, name);
        let atoms = name.into_iter().flat_map(|name| name.atoms);
        atoms.map(|atom| atom.stem).collect()
    }
}
