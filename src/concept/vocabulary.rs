//! A thesaurus a user brings: descriptors with their other names and their places in a tree.
//!
//! Reads what the National Library of Medicine publishes of its Medical Subject Headings —
//! descriptors as XML (`desc2024.xml`) and as ASCII (`d2024.bin`) — and tables separated by tabs.

mod ascii;
mod table;
mod xml;

use crate::error::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// First bytes of a Zstandard frame and of a gzip file.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Descriptors by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    descriptors: BTreeMap<String, Descriptor>,
}

/// What a vocabulary says of a descriptor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Other names of the same.
    pub(crate) entries: BTreeSet<String>,
    /// Its places in the tree: `C17.800.859` is below `C17.800`.
    pub(crate) trees: BTreeSet<String>,
}

impl Vocabulary {
    /// Reads a file, compressed with Zstandard or gzip or not, and says which form it has by looking at it.
    ///
    /// # Errors
    /// What cannot be read, or is none of the forms; a file without a descriptor.
    pub fn read(path: &Path) -> Result<Self> {
        let read = || -> Result<Self> {
            let io = |e| Error::io(path, e);
            let mut file = BufReader::new(File::open(path).map_err(io)?);
            let head = file.fill_buf().map_err(io)?;
            let (is_zstd, is_gzip) = (head.starts_with(&ZSTD), head.starts_with(&GZIP));
            let plain: Box<dyn Read> = match (is_zstd, is_gzip) {
                (true, _) => Box::new(zstd::Decoder::with_buffer(file).map_err(io)?),
                (_, true) => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
                _ => Box::new(file),
            };
            Vocabulary::from_reader(&mut BufReader::new(plain))
        };
        let vocabulary = read().map_err(|e| e.at(path))?;
        if vocabulary.is_empty() {
            return Err(wrong("holds no descriptor").at(path));
        }
        Ok(vocabulary)
    }

    fn from_reader(reader: &mut impl BufRead) -> Result<Self> {
        let head = reader.fill_buf().map_err(unreadable)?;
        let head = String::from_utf8_lossy(head.get(..head.len().min(4096)).unwrap_or_default());
        let mut vocabulary = Vocabulary::default();
        let start = head.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('<') {
            xml::read(reader, &mut vocabulary)?;
        } else if start.starts_with("*NEWRECORD") {
            ascii::read(reader, &mut vocabulary)?;
        } else if head.lines().next().is_some_and(|line| line.contains('\t')) {
            table::read(reader, &mut vocabulary)?;
        } else {
            return Err(
                wrong("is neither MeSH's XML nor its ASCII nor a table with tabs").remedy(
                    "take desc….xml or d….bin from NLM, or a table of names and tree numbers",
                ),
            );
        }
        Ok(vocabulary)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.descriptors.is_empty()
    }

    /// How many descriptors, other names and places in the tree there are.
    pub fn counts(&self) -> [usize; 3] {
        let all = || self.descriptors.values();
        [
            self.descriptors.len(),
            all().map(|d| d.entries.len()).sum(),
            all().map(|d| d.trees.len()).sum(),
        ]
    }

    /// Takes in what another one says, too.
    pub fn merge(&mut self, other: Vocabulary) {
        for (name, descriptor) in other.descriptors {
            let own = self.descriptors.entry(name).or_default();
            own.entries.extend(descriptor.entries);
            own.trees.extend(descriptor.trees);
        }
    }

    /// The text [`from_text`](Self::from_text) reads back.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, Descriptor { entries, trees }) in &self.descriptors {
            let list = |names: &BTreeSet<String>| {
                names
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join("|")
            };
            text.push_str(&[name.as_str(), &list(trees), &list(entries)].join("\t"));
            text.push('\n');
        }
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(crate) fn from_text(text: &str) -> Self {
        let mut vocabulary = Vocabulary::default();
        for line in text.lines() {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap_or_default();
            let mut list = || {
                let list = columns.next().unwrap_or_default().split('|');
                list.filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect::<BTreeSet<String>>()
            };
            let (trees, entries) = (list(), list());
            vocabulary.add(name, entries, trees);
        }
        vocabulary
    }

    pub(crate) fn descriptors(&self) -> impl Iterator<Item = (&str, &Descriptor)> {
        let all = self.descriptors.iter();
        all.map(|(name, descriptor)| (name.as_str(), descriptor))
    }

    fn add(
        &mut self,
        name: &str,
        entries: impl IntoIterator<Item = String>,
        trees: impl IntoIterator<Item = String>,
    ) {
        let name = clean(name);
        if name.is_empty() {
            return;
        }
        let entries = entries.into_iter().map(|entry| clean(&entry));
        let entries: Vec<String> = entries
            .filter(|entry| !entry.is_empty() && *entry != name)
            .collect();
        let own = self.descriptors.entry(name).or_default();
        own.entries.extend(entries);
        own.trees
            .extend(trees.into_iter().filter(|tree| !tree.is_empty()));
    }
}

/// A name without what separates names in the text form.
fn clean(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || c == '|');
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Data, message)
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, "cannot be read").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vocabulary {
        Vocabulary::from_reader(&mut text.as_bytes()).unwrap()
    }

    const XML: &str = r#"<?xml version="1.0"?><!DOCTYPE DescriptorRecordSet SYSTEM "x.dtd">
<DescriptorRecordSet><DescriptorRecord DescriptorClass="1">
<DescriptorName><String>Psoriasis</String></DescriptorName>
<SeeRelatedList><SeeRelatedDescriptor><DescriptorReferredTo><DescriptorName><String>Skin</String>
</DescriptorName></DescriptorReferredTo></SeeRelatedDescriptor></SeeRelatedList>
<TreeNumberList><TreeNumber>C17.800.859.675</TreeNumber></TreeNumberList>
<ConceptList><Concept><TermList><Term><String>Psoriasis</String></Term>
<Term><String>Palmoplantaris &amp; Pustulosis</String></Term></TermList></Concept></ConceptList>
</DescriptorRecord></DescriptorRecordSet>"#;

    const ASCII: &str = "*NEWRECORD\nRECTYPE = D\nMH = Psoriasis\nMN = C17.800.859.675\n\
        ENTRY = Palmoplantaris & Pustulosis|T047|NON|EQV\nMS = text\n\n";

    const TABLE: &str =
        "mesh_id\tmesh_name\tmesh_tree_number\nD011565\tPsoriasis\tC17.800.859.675\n";

    #[test]
    fn xml_and_ascii_say_the_same() {
        assert_eq!(read(XML), read(ASCII));
        assert_eq!(read(XML).counts(), [1, 1, 1]);
    }

    #[test]
    fn tables_are_read_with_and_without_a_heading_and_add_up() {
        let mut table = read(TABLE);
        assert_eq!(table, read("C17.800.859.675\tPsoriasis\n"));
        table.merge(read("mesh_id\tmesh_name\nD1\tPsoriasis\nD2\tSkin\n"));
        assert_eq!(table.counts(), [2, 0, 1]);
    }

    #[test]
    fn its_text_reads_back() {
        let vocabulary = read(XML);
        assert_eq!(Vocabulary::from_text(&vocabulary.to_text()), vocabulary);
    }

    #[test]
    fn what_is_no_vocabulary_is_refused() {
        for wrong in ["", "hello", "<a><b></a>", "a\tb\tc\td\n"] {
            let read = Vocabulary::from_reader(&mut wrong.as_bytes());
            assert!(read.is_err() || read.is_ok_and(|v| v.is_empty()), "{wrong}");
        }
    }
}
