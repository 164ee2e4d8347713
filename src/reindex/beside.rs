//! What stands beside the generations: whether it is what was written.

use super::{runs, watches};
use crate::error::{Error, Result};
use std::path::Path;

/// Reads all that is kept beside the generations of an index, the run log and the saved searches; gives what is wrong with it.
///
/// No search depends on it.
///
/// # Errors
/// A folder that cannot be listed.
pub fn verify_beside(index: &Path) -> Result<Vec<Error>> {
    let reports = runs(index)?.filter_map(Result::err);
    Ok(reports.chain(watches(index).err()).collect())
}
