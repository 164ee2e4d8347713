//! Asking an index every query of a collection.

use super::trec::{Run, RunEntry, Topic};
use crate::error::Result;
use crate::index::Snapshot;
use crate::query::{Expansion, Query};
use crate::results::{SearchOptions, search_ids};
use crate::schema::ranking::Ranking;
use rayon::prelude::*;

/// How queries are asked.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// How many documents a query may have in the run.
    pub depth: usize,
    /// The area queries are searched in; `None` for all text.
    pub area: Option<String>,
    /// Other ranking parameters than the index's schema has.
    pub ranking: Option<Ranking>,
    /// How far queries go beyond their words.
    pub expansion: Expansion,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            depth: 1_000,
            area: None,
            ranking: None,
            expansion: Expansion::default(),
        }
    }
}

/// Ranks the records of a snapshot for every topic, whose text is taken as plain words.
///
/// # Errors
/// As [`search`](crate::results::search).
pub fn rank(snapshot: &Snapshot, topics: &[Topic], options: &RunOptions) -> Result<Run> {
    let search = SearchOptions {
        limit: options.depth,
        ranking: options.ranking.clone(),
        expansion: options.expansion,
        ..SearchOptions::default()
    };
    let entries = |topic: &Topic| {
        let query = Query::text(&topic.text);
        let query = match &options.area {
            Some(area) => query.within(area),
            None => query,
        };
        let found = search_ids(snapshot, &query, &search)?.into_iter();
        let entry = |(document, score): (String, f64)| RunEntry {
            document,
            score: score as f32,
        };
        Ok((topic.id.clone(), found.map(entry).collect::<Vec<_>>()))
    };
    let ranked = topics.par_iter().map(entries).collect::<Result<Vec<_>>>()?;
    let mut run = Run::default();
    for (id, entries) in ranked {
        run.insert(id, entries);
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Index, UpdateOptions};
    use crate::schema::IndexSchema;
    use crate::source::Source;
    use std::sync::Arc;

    #[test]
    fn queries_are_plain_text_and_ranked_as_a_search_ranks_them() {
        let schema = Arc::new(IndexSchema::shipped().unwrap());
        let options = UpdateOptions::default();
        let sources = vec![Source::path("corpus")];
        let (index, _) = Index::in_memory(sources, &[], schema, &options, &mut ()).unwrap();
        let topic = |id: &str, text: &str| Topic {
            id: id.to_owned(),
            text: text.to_owned(),
        };
        let topics = [topic("1", "lupus nephritis"), topic("2", "(NOT \"lupus")];
        let run = rank(&index.snapshot(), &topics, &RunOptions::default()).unwrap();
        let query = Query::text("lupus nephritis");
        let options = SearchOptions {
            limit: 1_000,
            ..SearchOptions::default()
        };
        let found = search_ids(&index.snapshot(), &query, &options).unwrap();
        let ids = |id: &str| run.query(id).iter().map(|e| e.document.clone());
        assert!(ids("1").eq(found.into_iter().map(|(id, _)| id)));
        assert!(ids("2").count() > 0, "an operator is a word here");
    }
}
