//! Queries whose hits are known to be there: an index that does not find them must not be published.

use crate::error::{Error, ErrorKind, Result};
use crate::index::Snapshot;
use crate::query::Query;
use crate::results::{SearchOptions, count};
use crate::schema::IndexSchema;
use std::path::Path;

/// A query and the hits it must have.
#[derive(Clone, Debug, PartialEq)]
pub struct SmokeQuery {
    /// The least number of hits.
    pub at_least: u64,
    /// The query as it was written.
    pub text: String,
    query: Query,
}

impl SmokeQuery {
    /// Understands a query.
    ///
    /// # Errors
    /// As [`Query::parse_strict`].
    pub fn new(at_least: u64, text: &str, schema: &IndexSchema) -> Result<Self> {
        Ok(SmokeQuery {
            at_least,
            text: text.to_owned(),
            query: Query::parse_strict(text, schema)?,
        })
    }

    /// Why the index fails the query, if it does.
    pub(super) fn failure(&self, snapshot: &Snapshot) -> Result<Option<String>> {
        let found = count(snapshot, &self.query, &SearchOptions::default())?;
        if found >= self.at_least {
            return Ok(None);
        }
        let (text, least) = (&self.text, self.at_least);
        Ok(Some(format!(
            "the query {text:?} finds {found} records and should find at least {least}"
        )))
    }
}

/// Reads a file of queries: one a line, the least number of hits, a tab and the query as `trialdex search --count` takes it.
///
/// Blank lines and lines that begin with `#` are passed over.
///
/// # Errors
/// A file that cannot be read, and a line that is of another form or cannot be understood.
pub fn read_smoke_queries(path: &Path, schema: &IndexSchema) -> Result<Vec<SmokeQuery>> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
    let mut queries = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |message: &str| {
            Error::new(ErrorKind::Usage, message)
                .at(path)
                .line(number)
                .remedy("write the least number of hits, a tab, and the query")
        };
        let (least, query) = line.split_once('\t').ok_or_else(|| wrong("has no tab"))?;
        let least = least.trim().parse();
        let least = least.map_err(|_| wrong("does not begin with a number"))?;
        let query = SmokeQuery::new(least, query.trim(), schema);
        queries.push(query.map_err(|e| Error::new(e.kind(), e.to_string()).at(path).line(number))?);
    }
    Ok(queries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<SmokeQuery>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read_smoke_queries(file.path(), IndexSchema::shared())
    }

    #[test]
    fn comments_are_passed_over_and_queries_read() {
        let queries = read("# what must be found\n\n 3\tlupus nephritis country:Iran\n").unwrap();
        assert_eq!(queries.len(), 1);
        assert_eq!(queries[0].at_least, 3);
        assert_eq!(queries[0].text, "lupus nephritis country:Iran");
    }

    #[test]
    fn a_wrong_line_is_told_with_its_number() {
        for wrong in ["lupus", "many\tlupus", "1\tphase:nine"] {
            let error = read(&format!("1\tlupus\n{wrong}\n")).unwrap_err();
            assert!(error.to_string().contains("line 2"), "{wrong}: {error}");
        }
    }
}
