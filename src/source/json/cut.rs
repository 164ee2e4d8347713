//! Cuts a stream of JSON into the bytes of its records, without building trees.
//!
//! A record is an object that stands at the top (one, or many one after another: NDJSON), in an
//! array, or in the array a *page* holds (`["studies"]` of an API v2 page). A record that cannot
//! be cut out is a rejection, and cutting goes on at the next line that begins as the records
//! before it began. Memory is bounded by [`RECORD_LIMIT`]; a longer record is passed over.

use crate::source::{CUT_OFF, Cutter, DEPTH_LIMIT, RECORD_LIMIT, RawBody, Reason};
use memchr::memchr3;
use std::io::{self, BufRead};

/// Bytes kept of a key; longer ones cannot name a page.
const KEY_LIMIT: usize = 64;

/// Cuts the records out of a stream; `page` is the way of keys to the array that holds them,
/// where they do not stand at the top: `&["FullStudiesResponse", "FullStudies"]`.
///
/// # Errors
/// Only what reading says.
pub(crate) fn cut(
    input: &mut dyn BufRead,
    page: &[&str],
    cutter: &mut dyn Cutter,
) -> io::Result<()> {
    let mut scan = Scan::new(page, cutter);
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let length = chunk.len();
        scan.take(chunk);
        input.consume(length);
        if scan.stopped {
            return Ok(());
        }
    }
    scan.finish();
    Ok(())
}

/// What may stand next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

/// The token the scan stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    None,
    String,
    Escape,
    Literal,
}

/// How bytes are understood.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// As JSON.
    Grammar,
    /// As the rest of a record nested too deep: so many brackets are open.
    Skim(u64),
    /// Not at all, until a line begins as a record does.
    Lost,
}

/// An open object or array.
struct Level {
    object: bool,
    /// Whether it holds records rather than being part of one: an array of them, or the page around that.
    holds_records: bool,
    /// For an object outside arrays of a page: how many keys of the page's way led here.
    page_keys: Option<usize>,
    /// Blanks before its records, where they begin a line.
    margin: Option<usize>,
}

/// The record being read.
struct Current {
    bytes: Vec<u8>,
    line: u64,
    start: u64,
    /// Open levels around it.
    level: usize,
    /// Whether it was rejected already and is only passed over.
    rejected: bool,
}

struct Scan<'a> {
    page: &'a [&'a str],
    cutter: &'a mut dyn Cutter,
    mode: Mode,
    token: Token,
    expect: Expect,
    levels: Vec<Level>,
    current: Option<Current>,
    /// The first record at the top, held back until something follows: a file of one record names no line.
    first: Option<(Vec<u8>, u64)>,
    /// Values seen at the top.
    values: u64,
    /// Blanks before the values at the top, where they begin a line.
    margin: Option<usize>,
    /// Blanks since the line began, if nothing else.
    indent: Option<usize>,
    /// The key just read, as far as it matters.
    key: Vec<u8>,
    reads_key: bool,
    line: u64,
    byte: u64,
    stopped: bool,
}

impl<'a> Scan<'a> {
    fn new(page: &'a [&'a str], cutter: &'a mut dyn Cutter) -> Self {
        Scan {
            page,
            cutter,
            mode: Mode::Grammar,
            token: Token::None,
            expect: Expect::Value,
            levels: Vec::new(),
            current: None,
            first: None,
            values: 0,
            margin: Some(0),
            indent: Some(0),
            key: Vec::new(),
            reads_key: false,
            line: 1,
            byte: 0,
            stopped: false,
        }
    }

    /// Reads a chunk; the bytes of a record are copied chunk by chunk, not one by one.
    fn take(&mut self, chunk: &[u8]) {
        let (mut copied, mut at) = (0, 0);
        while at < chunk.len() {
            at += self.pass_over(&chunk[at..]);
            let Some(&byte) = chunk.get(at) else { break };
            self.step(byte);
            if self.current.as_ref().is_some_and(|c| c.start == self.byte) {
                copied = at;
            }
            self.byte += 1;
            if self.closed() {
                self.keep(&chunk[copied..=at]);
                self.end_record();
            }
            if self.stopped {
                return;
            }
            at += 1;
        }
        self.keep(&chunk[copied..]);
    }

    /// Passes over what ends no string and means nothing in it: most of a file. Tells how many bytes.
    fn pass_over(&mut self, bytes: &[u8]) -> usize {
        if self.mode != Mode::Grammar || self.token != Token::String || self.reads_key {
            return 0;
        }
        let passed = memchr3(b'"', b'\\', b'\n', bytes).unwrap_or(bytes.len());
        self.byte += passed as u64;
        passed
    }

    /// Whether the record's last bracket was just closed.
    fn closed(&self) -> bool {
        self.mode == Mode::Grammar
            && self.token == Token::None
            && self.expect == Expect::CommaOrEnd
            && self
                .current
                .as_ref()
                .is_some_and(|c| c.level == self.levels.len())
    }

    fn keep(&mut self, bytes: &[u8]) {
        let Some(current) = &mut self.current else {
            return;
        };
        if current.rejected {
            return;
        }
        if current.bytes.len() + bytes.len() > RECORD_LIMIT {
            let limit = RECORD_LIMIT >> 20;
            self.reject(format!("record larger than {limit} MiB"));
            return;
        }
        current.bytes.extend_from_slice(bytes);
    }

    fn step(&mut self, byte: u8) {
        if byte == b'\n' {
            self.line += 1;
        }
        let mode = self.mode;
        match mode {
            Mode::Grammar => self.grammar(byte),
            Mode::Skim(open) if !self.resumes(byte) => self.skim(byte, open),
            Mode::Lost if !self.resumes(byte) => {}
            Mode::Skim(_) | Mode::Lost => self.grammar(byte),
        }
        self.indent = match (byte, self.indent) {
            (b'\n', _) => Some(0),
            (b' ' | b'\t' | b'\r', Some(blanks)) => Some(blanks + 1),
            // A byte order mark before the first value.
            (0xEF | 0xBB | 0xBF, Some(0)) => Some(0),
            _ => None,
        };
    }

    fn grammar(&mut self, byte: u8) {
        match self.token {
            Token::None => self.structure(byte),
            Token::Escape => {
                self.token = Token::String;
                self.key_byte(byte);
            }
            Token::String => match byte {
                b'"' => self.end_string(),
                b'\\' => self.token = Token::Escape,
                b'\n' => self.fail("the line ends inside a string"),
                _ => self.key_byte(byte),
            },
            Token::Literal if is_literal(byte) => {}
            Token::Literal => {
                self.token = Token::None;
                self.expect = Expect::CommaOrEnd;
                self.structure(byte);
            }
        }
    }

    fn key_byte(&mut self, byte: u8) {
        if self.reads_key && self.key.len() < KEY_LIMIT {
            self.key.push(byte);
        }
    }

    fn end_string(&mut self) {
        self.token = Token::None;
        self.expect = if self.reads_key {
            Expect::Colon
        } else {
            Expect::CommaOrEnd
        };
        self.reads_key = false;
    }

    fn structure(&mut self, byte: u8) {
        let top = self.levels.is_empty();
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            0xEF | 0xBB | 0xBF if top && self.indent == Some(0) => {}
            // Between records a comma too few or too many harms nothing.
            b',' if top && self.values > 0 => {}
            _ if top => self.top_value(byte),
            _ => match self.expect {
                Expect::Value if byte == b']' && self.among_records() => self.close(byte),
                Expect::Value => self.value(byte),
                Expect::ValueOrEnd if byte == b']' => self.close(byte),
                Expect::ValueOrEnd => self.value(byte),
                Expect::KeyOrEnd if byte == b'}' => self.close(byte),
                Expect::Key | Expect::KeyOrEnd if byte == b'"' => {
                    self.token = Token::String;
                    self.reads_key = true;
                    self.key.clear();
                }
                Expect::Colon if byte == b':' => self.expect = Expect::Value,
                Expect::CommaOrEnd if byte == b',' => self.comma(),
                Expect::CommaOrEnd if matches!(byte, b'}' | b']') => self.close(byte),
                Expect::CommaOrEnd if byte == b'{' && self.among_records() => self.value(byte),
                _ => self.unexpected(byte),
            },
        }
    }

    fn top_value(&mut self, byte: u8) {
        if !matches!(byte, b'{' | b'[') {
            return self.unexpected(byte);
        }
        self.values += 1;
        self.release_first();
        self.margin = self.indent.or(self.margin);
        self.value(byte);
    }

    fn comma(&mut self) {
        let object = self.levels.last().is_some_and(|level| level.object);
        self.expect = if object { Expect::Key } else { Expect::Value };
    }

    /// A value begins.
    fn value(&mut self, byte: u8) {
        let record_stands = self.among_records();
        match byte {
            b'{' | b'[' if self.levels.len() >= DEPTH_LIMIT => self.too_deep(),
            b'{' => self.open_object(record_stands),
            b'[' => {
                let holds_records = record_stands || self.leads_to_page(false);
                self.open(false, holds_records, None);
            }
            b'"' => {
                self.stray(record_stands, "a string");
                self.token = Token::String;
            }
            _ if is_literal(byte) => {
                self.stray(record_stands, "a bare value");
                self.token = Token::Literal;
            }
            _ => self.unexpected(byte),
        }
    }

    /// Whether what stands next is a record: at the top, or in an array of records.
    fn among_records(&self) -> bool {
        let holds = |level: &Level| level.holds_records && !level.object;
        self.current.is_none() && self.levels.last().is_none_or(holds)
    }

    fn open_object(&mut self, record: bool) {
        if self.leads_to_page(true) {
            let keys = self.levels.last().and_then(|level| level.page_keys);
            return self.open(true, true, keys.map(|keys| keys + 1));
        }
        if record {
            if let Some(level) = self.levels.last_mut() {
                level.margin = self.indent.or(level.margin);
            }
            self.current = Some(Current {
                bytes: Vec::new(),
                line: self.line,
                start: self.byte,
                level: self.levels.len(),
                rejected: false,
            });
        }
        self.open(true, false, record.then_some(0));
    }

    /// Whether the key just read leads on to the array of a page; then the object it stands in is
    /// no record but part of the page.
    fn leads_to_page(&mut self, object: bool) -> bool {
        let Some(level) = self.levels.last_mut() else {
            return false;
        };
        let Some(keys) = level.page_keys else {
            return false;
        };
        let last = keys + 1 == self.page.len();
        let leads = self
            .page
            .get(keys)
            .is_some_and(|key| key.as_bytes() == self.key);
        if !leads || last == object {
            return false;
        }
        level.holds_records = true;
        self.current = None;
        true
    }

    fn open(&mut self, object: bool, holds_records: bool, page_keys: Option<usize>) {
        self.levels.push(Level {
            object,
            holds_records,
            page_keys,
            margin: None,
        });
        self.expect = if object {
            Expect::KeyOrEnd
        } else {
            Expect::ValueOrEnd
        };
    }

    fn close(&mut self, byte: u8) {
        if self
            .levels
            .last()
            .is_some_and(|l| l.object != (byte == b'}'))
        {
            return self.unexpected(byte);
        }
        self.levels.pop();
        self.expect = Expect::CommaOrEnd;
    }

    fn end_record(&mut self) {
        let Some(current) = self.current.take() else {
            return;
        };
        if current.rejected {
            return;
        }
        if current.level == 0 && self.values == 1 {
            self.first = Some((current.bytes, current.line));
            return;
        }
        self.hand_over(current.bytes, Some(current.line));
    }

    fn hand_over(&mut self, bytes: Vec<u8>, line: Option<u64>) {
        self.stopped |= !self.cutter.record(RawBody::Bytes(bytes), line);
    }

    fn release_first(&mut self) {
        if let Some((bytes, line)) = self.first.take() {
            self.hand_over(bytes, Some(line));
        }
    }

    /// Rejects the record being read, once.
    fn reject(&mut self, message: impl Into<String>) {
        self.release_first();
        let (line, byte) = match &mut self.current {
            Some(current) if current.rejected => return,
            Some(current) => {
                current.rejected = true;
                current.bytes = Vec::new();
                (current.line, self.byte - current.start)
            }
            None => (self.line, self.byte),
        };
        let reason = Reason::new(message).byte(byte);
        self.stopped |= !self.cutter.rejected(Some(line), reason);
    }

    fn stray(&mut self, record_stands: bool, what: &str) {
        if record_stands {
            self.reject(format!("{what} where a record should stand"));
        }
    }

    fn unexpected(&mut self, byte: u8) {
        // A record cut short by the next one, which begins its own line.
        if byte == b'{' && self.current.is_some() && self.begins_record() {
            self.reject("the record ends early: another begins");
            self.mode = Mode::Lost;
            return self.step_again(byte);
        }
        let what = match byte {
            0x20..0x7F => format!("{:?}", char::from(byte)),
            _ => format!("byte 0x{byte:02x}"),
        };
        self.fail(&format!("not JSON: unexpected {what}"));
    }

    fn step_again(&mut self, byte: u8) {
        if self.resumes(byte) {
            self.grammar(byte);
        }
    }

    fn fail(&mut self, message: &str) {
        self.reject(message);
        self.token = Token::None;
        self.reads_key = false;
        self.mode = Mode::Lost;
    }

    fn too_deep(&mut self) {
        self.reject(format!("nested deeper than {DEPTH_LIMIT} levels"));
        let base = self.current.as_ref().map_or(0, |current| current.level);
        let open = self.levels.len() - base + 1;
        self.mode = Mode::Skim(open as u64);
    }

    /// Counts brackets until the record that nests too deep is over.
    fn skim(&mut self, byte: u8, open: u64) {
        match (self.token, byte) {
            (Token::Escape, _) => self.token = Token::String,
            (Token::String, b'"') => self.token = Token::None,
            (Token::String, b'\\') => self.token = Token::Escape,
            (Token::String, b'\n') => self.fail("the line ends inside a string"),
            (Token::String, _) => {}
            (_, b'"') => self.token = Token::String,
            (_, b'{' | b'[') => self.mode = Mode::Skim(open + 1),
            (_, b'}' | b']') if open > 1 => self.mode = Mode::Skim(open - 1),
            (_, b'}' | b']') => self.resume_at(self.current.as_ref().map_or(0, |c| c.level)),
            _ => {}
        }
    }

    /// Whether a byte begins a line just as the records of an open level, or of the top, do.
    fn begins_record(&self) -> bool {
        self.indent.is_some() && self.level_of_indent().is_some()
    }

    fn level_of_indent(&self) -> Option<usize> {
        let within = |level: &Level| level.holds_records && level.margin == self.indent;
        let inner = self.levels.iter().rposition(within).map(|at| at + 1);
        inner.or_else(|| (self.margin == self.indent).then_some(0))
    }

    /// Resumes where a line begins as records do.
    fn resumes(&mut self, byte: u8) -> bool {
        let opens = byte == b'{' || (byte == b'[' && self.indent == self.margin);
        if !opens || self.indent.is_none() {
            return false;
        }
        let Some(level) = self.level_of_indent() else {
            return false;
        };
        self.resume_at(level);
        self.expect = Expect::Value;
        true
    }

    /// Goes on after a record among the first open levels.
    fn resume_at(&mut self, level: usize) {
        self.levels.truncate(level);
        self.current = None;
        self.token = Token::None;
        self.reads_key = false;
        self.mode = Mode::Grammar;
        self.expect = Expect::CommaOrEnd;
    }

    /// The input is over.
    fn finish(&mut self) {
        let whole = self.levels.is_empty() && self.token == Token::None;
        if self.values == 0 && self.mode == Mode::Grammar {
            self.reject("empty: no record in it");
        } else if self.mode == Mode::Grammar && !whole {
            let inside = if self.current.is_some() {
                "a record"
            } else {
                "the list of records"
            };
            self.reject(format!("the input ends inside {inside}: {CUT_OFF}"));
        }
        if let Some((bytes, _)) = self.first.take() {
            self.hand_over(bytes, None);
        }
    }
}

fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    #[derive(Default, Debug, PartialEq, Clone)]
    struct Cuts {
        records: Vec<(String, Option<u64>)>,
        rejections: Vec<(String, Option<u64>, Option<u64>)>,
        at_most: Option<usize>,
    }

    impl Cutter for Cuts {
        fn record(&mut self, body: RawBody, line: Option<u64>) -> bool {
            let RawBody::Bytes(bytes) = body else {
                panic!("JSON is bytes");
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.records.push((text, line));
            self.at_most != Some(self.records.len())
        }

        fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool {
            self.rejections.push((reason.message, line, reason.byte));
            true
        }
    }

    fn cuts(text: impl AsRef<[u8]>, page: &[&str]) -> Cuts {
        let mut cuts = Cuts::default();
        cut(&mut text.as_ref(), page, &mut cuts).unwrap();
        cuts
    }

    fn records(text: &str, page: &[&str]) -> Vec<String> {
        let cuts = cuts(text, page);
        assert_eq!(cuts.rejections, [], "{text}");
        cuts.records.into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn every_shape_of_a_file_gives_the_same_records() {
        let expected = [r#"{"a":{"b":[1,"}"]}}"#, r#"{"c":"\"]"}"#];
        let [a, b] = expected;
        let v1 = &["FullStudiesResponse", "FullStudies"];
        for (text, page) in [
            (format!("[{a},{b}]"), &["studies"][..]),
            (format!("\u{feff}\n\n{a}\n{b}\n"), &["studies"]),
            (format!("{a}{b}"), &[]),
            (format!("[[{a}],\n[{b}]]"), &[]),
            (
                format!(r#"{{"n":{{"studies":[1]}},"studies":[{a},{b}],"t":"x"}}"#),
                &["studies"],
            ),
            (
                format!(r#"[{{"studies":[{a}]}},{{"studies":[{b}]}}]"#),
                &["studies"],
            ),
            (
                format!(r#"{{"FullStudiesResponse":{{"N":[2],"FullStudies":[{a} ,{b}]}}}}"#),
                v1,
            ),
            (format!("[{a}\n{b},]"), &[]),
        ] {
            assert_eq!(records(&text, page), expected, "{text}");
        }
    }

    #[test]
    fn a_key_of_a_page_that_holds_no_array_is_a_record() {
        for text in [r#"{"studies":{"a":[1]}}"#, r#"{"x":{"studies":[{}]}}"#] {
            assert_eq!(records(text, &["studies"]), [text]);
        }
        assert_eq!(records(r#"{"studies":[{}]}"#, &[]), [r#"{"studies":[{}]}"#]);
    }

    #[test]
    fn only_a_file_of_many_records_names_lines() {
        assert_eq!(cuts("\n{}\n", &[]).records, [("{}".to_owned(), None)]);
        let two = cuts("\n{}\n{\n}", &[]).records;
        assert_eq!(
            two,
            [("{}".to_owned(), Some(2)), ("{\n}".to_owned(), Some(3))]
        );
    }

    #[test]
    fn a_broken_line_is_one_rejection_and_the_next_is_read() {
        for broken in [
            r#"{"a":"tru"#,
            r#"{"a":1,"#,
            r#"{"a":[1,2"#,
            r#"{"a" 1}"#,
            "{]}",
            "garbage",
            r#"{"a":1}}"#,
        ] {
            let cuts = cuts(format!("{{\"x\":1}}\n{broken}\n{{\"y\":2}}\n"), &[]);
            let last = cuts.records.last().unwrap();
            assert_eq!(*last, (r#"{"y":2}"#.to_owned(), Some(3)), "{broken}");
            let lines: Vec<_> = cuts.rejections.iter().map(|r| r.1).collect();
            assert_eq!(lines, [Some(2)], "{broken}");
        }
    }

    #[test]
    fn a_broken_element_of_an_indented_array_is_one_rejection() {
        let text = "{\"studies\": [\n  {\n    \"a\": {1}\n  },\n  {\"b\": 2}\n]}\n";
        let cuts = cuts(text, &["studies"]);
        assert_eq!(cuts.records, [(r#"{"b": 2}"#.to_owned(), Some(5))]);
        assert_eq!(cuts.rejections.len(), 1);
        assert_eq!(cuts.rejections[0].1, Some(2));
    }

    #[test]
    fn truncated_input_is_a_rejection_that_names_the_byte() {
        let cuts = cuts(r#"[{"a":1},{"b":"#, &[]);
        assert_eq!(cuts.records.len(), 1);
        let expected = (
            format!("the input ends inside a record: {CUT_OFF}"),
            Some(1),
            Some(5),
        );
        assert_eq!(cuts.rejections, [expected]);
    }

    #[test]
    fn an_empty_input_is_a_rejection_and_an_empty_page_is_not() {
        assert_eq!(cuts(" \n", &[]).rejections.len(), 1);
        assert_eq!(records(r#"{"studies":[]}"#, &["studies"]), [""; 0]);
        assert_eq!(records("[]", &[]), [""; 0]);
    }

    #[test]
    fn what_is_no_object_is_rejected_and_the_next_is_read() {
        let cuts = cuts(r#"["a",1,{"b":2}]"#, &[]);
        assert_eq!(cuts.records.len(), 1);
        assert_eq!(cuts.rejections.len(), 2);
    }

    #[test]
    fn a_record_nested_too_deep_is_passed_over() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(300), "]".repeat(300));
        let array = cuts(format!("[{deep},{{\"b\":2}}]"), &[]);
        assert_eq!(array.records, [(r#"{"b":2}"#.to_owned(), Some(1))]);
        assert_eq!(array.rejections.len(), 1);
        let open = "{\"a\":".repeat(10_000);
        let lines = cuts(format!("{open}\n{{\"b\":2}}"), &[]);
        assert_eq!(lines.records, [(r#"{"b":2}"#.to_owned(), Some(2))]);
        assert_eq!(lines.rejections.len(), 1);
    }

    #[test]
    fn a_record_beyond_the_limit_is_passed_over_without_being_kept() {
        struct Endless {
            left: usize,
            tail: &'static [u8],
        }
        impl io::Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.left == 0 {
                    return self.tail.read(buffer);
                }
                let length = buffer.len().min(self.left);
                buffer[..length].fill(b'x');
                self.left -= length;
                Ok(length)
            }
        }
        let body = Endless {
            left: RECORD_LIMIT + 5,
            tail: b"\"}\n{\"b\":2}",
        };
        let mut cuts = Cuts::default();
        let mut input = BufReader::new(io::Read::chain(&b"{\"a\":\""[..], body));
        cut(&mut input, &[], &mut cuts).unwrap();
        assert_eq!(cuts.records, [(r#"{"b":2}"#.to_owned(), Some(2))]);
        assert_eq!(cuts.rejections.len(), 1);
    }

    #[test]
    fn a_stopped_cutter_gets_no_more() {
        let mut cuts = Cuts {
            at_most: Some(1),
            ..Cuts::default()
        };
        cut(&mut &b"{}{}{}"[..], &[], &mut cuts).unwrap();
        assert_eq!(cuts.records.len(), 1);
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same(text in r#"([\[\]{}":,\n1a\\ ]|\{"a":|\{\}\n){0,60}"#, size in 1usize..9) {
            let whole = cuts(&text, &["a"]);
            let mut parts = Cuts::default();
            cut(&mut BufReader::with_capacity(size, text.as_bytes()), &["a"], &mut parts).unwrap();
            prop_assert_eq!(whole, parts);
        }

        #[test]
        fn lines_of_valid_objects_all_come_out(values in proptest::collection::vec("[a-z\"{}\\\\\n]{0,9}", 1..9)) {
            let lines: Vec<String> = values.iter().map(|v| serde_json::json!({ "a": v }).to_string()).collect();
            prop_assert_eq!(records(&lines.join("\n"), &["studies"]), lines);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = cuts(&bytes, &["studies"]);
        }
    }
}
