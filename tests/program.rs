//! The program as a user meets it: what it prints where, and how it ends.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program in a folder of its own, without anybody's configuration.
pub(crate) fn trialdex(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trialdex"));
    command
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("TRIALDEX_INDEX", folder.join("index"));
    command
}

/// The shipped corpus.
pub(crate) fn corpus() -> String {
    format!("{}/corpus", env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, args: &[&str]) -> Output {
    trialdex(folder).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn a_search_in_files_of_no_known_format_says_that_there_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("table.csv"), "Colour,Size\nred,1\n").unwrap();
    let found = run(folder.path(), &["search", "--in", "table.csv", "lupus"]);
    assert_eq!(code(&found), Some(1));
    let told = stderr(&found);
    let summary = "0 records from 0 files, 1 files of no known format";
    assert!(told.lines().any(|line| line == summary), "{told}");
    let found = run(folder.path(), &["search", "--in", &corpus(), "flurbt"]);
    assert!(!stderr(&found).contains("records from"), "there are some");
}

#[test]
fn the_first_questions_of_a_newcomer_find_their_trials_first() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus();
    let found = run(
        folder.path(),
        &[
            "search",
            "--in",
            &corpus,
            "mesenchymal stem cells for lupus nephritis",
            "--format",
            "ids",
        ],
    );
    assert_eq!(stdout(&found).lines().next(), Some("IRCT2016090729747N1"));
    let found = run(
        folder.path(),
        &[
            "search",
            "--in",
            &corpus,
            "--condition",
            "multiple sclerosis",
            "--intervention",
            "stem cells",
            "--format",
            "ids",
        ],
    );
    assert_eq!(stdout(&found).lines().next(), Some("NCT06360861"));
    assert_eq!(code(&found), Some(0));
}

#[test]
fn an_index_remembers_shows_exports_and_counts_what_it_was_fed() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus();
    let indexed = run(folder.path(), &["index", &corpus]);
    assert_eq!(code(&indexed), Some(0), "{}", stderr(&indexed));
    assert_eq!(stdout(&indexed), "");

    let shown = run(folder.path(), &["show", "nct 0636 0861"]);
    assert_eq!(code(&shown), Some(0), "{}", stderr(&shown));
    assert!(stdout(&shown).contains("Multiple Sclerosis"));
    assert_eq!(code(&run(folder.path(), &["show", "NCT99999999"])), Some(1));

    let exported = stdout(&run(folder.path(), &["export"]));
    let status = stdout(&run(folder.path(), &["status", "--format", "json"]));
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    let kinds = status["counts"]["kinds"].as_object().unwrap();
    let counted: u64 = kinds.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(exported.lines().count() as u64, counted);

    let sources = stdout(&run(folder.path(), &["sources"]));
    assert_eq!(sources.lines().count(), 1);
    let removed = run(folder.path(), &["sources", "remove", sources.trim()]);
    assert_eq!(code(&removed), Some(0), "{}", stderr(&removed));
    assert_eq!(stdout(&run(folder.path(), &["export"])), "");
}

#[test]
fn exit_codes_tell_how_a_command_ended() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus();
    let ends = |args: &[&str]| code(&run(folder.path(), args));
    assert_eq!(ends(&["search", "--in", &corpus, "zzyzzyva"]), Some(1));
    assert_eq!(
        ends(&["search", "--in", "no-such-folder", "lupus"]),
        Some(2)
    );
    assert_eq!(ends(&["search", "--no-such-flag"]), Some(2));
    assert_eq!(ends(&["search", "lupus"]), Some(2), "there is no index yet");
    std::fs::write(folder.path().join("broken.json"), "{\"protocolSection\": {").unwrap();
    assert_eq!(ends(&["parse", "broken.json"]), Some(0));
    assert_eq!(ends(&["parse", "--strict", "broken.json"]), Some(3));
    assert_eq!(ends(&["help"]), Some(0));
}

#[test]
fn a_batch_goes_on_after_a_line_that_cannot_be_searched() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus();
    let ends = |lines: &[u8]| {
        std::fs::write(folder.path().join("lines"), lines).unwrap();
        let args = ["search", "--in", &corpus, "--batch", "lines", "--count"];
        let output = run(folder.path(), &args);
        (code(&output), stdout(&output))
    };
    assert_eq!(
        ends(b"lupus\n\nzzyzzyva\r\n"),
        (Some(0), "1\t4\n3\t0\n".to_owned())
    );
    assert_eq!(ends(b"zzyzzyva"), (Some(1), "1\t0\n".to_owned()));
    assert_eq!(
        ends(b"\xff\nphase:99\nlupus"),
        (Some(2), "3\t4\n".to_owned())
    );
}

#[test]
fn a_search_that_takes_too_long_fails() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["search", "--in", &corpus(), "lupus", "--timeout", "0"];
    let ended = run(folder.path(), &args);
    assert_eq!(code(&ended), Some(2));
    assert!(
        stderr(&ended).contains("took too long"),
        "{}",
        stderr(&ended)
    );
}

#[test]
fn results_go_to_standard_output_and_everything_else_to_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.json"), "{\"protocolSection\": {").unwrap();
    let parsed = run(folder.path(), &["parse", "broken.json", &corpus()]);
    for line in stdout(&parsed).lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(record["kind"].is_string());
    }
    assert!(
        stderr(&parsed).contains("broken.json"),
        "{}",
        stderr(&parsed)
    );
    let quiet = run(
        folder.path(),
        &["--quiet", "search", "--in", &corpus(), "lupus"],
    );
    assert_eq!(stderr(&quiet), "");
}

#[test]
fn one_object_a_hit_has_the_keys_programs_rely_on() {
    let folder = tempfile::tempdir().unwrap();
    let found = run(
        folder.path(),
        &[
            "search",
            "--in",
            &corpus(),
            "stem cells",
            "--format",
            "jsonl",
            "-n",
            "5",
        ],
    );
    let text = stdout(&found);
    assert_eq!(text.lines().count(), 5);
    for (rank, line) in (1..).zip(text.lines()) {
        let hit: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(hit["rank"], rank);
        for key in ["score", "id", "kind", "title"] {
            assert!(!hit[key].is_null(), "{key} in {line}");
        }
    }
}

#[test]
fn standard_input_is_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = trialdex(folder.path())
        .args(["search", "--in", "-", "nephritis", "--format", "ids"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let documents = "{\"id\":\"a\",\"title\":\"Lupus nephritis\",\"text\":\"\"}\n{\"id\":\"b\",\"title\":\"\",\"text\":\"Asthma\"}\n";
    child
        .stdin
        .take()
        .unwrap()
        .write_all(documents.as_bytes())
        .unwrap();
    assert_eq!(stdout(&child.wait_with_output().unwrap()), "a\n");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = trialdex(folder.path())
        .args(["parse", &corpus()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), Some(0));
    assert!(!stderr(&output).contains("error"), "{}", stderr(&output));
}

#[test]
fn foreign_text_cannot_steer_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let document = serde_json::json!({"id": "evil\u{1b}[2J", "title": "Evil \u{1b}]0;title\u{7} \u{202e}nephritis", "text": "x"});
    std::fs::write(folder.path().join("evil.jsonl"), document.to_string()).unwrap();
    for format in ["text", "json", "jsonl", "csv", "tsv", "ids", "ris", "trec"] {
        let found = run(
            folder.path(),
            &[
                "search",
                "--in",
                "evil.jsonl",
                "nephritis",
                "--format",
                format,
            ],
        );
        let printed = stdout(&found) + &stderr(&found);
        assert!(
            !printed.contains(['\u{1b}', '\u{7}', '\u{202e}']),
            "{format}: {printed:?}"
        );
        assert!(printed.to_lowercase().contains("evil"));
    }
}

#[test]
fn colours_are_for_terminals_or_for_who_asks() {
    let folder = tempfile::tempdir().unwrap();
    let coloured = |args: &[&str]| stdout(&run(folder.path(), args)).contains('\u{1b}');
    let corpus = corpus();
    assert!(!coloured(&["search", "--in", &corpus, "lupus"]));
    assert!(coloured(&[
        "--color", "always", "search", "--in", &corpus, "lupus"
    ]));
}

#[test]
fn a_configuration_file_speaks_where_flags_are_silent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("trialdex.toml"),
        "[search]\nlimit = 2\nformat = \"ids\"\n",
    )
    .unwrap();
    let corpus = corpus();
    let lines = |args: &[&str]| stdout(&run(folder.path(), args)).lines().count();
    assert_eq!(lines(&["search", "--in", &corpus, "stem cells"]), 2);
    assert_eq!(
        lines(&["search", "--in", &corpus, "stem cells", "-n", "3"]),
        3
    );
    std::fs::write(
        folder.path().join("trialdex.toml"),
        "[search]\nlimits = 2\n",
    )
    .unwrap();
    let wrong = run(folder.path(), &["search", "--in", &corpus, "stem cells"]);
    assert_eq!(code(&wrong), Some(2));
    assert!(stderr(&wrong).contains("limits"), "{}", stderr(&wrong));
}

#[test]
fn nothing_personal_is_printed_of_any_record_of_the_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let parsed = stdout(&run(folder.path(), &["parse", &corpus()]));
    assert!(
        !parsed.contains('@'),
        "an e-mail address: {:?}",
        parsed.lines().find(|line| line.contains('@'))
    );
    for phone in ["3884 2981", "2665 7438", "38762227"] {
        assert!(!parsed.contains(phone), "{phone}");
    }
}

/// The form of NLM's descriptor file, with lupus among the skin diseases.
const DESCRIPTORS: &str = r#"<?xml version="1.0"?>
<DescriptorRecordSet>
<DescriptorRecord><DescriptorName><String>Skin Diseases</String></DescriptorName>
<TreeNumberList><TreeNumber>C17.800</TreeNumber></TreeNumberList></DescriptorRecord>
<DescriptorRecord><DescriptorName><String>Lupus Erythematosus, Systemic</String></DescriptorName>
<TreeNumberList><TreeNumber>C17.800.480</TreeNumber></TreeNumberList></DescriptorRecord>
</DescriptorRecordSet>
"#;

#[test]
fn every_command_of_readme_works() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let commands: Vec<&str> = blocks
        .flat_map(str::lines)
        .filter(|line| line.starts_with("trialdex "))
        .collect();
    assert!(commands.len() >= 10, "{commands:?}");
    std::os::unix::fs::symlink(root.join("corpus"), folder.path().join("corpus")).unwrap();
    // A judged collection of one's own, two descriptors of MeSH, a list of numbers.
    for (name, text) in [
        ("numbers.txt", "nct 0636 0861\n"),
        ("desc2024.xml", DESCRIPTORS),
        ("docs.jsonl", "{\"id\":\"a\",\"text\":\"Lupus\"}\n"),
        ("queries.tsv", "1\tlupus\n"),
        ("qrels.txt", "1 0 a 1\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let program = Path::new(env!("CARGO_BIN_EXE_trialdex")).parent().unwrap();
    let path = format!(
        "{}:{}",
        program.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    for command in commands {
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .env("TRIALDEX_INDEX", folder.path().join("index"))
            .output()
            .unwrap();
        assert_eq!(code(&output), Some(0), "{command}\n{}", stderr(&output));
    }
}
