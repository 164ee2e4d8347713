//! Age limits in the spellings registries use.

use crate::record::AgeLimit;

/// Reads an age limit (`18 Years`, `19(Year)`, `20years-old`, `18Y`, `No limit`, `N/A`); `None` where the text tells none.
pub(crate) fn parse(text: &str) -> Option<AgeLimit> {
    text.trim().parse().ok()
}
