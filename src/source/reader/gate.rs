//! How much may be under way between the thread that reads and the one that takes the results.

use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of raw records under way at any time; the converted ones weigh about four times that.
const BYTES_UNDER_WAY: usize = 16 << 20;

/// Lets no more than [`BYTES_UNDER_WAY`] under way, or one batch that is larger.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<GateState>,
    room: Condvar,
}

#[derive(Default)]
struct GateState {
    under_way: usize,
    closed: bool,
}

impl Gate {
    /// Waits for room; breaks when the gate was closed.
    pub(super) fn enter(&self, cost: usize) -> ControlFlow<()> {
        let mut state = self.lock();
        while !state.closed && state.under_way > 0 && state.under_way + cost > BYTES_UNDER_WAY {
            state = self
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return ControlFlow::Break(());
        }
        state.under_way += cost;
        ControlFlow::Continue(())
    }

    /// Makes room again.
    pub(super) fn leave(&self, cost: usize) {
        self.lock().under_way -= cost;
        self.room.notify_one();
    }

    /// Lets nothing in any more, and nobody wait.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.room.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the gate when it goes out of scope.
pub(super) struct CloseOnDrop<'a>(pub(super) &'a Gate);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
