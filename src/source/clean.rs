//! The last step of every conversion: a record's canonical JSON, free of control characters.
//!
//! Control characters in a registry's text are accidents or attacks (terminal escape sequences);
//! no field needs one but line feed and tab.

use crate::record::Record;
use serde_json::Value;

/// Writes a record as canonical JSON, after taking control characters out of all its texts.
pub(crate) fn to_json(record: &mut Record) -> serde_json::Result<Vec<u8>> {
    let json = serde_json::to_vec(record)?;
    if !has_controls(&json) {
        return Ok(json);
    }
    let mut value = serde_json::from_slice(&json)?;
    clean(&mut value);
    *record = serde_json::from_value(value)?;
    serde_json::to_vec(record)
}

/// Whether a string in the JSON holds a control character: serde_json escapes those below blank, and only those with a letter.
fn has_controls(json: &[u8]) -> bool {
    let mut bytes = json.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let found = match byte {
            b'\\' => matches!(bytes.next(), Some(b'u' | b'b' | b'f' | b'r')),
            0x7F => true,
            0xC2 => bytes.peek().is_some_and(|next| (0x80..0xA0).contains(next)),
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}

/// Cleans all strings; a record's JSON is as deep as our types are.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_controls(text),
        Value::Array(values) => values.iter_mut().for_each(clean),
        Value::Object(fields) => {
            let cleaned = std::mem::take(fields).into_iter().map(|(key, mut value)| {
                clean(&mut value);
                (without_controls(&key), value)
            });
            *fields = cleaned.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Takes control characters out: those that mean a break become one, the others vanish.
fn without_controls(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\r' | '\x0B' | '\x0C' | '\u{85}' => Some('\n'),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Condition, Registry, Trial};
    use proptest::prelude::*;

    fn trial(title: &str) -> Record {
        let mut trial = Trial::new(Registry::Ctgov, "NCT00000000");
        trial.public_title = Some(title.to_owned());
        trial.conditions = vec![Condition {
            text: title.to_owned(),
            ..Condition::default()
        }];
        Record::Trial(Box::new(trial))
    }

    #[test]
    fn escape_sequences_lose_their_force_and_the_words_stay() {
        let mut record = trial("\x1B[31mRed\x07 \u{9B}2Jand\r\nblue\x0Cline\x7F\0");
        to_json(&mut record).unwrap();
        assert_eq!(record.title(), Some("[31mRed 2Jand\nblue\nline"));
    }

    #[test]
    fn clean_text_stays_as_it_is() {
        let title = "Tab\tline\nquote \" backslash \\u0041 é ü 中 \u{A0} emoji 🧪";
        let mut record = trial(title);
        let json = to_json(&mut record).unwrap();
        assert_eq!(record.title(), Some(title));
        assert_eq!(json, serde_json::to_vec(&record).unwrap());
    }

    proptest! {
        #[test]
        fn no_control_character_survives_anywhere(title in "\\PC*[\\x00-\\x1F\\x7F-\\u{9F}a]*\\PC*") {
            let mut record = trial(&title);
            let json = to_json(&mut record).unwrap();
            prop_assert!(!has_controls(&json));
            let survivors = record.title().unwrap().chars().filter(|c| c.is_control());
            prop_assert!(survivors.clone().all(|c| c == '\n' || c == '\t'));
            prop_assert_eq!(&json, &serde_json::to_vec(&record).unwrap());
        }
    }
}
