//! The program is killed at random moments while a reader looks on.

use super::{Random, Sources, State, no_litter, open, said};
use crate::program::trialdex;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use trialdex::ErrorKind;

/// The states an index was in or may be in now, oldest first.
#[derive(Default)]
struct History {
    states: Vec<Arc<State>>,
    /// The place of a state a run has told to be durable.
    published: usize,
}

/// A folder with sources and their index, and all a reader has to know.
struct Scene {
    folder: PathBuf,
    sources: Sources,
    random: Random,
    history: Arc<Mutex<History>>,
    /// How long an undisturbed run takes.
    took: Duration,
    kills: u32,
}

impl Scene {
    fn new(folder: &Path, seed: u64) -> Self {
        Scene {
            folder: folder.to_owned(),
            sources: Sources::new(folder, seed),
            random: Random(seed),
            history: Arc::default(),
            took: Duration::from_millis(300),
            kills: 0,
        }
    }

    fn root(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// The program with words before the sources, where it is to be told them.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = trialdex(&self.folder);
        command.args(words);
        if words.first() == Some(&"index") {
            command.args(self.sources.paths());
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end; it must succeed.
    fn run(&mut self, words: &[&str]) {
        let clock = Instant::now();
        let output = self.command(words).output().unwrap();
        self.took = clock.elapsed();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{words:?}: {}",
            said(&output)
        );
    }

    /// Kills the program at a random moment of its run; tells whether it came to its end before.
    fn kill(&mut self, words: &[&str]) -> bool {
        let mut child = self.command(words).spawn().unwrap();
        let most = self.took.as_micros() as u64 * 11 / 10;
        thread::sleep(Duration::from_micros(self.random.below(most)));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.signal() == Some(9) {
            self.kills += 1;
            return false;
        }
        assert_eq!(
            output.status.code(),
            Some(0),
            "{words:?}: {}",
            said(&output)
        );
        true
    }

    /// From now on the index may be in this state.
    fn may_become(&self, state: State) -> Arc<State> {
        let state = Arc::new(state);
        self.history.lock().unwrap().states.push(Arc::clone(&state));
        state
    }

    /// From now on the index is in its last state.
    fn has_become(&self) {
        let mut history = self.history.lock().unwrap();
        history.published = history.states.len() - 1;
    }

    fn state(&self) -> State {
        State::of(&open(&self.root()).unwrap().snapshot()).unwrap()
    }

    /// A run that leads to a state is killed, is run again, and leads to it.
    fn killed_on_the_way(&mut self, killed: &[&str], again: &[&str], to: State) {
        let to = self.may_become(to);
        let ended = self.kill(killed);
        if ended {
            self.has_become();
        }
        if self.root().join("CURRENT").exists() {
            let found = self.state();
            let history = Arc::clone(&self.history);
            let history = history.lock().unwrap();
            let before = history.states.iter().rev().nth(1);
            let is_before = !ended && before.is_some_and(|before| found == **before);
            assert!(
                is_before || found == *to,
                "{killed:?}: the state of night {}",
                found.night()
            );
        }
        self.run(again);
        assert!(
            self.state() == *to,
            "{again:?}: not what a clean build holds"
        );
        self.has_become();
        no_litter(&self.root());
    }
}

/// Looks at an index until told to stop; counts its looks.
struct Reader {
    stop: Arc<AtomicBool>,
    looks: Arc<AtomicU64>,
    thread: thread::JoinHandle<()>,
}

impl Reader {
    /// One that opens the index anew each time, or keeps it open and reloads it.
    fn start(scene: &Scene, reloads: bool) -> Self {
        let (root, history) = (scene.root(), Arc::clone(&scene.history));
        let (stop, looks) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&looks));
        let thread = thread::spawn(move || {
            let mut last = None;
            let mut index = None;
            while !stopped.load(Ordering::SeqCst) {
                let least = {
                    let history = history.lock().unwrap();
                    last.max((!history.states.is_empty()).then_some(history.published))
                };
                if !reloads {
                    index = None;
                }
                let opened = match index.take() {
                    Some(open) => trialdex::index::Index::reload(&open).map(|_| open),
                    None => open(&root),
                };
                let open = match opened {
                    Ok(open) => open,
                    Err(e) if last.is_none() && e.kind() == ErrorKind::Io => {
                        assert!(e.to_string().contains("no index here"), "{e}");
                        thread::sleep(Duration::from_millis(1));
                        continue;
                    }
                    Err(e) => panic!("the reader failed: {e}"),
                };
                let found = State::of(&open.snapshot()).unwrap();
                index = Some(open);
                let history = history.lock().unwrap();
                let known = history.states.iter().enumerate().skip(least.unwrap_or(0));
                let place = known
                    .filter(|(_, state)| ***state == found)
                    .map(|(place, _)| place)
                    .next();
                assert!(
                    place.is_some(),
                    "a state neither before nor after: night {}",
                    found.night()
                );
                last = place;
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Reader {
            stop,
            looks,
            thread,
        }
    }

    fn stop(self) -> u64 {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap();
        self.looks.load(Ordering::SeqCst)
    }
}

/// Kills first builds, nights, full rebuilds and steps back, so many of them in all; every state is compared.
fn kill_at_random_moments(kills: u32, seed: u64) {
    let mut done = 0;
    let mut looks = 0;
    let mut round = 0;
    while done < kills {
        let folder = tempfile::tempdir().unwrap();
        let mut scene = Scene::new(folder.path(), seed + round);
        round += 1;
        // The folder is there before its readers, as an operator would make it.
        fs::create_dir(scene.root()).unwrap();
        let readers = [Reader::start(&scene, false), Reader::start(&scene, true)];
        let state = scene.sources.clean_state();
        scene.killed_on_the_way(&["index"], &["index"], state);
        // Fewer than a tenth of the records vanish in a night, but nobody promises it.
        let night = ["reindex", "--max-removed", "100"];
        let full = ["reindex", "--full", "--max-removed", "100"];
        for killed in [&night[..], &full, &night, &night, &full, &night] {
            if done + scene.kills >= kills {
                break;
            }
            scene.sources.change();
            let state = scene.sources.clean_state();
            scene.killed_on_the_way(killed, &night, state);
        }
        if done + scene.kills < kills {
            step_back(&mut scene, &night);
        }
        looks += readers.into_iter().map(Reader::stop).sum::<u64>();
        done += scene.kills;
        eprintln!("{done} kills, {looks} looks");
    }
    assert!(
        looks > u64::from(kills),
        "the readers looked {looks} times only"
    );
}

/// Going back is killed; whatever came of it, the next night is the sources' again.
fn step_back(scene: &mut Scene, night: &[&str]) {
    let now = scene.state();
    scene.sources.change();
    let after = scene.may_become(scene.sources.clean_state());
    scene.run(night);
    scene.has_become();
    // Before and after the step back, and after the night that follows.
    scene.may_become(now);
    let went_back = scene.kill(&["rollback"]);
    if went_back {
        scene.has_become();
    }
    let found = scene.state();
    assert!(went_back || found == *after || found.night() != after.night());
    scene.sources.change();
    let next = scene.may_become(scene.sources.clean_state());
    scene.run(night);
    assert!(scene.state() == *next);
    scene.has_become();
    no_litter(&scene.root());
}

#[test]
fn a_kill_at_any_moment_leaves_the_state_before_or_after_and_readers_see_nothing_else() {
    kill_at_random_moments(7, 1);
}

/// Some minutes: `cargo test --release -- --ignored --nocapture two_hundred_kills`.
#[test]
#[ignore = "takes minutes"]
fn two_hundred_kills_leave_the_state_before_or_after_and_readers_see_nothing_else() {
    kill_at_random_moments(200, 1_000);
}
