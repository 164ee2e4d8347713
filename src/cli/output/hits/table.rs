//! Hits as a table: CSV for spreadsheets, tab-separated lines for other tools.

use super::columns::{self, Column};
use crate::cli::ui::for_terminal;
use anyhow::Result;
use csv::{QuoteStyle, Writer, WriterBuilder};
use serde_json::Value;
use std::io::Write;
use trialdex::results::Hit;

/// A table being written.
pub(crate) struct Table<W: Write> {
    out: Writer<W>,
    /// Whether a spreadsheet is to open it.
    quoted: bool,
}

impl<W: Write> Table<W> {
    /// A table with commas and quotes, or one with tabs and no quotes.
    pub(crate) fn new(out: W, tabs: bool) -> Self {
        let mut builder = WriterBuilder::new();
        if tabs {
            // Values have no tabs and no line ends: nothing needs quotes.
            builder.delimiter(b'\t').quote_style(QuoteStyle::Never);
        }
        Table {
            out: builder.from_writer(out),
            quoted: !tabs,
        }
    }

    /// The names of the columns.
    pub(crate) fn head(&mut self, columns: &[Column], batch: bool) -> Result<()> {
        let names = columns.iter().map(|column| column.name.as_str());
        self.out
            .write_record(batch.then_some("line").into_iter().chain(names))?;
        Ok(())
    }

    /// A hit.
    pub(crate) fn row(&mut self, hit: &Hit, columns: &[Column], line: Option<u64>) -> Result<()> {
        let values = columns::values(hit, columns)?;
        let cells = values.iter().map(|value| cell(value, self.quoted));
        let line = line.map(|line| line.to_string());
        self.out.write_record(line.into_iter().chain(cells))?;
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// A value as a cell; in a spreadsheet no text of a record may become a formula.
fn cell(value: &Value, spreadsheet: bool) -> String {
    let text = for_terminal(&columns::in_a_line(value)).into_owned();
    let formula = spreadsheet && !value.is_number() && text.starts_with(['=', '+', '-', '@']);
    if formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_that_would_become_a_formula_is_marked_as_text() {
        assert_eq!(
            cell(&json!("=HYPERLINK(\"x\")"), true),
            "'=HYPERLINK(\"x\")"
        );
        assert_eq!(cell(&json!(["@a", "b"]), true), "'@a|b");
        assert_eq!(cell(&json!("=1"), false), "=1");
        assert_eq!(cell(&json!(-1.5), true), "-1.5");
        assert_eq!(cell(&json!("a = b"), true), "a = b");
    }
}
