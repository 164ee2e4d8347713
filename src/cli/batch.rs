//! `trialdex search --batch`: one query a line, one open index.

use super::exit::Exit;
use super::output::hits::{Page, Printer};
use super::search::Args;
use super::{Global, ui};
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use trialdex::index::Snapshot;
use trialdex::query::Query;
use trialdex::results::{SearchOptions, count, find};
use trialdex::schema::IndexSchema;
use trialdex::{Error, ErrorKind};

/// A batch under way.
struct Batch<'a, 's> {
    args: &'a Args,
    /// What every line is searched with.
    with: Query,
    snapshot: Snapshot,
    options: SearchOptions,
    printer: &'a mut Printer<'s>,
    found: u64,
    failed: u64,
}

/// Searches every line; a line that cannot be searched is told, and the rest goes on.
pub(crate) fn run(
    global: &Global,
    args: &Args,
    path: &Path,
    printer: &mut Printer<'_>,
    schema: &Arc<IndexSchema>,
) -> Result<Exit> {
    let lines = open(args, path)?;
    let mut batch = Batch {
        args,
        with: args.asking.query(&args.query, schema)?,
        snapshot: args.asking.searched.snapshot(global, Arc::clone(schema))?,
        options: args.showing.options(&args.asking, printer.wants_snippets()),
        printer,
        found: 0,
        failed: 0,
    };
    let mut out = ui::stdout();
    if !args.showing.count {
        batch.printer.begin(&mut out)?;
    }
    for (number, line) in (1..).zip(lines.split(b'\n')) {
        let line = line.with_context(|| format!("{}: line {number}", path.display()))?;
        batch.line(number, &line, &mut out)?;
    }
    if !args.showing.count {
        batch.printer.end(&mut out)?;
    }
    out.flush()?;
    Ok(match (batch.failed, batch.found) {
        (1.., _) => Exit::Failed,
        (0, 0) => Exit::NothingFound,
        _ => Exit::Done,
    })
}

fn open(args: &Args, path: &Path) -> Result<Box<dyn BufRead>> {
    if path != Path::new("-") {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        return Ok(Box::new(BufReader::new(file)));
    }
    if args.asking.searched.reads_stdin() {
        bail!("standard input cannot be both what is searched and the queries");
    }
    Ok(Box::new(io::stdin().lock()))
}

impl Batch<'_, '_> {
    fn line(&mut self, number: u64, line: &[u8], out: &mut impl Write) -> Result<()> {
        let query = match self.query(number, line) {
            Ok(Some(query)) => query,
            Ok(None) => return Ok(()),
            Err(error) => return self.failed(number, &error, out),
        };
        if self.args.showing.count {
            match count(&self.snapshot, &query, &self.options) {
                Ok(total) => {
                    self.found += u64::from(total > 0);
                    writeln!(out, "{number}\t{total}")?;
                }
                Err(error) => return self.failed(number, &error, out),
            }
            return Ok(());
        }
        let found = find(&self.snapshot, &query, &self.options).and_then(|found| {
            let facets = found.facets(&self.options.facets, self.options.facet_limit)?;
            Ok((found, facets))
        });
        match found {
            Ok((found, facets)) => {
                let page = Page {
                    query: &query,
                    found: &found,
                    facets: &facets,
                    nothing: None,
                    line: Some(number),
                };
                self.found += u64::from(found.total() > 0);
                self.printer.page(out, &page)
            }
            Err(error) => self.failed(number, &error, out),
        }
    }

    /// The query of a line; `None` of an empty one.
    fn query(&self, number: u64, line: &[u8]) -> trialdex::Result<Option<Query>> {
        let text = std::str::from_utf8(line)
            .map_err(|e| Error::new(ErrorKind::Query, "not UTF-8").byte(e.valid_up_to() as u64))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(None);
        }
        let place = format!("line {number}");
        let query = self
            .args
            .asking
            .parse(text, &place, self.snapshot.schema())?;
        Ok(Some(query.and_query(self.with.clone())))
    }

    fn failed(&mut self, number: u64, error: &Error, out: &mut impl Write) -> Result<()> {
        self.failed += 1;
        ui::error(&format!("line {number}: {error}"));
        if let Some(remedy) = error.hint() {
            ui::hint(remedy);
        }
        if self.args.showing.count {
            return Ok(());
        }
        self.printer.failed(out, number, &error.to_string())
    }
}
