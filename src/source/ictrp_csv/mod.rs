//! WHO ICTRP search export as CSV: a header and one row for each trial, in the two spellings of
//! the header (`Last Refreshed on`, `Last_Refreshed_on`). Recognised by its header, whatever the
//! separator a spreadsheet program wrote. Quoted cells hold line ends. WHO's CSV without a header
//! is not read.

use super::context::Context;
use super::ictrp::{self, Row, convert};
use super::{Converted, Cutter, RECORD_LIMIT, RawBody, RawRecord, Reason, Sample, SourceFormat};
use crate::record::Format;
use csv_core::ReadRecordResult;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// The format.
pub(crate) struct IctrpCsv;

/// Bytes a header may have; WHO's has under 1,000.
const HEADER_LIMIT: u64 = 64 << 10;

impl SourceFormat for IctrpCsv {
    fn format(&self) -> Format {
        Format::IctrpCsv
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let line = sample.head.split(|&byte| byte == b'\n').next();
        line.and_then(header).is_some()
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        let mut line = Vec::new();
        Read::take(&mut *input, HEADER_LIMIT).read_until(b'\n', &mut line)?;
        let Some((delimiter, header)) = header(&line) else {
            cutter.rejected(Some(1), Reason::new("no header of WHO's columns"));
            return Ok(());
        };
        Rows::new(delimiter, header).cut(input, cutter)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let RawBody::Row { header, cells } = &raw.body else {
            return Err(Reason::new("not a row of a table"));
        };
        let names = header.iter().map(String::as_str);
        let row = Row::new(names.zip(cells.iter().map(String::as_str)));
        convert::convert(&row, context)
    }
}

/// The separator and the columns' names of a line, if it is a header of WHO's.
fn header(line: &[u8]) -> Option<(u8, Vec<String>)> {
    [b',', b';', b'\t'].into_iter().find_map(|delimiter| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter)
            .from_reader(line);
        let names = reader.records().next()?.ok()?;
        let names: Vec<String> = names.iter().map(str::to_owned).collect();
        ictrp::are_columns(names.iter().map(String::as_str)).then_some((delimiter, names))
    })
}

/// The rows of a table as they are read.
struct Rows {
    parser: csv_core::Reader,
    header: Arc<[String]>,
    /// The cells of the row being read, unquoted, one behind the other.
    cells: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    /// How much of both is filled.
    filled: (usize, usize),
    /// Line ends between rows, which the parser has not seen.
    empty_lines: u64,
    /// Whether the row has outgrown the limit and is passed over.
    too_long: bool,
}

impl Rows {
    fn new(delimiter: u8, header: Vec<String>) -> Self {
        let ends = vec![0; header.len() + 1];
        Rows {
            parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            header: header.into(),
            cells: vec![0; 64 << 10],
            ends,
            filled: (0, 0),
            empty_lines: 0,
            too_long: false,
        }
    }

    fn cut(mut self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        let mut line = None;
        loop {
            let chunk = input.fill_buf()?;
            if line.is_none() {
                let breaks = chunk
                    .iter()
                    .take_while(|byte| matches!(byte, b'\r' | b'\n'));
                let (mut passed, mut lines) = (0, 0);
                for byte in breaks {
                    passed += 1;
                    lines += u64::from(*byte == b'\n');
                }
                self.empty_lines += lines;
                if passed > 0 {
                    input.consume(passed);
                    continue;
                }
            }
            // The header is line 1.
            let line_of_row = *line.get_or_insert(self.parser.line() + self.empty_lines + 1);
            let (cells, ends) = self.filled;
            let (result, read, wrote, ended) = self.parser.read_record(
                chunk,
                self.cells.get_mut(cells..).unwrap_or_default(),
                self.ends.get_mut(ends..).unwrap_or_default(),
            );
            input.consume(read);
            self.filled = (cells + wrote, ends + ended);
            let go_on = match result {
                ReadRecordResult::InputEmpty => true,
                ReadRecordResult::OutputFull => self.grow(),
                ReadRecordResult::OutputEndsFull => self.grow_ends(),
                ReadRecordResult::Record => {
                    let go_on = self.hand_over(line_of_row, cutter);
                    self.filled = (0, 0);
                    self.too_long = false;
                    line = None;
                    go_on
                }
                ReadRecordResult::End => false,
            };
            if !go_on {
                return Ok(());
            }
        }
    }

    /// Makes room for more of a row, or begins to pass it over.
    fn grow(&mut self) -> bool {
        if self.cells.len() >= RECORD_LIMIT {
            self.too_long = true;
            self.filled = (0, 0);
        } else {
            self.cells.resize(2 * self.cells.len(), 0);
        }
        true
    }

    /// A row of more cells than columns is rejected; which cells they are no longer matters.
    fn grow_ends(&mut self) -> bool {
        if self.ends.len() > 100 * self.header.len() {
            self.too_long = true;
            self.filled = (0, 0);
        } else {
            self.ends.resize(2 * self.ends.len(), 0);
        }
        true
    }

    /// Gives a whole row to the cutter; answers whether to go on.
    fn hand_over(&self, line: u64, cutter: &mut dyn Cutter) -> bool {
        match self.row() {
            Ok(cells) => {
                let header = Arc::clone(&self.header);
                cutter.record(RawBody::Row { header, cells }, Some(line))
            }
            Err(reason) => cutter.rejected(Some(line), reason),
        }
    }

    fn row(&self) -> Result<Vec<String>, Reason> {
        if self.too_long {
            return Err(Reason::new(format!(
                "row larger than {} MiB",
                RECORD_LIMIT >> 20
            )));
        }
        let (columns, found) = (self.header.len(), self.filled.1);
        if found != columns {
            return Err(Reason::new(format!(
                "row of {found} cells under {columns} columns"
            )));
        }
        let mut start = 0;
        let mut cells = Vec::with_capacity(columns);
        for (&end, name) in self.ends.iter().zip(self.header.iter()) {
            let bytes = self.cells.get(start..end).unwrap_or_default();
            let cell = std::str::from_utf8(bytes);
            cells.push(
                cell.map_err(|_| Reason::new(format!("{name} is not UTF-8")))?
                    .to_owned(),
            );
            start = end;
        }
        Ok(cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Taken {
        rows: Vec<(Vec<String>, u64)>,
        rejections: Vec<(String, u64)>,
    }

    impl Cutter for Taken {
        fn record(&mut self, body: RawBody, line: Option<u64>) -> bool {
            if let RawBody::Row { cells, .. } = body {
                self.rows.push((cells, line.unwrap_or_default()));
            }
            true
        }

        fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool {
            self.rejections
                .push((reason.message, line.unwrap_or_default()));
            true
        }
    }

    fn cut(text: &[u8], chunk: usize) -> Taken {
        let mut taken = Taken::default();
        let mut input = io::BufReader::with_capacity(chunk, text);
        IctrpCsv.cut(&mut input, &mut taken).unwrap();
        taken
    }

    const HEADER: &str = "TrialID,Public title,Source_Register\n";

    #[test]
    fn rows_are_cut_with_their_lines_however_the_input_is_chunked() {
        let text = format!("\u{feff}{HEADER}A,\"one\n\"\"two\"\"\",X\r\n\nB,b,Y");
        for chunk in [1, 7, 4096] {
            let taken = cut(text.as_bytes(), chunk);
            let rows: Vec<(&str, u64)> = taken
                .rows
                .iter()
                .map(|(c, l)| (c[1].as_str(), *l))
                .collect();
            assert_eq!(rows, [("one\n\"two\"", 2), ("b", 5)]);
            assert_eq!(taken.rejections, []);
        }
    }

    #[test]
    fn a_damaged_row_is_rejected_and_the_next_is_read() {
        let text = [HEADER.as_bytes(), b"A,b\nB,\xff,Y\nC,c,Z,\nD,d,W\n"].concat();
        let taken = cut(&text, 4096);
        let reasons: Vec<&str> = taken
            .rejections
            .iter()
            .map(|(reason, _)| reason.as_str())
            .collect();
        assert_eq!(
            reasons,
            [
                "row of 2 cells under 3 columns",
                "Public title is not UTF-8",
                "row of 4 cells under 3 columns"
            ]
        );
        assert_eq!(taken.rows.len(), 1);
    }

    #[test]
    fn an_endless_row_is_passed_over_in_bounded_memory() {
        let mut text = HEADER.as_bytes().to_vec();
        text.extend(std::iter::repeat_n(b'x', RECORD_LIMIT + 10));
        text.extend(b",b,X\nB,b,Y\n");
        let taken = cut(&text, 1 << 20);
        assert_eq!(taken.rejections, [("row larger than 64 MiB".to_owned(), 2)]);
        assert_eq!(taken.rows.len(), 1);
    }

    #[test]
    fn the_header_is_known_in_every_spelling_and_nothing_else_is() {
        let known = |text: &str| {
            let sample = Sample {
                head: text.as_bytes(),
                name: "x",
                whole: false,
            };
            IctrpCsv.recognises(&sample)
        };
        assert!(known(
            "TrialID,Last Refreshed on,Public title,Source Register\nA"
        ));
        assert!(known(
            "\"Trial_ID\";\"Public_title\";\"Source_Register\"\r\n"
        ));
        assert!(!known("NCT Number,Study Title,Study URL\n"));
        assert!(!known(
            "TrialID is a column, Public title too, Source_Register as well"
        ));
        assert!(!known(""));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(tail in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), any::<u8>()], 0..60)) {
            cut(&[HEADER.as_bytes(), tail.as_slice()].concat(), 5);
        }
    }
}
