//! Real files by the thousand: nearly all accepted, everything counted once, the same on any
//! number of threads.

use crate::material::{parse, shared};
use std::path::PathBuf;
use trialdex::source::{Event, ReadOptions, ReadReport, Source};

/// What a run handed out, in order: digests of records, places of the rest.
#[derive(Default, PartialEq, Debug)]
struct Handed {
    records: Vec<(String, u128)>,
    rejections: Vec<String>,
    drafts: Vec<String>,
}

fn parse_all(paths: &[PathBuf], threads: Option<usize>) -> (Handed, ReadReport) {
    let options = ReadOptions {
        threads,
        ..ReadOptions::default()
    };
    let mut handed = Handed::default();
    let sources = paths.iter().map(Source::path).collect();
    let report = parse(sources, &options, |event| match event {
        Event::Record(parsed) => {
            let id = parsed.record.id().to_owned();
            handed.records.push((id, parsed.digest));
        }
        Event::Rejected { rejection, .. } => {
            let reason = &rejection.reason.message;
            handed
                .rejections
                .push(format!("{}: {reason}", rejection.provenance));
        }
        Event::Draft { provenance, .. } => handed.drafts.push(provenance.to_string()),
        _ => {}
    });
    (handed, report)
}

fn adds_up(handed: &Handed, report: &ReadReport) {
    let total = report.total();
    let records = total.record_total();
    assert_eq!(records.accepted, handed.records.len() as u64);
    assert_eq!(records.rejected, handed.rejections.len() as u64);
    assert_eq!(records.drafts, handed.drafts.len() as u64);
    let by_reason: u64 = total.rejections.values().map(|reason| reason.count).sum();
    assert_eq!(by_reason, records.rejected);
    let file_level = total.records.get(&None).copied().unwrap_or_default();
    assert!(total.files.rejected <= file_level.rejected);
    assert_eq!(file_level.total(), file_level.rejected);
}

#[test]
fn nearly_every_record_of_the_bulk_is_accepted() {
    let Some(bulk) = shared("bulk") else { return };
    let (handed, report) = parse_all(&[bulk], None);
    adds_up(&handed, &report);
    let records = report.total().record_total();
    let judged = records.accepted + records.rejected;
    assert!(judged > 14_000, "only {judged} records found");
    assert!(
        records.rejected * 1000 <= judged,
        "{} of {judged} rejected:\n{}",
        records.rejected,
        handed.rejections.join("\n")
    );
    assert_eq!(report.total().files.ignored, 0);
}

#[test]
fn samples_are_read_the_same_on_any_number_of_threads() {
    let parts = [
        "samples",
        "seeds",
        "bulk/ctgov-v2-349.ndjson.zst",
        "bulk/ictrp-578.xml.zst",
    ];
    let Some(paths) = parts
        .iter()
        .map(|part| shared(part))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let one = parse_all(&paths, Some(1));
    adds_up(&one.0, &one.1);
    assert!(one.0.records.len() > 2_000);
    assert!(!one.0.rejections.is_empty());
    assert!(one == parse_all(&paths, Some(2)));
    assert!(one == parse_all(&paths, Some(4)));
}
