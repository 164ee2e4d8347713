//! JSON files with a checksum of themselves: a flipped bit must not pass for another query or another end of a run.
//!
//! The last member is `crc32`, the checksum of the file with eight zeros in its place.

use crate::error::{Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

#[derive(Serialize)]
struct Checked<'a, T> {
    #[serde(flatten)]
    content: &'a T,
    crc32: &'static str,
}

const ZEROS: &str = "00000000";

/// What follows the checksum.
const END: &str = "\"\n}\n";

/// An object as the text of a file.
pub(super) fn to_text(content: &impl Serialize, path: &Path) -> Result<String> {
    let crc32 = ZEROS;
    let mut text = serde_json::to_string_pretty(&Checked { content, crc32 })
        .map_err(|e| Error::new(ErrorKind::Io, e.to_string()).at(path))?;
    text.push('\n');
    let crc32 = format!("{:08x}", crc32fast::hash(text.as_bytes()));
    text.truncate(text.len() - ZEROS.len() - END.len());
    Ok(text + &crc32 + END)
}

/// The object a file tells of; an error where it is not what was written.
pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> std::result::Result<T, String> {
    let body = text.strip_suffix(END);
    let (body, crc32) = body
        .and_then(|body| body.split_at_checked(body.len().checked_sub(ZEROS.len())?))
        .ok_or("cut off, or written by something else")?;
    let expected = crc32fast::hash([body, ZEROS, END].concat().as_bytes());
    if crc32 != format!("{expected:08x}") {
        return Err("changed since it was written: its checksum differs".to_owned());
    }
    serde_json::from_str(text).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Content {
        name: String,
        seconds: f64,
    }

    #[test]
    fn what_was_written_is_read_and_every_flipped_bit_and_cut_is_told() {
        let content = Content {
            name: "Überwachung".to_owned(),
            seconds: 0.1 + 0.2,
        };
        let text = to_text(&content, Path::new("a")).unwrap();
        assert_eq!(from_text(&text), Ok(content));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(value["crc32"].is_string());
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bad = text.clone().into_bytes();
                bad[at] ^= 1 << bit;
                // What is no text any more is told by whoever reads the file.
                let Ok(bad) = String::from_utf8(bad) else {
                    continue;
                };
                assert!(from_text::<Content>(&bad).is_err(), "byte {at}, bit {bit}");
            }
            let cut = String::from_utf8_lossy(&text.as_bytes()[..at]).into_owned();
            assert!(from_text::<Content>(&cut).is_err(), "cut to {at} bytes");
        }
    }
}
