//! One thread walks, unpacks and cuts; workers convert; the caller gets the results in the order
//! of the sources, whatever the number of threads.

use super::gate::{CloseOnDrop, Gate};
use super::place::Place;
use super::report::{FileCounts, ReadReport, SourceReport};
use super::unpack::{Item, Sink, Unpacker};
use super::walk::{Excludes, Found, walk};
use super::{Event, FileEnd, FileState, INTERNAL_ERROR, Input, ParsedRecord, ReadOptions, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Provenance, Record};
use crate::schema::IndexSchema;
use crate::source::context::Context;
use crate::source::{
    Converted, RawBody, RawRecord, Reason, Rejection, SourceFormat, Warnings, clean, privacy,
};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A batch is handed to a worker when it has that many bytes …
const BATCH_BYTES: usize = 256 << 10;

/// … or that many records.
const BATCH_RECORDS: usize = 64;

/// Runs the pipeline over sources whose paths have been checked.
pub(super) fn run(
    formats: &[&'static dyn SourceFormat],
    sources: Vec<Source>,
    schema: &IndexSchema,
    options: &ReadOptions,
    mut on_event: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<ReadReport> {
    let excludes = Excludes::new(&options.exclude)?;
    let workers = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .thread_name(|n| format!("trialdex-convert-{n}"))
        .build()
        .map_err(|e| Error::new(ErrorKind::Io, format!("cannot start threads: {e}")))?;
    let mut report = ReadReport::default();
    report
        .sources
        .extend(sources.iter().map(|source| SourceReport {
            source: source.to_string(),
            ..SourceReport::default()
        }));
    let gate = Gate::default();
    let (sender, receiver) = channel();
    let walked = thread::scope(|threads| {
        let (gate, workers, excludes) = (&gate, &workers, &excludes);
        // The walker owns the sender: the receiver ends when all is walked and converted.
        let walker = threads.spawn(move || {
            workers.in_place_scope_fifo(|scope| {
                let dispatch = |batch: Batch| {
                    let sender = sender.clone();
                    scope.spawn_fifo(move |_| deliver(&sender, batch.convert(schema)));
                };
                let mut batches = Batches::new(gate, &dispatch);
                read_sources(formats, sources, excludes, options, &mut batches)
            })
        });
        let flow = consume(&receiver, gate, &mut report.sources, &mut on_event);
        report.stopped = flow.is_break();
        walker.join()
    });
    let counts = walked.map_err(|_| Error::new(ErrorKind::Data, INTERNAL_ERROR))?;
    for (report, counts) in report.sources.iter_mut().zip(counts) {
        report.files = counts;
    }
    Ok(report)
}

/// Walks, unpacks and cuts all sources, until done or told to stop.
fn read_sources(
    formats: &[&'static dyn SourceFormat],
    sources: Vec<Source>,
    excludes: &Excludes,
    options: &ReadOptions,
    batches: &mut Batches<'_>,
) -> Vec<FileCounts> {
    let on_bytes = |bytes: u64| {
        if let Some(progress) = &options.progress {
            progress.add(bytes);
        }
    };
    let mut all_counts = Vec::with_capacity(sources.len());
    for (index, source) in sources.into_iter().enumerate() {
        batches.source = index;
        let mut unpacker =
            Unpacker::new(formats, excludes, options.temp_folder.as_deref(), batches);
        unpacker.known = source.known;
        let flow = match source.input {
            Input::Path(path) if path.is_dir() => {
                read_folder(&path, excludes, &mut unpacker, &on_bytes)
            }
            Input::Path(path) => unpacker.file(&path, place_of_source(&path), &on_bytes),
            Input::Stream(mut stream) => {
                let place = Place {
                    file: "-".to_owned(),
                    entry: None,
                    path_below_source: "-".to_owned(),
                    is_source: true,
                };
                unpacker.stream(&mut stream, place, &on_bytes)
            }
        };
        all_counts.push(unpacker.counts);
        if flow.is_break() || batches.flush().is_break() {
            break;
        }
    }
    all_counts
}

fn place_of_source(path: &Path) -> Place {
    let name = path.file_name().unwrap_or(path.as_os_str());
    Place {
        file: path.to_string_lossy().into_owned(),
        entry: None,
        path_below_source: name.to_string_lossy().into_owned(),
        is_source: true,
    }
}

fn read_folder(
    root: &Path,
    excludes: &Excludes,
    unpacker: &mut Unpacker<'_>,
    on_bytes: &dyn Fn(u64),
) -> ControlFlow<()> {
    for found in walk(root, excludes) {
        let place = |path: PathBuf, path_below_source: String| Place {
            file: path.to_string_lossy().into_owned(),
            entry: None,
            path_below_source,
            is_source: false,
        };
        match found {
            Found::LeftOut => unpacker.counts.left_out += 1,
            Found::Trouble {
                path,
                path_below_source,
                reason,
            } => unpacker.trouble(&place(path, path_below_source), reason)?,
            Found::File {
                path,
                path_below_source,
            } => {
                let place = place(path.clone(), path_below_source);
                unpacker.file(&path, place, on_bytes)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Some consecutive items of one source.
struct Batch {
    number: u64,
    source: usize,
    cost: usize,
    items: Vec<Item>,
}

/// What a batch became.
struct Done {
    number: u64,
    source: usize,
    cost: usize,
    outcomes: Vec<Outcome>,
    warnings: Warnings,
}

enum Outcome {
    FileBegins(FileState),
    FileEnds(FileEnd),
    FileUnchanged(FileState, FileEnd),
    Record(Box<ParsedRecord>),
    Draft(Provenance),
    WithoutContent(Provenance),
    Rejected(Rejection),
}

impl Batch {
    fn convert(self, schema: &IndexSchema) -> Done {
        let mut warnings = Warnings::default();
        let outcomes = self
            .items
            .into_iter()
            .map(|item| match item {
                Item::FileBegins(file) => Outcome::FileBegins(file),
                Item::FileEnds(end) => Outcome::FileEnds(end),
                Item::FileUnchanged(file, end) => Outcome::FileUnchanged(file, end),
                Item::Rejected(rejection) => Outcome::Rejected(rejection),
                Item::Raw {
                    format,
                    raw,
                    path_below_source,
                } => {
                    // A panic over one record must not end a run over all others.
                    let converted = catch_unwind(AssertUnwindSafe(|| {
                        convert(format, &raw, &path_below_source, schema, &mut warnings)
                    }));
                    let reason = match converted {
                        Ok(Ok(Converted::Record(record))) => {
                            return finish(record, raw.provenance, self.source);
                        }
                        Ok(Ok(Converted::Draft)) => return Outcome::Draft(raw.provenance),
                        Ok(Ok(Converted::Ignored)) => {
                            return Outcome::WithoutContent(raw.provenance);
                        }
                        Ok(Err(reason)) => reason,
                        Err(_) => Reason::new(INTERNAL_ERROR),
                    };
                    let provenance = raw.provenance;
                    Outcome::Rejected(Rejection { provenance, reason })
                }
            })
            .collect();
        Done {
            number: self.number,
            source: self.source,
            cost: self.cost,
            outcomes,
            warnings,
        }
    }
}

fn convert(
    format: &dyn SourceFormat,
    raw: &RawRecord,
    path_below_source: &str,
    schema: &IndexSchema,
    warnings: &mut Warnings,
) -> Result<Converted, Reason> {
    let mut context = Context::new(schema, &raw.provenance).below_source(path_below_source);
    let mut converted = format.convert(raw, &mut context);
    if let Ok(Converted::Record(record)) = &mut converted {
        privacy::scrub_record(record);
    }
    warnings.merge(context.warnings);
    converted
}

/// Gives a record its canonical form, its digest and its place.
fn finish(mut record: Record, provenance: Provenance, source: usize) -> Outcome {
    let read_as = provenance.format;
    let provenance = record.take_provenance().unwrap_or(provenance);
    let json = match clean::to_json(&mut record) {
        Ok(json) => json,
        Err(e) => {
            let reason = Reason::new(format!("cannot be written as JSON: {e}"));
            return Outcome::Rejected(Rejection { provenance, reason });
        }
    };
    record.set_provenance(provenance);
    Outcome::Record(Box::new(ParsedRecord {
        read_as,
        digest: xxhash_rust::xxh3::xxh3_128(&json),
        record,
        json,
        source,
    }))
}

fn deliver(sender: &Sender<Done>, done: Done) {
    // The receiver is gone only when the caller has stopped the run: nobody wants the batch.
    let _ = sender.send(done);
}

/// Hands out results in the order of their batches; breaks when the caller stops the run.
fn consume(
    receiver: &Receiver<Done>,
    gate: &Gate,
    reports: &mut [SourceReport],
    on_event: &mut impl FnMut(Event) -> ControlFlow<()>,
) -> ControlFlow<()> {
    // Also when the caller panics the walker must not wait for room for ever.
    let _closes = CloseOnDrop(gate);
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for done in receiver {
        waiting.insert(done.number, done);
        while let Some(done) = waiting.remove(&next) {
            next += 1;
            let Some(report) = reports.get_mut(done.source) else {
                continue;
            };
            report.warnings.merge(done.warnings);
            for outcome in done.outcomes {
                hand_out(outcome, done.source, report, on_event)?;
            }
            gate.leave(done.cost);
        }
    }
    ControlFlow::Continue(())
}

fn hand_out(
    outcome: Outcome,
    source: usize,
    report: &mut SourceReport,
    on_event: &mut impl FnMut(Event) -> ControlFlow<()>,
) -> ControlFlow<()> {
    match outcome {
        Outcome::FileBegins(file) => on_event(Event::FileBegins { source, file }),
        Outcome::FileEnds(end) => on_event(Event::FileEnds { end }),
        Outcome::FileUnchanged(file, end) => on_event(Event::FileUnchanged { source, file, end }),
        Outcome::Record(parsed) => {
            // The format of the file read, not the one a record of our own was first read from.
            report.of(parsed.read_as).accepted += 1;
            on_event(Event::Record(parsed))
        }
        Outcome::Draft(provenance) => {
            report.of(provenance.format).drafts += 1;
            on_event(Event::Draft { provenance, source })
        }
        Outcome::WithoutContent(provenance) => {
            report.of(provenance.format).without_content += 1;
            ControlFlow::Continue(())
        }
        Outcome::Rejected(rejection) => {
            report.rejected(&rejection);
            on_event(Event::Rejected { rejection, source })
        }
    }
}

/// Gathers items into batches and hands these to the workers.
struct Batches<'a> {
    gate: &'a Gate,
    dispatch: &'a dyn Fn(Batch),
    number: u64,
    source: usize,
    cost: usize,
    items: Vec<Item>,
}

impl<'a> Batches<'a> {
    fn new(gate: &'a Gate, dispatch: &'a dyn Fn(Batch)) -> Self {
        Batches {
            gate,
            dispatch,
            number: 0,
            source: 0,
            cost: 0,
            items: Vec::new(),
        }
    }

    /// Hands over what was gathered, when there is room under way.
    fn flush(&mut self) -> ControlFlow<()> {
        if self.items.is_empty() {
            return ControlFlow::Continue(());
        }
        self.gate.enter(self.cost)?;
        (self.dispatch)(Batch {
            number: self.number,
            source: self.source,
            cost: self.cost,
            items: std::mem::take(&mut self.items),
        });
        self.number += 1;
        self.cost = 0;
        ControlFlow::Continue(())
    }
}

impl Sink for Batches<'_> {
    fn take(&mut self, item: Item) -> ControlFlow<()> {
        self.cost += item.cost();
        self.items.push(item);
        if self.cost < BATCH_BYTES && self.items.len() < BATCH_RECORDS {
            return ControlFlow::Continue(());
        }
        self.flush()
    }
}

impl Item {
    /// Bytes it holds, about.
    fn cost(&self) -> usize {
        const FRAME: usize = 256;
        FRAME
            + match self {
                Item::FileBegins(file) | Item::FileUnchanged(file, _) => file.path.len(),
                Item::FileEnds(_) => 0,
                Item::Rejected(rejection) => rejection.reason.message.len(),
                Item::Raw { raw, .. } => match &raw.body {
                    RawBody::Bytes(bytes) => bytes.len(),
                    RawBody::Row { cells, .. } => cells.iter().map(|cell| 24 + cell.len()).sum(),
                },
            }
    }
}
