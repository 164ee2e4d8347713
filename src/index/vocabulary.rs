//! The vocabulary a user has given an index: a file beside its generations.

use super::durable;
use super::layout::Layout;
use crate::concept::Vocabulary;
use crate::error::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Name of the file: the vocabulary as zstd-compressed text, behind a line with its CRC32.
const VOCABULARY: &str = "vocabulary";

fn path(root: &Path) -> PathBuf {
    root.join(VOCABULARY)
}

/// Adds a vocabulary to that of an index, whose folder must exist; searches opened from then on use it.
///
/// # Errors
/// No index there, or what reading and writing say.
pub fn add_vocabulary(root: &Path, vocabulary: Vocabulary) -> Result<Vocabulary> {
    if Layout::new(root).current()?.is_none() {
        return Err(Error::new(ErrorKind::Io, "no index here")
            .at(root)
            .remedy("make one with `trialdex index SOURCE…`"));
    }
    let mut known = vocabulary_of(root)?.unwrap_or_default();
    known.merge(vocabulary);
    let path = path(root);
    let text = known.to_text();
    let packed = zstd::encode_all(text.as_bytes(), 3).map_err(|e| Error::io(&path, e))?;
    let crc32 = crc32fast::hash(&packed);
    let mut bytes = format!("{crc32:08x}\n").into_bytes();
    bytes.extend(packed);
    durable::replace_file(&path, &bytes)?;
    Ok(known)
}

/// Takes the vocabulary out of an index; tells whether there was one.
///
/// # Errors
/// What writing says.
pub fn remove_vocabulary(root: &Path) -> Result<bool> {
    let path = path(root);
    match std::fs::remove_file(&path) {
        Ok(()) => durable::sync_folder(root).map(|()| true),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(Error::io(path, e)),
    }
}

/// The vocabulary of an index, if it has one.
///
/// # Errors
/// What reading says, [`ErrorKind::Damaged`] where the file is not what was written.
pub fn vocabulary_of(root: &Path) -> Result<Option<Vocabulary>> {
    let path = path(root);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Error::io(path, e)),
    };
    let damaged = || {
        Error::new(ErrorKind::Damaged, "its checksum is wrong")
            .at(&path)
            .remedy("remove it with `trialdex vocabulary remove` and add the vocabulary again")
    };
    let (head, packed) = bytes.split_at_checked(9).ok_or_else(damaged)?;
    if head != format!("{:08x}\n", crc32fast::hash(packed)).as_bytes() {
        return Err(damaged());
    }
    let text = zstd::decode_all(packed).map_err(|_| damaged())?;
    let text = String::from_utf8(text).map_err(|_| damaged())?;
    Ok(Some(Vocabulary::from_text(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vocabulary_is_kept_whole_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let one = Vocabulary::from_text("Psoriasis\tC17.1\t\n");
        assert!(add_vocabulary(root, one.clone()).is_err(), "no index yet");
        assert_eq!(vocabulary_of(root).unwrap(), None);
        let layout = Layout::new(root);
        layout.create().unwrap();
        let name = layout.next_name().unwrap();
        std::fs::create_dir(layout.generation(name)).unwrap();
        layout.publish(name).unwrap();
        add_vocabulary(root, one).unwrap();
        let both = add_vocabulary(root, Vocabulary::from_text("Skin\tA1\tDermis\n")).unwrap();
        assert_eq!(vocabulary_of(root).unwrap(), Some(both));
        let mut bytes = std::fs::read(path(root)).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(path(root), bytes).unwrap();
        assert_eq!(vocabulary_of(root).unwrap_err().kind(), ErrorKind::Damaged);
        assert!(remove_vocabulary(root).unwrap() && !remove_vocabulary(root).unwrap());
    }
}
