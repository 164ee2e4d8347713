//! Writes records as flat documents, for programs that are to index just what trialdex does:
//! `cargo run --release --example flatten -- --out FOLDER SOURCE...`.
//!
//! `documents.bin` has the texts, so that nobody has to parse anything: of each document how many
//! there are, and of each text the number of its field, its length in bytes and itself, in UTF-8;
//! numbers are four bytes, the lowest first. Field 0 is the id, field 1 the record as it is stored,
//! field 2 the first of `fields.tsv`, which tells every text field's name and its weight in the area
//! `default`. `titles.txt` has titles, a line each. What is printed is one JSON object of counts.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use serde_json::json;
use std::collections::HashSet;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use trialdex::index::field_texts;
use trialdex::record::Record;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ParsedRecord, ReadOptions, Source, read};

const USAGE: &str = "usage: flatten --out FOLDER SOURCE...";

const TITLES: [&str; 3] = ["public_title", "scientific_title", "article_title"];

/// The files that are written, and what was.
struct Output<'s> {
    schema: &'s IndexSchema,
    names: Vec<&'s str>,
    documents: BufWriter<File>,
    titles: BufWriter<File>,
    texts: Vec<(u32, String)>,
    text_bytes: usize,
    record_bytes: usize,
}

impl<'s> Output<'s> {
    fn create(folder: &Path, schema: &'s IndexSchema) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let fields = schema.fields.iter().filter(|field| field.is_text());
        let mut table = BufWriter::new(File::create(folder.join("fields.tsv"))?);
        let mut names = Vec::new();
        for field in fields {
            writeln!(table, "{}\t{}", field.name, field.boost)?;
            names.push(field.name.as_str());
        }
        table.flush()?;
        Ok(Output {
            schema,
            names,
            documents: BufWriter::new(File::create(folder.join("documents.bin"))?),
            titles: BufWriter::new(File::create(folder.join("titles.txt"))?),
            texts: Vec::new(),
            text_bytes: 0,
            record_bytes: 0,
        })
    }

    fn write(&mut self, parsed: &ParsedRecord) -> io::Result<()> {
        let record = &parsed.record;
        self.collect(record);
        self.text_bytes += self.texts.iter().map(|(_, text)| text.len()).sum::<usize>();
        self.record_bytes += parsed.json.len();
        write_number(&mut self.documents, self.texts.len() + 2)?;
        write_text(&mut self.documents, 0, record.id().as_bytes())?;
        write_text(&mut self.documents, 1, &parsed.json)?;
        for (field, text) in &self.texts {
            write_text(&mut self.documents, *field, text.as_bytes())?;
        }
        let title = TITLES.iter().flat_map(|name| field_texts(record, name));
        let Some(title) = title.into_iter().next() else {
            return Ok(());
        };
        let words: Vec<&str> = title.split_whitespace().collect();
        writeln!(self.titles, "{}", words.join(" "))
    }

    fn collect(&mut self, record: &Record) {
        self.texts.clear();
        for field in self.schema.fields.texts(record.kind()) {
            let Some(place) = self.names.iter().position(|name| *name == field.name) else {
                continue;
            };
            for text in field_texts(record, &field.name) {
                self.texts.push((place as u32 + 2, text.into_owned()));
            }
        }
    }

    fn finish(mut self, records: usize) -> io::Result<()> {
        self.documents.flush()?;
        self.titles.flush()?;
        println!(
            "{}",
            json!({ "records": records, "text_bytes": self.text_bytes,
                "record_bytes": self.record_bytes })
        );
        Ok(())
    }
}

fn write_number(out: &mut impl Write, number: usize) -> io::Result<()> {
    let number = u32::try_from(number).map_err(io::Error::other)?;
    out.write_all(&number.to_le_bytes())
}

fn write_text(out: &mut impl Write, field: u32, text: &[u8]) -> io::Result<()> {
    out.write_all(&field.to_le_bytes())?;
    write_number(out, text.len())?;
    out.write_all(text)
}

fn arguments() -> Option<(PathBuf, Vec<Source>)> {
    let mut given = std::env::args_os().skip(1);
    if given.next()? != "--out" {
        return None;
    }
    let out = PathBuf::from(given.next()?);
    let sources: Vec<Source> = given.map(Source::path).collect();
    (!sources.is_empty()).then_some((out, sources))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (out, sources) = arguments().ok_or(USAGE)?;
    let schema = IndexSchema::shipped()?;
    let mut output = Output::create(&out, &schema)?;
    let mut seen = HashSet::new();
    let mut written = Ok(());
    read(sources, &schema, &ReadOptions::default(), |event| {
        let Event::Record(parsed) = event else {
            return ControlFlow::Continue(());
        };
        // An index finds one record of a kind and an id: a second one would make the others' indexes larger.
        let record = &parsed.record;
        if seen.insert((record.kind(), record.id().to_owned())) {
            written = output.write(&parsed);
        }
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    written?;
    output.finish(seen.len())?;
    Ok(())
}
