//! Streams whose beginning can be looked at before anybody reads them.

use std::io::{self, BufRead, Read};

/// How much of a file is looked at to recognise it.
pub(super) const HEAD: usize = 64 << 10;

/// A buffered stream that shows its first [`HEAD`] bytes before they are read.
pub(super) struct Peek<'a> {
    inner: &'a mut dyn Read,
    buffer: Vec<u8>,
    start: usize,
    whole: bool,
}

impl<'a> Peek<'a> {
    /// Reads the head into a buffer that may have served before.
    pub(super) fn new(inner: &'a mut dyn Read, mut buffer: Vec<u8>) -> io::Result<Self> {
        buffer.clear();
        let wanted = HEAD as u64;
        (&mut *inner).take(wanted).read_to_end(&mut buffer)?;
        Ok(Peek {
            whole: buffer.len() < HEAD,
            inner,
            buffer,
            start: 0,
        })
    }

    /// The beginning of the stream.
    pub(super) fn head(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Whether the head is the whole stream.
    pub(super) fn whole(&self) -> bool {
        self.whole
    }

    /// Passes over a byte order mark of UTF-8, if the stream begins with one.
    pub(super) fn skip_byte_order_mark(&mut self) {
        if self.head().starts_with(b"\xEF\xBB\xBF") {
            self.start += 3;
        }
    }

    /// Gives the buffer back for the next stream.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }
}

impl Read for Peek<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Peek<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start >= self.buffer.len() && !self.whole {
            self.start = 0;
            self.buffer.resize(HEAD, 0);
            let read = loop {
                match self.inner.read(&mut self.buffer) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            self.buffer.truncate(read.as_ref().copied().unwrap_or(0));
            read?;
        }
        Ok(self.head())
    }

    fn consume(&mut self, n: usize) {
        self.start = (self.start + n).min(self.buffer.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_reads_the_same_after_its_head_was_looked_at() {
        for size in [0, 1, HEAD - 1, HEAD, HEAD + 1, 3 * HEAD + 5] {
            let content: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
            let mut input = content.as_slice();
            let mut peek = Peek::new(&mut input, vec![9; 10]).unwrap();
            assert_eq!(peek.head(), &content[..size.min(HEAD)]);
            assert_eq!(peek.whole(), size < HEAD);
            let mut read = Vec::new();
            peek.read_to_end(&mut read).unwrap();
            assert!(read == content, "{size}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_once() {
        let mut input: &[u8] = b"\xEF\xBB\xBF\xEF\xBB\xBFa";
        let mut peek = Peek::new(&mut input, Vec::new()).unwrap();
        peek.skip_byte_order_mark();
        assert_eq!(peek.head(), b"\xEF\xBB\xBFa");
    }
}
