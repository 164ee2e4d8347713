//! The records a newcomer searches first: every format, many registries, nothing personal.

use crate::material::parse;
use std::collections::BTreeSet;
use std::path::Path;
use trialdex::record::{Format, Record};
use trialdex::source::{Event, ReadOptions, Source};

#[test]
fn the_corpus_is_read_without_a_rejection_and_covers_formats_and_registries() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut formats = BTreeSet::new();
    let mut registries = BTreeSet::new();
    let mut trials = BTreeSet::new();
    let report = parse(
        vec![Source::path(corpus)],
        &ReadOptions::default(),
        |event| match event {
            Event::Record(parsed) => {
                formats.extend(parsed.record.provenance().and_then(|p| p.format));
                if let Record::Trial(trial) = &parsed.record {
                    registries.insert(trial.registry);
                    trials.insert(trial.trial_id.clone());
                }
                let json = String::from_utf8_lossy(&parsed.json);
                assert!(!json.contains("@example"), "{}", parsed.record.id());
            }
            Event::Rejected { rejection, .. } => panic!("{rejection:?}"),
            _ => {}
        },
    );
    assert_eq!(report.total().files.ignored, 0);
    assert!(trials.len() >= 60, "{}", trials.len());
    assert_eq!(registries.len(), 19, "{registries:?}");
    let absent: Vec<Format> = Format::ALL
        .into_iter()
        .filter(|format| !formats.contains(format))
        .collect();
    // Rows of WHO as JSON are a form only programs pass around.
    assert_eq!(absent, [Format::IctrpJson]);
}
