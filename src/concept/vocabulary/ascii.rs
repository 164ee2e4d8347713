//! MeSH's ASCII form: a line a value, a record from `*NEWRECORD` to the next.

use super::{Vocabulary, unreadable};
use crate::error::Result;
use std::io::BufRead;

#[derive(Default)]
struct Record {
    name: String,
    entries: Vec<String>,
    trees: Vec<String>,
}

impl Record {
    fn end(&mut self, vocabulary: &mut Vocabulary) {
        let record = std::mem::take(self);
        vocabulary.add(&record.name, record.entries, record.trees);
    }
}

pub(super) fn read(reader: &mut impl BufRead, vocabulary: &mut Vocabulary) -> Result<()> {
    let mut record = Record::default();
    for line in reader.split(b'\n') {
        let line = line.map_err(unreadable)?;
        let line = String::from_utf8_lossy(&line);
        let Some((key, value)) = line.split_once(" = ") else {
            if line.trim_end() == "*NEWRECORD" {
                record.end(vocabulary);
            }
            continue;
        };
        let value = value.trim();
        match key {
            "MH" => value.clone_into(&mut record.name),
            "MN" => record.trees.push(value.to_owned()),
            "ENTRY" | "PRINT ENTRY" => {
                // What stands behind the first bar says where the name comes from.
                let name = value.split('|').next().unwrap_or_default();
                record.entries.push(name.to_owned());
            }
            _ => {}
        }
    }
    record.end(vocabulary);
    Ok(())
}
