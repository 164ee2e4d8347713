//! Going back: what an earlier generation holds becomes the next one.
//!
//! Names of generations only grow, so no reader ever goes backwards; the files are shared, so it
//! takes no room; and the step back is a list of changes like any other.

use super::changes::ChangeList;
use super::compare;
use super::generation::{self, Draft};
use super::layout::GenerationName;
use super::ledger::Ledger;
use super::manifest::Manifest;
use super::observer::{Observer, Run, Stage};
use super::snapshot::Snapshot;
use super::timestamp::Timestamp;
use super::titles::Titles;
use super::verify;
use super::writer::IndexWriter;
use crate::error::{Error, ErrorKind, Result};

/// What going back did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Restored {
    /// The generation whose content is in use again.
    pub content_of: String,
    /// What it changed.
    pub changes: ChangeList,
    /// What went wrong without harm.
    pub warnings: Vec<String>,
}

/// An earlier generation, found whole.
struct Earlier {
    name: GenerationName,
    manifest: Manifest,
    ledger: Ledger,
    snapshot: Snapshot,
}

impl IndexWriter {
    /// Brings an earlier generation back into use: the one named, or the one before.
    ///
    /// It is read byte by byte first. `run` is the number of the run that does it, `keep` the number of generations to keep.
    ///
    /// # Errors
    /// No such generation, [`ErrorKind::Damaged`] where it is not whole, [`ErrorKind::Outdated`]
    /// where it was made by another format or schema; the index is then as it was.
    pub fn restore(
        &mut self,
        name: Option<&str>,
        run: u64,
        keep: usize,
        observer: &mut dyn Observer,
    ) -> Result<Restored> {
        let earlier = match name {
            Some(name) => self.named(name)?,
            None => self.one_before()?,
        };
        self.restore_generation(earlier, run, keep, observer)
    }

    /// Brings the newest generation back into use that is whole, if there is one beside the one in use.
    pub(crate) fn restore_whole(
        &mut self,
        run: u64,
        keep: usize,
        observer: &mut dyn Observer,
    ) -> Result<Option<Restored>> {
        let current = self.layout.current().ok().flatten();
        for name in self.layout.names()?.into_iter().rev() {
            if Some(name) != current && self.earlier(name).is_ok() {
                let restored = self.restore_generation(name, run, keep, observer)?;
                return Ok(Some(restored));
            }
        }
        Ok(None)
    }

    fn named(&self, name: &str) -> Result<GenerationName> {
        let names = self.layout.names()?;
        let known = names.iter().find(|known| known.to_string() == name);
        known.copied().ok_or_else(|| {
            let message = format!("no generation {name} is kept");
            Error::new(ErrorKind::Usage, message)
                .at(self.path())
                .remedy(list(&names))
        })
    }

    /// The newest kept generation that is older than what is in use, and was not gone back from.
    fn one_before(&self) -> Result<GenerationName> {
        let base = self.base.as_ref();
        let restores = base.and_then(|base| base.known.as_ref()?.0.restores.clone());
        let content = restores.and_then(|name| name.parse().ok());
        let content = content.or(base.map(|base| base.name));
        let names = self.layout.names()?;
        let before = names.iter().rev().find(|name| Some(**name) < content);
        before.copied().ok_or_else(|| {
            Error::new(ErrorKind::Usage, "no earlier generation is kept")
                .at(self.path())
                .remedy(list(&names))
        })
    }

    fn earlier(&self, name: GenerationName) -> Result<Earlier> {
        let path = self.layout.generation(name);
        let manifest = Manifest::read(&path)?;
        manifest.check_fingerprint(self.schema.fingerprint(), &path)?;
        if let Some(damage) = verify::generation(&path, &self.schema).into_iter().next() {
            return Err(damage);
        }
        let ledger = Ledger::read(&path, manifest.sources.len())?;
        let snapshot = generation::snapshot(&path, &self.schema)?;
        Ok(Earlier {
            name,
            manifest,
            ledger,
            snapshot,
        })
    }

    fn restore_generation(
        &mut self,
        name: GenerationName,
        run_number: u64,
        keep: usize,
        observer: &mut dyn Observer,
    ) -> Result<Restored> {
        let mut run = Run::new(observer);
        run.stage(Stage::Reading);
        let earlier = self.earlier(name)?;
        run.check()?;
        run.stage(Stage::Comparing);
        let mut changes = Vec::new();
        let mut since = None;
        if let Some((_, ledger)) = self.known().filter(|_| !self.damaged) {
            let before = self.before()?;
            changes = compare::changes(
                (ledger, before.as_ref()),
                (&earlier.ledger, &earlier.snapshot),
                Titles::default(),
            )?;
            since = Some(self.last_run());
        }
        let list = ChangeList::of(run_number, run.began, since, &changes);
        run.stage(Stage::Sealing);
        let next = self.layout.next_name()?;
        let path = self.layout.generation(earlier.name);
        let mut draft = Draft::create(&self.layout, next, Some(&path))?;
        list.write(&draft.path, &changes)?;
        let lists = self.lists_before();
        if let Some(base) = &self.base {
            draft.take_lists(&base.path, &lists)?;
        }
        let manifest = Manifest {
            run: run_number,
            created: Timestamp::now(),
            changes: lists.into_iter().chain([list.clone()]).collect(),
            restores: Some(earlier.name.to_string()),
            ..earlier.manifest.clone()
        };
        let manifest = draft.seal(manifest, &earlier.ledger, Some(&earlier.manifest))?;
        run.check()?;
        draft.publish(&self.layout, next)?;
        let warnings = self.remove_old(keep).into_iter().collect();
        self.take_over(next, manifest, earlier.ledger);
        Ok(Restored {
            content_of: earlier.name.to_string(),
            changes: list,
            warnings,
        })
    }
}

fn list(names: &[GenerationName]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    format!("kept are {}", names.join(", "))
}
