//! Where a stream stands, and what it is called there.

use crate::record::{Format, Provenance};

/// Where a stream stands: a file, or an entry of an archive.
#[derive(Clone)]
pub(super) struct Place {
    /// The file as it was named or walked to.
    pub(super) file: String,
    /// The path of entries below it.
    pub(super) entry: Option<String>,
    /// See `Context::path_below_source`.
    pub(super) path_below_source: String,
    /// The archive is itself the source that was named.
    pub(super) is_source: bool,
}

impl Place {
    pub(super) fn provenance(&self, line: Option<u64>, format: Option<Format>) -> Provenance {
        Provenance {
            file: self.file.clone(),
            entry: self.entry.clone(),
            line,
            format,
        }
    }

    /// An entry of the archive that stands here; names are labels only and lead nowhere.
    pub(super) fn entry(&self, name: &str) -> Place {
        let name = name.trim_start_matches("./").trim_matches('/');
        Place {
            file: self.file.clone(),
            entry: Some(match &self.entry {
                Some(outer) => format!("{outer}!{name}"),
                None => name.to_owned(),
            }),
            path_below_source: if self.is_source {
                name.to_owned()
            } else {
                format!("{}/{name}", self.path_below_source)
            },
            is_source: false,
        }
    }

    /// The stream inside a compressed one.
    pub(super) fn decompressed(mut self) -> Place {
        const ENDINGS: [(&str, &str); 6] = [
            (".gz", ""),
            (".zst", ""),
            (".gzip", ""),
            (".zstd", ""),
            (".tgz", ".tar"),
            (".tzst", ".tar"),
        ];
        for (ending, instead) in ENDINGS {
            if let Some(stem) = self.path_below_source.strip_suffix(ending) {
                self.path_below_source = format!("{stem}{instead}");
                break;
            }
        }
        self
    }
}
