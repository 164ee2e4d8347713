//! What a writer begins with: the published generation, or what can still be told of it.

use super::layout::GenerationName;
use super::ledger::{FirstSeen, LEDGER, Ledger, LedgerFile};
use super::manifest::{Lasting, Manifest};
use super::writer::{Entry, IndexWriter};
use crate::error::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// The published generation.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) name: GenerationName,
    pub(super) path: PathBuf,
    /// What it is made of and has read; `None` where another format wrote it.
    pub(super) known: Option<(Manifest, Ledger)>,
    /// What can be told of it whatever wrote it.
    pub(super) lasting: Lasting,
    /// When its records were first seen, where that is all that can be told of them.
    pub(super) first_seen: FirstSeen,
    /// Whether it was made with other fields or analyzers, so that none of its documents can stand.
    pub(super) outdated: bool,
}

impl IndexWriter {
    /// Takes over what was published.
    pub(super) fn load_base(&mut self) -> Result<()> {
        let base = if self.damaged {
            Some(self.salvage()?)
        } else {
            let current = self.layout.current()?;
            current.map(|name| self.read_base(name)).transpose()?
        };
        self.begin_with(base);
        Ok(())
    }

    /// Takes over what this writer has just published, without reading it again.
    pub(super) fn take_over(&mut self, name: GenerationName, manifest: Manifest, ledger: Ledger) {
        self.damaged = false;
        let base = Base {
            name,
            path: self.layout.generation(name),
            lasting: Lasting::from(&manifest),
            known: Some((manifest, ledger)),
            first_seen: FirstSeen::new(),
            outdated: false,
        };
        self.begin_with(Some(base));
    }

    fn begin_with(&mut self, base: Option<Base>) {
        self.base = base;
        let sources = match &self.base {
            Some(base) => base.lasting.sources.clone(),
            None => Vec::new(),
        };
        let entry = |(place, remembered)| Entry {
            remembered,
            old: Some(place),
            same_excludes: true,
            read: None,
        };
        self.entries = sources.into_iter().enumerate().map(entry).collect();
        self.forgotten.clear();
    }

    /// What can still be told of an index that contradicts itself: its sources, and when which record was first seen.
    fn salvage(&self) -> Result<Base> {
        let current = self.layout.current().ok().flatten();
        let mut names = self.layout.names()?;
        names.sort_by_key(|name| (Some(*name) == current, *name));
        let newest = names.iter().rev().map(|&name| self.layout.generation(name));
        let mut seen = newest.filter_map(|path| Ledger::read_first_seen(&path).ok());
        let seen = seen.next().unwrap_or_default();
        let mut salvaged = names.iter().rev().filter_map(|&name| {
            let path = self.layout.generation(name);
            let lasting = Manifest::read_lasting(&path).ok()?;
            let known = Manifest::read(&path).ok().and_then(|manifest| {
                manifest.check_file(&path, LEDGER).ok()?;
                let ledger = Ledger::read(&path, manifest.sources.len()).ok()?;
                Some((manifest, ledger))
            });
            Some(Base {
                name,
                lasting,
                first_seen: seen.clone(),
                path,
                known,
                outdated: true,
            })
        });
        salvaged.next().ok_or_else(|| {
            let message = "nothing tells any more which sources the index was made of";
            Error::new(ErrorKind::Damaged, message)
                .at(self.path())
                .remedy(
                    "remove the folder, and build the index again with `trialdex index SOURCE…`",
                )
        })
    }

    fn read_base(&self, name: GenerationName) -> Result<Base> {
        let path = self.layout.generation(name);
        let mut first_seen = FirstSeen::new();
        let known = match Manifest::read(&path) {
            Ok(manifest) => {
                manifest.check_sizes(&path)?;
                manifest.check_file(&path, LEDGER)?;
                let ledger = Ledger::read(&path, manifest.sources.len())?;
                Some((manifest, ledger))
            }
            Err(e) if e.kind() == ErrorKind::Outdated => {
                // A format that tells it otherwise makes all records new, and nothing worse.
                first_seen = Ledger::read_first_seen(&path).unwrap_or_default();
                None
            }
            Err(e) => return Err(e),
        };
        let stands = known
            .as_ref()
            .is_some_and(|(manifest, _)| manifest.fingerprint == self.schema.fingerprint());
        Ok(Base {
            name,
            lasting: Manifest::read_lasting(&path)?,
            first_seen,
            path,
            known,
            outdated: !stands,
        })
    }

    /// What the published generation is made of and has read.
    pub(super) fn known(&self) -> Option<&(Manifest, Ledger)> {
        self.base.as_ref()?.known.as_ref()
    }

    /// The files a source of the base gave.
    pub(super) fn old_files(&self, place: usize) -> &[LedgerFile] {
        let sources = self.known().map(|(_, ledger)| &ledger.sources);
        let files = sources.and_then(|sources| sources.get(place));
        files.map(Vec::as_slice).unwrap_or_default()
    }
}
