//! What these tests prove: a number leads to its record in every spelling it occurs in, the record itself stands before what
//! cites it, and a look-up tells how a number stands to the records.

use super::*;

fn of(registry: &str, id: &str, more: serde_json::Value) -> serde_json::Value {
    let mut record = json!({
        "kind": "trial", "trial_id": id, "registry": registry, "public_title": format!("Trial {id}"),
    });
    if let (Some(record), Some(more)) = (record.as_object_mut(), more.as_object()) {
        record.extend(more.clone());
    }
    record
}

/// One trial in four registries under numbers of all kinds, who cites it, and two trials of one registrant.
fn numbered() -> Index {
    index(&[
        of(
            "ctgov",
            "NCT06360861",
            json!({
                "id_aliases": ["NCT00029419"], "secondary_ids": ["U1111-1282-5699", "2016-004489-24"],
                "registry_ids": ["2016-004489-24"], "brief_summary": "Cells are given once.",
            }),
        ),
        of("euctr", "EUCTR2016-004489-24-DE", json!({})),
        of("euctr", "EUCTR2016-004489-24-ES", json!({})),
        of("ctis", "2024-510663-34-00", json!({})),
        of("chictr", "ChiCTR-OPC-17013162", json!({})),
        of("jprn", "JPRN-UMIN000012345", json!({})),
        of("isrctn", "ISRCTN47772397", json!({})),
        of("irct", "IRCT20200127046282N19", json!({})),
        of(
            "irct",
            "IRCT20200127046282N7",
            json!({
                "brief_summary": "Goes on from NCT06360861.",
                "references": [{"pmid": "34567890", "doi": "10.3390/jpm12010117", "citation": "A report."}],
            }),
        ),
        article(
            "posts/cells",
            "A post",
            "It was tried in NCT06360861 and NCT06360861 again (doi:10.1186/ISRCTN47772397).",
        ),
    ])
}

#[test]
fn every_spelling_of_a_number_finds_the_record_itself_first() {
    let index = numbered();
    for (written, id) in [
        ("NCT 0636 0861", "NCT06360861"),
        ("nct6360861", "NCT06360861"),
        ("NCT00029419", "NCT06360861"),
        ("U1111-1282-5699", "NCT06360861"),
        ("EUCTR2016-004489-24-DE", "EUCTR2016-004489-24-DE"),
        ("EUCTR2016-004489-24-GB", "EUCTR2016-004489-24-DE"),
        ("2016-004489-24", "EUCTR2016-004489-24-DE"),
        ("CTIS2024-510663-34-01", "2024-510663-34-00"),
        ("chictr opc 17013162", "ChiCTR-OPC-17013162"),
        ("UMIN000012345", "JPRN-UMIN000012345"),
        ("10.1186/ISRCTN47772397", "ISRCTN47772397"),
        ("IRCT 20200127046282 N19", "IRCT20200127046282N19"),
    ] {
        assert_eq!(
            ids(&index, written).first().map(String::as_str),
            Some(id),
            "{written}"
        );
        let record = index.snapshot().get(written).unwrap();
        assert_eq!(record.unwrap().id(), id, "{written}");
    }
}

#[test]
fn what_links_to_a_number_follows_its_record() {
    let index = numbered();
    let mut hits = ids(&index, "NCT06360861");
    assert_eq!(hits.remove(0), "NCT06360861");
    hits.sort_unstable();
    assert_eq!(hits, ["IRCT20200127046282N7", "posts/cells"]);
    for written in ["PMID 34567890", "https://doi.org/10.3390/JPM12010117"] {
        assert_eq!(ids(&index, written)[0], "IRCT20200127046282N7", "{written}");
    }
}

#[test]
fn a_bare_stem_of_an_iranian_number_lists_the_registrants_trials() {
    let index = numbered();
    let mut hits = ids(&index, "IRCT20200127046282");
    hits.sort_unstable();
    let both = ["IRCT20200127046282N19", "IRCT20200127046282N7"];
    assert_eq!(hits, both);
    let found = lookup(&index.snapshot(), "irct 20200127046282").unwrap();
    assert_eq!(
        (found.state, found.ids),
        (LookupState::RegistrantOf, both.map(str::to_owned).into())
    );
    assert!(
        index
            .snapshot()
            .get("IRCT20200127046282")
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_look_up_tells_how_a_number_stands_to_the_records() {
    use LookupState::{AliasOf, Found, Missing, SupersededBy};
    let snapshot = numbered().snapshot();
    let both: &[&str] = &["EUCTR2016-004489-24-DE", "EUCTR2016-004489-24-ES"];
    for (written, number, state, ids) in [
        (
            " nct 06360861 ",
            Some("NCT06360861"),
            Found,
            &["NCT06360861"][..],
        ),
        (
            "NCT00029419",
            Some("NCT00029419"),
            SupersededBy,
            &["NCT06360861"],
        ),
        (
            "U1111 1282 5699",
            Some("U1111-1282-5699"),
            AliasOf,
            &["NCT06360861"],
        ),
        (
            "EudraCT 2016-004489-24",
            Some("2016-004489-24"),
            Found,
            both,
        ),
        (
            "2016-004489-24-es",
            Some("EUCTR2016-004489-24-ES"),
            Found,
            &both[1..],
        ),
        ("posts/cells", None, Found, &["posts/cells"]),
        ("NCT99999999", Some("NCT99999999"), Missing, &[]),
        ("06360861", None, Missing, &[]),
        ("", None, Missing, &[]),
    ] {
        let found = lookup(&snapshot, written).unwrap();
        let told = (found.number.as_deref(), found.state);
        assert_eq!(told, (number, state), "{written}");
        assert_eq!(found.ids, ids, "{written}");
    }
}
