//! MeSH's XML, streamed: hundreds of megabytes of which little is kept.

use super::{Vocabulary, wrong};
use crate::error::Result;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use std::io::BufRead;

/// How deep elements may nest.
const DEPTH: usize = 64;

pub(super) fn read(reader: &mut impl BufRead, vocabulary: &mut Vocabulary) -> Result<()> {
    let mut xml = Reader::from_reader(reader);
    let mut open: Vec<String> = Vec::new();
    let (mut name, mut entries, mut trees) = (String::new(), Vec::new(), Vec::new());
    let mut text = String::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer);
        let event = event.map_err(|e| {
            wrong("is not well-formed XML")
                .byte(xml.buffer_position())
                .caused_by(e)
        })?;
        match event {
            Event::Eof if open.is_empty() => return Ok(()),
            Event::Eof => return Err(wrong("ends within an element")),
            Event::Start(_) if open.len() == DEPTH => return Err(wrong("nests too deep")),
            Event::Start(tag) => {
                open.push(tag.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => text.push_str(resolve_xml_entity(&reference).unwrap_or_default()),
            },
            Event::End(_) => {
                match Place::of(&open) {
                    Some(Place::Name) => name = std::mem::take(&mut text),
                    Some(Place::Entry) => entries.push(std::mem::take(&mut text)),
                    Some(Place::Tree) => trees.push(text.trim().to_owned()),
                    Some(Place::Record) => {
                        vocabulary.add(&name, entries.drain(..), trees.drain(..));
                        name.clear();
                    }
                    None => {}
                }
                text.clear();
                open.pop();
            }
            _ => {}
        }
    }
}

/// An element something is taken from.
enum Place {
    Record,
    Name,
    Entry,
    Tree,
}

impl Place {
    fn of(open: &[String]) -> Option<Place> {
        let path: Vec<&str> = open.iter().map(String::as_str).collect();
        match path.as_slice() {
            [.., "DescriptorRecord"] => Some(Place::Record),
            [.., "DescriptorRecord", "DescriptorName", "String"] => Some(Place::Name),
            [.., "TermList", "Term", "String"] => Some(Place::Entry),
            [.., "DescriptorRecord", "TreeNumberList", "TreeNumber"] => Some(Place::Tree),
            _ => None,
        }
    }
}
