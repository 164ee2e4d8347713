//! How much a packed file may unpack to.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use xxhash_rust::xxh3::Xxh3;

/// How many containers may stand in one another: a gzip file in a zip in a tar in a Zstandard stream are four.
pub(super) const NESTING_LIMIT: usize = 5;

/// Bytes any file may unpack to, however small it is.
const UNPACKED_FLOOR: u64 = 256 << 20;

/// How many times its own size a file may unpack to beyond that; registry exports reach 40, bombs begin at 1,000.
const UNPACKED_RATIO: u64 = 250;

/// Bytes of header, long names and extensions a member of a tar may have.
pub(super) const MEMBER_HEADER_LIMIT: u64 = 1 << 20;

/// Bytes of a zip file that comes out of a stream and has to be put into a temporary file.
pub(super) const SPOOL_LIMIT: u64 = 4 << 30;

/// Bytes of the directory of a zip, all of which has to be held in memory; two million entries have so much.
const ZIP_DIRECTORY_LIMIT: u64 = 256 << 20;

/// Bytes a reader may have left unread of a file that is digested all the same.
const UNREAD_LIMIT: u64 = 1 << 20;

/// Why a stream was cut off by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excess {
    /// It unpacks to far more than it is.
    Bomb,
    /// A tar member's header never ends.
    MemberHeader,
    /// A zip in a stream is too large to spool.
    Spool,
    /// A zip's directory is too large to hold.
    ZipDirectory,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Bomb => write!(
                f,
                "unpacks to more than {UNPACKED_RATIO} times its size: not unpacked further"
            ),
            Excess::MemberHeader => write!(f, "a tar member with a header of more than 1 MiB"),
            Excess::Spool => write!(
                f,
                "a zip of more than {} GiB inside a stream: name the file itself as the source",
                SPOOL_LIMIT >> 30
            ),
            Excess::ZipDirectory => write!(
                f,
                "a zip with a directory of more than {} MiB",
                ZIP_DIRECTORY_LIMIT >> 20
            ),
        }
    }
}

impl std::error::Error for Excess {}

impl From<Excess> for io::Error {
    fn from(excess: Excess) -> Self {
        io::Error::other(excess)
    }
}

/// What one file on disk, or standard input, has grown to so far.
#[derive(Default)]
pub(super) struct Budget {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    unreadable: Cell<bool>,
}

impl Budget {
    /// Counts bytes of the file itself.
    pub(super) fn count_packed(&self, bytes: u64) {
        self.packed.set(self.packed.get().saturating_add(bytes));
    }

    /// Bytes of the file itself read so far.
    pub(super) fn packed(&self) -> u64 {
        self.packed.get()
    }

    /// Whether the system refused to give bytes of the file.
    pub(super) fn unreadable(&self) -> bool {
        self.unreadable.get()
    }

    /// Remembers that the system refused to give bytes of the file.
    pub(super) fn set_unreadable(&self) {
        self.unreadable.set(true);
    }

    /// Counts bytes that came out of a container.
    fn count_unpacked(&self, bytes: u64) {
        self.unpacked.set(self.unpacked.get().saturating_add(bytes));
    }

    /// Whether the file has unpacked to more than it may.
    pub(super) fn exceeded(&self) -> bool {
        let allowance = self.packed.get().saturating_mul(UNPACKED_RATIO);
        self.unpacked.get() > UNPACKED_FLOOR.saturating_add(allowance)
    }
}

/// The bytes of the file itself, counted and digested.
pub(super) struct Packed<'a, R> {
    pub(super) inner: R,
    pub(super) budget: &'a Budget,
    pub(super) on_bytes: &'a dyn Fn(u64),
    pub(super) hasher: Xxh3,
}

impl<R: Read> Packed<'_, R> {
    /// XXH3 (128 bits) of all bytes; `None` where much is left unread.
    pub(super) fn digest(mut self) -> Option<u128> {
        // A tar is over before the blanks that fill its last block are read.
        let rest = io::copy(&mut self.by_ref().take(UNREAD_LIMIT), &mut io::sink()).ok()?;
        (rest < UNREAD_LIMIT).then(|| self.hasher.digest128())
    }
}

impl<R: Read> Read for Packed<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out);
        if read
            .as_ref()
            .is_err_and(|e| e.kind() != io::ErrorKind::Interrupted)
        {
            self.budget.set_unreadable();
        }
        let n = read?;
        self.hasher.update(out.get(..n).unwrap_or_default());
        self.budget.count_packed(n as u64);
        (self.on_bytes)(n as u64);
        Ok(n)
    }
}

/// XXH3 of a whole file, which stands at its beginning again afterwards; `None` where it cannot be read.
pub(super) fn digest_of(file: &mut File) -> Option<u128> {
    file.rewind().ok()?;
    let budget = Budget::default();
    let mut stream = Packed {
        inner: &mut *file,
        budget: &budget,
        on_bytes: &|_| {},
        hasher: Xxh3::new(),
    };
    let mut buffer = vec![0; 1 << 18];
    while stream.read(&mut buffer).ok()? > 0 {}
    let digest = stream.digest();
    file.rewind().ok()?;
    digest
}

/// A stream out of a container; ends with an error when the file has unpacked to more than it may.
pub(super) struct Unpacked<'a, R> {
    pub(super) inner: R,
    pub(super) budget: &'a Budget,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.budget.count_unpacked(n as u64);
        if self.budget.exceeded() {
            return Err(Excess::Bomb.into());
        }
        Ok(n)
    }
}

/// A stream of known length; ends with an error when it is shorter, where a tar would give half a file as a whole one.
pub(super) struct Exactly<R> {
    pub(super) inner: R,
    pub(super) left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        if n == 0 && self.left > 0 && !out.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(n as u64);
        Ok(n)
    }
}

/// What is known of a stream while an archive reader owns it.
#[derive(Default)]
pub(super) struct Meter {
    given: Cell<u64>,
    over: Cell<bool>,
    allowance: Cell<Option<u64>>,
}

impl Meter {
    /// Whether the stream failed or ended: nothing follows in it.
    pub(super) fn over(&self) -> bool {
        self.over.get()
    }

    /// Bytes the stream has given so far.
    pub(super) fn given(&self) -> u64 {
        self.given.get()
    }

    /// Lets the stream give that many more bytes and then fail; `None` lifts the limit.
    pub(super) fn allow(&self, bytes: Option<u64>) {
        self.allowance.set(bytes);
    }

    fn count(&self, bytes: u64) -> Result<(), Excess> {
        self.given.set(self.given.get().saturating_add(bytes));
        let Some(allowance) = self.allowance.get() else {
            return Ok(());
        };
        let left = allowance.checked_sub(bytes).ok_or(Excess::MemberHeader)?;
        self.allowance.set(Some(left));
        Ok(())
    }
}

/// A stream with a [`Meter`].
pub(super) struct Metered<'a, R> {
    pub(super) inner: R,
    pub(super) meter: &'a Meter,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out);
        let interrupted = |e: &io::Error| e.kind() == io::ErrorKind::Interrupted;
        let over = match &read {
            Ok(n) => *n == 0 && !out.is_empty(),
            Err(e) => !interrupted(e),
        };
        if over {
            self.meter.over.set(true);
        }
        let n = read?;
        self.meter.count(n as u64)?;
        Ok(n)
    }
}

/// Checks how large the directory of a zip says it is, and returns to the file's beginning.
pub(super) fn check_zip_directory(file: &mut (impl Read + Seek)) -> io::Result<()> {
    /// The end records and the longest comment.
    const TAIL: u64 = 128 << 10;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(end.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    file.rewind()?;
    if directory_sizes(&tail).any(|size| size > ZIP_DIRECTORY_LIMIT) {
        return Err(Excess::ZipDirectory.into());
    }
    Ok(())
}

/// The sizes told by all end records, old and 64-bit, in the last bytes of a zip.
fn directory_sizes(tail: &[u8]) -> impl Iterator<Item = u64> {
    (0..tail.len()).filter_map(|at| {
        let record = tail.get(at..)?;
        if record.starts_with(b"PK\x05\x06") {
            let size = u32::from_le_bytes(*record.get(12..)?.first_chunk()?);
            return (size != u32::MAX).then_some(u64::from(size));
        }
        record.starts_with(b"PK\x06\x06").then_some(())?;
        Some(u64::from_le_bytes(*record.get(40..)?.first_chunk()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_directory_is_measured_by_old_and_new_end_records() {
        let mut old = b"PK\x05\x06".to_vec();
        old.extend([0; 8]);
        old.extend(7_u32.to_le_bytes());
        let mut new = b"PK\x06\x06".to_vec();
        new.extend([0; 36]);
        new.extend((1_u64 << 40).to_le_bytes());
        let sizes = |bytes: &[u8]| directory_sizes(bytes).collect::<Vec<_>>();
        assert_eq!(sizes(&[b"PK".to_vec(), old.clone()].concat()), [7]);
        assert_eq!(sizes(&[new.clone(), old].concat()), [1 << 40, 7]);
        assert!(sizes(b"PK\x05\x06").is_empty());
        let error = check_zip_directory(&mut io::Cursor::new(new)).unwrap_err();
        assert!(error.to_string().contains("256 MiB"));
    }
}
