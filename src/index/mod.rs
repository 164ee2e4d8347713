//! Records ⇄ tantivy, on disk and in memory.

mod directory;
mod durable;
mod layout;
mod ledger;
mod lock;
mod manifest;
mod supersede;
mod timestamp;

pub use manifest::{Counts, RememberedSource};
pub use timestamp::Timestamp;
