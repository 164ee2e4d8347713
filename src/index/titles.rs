//! The titles of the records a run has written: told in its list of changes, and packed until then,
//! since a first build has as many as there are records.

use crate::error::{Error, ErrorKind, Result};

/// Bytes packed together.
const AT_ONCE: usize = 1 << 18;

/// The quickest level: titles come by while documents do, on the same thread.
const LEVEL: i32 = 1;

/// Titles by the numbers of documents, in the order they came.
#[derive(Default)]
pub(crate) struct Titles {
    packed: Vec<Vec<u8>>,
    /// The last ones, as JSON.
    open: Vec<u8>,
}

impl Titles {
    /// Adds the title of a document.
    pub(crate) fn add(&mut self, uid: u64, title: &str) -> Result<()> {
        serde_json::to_writer(&mut self.open, &(uid, title)).map_err(unpackable)?;
        if self.open.len() >= AT_ONCE {
            let packed = zstd::bulk::compress(&self.open, LEVEL).map_err(unpackable)?;
            self.packed.push(packed);
            self.open.clear();
        }
        Ok(())
    }

    /// Tells all of them, and keeps none that was told.
    pub(crate) fn each(self, mut tell: impl FnMut(u64, String)) -> Result<()> {
        for packed in self.packed {
            let json = zstd::decode_all(packed.as_slice()).map_err(unpackable)?;
            tell_each(&json, &mut tell)?;
        }
        tell_each(&self.open, &mut tell)
    }
}

fn tell_each(json: &[u8], tell: &mut impl FnMut(u64, String)) -> Result<()> {
    for title in serde_json::Deserializer::from_slice(json).into_iter() {
        let (uid, title) = title.map_err(unpackable)?;
        tell(uid, title);
    }
    Ok(())
}

fn unpackable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Io, "titles cannot be packed").caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_told_in_its_order() {
        let title = |uid: u64| format!("Of \"{uid}\"\nand more {}", "x".repeat(uid as usize % 90));
        let mut titles = Titles::default();
        for uid in 0..10_000 {
            titles.add(uid, &title(uid)).unwrap();
        }
        assert!(titles.packed.len() > 1 && !titles.open.is_empty());
        let mut told = Vec::new();
        titles.each(|uid, title| told.push((uid, title))).unwrap();
        let wanted: Vec<_> = (0..10_000).map(|uid| (uid, title(uid))).collect();
        assert_eq!(told, wanted);
    }
}
