//! What the reader promises, tested with a format of its own: no change of a registry's can hide
//! a fault here.

use super::*;
use crate::record::{Article, Format};
use crate::source::context::Context;
use crate::source::{Converted, Cutter, RawBody, RawRecord, Reason, Sample, SourceFormat};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::{self, BufRead, Cursor, Write};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;

/// One record a line, after a first line `#lines`.
struct Lines;

/// The whole file is one record that begins `whole:`.
struct Whole;

impl SourceFormat for Lines {
    fn format(&self) -> Format {
        Format::TrialdexJsonl
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        sample.head.starts_with(b"#lines\n")
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let body = line.trim_ascii_end().to_vec();
            let more = match body.as_slice() {
                b"#lines" => true,
                b"cut panic" => panic!("a fault in cutting"),
                b"uncut" => cutter.rejected(Some(number), Reason::new("cannot be cut")),
                _ => cutter.record(RawBody::Bytes(body), Some(number)),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        convert(raw, context)
    }
}

impl SourceFormat for Whole {
    fn format(&self) -> Format {
        Format::Markdown
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        sample.head.starts_with(b"whole:")
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        convert(raw, context)
    }
}

fn convert(raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
    let RawBody::Bytes(body) = &raw.body else {
        return Err(Reason::new("a row"));
    };
    let text = std::str::from_utf8(body).map_err(|_| Reason::new("not UTF-8"))?;
    match text {
        "bad" => return Err(Reason::new("bad")),
        "draft" => return Ok(Converted::Draft),
        "stub" => return Ok(Converted::Ignored),
        "panic" => panic!("a fault in converting"),
        _ => {}
    }
    context.note("seen");
    Ok(Converted::Record(Record::Article(Box::new(Article {
        article_id: context.path_below_source.to_owned(),
        title: Some(text.to_owned()),
        ..Article::default()
    }))))
}

/// Read once: it takes longer than most tests.
static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

static TEST_FORMATS: &[&dyn SourceFormat] = &[&Lines, &Whole];

/// A run as lines of text, and its report.
fn run_with(sources: Vec<Source>, options: &ReadOptions) -> (Vec<String>, ReadReport) {
    let mut lines = Vec::new();
    let mut files = 0;
    let report = pipeline::run(TEST_FORMATS, sources, &SCHEMA, options, |event| {
        lines.push(match event {
            Event::FileBegins { .. } => {
                files += 1;
                return ControlFlow::Continue(());
            }
            Event::FileEnds { .. } | Event::FileUnchanged { .. } => {
                files -= 1;
                return ControlFlow::Continue(());
            }
            Event::Record(parsed) => {
                let place = parsed.record.provenance().unwrap().to_string();
                let title = parsed.record.title().unwrap_or_default();
                format!("{place} [{}] {title}", parsed.record.id())
            }
            Event::Draft { provenance, .. } => format!("{provenance} draft"),
            Event::Rejected { rejection, .. } => {
                format!("{} - {}", rejection.provenance, rejection.reason.message)
            }
        });
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(report.stopped || files == 0, "a file without an end");
    adds_up(&report, lines.len());
    (lines, report)
}

fn adds_up(report: &ReadReport, events: usize) {
    let total = report.total();
    let records = total.record_total();
    assert_eq!(records.total() - records.without_content, events as u64);
    let reasons: u64 = total.rejections.values().map(|r| r.count).sum();
    assert_eq!(reasons, records.rejected);
}

fn run(source: Source) -> (Vec<String>, ReadReport) {
    run_with(vec![source], &ReadOptions::default())
}

fn stream(bytes: impl Into<Vec<u8>>) -> Source {
    Source::stream(Cursor::new(bytes.into()))
}

/// A folder; the places told are relative to it.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn run_folder(folder: &tempfile::TempDir) -> (Vec<String>, ReadReport) {
    let (lines, report) = run(Source::path(folder.path()));
    let root = format!("{}/", folder.path().display());
    let lines = lines.iter().map(|line| line.replace(&root, "")).collect();
    (lines, report)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // Names are set raw: a hostile archive does not ask for leave.
        if name.len() < 100 {
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        } else {
            builder.append_data(&mut header, name, *content).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

#[test]
fn every_container_and_any_nesting_gives_the_same_records() {
    let file = b"#lines\none\ntwo\n";
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let long = format!("{}/a.txt", "long".repeat(40));
    for (packed, entry) in [
        (file.to_vec(), ""),
        (b"\xEF\xBB\xBF#lines\none\ntwo\n".to_vec(), ""),
        (gzip(file), ""),
        ([gzip(b"#lines\none\n"), gzip(b"two\n")].concat(), ""),
        (zstd(file), ""),
        (tar(&[("x/a.txt", file)]), "!x/a.txt"),
        (tar(&[(&long, file)]), &*format!("!{long}")),
        (zip(&[("x/a.txt", file)]), "!x/a.txt"),
        (gzip(&tar(&[("./a.txt", file)])), "!a.txt"),
        (zstd(&tar(&[("a.txt", file)])), "!a.txt"),
        (gzip(&zip(&[("a.txt", file)])), "!a.txt"),
        (zip(&[("a.txt.gz", &gzip(file))]), "!a.txt.gz"),
        (
            tar(&[("a.zip", &zip(&[("b.tar", &tar(&[("c", file)]))]))]),
            "!a.zip!b.tar!c",
        ),
    ] {
        let id = entry
            .trim_start_matches('!')
            .trim_end_matches(".gz")
            .replace('!', "/");
        let id = if id.is_empty() { "-" } else { &id };
        let expected = [
            format!("-{entry}:2 [{id}] one"),
            format!("-{entry}:3 [{id}] two"),
        ];
        let (lines, report) = run(stream(packed.clone()));
        assert_eq!(lines, expected);
        assert_eq!(report.total().files.bytes, packed.len() as u64);

        let folder = folder(&[("f", &packed)]);
        let (lines, report) = run(Source::path(folder.path().join("f")));
        let titles: Vec<_> = lines.iter().map(|line| line.rsplit(' ').next()).collect();
        assert_eq!(titles, [Some("one"), Some("two")]);
        assert_eq!(report.total().files.bytes, packed.len() as u64);
    }
}

#[test]
fn the_path_below_the_source_does_not_depend_on_how_the_source_is_named_or_packed() {
    let post: &[u8] = b"whole:post";
    let plain = folder(&[("blog/a.md", post)]);
    let packed = folder(&[("blog/a.md.gz", &gzip(post))]);
    let zipped = folder(&[("all.zip", &zip(&[("blog/a.md", post)]))]);
    for source in [
        plain.path().to_owned(),
        plain
            .path()
            .join("../")
            .join(plain.path().file_name().unwrap()),
        packed.path().to_owned(),
        zipped.path().join("all.zip"),
    ] {
        let (lines, _) = run(Source::path(&source));
        assert!(lines[0].contains("[blog/a.md]"), "{lines:?}");
    }
    let (lines, _) = run_folder(&zipped);
    assert_eq!(lines, ["all.zip!blog/a.md [all.zip/blog/a.md] whole:post"]);
}

#[test]
fn what_is_left_out_of_a_folder_is_left_out_of_an_archive() {
    let entries: &[(&str, &[u8])] = &[
        ("a/.git/x.md", b"whole:no"),
        ("__MACOSX/._x.md", b"whole:no"),
        ("README.md", b"whole:no"),
        ("drafts/deep/x.md", b"whole:no"),
        ("a/x.md", b"whole:yes"),
    ];
    let options = ReadOptions {
        exclude: vec!["drafts".to_owned()],
        ..ReadOptions::default()
    };
    for packed in [zip(entries), tar(entries)] {
        let (lines, report) = run_with(vec![stream(packed)], &options);
        assert_eq!(lines, ["-!a/x.md [a/x.md] whole:yes"]);
        assert_eq!(report.total().files.left_out, 4);
    }
}

#[test]
fn every_fault_is_one_rejection_and_the_run_goes_on() {
    let good: &[u8] = b"whole:good";
    let two = tar(&[("1", &good.repeat(200)), ("2", good)]);
    let mut flipped = zip(&[("1", &[b'x'; 5000]), ("2", good)]);
    flipped[40] ^= 0xFF;
    let folder = folder(&[
        (
            "01.gz",
            &gzip(&[good, &vec![b'x'; 300_000]].concat())[..200],
        ),
        ("02.json", b""),
        ("03.xml", b"<!DOCTYPE html><html><body>404"),
        ("04.csv", b"version https://git-lfs.github.com/spec/v1\n"),
        (
            "05",
            b"#lines\nbad\npanic\n\xFF\xFE\nuncut\ndraft\nstub\nfine\ncut panic\nlost\n",
        ),
        ("06.tar", &two[..1000]),
        ("07.tar", &two[..3075]),
        ("08.zip", &zip(&[("1", good)])[..60]),
        ("09.zip", &flipped),
        ("10.png", b"\x89PNG"),
        ("11.zst", &zstd::encode_all(good, 3).unwrap()[..12]),
        (
            "12.tar",
            &tar(&[("../../etc/passwd", good), ("/abs", good)]),
        ),
        ("99", good),
    ]);
    let (lines, report) = run_folder(&folder);
    let expected = [
        "01.gz - ends before it is complete",
        "02.json - empty file",
        "03.xml - an HTML page, not a record",
        "04.csv - a Git LFS pointer, not the file itself: run `git lfs pull` first",
        "05:2 - bad",
        "05:3 - internal error: please report it with this file",
        "05:4 - not UTF-8",
        "05:5 - cannot be cut",
        "05:6 draft",
        "05:8 [05] fine",
        "05 - internal error: please report it with this file",
        "06.tar!1 - ends before it is complete",
        "07.tar!1 [07.tar/1] …",
        "07.tar!2 - ends before it is complete",
        "08.zip - cannot be unzipped: …",
        "09.zip!1 - …",
        "09.zip!2 [09.zip/2] whole:good",
        "11.zst - ends before it is complete",
        "12.tar!../../etc/passwd [12.tar/../../etc/passwd] whole:good",
        "12.tar!abs [12.tar/abs] whole:good",
        "99 [99] whole:good",
    ];
    for (line, expected) in lines.iter().zip(expected) {
        let same = match expected.strip_suffix('…') {
            Some(beginning) => line.starts_with(beginning),
            None => line == expected,
        };
        assert!(same, "{line}\n{expected}");
    }
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    let files = report.total().files;
    assert_eq!((files.ignored, files.archives), (1, 4));
}

#[test]
fn a_bomb_is_cut_off_and_the_run_goes_on() {
    let zeros = |mib: usize| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"#lines\n").unwrap();
        for _ in 0..mib {
            encoder.write_all(&[b'x'; 1 << 20]).unwrap();
        }
        encoder.finish().unwrap()
    };
    let single = {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"whole:").unwrap();
        for _ in 0..80 {
            encoder.write_all(&[b'x'; 1 << 20]).unwrap();
        }
        encoder.finish().unwrap()
    };
    let bomb = zeros(1024);
    let folder = folder(&[
        ("1.gz", &gzip(&gzip(&bomb))),
        ("2.zip", &zip(&[("a.gz", &bomb), ("b", b"whole:b")])),
        ("3.gz", &single),
        ("4", b"whole:good"),
    ]);
    let (lines, _) = run_folder(&folder);
    assert!(
        lines[0].starts_with("1.gz - unpacks to more than 250 times"),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("2.zip!a.gz - unpacks to more than"),
        "{lines:?}"
    );
    assert_eq!(lines[2], "3.gz - record larger than 64 MiB");
    assert_eq!(lines[3], "4 [4] whole:good");
    assert_eq!(lines.len(), 4);
}

#[test]
fn archives_without_end_in_one_another_are_not_followed() {
    let mut packed = b"whole:x".to_vec();
    for _ in 0..=limits::NESTING_LIMIT {
        packed = gzip(&packed);
    }
    assert_eq!(
        run(stream(packed)).0,
        ["- - archives nested more than 5 deep"]
    );
}

#[test]
fn a_tar_member_with_an_endless_name_takes_no_memory() {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..4].copy_from_slice(b"long");
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(40 << 20);
    header.set_cksum();
    let mut packed = header.as_bytes().to_vec();
    packed.resize(packed.len() + (40 << 20), b'n');
    let (lines, _) = run(stream(packed));
    assert_eq!(lines, ["- - a tar member with a header of more than 1 MiB"]);
}

#[test]
fn results_and_their_order_do_not_depend_on_the_number_of_threads() {
    let many: Vec<(String, Vec<u8>)> = (0..40)
        .map(|i| {
            let lines = (0..i * 7).map(|n| match n % 11 {
                3 => "bad\n".to_owned(),
                5 => "draft\n".to_owned(),
                _ => format!("{i}.{n} {}\n", "x".repeat(n * 13 % 700)),
            });
            let content = format!("#lines\n{}", lines.collect::<String>());
            (format!("{i:02}"), content.into_bytes())
        })
        .collect();
    let files: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(n, c)| (n.as_str(), c.as_slice()))
        .collect();
    let folder = folder(&files);
    let packed = tar(&files);
    let run = |threads| {
        let options = ReadOptions {
            threads: Some(threads),
            ..ReadOptions::default()
        };
        let sources = vec![Source::path(folder.path()), stream(packed.clone())];
        run_with(sources, &options)
    };
    let one = run(1);
    assert!(one.0.len() > 10_000);
    assert!(one == run(2) && one == run(4));
    let seen = one.1.total().warnings.notes["seen"];
    assert_eq!(seen, one.1.total().record_total().accepted);
}

#[test]
fn more_than_may_be_under_way_flows_through() {
    let mut content = b"#lines\n".to_vec();
    for _ in 0..12 {
        content.extend_from_slice(&[b'x'; 2 << 20]);
        content.push(b'\n');
    }
    let (lines, _) = run(stream(content));
    assert_eq!(lines.len(), 12);
}

#[test]
fn a_caller_can_stop_the_run() {
    let content = format!("#lines\n{}", "line\n".repeat(100_000));
    let mut events = 0;
    let sources = vec![stream(content.clone()), stream(content)];
    let options = ReadOptions::default();
    let report = pipeline::run(TEST_FORMATS, sources, &SCHEMA, &options, |_| {
        events += 1;
        if events == 10 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .unwrap();
    assert!(report.stopped);
    assert_eq!(events, 10);
    assert_eq!(report.sources[1].files.total(), 0);
}

#[test]
fn a_caller_that_panics_is_not_left_waiting() {
    let mut content = b"#lines\n".to_vec();
    for _ in 0..10 {
        content.extend_from_slice(&[b'x'; 2 << 20]);
        content.push(b'\n');
    }
    let options = ReadOptions::default();
    let panicked = std::panic::catch_unwind(|| {
        pipeline::run(
            TEST_FORMATS,
            vec![stream(content)],
            &SCHEMA,
            &options,
            |_| panic!("a fault of the caller's"),
        )
    });
    assert!(panicked.is_err());
}

#[test]
fn the_digest_tells_records_apart_and_not_places() {
    let folder = folder(&[
        ("a/x", b"whole:1"),
        ("b/x", b"whole:1"),
        ("c/x", b"whole:2"),
    ]);
    let mut digests = Vec::new();
    let sources = ["a", "b", "c"].map(|name| Source::path(folder.path().join(name)));
    let options = ReadOptions::default();
    pipeline::run(TEST_FORMATS, sources.into(), &SCHEMA, &options, |event| {
        if let Event::Record(parsed) = event {
            digests.push((parsed.digest, parsed.source));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(digests[0].0, digests[1].0);
    assert_ne!(digests[0].0, digests[2].0);
    assert_eq!(digests.iter().map(|d| d.1).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn a_source_that_is_not_there_or_is_no_file_is_an_error() {
    let read_path = |path: &str| {
        let never = |_: Event| unreachable!("nothing can be read");
        read(
            vec![Source::path(path)],
            &SCHEMA,
            &ReadOptions::default(),
            never,
        )
    };
    assert_eq!(
        read_path("/nowhere/at/all").unwrap_err().kind(),
        ErrorKind::Io
    );
    #[cfg(unix)]
    assert_eq!(read_path("/dev/null").unwrap_err().kind(), ErrorKind::Usage);
    let options = ReadOptions {
        exclude: vec!["{a".to_owned()],
        ..ReadOptions::default()
    };
    let error = read(Vec::new(), &SCHEMA, &options, |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

#[cfg(unix)]
#[test]
fn pipes_are_not_opened_and_what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("secret", b"whole:x"), ("z", b"whole:z")]);
    let fifo = folder.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    let secret = folder.path().join("secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    let may_read_all = fs::File::open(&secret).is_ok();
    let (lines, report) = run_folder(&folder);
    assert_eq!(
        report.total().files.left_out,
        u64::from(made.is_ok_and(|s| s.success()))
    );
    assert_eq!(lines[1], "z [z] whole:z");
    if !may_read_all {
        assert_eq!(lines[0], "secret - no permission to read it");
    }
}

/// Paths and digests of a folder's files, as told by the events around their records.
fn file_digests(root: &Path) -> Vec<(FileState, Option<u128>)> {
    let mut files: Vec<(FileState, Option<u128>)> = Vec::new();
    let sources = vec![Source::path(root)];
    let options = ReadOptions::default();
    pipeline::run(TEST_FORMATS, sources, &SCHEMA, &options, |event| {
        match event {
            Event::FileBegins { file, .. } => files.push((file, None)),
            Event::FileEnds { end } => files.last_mut().unwrap().1 = end.digest,
            _ => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    files
}

#[test]
fn every_file_is_told_with_size_time_and_digest_of_its_bytes_on_disk() {
    let text = b"#lines\none\ntwo\n".as_slice();
    let packed = zstd::encode_all(text, 3).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(text).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    tar.append_data(&mut header, "a.txt", text).unwrap();
    let mut tar = tar.into_inner().unwrap();
    tar.resize(tar.len() + 4096, 0);
    let contents = [
        ("a.txt", text.to_vec()),
        ("b.zst", packed),
        ("c.zip", zip),
        ("d.tar", tar),
        ("e.nothing", b"of no known format".to_vec()),
    ];
    let contents: Vec<(&str, &[u8])> = contents.iter().map(|(n, c)| (*n, c.as_slice())).collect();
    let folder = folder(&contents);
    let files = file_digests(folder.path());
    assert_eq!(files.len(), contents.len());
    for ((file, digest), (name, content)) in files.iter().zip(&contents) {
        assert_eq!(file.path, *name);
        assert_eq!(file.size, content.len() as u64);
        assert!(file.modified.is_some());
        assert_eq!(
            *digest,
            Some(xxhash_rust::xxh3::xxh3_128(content)),
            "{name}"
        );
    }
}

#[test]
fn formats_stand_in_the_order_in_which_they_are_tried() {
    let formats: Vec<Format> = FORMATS.iter().map(|format| format.format()).collect();
    assert_eq!(formats, Format::ALL);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_container_is_told_and_never_stops_the_run(
        kind in 0..6_usize,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        keep in any::<prop::sample::Index>(),
    ) {
        let file: &[u8] = b"#lines\none\ntwo\n";
        let entries = &[("a", file), ("b.gz", &gzip(file)), ("c", b"whole:c")];
        let mut packed = match kind {
            0 => gzip(file),
            1 => zstd::encode_all(file, 3).unwrap(),
            2 => zip(entries),
            3 => tar(entries),
            4 => gzip(&tar(entries)),
            _ => zip(&[("x.tar", &tar(entries)), ("y.zip", &zip(entries))]),
        };
        for (at, byte) in damage {
            let at = at.index(packed.len());
            packed[at] = byte;
        }
        packed.truncate(keep.index(packed.len() * 2).max(1));
        // `run_with` checks that every file ends and that all counts add up.
        let (lines, _) = run_with(
            vec![stream(packed), stream(b"whole:good".to_vec())],
            &ReadOptions { threads: Some(1), ..ReadOptions::default() },
        );
        prop_assert_eq!(lines.last().map(String::as_str), Some("- [-] whole:good"));
    }
}
