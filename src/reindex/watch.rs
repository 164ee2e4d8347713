//! Saved searches: what they find that they did not find before is told with the changes.
//!
//! They stand in `<index>/watches.json`, beside the generations: a rebuild keeps them.

use super::checked;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Change, ChangeKind, IndexWriter, Prepared, Snapshot, replace_file};
use crate::query::{MatchLevel, Query};
use crate::record::Kind;
use crate::results::{SearchOptions, search_ids};
use crate::schema::IndexSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// A search that is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Its name.
    pub name: String,
    /// The query; a record must have all of its words.
    pub query: String,
}

/// The file of saved searches.
#[derive(Default, Serialize, Deserialize)]
struct Saved {
    watches: Vec<Watch>,
}

fn file(index: &Path) -> PathBuf {
    index.join("watches.json")
}

/// The saved searches of an index, by name.
///
/// # Errors
/// What reading says, and [`ErrorKind::Damaged`] for a file that holds none.
pub fn watches(index: &Path) -> Result<Vec<Watch>> {
    let path = file(index);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io(path, e)),
    };
    let saved: Result<Saved, String> = checked::from_text(&text);
    saved.map(|saved| saved.watches).map_err(|e| {
        Error::new(ErrorKind::Damaged, format!("the saved searches: {e}"))
            .at(&path)
            .remedy("remove the file, and save the searches again with `trialdex watch add`")
    })
}

/// Saves a search; one of the same name takes the other's place.
///
/// # Errors
/// A query that cannot be understood, a name that is empty or has control characters, and what writing says.
pub fn add_watch(writer: &IndexWriter, watch: Watch, schema: &IndexSchema) -> Result<()> {
    if watch.name.trim().is_empty() || watch.name.contains(char::is_control) {
        let message = format!("{:?} is no name for a saved search", watch.name);
        return Err(Error::new(ErrorKind::Usage, message));
    }
    Query::parse_strict(&watch.query, schema)?;
    let mut all = watches(writer.path())?;
    all.retain(|other| other.name != watch.name);
    all.push(watch);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    write(writer.path(), all)
}

/// Forgets a saved search; tells whether there was one.
///
/// # Errors
/// What reading and writing say.
pub fn remove_watch(writer: &IndexWriter, name: &str) -> Result<bool> {
    let mut all = watches(writer.path())?;
    let before = all.len();
    all.retain(|watch| watch.name != name);
    if all.len() == before {
        return Ok(false);
    }
    write(writer.path(), all)?;
    Ok(true)
}

fn write(index: &Path, watches: Vec<Watch>) -> Result<()> {
    let path = file(index);
    let text = checked::to_text(&Saved { watches }, &path)?;
    replace_file(&path, text.as_bytes())
}

/// What marking the changes told.
#[derive(Debug, Default)]
pub(super) struct Marked {
    /// New matches of each saved search.
    pub(super) matches: BTreeMap<String, u64>,
    /// Searches that can no longer be read or understood.
    pub(super) warnings: Vec<String>,
}

/// Writes into each change which saved searches find its record now and did not before.
pub(super) fn mark(
    index: &Path,
    prepared: &mut Prepared<'_>,
    schema: &IndexSchema,
) -> Result<Marked> {
    let mut marked = Marked::default();
    let watches = match watches(index) {
        Ok(watches) => watches,
        // The night must go on: its changes are told all the same, only unmarked.
        Err(e) if e.kind() == ErrorKind::Damaged => {
            marked.warnings.push(format!("no change is marked: {e}"));
            return Ok(marked);
        }
        Err(e) => return Err(e),
    };
    if watches.is_empty() || prepared.changes().is_empty() {
        return Ok(marked);
    }
    let (before, Some(after)) = (prepared.before()?, prepared.after()?) else {
        return Ok(marked);
    };
    for watch in watches {
        let query = match Query::parse_strict(&watch.query, schema) {
            Ok(query) => query,
            Err(e) => {
                let warning = format!("the saved search {:?}: {e}", watch.name);
                marked.warnings.push(warning);
                continue;
            }
        };
        let count = mark_one(&watch.name, &query, before.as_ref(), &after, prepared)?;
        marked.matches.insert(watch.name, count);
    }
    Ok(marked)
}

fn mark_one(
    name: &str,
    query: &Query,
    before: Option<&Snapshot>,
    after: &Snapshot,
    prepared: &mut Prepared<'_>,
) -> Result<u64> {
    let mut count = 0;
    for kind in [Kind::Trial, Kind::Article] {
        let now = found(query, kind, after)?;
        let then = match before {
            Some(before) => found(query, kind, before)?,
            None => HashSet::new(),
        };
        let is_new = |change: &Change| match change.change {
            ChangeKind::Added => true,
            // Whether an index that cannot be searched any more would have found it nobody knows.
            ChangeKind::Updated => before.is_some() && !then.contains(&change.id),
            ChangeKind::Removed => false,
        };
        for change in prepared.changes_mut() {
            if change.kind == kind && now.contains(&change.id) && is_new(change) {
                change.watches.push(name.to_owned());
                count += 1;
            }
        }
    }
    Ok(count)
}

fn found(query: &Query, kind: Kind, snapshot: &Snapshot) -> Result<HashSet<String>> {
    let options = SearchOptions {
        limit: usize::MAX,
        match_level: MatchLevel::All,
        ..SearchOptions::default()
    };
    let ids = search_ids(snapshot, &query.clone().kind(kind), &options)?;
    Ok(ids.into_iter().map(|(id, _)| id).collect())
}
