//! The power is cut after every step of a run: what the disk may hold then is opened again.
//!
//! A disk keeps what was synced. Of the rest it may keep anything: names without content, content
//! without names, all or nothing.

use super::steps::{Change, folder, no_litter};
use super::*;
use crate::index::faults::{Done, Watch};

/// What programs see of a disk, and what a power cut leaves of it for certain.
#[derive(Clone, Default)]
struct Disk {
    files: Vec<File>,
    seen: BTreeMap<PathBuf, Node>,
    kept: BTreeMap<PathBuf, Node>,
}

#[derive(Clone, Default)]
struct File {
    seen: Vec<u8>,
    kept: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq)]
enum Node {
    Folder,
    /// A file by its number: names come and go, and one file can have several.
    File(usize),
}

/// What a power cut leaves of what was not synced.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Nothing,
    NamesOnly,
    ContentOnly,
    Everything,
    /// Any part, another for every number.
    Some(u64),
}

impl Disk {
    /// A disk on which all that stands below a folder is durable.
    fn load(root: &Path) -> Self {
        let mut disk = Disk::default();
        disk.load_folder(root);
        disk.kept.clone_from(&disk.seen);
        disk
    }

    fn load_folder(&mut self, path: &Path) {
        self.seen.insert(path.to_owned(), Node::Folder);
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.load_folder(&path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            self.seen.insert(path, Node::File(self.files.len()));
            self.files.push(File {
                seen: bytes.clone(),
                kept: bytes,
            });
        }
    }

    fn file(&mut self, path: &Path) -> &mut File {
        match self.seen.get(path) {
            Some(Node::File(number)) => &mut self.files[*number],
            _ => panic!("no file at {}", path.display()),
        }
    }

    fn apply(&mut self, step: &Done) {
        match step {
            Done::CreateFile(path) => match self.seen.get(path) {
                Some(_) => self.file(path).seen.clear(),
                None => {
                    self.seen.insert(path.clone(), Node::File(self.files.len()));
                    self.files.push(File::default());
                }
            },
            Done::Write(path, bytes) => self.file(path).seen.extend(bytes),
            Done::SyncFile(path) => {
                let file = self.file(path);
                file.kept.clone_from(&file.seen);
            }
            Done::SyncFolder(folder) => {
                let is_in = |path: &Path| path.parent() == Some(folder.as_path());
                self.kept.retain(|path, _| !is_in(path));
                let names = self.seen.iter().filter(|(path, _)| is_in(path));
                self.kept
                    .extend(names.map(|(path, node)| (path.clone(), *node)));
            }
            Done::Rename(from, to) => {
                let node = self.seen.remove(from).unwrap();
                self.seen.insert(to.clone(), node);
            }
            Done::Link(from, to) => {
                let node = self.seen[from];
                self.seen.insert(to.clone(), node);
            }
            Done::CreateFolder(path) => {
                self.seen.insert(path.clone(), Node::Folder);
            }
            Done::RemoveFile(path) | Done::RemoveFolder(path) => {
                self.seen.remove(path);
            }
        }
    }

    /// Writes what a power cut leaves to another folder.
    fn cut(&self, root: &Path, cut: Cut, to: &Path) {
        let paths: std::collections::BTreeSet<_> =
            self.seen.keys().chain(self.kept.keys()).collect();
        for path in paths {
            let chance = match cut {
                Cut::Some(seed) => {
                    let text = format!("{seed} {}", path.strip_prefix(root).unwrap().display());
                    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
                }
                _ => 0,
            };
            let (seen_name, seen_content) = match cut {
                Cut::Nothing => (false, false),
                Cut::NamesOnly => (true, false),
                Cut::ContentOnly => (false, true),
                Cut::Everything => (true, true),
                Cut::Some(_) => (chance & 1 == 0, chance & 2 == 0),
            };
            let names = if seen_name { &self.seen } else { &self.kept };
            let target = to.join(path.strip_prefix(root).unwrap());
            let has_folder = target == to || target.parent().is_some_and(Path::is_dir);
            match names.get(path) {
                Some(Node::Folder) if has_folder && target != to => {
                    fs::create_dir(&target).unwrap()
                }
                Some(Node::File(number)) if has_folder => {
                    let file = &self.files[*number];
                    let content = if seen_content { &file.seen } else { &file.kept };
                    fs::write(&target, content).unwrap();
                }
                _ => {}
            }
        }
    }
}

/// Cuts the power after every step of a run, in every way.
fn survives_power_cuts(change: &Change) {
    let original = change.copy();
    let mut disk = Disk::load(original.path());
    let watch = Watch::record(original.path());
    change.run(&original.path().join("index")).unwrap();
    let steps = watch.done();
    drop(watch);
    let mut seeds = 0..;
    for number in 0..=steps.len() {
        let [one, other] = [(); 2].map(|()| Cut::Some(seeds.next().unwrap()));
        let cuts = [
            Cut::Nothing,
            Cut::NamesOnly,
            Cut::ContentOnly,
            Cut::Everything,
            one,
            other,
        ];
        for cut in cuts {
            let at = format!("{cut:?} kept after {number} of {} steps", steps.len());
            let folder = folder();
            disk.cut(original.path(), cut, folder.path());
            let root = folder.path().join("index");
            let is_after = change.is_after(&root, &at);
            assert!(
                is_after || number < steps.len(),
                "{at}: acknowledged and lost"
            );
            if number % 9 == 0 && matches!(cut, Cut::Nothing | Cut::Some(_)) {
                change.recovers(&root, &at);
            }
        }
        if let Some(step) = steps.get(number) {
            disk.apply(step);
        }
    }
    no_litter(&original.path().join("index"), "in the end");
}

#[test]
fn the_first_build_survives_a_power_cut_after_every_step() {
    survives_power_cuts(&Change::first_build());
}

#[test]
fn a_night_survives_a_power_cut_after_every_step() {
    survives_power_cuts(&Change::night());
}

#[test]
fn a_full_rebuild_survives_a_power_cut_after_every_step() {
    survives_power_cuts(&Change::full_rebuild());
}
