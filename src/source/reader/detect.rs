//! Which format a file is of, judged by its content; the name is a hint, never the reason.

use crate::source::{Reason, Sample, SourceFormat};

/// What a file turned out to be.
pub(super) enum Detected {
    /// A format that recognises it.
    Format(&'static dyn SourceFormat),
    /// It claims to be a record and is not.
    Pretender(Reason),
    /// Nothing we know, and nothing that claims to be.
    Nothing,
}

/// Endings of the names of files that hold records.
const RECORD_ENDINGS: [&str; 9] = [
    "json", "jsonl", "ndjson", "xml", "csv", "tsv", "md", "markdown", "txt",
];

/// Endings of the names of packed files.
const PACKED_ENDINGS: [&str; 8] = ["gz", "tgz", "zst", "tzst", "zip", "tar", "zstd", "gzip"];

/// Endings whose files are never HTML.
const DATA_ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "xml", "csv", "tsv"];

/// What a file is that holds a word of a registry's records and is of no known format.
const SIGNS: [(&str, &str); 9] = [
    ("\"protocolSection\"", PART_OF_JSON),
    ("\"resultsSection\"", PART_OF_JSON),
    ("\"derivedSection\"", PART_OF_JSON),
    ("\"annotationSection\"", PART_OF_JSON),
    ("\"ProtocolSection\"", PART_OF_JSON),
    (
        "\"StudyFieldsResponse\"",
        "single fields of ClinicalTrials.gov records: whole ones are wanted",
    ),
    ("\"TrialID\"", "not as WHO writes its rows in JSON"),
    (
        "<clinical_study",
        "not as ClinicalTrials.gov writes its XML",
    ),
    ("<Trials_downloaded_from_ICTRP", "not as WHO writes its XML"),
];

const PART_OF_JSON: &str = "a part of a ClinicalTrials.gov record, without its number";

/// Recognises a file.
pub(super) fn detect(formats: &[&'static dyn SourceFormat], sample: &Sample<'_>) -> Detected {
    if let Some(reason) = pretender(sample) {
        return Detected::Pretender(reason);
    }
    if let Some(format) = formats.iter().find(|format| format.recognises(sample)) {
        return Detected::Format(*format);
    }
    match fragment(sample) {
        Some(reason) => Detected::Pretender(reason),
        None => Detected::Nothing,
    }
}

fn ending<'a>(sample: &Sample<'a>) -> &'a str {
    sample
        .name
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
}

/// Whether the file's name says that it holds records.
fn claims(sample: &Sample<'_>) -> bool {
    RECORD_ENDINGS.contains(&ending(sample))
}

/// Files that stand where a record should be.
fn pretender(sample: &Sample<'_>) -> Option<Reason> {
    let head = sample.head.trim_ascii_start();
    if sample.whole && head.is_empty() {
        return claims(sample).then(|| Reason::new("empty file"));
    }
    if head.starts_with(b"version https://git-lfs.github.com/spec/") {
        let claims = claims(sample) || PACKED_ENDINGS.contains(&ending(sample));
        return claims.then(|| {
            Reason::new("a Git LFS pointer, not the file itself: run `git lfs pull` first")
        });
    }
    if DATA_ENDINGS.contains(&ending(sample)) && is_html(head) {
        return Some(Reason::new("an HTML page, not a record"));
    }
    None
}

fn is_html(head: &[u8]) -> bool {
    let begins = |tag: &[u8]| {
        head.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    begins(b"<!doctype html") || begins(b"<html")
}

/// Data files with signs of a registry, in no known format or in no known encoding.
fn fragment(sample: &Sample<'_>) -> Option<Reason> {
    let utf16 = sample.head.starts_with(b"\xFF\xFE") || sample.head.starts_with(b"\xFE\xFF");
    if utf16 && claims(sample) {
        return Some(Reason::new("UTF-16 text, not UTF-8"));
    }
    if !DATA_ENDINGS.contains(&ending(sample)) {
        return None;
    }
    let (_, what) = SIGNS
        .iter()
        .find(|(sign, _)| contains(sample.head, sign.as_bytes()))?;
    Some(Reason::new(*what))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(name: &str, head: &[u8]) -> Option<String> {
        let sample = Sample {
            head,
            name,
            whole: true,
        };
        match detect(&[], &sample) {
            Detected::Pretender(reason) => Some(reason.message),
            Detected::Nothing => None,
            Detected::Format(_) => unreachable!("no formats were given"),
        }
    }

    #[test]
    fn files_that_stand_where_a_record_should_be_are_named() {
        let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        for (name, head, part) in [
            ("a.json", &b" \n"[..], "empty"),
            ("a.xml", b"", "empty"),
            ("a.xml", b"\n<!DOCTYPE html><html>", "HTML"),
            ("a.json", b"<HTML>", "HTML"),
            ("a.csv", lfs, "git lfs pull"),
            ("a.tar.gz", lfs, "git lfs pull"),
            ("a.csv", b"\xFF\xFEa\0", "UTF-16"),
            ("a.json", b"{\"resultsSection\":{}}", "a part of"),
        ] {
            let reason = reason(name, head).unwrap_or_default();
            assert!(reason.contains(part), "{name}: {reason}");
        }
    }

    #[test]
    fn files_that_claim_nothing_are_left_alone() {
        let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        for (name, head) in [
            ("a.png", &b""[..]),
            ("a.png", lfs),
            ("a.html", b"<!doctype html>"),
            ("package.json", b"{\"name\":\"x\"}"),
            ("a.txt", b"just words"),
            ("sitemap.xml", b"<urlset/>"),
        ] {
            assert_eq!(reason(name, head), None, "{name}");
        }
    }
}
