//! What ends a search before it is done: the caller, or the clock.

use super::SearchOptions;
use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How many steps of a long loop go by between two looks.
pub(super) const STRIDE: usize = 8_192;

/// Is asked whether a search shall go on.
pub(super) struct Interrupt {
    deadline: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
}

impl Interrupt {
    /// The clock starts now.
    pub(super) fn start(options: &SearchOptions) -> Self {
        let now = Instant::now();
        Interrupt {
            // A limit beyond what the clock can count is none.
            deadline: options.time_limit.and_then(|limit| now.checked_add(limit)),
            cancel: options.cancel.clone(),
        }
    }

    /// # Errors
    /// [`ErrorKind::Cancelled`] where the search shall end.
    pub(super) fn check(&self) -> Result<()> {
        let cancelled = self
            .cancel
            .as_ref()
            .is_some_and(|flag| flag.load(Ordering::Relaxed));
        if cancelled {
            return Err(Error::new(ErrorKind::Cancelled, "the search was cancelled"));
        }
        if self.deadline.is_some_and(|at| Instant::now() >= at) {
            return Err(Error::new(ErrorKind::Cancelled, "the search took too long")
                .remedy("ask for less, or give it more time"));
        }
        Ok(())
    }

    /// As [`check`](Self::check), but only every [`STRIDE`] steps of a loop.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(super) fn check_at(&self, step: usize) -> Result<()> {
        if step.is_multiple_of(STRIDE) {
            return self.check();
        }
        Ok(())
    }
}
