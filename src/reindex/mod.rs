//! The nightly job as a library call: read the sources again, look at what would change, publish
//! it or leave everything as it was, and keep a report.
//!
//! [`reindex`] runs a night over an open [`IndexWriter`](crate::index::IndexWriter): `gate` decides
//! whether its result may be published, `log` keeps a [`RunReport`] of every run beside the
//! generations, `watch` tells which changes a saved search waits for, `feed` gives the changes of
//! past runs out again.

mod beside;
mod checked;
mod feed;
mod gate;
mod log;
mod memory;
mod night;
mod report;
mod restore;
mod smoke;
mod watch;

pub use beside::verify_beside;
pub use feed::{FeedChange, changes};
pub use gate::Gate;
pub use log::{last_run, runs};
pub use night::{ReindexOptions, open, reindex};
pub use report::{Rejections, RunReport, RunResult, SourceRun, StageTime, Tally, UnknownWordings};
pub use restore::{Repaired, repair, rollback};
pub use smoke::{SmokeQuery, read_smoke_queries};
pub use watch::{Watch, add_watch, remove_watch, watches};

#[cfg(test)]
mod tests;
