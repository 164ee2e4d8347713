//! From a file to the files in it: gzip, Zstandard, zip and tar around one another, recognised by
//! their first bytes and unpacked as streams.

use super::FileState;
use super::detect::{Detected, detect};
use super::limits::{
    Budget, Exactly, Excess, MEMBER_HEADER_LIMIT, Meter, Metered, NESTING_LIMIT, Packed,
    SPOOL_LIMIT, Unpacked,
};
use super::peek::Peek;
use super::report::FileCounts;
use super::walk::Excludes;
use crate::record::{Format, Provenance};
use crate::source::{Cutter, RawBody, RawRecord, Reason, Rejection, Sample, SourceFormat};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;
use zip::ZipArchive;
use zip::result::ZipError;

/// What comes out of the files.
pub(super) enum Item {
    /// A file begins; what follows stands in it.
    FileBegins(FileState),
    /// A file ends; the digest of its bytes where all were read.
    FileEnds(Option<u128>),
    /// A record to convert.
    Raw {
        format: &'static dyn SourceFormat,
        raw: RawRecord,
        path_below_source: Arc<str>,
    },
    /// A record, or a whole file, that cannot be accepted.
    Rejected(Rejection),
}

/// Takes what comes out of the files, in order; breaks when the run is over.
pub(super) trait Sink {
    fn take(&mut self, item: Item) -> ControlFlow<()>;
}

/// Where a stream stands: a file, or an entry of an archive.
#[derive(Clone)]
pub(super) struct Place {
    /// The file as it was named or walked to.
    pub(super) file: String,
    /// The path of entries below it.
    pub(super) entry: Option<String>,
    /// See `Context::path_below_source`.
    pub(super) path_below_source: String,
    /// The archive is itself the source that was named.
    pub(super) is_source: bool,
}

impl Place {
    fn provenance(&self, line: Option<u64>, format: Option<Format>) -> Provenance {
        Provenance {
            file: self.file.clone(),
            entry: self.entry.clone(),
            line,
            format,
        }
    }

    /// An entry of the archive that stands here; names are labels only and lead nowhere.
    fn entry(&self, name: &str) -> Place {
        let name = name.trim_start_matches("./").trim_matches('/');
        Place {
            file: self.file.clone(),
            entry: Some(match &self.entry {
                Some(outer) => format!("{outer}!{name}"),
                None => name.to_owned(),
            }),
            path_below_source: if self.is_source {
                name.to_owned()
            } else {
                format!("{}/{name}", self.path_below_source)
            },
            is_source: false,
        }
    }

    /// The stream inside a compressed one.
    fn decompressed(mut self) -> Place {
        const ENDINGS: [(&str, &str); 6] = [
            (".gz", ""),
            (".zst", ""),
            (".gzip", ""),
            (".zstd", ""),
            (".tgz", ".tar"),
            (".tzst", ".tar"),
        ];
        for (ending, instead) in ENDINGS {
            if let Some(stem) = self.path_below_source.strip_suffix(ending) {
                self.path_below_source = format!("{stem}{instead}");
                break;
            }
        }
        self
    }
}

/// Containers we look into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Container {
    Gzip,
    Zstandard,
    Zip,
    Tar,
}

fn container(head: &[u8]) -> Option<Container> {
    const SKIPPABLE_FRAME: &[u8] = b"\x2A\x4D\x18";
    if head.starts_with(b"\x1F\x8B\x08") {
        return Some(Container::Gzip);
    }
    if head.starts_with(b"\x28\xB5\x2F\xFD") || head.get(1..4) == Some(SKIPPABLE_FRAME) {
        return Some(Container::Zstandard);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Container::Zip);
    }
    is_tar(head).then_some(Container::Tar)
}

/// Whether the first block is a tar header: its checksum tells, for the oldest tars have no magic number.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<512>() else {
        return false;
    };
    let header = tar::Header::from_byte_slice(block);
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(i, &b)| u32::from(if (148..156).contains(&i) { b' ' } else { b }))
        .sum();
    block.first() != Some(&0) && header.cksum().is_ok_and(|told| told == sum)
}

/// Looks into files and cuts them into raw records.
pub(super) struct Unpacker<'a> {
    pub(super) formats: &'a [&'static dyn SourceFormat],
    pub(super) excludes: &'a Excludes,
    pub(super) temp_folder: Option<&'a Path>,
    pub(super) sink: &'a mut dyn Sink,
    pub(super) counts: FileCounts,
    /// Buffers for heads, reused from file to file.
    buffers: Vec<Vec<u8>>,
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(
        formats: &'a [&'static dyn SourceFormat],
        excludes: &'a Excludes,
        temp_folder: Option<&'a Path>,
        sink: &'a mut dyn Sink,
    ) -> Self {
        Unpacker {
            formats,
            excludes,
            temp_folder,
            sink,
            counts: FileCounts::default(),
            buffers: Vec::new(),
        }
    }

    /// Reads a file on disk.
    pub(super) fn file(
        &mut self,
        path: &Path,
        place: Place,
        on_bytes: &dyn Fn(u64),
    ) -> ControlFlow<()> {
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let metadata = opened.as_ref().ok().map(|(metadata, _)| metadata);
        let state = FileState::new(&place.path_below_source, metadata);
        self.sink.take(Item::FileBegins(state))?;
        let digest = match opened {
            Ok((metadata, file)) => self.opened(file, metadata.len(), place, on_bytes)?,
            Err(e) => {
                self.reject_file(&place, reading(&e))?;
                None
            }
        };
        self.sink.take(Item::FileEnds(digest))
    }

    /// Reads an open file; gives the digest of its bytes where all were read.
    fn opened(
        &mut self,
        mut file: File,
        len: u64,
        place: Place,
        on_bytes: &dyn Fn(u64),
    ) -> ControlFlow<(), Option<u128>> {
        let budget = Budget::default();
        let mut magic = [0; 4];
        let n = match file.read(&mut magic) {
            Ok(n) => n,
            Err(e) => {
                self.reject_file(&place, reading(&e))?;
                return ControlFlow::Continue(None);
            }
        };
        let magic = magic.get(..n).unwrap_or_default();
        if container(magic) == Some(Container::Zip) {
            budget.count_packed(len);
            on_bytes(len);
            self.counts.bytes += len;
            let digest = digest_of(&file);
            self.zip(file, place, 0, &budget)?;
            return ControlFlow::Continue(digest);
        }
        let mut stream = Packed {
            inner: magic.chain(file),
            budget: &budget,
            on_bytes,
            hasher: Xxh3::new(),
        };
        let flow = self.content(&mut stream, place, 0, &budget);
        self.counts.bytes += budget.packed();
        flow?;
        ControlFlow::Continue(stream.digest())
    }

    /// Reads a stream that is no file, such as standard input.
    pub(super) fn stream(
        &mut self,
        input: &mut dyn Read,
        place: Place,
        on_bytes: &dyn Fn(u64),
    ) -> ControlFlow<()> {
        let state = FileState::new(&place.path_below_source, None);
        self.sink.take(Item::FileBegins(state))?;
        let budget = Budget::default();
        let mut stream = Packed {
            inner: input,
            budget: &budget,
            on_bytes,
            hasher: Xxh3::new(),
        };
        let flow = self.content(&mut stream, place, 0, &budget);
        self.counts.bytes += budget.packed();
        flow?;
        self.sink.take(Item::FileEnds(stream.digest()))
    }

    /// Counts and reports a file no record of which can be read.
    pub(super) fn reject_file(&mut self, place: &Place, reason: Reason) -> ControlFlow<()> {
        self.counts.rejected += 1;
        self.reject(place, reason)
    }

    fn reject(&mut self, place: &Place, reason: Reason) -> ControlFlow<()> {
        let provenance = place.provenance(None, None);
        self.sink
            .take(Item::Rejected(Rejection { provenance, reason }))
    }

    /// Looks into a stream: a container is unpacked, anything else is read as a file.
    fn content(
        &mut self,
        input: &mut dyn Read,
        place: Place,
        depth: usize,
        budget: &Budget,
    ) -> ControlFlow<()> {
        let buffer = self.buffers.pop().unwrap_or_default();
        let mut peek = match Peek::new(input, buffer) {
            Ok(peek) => peek,
            Err(e) => return self.reject_file(&place, reading(&e)),
        };
        let flow = match container(peek.head()) {
            None => self.records(&mut peek, &place),
            Some(_) if depth >= NESTING_LIMIT => {
                let reason = format!("archives nested more than {NESTING_LIMIT} deep");
                self.reject_file(&place, Reason::new(reason))
            }
            Some(Container::Gzip) => {
                let gzip = flate2::bufread::MultiGzDecoder::new(&mut peek);
                self.decompressed(gzip, place, depth, budget)
            }
            Some(Container::Zstandard) => match zstd::Decoder::with_buffer(&mut peek) {
                Ok(zstandard) => self.decompressed(zstandard, place, depth, budget),
                Err(e) => self.reject_file(&place, reading(&e)),
            },
            Some(Container::Tar) => self.tar(&mut peek, &place, depth, budget),
            Some(Container::Zip) => match self.spool(&mut peek) {
                Ok(file) => self.zip(file, place, depth, budget),
                Err(e) => self.reject_file(&place, reading(&e)),
            },
        };
        self.buffers.push(peek.into_buffer());
        flow
    }

    fn decompressed(
        &mut self,
        stream: impl Read,
        place: Place,
        depth: usize,
        budget: &Budget,
    ) -> ControlFlow<()> {
        let mut stream = Unpacked {
            inner: stream,
            budget,
        };
        self.content(&mut stream, place.decompressed(), depth + 1, budget)
    }

    fn tar(
        &mut self,
        input: &mut Peek<'_>,
        place: &Place,
        depth: usize,
        budget: &Budget,
    ) -> ControlFlow<()> {
        self.counts.archives += 1;
        let meter = Meter::default();
        meter.allow(Some(MEMBER_HEADER_LIMIT));
        let mut archive = tar::Archive::new(Metered {
            inner: input,
            meter: &meter,
        });
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(e) => return self.reject(place, damaged(&e)),
        };
        for entry in entries {
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(e) => return self.reject(place, damaged(&e)),
            };
            meter.allow(None);
            let before = meter.given();
            let stored = entry.header().entry_size().unwrap_or(0).max(entry.size());
            self.member(&mut entry, place, depth, budget)?;
            if meter.over() || budget.exceeded() {
                // What broke was told by whoever read the entry.
                return ControlFlow::Continue(());
            }
            let unread = stored.saturating_sub(meter.given() - before);
            meter.allow(Some(unread.saturating_add(MEMBER_HEADER_LIMIT)));
        }
        ControlFlow::Continue(())
    }

    fn member(
        &mut self,
        entry: &mut tar::Entry<'_, impl Read>,
        archive: &Place,
        depth: usize,
        budget: &Budget,
    ) -> ControlFlow<()> {
        let place = archive.entry(&String::from_utf8_lossy(&entry.path_bytes()));
        let kind = entry.header().entry_type();
        if kind.is_dir() {
            return ControlFlow::Continue(());
        }
        let is_file = kind.is_file() || kind.is_contiguous();
        if !is_file || self.excludes.leave_out(&place.path_below_source) {
            self.counts.left_out += 1;
            return ControlFlow::Continue(());
        }
        let left = entry.size();
        let mut stream = Unpacked {
            inner: Exactly { inner: entry, left },
            budget,
        };
        self.content(&mut stream, place, depth + 1, budget)
    }

    fn zip(&mut self, file: File, place: Place, depth: usize, budget: &Budget) -> ControlFlow<()> {
        let mut archive = match ZipArchive::new(BufReader::new(file)) {
            Ok(archive) => archive,
            Err(e) => return self.reject_file(&place, unzipping(&e)),
        };
        self.counts.archives += 1;
        for index in 0..archive.len() {
            let name = archive.name_for_index(index).and_then(Result::ok);
            let entry_place = place.entry(&name.unwrap_or_default().replace('\\', "/"));
            let mut entry = match archive.by_index(index) {
                Ok(entry) => entry,
                Err(e) => {
                    self.reject_file(&entry_place, unzipping(&e))?;
                    continue;
                }
            };
            if entry.is_dir() {
                continue;
            }
            if entry.is_symlink() || self.excludes.leave_out(&entry_place.path_below_source) {
                self.counts.left_out += 1;
                continue;
            }
            let mut stream = Unpacked {
                inner: &mut entry,
                budget,
            };
            self.content(&mut stream, entry_place, depth + 1, budget)?;
            if budget.exceeded() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// Puts a zip that comes out of a stream into a file: its directory stands at its end.
    fn spool(&self, input: &mut Peek<'_>) -> io::Result<File> {
        let mut file = match self.temp_folder {
            Some(folder) => tempfile::tempfile_in(folder)?,
            None => tempfile::tempfile()?,
        };
        let written = io::copy(&mut Read::take(input, SPOOL_LIMIT + 1), &mut file)?;
        if written > SPOOL_LIMIT {
            return Err(Excess::Spool.into());
        }
        file.rewind()?;
        Ok(file)
    }

    /// Cuts a file that is no container into raw records.
    fn records(&mut self, input: &mut Peek<'_>, place: &Place) -> ControlFlow<()> {
        let name = place
            .path_below_source
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        input.skip_byte_order_mark();
        let sample = Sample {
            head: input.head(),
            name: &name,
            whole: input.whole(),
        };
        let format = match detect(self.formats, &sample) {
            Detected::Format(format) => format,
            Detected::Pretender(reason) => return self.reject_file(place, reason),
            Detected::Nothing => {
                self.counts.ignored += 1;
                return ControlFlow::Continue(());
            }
        };
        *self.counts.read.entry(format.format()).or_default() += 1;
        let mut cut = Cut {
            sink: &mut *self.sink,
            format,
            place,
            path_below_source: Arc::from(place.path_below_source.as_str()),
            flow: ControlFlow::Continue(()),
        };
        // A panic of one format must not end a run over the others' files.
        let done = catch_unwind(AssertUnwindSafe(|| format.cut(input, &mut cut)));
        let flow = cut.flow;
        let reason = match done {
            _ if flow.is_break() => return flow,
            Ok(Ok(())) => return flow,
            Ok(Err(e)) => reading(&e),
            Err(_) => Reason::new(super::INTERNAL_ERROR),
        };
        let provenance = place.provenance(None, Some(format.format()));
        self.sink
            .take(Item::Rejected(Rejection { provenance, reason }))
    }
}

/// Passes on what a format cuts.
struct Cut<'a> {
    sink: &'a mut dyn Sink,
    format: &'static dyn SourceFormat,
    place: &'a Place,
    path_below_source: Arc<str>,
    flow: ControlFlow<()>,
}

impl Cut<'_> {
    fn pass(&mut self, item: Item) -> bool {
        if self.flow.is_continue() {
            self.flow = self.sink.take(item);
        }
        self.flow.is_continue()
    }
}

impl Cutter for Cut<'_> {
    fn record(&mut self, body: RawBody, line: Option<u64>) -> bool {
        let provenance = self.place.provenance(line, Some(self.format.format()));
        self.pass(Item::Raw {
            format: self.format,
            raw: RawRecord { body, provenance },
            path_below_source: Arc::clone(&self.path_below_source),
        })
    }

    fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool {
        let provenance = self.place.provenance(line, Some(self.format.format()));
        self.pass(Item::Rejected(Rejection { provenance, reason }))
    }
}

/// XXH3 of a whole file, which stands at its beginning again afterwards; `None` where it cannot be read.
fn digest_of(mut file: &File) -> Option<u128> {
    file.rewind().ok()?;
    let budget = Budget::default();
    let mut stream = Packed {
        inner: &mut file,
        budget: &budget,
        on_bytes: &|_| {},
        hasher: Xxh3::new(),
    };
    io::copy(&mut stream, &mut io::sink()).ok()?;
    let digest = stream.digest();
    file.rewind().ok()?;
    digest
}

/// Why reading failed, in our words.
pub(super) fn reading(error: &io::Error) -> Reason {
    let excess = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Excess>());
    Reason::new(match (excess, error.kind()) {
        (Some(excess), _) => excess.to_string(),
        (None, io::ErrorKind::UnexpectedEof) => "ends before it is complete".to_owned(),
        (None, io::ErrorKind::PermissionDenied) => "no permission to read it".to_owned(),
        (None, io::ErrorKind::NotFound) => "leads to no file".to_owned(),
        (None, _) => format!("cannot be read: {}", lower_first(&error.to_string())),
    })
}

fn damaged(error: &io::Error) -> Reason {
    match error.get_ref() {
        Some(inner) if !inner.is::<Excess>() => Reason::new(format!(
            "the archive is damaged from here on: {}",
            lower_first(&error.to_string())
        )),
        _ => reading(error),
    }
}

fn unzipping(error: &ZipError) -> Reason {
    match error {
        ZipError::Io(e) => reading(e),
        other => Reason::new(format!(
            "cannot be unzipped: {}",
            lower_first(&other.to_string())
        )),
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
