//! Where things stand in an index folder, and which generation is the published one.
//!
//! ```text
//! <index>/CURRENT               name of the published generation, replaced by rename
//! <index>/LOCK                  held by the one writer
//! <index>/generations/<name>/   a complete tantivy index, its records and its manifest
//! ```

use super::durable;
use super::guard::REPAIR;
use super::manifest::MANIFEST;
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

    /// Creates the folders of an index.
    pub(crate) fn create(&self) -> Result<()> {
        durable::create_folder(&self.root)?;
        durable::create_folder(&self.generations())
    }

    /// Whether something was published here once, in whatever state it is now.
    pub(crate) fn exists(&self) -> bool {
        self.current_file().exists()
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
        let name = text.strip_suffix('\n').unwrap_or(&text).parse();
        name.map(Some).map_err(|()| {
            Error::new(ErrorKind::Damaged, "does not name a generation")
                .at(path)
                .remedy(REPAIR)
        })
    }

    /// Switches readers to a generation. Everything in it must be synced before; the switch is durable on return.
    pub(crate) fn publish(&self, name: GenerationName) -> Result<()> {
        durable::sync_folder(&self.generations()).map_err(|e| Error::io(self.generations(), e))?;
        durable::replace_file(&self.current_file(), format!("{name}\n").as_bytes())
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

    /// Removes what a killed writer left behind: generations without a manifest or never published, and unfinished files.
    ///
    /// Only the holder of the lock may call this.
    pub(crate) fn remove_leftovers(&self) -> Result<()> {
        let current = self.current()?;
        for name in self.names()? {
            let complete = self.generation(name).join(MANIFEST).is_file();
            // Names only grow: what is newer than the published one never was in use.
            let never_published = current.is_some_and(|current| name > current);
            if (!complete && Some(name) != current) || never_published {
                self.remove(name)?;
            }
        }
        for folder in [self.root.clone(), self.generations()] {
            remove_unfinished(&folder)?;
        }
        Ok(())
    }

    /// Removes a generation; without its manifest it is none any more, wherever the removal is cut off.
    fn remove(&self, name: GenerationName) -> Result<()> {
        durable::remove_file(&self.generation(name).join(MANIFEST))?;
        durable::remove_folder(&self.generation(name))
    }

    /// Removes all generations but those named.
    ///
    /// Only the holder of the lock may call this.
    pub(crate) fn keep_only(&self, keep: &[GenerationName]) -> Result<()> {
        for name in self.names()? {
            if !keep.contains(&name) {
                self.remove(name)?;
            }
        }
        Ok(())
    }
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
            std::fs::remove_file(entry.path()).map_err(|e| Error::io(entry.path(), e))?;
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
    fn a_current_file_that_names_nothing_is_damage() {
        let (_folder, layout) = layout();
        for garbage in ["", "../../etc", "1", "0000000x", "000000001", "\u{fffd}"] {
            std::fs::write(layout.current_file(), garbage).unwrap();
            assert_eq!(layout.current().unwrap_err().kind(), ErrorKind::Damaged);
        }
        std::fs::write(layout.current_file(), [0xff, 0xfe]).unwrap();
        assert_eq!(layout.current().unwrap_err().kind(), ErrorKind::Damaged);
    }

    #[test]
    fn leftovers_of_a_killed_writer_are_removed_and_complete_generations_kept() {
        let (_folder, layout) = layout();
        let names: Vec<_> = (1..=3).map(GenerationName).collect();
        make(&layout, names[0], true);
        make(&layout, names[1], true);
        make(&layout, names[2], false);
        make(&layout, GenerationName(4), true);
        layout.publish(names[1]).unwrap();
        std::fs::write(layout.root().join(".tmp-CURRENT"), "half").unwrap();
        layout.remove_leftovers().unwrap();
        assert_eq!(layout.names().unwrap(), names[..2]);
        assert!(!layout.root().join(".tmp-CURRENT").exists());
        layout.keep_only(&[names[1]]).unwrap();
        assert_eq!(layout.names().unwrap(), [names[1]]);
    }
}
