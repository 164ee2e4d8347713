//! TREC's files: topics, qrels and runs.

use crate::error::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Write};

/// A query with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The id qrels and runs name it by.
    pub id: String,
    /// What is asked, as plain text.
    pub text: String,
}

/// Relevance judgements: query → document → grade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Qrels {
    queries: BTreeMap<String, HashMap<String, i32>>,
}

impl Qrels {
    /// The judgements of a query; `None` where nobody judged it.
    pub fn query(&self, id: &str) -> Option<&HashMap<String, i32>> {
        self.queries.get(id)
    }

    /// Ids of the judged queries, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.queries.keys().map(String::as_str)
    }

    /// Adds a judgement.
    pub fn add(&mut self, query: &str, document: &str, grade: i32) {
        let judged = self.queries.entry(query.to_owned()).or_default();
        judged.insert(document.to_owned(), grade);
    }
}

/// One line of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEntry {
    /// The document.
    pub document: String,
    /// Its score, with the digits `trec_eval` keeps.
    pub score: f32,
}

/// A ranked output: query → documents with scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    queries: BTreeMap<String, Vec<RunEntry>>,
}

impl Run {
    /// The documents of a query; empty where nothing was found.
    pub fn query(&self, id: &str) -> &[RunEntry] {
        self.queries.get(id).map_or(&[], Vec::as_slice)
    }

    /// Queries with their documents, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[RunEntry])> {
        self.queries
            .iter()
            .map(|(id, entries)| (id.as_str(), entries.as_slice()))
    }

    /// Sets the documents of a query, best first.
    ///
    /// `trec_eval` keeps scores as 32-bit numbers and orders equal ones by document id backwards, so
    /// each score is lowered, where needed, to the next 32-bit number below the one before it:
    /// sorting by score gives this order.
    pub fn insert(&mut self, query: impl Into<String>, ranked: Vec<RunEntry>) {
        let mut last = f32::INFINITY;
        let lowered = ranked.into_iter().map(|entry| {
            last = entry.score.min(last.next_down());
            RunEntry {
                score: last,
                ..entry
            }
        });
        self.queries.insert(query.into(), lowered.collect());
    }
}

/// Reads topics: id, tab, text.
///
/// # Errors
/// A line without a tab, or an id given twice.
pub fn read_topics(input: impl BufRead) -> Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    each_line(input, |number, line| {
        let (id, text) = line
            .split_once('\t')
            .ok_or_else(|| wrong("a query is an id, a tab and a text", number))?;
        if !seen.insert(id.to_owned()) {
            return Err(wrong(format!("query {id:?} stands twice"), number));
        }
        topics.push(Topic {
            id: id.to_owned(),
            text: text.to_owned(),
        });
        Ok(())
    })?;
    Ok(topics)
}

/// Reads qrels: query, anything, document, grade.
///
/// # Errors
/// A line of another form.
pub fn read_qrels(input: impl BufRead) -> Result<Qrels> {
    let mut qrels = Qrels::default();
    each_line(input, |number, line| {
        let mut words = line.split_whitespace();
        let (Some(query), Some(_), Some(document), Some(grade), None) = (
            words.next(),
            words.next(),
            words.next(),
            words.next(),
            words.next(),
        ) else {
            return Err(wrong("a judgement is query, 0, document, grade", number));
        };
        let grade = grade
            .parse()
            .map_err(|_| wrong(format!("not a grade: {grade:?}"), number))?;
        qrels.add(query, document, grade);
        Ok(())
    })?;
    Ok(qrels)
}

/// Reads a run: query, anything, document, rank, score, name.
///
/// # Errors
/// A line of another form, or a document given twice for one query.
pub fn read_run(input: impl BufRead) -> Result<Run> {
    let mut run = Run::default();
    let mut seen = std::collections::HashSet::new();
    each_line(input, |number, line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [query, _, document, _, score, ..] = words.as_slice() else {
            return Err(wrong(
                "a line of a run is query, Q0, document, rank, score, name",
                number,
            ));
        };
        let score: f32 = score
            .parse()
            .ok()
            .filter(|score: &f32| score.is_finite())
            .ok_or_else(|| wrong(format!("not a score: {score:?}"), number))?;
        if !seen.insert(((*query).to_owned(), (*document).to_owned())) {
            return Err(wrong(
                format!("{document:?} stands twice for query {query:?}"),
                number,
            ));
        }
        let entries = run.queries.entry((*query).to_owned()).or_default();
        entries.push(RunEntry {
            document: (*document).to_owned(),
            score,
        });
        Ok(())
    })?;
    Ok(run)
}

/// Writes a run, with all digits of its scores.
///
/// # Errors
/// What writing says.
pub fn write_run(run: &Run, name: &str, mut output: impl Write) -> io::Result<()> {
    for (query, entries) in run.iter() {
        for (rank, entry) in (1..).zip(entries) {
            let RunEntry { document, score } = entry;
            writeln!(output, "{query} Q0 {document} {rank} {score} {name}")?;
        }
    }
    Ok(())
}

fn each_line(input: impl BufRead, mut take: impl FnMut(u64, &str) -> Result<()>) -> Result<()> {
    for (number, line) in (1..).zip(input.lines()) {
        let line = line.map_err(|e| Error::new(ErrorKind::Io, e.to_string()).line(number))?;
        let line = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
        if !line.trim().is_empty() {
            take(number, line)?;
        }
    }
    Ok(())
}

fn wrong(message: impl Into<String>, line: u64) -> Error {
    Error::new(ErrorKind::Data, message).line(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut run = Run::default();
        let entry = |document: &str, score| RunEntry {
            document: document.to_owned(),
            score,
        };
        run.insert(
            "1",
            vec![
                entry("a", 1.0 / 3.0),
                entry("b", 1.0 / 3.0),
                entry("c", -1.0),
            ],
        );
        let mut text = Vec::new();
        write_run(&run, "trialdex", &mut text).unwrap();
        let read = read_run(text.as_slice()).unwrap();
        assert_eq!(read, run);
        let scores: Vec<f32> = read.query("1").iter().map(|e| e.score).collect();
        assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
    }

    #[test]
    fn a_line_of_another_form_is_an_error_with_its_number() {
        let error = |text: &str| read_qrels(text.as_bytes()).unwrap_err().to_string();
        assert!(error("1 0 a 1\n1 0 a\n").starts_with("line 2:"));
        assert!(error("1 0 a high\n").contains("grade"));
        assert!(read_topics("1 no tab".as_bytes()).is_err());
        assert!(read_topics("1\ta\n1\tb\n".as_bytes()).is_err());
        assert!(read_run("1 Q0 a 1 NaN x\n".as_bytes()).is_err());
        assert!(read_run("1 Q0 a 1 2 x\n1 Q0 a 2 1 x\n".as_bytes()).is_err());
    }
}
