//! Bytes → text, by byte order mark, validity and declaration, in this order.

use crate::source::Reason;
use std::borrow::Cow;

/// How far into a file its XML declaration reaches.
const DECLARATION: usize = 200;

/// What windows-1252 means by the bytes 0x80 to 0x9F; ISO-8859-1 has no letters there.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of an XML file or record, without byte order mark.
///
/// Valid UTF-8 is UTF-8 whatever is declared: other text hardly ever happens to be valid.
///
/// # Errors
/// Bytes that are not in the encoding declared, or in one that is not read.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if declares_western(bytes) => Ok(Cow::Owned(western(bytes))),
        Err(error) => Err(Reason::new("not UTF-8").byte(error.valid_up_to() as u64)),
    }
}

/// Whether an XML declaration names ISO-8859-1 or its superset windows-1252.
pub(super) fn declares_western(head: &[u8]) -> bool {
    let head = head.get(..DECLARATION).unwrap_or(head);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let declaration = head.split("?>").next().unwrap_or_default();
    ["iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"]
        .iter()
        .any(|name| {
            declaration.contains(&format!("encoding=\"{name}\""))
                || declaration.contains(&format!("encoding='{name}'"))
        })
}

/// Reads windows-1252.
pub(super) fn western(bytes: &[u8]) -> String {
    let letter = |&byte: &u8| match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    bytes.iter().map(letter).collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Reason> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map(Cow::Owned).map_err(|_| Reason::new("not UTF-16"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_encoding_gives_the_same_text() {
        let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>é – µ</a>";
        let western: Vec<u8> = text
            .chars()
            .map(|c| if c == '–' { 0x96 } else { c as u8 })
            .collect();
        let marked = format!("\u{feff}{text}");
        let little = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [western, little, big, marked.into_bytes()] {
            assert_eq!(decode(&bytes).unwrap(), text);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes);
        }
    }
}
