//! What rots on the disk is reported, never served.

use super::*;
use crate::index::generation;
use crate::index::layout::Layout;
use crate::index::mapping::Mapping;

/// An index with deleted and superseded documents in several segments, and the files of its generation.
fn index() -> (Bench, Vec<(PathBuf, Vec<u8>)>) {
    let bench = Bench::new(&[]);
    for number in 0..40 {
        let title = format!(
            "{} of number {number}",
            ["alpha", "beta", "gamma"][number % 3]
        );
        let number = number as u32;
        bench.write(
            &format!("{number}.json"),
            &study(number, &title, "2020-01-01"),
        );
    }
    bench.update();
    bench.write("1.json", &study(1, "beta changed", "2021-01-01"));
    bench.write("old.json", &study(2, "alpha once", "2019-01-01"));
    bench.delete("3.json");
    bench.update();
    let generation = bench
        .root()
        .join("generations")
        .join(bench.snapshot().generation().unwrap());
    let mut files = files(&generation);
    let current = bench.root().join("CURRENT");
    files.push((current.clone(), fs::read(current).unwrap()));
    assert!(
        files
            .iter()
            .any(|(path, _)| path.extension().is_some_and(|e| e == "del"))
    );
    (bench, files)
}

/// So many places spread over a file, its first and last byte among them.
fn places(length: usize, count: usize) -> impl Iterator<Item = usize> {
    let last = length.saturating_sub(1);
    let places = (0..count).map(move |number| last * number / (count - 1).max(1));
    let mut places: Vec<usize> = places.filter(|place| *place < length).collect();
    places.dedup();
    places.into_iter()
}

fn with_flipped_bit(good: &[u8], at: usize) -> Vec<u8> {
    let mut bad = good.to_vec();
    bad[at] ^= 1 << (at % 8);
    bad
}

/// Reads all that can be read through the public library; damage ends it, a panic fails the test.
fn read_everything(snapshot: &Snapshot) -> crate::Result<usize> {
    snapshot.get("NCT00000001")?;
    let records = snapshot.records()?.collect::<crate::Result<Vec<_>>>()?;
    let superseded = snapshot.superseded()?.collect::<crate::Result<Vec<_>>>()?;
    Ok(records.len() + superseded.len())
}

#[test]
fn every_flipped_bit_and_every_truncation_is_reported_at_opening() {
    let (bench, files) = index();
    let open = || Index::open(bench.root(), Arc::clone(&SCHEMA));
    for (path, good) in files {
        let flipped = places(good.len(), 40).map(|at| with_flipped_bit(&good, at));
        let cut = places(good.len(), 5).map(|length| good[..length].to_vec());
        for bad in flipped.chain(cut) {
            fs::write(&path, &bad).unwrap();
            let error = open().unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::Damaged,
                "{}: {error}",
                path.display()
            );
            assert_eq!(error.path(), Some(path.as_path()), "{error}");
        }
        fs::write(&path, &good).unwrap();
    }
    assert_eq!(read_everything(&bench.snapshot()).unwrap(), 40);
}

/// Opens the published generation as a large one is opened: only its small files are read.
fn open_unread(bench: &Bench) -> crate::Result<Snapshot> {
    let layout = Layout::new(bench.root());
    let path = layout.generation(layout.current()?.unwrap());
    let (searcher, manifest) = generation::open_up_to(&path, &SCHEMA, 0)?;
    let mapping = Arc::new(Mapping::new(&SCHEMA)?);
    Ok(Snapshot::of(
        Arc::clone(&SCHEMA),
        mapping,
        path,
        searcher,
        manifest,
    ))
}

#[test]
fn in_an_index_too_large_to_be_read_at_opening_damage_is_found_by_verifying_and_never_panics() {
    let (bench, files) = index();
    let mut opened = 0;
    for (path, good) in files {
        for at in places(good.len(), 40) {
            fs::write(&path, with_flipped_bit(&good, at)).unwrap();
            let at = format!("{} at {at}", path.display());
            match open_unread(&bench) {
                Err(e) => assert_eq!(e.kind(), ErrorKind::Damaged, "{at}: {e}"),
                Ok(snapshot) => {
                    opened += 1;
                    let verified = verify(&bench.root(), &SCHEMA).unwrap();
                    assert_eq!(verified.damage.len(), 1, "{at}: {verified:?}");
                    if let Err(e) = read_everything(&snapshot) {
                        assert_eq!(e.kind(), ErrorKind::Damaged, "{at}: {e}");
                    }
                }
            }
        }
        fs::write(&path, &good).unwrap();
    }
    assert!(opened > 100, "only {opened} were opened");
}

#[test]
fn what_has_rotted_is_not_built_upon() {
    let (bench, files) = index();
    bench.write("new.json", &study(77, "gamma", "2020-01-01"));
    for (path, good) in files {
        fs::write(&path, with_flipped_bit(&good, good.len() / 2)).unwrap();
        let opened = IndexWriter::open(bench.root(), Arc::clone(&SCHEMA));
        let updated = opened.and_then(|mut writer| {
            writer.read_all();
            writer.update(&UpdateOptions::default(), &mut ())
        });
        let error = updated.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Damaged,
            "{}: {error}",
            path.display()
        );
        fs::write(&path, &good).unwrap();
    }
    bench.update();
    assert_eq!(read_everything(&bench.snapshot()).unwrap(), 41);
}
