//! From a file to the files in it: gzip, Zstandard, zip and tar around one another, recognised by
//! their first bytes and unpacked as streams.

use super::container::{Container, container};
use super::fault::{damaged, reading, unzipping};
use super::limits::{
    Budget, Exactly, Excess, MEMBER_HEADER_LIMIT, Meter, Metered, NESTING_LIMIT, Packed,
    SPOOL_LIMIT, Unpacked, check_zip_directory, digest_of,
};
use super::peek::Peek;
use super::place::Place;
use super::report::FileCounts;
use super::state::{self, FileEnd, FileState, KnownFiles};
use super::walk::Excludes;
use crate::source::{RawRecord, Reason, Rejection, SourceFormat};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;
use zip::ZipArchive;
use zip::result::ZipError;

/// What comes out of the files.
pub(super) enum Item {
    /// A file begins; what follows stands in it.
    FileBegins(FileState),
    /// A file ends.
    FileEnds(FileEnd),
    /// A file that is known and was not read again.
    FileUnchanged(FileState, FileEnd),
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

/// Looks into files and cuts them into raw records.
pub(super) struct Unpacker<'a> {
    pub(super) formats: &'a [&'static dyn SourceFormat],
    pub(super) excludes: &'a Excludes,
    pub(super) temp_folder: Option<&'a Path>,
    pub(super) sink: &'a mut dyn Sink,
    pub(super) counts: FileCounts,
    /// Files of the source that were read before.
    pub(super) known: KnownFiles,
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
            known: KnownFiles::new(),
            buffers: Vec::new(),
        }
    }

    /// Reads a file on disk, unless it is known and has not changed.
    pub(super) fn file(
        &mut self,
        path: &Path,
        place: Place,
        on_bytes: &dyn Fn(u64),
    ) -> ControlFlow<()> {
        let began = state::now();
        if let Some(known) = self.known.get(&place.path_below_source)
            && let Ok(metadata) = std::fs::metadata(path)
        {
            let file = FileState::new(&place.path_below_source, Some(&metadata));
            if let Some(end) = file.unchanged(known, path, began) {
                self.counts.unchanged += 1;
                return self.sink.take(Item::FileUnchanged(file, end));
            }
        }
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let metadata = opened.as_ref().ok().map(|(metadata, _)| metadata);
        let before = FileState::new(&place.path_below_source, metadata);
        self.sink.take(Item::FileBegins(before.clone()))?;
        let mut end = FileEnd::default();
        match opened {
            Ok((metadata, file)) => {
                let path_below_source = place.path_below_source.clone();
                self.opened(file, metadata.len(), place, on_bytes, &mut end)?;
                let after = std::fs::metadata(path).ok();
                let after = FileState::new(&path_below_source, after.as_ref());
                end.settled = before == after && before.settled(began);
            }
            Err(e) => {
                end.unreadable = true;
                self.reject_file(&place, reading(&e))?;
            }
        }
        self.sink.take(Item::FileEnds(end))
    }

    /// Tells of something that cannot be walked.
    pub(super) fn trouble(&mut self, place: &Place, reason: Reason) -> ControlFlow<()> {
        let state = FileState::new(&place.path_below_source, None);
        self.sink.take(Item::FileBegins(state))?;
        self.reject_file(place, reason)?;
        let unreadable = FileEnd {
            unreadable: true,
            ..FileEnd::default()
        };
        self.sink.take(Item::FileEnds(unreadable))
    }

    /// Reads an open file; tells the digest of its bytes where all were read.
    fn opened(
        &mut self,
        mut file: File,
        len: u64,
        place: Place,
        on_bytes: &dyn Fn(u64),
        end: &mut FileEnd,
    ) -> ControlFlow<()> {
        let budget = Budget::default();
        let mut magic = [0; 4];
        let n = match file.read(&mut magic) {
            Ok(n) => n,
            Err(e) => {
                end.unreadable = true;
                return self.reject_file(&place, reading(&e));
            }
        };
        let magic = magic.get(..n).unwrap_or_default();
        if container(magic) == Some(Container::Zip) {
            budget.count_packed(len);
            on_bytes(len);
            self.counts.bytes += len;
            end.digest = digest_of(&mut file);
            end.unreadable = end.digest.is_none();
            return self.zip(file, place, 0, &budget);
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
        end.digest = stream.digest();
        end.unreadable = budget.unreadable();
        ControlFlow::Continue(())
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
        let end = FileEnd {
            digest: stream.digest(),
            ..FileEnd::default()
        };
        self.sink.take(Item::FileEnds(end))
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

    fn zip(
        &mut self,
        mut file: File,
        place: Place,
        depth: usize,
        budget: &Budget,
    ) -> ControlFlow<()> {
        let opened = check_zip_directory(&mut file)
            .map_err(ZipError::Io)
            .and_then(|()| ZipArchive::new(BufReader::new(file)));
        let mut archive = match opened {
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
}
