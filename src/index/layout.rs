//! Where things stand in an index folder, and which generation is the published one.
//!
//! ```text
//! <index>/CURRENT               name of the published generation and its CRC32, replaced by rename
//! <index>/LOCK                  held by the one writer
//! <index>/generations/<name>/   a complete tantivy index, its records and its manifest
//! ```

use super::durable;
use super::guard::REPAIR;
use super::manifest::{MANIFEST, Manifest};
use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The name of a generation: a number that grows, eight digits wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GenerationName(u64);

impl GenerationName {
    fn next(self) -> Self {
        GenerationName(self.0 + 1)
    }
}

impl fmt::Display for GenerationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

impl FromStr for GenerationName {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let digits = text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten().ok_or(())?;
        let name = GenerationName(number);
        (name.to_string() == text && number < u64::MAX)
            .then_some(name)
            .ok_or(())
    }
}

/// What `CURRENT` says: the name and its CRC32, so that a flipped bit cannot name another generation.
fn current_line(name: GenerationName) -> String {
    let name = name.to_string();
    format!("{name} {:08x}\n", crc32fast::hash(name.as_bytes()))
}

fn published_name(line: &str) -> Option<GenerationName> {
    let name = line.split(' ').next()?.parse().ok()?;
    (current_line(name) == line).then_some(name)
}

/// The paths of an index folder.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Layout { root: root.into() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("LOCK")
    }

    fn current_file(&self) -> PathBuf {
        self.root.join("CURRENT")
    }

    fn generations(&self) -> PathBuf {
        self.root.join("generations")
    }

    pub(crate) fn generation(&self, name: GenerationName) -> PathBuf {
        self.generations().join(name.to_string())
    }

    /// Creates the folders of an index; what was published stands in durable ones already.
    pub(crate) fn create(&self) -> Result<()> {
        if self.current_file().exists() {
            return Ok(());
        }
        durable::create_folder(&self.root)?;
        durable::create_folder(&self.generations())
    }

    /// Whether something was published here once, in whatever state it is now, or was about to be.
    pub(crate) fn exists(&self) -> bool {
        self.current_file().exists() || matches!(self.newest(), Ok(Some(_)))
    }

    /// The newest complete generation, in use or not.
    fn newest(&self) -> Result<Option<GenerationName>> {
        let is_complete = |name: &GenerationName| self.generation(*name).join(MANIFEST).is_file();
        Ok(self.names()?.into_iter().rev().find(is_complete))
    }

    /// The complete generation no `CURRENT` names: the file was lost, or the first build died when all was done but this.
    pub(crate) fn unnamed(&self) -> Result<Option<GenerationName>> {
        match self.current()? {
            Some(_) => Ok(None),
            None => self.newest(),
        }
    }

    /// What is wrong where [`unnamed`](Self::unnamed) tells of a generation.
    pub(crate) fn lost_current(&self, kind: ErrorKind) -> Error {
        Error::new(
            kind,
            "no index here: CURRENT is missing, so that no generation is in use",
        )
        .at(&self.root)
        .remedy("run `trialdex reindex`: it takes the newest generation into use")
    }

    /// The published generation; `None` where nothing was published yet.
    pub(crate) fn current(&self) -> Result<Option<GenerationName>> {
        let path = self.current_file();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) if e.kind() == io::ErrorKind::InvalidData => String::new(),
            Err(e) => return Err(Error::io(path, e)),
        };
        published_name(&text).map(Some).ok_or_else(|| {
            Error::new(ErrorKind::Damaged, "does not name a generation")
                .at(path)
                .remedy(REPAIR)
        })
    }

    /// Switches readers to a generation. Everything in it must be synced before; the switch is durable on return.
    pub(crate) fn publish(&self, name: GenerationName) -> Result<()> {
        durable::sync_folder(&self.generations())?;
        let switched = durable::replace_file(&self.current_file(), current_line(name).as_bytes());
        switched.map_err(|e| match self.current() {
            Ok(current) if current == Some(name) => e.remedy("the new state is in use, but a power cut may bring back the one before; run `trialdex reindex` again"),
            _ => e,
        })
    }

    /// All generations there are, complete or not, oldest first.
    pub(crate) fn names(&self) -> Result<Vec<GenerationName>> {
        let path = self.generations();
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io(path, e)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| Error::io(&path, e))?;
            if let Some(name) = entry.file_name().to_str().and_then(|n| n.parse().ok()) {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// A name for the next generation, greater than any there is or was published.
    pub(crate) fn next_name(&self) -> Result<GenerationName> {
        let current = match self.current() {
            // Whoever puts a damaged index right comes this way.
            Err(e) if e.kind() == ErrorKind::Damaged => None,
            current => current?,
        };
        let last = self.names()?.into_iter().chain(current).max();
        Ok(last.unwrap_or(GenerationName(0)).next())
    }

    /// Makes what was published durable, and removes what a killed writer left behind: generations
    /// never published, and unfinished files.
    ///
    /// Where no `CURRENT` names the newest complete generation it is published: it was made to be.
    /// Only the holder of the lock may call this.
    pub(crate) fn recover(&self) -> Result<()> {
        durable::sync_folder(&self.root)?;
        if let Some(newest) = self.unnamed()? {
            check_manifest(&self.generation(newest))?;
            self.publish(newest)?;
        }
        let current = self.current()?;
        for name in self.names()? {
            let is_complete = self.generation(name).join(MANIFEST).is_file();
            let was_published = current.is_none_or(|current| name <= current);
            if Some(name) != current && !(is_complete && was_published) {
                remove_generation(&self.generation(name))?;
            }
        }
        for folder in [self.root.clone(), self.generations()] {
            remove_unfinished(&folder)?;
        }
        Ok(())
    }

    /// Removes all generations but the newest.
    ///
    /// Only the holder of the lock may call this.
    pub(crate) fn keep_newest(&self, count: usize) -> Result<()> {
        for name in self.names()?.iter().rev().skip(count) {
            remove_generation(&self.generation(*name))?;
        }
        Ok(())
    }
}

/// Fails where a generation is not one to be used, of whatever format it is.
fn check_manifest(generation: &Path) -> Result<()> {
    match Manifest::read(generation) {
        Ok(manifest) => manifest.check_sizes(generation),
        Err(e) if e.kind() == ErrorKind::Outdated => Ok(()),
        Err(e) => Err(e),
    }
}

/// Removes a generation, its manifest before all else: what has one is whole, whenever this is cut short.
pub(crate) fn remove_generation(path: &Path) -> Result<()> {
    let manifest = path.join(MANIFEST);
    if manifest.exists() {
        durable::remove_file(&manifest)?;
        durable::sync_folder(path)?;
    }
    durable::remove_folder(path)
}

/// Removes the unfinished files of a folder.
pub(crate) fn remove_unfinished(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))? {
        let entry = entry.map_err(|e| Error::io(folder, e))?;
        let unfinished = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(durable::UNFINISHED));
        if unfinished {
            durable::remove_file(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> (tempfile::TempDir, Layout) {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path().join("index"));
        layout.create().unwrap();
        (folder, layout)
    }

    fn make(layout: &Layout, name: GenerationName, complete: bool) {
        std::fs::create_dir(layout.generation(name)).unwrap();
        if complete {
            std::fs::write(layout.generation(name).join(MANIFEST), "").unwrap();
        }
    }

    #[test]
    fn what_was_published_last_is_current() {
        let (_folder, layout) = layout();
        assert_eq!(layout.current().unwrap(), None);
        let first = layout.next_name().unwrap();
        layout.publish(first).unwrap();
        let second = layout.next_name().unwrap();
        layout.publish(second).unwrap();
        assert_eq!(layout.current().unwrap(), Some(second));
        assert!(first < second);
    }

    #[test]
    fn a_flipped_bit_and_a_truncation_of_current_is_damage() {
        let (_folder, layout) = layout();
        layout.publish(GenerationName(12)).unwrap();
        let good = std::fs::read(layout.current_file()).unwrap();
        let flipped = (0..good.len() * 8).map(|bit| {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            bad
        });
        let cut = (0..good.len()).map(|length| good[..length].to_vec());
        for bad in flipped.chain(cut).chain([b"../../etc".to_vec()]) {
            std::fs::write(layout.current_file(), &bad).unwrap();
            let error = layout.current().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Damaged, "{bad:?}");
        }
    }

    #[test]
    fn a_complete_generation_nothing_names_is_taken_into_use_by_the_next_writer() {
        let (_folder, layout) = layout();
        let names: Vec<_> = (1..=3).map(GenerationName).collect();
        for name in &names[..2] {
            make(&layout, *name, false);
            let manifest = Manifest::new("fields", crate::index::Timestamp::now());
            manifest.write(&layout.generation(*name)).unwrap();
        }
        make(&layout, names[2], false);
        assert!(layout.exists());
        assert_eq!(layout.unnamed().unwrap(), Some(names[1]));
        layout.recover().unwrap();
        assert_eq!(layout.current().unwrap(), Some(names[1]));
        assert_eq!(layout.names().unwrap(), names[..2]);
        assert_eq!(layout.unnamed().unwrap(), None);
    }

    #[test]
    fn a_rotten_generation_nothing_names_is_not_taken_into_use() {
        let (_folder, layout) = layout();
        make(&layout, GenerationName(1), true);
        assert_eq!(layout.recover().unwrap_err().kind(), ErrorKind::Damaged);
        assert_eq!(layout.current().unwrap(), None);
    }

    #[test]
    fn leftovers_of_a_killed_writer_are_removed_and_complete_generations_kept() {
        let (_folder, layout) = layout();
        let names: Vec<_> = (1..=4).map(GenerationName).collect();
        make(&layout, names[0], true);
        make(&layout, names[1], true);
        make(&layout, names[2], false);
        make(&layout, names[3], true);
        layout.publish(names[1]).unwrap();
        std::fs::write(layout.root().join(".tmp-CURRENT"), "half").unwrap();
        layout.recover().unwrap();
        assert_eq!(layout.names().unwrap(), names[..2]);
        assert!(!layout.root().join(".tmp-CURRENT").exists());
        layout.keep_newest(1).unwrap();
        assert_eq!(layout.names().unwrap(), [names[1]]);
    }
}
