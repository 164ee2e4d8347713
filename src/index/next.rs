//! Building the next generation beside the published one.

use super::build::{Builder, Resources, searcher};
use super::changes::{Change, ChangeList, LISTS_KEPT};
use super::compare;
use super::directory::BuildDirectory;
use super::forms::Forms;
use super::generation::{self, Draft};
use super::groups;
use super::ingest::{Ingested, read_sources};
use super::layout::GenerationName;
use super::ledger::{Ledger, LedgerFile};
use super::manifest::{FieldStatistics, Manifest};
use super::names;
use super::observer::{Run, Stage};
use super::prepared::{Loss, LossKind, Parts};
use super::report::{Outcomes, UpdateReport, outcomes};
use super::snapshot::Snapshot;
use super::space;
use super::statistics::field_statistics;
use super::titles::Titles;
use super::update::{Finished, OpenBuilder, Update};
use super::writer::{IndexWriter, UpdateOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::source::Survey;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, Scope, ScopedJoinHandle};
use tantivy::Searcher;

/// Bytes of memory for the documents being written; more makes fewer, larger pieces to join.
const MEMORY: usize = 400_000_000;

/// Threads that write: more would starve those that parse …
const THREADS: usize = 2;

/// … and below so many bytes of changes a second one would only make a second piece to sync.
const FOR_ONE_THREAD: u64 = 8 << 20;

/// What an update has written.
struct Built {
    ledger: Ledger,
    /// `None` where nothing was written.
    searcher: Option<Searcher>,
    fields: BTreeMap<String, FieldStatistics>,
    next_uid: u64,
    written: u64,
    titles: Titles,
    read: Ingested,
}

impl IndexWriter {
    /// Builds the next generation, if anything has changed.
    pub(super) fn build_next(
        &mut self,
        options: &UpdateOptions,
        full: bool,
        missing: Vec<usize>,
        run: &mut Run<'_>,
    ) -> Result<Parts> {
        let name = self.layout.next_name()?;
        let (mut draft, mut room) = (None, 0);
        let built = self.build(&mut draft, &mut room, name, options, full, &missing, run);
        let built = built.map_err(|e| {
            let failure = draft.as_ref().filter(|_| e.kind() != ErrorKind::Cancelled);
            let e = failure.and_then(Draft::take_failure).unwrap_or(e);
            // Asked while the draft still takes up its room.
            space::explain(e, self.layout.root(), room)
        })?;
        run.stage(Stage::Comparing);
        let mut manifest = Manifest::new(self.schema.fingerprint(), run.began);
        self.schema.wordings().clone_into(&mut manifest.wordings);
        manifest.sources = self.sources().cloned().collect();
        manifest.counts = built.ledger.counts();
        manifest.fields = built.fields;
        manifest.next_uid = built.next_uid;
        manifest.run = options.run.unwrap_or_else(|| self.last_run() + 1);
        let publishes = draft.is_some() || !self.stands(&manifest, &built.ledger);
        if publishes && draft.is_none() {
            draft = Some(self.draft(name, full)?);
        }
        let after = built.searcher.map(|searcher| {
            let (schema, mapping) = (Arc::clone(&self.schema), Arc::clone(&self.mapping));
            let path = self.layout.generation(name);
            Snapshot::of(schema, mapping, path, searcher, manifest.clone())
        });
        let changes = self.changes(&built.ledger, after.as_ref(), built.titles)?;
        let since = self.base.as_ref().map(|base| base.lasting.run);
        let list = ChangeList::of(manifest.run, run.began, since, &changes);
        manifest.changes = self.lists_before();
        manifest.changes.push(list);
        run.check()?;
        let report = UpdateReport {
            sources: UpdateReport::by_source(
                &self.all_sources(),
                self.outcomes(&built.ledger),
                built.read,
                &built.ledger,
            )?,
            counts: manifest.counts.clone(),
            searched_before: self.searched_before(),
            size: self.base.as_ref().map_or(0, |base| base.lasting.size()),
            written: built.written,
            published: publishes,
            full,
            began: run.began,
            run: manifest.run,
            durations: run.durations(),
            warnings: Vec::new(),
        };
        report.check()?;
        Ok(Parts {
            losses: self.losses(&built.ledger, &missing),
            name,
            draft,
            ledger: built.ledger,
            manifest,
            changes,
            after,
            report,
            room,
            keep: options.keep,
        })
    }

    /// Reads what is to be read and writes what has changed into a new generation, if anything has.
    #[allow(
        clippy::too_many_arguments,
        reason = "two of them outlive a failure, which is told by what they hold"
    )]
    fn build(
        &mut self,
        draft: &mut Option<Draft>,
        room: &mut u64,
        name: GenerationName,
        options: &UpdateOptions,
        full: bool,
        missing: &[usize],
        run: &mut Run<'_>,
    ) -> Result<Built> {
        run.stage(Stage::Reading);
        let mut readings = self.take_readings(full);
        let mut read = vec![false; self.entries.len()];
        for reading in &readings {
            if let Some(read) = read.get_mut(reading.place) {
                *read = true;
            }
        }
        readings.retain(|reading| !missing.contains(&reading.place));
        let start = self.start(read, full, run.began);
        let open: OpenBuilder<'_> = Box::new(|| {
            // What cannot be walked is told by whoever reads it.
            let changed = self.survey(full).unwrap_or_default();
            *room = self.room(changed, full);
            space::check(self.layout.root(), *room)?;
            let draft = draft.insert(self.draft(name, full)?);
            let few = changed.plain + 8 * changed.packed < FOR_ONE_THREAD;
            self.open_builder(draft.directory()?, options, if few { 1 } else { THREADS })
        });
        let mut update = Update::new(Arc::clone(&self.mapping), start, open);
        if full {
            // Also an index of nothing can be opened and searched.
            update.builder()?;
        }
        let read = read_sources(readings, &self.schema, options, &mut update, run)?;
        run.stage(Stage::Resolving);
        let Finished {
            builder,
            ledger,
            next_uid,
            written,
            titles,
        } = update.finish()?;
        run.check()?;
        run.stage(Stage::Writing);
        let (searcher, fields) = match builder {
            Some(builder) => {
                let folder = self.layout.generation(name);
                let index = builder.finish(|share| space::has_room(&folder, share))?;
                let searcher = searcher(&index)?;
                check_documents(&searcher, &ledger)?;
                let fields = self.read_built(&searcher, draft.as_mut(), &folder)?;
                (Some(searcher), fields)
            }
            None => {
                let known = self.known().map(|(manifest, _)| manifest.fields.clone());
                (None, known.unwrap_or_default())
            }
        };
        run.check()?;
        Ok(Built {
            ledger,
            searcher,
            fields,
            next_uid,
            written,
            titles,
            read,
        })
    }

    /// Reads what was built for the first time: makes it durable, and writes what is told of all
    /// records beside it; says how long the fields are.
    fn read_built(
        &self,
        searcher: &Searcher,
        draft: Option<&mut Draft>,
        folder: &Path,
    ) -> Result<BTreeMap<String, FieldStatistics>> {
        let (schema, mapping) = (&self.schema, &self.mapping);
        let known = self.known().map(|(manifest, _)| manifest);
        let before = self.before()?;
        // All of them read the index and nothing of each other; two at a time, for their memory.
        let (fields, found) = thread::scope(|threads| -> Result<_> {
            let settle = || draft.map_or(Ok(()), |draft| draft.settle(known));
            let settled = started(threads, settle)?;
            let found = started(threads, || groups::gather(searcher, mapping))?;
            let fields = field_statistics(searcher, mapping)?;
            joined(settled)?;
            Ok((fields, joined(found)?))
        })?;
        groups::write(&found, folder)?;
        let (learned, forms) = thread::scope(|threads| -> Result<_> {
            let learned = started(threads, || names::learn(searcher, schema))?;
            let forms = Forms::following(before.as_ref(), searcher, schema, mapping)?;
            Ok((joined(learned)?, forms))
        })?;
        names::keep(folder, &learned)?;
        forms.keep(folder)?;
        Ok(fields)
    }

    /// A folder for the next generation: empty, or with the documents that stand.
    ///
    /// All bytes of those are read before: what has rotted must not be written anew as if it were right.
    fn draft(&self, name: GenerationName, full: bool) -> Result<Draft> {
        let base = self.base.as_ref().filter(|_| !full);
        if let Some((base, (manifest, _))) = base.zip(self.known()) {
            manifest
                .check_all_bytes(&base.path)
                .into_iter()
                .next()
                .map_or(Ok(()), Err)?;
        }
        Draft::create(&self.layout, name, base.map(|base| base.path.as_path()))
    }

    fn open_builder(
        &self,
        directory: BuildDirectory,
        options: &UpdateOptions,
        threads: usize,
    ) -> Result<Builder> {
        let resources = Resources {
            threads,
            memory: options.memory.unwrap_or(MEMORY),
        };
        let mapping = Arc::clone(&self.mapping);
        Builder::open(directory, &self.schema, mapping, resources)
    }

    /// Bytes of free disk the next generation may need.
    fn room(&self, changed: Survey, full: bool) -> u64 {
        let sizes = self.base.as_ref().map(|base| {
            let sources = self.known().map_or(0, |(_, ledger)| ledger.source_bytes());
            (base.lasting.size(), sources)
        });
        space::needed(changed, sizes, full)
    }

    /// Tells of a failed write beside the generations that the disk was full, and how much a run may need.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let all = self.survey(true).unwrap_or_default();
        space::explain(error, self.layout.root(), self.room(all, true))
    }

    /// Whether the published generation already says all this.
    fn stands(&self, manifest: &Manifest, ledger: &Ledger) -> bool {
        self.known().is_some_and(|(old, read)| {
            old.sources == manifest.sources && read.says_the_same(ledger)
        })
    }

    /// What the new generation has changed, in full where both can be read.
    fn changes(
        &self,
        ledger: &Ledger,
        after: Option<&Snapshot>,
        titles: Titles,
    ) -> Result<Vec<Change>> {
        let Some(after) = after else {
            return Ok(Vec::new());
        };
        let nothing = Ledger::default();
        let old = self.known().map_or(&nothing, |(_, ledger)| ledger);
        let before = self.before()?;
        compare::changes((old, before.as_ref()), (ledger, after), titles)
    }

    /// The published generation, unless it was made in another way.
    pub(super) fn before(&self) -> Result<Option<Snapshot>> {
        let base = self.base.as_ref().filter(|base| !base.outdated);
        base.map(|base| generation::snapshot(&base.path, &self.schema))
            .transpose()
    }

    /// The lists of changes the next generation takes over.
    pub(super) fn lists_before(&self) -> Vec<ChangeList> {
        let lists = self
            .known()
            .map(|(manifest, _)| manifest.changes.as_slice());
        let lists = lists.unwrap_or_default();
        let dropped = (lists.len() + 1).saturating_sub(LISTS_KEPT);
        lists.iter().skip(dropped).cloned().collect()
    }

    /// The number of the run that made the published generation.
    pub(crate) fn last_run(&self) -> u64 {
        self.base.as_ref().map_or(0, |base| base.lasting.run)
    }

    fn searched_before(&self) -> u64 {
        self.base.as_ref().map_or(0, |base| base.lasting.searched)
    }

    fn all_sources(&self) -> Vec<super::RememberedSource> {
        let mut names: Vec<_> = self.sources().cloned().collect();
        names.extend(self.forgotten_sources());
        names
    }

    /// What became of the records of each source, forgotten ones last.
    fn outcomes(&self, new: &Ledger) -> Vec<Outcomes> {
        let nothing = Ledger::default();
        let old = self.known().map_or(&nothing, |(_, ledger)| ledger);
        let mut places = vec![None; old.sources.len()];
        for (new, entry) in self.entries.iter().enumerate() {
            if let Some(place) = entry.old.and_then(|old| places.get_mut(old)) {
                *place = Some(new);
            }
        }
        outcomes(old, new, &places)
    }

    /// The sources that no longer give what they gave, for a reason that need not be theirs.
    fn losses(&self, new: &Ledger, missing: &[usize]) -> Vec<Loss> {
        let mut losses = Vec::new();
        for (place, (entry, files)) in self.entries.iter().zip(&new.sources).enumerate() {
            let old = entry.old.map(|old| self.old_files(old)).unwrap_or_default();
            let kind = if missing.contains(&place) {
                Some(LossKind::Missing)
            } else if let Some(file) = files.iter().find(|file| hides(file, old)) {
                Some(LossKind::Unreadable(entry.remembered.path.join(&file.path)))
            } else if !is_empty(old) && is_empty(files) {
                Some(LossKind::Emptied)
            } else {
                None
            };
            let source = &entry.remembered;
            losses.extend(kind.map(|kind| Loss {
                source: source.clone(),
                kind,
            }));
        }
        losses
    }
}

/// A thread of this process that runs until `threads` ends at the latest.
fn started<'scope, T: Send + 'scope>(
    threads: &'scope Scope<'scope, '_>,
    run: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>> {
    thread::Builder::new()
        .spawn_scoped(threads, run)
        .map_err(|e| Error::new(ErrorKind::Io, "cannot start a thread").caused_by(e))
}

/// What a thread ends with.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn is_empty(files: &[LedgerFile]) -> bool {
    files.iter().all(|file| file.records.is_empty())
}

/// Whether a file or folder cannot be read that gave records before, or is the source itself.
fn hides(file: &LedgerFile, old: &[LedgerFile]) -> bool {
    let below = |old: &LedgerFile| {
        let rest = old.path.strip_prefix(&file.path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let gave = |old: &LedgerFile| !old.records.is_empty() && below(old);
    file.state.unreadable && (file.path.is_empty() || old.iter().any(gave))
}

/// Refuses to publish an index that does not hold exactly what was recorded.
fn check_documents(searcher: &Searcher, ledger: &Ledger) -> Result<()> {
    let (found, recorded) = (searcher.num_docs(), ledger.records().count() as u64);
    if found == recorded {
        return Ok(());
    }
    let message = format!("{found} documents were written of {recorded} records");
    Err(Error::new(ErrorKind::Damaged, message)
        .remedy("the index is as it was; build it again with `trialdex reindex --full`"))
}
