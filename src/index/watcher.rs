//! A thread that keeps an open index at the newest generation, for programs that live long.

use super::reader::Index;
use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Reloads an index whenever a newer generation was published, until it is dropped.
///
/// Asking costs one small file read each time; snapshots taken before stay valid.
#[derive(Debug)]
pub struct Watcher {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Looks every so often; `reloaded` is told, on the watcher's thread, of each reload and of each attempt that failed.
    ///
    /// # Errors
    /// The system starts no thread.
    pub fn start(
        index: Arc<Index>,
        every: Duration,
        mut reloaded: impl FnMut(Result<()>) + Send + 'static,
    ) -> Result<Self> {
        let (stop, stopped) = channel();
        let watch = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(every) {
                match index.reload() {
                    Ok(false) => {}
                    Ok(true) => reloaded(Ok(())),
                    Err(e) => reloaded(Err(e)),
                }
            }
        };
        let thread = thread::Builder::new()
            .name("trialdex-watcher".to_owned())
            .spawn(watch)
            .map_err(|e| Error::new(ErrorKind::Io, "no thread could be started").caused_by(e))?;
        Ok(Watcher {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // The thread wakes when the sender is gone.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // What a caller's function did to end the thread is told by that function.
            let _ = thread.join();
        }
    }
}
