//! JSON without trees: cutting streams into records, looking at their keys, reading one record.

mod cut;
mod lines;

pub(crate) use cut::cut;
pub(crate) use lines::cut_lines;

use super::{CUT_OFF, Reason};
use serde::Deserialize;
use serde_json::error::Category;

/// The keys of the first object of a text, those of its nested objects included down to a depth
/// (1 is the object itself); the text may be cut off anywhere, arrays count no depth. None where
/// the text does not begin as JSON does.
pub(crate) fn keys(head: &[u8], depth: usize) -> Vec<&[u8]> {
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(first, Some(b'{' | b'[')) {
        return Vec::new();
    }
    let mut keys = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    let mut level = 0;
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        at += 1;
        match byte {
            b'{' => {
                open.push(true);
                level += 1;
            }
            b'[' => open.push(false),
            b'}' | b']' if open.pop() == Some(true) => {
                level -= 1;
                if level == 0 {
                    break;
                }
            }
            b'"' => {
                let start = at;
                let Some(length) = string_length(&head[start..]) else {
                    break;
                };
                at = start + length + 1;
                let colon = head[at..].iter().find(|b| !b.is_ascii_whitespace());
                if colon == Some(&b':') && open.last() == Some(&true) && level <= depth {
                    keys.push(&head[start..start + length]);
                }
            }
            _ => {}
        }
    }
    keys
}

/// Reads a record's JSON.
///
/// # Errors
/// What is wrong, with the byte where it is.
pub(crate) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Reason> {
    serde_json::from_slice(bytes).map_err(|error| match std::str::from_utf8(bytes) {
        Err(e) => Reason::new("not UTF-8").byte(e.valid_up_to() as u64),
        Ok(_) => not_as_expected(bytes, &error),
    })
}

fn not_as_expected(bytes: &[u8], error: &serde_json::Error) -> Reason {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let message = match error.classify() {
        Category::Eof => format!("the record ends early: {CUT_OFF}"),
        Category::Syntax => format!("not JSON: {message}"),
        Category::Data | Category::Io => message.to_owned(),
    };
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let byte = before + error.column().saturating_sub(1);
    Reason::new(message).byte(byte as u64)
}

/// The length of the object a text begins with, blanks before it included; `None` where it does
/// not end within the text.
pub(crate) fn object_length(text: &[u8]) -> Option<usize> {
    let mut open = 0_u64;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'{' => open += 1,
            b'[' if open > 0 => open += 1,
            b'}' | b']' if open <= 1 => return (open == 1).then_some(at),
            b'}' | b']' => open -= 1,
            b'"' => at += string_length(text.get(at..)?)? + 1,
            _ if open == 0 && !byte.is_ascii_whitespace() => return None,
            _ => {}
        }
    }
    None
}

/// Bytes up to the quotation mark that ends a string.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_those_of_the_first_object() {
        let text = br#" [{"a\"b": 1, "c": {"d": ["e", {"f": 2}]}, "g"#;
        assert_eq!(keys(text, 2), [&b"a\\\"b"[..], b"c", b"d"]);
        assert_eq!(keys(br#"{"a":1}{"b":1}"#, 1), [b"a"]);
    }

    #[test]
    fn an_object_ends_with_its_bracket() {
        assert_eq!(object_length(b" {\"a\":[\"}\"]}x"), Some(12));
        assert_eq!(object_length(b"{\"a\":"), None);
        assert_eq!(object_length(b"x{}"), None);
        assert_eq!(object_length(b"[{}]"), None);
    }

    #[test]
    fn what_is_wrong_with_a_record_is_told_with_its_byte() {
        let reason = parse::<Vec<u8>>(b"[1,\n2,\n\"a\"]").unwrap_err();
        assert_eq!(reason.byte, Some(9));
        assert_eq!(reason.message, "invalid type: string \"a\", expected u8");
        let reason = parse::<Vec<u8>>(b"[1,").unwrap_err();
        assert_eq!(reason.message, format!("the record ends early: {CUT_OFF}"));
        let reason = parse::<Vec<u8>>(b"[1,\n\"\xFF").unwrap_err();
        assert_eq!(reason, Reason::new("not UTF-8").byte(5));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = keys(&bytes, 3);
            let _ = object_length(&bytes);
            let _ = parse::<serde_json::Value>(&bytes);
        }
    }
}
