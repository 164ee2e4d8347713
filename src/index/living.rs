//! Which documents of a segment can be found: those that live and are not kept aside.

use super::build::tantivy_error;
use super::mapping::Mapping;
use super::set::DocSet;
use crate::error::Result;
use crate::record::Kind;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet as _, Searcher, SegmentReader, TERMINATED, Term};

/// The documents of a segment that can be found.
#[derive(Debug)]
pub(crate) struct Living {
    /// All of them.
    pub(crate) all: DocSet,
    /// By kind, in the order of [`Kind::ALL`].
    kinds: Vec<DocSet>,
}

impl Living {
    /// Those of every segment.
    pub(super) fn read(searcher: &Searcher, mapping: &Mapping) -> Result<Vec<Self>> {
        let segments = searcher.segment_readers().iter();
        segments
            .map(|segment| Living::of(segment, mapping))
            .collect()
    }

    fn of(segment: &SegmentReader, mapping: &Mapping) -> Result<Self> {
        let mut all = DocSet::new(segment.max_doc());
        let mut kinds = Vec::new();
        for kind in Kind::ALL {
            let of_kind = of_kind(segment, mapping, kind)?;
            all.unite(&of_kind);
            kinds.push(of_kind);
        }
        Ok(Living { all, kinds })
    }

    /// Those of a kind.
    pub(crate) fn of_kind(&self, kind: Kind) -> Option<&DocSet> {
        let mut kinds = Kind::ALL.into_iter().zip(&self.kinds);
        kinds.find(|(known, _)| *known == kind).map(|(_, set)| set)
    }

    /// The kind of a document.
    pub(crate) fn kind(&self, document: DocId) -> Kind {
        let mut kinds = Kind::ALL.into_iter().zip(&self.kinds);
        kinds
            .find(|(_, set)| set.contains(document))
            .map_or(Kind::Trial, |(kind, _)| kind)
    }
}

fn of_kind(segment: &SegmentReader, mapping: &Mapping, kind: Kind) -> Result<DocSet> {
    let mut set = DocSet::new(segment.max_doc());
    let Some(field) = mapping.keyword("kind") else {
        return Ok(set);
    };
    let index = segment
        .inverted_index(field)
        .map_err(|e| tantivy_error(&e))?;
    let term = Term::from_field_text(field, kind.as_str());
    let postings = index
        .read_postings(&term, IndexRecordOption::Basic)
        .map_err(|e| tantivy_error(&e.into()))?;
    let Some(mut postings) = postings else {
        return Ok(set);
    };
    while postings.doc() != TERMINATED {
        if !segment.is_deleted(postings.doc()) {
            set.insert(postings.doc());
        }
        postings.advance();
    }
    Ok(set)
}
