//! What the formats of WHO's search portal (ICTRP) have in common: rows about trials of all
//! registries, in the columns of WHO's data set and in each registry's own words.
//!
//! Quirks: Excel has turned dates into day numbers (`43864`) and phases `1-2` into 1 February
//! (`43862`); texts went through a wrong encoding (`f√ºr`) or lost characters (`?`, `=18` for
//! `≥18`); titles are padded with blanks; `<br>` stands beside line ends; `Export_date`,
//! `Retrospective_flag` and `Last_Refreshed_on` tell of WHO, not of the trial.

mod ages;
mod conditions;
pub(crate) mod convert;
mod criteria;
mod dates;
mod design;
mod identity;
mod interventions;
mod lists;
mod outcomes;

use super::text;
use std::collections::HashMap;

/// A row: its cells by the column's name, without empty ones.
pub(crate) struct Row {
    cells: HashMap<String, String>,
}

impl Row {
    /// Makes a row of columns' names and cells as they stand in the file.
    ///
    /// Names differ in blanks, underscores and case between WHO's exports. Of two columns of one
    /// name the first that says something stands.
    pub(crate) fn new<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut row = Row {
            cells: HashMap::new(),
        };
        for (name, cell) in cells {
            let (name, cell) = (fold_name(name), clean(cell));
            // ChiCTR writes it over all texts of a cancelled trial (ChiCTR2000030162).
            let cancelled =
                cell.trim().trim_end_matches(';') == "Cancelled" && name != "recruitmentstatus";
            if !cell.trim().is_empty() && !cancelled {
                row.cells.entry(name).or_insert(cell);
            }
        }
        row
    }

    /// The cell of a column (`"primary_sponsor"`), trimmed; empty where there is none.
    pub(crate) fn cell(&self, name: &str) -> &str {
        let cell = self.cells.get(&fold_name(name));
        cell.map_or("", |cell| cell.trim())
    }

    /// The cell of the first of some columns that says something.
    pub(crate) fn any(&self, names: &[&str]) -> &str {
        let mut cells = names.iter().map(|name| self.cell(name));
        cells.find(|cell| !cell.is_empty()).unwrap_or_default()
    }
}

/// Whether a text is more than a word for "nothing", as registrants write into fields that must be filled in.
fn says_something(text: &str) -> bool {
    const NOTHING: &[&str] = &[
        "-",
        "--",
        "/",
        "n/a",
        "na",
        "nil",
        "no",
        "none",
        "not applicable",
        "null",
        "?",
    ];
    let folded = text.trim().trim_end_matches('.').to_lowercase();
    !folded.is_empty() && !NOTHING.contains(&folded.as_str())
}

/// Whether the columns of a table or the keys of an object are those of WHO's rows.
pub(crate) fn are_columns<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let names: Vec<String> = names.into_iter().map(fold_name).collect();
    ["trialid", "publictitle", "sourceregister"]
        .iter()
        .all(|name| names.iter().any(|own| own == name))
}

fn fold_name(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A cell as text: encoding mended, line ends and HTML as line feeds.
///
/// WHO writes `<br>` beside the registry's own line end (`\n<br>`, `\r<br>`) or its own tag
/// (CTRI's `<br/ ><br>`): together they are one.
fn clean(cell: &str) -> String {
    let text = text::repair_encoding(cell);
    let breaks = ["\r\n<br>", "\n<br>", "\r<br>", "<br/ ><br>", "\r\n", "\r"];
    let text = breaks
        .iter()
        .fold(text.into_owned(), |text, mark| text.replace(mark, "\n"));
    text::html_text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_header_name_the_same_column() {
        let row = Row::new([("Last Refreshed on", "43864"), ("web_address", " x ")]);
        assert_eq!(row.cell("last_refreshed_on"), "43864");
        assert_eq!(row.cell("web address"), "x");
        assert_eq!(row.cell("phase"), "");
    }

    #[test]
    fn a_break_written_twice_is_one_line_end() {
        assert_eq!(
            clean("a\n<br>b\r<br>c<br/ ><br>d<br><br>e"),
            "a\nb\nc\nd\n\ne"
        );
    }
}
