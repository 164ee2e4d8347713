//! The program as an unattended job: how it ends, what it says, and what it leaves behind.

use crate::program::{corpus, trialdex};
use std::fs;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder with copies of the corpus as its source, and an index of it.
fn nights() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    fs::create_dir(&source).unwrap();
    for name in [
        "IRCT2016090729747N1.txt",
        "NCT06360861.txt",
        "trialdex.jsonl",
    ] {
        fs::copy(Path::new(&corpus()).join(name), source.join(name)).unwrap();
    }
    ends(folder.path(), &["index", "source"], 0);
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    trialdex(folder).args(args).output().unwrap()
}

/// Runs a command that must end with a code; gives its output and its messages.
fn ends(folder: &Path, args: &[&str], code: i32) -> (String, String) {
    let output = run(folder, args);
    let messages = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{messages}");
    (String::from_utf8(output.stdout).unwrap(), messages)
}

#[test]
fn a_night_is_reported_on_one_screen_and_as_json_and_kept() {
    let folder = nights();
    let folder = folder.path();
    let (out, messages) = ends(folder, &["reindex", "--report", "report.json"], 0);
    assert_eq!(out, "");
    assert!(messages.lines().count() <= 24, "{messages}");
    assert!(messages.contains("nothing to change"), "{messages}");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.join("report.json")).unwrap()).unwrap();
    let mut kept: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.join("index/runs/00000002.json")).unwrap())
            .unwrap();
    let checksum = kept.as_object_mut().unwrap().remove("crc32");
    assert!(checksum.is_some());
    assert_eq!(report, kept);
    let source = &report["sources"][0];
    let number = |name: &str| source[name].as_u64().unwrap();
    let parts = [
        "added",
        "updated",
        "unchanged",
        "superseded",
        "removed",
        "rejected",
    ];
    assert_eq!(number("read"), parts.map(number).iter().sum::<u64>());
    let (out, _) = ends(folder, &["status", "--format", "json"], 0);
    let status: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status["last_run"], report);
    let (out, _) = ends(folder, &["reindex", "--quiet", "--report", "-"], 0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["run"],
        3
    );
}

#[test]
fn messages_off_a_terminal_are_lines_with_the_time_or_json() {
    let folder = nights();
    let folder = folder.path();
    let (_, messages) = ends(folder, &["reindex"], 0);
    for line in messages.lines() {
        let (time, rest) = line.split_once(' ').unwrap();
        time.parse::<trialdex::index::Timestamp>().unwrap();
        assert!(rest.starts_with("info: "), "{line}");
    }
    fs::remove_dir_all(folder.join("source")).unwrap();
    let (_, messages) = ends(folder, &["reindex", "--log-format", "json"], 4);
    let lines = messages
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let levels: Vec<String> = lines
        .map(|line| line["level"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        levels.contains(&"error".to_owned()) && levels.contains(&"hint".to_owned()),
        "{messages}"
    );
    let (_, messages) = ends(folder, &["reindex", "--quiet"], 4);
    assert!(messages.contains("the source is missing"), "{messages}");
}

#[test]
fn a_refused_night_ends_with_code_4_and_searches_go_on() {
    let folder = nights();
    let folder = folder.path();
    fs::rename(folder.join("source"), folder.join("away")).unwrap();
    let (_, messages) = ends(folder, &["reindex"], 4);
    assert!(
        messages.contains("the source is missing") && messages.contains("--accept"),
        "{messages}"
    );
    ends(folder, &["search", "lupus"], 0);
    let (_, messages) = ends(folder, &["status"], 0);
    assert!(messages.contains("refused"), "{messages}");
    fs::rename(folder.join("away"), folder.join("source")).unwrap();
    fs::write(
        folder.join("smoke"),
        "# what must be found\n100000\tlupus\n",
    )
    .unwrap();
    let (_, messages) = ends(folder, &["reindex", "--smoke", "smoke"], 4);
    assert!(
        messages.contains("should find at least 100000"),
        "{messages}"
    );
    ends(folder, &["reindex", "--smoke", "smoke", "--accept"], 0);
    ends(folder, &["reindex", "--smoke", "no-such-file"], 2);
    ends(folder, &["reindex", "--max-removed", "half"], 2);
}

#[test]
fn an_old_index_is_called_old() {
    let folder = nights();
    let (_, messages) = ends(folder.path(), &["status", "--max-age", "0"], 0);
    assert!(messages.contains("the index is old"), "{messages}");
    let (_, messages) = ends(folder.path(), &["status"], 0);
    assert_eq!(messages, "");
    // A report that has rotted is told and hides no other.
    ends(folder.path(), &["reindex"], 0);
    fs::write(folder.path().join("index/runs/00000002.json"), "{").unwrap();
    let (out, messages) = ends(folder.path(), &["status", "--max-age", "0"], 0);
    assert!(messages.contains("the index is old"), "{messages}");
    assert!(messages.contains("00000002.json"), "{messages}");
    assert!(out.contains("last run    1 (index): published"), "{out}");
}

#[test]
fn there_is_nothing_to_do_where_there_is_no_index() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "reindex", "rollback", "verify", "repair", "changes", "status", "watch",
    ] {
        let (_, messages) = ends(folder.path(), &[command], 2);
        assert!(messages.contains("no index here"), "{command}: {messages}");
    }
    assert!(
        !folder.path().join("index").exists(),
        "a typing error must not make a folder"
    );
}

#[test]
fn what_changed_is_a_feed_and_can_be_undone() {
    let folder = nights();
    let folder = folder.path();
    ends(folder, &["watch", "add", "skin", "skin", "ageing"], 0);
    let (out, _) = ends(folder, &["watch"], 0);
    assert_eq!(out, "skin\tskin ageing\n");
    fs::write(
        folder.join("source/new.md"),
        "---\ntitle: Ageing of the skin\n---\nA post.\n",
    )
    .unwrap();
    ends(folder, &["reindex"], 0);
    let (out, _) = ends(folder, &["changes"], 0);
    let change: serde_json::Value = serde_json::from_str(out.trim()).unwrap();
    assert_eq!(
        (&change["change"], &change["watches"][0]),
        (&"added".into(), &"skin".into())
    );
    let run = change["run"].as_u64().unwrap();
    ends(folder, &["rollback"], 0);
    let (out, _) = ends(folder, &["changes", "--since", &run.to_string()], 0);
    assert!(out.contains("\"removed\""), "{out}");
    assert_eq!(
        ends(folder, &["changes", "--since", "0"], 0)
            .0
            .lines()
            .count() as u64,
        {
            let (first, _) = ends(folder, &["export"], 0);
            first.lines().count() as u64 + 2
        }
    );
    ends(folder, &["rollback"], 2);
    ends(folder, &["verify", "--deep"], 0);
    ends(folder, &["repair"], 0);
}

/// A run of `reindex` that waits: one of its sources is a pipe nobody writes to.
#[cfg(unix)]
struct Waiting {
    child: Child,
}

#[cfg(unix)]
impl Waiting {
    /// Begins to index standard input, and returns when it holds the lock.
    fn begin(folder: &Path) -> Self {
        let child = trialdex(folder)
            .args(["index", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lock = folder.join("index/LOCK");
        let pid = format!("pid {}\n", child.id());
        let begun = Instant::now();
        while !fs::read_to_string(&lock).unwrap_or_default().contains(&pid) {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it never took the lock"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        // The log tells when the lock is held and all is read that is needed before.
        while !fs::read_dir(folder.join("index/runs")).is_ok_and(|runs| {
            runs.flatten().any(|run| {
                fs::read_to_string(run.path())
                    .unwrap()
                    .contains("\"running\"")
            })
        }) {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
            std::thread::sleep(Duration::from_millis(20));
        }
        Waiting { child }
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args([signal, &pid])
            .status();
        assert!(sent.unwrap().success());
    }
}

#[cfg(unix)]
impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn a_second_writer_ends_at_once_with_code_75_and_names_the_holder_and_a_dead_one_does_not_block() {
    let folder = nights();
    let folder = folder.path();
    let waiting = Waiting::begin(folder);
    let (_, messages) = ends(folder, &["reindex"], 75);
    for part in [
        format!("pid {}", waiting.child.id()),
        "host ".to_owned(),
        "since ".to_owned(),
    ] {
        assert!(messages.contains(&part), "{messages}");
    }
    ends(folder, &["search", "lupus"], 0);
    waiting.signal("-KILL");
    drop(waiting);
    ends(folder, &["reindex"], 0);
    let (out, _) = ends(folder, &["status", "--format", "json"], 0);
    assert!(out.contains("\"unchanged\""));
    let dead = fs::read_to_string(folder.join("index/runs/00000002.json")).unwrap();
    assert!(dead.contains("\"interrupted\""), "{dead}");
}

#[cfg(unix)]
#[test]
fn signals_end_a_run_in_order_and_leave_the_index_as_it_was() {
    let folder = nights();
    let folder = folder.path();
    let before = fs::read_to_string(folder.join("index/CURRENT")).unwrap();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut waiting = Waiting::begin(folder);
        let begun = Instant::now();
        waiting.signal(signal);
        let status = loop {
            if let Some(status) = waiting.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{signal}: it never ended"
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(status.code(), Some(code), "{signal}");
        assert_eq!(
            fs::read_to_string(folder.join("index/CURRENT")).unwrap(),
            before
        );
        ends(folder, &["search", "lupus"], 0);
        ends(folder, &["reindex"], 0);
    }
    let generations = fs::read_dir(folder.join("index/generations")).unwrap();
    assert_eq!(
        generations.count(),
        1,
        "what the ended runs had begun is cleared"
    );
}
