//! How good a ranking is: topics, judgements, runs and metrics in TREC's forms.
//!
//! Comes in: a snapshot of an index, queries as tab-separated text, qrels and runs as TREC writes
//! them. Goes out: runs, metrics for each query and their means, equal to `trec_eval`'s, and a
//! paired test of two runs.

mod metrics;
mod ranking;
mod significance;
mod trec;

pub use metrics::{Evaluation, Measure, QueryMetrics, evaluate};
pub use ranking::{RunOptions, rank};
pub use significance::{Comparison, compare};
pub use trec::{Qrels, Run, RunEntry, Topic, read_qrels, read_run, read_topics, write_run};
