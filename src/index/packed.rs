//! A text that belongs to a generation, in a file of its own, compressed: written before the generation
//! is sealed, read when first asked for.

use super::durable;
use super::guard::REPAIR;
use super::manifest::Manifest;
use crate::error::{Error, ErrorKind, Result};
use std::path::Path;

/// Writes the text into a generation that is not sealed yet.
///
/// # Errors
/// What writing says.
pub(super) fn write(generation: &Path, name: &str, text: &str) -> Result<()> {
    let path = generation.join(name);
    let written = zstd::encode_all(text.as_bytes(), 3);
    let written = written.and_then(|bytes| durable::replace_unsynced(&path, &bytes));
    written.map_err(|e| Error::io(path, e))
}

/// Reads what [`write`] wrote, as `read` understands it.
///
/// # Errors
/// [`ErrorKind::Damaged`] where the file is not what was written, and what reading says.
pub(super) fn read<T>(
    generation: &Path,
    name: &str,
    manifest: &Manifest,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T> {
    // What is not sealed yet has no checksums.
    if !manifest.files.is_empty() {
        manifest.check_file(generation, name)?;
    }
    let path = generation.join(name);
    let bytes = std::fs::read(&path).map_err(|e| Error::io(&path, e))?;
    let text = zstd::decode_all(bytes.as_slice()).map_err(|e| Error::io(&path, e))?;
    let text = std::str::from_utf8(&text).ok();
    text.and_then(read).ok_or_else(|| {
        let error = Error::new(ErrorKind::Damaged, "cannot be read").at(path);
        error.remedy(REPAIR)
    })
}
