//! Records ⇄ tantivy, on disk and in memory.

mod directory;
mod document;
mod durable;
mod extract;
mod layout;
mod ledger;
mod lock;
mod manifest;
mod mapping;
mod supersede;
mod timestamp;

pub use manifest::{Counts, RememberedSource};
pub use timestamp::Timestamp;
