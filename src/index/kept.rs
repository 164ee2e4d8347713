//! What was worked out for queries while a generation is open: they ask for the same words again and again.

use crate::error::Result;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes an entry takes beside its key and its value, about.
const ENTRY: usize = 128;

/// Values by what they were worked out from, of so many bytes together.
pub(crate) struct Kept<V> {
    most: usize,
    held: Mutex<Held<V>>,
}

struct Held<V> {
    values: HashMap<Box<[u8]>, Arc<V>>,
    bytes: usize,
}

impl<V> Kept<V> {
    /// Nothing yet; so many bytes at most.
    pub(crate) fn new(most: usize) -> Self {
        let held = Mutex::new(Held::new());
        Kept { most, held }
    }

    /// The value of a key, worked out where it is not kept; `size` says how many bytes a value has.
    ///
    /// # Errors
    /// What working it out says.
    pub(crate) fn get(
        &self,
        key: &[u8],
        size: impl FnOnce(&V) -> usize,
        work_out: impl FnOnce() -> Result<V>,
    ) -> Result<Arc<V>> {
        if let Some(known) = self.held().values.get(key) {
            return Ok(Arc::clone(known));
        }
        let value = Arc::new(work_out()?);
        let bytes = ENTRY + key.len() + size(&value);
        if bytes <= self.most {
            self.held().keep(key, &value, bytes, self.most);
        }
        Ok(value)
    }

    fn held(&self) -> MutexGuard<'_, Held<V>> {
        // Every entry is right by itself, whoever was stopped while writing another.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Held<V> {
    fn new() -> Self {
        Held {
            values: HashMap::new(),
            bytes: 0,
        }
    }

    /// Where there is no room, all begins anew: what is asked for often is soon back.
    fn keep(&mut self, key: &[u8], value: &Arc<V>, bytes: usize, most: usize) {
        if self.bytes + bytes > most {
            *self = Held::new();
        }
        if self.values.insert(key.into(), Arc::clone(value)).is_none() {
            self.bytes += bytes;
        }
    }
}

impl<V> fmt::Debug for Kept<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.held();
        write!(
            f,
            "Kept({} values, {} bytes)",
            held.values.len(),
            held.bytes
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_value_is_worked_out_once_while_there_is_room() {
        let kept = Kept::new(3 * (ENTRY + 1 + 100));
        let worked_out = Cell::new(0);
        let get = |key: u8| {
            let value = kept.get(
                &[key],
                |_| 100,
                || {
                    worked_out.set(worked_out.get() + 1);
                    Ok(key)
                },
            );
            assert_eq!(*value.unwrap(), key);
        };
        for key in [1, 2, 3, 1, 2, 3] {
            get(key);
        }
        assert_eq!(worked_out.get(), 3);
        for key in [4, 1, 4] {
            get(key);
        }
        assert_eq!(worked_out.get(), 5, "the fourth began anew");
        assert!(kept.held().bytes <= kept.most);
    }

    #[test]
    fn what_is_too_large_is_not_kept_and_takes_no_room() {
        let kept = Kept::new(10);
        kept.get(b"a", |_| 1_000, || Ok(1)).unwrap();
        assert_eq!(kept.held().bytes, 0);
        assert_eq!(*kept.get(b"a", |_| 1_000, || Ok(2)).unwrap(), 2);
    }

    #[test]
    fn nothing_is_kept_of_what_failed() {
        let kept: Kept<u8> = Kept::new(10_000);
        let failed = || {
            Err(crate::error::Error::new(
                crate::error::ErrorKind::Io,
                "unreadable",
            ))
        };
        assert!(kept.get(b"a", |_| 1, failed).is_err());
        assert_eq!(*kept.get(b"a", |_| 1, || Ok(2)).unwrap(), 2);
    }
}
