//! The changes of past runs: the feed for alerts.

use crate::error::{Error, ErrorKind, Result};
use crate::index::{Change, Snapshot, Timestamp};
use serde::{Deserialize, Serialize};

/// A change with the run that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedChange {
    /// The run.
    pub run: u64,
    /// When the run began.
    pub at: Timestamp,
    /// What happened to which record.
    #[serde(flatten)]
    pub change: Change,
}

/// What has changed since a run, run by run; without one, what the last run that changed anything did.
///
/// The lists belong to the index: those of runs that were undone are not among them, but the undoing is.
///
/// # Errors
/// A run older than the oldest list that is kept, and what reading says.
pub fn changes(
    snapshot: &Snapshot,
    since: Option<u64>,
) -> Result<impl Iterator<Item = Result<FeedChange>> + '_> {
    let lists = snapshot.change_lists();
    let begin = match since {
        None => lists.len().saturating_sub(1),
        Some(run) => {
            check_kept(snapshot, run)?;
            lists.iter().take_while(|list| list.run <= run).count()
        }
    };
    let lists = lists.iter().skip(begin);
    Ok(lists.flat_map(move |list| {
        let (changes, error) = match snapshot.changes_of(list) {
            Ok(changes) => (changes, None),
            Err(e) => (Vec::new(), Some(Err(e))),
        };
        let changes = changes.into_iter().map(|change| {
            Ok(FeedChange {
                run: list.run,
                at: list.began,
                change,
            })
        });
        changes.chain(error)
    }))
}

/// Fails where lists of runs after this one were dropped.
fn check_kept(snapshot: &Snapshot, run: u64) -> Result<()> {
    let Some(oldest) = snapshot.change_lists().first() else {
        return Ok(());
    };
    let Some(since) = oldest.since.filter(|since| *since > run) else {
        return Ok(());
    };
    let message =
        format!("the changes after run {run} are no longer known: lists begin after run {since}");
    Err(Error::new(ErrorKind::Usage, message)
        .remedy("take in all records with `trialdex export`, and ask for changes since then"))
}
