//! What commands print: one file a thing.

pub(crate) mod compare;
pub(crate) mod hits;
pub(crate) mod record;
pub(crate) mod run;

use clap::ValueEnum;

/// How a command prints that prints one thing.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TextOrJson {
    /// To read
    Text,
    /// For programs
    Json,
}
