//! Files that want to break a reader: each gives its rejection, or a harmless record, and the run
//! goes on.

use crate::material::parse;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;
use trialdex::source::{Event, ReadOptions, Source};
use zip::write::SimpleFileOptions;

const GOOD: &str = r#"{"id":"good","title":"Good","text":"A good document."}"#;

/// What became of some sources, a line each: `place: reason` or `place = title`.
fn outcomes(sources: Vec<Source>) -> Vec<String> {
    let mut lines = Vec::new();
    parse(sources, &ReadOptions::default(), |event| match event {
        Event::Record(parsed) => {
            let place = parsed.record.provenance().unwrap().to_string();
            let title = parsed.record.title().unwrap_or_default();
            lines.push(format!("{place} = {title}"));
        }
        Event::Rejected { rejection, .. } => {
            let reason = &rejection.reason.message;
            lines.push(format!("{}: {reason}", rejection.provenance));
        }
        _ => {}
    });
    lines
}

/// Reads a folder of one hostile file and, after it, a good one; gives what became of the first.
fn of_file(name: &str, content: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    of_folder(folder.path())
}

fn of_folder(folder: &Path) -> Vec<String> {
    fs::write(folder.join("zz-good.jsonl"), GOOD).unwrap();
    let root = format!("{}/", folder.display());
    let mut lines = outcomes(vec![Source::path(folder)]);
    for line in &mut lines {
        *line = line.replace(&root, "");
    }
    assert_eq!(
        lines.pop().as_deref(),
        Some("zz-good.jsonl:1 = Good"),
        "the run must go on"
    );
    lines
}

/// The file gives one rejection whose reason says so.
fn rejects(name: &str, content: &[u8], reason: &str) {
    let lines = of_file(name, content);
    let told = |line: &String| line.starts_with(name) && line.contains(reason);
    assert!(
        lines.len() == 1 && lines.iter().all(told),
        "{name}: {lines:?}"
    );
}

const V2: &str = r#"{"protocolSection":{"identificationModule":{"nctId":"NCT00000001","briefTitle":"TITLE"},"statusModule":{"overallStatus":"COMPLETED"}}}"#;

#[test]
fn truncated_json_is_rejected_at_any_length_that_shows_what_it_was() {
    for keep in [60, V2.len() / 2, V2.len() - 1] {
        rejects("a.json", &V2.as_bytes()[..keep], "");
    }
}

#[test]
fn elements_nested_ten_thousand_deep_are_rejected() {
    let xml = format!(
        "<clinical_study><id_info><nct_id>NCT00000001</nct_id></id_info>{}{}</clinical_study>",
        "<a>".repeat(10_000),
        "</a>".repeat(10_000)
    );
    rejects("a.xml", xml.as_bytes(), "deep");
    let json = V2.replace(
        "\"TITLE\"",
        &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
    );
    rejects("a.json", json.as_bytes(), "");
}

#[test]
fn a_line_of_a_gigabyte_is_rejected_and_the_next_one_read() {
    let begin = Cursor::new(r#"{"id":"long","title":"Long","text":""#);
    let end = Cursor::new(format!("\"}}\n{GOOD}\n"));
    let line = begin.chain(io::repeat(b'x').take(1 << 30)).chain(end);
    let lines = outcomes(vec![Source::stream(line)]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("-:1: ") && lines[0].contains("64 MiB"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "-:2 = Good");
}

#[test]
fn a_record_that_unpacks_beyond_all_measure_is_rejected() {
    let blanks = || io::repeat(b' ').take(70 << 20);
    let begin = &V2.as_bytes()[..V2.len() / 2];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    io::copy(&mut begin.chain(blanks()), &mut encoder).unwrap();
    rejects("a.json.gz", &encoder.finish().unwrap(), "64 MiB");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("NCT00000001.json", options).unwrap();
    io::copy(&mut begin.chain(blanks()), &mut zip).unwrap();
    rejects("a.zip", &zip.finish().unwrap().into_inner(), "64 MiB");
}

#[test]
fn a_stream_that_unpacks_to_thousands_of_times_its_size_is_cut_off() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let line = format!("{GOOD}\n");
    encoder.write_all(line.as_bytes()).unwrap();
    io::copy(&mut io::repeat(b' ').take(1 << 30), &mut encoder).unwrap();
    let bomb = encoder.finish().unwrap();
    let lines = of_file("a.jsonl.gz", &bomb);
    assert_eq!(lines[0], "a.jsonl.gz:1 = Good");
    let told = |line: &String| line.starts_with("a.jsonl.gz") && line.contains("250 times");
    assert!(lines.iter().any(told), "{lines:?}");
}

#[test]
fn invalid_utf8_is_rejected() {
    let mut json = V2.replace("TITLE", "TI?LE").into_bytes();
    let at = json.iter().position(|&b| b == b'?').unwrap();
    json[at] = 0xFF;
    rejects("a.json", &json, "not UTF-8");
}

#[test]
fn empty_files_and_error_pages_are_rejected() {
    rejects("a.json", b"", "empty file");
    rejects("a.xml", b"\n", "empty file");
    let page = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>";
    rejects("NCT00000001.xml", page, "HTML");
}

#[test]
fn terminal_escape_sequences_lose_their_force() {
    let json = V2.replace("TITLE", r"\u001b[2J\u001b]0;owned\u0007Red\u009b31m title");
    let lines = of_file("a.json", json.as_bytes());
    assert_eq!(lines, ["a.json = [2J]0;ownedRed31m title"]);
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_are_rejected_and_pipes_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a")).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("a/loop")).unwrap();
    std::os::unix::fs::symlink("self", folder.path().join("self")).unwrap();
    let pipe = folder.path().join("pipe.json");
    std::process::Command::new("mkfifo")
        .arg(pipe)
        .status()
        .unwrap();
    let lines = of_folder(folder.path());
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("a/loop: a symbolic link that leads back"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("self: "), "{lines:?}");
}
