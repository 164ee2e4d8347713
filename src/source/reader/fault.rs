//! Why reading failed, in our words.

use super::limits::Excess;
use crate::source::Reason;
use std::io;
use zip::result::ZipError;

/// Why a stream cannot be read.
pub(super) fn reading(error: &io::Error) -> Reason {
    let excess = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Excess>());
    Reason::new(match (excess, error.kind()) {
        (Some(excess), _) => excess.to_string(),
        (None, io::ErrorKind::UnexpectedEof) => "ends before it is complete".to_owned(),
        (None, io::ErrorKind::PermissionDenied) => "no permission to read it".to_owned(),
        (None, io::ErrorKind::NotFound) => "leads to no file".to_owned(),
        (None, _) => format!("cannot be read: {}", lower_first(&error.to_string())),
    })
}

/// Why a tar cannot be read further.
pub(super) fn damaged(error: &io::Error) -> Reason {
    match error.get_ref() {
        Some(inner) if !inner.is::<Excess>() => Reason::new(format!(
            "the archive is damaged from here on: {}",
            lower_first(&error.to_string())
        )),
        _ => reading(error),
    }
}

/// Why a zip, or an entry of one, cannot be read.
pub(super) fn unzipping(error: &ZipError) -> Reason {
    match error {
        ZipError::Io(e) => reading(e),
        other => Reason::new(format!(
            "cannot be unzipped: {}",
            lower_first(&other.to_string())
        )),
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
