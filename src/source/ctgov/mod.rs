//! What the formats of ClinicalTrials.gov have in common.
//!
//! API v2, the old API and the legacy XML tell the same things in three spellings. Each is first
//! read into a [`study::Study`], which keeps the registry's words; [`convert`](convert::convert)
//! turns that into our record, so that one trial read from any of them has the same values.

pub(crate) mod convert;
pub(crate) mod markup;
pub(crate) mod study;
mod words;

#[cfg(test)]
mod tests;
