//! Sets that grow together (union–find).

/// Disjoint sets of the numbers below a count.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    /// Every number alone.
    pub(super) fn new(count: usize) -> Self {
        Sets {
            parent: (0..count).collect(),
        }
    }

    /// The number that stands for the set of another: the smallest in it.
    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while let Some(&parent) = self.parent.get(at)
            && parent != at
        {
            let above = self.parent.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(at) {
                *slot = above;
            }
            at = above;
        }
        at
    }

    /// Makes two sets one.
    pub(super) fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
