//! What these tests prove: links go over any number and any spelling, stand at both ends, and a record is never linked to itself.

use super::*;
use crate::record::Record;

fn linked() -> Index {
    index(&[
        json!({
            "kind": "trial", "trial_id": "NCT06360861", "registry": "ctgov", "public_title": "Cells",
            "registry_ids": ["2016-004489-24"], "brief_summary": "NCT06360861 goes on from IRCT2016090729747N1.",
            "references": [
                {"doi": "10.3390/jpm12010117", "citation": "A report. J Pers Med. 2022."},
                {"pmid": "34567890"},
            ],
        }),
        json!({
            "kind": "trial", "trial_id": "IRCT2016090729747N1", "registry": "irct",
            "public_title": "Before", "secondary_ids": ["IRCT2016090729747"],
        }),
        json!({
            "kind": "article", "article_id": "reports/cells", "title": "The report",
            "url": "https://doi.org/10.3390/JPM12010117", "text": "Registered as EudraCT 2016-004489-24.",
        }),
        article(
            "posts/cells",
            "A post",
            "See nct 6360861 and PMID: 34567890.",
        ),
        article("posts/none", "Another post", "Of cells."),
    ])
}

fn of(index: &Index, id: &str) -> [Vec<String>; 2] {
    let snapshot = index.snapshot();
    let record: Record = snapshot.get(id).unwrap().unwrap();
    let links = links_of(&snapshot, &record).unwrap();
    [links.cites, links.cited_by].map(|ends| ends.into_iter().map(|end| end.id).collect())
}

#[test]
fn a_link_is_seen_from_both_ends() {
    let index = linked();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    for (id, cites, cited_by) in [
        (
            "NCT06360861",
            &["IRCT2016090729747N1", "reports/cells"][..],
            &["posts/cells", "reports/cells"][..],
        ),
        ("IRCT2016090729747N1", &[], &["NCT06360861"]),
        ("reports/cells", &["NCT06360861"], &["NCT06360861"]),
        ("posts/cells", &["NCT06360861"], &[]),
        ("posts/none", &[], &[]),
    ] {
        assert_eq!(of(&index, id), [ids(cites), ids(cited_by)], "{id}");
    }
}

#[test]
fn the_graph_has_every_cited_number_with_the_records_that_bear_it() {
    let snapshot = linked().snapshot();
    let links = all_links(&snapshot).unwrap().map(Result::unwrap);
    let told: Vec<(String, String, Vec<String>)> = links
        .map(|link| {
            let to = link.to.into_iter().map(|end| end.id).collect();
            (link.from.id, link.number, to)
        })
        .collect();
    let line = |from: &str, number: &str, to: &[&str]| {
        let to = to.iter().map(|id| (*id).to_owned()).collect();
        (from.to_owned(), number.to_owned(), to)
    };
    assert_eq!(
        told,
        [
            line("NCT06360861", "10.3390/jpm12010117", &["reports/cells"]),
            line("NCT06360861", "PMID 34567890", &[]),
            line(
                "NCT06360861",
                "IRCT2016090729747N1",
                &["IRCT2016090729747N1"]
            ),
            line("posts/cells", "NCT06360861", &["NCT06360861"]),
            line("posts/cells", "PMID 34567890", &[]),
            line("reports/cells", "2016-004489-24", &["NCT06360861"]),
        ]
    );
}
