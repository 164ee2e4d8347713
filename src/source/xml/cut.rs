//! Cuts a stream of XML into the bytes of the elements of one name.

use super::encoding::{declares_western, western};
use crate::source::{CUT_OFF, Cutter, RECORD_LIMIT, RawBody, Reason};
use std::io::{self, BufRead};

/// Bytes kept of a tag: enough for a name, for telling comments from tags and for a declaration.
/// The attributes of a longer one are dropped.
const TAG_LIMIT: usize = 256;

/// Cuts out each element of a name, tags included; answers how many it met, rejected ones included.
///
/// An element that does not end before the next begins, or before the input does, is a rejection,
/// and so is one larger than [`RECORD_LIMIT`]. Records are UTF-8 where the file declares
/// ISO-8859-1. Elements of the name do not nest.
///
/// # Errors
/// Only what reading says.
pub(crate) fn cut_elements(
    input: &mut dyn BufRead,
    name: &str,
    cutter: &mut dyn Cutter,
) -> io::Result<u64> {
    let mut scan = Scan::new(name, cutter);
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let length = chunk.len();
        scan.take(chunk);
        input.consume(length);
        if scan.stopped {
            return Ok(scan.met);
        }
    }
    scan.finish();
    Ok(scan.met)
}

/// Where the scan stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Tag,
    /// In a value of an attribute, up to this mark.
    Quote(u8),
    /// In a comment, a CDATA section, a processing instruction or a document type, which ends so.
    Until(&'static [u8]),
}

/// The element being read.
struct Current {
    bytes: Vec<u8>,
    line: u64,
    start: u64,
    rejected: bool,
}

struct Scan<'a> {
    name: &'a str,
    cutter: &'a mut dyn Cutter,
    place: Place,
    /// The tag being read, without its `<`, as far as it matters.
    tag: Vec<u8>,
    tag_line: u64,
    tag_start: u64,
    /// How many bytes of the end mark were just read.
    matched: usize,
    current: Option<Current>,
    western: bool,
    met: u64,
    line: u64,
    byte: u64,
    stopped: bool,
}

impl<'a> Scan<'a> {
    fn new(name: &'a str, cutter: &'a mut dyn Cutter) -> Self {
        Scan {
            name,
            cutter,
            place: Place::Text,
            tag: Vec::new(),
            tag_line: 1,
            tag_start: 0,
            matched: 0,
            current: None,
            western: false,
            met: 0,
            line: 1,
            byte: 0,
            stopped: false,
        }
    }

    /// Reads a chunk; the bytes of an element are copied chunk by chunk, not one by one.
    fn take(&mut self, chunk: &[u8]) {
        let mut copied = 0;
        for (at, &byte) in chunk.iter().enumerate() {
            let ended = self.step(byte);
            self.byte += 1;
            if !ended {
                continue;
            }
            let before = self.current.as_ref().map(|current| current.start);
            self.tag_ended(&chunk[copied..=at]);
            if self.stopped {
                return;
            }
            if before != self.current.as_ref().map(|current| current.start) {
                copied = at + 1;
            }
        }
        self.keep(&chunk[copied..]);
    }

    /// Reads a byte; answers whether it ends a tag.
    fn step(&mut self, byte: u8) -> bool {
        if byte == b'\n' {
            self.line += 1;
        }
        match self.place {
            Place::Text if byte == b'<' => self.open_tag(),
            Place::Text => {}
            // No `<` may stand in a tag: the text was broken, and here something begins.
            Place::Quote(_) | Place::Tag if byte == b'<' => self.open_tag(),
            Place::Quote(mark) => {
                self.push(byte);
                if byte == mark {
                    self.place = Place::Tag;
                }
            }
            Place::Tag => return self.in_tag(byte),
            Place::Until(mark) => self.towards(byte, mark),
        }
        false
    }

    fn open_tag(&mut self) {
        self.place = Place::Tag;
        self.tag.clear();
        self.tag_line = self.line;
        self.tag_start = self.byte;
    }

    fn in_tag(&mut self, byte: u8) -> bool {
        let names = byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?' | b'_' | b':');
        if self.tag.is_empty() && !names && byte.is_ascii() {
            // A bare "<" in the text: "p < 0.05".
            self.place = Place::Text;
            return false;
        }
        if byte == b'>' {
            self.place = Place::Text;
            return true;
        }
        self.push(byte);
        self.place = match (self.tag.as_slice(), byte) {
            (b"!--", _) => self.until(b"-->"),
            (b"![CDATA[", _) => self.until(b"]]>"),
            ([b'!' | b'?', ..], _) => Place::Tag,
            (_, b'"' | b'\'') => Place::Quote(byte),
            _ => Place::Tag,
        };
        false
    }

    fn push(&mut self, byte: u8) {
        if self.tag.len() < TAG_LIMIT {
            self.tag.push(byte);
        }
    }

    fn until(&mut self, mark: &'static [u8]) -> Place {
        self.matched = 0;
        Place::Until(mark)
    }

    /// Looks for the end of a comment or a CDATA section; both end marks repeat their first byte only.
    fn towards(&mut self, byte: u8, mark: &'static [u8]) {
        let last = mark.len() - 1;
        self.matched = match mark.get(self.matched) {
            Some(&expected) if expected == byte => self.matched + 1,
            _ if mark.first() == Some(&byte) => self.matched.min(last),
            _ => 0,
        };
        if self.matched == mark.len() {
            self.place = Place::Text;
        }
    }

    /// A tag has ended with the last of `bytes`, which were not kept yet.
    fn tag_ended(&mut self, bytes: &[u8]) {
        let empty = self.tag.ends_with(b"/");
        match tag_name(&self.tag) {
            (false, b"?xml") => self.western = declares_western(&self.tag_with_mark()),
            (false, name) if name == self.name.as_bytes() => {
                self.begin();
                if empty {
                    self.end(b"");
                }
            }
            (true, name) if name == self.name.as_bytes() => self.end(bytes),
            _ => {}
        }
    }

    fn tag_with_mark(&self) -> Vec<u8> {
        [b"<", self.tag.as_slice()].concat()
    }

    fn begin(&mut self) {
        if self.current.is_some() {
            let name = self.name;
            self.reject(format!("<{name}> does not end before the next begins"));
        }
        self.met += 1;
        let mut bytes = self.tag_with_mark();
        if self.tag.len() == TAG_LIMIT {
            bytes = format!("<{}", self.name).into_bytes();
        }
        bytes.push(b'>');
        self.current = Some(Current {
            bytes,
            line: self.tag_line,
            start: self.tag_start,
            rejected: false,
        });
    }

    fn end(&mut self, bytes: &[u8]) {
        self.keep(bytes);
        let Some(current) = self.current.take().filter(|current| !current.rejected) else {
            return;
        };
        let bytes = match std::str::from_utf8(&current.bytes) {
            Err(_) if self.western => western(&current.bytes).into_bytes(),
            _ => current.bytes,
        };
        self.stopped |= !self
            .cutter
            .record(RawBody::Bytes(bytes), Some(current.line));
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

    /// Rejects the element being read, once.
    fn reject(&mut self, message: String) {
        let Some(current) = self.current.as_mut().filter(|current| !current.rejected) else {
            return;
        };
        current.rejected = true;
        current.bytes = Vec::new();
        let reason = Reason::new(message).byte(self.byte - current.start);
        self.stopped |= !self.cutter.rejected(Some(current.line), reason);
    }

    /// The input is over.
    fn finish(&mut self) {
        let name = self.name;
        self.reject(format!("the input ends inside <{name}>: {CUT_OFF}"));
    }
}

/// Whether a tag is an end tag, and its name.
fn tag_name(tag: &[u8]) -> (bool, &[u8]) {
    let (end, tag) = match tag {
        [b'/', rest @ ..] => (true, rest),
        _ => (false, tag),
    };
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
    let length = tag.iter().position(ends).unwrap_or(tag.len());
    (end, tag.get(..length).unwrap_or(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    #[derive(Default, Debug, PartialEq)]
    struct Cuts {
        records: Vec<(String, u64)>,
        rejections: Vec<(String, u64)>,
    }

    impl Cutter for Cuts {
        fn record(&mut self, body: RawBody, line: Option<u64>) -> bool {
            let RawBody::Bytes(bytes) = body else {
                panic!("XML is bytes");
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.records.push((text, line.unwrap()));
            true
        }

        fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool {
            self.rejections.push((reason.message, line.unwrap()));
            true
        }
    }

    fn cuts(bytes: impl AsRef<[u8]>, size: usize) -> Cuts {
        let mut cuts = Cuts::default();
        let mut input = BufReader::with_capacity(size, bytes.as_ref());
        cut_elements(&mut input, "Trial", &mut cuts).unwrap();
        cuts
    }

    #[test]
    fn each_element_comes_out_with_its_line() {
        let xml = "<?xml version='1.0'?>\n<Trials>\n<!-- <Trial>no</Trial> -- > -->\n<Trial><Trials>1</Trials></Trial>\n\
                   <Trial a='>'><![CDATA[</Trial>]]]]></Trial >\n<Trial/></Trials>";
        let expected = [
            ("<Trial><Trials>1</Trials></Trial>".to_owned(), 4),
            ("<Trial a='>'><![CDATA[</Trial>]]]]></Trial >".to_owned(), 5),
            ("<Trial/>".to_owned(), 6),
        ];
        for size in [1, 2, 7, 4096] {
            let cuts = cuts(xml, size);
            assert_eq!(cuts.records, expected);
            assert_eq!(cuts.rejections, []);
        }
    }

    #[test]
    fn an_element_that_does_not_end_is_one_rejection() {
        let xml = "<x><Trial><a>1 < 2 \"\n<Trial>ok</Trial>\n<Trial>cut";
        for size in [1, 4096] {
            let cuts = cuts(xml, size);
            assert_eq!(cuts.records, [("<Trial>ok</Trial>".to_owned(), 2)]);
            let lines: Vec<_> = cuts.rejections.iter().map(|r| r.1).collect();
            assert_eq!(lines, [1, 3]);
        }
    }

    #[test]
    fn records_of_a_western_file_are_utf8() {
        let xml = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><x><Trial>\xe9</Trial></x>";
        assert_eq!(
            cuts(xml, 5).records,
            [("<Trial>\u{e9}</Trial>".to_owned(), 1)]
        );
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same(text in r#"(<Trial>|</Trial>|<Trial/>|<!--|-->|<!\[CDATA\[|\]\]>|<|>|"|\]|-|a|\n){0,30}"#, size in 1usize..9) {
            prop_assert_eq!(cuts(&text, 4096), cuts(&text, size));
        }
    }
}
