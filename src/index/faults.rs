//! What happens at the steps by which an index changes the disk, where a test says so: an error,
//! the end of the process, or a record of the step.

use super::disk::Step;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What a failing disk tells.
const EIO: i32 = 5;

/// How a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This step, and none after it.
    Once,
    /// This step and every one after it.
    ForEver,
    /// As for ever, and a write is cut in its middle: all that a killed process leaves.
    Killed,
}

/// A step that was done, to be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    CreateFile(PathBuf),
    Write(PathBuf, Vec<u8>),
    SyncFile(PathBuf),
    SyncFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Link(PathBuf, PathBuf),
    RemoveFile(PathBuf),
    CreateFolder(PathBuf),
    RemoveFolder(PathBuf),
}

/// Watches all steps below a folder until dropped.
pub(crate) struct Watch {
    root: PathBuf,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    steps: usize,
    fault: Option<(usize, Fault)>,
    done: Vec<Done>,
}

/// The folders watched: tests run side by side in one process, each in a folder of its own.
static WATCHED: RwLock<Vec<(PathBuf, Arc<Mutex<State>>)>> = RwLock::new(Vec::new());

impl Watch {
    /// Records every step.
    pub(super) fn record(root: &Path) -> Self {
        Watch::begin(root, State::default())
    }

    /// Lets the step of a number, counted from 0, fail.
    pub(crate) fn fail(root: &Path, at: usize, fault: Fault) -> Self {
        let state = State {
            fault: Some((at, fault)),
            ..State::default()
        };
        Watch::begin(root, state)
    }

    fn begin(root: &Path, state: State) -> Self {
        let watch = Watch {
            root: root.to_owned(),
            state: Arc::new(Mutex::new(state)),
        };
        let entry = (watch.root.clone(), Arc::clone(&watch.state));
        WATCHED
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
        watch
    }

    /// Whether the step that shall fail was reached.
    pub(crate) fn failed(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.fault.is_some_and(|(at, _)| at < state.steps)
    }

    /// What was done so far.
    pub(super) fn done(&self) -> Vec<Done> {
        self.state.lock().unwrap().done.clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = WATCHED.write().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|(_, state)| !Arc::ptr_eq(state, &self.state));
    }
}

/// Tells whether a step shall be done.
pub(super) fn meet(step: Step<'_>) -> io::Result<()> {
    let (Step::CreateFile(path)
    | Step::Write(path, _)
    | Step::SyncFile(path)
    | Step::SyncFolder(path)
    | Step::Rename(path, _)
    | Step::Link(path, _)
    | Step::RemoveFile(path)
    | Step::CreateFolder(path)
    | Step::RemoveFolder(path)) = step;
    let state = {
        let watched = WATCHED.read().unwrap_or_else(PoisonError::into_inner);
        let watch = watched.iter().find(|(root, _)| path.starts_with(root));
        watch.map(|(_, state)| Arc::clone(state))
    };
    match state {
        Some(state) => state.lock().unwrap().meet(step),
        None => Ok(()),
    }
}

impl State {
    fn meet(&mut self, step: Step<'_>) -> io::Result<()> {
        let number = self.steps;
        self.steps += 1;
        let Some((at, fault)) = self.fault else {
            self.done.push(done(step));
            return Ok(());
        };
        if number < at || (number > at && fault == Fault::Once) {
            return Ok(());
        }
        if let (Step::Write(path, bytes), Fault::Killed) = (step, fault)
            && number == at
        {
            let mut file = OpenOptions::new().append(true).open(path)?;
            file.write_all(&bytes[..bytes.len() / 2])?;
        }
        Err(io::Error::from_raw_os_error(EIO))
    }
}

fn done(step: Step<'_>) -> Done {
    let own = Path::to_owned;
    match step {
        Step::CreateFile(path) => Done::CreateFile(own(path)),
        Step::Write(path, bytes) => Done::Write(own(path), bytes.to_vec()),
        Step::SyncFile(path) => Done::SyncFile(own(path)),
        Step::SyncFolder(path) => Done::SyncFolder(own(path)),
        Step::Rename(from, to) => Done::Rename(own(from), own(to)),
        Step::Link(from, to) => Done::Link(own(from), own(to)),
        Step::RemoveFile(path) => Done::RemoveFile(own(path)),
        Step::CreateFolder(path) => Done::CreateFolder(own(path)),
        Step::RemoveFolder(path) => Done::RemoveFolder(own(path)),
    }
}
