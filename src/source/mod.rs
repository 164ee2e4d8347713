//! Registry and article formats → [`Record`], or a reasoned rejection.
//!
//! Files flow through three steps: `reader` turns files, folders and archives into byte streams
//! with provenance; a format *cuts* a stream into raw records (one thread, bounded memory); the
//! same format *converts* a raw record into ours (any number of threads). Each format is one
//! folder, all alike: what it is and how it is recognised (`mod`), its own words (`raw`), the
//! way to ours (`convert`), sample records with the expected result (`samples/`).

pub(crate) mod ages;
pub(crate) mod clean;
pub(crate) mod context;
pub(crate) mod ctgov;
mod ctgov_json;
mod ctgov_json_v1;
mod ctgov_page;
mod ctgov_xml;
pub(crate) mod dates;
pub(crate) mod eligibility;
mod ictrp;
mod ictrp_csv;
mod ictrp_json;
mod ictrp_xml;
mod irct;
pub(crate) mod json;
mod jsonl;
mod markdown;
pub(crate) mod masking;
pub(crate) mod privacy;
mod reader;
#[cfg(test)]
mod samples;
pub(crate) mod text;
pub(crate) mod timing;
pub(crate) mod xml;

pub use context::{UnknownWording, Warnings};
pub use reader::{
    Event, FileCounts, FileEnd, FileState, KnownFile, KnownFiles, ParsedRecord, Progress,
    ReadOptions, ReadReport, ReasonCount, RecordCounts, Source, SourceReport, read,
};

pub(crate) use reader::{Survey, survey};

use crate::record::{Format, Provenance, Record};
use crate::source::context::Context;
use std::io::{self, BufRead};
use std::sync::Arc;

/// Bytes a raw record may have; a larger one is rejected. The largest real record seen (results included) has 6 MB.
pub(crate) const RECORD_LIMIT: usize = 64 << 20;

/// Bytes a printed document may have: the largest seen has some 20 KB, and its lines are held one by one.
const DOCUMENT_LIMIT: usize = 4 << 20;

/// How deep elements may nest in a record; real ones stay below 20.
pub(crate) const DEPTH_LIMIT: usize = 100;

/// The beginning of a file, by which its format is recognised.
pub(crate) struct Sample<'a> {
    /// The first bytes, up to 64 KiB, without a byte order mark.
    pub(crate) head: &'a [u8],
    /// The file's or entry's name, lower case: a hint, never the reason.
    pub(crate) name: &'a str,
    /// Whether `head` is the whole file.
    pub(crate) whole: bool,
}

/// One record as it was cut out of a file, not yet understood.
pub(crate) struct RawRecord {
    pub(crate) body: RawBody,
    /// Where it stands; `format` is set by the cutter's caller.
    pub(crate) provenance: Provenance,
}

/// The bytes of a raw record, or its cells.
pub(crate) enum RawBody {
    Bytes(Vec<u8>),
    /// A row of a table: column names as in the header, one cell each.
    Row {
        header: Arc<[String]>,
        cells: Vec<String>,
    },
}

impl RawBody {
    /// The bytes.
    ///
    /// # Errors
    /// A row of a table.
    pub(crate) fn bytes(&self) -> Result<&[u8], Reason> {
        match self {
            RawBody::Bytes(bytes) => Ok(bytes),
            RawBody::Row { .. } => Err(Reason::new(
                "a row of a table where a record's bytes should stand",
            )),
        }
    }

    /// The bytes as a document that was printed or shown on a page, without its byte order mark.
    ///
    /// # Errors
    /// A row of a table, a document too large to be one, and bytes that are not UTF-8.
    pub(crate) fn document(&self) -> Result<&str, Reason> {
        let bytes = self.bytes()?;
        if bytes.len() > DOCUMENT_LIMIT {
            let limit = DOCUMENT_LIMIT >> 20;
            return Err(Reason::new(format!("document larger than {limit} MiB")));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|e| Reason::new("not UTF-8").byte(e.valid_up_to() as u64))?;
        Ok(text.trim_start_matches('\u{feff}'))
    }
}

/// What to do about input that ends too early.
pub(crate) const CUT_OFF: &str = "it is cut off, get it again";

/// Why a record could not be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong, lower case.
    pub message: String,
    /// Byte within the record, counted from 0, where known.
    pub byte: Option<u64>,
}

impl Reason {
    /// A reason without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Reason {
            message: message.into(),
            byte: None,
        }
    }

    /// Names the byte within the record.
    #[must_use]
    pub fn byte(mut self, byte: u64) -> Self {
        self.byte = Some(byte);
        self
    }
}

/// A record that claims to be one and could not be accepted; counted, never fatal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Where it stands.
    pub provenance: Provenance,
    /// Why.
    pub reason: Reason,
}

/// What became of a raw record.
pub(crate) enum Converted {
    Record(Record),
    /// An article its author has not published.
    Draft,
    /// A page without content of its own (a navigation stub, an empty list).
    Ignored,
}

/// Takes the raw records a format cuts; answers `false` when the run is over and cutting shall stop.
pub(crate) trait Cutter {
    /// Takes a raw record that begins at `line` (counted from 1; `None` where the file is one record).
    fn record(&mut self, body: RawBody, line: Option<u64>) -> bool;
    /// Takes a stretch of the file that claims to be a record and cannot be cut out.
    fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool;
}

/// A registry's or publisher's format.
pub(crate) trait SourceFormat: Sync {
    /// Which format this is.
    fn format(&self) -> Format;

    /// Whether a file that begins like this is of this format, judged by content.
    fn recognises(&self, sample: &Sample<'_>) -> bool;

    /// Cuts a stream into raw records; by default the whole file is one.
    ///
    /// # Errors
    /// Only what reading says; content that cannot be cut goes to `cutter.rejected`.
    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        cut_whole(input, cutter)
    }

    /// Turns a raw record into ours.
    ///
    /// # Errors
    /// Why the record cannot be accepted.
    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason>;
}

/// All formats, in the order of [`Format::ALL`]: the first that recognises a file reads it.
pub(crate) static FORMATS: &[&dyn SourceFormat] = &[
    &irct::IrctText,
    &ctgov_page::CtgovPage,
    &ctgov_xml::CtgovXml,
    &ictrp_xml::IctrpXml,
    &ctgov_json::CtgovJson,
    &ctgov_json_v1::CtgovJsonV1,
    &ictrp_json::IctrpJson,
    &jsonl::Records,
    &jsonl::Documents,
    &ictrp_csv::IctrpCsv,
    &markdown::Markdown,
];

/// Cuts a file that is one record.
pub(crate) fn cut_whole(input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(
        &mut io::Read::take(input, RECORD_LIMIT as u64 + 1),
        &mut bytes,
    )?;
    if bytes.len() > RECORD_LIMIT {
        let reason = Reason::new(format!("record larger than {} MiB", RECORD_LIMIT >> 20));
        cutter.rejected(None, reason);
        return Ok(());
    }
    cutter.record(RawBody::Bytes(bytes), None);
    Ok(())
}
