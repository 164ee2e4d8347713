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

/// Words that stand in the records of a registry: a data file with one of them, in no known format, is a part of a record or a record without its frame.
const SIGNS: [(&str, &str); 9] = [
    ("\"protocolSection\"", "ClinicalTrials.gov JSON"),
    ("\"resultsSection\"", "ClinicalTrials.gov JSON"),
    ("\"derivedSection\"", "ClinicalTrials.gov JSON"),
    ("\"annotationSection\"", "ClinicalTrials.gov JSON"),
    ("\"ProtocolSection\"", "ClinicalTrials.gov JSON"),
    ("\"StudyFieldsResponse\"", "ClinicalTrials.gov JSON"),
    ("\"TrialID\"", "WHO ICTRP JSON"),
    ("<clinical_study", "ClinicalTrials.gov XML"),
    ("<Trials_downloaded_from_ICTRP", "WHO ICTRP XML"),
];

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
    if (head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF")) && claims(sample) {
        return Some(Reason::new("UTF-16 text: only UTF-8 is read"));
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

/// Data files with signs of a registry, in no known format.
fn fragment(sample: &Sample<'_>) -> Option<Reason> {
    if !DATA_ENDINGS.contains(&ending(sample)) {
        return None;
    }
    let (_, what) = SIGNS
        .iter()
        .find(|(sign, _)| contains(sample.head, sign.as_bytes()))?;
    Some(Reason::new(format!("a part of {what}, not a record")))
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
