//! Records ⇄ tantivy, on disk and in memory.
//!
//! Comes in: records in the order of their sources. Goes out: snapshots that `query` searches and
//! that give every record back. `writer` feeds an index, `update` decides what becomes of each
//! record, `build` hands documents to tantivy; `generation`, `manifest`, `ledger` and `layout` keep
//! it on disk so that a reader sees the state before or after an update and nothing between;
//! `reader` opens it. What a field holds is said once, in `extract`.
//!
#![doc = include_str!("durability.md")]

mod alike;
mod base;
mod best;
mod build;
mod changes;
mod compare;
mod deep;
mod directory;
mod disk;
mod document;
mod durable;
mod extract;
#[cfg(test)]
pub(crate) mod faults;
mod forms;
mod frequency;
mod generation;
mod groups;
mod guard;
mod ingest;
mod kept;
mod layout;
mod ledger;
mod living;
mod lock;
mod lookup;
mod manifest;
mod mapping;
mod memory;
pub(crate) mod names;
mod next;
mod numbers;
mod observer;
mod opened;
mod packed;
mod prepared;
mod reader;
mod records;
mod report;
mod restore;
mod set;
mod snapshot;
mod space;
mod statistics;
mod supersede;
mod timestamp;
mod titles;
mod tokenizers;
mod update;
mod verify;
mod vocabulary;
mod watcher;
mod writer;

pub use changes::{Change, ChangeKind, ChangeList};
pub use deep::{Compared, verify_deep};
pub(crate) use durable::{create_folder, remove_file, replace_file};
pub use extract::texts as field_texts;
pub(crate) use extract::texts;
pub(crate) use guard::guard;
pub(crate) use living::Living;
pub use manifest::{Counts, RememberedSource};
pub(crate) use mapping::{Mapped, Mapping, day_column};
pub(crate) use numbers::Bearing;
pub use observer::{Observer, Stage};
pub(crate) use opened::Weights;
pub use prepared::{Loss, LossKind, Prepared};
pub use reader::{Index, generations};
pub use report::{Outcomes, SourceOutcome, UpdateReport};
pub use restore::Restored;
pub(crate) use set::{DocSet, bits};
pub use snapshot::Snapshot;
pub use timestamp::Timestamp;
pub use verify::{Verified, verify};
pub use vocabulary::{add_vocabulary, remove_vocabulary, vocabulary_of};
pub use watcher::Watcher;
pub use writer::{IndexWriter, UpdateOptions};

#[cfg(test)]
mod tests;
