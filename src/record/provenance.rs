//! Where a record came from.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The file, and the entry within it, a record was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The file as it was named or walked to; `-` for standard input.
    pub file: String,
    /// The entry of an archive, if the file is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Line of the record's first byte, counted from 1, where one file holds many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The format it was recognised as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(entry) = &self.entry {
            write!(f, "!{entry}")?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        Ok(())
    }
}

/// The input formats trialdex reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Format {
    /// Clinical Trial Protocol of the Iranian registry, as text.
    IrctText,
    /// ClinicalTrials.gov API v2 JSON.
    CtgovJson,
    /// ClinicalTrials.gov old API (`FullStudies`) JSON.
    CtgovJsonV1,
    /// ClinicalTrials.gov legacy XML.
    CtgovXml,
    /// A rendered ClinicalTrials.gov record page (meddatax.com), as text.
    CtgovPage,
    /// WHO ICTRP search export, XML.
    IctrpXml,
    /// WHO ICTRP search export, CSV.
    IctrpCsv,
    /// Rows of WHO's export as an array of JSON objects.
    IctrpJson,
    /// A Markdown article.
    Markdown,
    /// trialdex's own records, a JSON object a line.
    TrialdexJsonl,
    /// Minimal documents (`id`, `title`, `text`), a JSON object a line.
    Document,
}

impl Format {
    /// All formats, in the order they are tried.
    pub const ALL: [Format; 11] = [
        Format::IrctText,
        Format::CtgovPage,
        Format::CtgovXml,
        Format::IctrpXml,
        Format::CtgovJson,
        Format::CtgovJsonV1,
        Format::IctrpJson,
        Format::TrialdexJsonl,
        Format::Document,
        Format::IctrpCsv,
        Format::Markdown,
    ];

    /// The name used in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::IrctText => "irct_text",
            Format::CtgovJson => "ctgov_json",
            Format::CtgovJsonV1 => "ctgov_json_v1",
            Format::CtgovXml => "ctgov_xml",
            Format::CtgovPage => "ctgov_page",
            Format::IctrpXml => "ictrp_xml",
            Format::IctrpCsv => "ictrp_csv",
            Format::IctrpJson => "ictrp_json",
            Format::Markdown => "markdown",
            Format::TrialdexJsonl => "trialdex_jsonl",
            Format::Document => "document",
        }
    }

    /// How close the format stands to the registry: 0 its own export, 1 WHO's copy, 2 a rendered page.
    ///
    /// Of two records of one trial the lower distance wins.
    pub fn distance(self) -> u8 {
        match self {
            Format::IctrpXml | Format::IctrpCsv | Format::IctrpJson => 1,
            Format::CtgovPage => 2,
            _ => 0,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
