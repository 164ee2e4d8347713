//! No panic crosses the boundary of the library: an index whose bytes are wrong can make tantivy
//! panic, and that is damage like any other.

use crate::error::{Error, ErrorKind, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What helps against damage.
pub(super) const REPAIR: &str = "run `trialdex repair`: it goes back to a whole generation, or builds the index again from its sources";

/// Runs something that reads an index; a panic becomes [`ErrorKind::Damaged`].
///
/// What was being read is shared and never changed, so nothing half done can be seen afterwards.
pub(crate) fn guard<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let message = format!("the index cannot be read: {message}");
        Err(Error::new(ErrorKind::Damaged, message).remedy(REPAIR))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_as_damage_with_a_remedy() {
        let error = guard::<()>(|| panic!("block {} out of range", 7)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.to_string().contains("block 7 out of range"));
        assert!(error.hint().is_some());
    }
}
