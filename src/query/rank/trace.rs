//! Which parts of a query a record matches, node by node.

use super::Answer;
use super::filtering::Filtering;
use super::plan::Node;
use crate::error::Result;
use crate::query::filter::Filter;
use tantivy::DocAddress;

/// A node met with one record.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) what: What,
    pub(crate) holds: bool,
    pub(crate) parts: Vec<Trace>,
}

/// What a node asks for.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A concept; one a long query goes without is left out.
    Concept {
        text: String,
        area: String,
        left_out: bool,
    },
    Filter(Filter),
    /// All of the parts.
    All,
    /// One of the parts.
    Any,
    /// Not its only part.
    Not,
    /// The first so many parts, and enough of the others.
    Group {
        demanded: usize,
        needed: usize,
    },
}

impl Answer<'_> {
    /// How a record meets the query; `None` where the query asks for nothing.
    pub(crate) fn trace(&self, address: DocAddress) -> Result<Option<Trace>> {
        let Some(root) = &self.plan.root else {
            return Ok(None);
        };
        let reader = self.snapshot.searcher().segment_reader(address.segment_ord);
        let living = self.snapshot.living()?.get(address.segment_ord as usize);
        let Some(living) = living else {
            return Ok(None);
        };
        let filtering = Filtering {
            segment: reader,
            mapping: self.snapshot.mapping(),
            all: &living.all,
        };
        self.trace_node(root, address, &filtering).map(Some)
    }

    fn trace_node(
        &self,
        node: &Node,
        address: DocAddress,
        filtering: &Filtering<'_>,
    ) -> Result<Trace> {
        let segment = address.segment_ord as usize;
        let matching = self.matching(node, segment, filtering)?;
        let (what, nodes): (What, Vec<&Node>) = match node {
            Node::Concept(place) => (self.what(*place), Vec::new()),
            Node::Filter(filter) => (What::Filter(filter.clone()), Vec::new()),
            Node::All(nodes) => (What::All, nodes.iter().collect()),
            Node::Any(nodes) => (What::Any, nodes.iter().collect()),
            Node::Not(node) => (What::Not, vec![node.as_ref()]),
            Node::Group { must, prefer } => {
                let what = What::Group {
                    demanded: must.len(),
                    needed: self.needed(must, prefer),
                };
                (what, must.iter().chain(prefer).collect())
            }
        };
        let parts = nodes.into_iter();
        let parts = parts.map(|node| self.trace_node(node, address, filtering));
        Ok(Trace {
            what,
            holds: matching.contains(address.doc_id),
            parts: parts.collect::<Result<_>>()?,
        })
    }

    fn what(&self, place: usize) -> What {
        let concept = self.plan.concepts.get(place);
        let kept = |side: &super::Side| side.concepts.get(place).is_some_and(Option::is_some);
        What::Concept {
            text: concept.map(|c| c.text.clone()).unwrap_or_default(),
            area: concept.map(|c| c.area.clone()).unwrap_or_default(),
            left_out: !self.sides.iter().any(kept),
        }
    }
}
