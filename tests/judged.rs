//! `trialdex eval`, and the judged collections of the shared material where they are.

use crate::material::shared;
use crate::program::{corpus, trialdex};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

/// Collections that are quickly indexed, with the least nDCG@10 of the shipped settings: a little
/// below what they reach, which `docs/ranking.md` says.
const FLOORS: [(&str, f64); 3] = [("med", 0.69), ("nfcorpus", 0.295), ("scifact", 0.695)];

fn eval(folder: &Path, source: &str, args: &[&str]) -> Output {
    let mut command = trialdex(folder);
    command.args(["eval", "--quiet", "--in", source]).args(args);
    command.output().unwrap()
}

fn judged(folder: &Path) {
    let queries = "1\tmesenchymal stem cells for lupus nephritis\n2\t(NOT \"multiple sclerosis\n";
    let qrels = "1 0 IRCT2016090729747N1 2\n2 0 NCT06360861 1\n2 0 NCT00000102 0\n";
    std::fs::write(folder.join("queries.tsv"), queries).unwrap();
    std::fs::write(folder.join("qrels.txt"), qrels).unwrap();
}

const FILES: [&str; 4] = ["--queries", "queries.tsv", "--qrels", "qrels.txt"];

#[test]
fn a_run_is_measured_and_compared_with_itself() {
    let folder = tempfile::tempdir().unwrap();
    judged(folder.path());
    let measured = |more: &[&str]| {
        let args = [FILES.as_slice(), &["--format", "json"], more].concat();
        let output = eval(folder.path(), &corpus(), &args);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let first = measured(&["--run", "ours.run"]);
    assert_eq!(first["queries"], 2);
    assert_eq!(first["by_query"]["1"]["nDCG@10"], 1.0);
    assert_eq!(first["mean"]["recall@1000"], 1.0);
    let run = std::fs::read_to_string(folder.path().join("ours.run")).unwrap();
    assert!(run.starts_with("1 Q0 IRCT2016090729747N1 1 "), "{run}");
    let again = measured(&["--baseline", "ours.run"]);
    assert_eq!(again["baseline"]["nDCG@10"]["difference"], 0.0);
    assert_eq!(again["baseline"]["nDCG@10"]["p_value"], 1.0);
    let titles = measured(&["--area", "title", "--param", "k1=0.9"]);
    assert_ne!(titles["mean"], first["mean"]);
}

#[test]
fn what_is_wrong_with_a_collection_names_the_file_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    judged(folder.path());
    std::fs::write(folder.path().join("torn.txt"), "1 0 a 1\n1 0\n").unwrap();
    for (args, expected) in [
        (
            ["--queries", "queries.tsv", "--qrels", "torn.txt"],
            "torn.txt: line 2",
        ),
        (
            ["--queries", "none.tsv", "--qrels", "qrels.txt"],
            "none.tsv",
        ),
        (
            ["--queries", "qrels.txt", "--qrels", "qrels.txt"],
            "qrels.txt: line 1",
        ),
    ] {
        let output = eval(folder.path(), &corpus(), &args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains(expected), "{message}");
    }
    let args = [FILES.as_slice(), &["--param", "k1=soft"]].concat();
    let output = eval(folder.path(), &corpus(), &args);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn judged_collections_are_ranked_as_well_as_they_were() {
    let Some(collections) = shared("collections") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, floor) in FLOORS {
        let path = |file: &str| collections.join(name).join(file).display().to_string();
        let (queries, qrels) = (path("queries.tsv"), path("qrels.txt"));
        let args = [
            "--queries",
            &queries,
            "--qrels",
            &qrels,
            "--totals",
            "--format",
            "json",
        ];
        let output = eval(folder.path(), &path("docs.jsonl"), &args);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let ndcg = report["mean"]["nDCG@10"].as_f64().unwrap();
        println!("{name}: nDCG@10 {ndcg:.4}");
        assert!(ndcg >= floor, "{name}: nDCG@10 {ndcg:.4}, below {floor}");
    }
}
