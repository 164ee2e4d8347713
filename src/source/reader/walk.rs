//! From a folder to its files, in the order of their paths' bytes.

use crate::error::{Error, ErrorKind, Result};
use crate::source::Reason;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Names, without ending, of files that speak about a collection and are not part of it.
const ABOUT: [&str; 6] = [
    "README",
    "LICENSE",
    "LICENCE",
    "COPYING",
    "CHANGELOG",
    "NOTES",
];

/// What is left out of folders and archives.
pub(super) struct Excludes {
    globs: GlobSet,
}

impl Excludes {
    /// Compiles globs: one without `/` matches any name, one with `/` the path below the source.
    pub(super) fn new(globs: &[String]) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let path = glob.trim_start_matches("./").trim_end_matches('/');
            let anywhere = !path.contains('/');
            let path = path.trim_start_matches('/');
            let pattern = if anywhere {
                format!("**/{path}")
            } else {
                path.to_owned()
            };
            let compiled = GlobBuilder::new(&pattern)
                .literal_separator(true)
                .build()
                .map_err(|e| wrong_glob(glob, &e))?;
            set.add(compiled);
        }
        let globs = set.build().map_err(|e| wrong_glob("", &e))?;
        Ok(Excludes { globs })
    }

    /// Whether a file is left out because of its own name or of a folder above it.
    pub(super) fn leave_out(&self, path_below_source: &str) -> bool {
        let name = path_below_source.rsplit('/').next().unwrap_or_default();
        speaks_about(name)
            || path_below_source.split('/').any(is_dot_name)
            || parents(path_below_source).any(|path| self.globs.is_match(path))
    }

    fn leave_out_folder(&self, path_below_source: &str) -> bool {
        path_below_source.split('/').any(is_dot_name) || self.globs.is_match(path_below_source)
    }
}

fn wrong_glob(glob: &str, error: &globset::Error) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("{glob:?} is not a glob: {}", error.kind()),
    )
}

/// A path and all paths above it.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        path.rsplit_once('/').map(|(parent, _)| parent)
    })
}

fn is_dot_name(name: &str) -> bool {
    name.starts_with('.') && name != "." && name != ".."
}

/// Whether a name is `readme.md`, `LICENSE-MIT`, `README.fa.md`; an article `notes-on-pain.md` is none.
fn speaks_about(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let in_capitals = |word: &str| {
        stem.strip_prefix(word)
            .is_some_and(|rest| rest.starts_with(['-', '_']))
    };
    ABOUT
        .iter()
        .any(|word| stem.eq_ignore_ascii_case(word) || in_capitals(word))
}

/// What a walk comes upon.
pub(super) enum Found {
    /// A regular file.
    File {
        path: PathBuf,
        path_below_source: String,
    },
    /// Something left out on purpose.
    LeftOut,
    /// Something that cannot be walked.
    Trouble {
        path: PathBuf,
        path_below_source: String,
        reason: Reason,
    },
}

/// Walks a folder; symbolic links are followed, every linked folder once.
pub(super) fn walk<'a>(
    root: &'a Path,
    excludes: &'a Excludes,
) -> impl Iterator<Item = Found> + use<'a> {
    let mut linked = HashSet::new();
    let mut entries = WalkDir::new(root)
        .follow_links(true)
        .sort_by(by_path)
        .into_iter();
    std::iter::from_fn(move || {
        loop {
            let entry = match entries.next()? {
                Ok(entry) => entry,
                Err(e) => return Some(trouble(root, &e)),
            };
            let is_folder = entry.file_type().is_dir();
            if is_folder && entry.depth() == 0 {
                continue;
            }
            let path_below_source = below(root, entry.path());
            if is_folder {
                let seen = entry.path_is_symlink() && !first_visit(&mut linked, entry.path());
                if seen || excludes.leave_out_folder(&path_below_source) {
                    entries.skip_current_dir();
                }
                continue;
            }
            if !entry.file_type().is_file() || excludes.leave_out(&path_below_source) {
                return Some(Found::LeftOut);
            }
            return Some(Found::File {
                path: entry.into_path(),
                path_below_source,
            });
        }
    })
}

/// Remembers a linked folder: links to one another could make the walk endless though none leads back to itself.
fn first_visit(linked: &mut HashSet<PathBuf>, path: &Path) -> bool {
    path.canonicalize().is_ok_and(|real| linked.insert(real))
}

fn below(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// Order of the whole paths' bytes: a folder stands where its name with a `/` stands.
fn by_path(a: &DirEntry, b: &DirEntry) -> Ordering {
    let key = |entry: &DirEntry| {
        let mut name = entry.file_name().as_encoded_bytes().to_vec();
        if entry.file_type().is_dir() {
            name.push(b'/');
        }
        name
    };
    key(a).cmp(&key(b))
}

fn trouble(root: &Path, error: &walkdir::Error) -> Found {
    let reason = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => Reason::new(format!(
            "a symbolic link that leads back to {}",
            ancestor.display()
        )),
        (None, Some(e)) => super::fault::reading(e),
        (None, None) => Reason::new("cannot be walked"),
    };
    let path = error.path().unwrap_or(root).to_owned();
    Found::Trouble {
        path_below_source: below(root, &path),
        path,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(root: &Path, globs: &[&str]) -> Vec<String> {
        let globs: Vec<String> = globs.iter().map(|&g| g.to_owned()).collect();
        let excludes = Excludes::new(&globs).unwrap();
        walk(root, &excludes)
            .filter_map(|found| match found {
                Found::File {
                    path_below_source, ..
                } => Some(path_below_source),
                Found::LeftOut => None,
                Found::Trouble {
                    path_below_source,
                    reason,
                    ..
                } => Some(format!("{path_below_source}: {}", reason.message)),
            })
            .collect()
    }

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[test]
    fn files_come_in_the_order_of_their_paths_bytes() {
        let files = ["a/z", "a-b", "a.md", "a0", "B", "é", "a/b/c"];
        let folder = folder(&files);
        let mut sorted = files.to_vec();
        sorted.sort_by_key(|path| path.as_bytes());
        assert_eq!(names(folder.path(), &[]), sorted);
    }

    #[test]
    fn dot_files_and_files_about_the_collection_are_left_out() {
        let folder = folder(&[
            ".git/config",
            ".env",
            "README.md",
            "readme",
            "LICENSE-MIT",
            "posts/CHANGELOG.md",
            "NOTES.txt",
            "notes-on-pain.md",
            "NOTESHEET.md",
            "posts/a.md",
        ]);
        assert_eq!(
            names(folder.path(), &[]),
            ["NOTESHEET.md", "notes-on-pain.md", "posts/a.md"]
        );
    }

    #[test]
    fn a_glob_without_a_slash_matches_names_and_one_with_a_slash_the_path() {
        let folder = folder(&["a/drafts/x.md", "a/y.md", "a/y.txt", "drafts/z.md"]);
        assert_eq!(names(folder.path(), &["drafts"]), ["a/y.md", "a/y.txt"]);
        assert_eq!(
            names(folder.path(), &["a/drafts/", "*.txt"]),
            ["a/y.md", "drafts/z.md"]
        );
        assert_eq!(
            names(folder.path(), &["./a/*"]),
            ["a/drafts/x.md", "drafts/z.md"][1..]
        );
        assert!(Excludes::new(&["a[".to_owned()]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_is_told_and_every_linked_folder_is_walked_once() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["real/a.md"]);
        let root = folder.path();
        symlink(root, root.join("real/loop")).unwrap();
        symlink("nowhere", root.join("broken")).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("b.md"), "x").unwrap();
        symlink(elsewhere.path(), root.join("link1")).unwrap();
        symlink(elsewhere.path(), root.join("link2")).unwrap();
        symlink("real/a.md", root.join("z.md")).unwrap();
        let names = names(root, &[]);
        assert_eq!(names.len(), 5, "{names:?}");
        assert!(names[0].starts_with("broken: "), "{names:?}");
        assert_eq!(names[1..3], ["link1/b.md", "real/a.md"]);
        assert!(names[3].starts_with("real/loop: a symbolic link that leads back to"));
        assert_eq!(names[4], "z.md");
    }
}
