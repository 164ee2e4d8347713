//! What commands print: one file a thing.

pub(crate) mod hits;
pub(crate) mod record;
pub(crate) mod run;
