//! Golden tests: what a user sees of a search over the shipped corpus, in every format.
//!
//! Each file in `tests/golden/` is what one command prints. Scores are masked: what they are is
//! proved elsewhere. `TRIALDEX_GOLDEN=write` writes the files anew; read the difference before you
//! commit it.

use crate::program::trialdex;
use std::fmt::Write;
use std::path::Path;

/// Name of the file, words of the command.
const COMMANDS: &[(&str, &[&str])] = &[
    ("text", &["search", "lupus", "-n", "all"]),
    (
        "jsonl",
        &[
            "search",
            "lupus kind:trial",
            "-n",
            "all",
            "--format",
            "jsonl",
        ],
    ),
    (
        "json",
        &[
            "search",
            "SARS-CoV-2 phase:2",
            "-n",
            "all",
            "--format",
            "json",
            "--facet",
            "status,phase",
        ],
    ),
    ("csv", &["search", "lupus", "-n", "all", "--format", "csv"]),
    ("tsv", &["search", "lupus", "-n", "all", "--format", "tsv"]),
    ("ids", &["search", "lupus", "-n", "all", "--format", "ids"]),
    (
        "ris",
        &[
            "search",
            "stem cells skin country:Iran OR kind:article stem",
            "-n",
            "3",
            "--format",
            "ris",
        ],
    ),
    (
        "trec",
        &["search", "lupus", "-n", "all", "--format", "trec"],
    ),
    (
        "fields",
        &[
            "search",
            "lupus",
            "-n",
            "all",
            "--fields",
            "id,title,primary_sponsor,conditions,tags,snippet",
        ],
    ),
    (
        "fields_unknown",
        &[
            "search",
            "lupus",
            "-n",
            "all",
            "--format",
            "csv",
            "--fields",
            "id,outcomes",
        ],
    ),
    (
        "fields_csv",
        &[
            "search",
            "lupus",
            "-n",
            "all",
            "--format",
            "csv",
            "--fields",
            "id,minimum_age,primary_outcomes",
        ],
    ),
    (
        "fields_jsonl",
        &[
            "search",
            "lupus",
            "-n",
            "1",
            "--format",
            "jsonl",
            "--fields",
            "id,primary_outcomes",
        ],
    ),
    (
        "facets",
        &[
            "search",
            "stem cells",
            "-n",
            "0",
            "--facet",
            "status,phase,country,registry,kind,type,sex,year,condition,intervention,sponsor",
            "--facet-limit",
            "4",
        ],
    ),
    ("facet_unknown", &["search", "lupus", "--facet", "conditon"]),
    (
        "explain",
        &[
            "search",
            "stem cells \"lupus nephritis\" kind:trial",
            "-n",
            "1",
            "--explain",
        ],
    ),
    (
        "unverified",
        &["search", "lupus sex:female age:30", "-n", "all"],
    ),
    ("misspelt", &["search", "lupuss nefritis"]),
    (
        "misspelt_beside_hits",
        &["search", "mesenchymal sclrosis phase:1", "-n", "all"],
    ),
    (
        "emptied",
        &[
            "search",
            "\"stem cell\" AND condition:lupus AND NOT phase:1 country:US",
        ],
    ),
    (
        "emptied_json",
        &[
            "search",
            "zzyzzyva lupus",
            "--match",
            "all",
            "--format",
            "json",
        ],
    ),
    ("count", &["search", "lupus", "--count"]),
    (
        "batch",
        &["search", "--batch", "tests/golden/batch.txt", "-n", "1"],
    ),
    (
        "batch_count",
        &[
            "search",
            "--batch",
            "tests/golden/batch.txt",
            "--count",
            "kind:trial",
        ],
    ),
    (
        "batch_jsonl",
        &[
            "search",
            "--batch",
            "tests/golden/batch.txt",
            "-n",
            "1",
            "--format",
            "jsonl",
            "--fields",
            "id",
        ],
    ),
    (
        "batch_json",
        &[
            "search",
            "--batch",
            "tests/golden/batch.txt",
            "-n",
            "1",
            "--format",
            "json",
            "--fields",
            "id",
        ],
    ),
    (
        "batch_trec",
        &[
            "search",
            "--batch",
            "tests/golden/batch.txt",
            "-n",
            "2",
            "--format",
            "trec",
        ],
    ),
    (
        "why_not_kept_out",
        &[
            "why-not",
            "NCT00001789",
            "\"stem cell\" AND condition:lupus AND NOT phase:2 country:US age:5",
        ],
    ),
    (
        "why_not_outranked",
        &["why-not", "nct 0636 0861", "stem cells lupus"],
    ),
    ("similar", &["similar", "NCT06360861", "-n", "2"]),
    (
        "with_articles",
        &["search", "NCT06360861", "--with-articles", "-n", "1"],
    ),
    (
        "with_articles_jsonl",
        &[
            "search",
            "NCT06360861",
            "--with-articles",
            "-n",
            "1",
            "--format",
            "jsonl",
        ],
    ),
    (
        "with_articles_nowhere",
        &[
            "search",
            "NCT06360861",
            "--with-articles",
            "-n",
            "1",
            "--format",
            "ids",
        ],
    ),
    (
        "similar_file",
        &[
            "similar",
            "--file",
            "corpus/IRCT2016090729747N1.txt",
            "--format",
            "ids",
            "--only",
            "kind:trial",
        ],
    ),
    ("links", &["links", "--in", "tests/golden/links.jsonl"]),
    ("lookup", &["lookup", "--ids", "tests/golden/lookup.txt"]),
    (
        "lookup_jsonl",
        &[
            "lookup",
            "--ids",
            "tests/golden/lookup.txt",
            "--format",
            "jsonl",
        ],
    ),
    ("why_not_missing", &["why-not", "NCT99999999", "lupus"]),
    (
        "why_not_json",
        &[
            "why-not",
            "NCT00001789",
            "lupus kind:article",
            "--format",
            "json",
        ],
    ),
];

/// What a command prints and how it ends, over the index in a folder.
fn printed(folder: &Path, args: &[&str]) -> String {
    let output = trialdex(folder)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .output()
        .unwrap();
    let words = args.iter().map(|word| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_/.,".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            (*word).to_owned()
        } else {
            format!("'{word}'")
        }
    });
    let command = words.collect::<Vec<_>>().join(" ");
    let mut text = format!("$ trialdex {command}\n");
    text += &String::from_utf8(output.stdout).unwrap().replace('\r', "");
    let said = String::from_utf8(output.stderr).unwrap();
    if !said.is_empty() {
        write!(text, "--- on standard error\n{said}").unwrap();
    }
    writeln!(text, "--- exit code {}", output.status.code().unwrap()).unwrap();
    masked(&text)
}

/// The text with numbers of one digit and three or more decimals and the keys of page tokens made alike.
fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.find(|c: char| !c.is_ascii_hexdigit() && c != '.');
        let (word, behind) = from.split_at(end.unwrap_or(from.len()));
        let is_score = word.split_once('.').is_some_and(|(whole, fraction)| {
            let digits = fraction.chars().all(|c| c.is_ascii_digit());
            whole.len() == 1 && fraction.len() >= 3 && digits
        });
        let is_token = before.ends_with(":desc,");
        out.push_str(if is_score || is_token { "…" } else { word });
        rest = behind;
    }
    out + rest
}

#[test]
fn every_format_prints_what_it_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let index = tempfile::tempdir().unwrap();
    let indexed = printed(index.path(), &["index", "corpus"]);
    assert!(indexed.ends_with("exit code 0\n"), "{indexed}");
    let write = std::env::var_os("TRIALDEX_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for (name, args) in COMMANDS {
        let path = folder.join(name).with_extension("out");
        let printed = printed(index.path(), args);
        if write {
            std::fs::write(&path, &printed).unwrap();
            continue;
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if printed != expected {
            wrong.push(format!(
                "{name}: expected\n{expected}\nbut printed\n{printed}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn scores_are_masked_and_nothing_else_is() {
    assert_eq!(masked("score 0.9327, n = 20"), "score …, n = 20");
    for kept in [
        "idf 2.92 on 1999-11-03",
        "doi:10.3390/jpm12010117",
        "n = 1000",
    ] {
        assert_eq!(masked(kept), kept);
    }
    assert_eq!(
        masked("relevance:desc,3fed.0.0.trial.X"),
        "relevance:desc,…trial.X"
    );
}

#[test]
fn every_key_of_the_json_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documented = std::fs::read_to_string(root.join("docs/output.md")).unwrap();
    let mut keys = std::collections::BTreeSet::new();
    for name in [
        "jsonl",
        "json",
        "batch_json",
        "batch_jsonl",
        "emptied_json",
        "lookup_jsonl",
        "links",
    ] {
        let path = root.join("tests/golden").join(name).with_extension("out");
        let text = std::fs::read_to_string(path).unwrap();
        // A key is what stands in quotes before a colon.
        let pieces: Vec<&str> = text.split('"').collect();
        let pairs = pieces.windows(2).filter(|pair| pair[1].starts_with(':'));
        keys.extend(pairs.map(|pair| pair[0].to_owned()));
    }
    assert!(keys.len() > 30, "{keys:?}");
    for key in keys {
        let is_clause = ["word", "group"].contains(&key.as_str());
        let known =
            documented.contains(&format!("`{key}`")) || documented.contains(&format!("\"{key}\""));
        assert!(known || is_clause, "docs/output.md does not know {key:?}");
    }
}
