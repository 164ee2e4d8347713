//! A generation built and not yet published: what it would change can be looked at first.

use super::changes::Change;
use super::generation::Draft;
use super::layout::GenerationName;
use super::ledger::Ledger;
use super::manifest::{Manifest, RememberedSource};
use super::observer::{Observer, Run, Stage};
use super::report::UpdateReport;
use super::snapshot::Snapshot;
use super::space;
use super::writer::{GONE, IndexWriter};
use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::path::PathBuf;

/// Complete generations that are kept unless told otherwise: the published one and the one before.
const KEEP: usize = 2;

/// A source that no longer gives what it gave, for a reason that need not be its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The source.
    pub source: RememberedSource,
    /// What is the matter with it.
    pub kind: LossKind,
}

/// What is the matter with a source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossKind {
    /// It is not there.
    Missing,
    /// This part of it gave records and cannot be read, or all of it cannot.
    Unreadable(PathBuf),
    /// It held records before and holds none now.
    Emptied,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.source.path.display();
        match &self.kind {
            LossKind::Missing => write!(f, "{source}: the source is missing"),
            LossKind::Unreadable(path) => write!(f, "{}: cannot be read", path.display()),
            LossKind::Emptied => write!(f, "{source}: held records before and holds none now"),
        }
    }
}

impl Loss {
    pub(super) fn error(&self) -> Error {
        let error = |kind, message| Error::new(kind, message).remedy(GONE);
        match &self.kind {
            LossKind::Missing => error(ErrorKind::Io, "missing").at(&self.source.path),
            LossKind::Unreadable(path) => error(ErrorKind::Io, "cannot be read").at(path),
            LossKind::Emptied => {
                let message = "held records before and holds none now";
                error(ErrorKind::Data, message).at(&self.source.path)
            }
        }
    }
}

/// What an update has built.
pub(super) struct Parts {
    pub(super) name: GenerationName,
    /// `None` where nothing is to be published.
    pub(super) draft: Option<Draft>,
    pub(super) ledger: Ledger,
    /// All but its files.
    pub(super) manifest: Manifest,
    pub(super) changes: Vec<Change>,
    /// The new documents; `None` where they are those of the base.
    pub(super) after: Option<Snapshot>,
    pub(super) losses: Vec<Loss>,
    pub(super) report: UpdateReport,
    /// Bytes of disk the generation may need.
    pub(super) room: u64,
    pub(super) keep: Option<usize>,
}

/// An update built and not yet published. Dropping it leaves the index as it was.
pub struct Prepared<'a> {
    writer: &'a mut IndexWriter,
    /// Taken out when it is published.
    parts: Option<Parts>,
    nothing: UpdateReport,
}

impl fmt::Debug for Prepared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("report", self.report())
            .finish_non_exhaustive()
    }
}

impl<'a> Prepared<'a> {
    pub(super) fn new(writer: &'a mut IndexWriter, parts: Parts) -> Self {
        Prepared {
            writer,
            nothing: parts.report.clone(),
            parts: Some(parts),
        }
    }

    /// What the update has read and would change.
    pub fn report(&self) -> &UpdateReport {
        self.parts
            .as_ref()
            .map_or(&self.nothing, |parts| &parts.report)
    }

    /// The sources that no longer give what they gave, for a reason that need not be theirs.
    pub fn losses(&self) -> &[Loss] {
        self.parts.as_ref().map_or(&[], |parts| &parts.losses)
    }

    /// The records it would change.
    pub fn changes(&self) -> &[Change] {
        self.parts.as_ref().map_or(&[], |parts| &parts.changes)
    }

    /// The records it would change, to be told more of.
    pub(crate) fn changes_mut(&mut self) -> &mut [Change] {
        self.parts
            .as_mut()
            .map_or(&mut [], |parts| &mut parts.changes)
    }

    /// The index as it is; `None` where there is none, or one that was made in another way.
    ///
    /// # Errors
    /// As [`Index::open`](super::Index::open).
    pub fn before(&self) -> Result<Option<Snapshot>> {
        self.writer.before()
    }

    /// The index as it would be.
    ///
    /// # Errors
    /// As [`Index::open`](super::Index::open), where it would stay as it is.
    pub fn after(&self) -> Result<Option<Snapshot>> {
        match self.parts.as_ref().and_then(|parts| parts.after.as_ref()) {
            Some(after) => Ok(Some(after.clone())),
            None => self.writer.before(),
        }
    }

    /// Publishes the update; on return it is durable. Where nothing has changed nothing is written.
    ///
    /// # Errors
    /// What writing says, and [`ErrorKind::Cancelled`]; the index is then as it was.
    pub fn publish(mut self, observer: &mut dyn Observer) -> Result<UpdateReport> {
        let Some(parts) = self.parts.take() else {
            return Ok(self.nothing.clone());
        };
        let mut report = parts.report;
        let keep = parts.keep.unwrap_or(KEEP);
        let Some(mut draft) = parts.draft else {
            // A killed run may have published and not come to this.
            report.warnings.extend(self.writer.remove_old(keep));
            return Ok(report);
        };
        let mut run = Run::new(observer);
        run.stage(Stage::Sealing);
        let writer = &mut *self.writer;
        let root = writer.layout.root().to_owned();
        let sealed = (|| {
            let base = writer.base.as_ref();
            if let Some((list, before)) = parts.manifest.changes.split_last() {
                list.write(&draft.path, &parts.changes)?;
                // They were told; of a first build they are as many as the records.
                drop(parts.changes);
                if let Some(base) = base {
                    draft.take_lists(&base.path, before)?;
                }
            }
            let known = writer.known().map(|(manifest, _)| manifest);
            let manifest = draft.seal(parts.manifest, &parts.ledger, known)?;
            run.check()?;
            draft.publish(&writer.layout, parts.name)?;
            Ok(manifest)
        })();
        let manifest: Manifest = match sealed {
            Ok(manifest) => manifest,
            Err(e) => {
                // The error that stopped it is the one to tell.
                let _ = writer.load_base();
                return Err(space::explain(e, &root, parts.room));
            }
        };
        report.warnings.extend(writer.remove_old(keep));
        report.size = manifest.size();
        report.durations.extend(run.durations());
        writer.take_over(parts.name, manifest, parts.ledger);
        Ok(report)
    }
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        if self.parts.is_some() {
            // An index that cannot be read again says so to whoever uses it next.
            let _ = self.writer.load_base();
        }
    }
}

impl IndexWriter {
    /// Removes old generations beyond the number to keep; tells what could not be removed.
    pub(super) fn remove_old(&self, keep: usize) -> Option<String> {
        let removed = self.layout.keep_newest(keep.max(1)).err();
        removed.map(|e| format!("an old generation could not be removed: {e}"))
    }
}
