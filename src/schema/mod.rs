//! Meaning as data: the files of `index-schema/`, read, checked and typed.
//!
//! They are compiled in; a folder given at run time replaces any of them by name.

pub mod countries;
pub mod vocabulary;

use crate::error::{Error, Result};
use countries::Countries;
use std::path::Path;
use vocabulary::Vocabularies;

/// Everything `index-schema/` says.
#[derive(Clone, Debug)]
pub struct IndexSchema {
    /// Wordings of the closed vocabularies.
    pub vocabularies: Vocabularies,
    /// Names of countries.
    pub countries: Countries,
}

impl IndexSchema {
    /// The schema compiled into the library. Reads some hundred KiB of TOML: make one and share it.
    ///
    /// # Errors
    /// None in a released library: a test validates every shipped file.
    pub fn shipped() -> Result<Self> {
        Self::from_files(|_| Ok(None))
    }

    /// The shipped schema with the files of a folder in place of those of the same name.
    ///
    /// # Errors
    /// A file that cannot be read or is wrong.
    pub fn load(folder: &Path) -> Result<Self> {
        Self::from_files(|name| {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::io(path, e)),
            }
        })
    }

    fn from_files(mut read: impl FnMut(&str) -> Result<Option<String>>) -> Result<Self> {
        let vocabularies = Vocabularies::load(|name| read(&format!("vocabulary/{name}")))?;
        let shipped = include_str!("../../index-schema/vocabulary/countries.toml");
        let countries = read("vocabulary/countries.toml")?;
        let countries = Countries::from_toml(countries.as_deref().unwrap_or(shipped))?;
        Ok(IndexSchema {
            vocabularies,
            countries,
        })
    }
}
