//! Hits for a reader, or for a program: one format a file.

mod columns;
pub(crate) mod explanation;
mod facets;
mod json;
mod ris;
mod table;
mod text;

pub(crate) use columns::Column;

use crate::cli::ui::{self, for_terminal};
use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::json;
use std::io::Write;
use table::Table;
use trialdex::eval::{Run, RunEntry, write_run};
use trialdex::query::Query;
use trialdex::results::{Diagnosis, Facet, Found};
use trialdex::schema::IndexSchema;

/// How hits are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// To read
    Text,
    /// One object a hit, a line each
    Jsonl,
    /// One object with all hits
    Json,
    /// A table for spreadsheets
    Csv,
    /// A table with tabs, without quotes
    Tsv,
    /// One id a line
    Ids,
    /// For reference managers
    Ris,
    /// A run for trec_eval: query, Q0, id, rank, score, name
    Trec,
}

impl Format {
    /// Whether hits are printed with their snippets.
    pub(crate) fn has_snippets(self) -> bool {
        matches!(self, Format::Text | Format::Jsonl | Format::Json)
    }

    /// Whether records of one trial are shown as one hit; a list for another program has them all.
    pub(crate) fn folds(self) -> bool {
        matches!(self, Format::Text | Format::Jsonl | Format::Json)
    }

    /// Whether facets stand beside the hits.
    pub(crate) fn has_facets(self) -> bool {
        matches!(self, Format::Text | Format::Jsonl | Format::Json)
    }

    /// Whether hits are printed with the articles about them.
    pub(crate) fn has_articles(self) -> bool {
        matches!(self, Format::Text | Format::Jsonl | Format::Json)
    }

    fn has_columns(self) -> bool {
        !matches!(self, Format::Ids | Format::Ris | Format::Trec)
    }
}

/// What prints the hits of one query or of many.
pub(crate) struct Printer<'a> {
    format: Format,
    columns: Vec<Column>,
    /// Whether the columns are the user's choice.
    chosen: bool,
    schema: &'a IndexSchema,
    width: usize,
    /// Whether queries come from a file, line by line.
    batch: bool,
    /// Queries printed so far.
    printed: usize,
}

/// The hits of one query.
pub(crate) struct Page<'a> {
    pub(crate) query: &'a Query,
    pub(crate) found: &'a Found<'a>,
    pub(crate) facets: &'a [Facet],
    /// Why there is none.
    pub(crate) nothing: Option<&'a Diagnosis>,
    /// The line of the batch it stands on.
    pub(crate) line: Option<u64>,
}

impl<'a> Printer<'a> {
    /// # Errors
    /// Columns for a format that has none.
    pub(crate) fn new(
        format: Format,
        columns: &[Column],
        schema: &'a IndexSchema,
        batch: bool,
    ) -> Result<Self> {
        let chosen = !columns.is_empty();
        if chosen && !format.has_columns() {
            bail!("--fields chooses columns, and this format has none");
        }
        let columns = match format {
            _ if chosen => columns.to_vec(),
            Format::Csv | Format::Tsv => columns::of_tables(),
            _ => columns::of_objects(),
        };
        Ok(Printer {
            format,
            columns,
            chosen,
            schema,
            width: ui::width(),
            batch,
            printed: 0,
        })
    }

    /// Whether snippets have to be made.
    pub(crate) fn wants_snippets(&self) -> bool {
        let wanted =
            |column: &Column| ["snippet", "matched", "other_names"].contains(&column.name.as_str());
        match self.chosen {
            true => self.columns.iter().any(wanted),
            false => self.format.has_snippets(),
        }
    }

    /// Writes what stands before all hits.
    pub(crate) fn begin(&self, out: &mut impl Write) -> Result<()> {
        match self.format {
            Format::Json if self.batch => writeln!(out, "[")?,
            Format::Csv | Format::Tsv => {
                let mut table = Table::new(&mut *out, self.format == Format::Tsv);
                table.head(&self.columns, self.batch)?;
                table.flush()?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes what stands behind all hits.
    pub(crate) fn end(&self, out: &mut impl Write) -> Result<()> {
        if self.format == Format::Json && self.batch {
            writeln!(out, "]")?;
        }
        Ok(())
    }

    /// Writes the hits of a query, one after the other as they are read.
    pub(crate) fn page(&mut self, out: &mut impl Write, page: &Page<'_>) -> Result<()> {
        self.printed += 1;
        match self.format {
            Format::Text => self.text(out, page),
            Format::Jsonl => self.jsonl(out, page),
            Format::Json => self.json(out, page),
            Format::Csv | Format::Tsv => {
                let mut table = Table::new(&mut *out, self.format == Format::Tsv);
                for hit in page.found.hits()? {
                    table.row(&hit?, &self.columns, page.line)?;
                }
                table.flush()
            }
            Format::Ids => {
                for (id, _) in page.found.ids() {
                    let id = for_terminal(id);
                    match page.line {
                        Some(line) => writeln!(out, "{line}\t{id}")?,
                        None => writeln!(out, "{id}")?,
                    }
                }
                Ok(())
            }
            Format::Ris => {
                for hit in page.found.hits()? {
                    ris::write(out, &hit?.record)?;
                }
                Ok(())
            }
            Format::Trec => trec(out, page),
        }
    }

    /// Writes that a query of a batch could not be searched, where the format has room for it.
    pub(crate) fn failed(&mut self, out: &mut impl Write, line: u64, message: &str) -> Result<()> {
        self.printed += 1;
        let object = json::Object::new("error", Some(line)).with("message", json!(message));
        match self.format {
            Format::Jsonl => writeln!(out, "{}", object.text()?)?,
            Format::Json => writeln!(out, "{}{}", self.comma(), object.text()?)?,
            _ => {}
        }
        Ok(())
    }

    /// What stands between the objects of a batch.
    fn comma(&self) -> &'static str {
        if self.batch && self.printed > 1 {
            ","
        } else {
            ""
        }
    }

    fn text(&self, out: &mut impl Write, page: &Page<'_>) -> Result<()> {
        if let Some(line) = page.line {
            let (query, total) = (page.query.to_string(), page.found.total());
            text::write_line_heading(out, line, &query, total)?;
        }
        for hit in page.found.hits()? {
            let hit = hit?;
            match self.chosen {
                true => text::write_columns(out, &hit, &self.columns, self.width)?,
                false => text::write(out, &hit, self.width)?,
            }
        }
        facets::write(out, page.facets, self.schema, self.width)
    }

    fn jsonl(&self, out: &mut impl Write, page: &Page<'_>) -> Result<()> {
        if page.line.is_some() {
            let object = json::Object::new("query", page.line)
                .with("query", json!(page.query.to_string()))
                .with("total", json!(page.found.total()));
            writeln!(out, "{}", object.text()?)?;
        }
        for hit in page.found.hits()? {
            writeln!(out, "{}", json::hit(&hit?, &self.columns, page.line)?)?;
        }
        for facet in page.facets {
            writeln!(out, "{}", json::facet(facet, page.line)?)?;
        }
        Ok(())
    }

    /// One object, its hits a line each: it can be written while they are read.
    fn json(&self, out: &mut impl Write, page: &Page<'_>) -> Result<()> {
        let head = json::Object::new("results", page.line)
            .with("query", json!(page.query.to_string()))
            .with("total", json!(page.found.total()))
            .with("next", json!(page.found.next_page()))
            .with("nothing_found", json!(page.nothing))
            .text()?;
        write!(
            out,
            "{}{}",
            self.comma(),
            head.strip_suffix('}').unwrap_or(&head)
        )?;
        write!(out, ",\"hits\":[")?;
        for (place, hit) in page.found.hits()?.enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}\n{}", json::hit(&hit?, &self.columns, None)?)?;
        }
        write!(out, "]")?;
        if !page.facets.is_empty() {
            write!(out, ",\"facets\":[")?;
            for (place, facet) in page.facets.iter().enumerate() {
                let comma = if place > 0 { "," } else { "" };
                write!(out, "{comma}\n{}", json::facet(facet, None)?)?;
            }
            write!(out, "]")?;
        }
        writeln!(out, "}}")?;
        Ok(())
    }
}

/// A run of one query, whose id is the line of the batch, or 1.
fn trec(out: &mut impl Write, page: &Page<'_>) -> Result<()> {
    let entry = |(id, score): (&str, f64)| RunEntry {
        // The format has blanks between its columns.
        document: for_terminal(id)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("%20"),
        score: score as f32,
    };
    let mut run = Run::default();
    let query = page.line.unwrap_or(1).to_string();
    run.insert(query, page.found.ids().map(entry).collect());
    Ok(write_run(&run, "trialdex", out)?)
}
