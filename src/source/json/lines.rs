//! Cuts JSON Lines: whatever is wrong with a line, the next is read.

use super::{cut, object_length};
use crate::source::{Cutter, RECORD_LIMIT, RawBody, Reason};
use std::io::{self, BufRead, Read};

/// Cuts a stream of JSON Lines into its lines, empty ones left out; an array, or objects that span
/// lines, are cut as [`cut`] does.
///
/// # Errors
/// Only what reading says.
pub(crate) fn cut_lines(input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
    if !begins_with_a_line(input.fill_buf()?) {
        return cut(input, &[], cutter);
    }
    let mut line = 0;
    loop {
        line += 1;
        let mut bytes = Vec::new();
        let limit = RECORD_LIMIT as u64 + 1;
        if Read::take(&mut *input, limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        let whole = bytes.ends_with(b"\n");
        if !whole && bytes.len() as u64 == limit {
            let reason = Reason::new(format!("record larger than {} MiB", RECORD_LIMIT >> 20));
            if !cutter.rejected(Some(line), reason) {
                return Ok(());
            }
            input.skip_until(b'\n')?;
            continue;
        }
        let record = bytes
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&bytes)
            .trim_ascii();
        if !record.is_empty() && !cutter.record(RawBody::Bytes(record.to_vec()), Some(line)) {
            return Ok(());
        }
    }
}

/// Whether the first line that is not empty is a whole object, or longer than what is at hand.
fn begins_with_a_line(head: &[u8]) -> bool {
    let head = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let whole = object_length(line).is_some_and(|length| length == line.trim_ascii_end().len());
    whole || (line.len() == head.len() && head.first() == Some(&b'{'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[derive(Default)]
    struct Lines(Vec<(String, Option<u64>)>);

    impl Cutter for Lines {
        fn record(&mut self, body: RawBody, line: Option<u64>) -> bool {
            let bytes = body.bytes().unwrap();
            self.0
                .push((String::from_utf8_lossy(bytes).into_owned(), line));
            true
        }

        fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool {
            self.0.push((reason.message, line));
            true
        }
    }

    fn lines(text: &str) -> Vec<(String, Option<u64>)> {
        let mut lines = Lines::default();
        cut_lines(&mut text.as_bytes(), &mut lines).unwrap();
        lines.0
    }

    #[test]
    fn each_line_is_a_record_whatever_is_wrong_with_it() {
        let text = "\u{feff}\n{\"a\":1}\r\n\n{\"a\":\n{\"b\":2}";
        let expected = [("{\"a\":1}", 2), ("{\"a\":", 4), ("{\"b\":2}", 5)];
        assert_eq!(
            lines(text),
            expected.map(|(text, line)| (text.to_owned(), Some(line)))
        );
    }

    #[test]
    fn arrays_and_objects_over_several_lines_are_cut_too() {
        for text in ["[{\"a\":1},{\"a\":2}]", "{\n\"a\":1}\n{\"a\":2}"] {
            assert_eq!(lines(text).len(), 2, "{text}");
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_one_rejection() {
        let endless = io::repeat(b'x').take(RECORD_LIMIT as u64 + 9);
        let input = (&b"{}\n"[..]).chain(endless).chain(&b"\n{}"[..]);
        let mut lines = Lines::default();
        cut_lines(&mut BufReader::new(input), &mut lines).unwrap();
        let numbers: Vec<_> = lines.0.iter().map(|line| line.1).collect();
        assert_eq!(numbers, [Some(1), Some(2), Some(3)]);
    }
}
