//! How much there would be to read, told without reading it.

use super::state::{FileState, KnownFiles};
use super::walk::{Excludes, Found, walk};
use crate::error::Result;
use std::fs::Metadata;
use std::ops::AddAssign;
use std::path::Path;

/// Bytes of files that are not known, or have another size or time than is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Of files as they are.
    pub(crate) plain: u64,
    /// Of archives and compressed files.
    pub(crate) packed: u64,
}

impl AddAssign for Survey {
    fn add_assign(&mut self, other: Survey) {
        self.plain += other.plain;
        self.packed += other.packed;
    }
}

/// Walks a source and adds up what has changed; what cannot be walked counts nothing.
pub(crate) fn survey(source: &Path, exclude: &[String], known: &KnownFiles) -> Result<Survey> {
    let excludes = Excludes::new(exclude)?;
    let mut survey = Survey::default();
    if !source.is_dir() {
        let name = source.file_name().unwrap_or(source.as_os_str());
        survey.count(source, &name.to_string_lossy(), known);
        return Ok(survey);
    }
    for found in walk(source, &excludes) {
        if let Found::File {
            path,
            path_below_source,
        } = found
        {
            survey.count(&path, &path_below_source, known);
        }
    }
    Ok(survey)
}

impl Survey {
    fn count(&mut self, path: &Path, path_below_source: &str, known: &KnownFiles) {
        let Ok(metadata) = std::fs::metadata(path) else {
            return;
        };
        if is_known(path_below_source, &metadata, known) {
            return;
        }
        // For an estimate a name is good enough; reading goes by the bytes.
        let packed = [".gz", ".tgz", ".zst", ".tzst", ".zip"];
        if packed
            .iter()
            .any(|ending| path_below_source.ends_with(ending))
        {
            self.packed += metadata.len();
        } else {
            self.plain += metadata.len();
        }
    }
}

fn is_known(path: &str, metadata: &Metadata, known: &KnownFiles) -> bool {
    let now = FileState::new(path, Some(metadata));
    known
        .get(path)
        .is_some_and(|then| then.size == now.size && then.modified == now.modified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_or_changed_counts() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: usize| {
            std::fs::write(folder.path().join(name), vec![b'x'; bytes]).unwrap();
        };
        write("a.json", 10);
        write("b.tar.zst", 200);
        let mut known = KnownFiles::new();
        let of = |known: &KnownFiles| survey(folder.path(), &[], known).unwrap();
        assert_eq!(
            of(&known),
            Survey {
                plain: 10,
                packed: 200
            }
        );
        let metadata = std::fs::metadata(folder.path().join("a.json")).unwrap();
        let state = FileState::new("a.json", Some(&metadata));
        let file = super::super::KnownFile {
            size: state.size,
            modified: state.modified,
            ..Default::default()
        };
        known.insert("a.json".to_owned(), file);
        assert_eq!(
            of(&known),
            Survey {
                plain: 0,
                packed: 200
            }
        );
        write("a.json", 11);
        assert_eq!(
            of(&known),
            Survey {
                plain: 11,
                packed: 200
            }
        );
    }
}
