//! The files an operator copies: their form, and that the program understands what they call it with.

use crate::program::trialdex;
use std::path::{Path, PathBuf};
use std::process::Command;

fn contrib(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("contrib")
        .join(file)
}

fn text(file: &str) -> String {
    std::fs::read_to_string(contrib(file)).unwrap()
}

/// Sections, keys and values of a unit.
fn unit(file: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut settings = Vec::new();
    for line in text(file).lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = name.to_owned();
            continue;
        }
        let (key, value) = line
            .split_once('=')
            .unwrap_or_else(|| panic!("{file}: {line}"));
        assert!(
            !section.is_empty() && key.chars().all(char::is_alphanumeric),
            "{file}: {line}"
        );
        settings.push((section.clone(), key.to_owned(), value.to_owned()));
    }
    settings
}

/// The program understands a command line but for the folder it names, which is not there.
fn is_understood(command: &str) {
    let mut words = command.split_whitespace();
    assert!(words.next().unwrap().ends_with("trialdex"), "{command}");
    let folder = tempfile::tempdir().unwrap();
    let output = trialdex(folder.path()).args(words).output().unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{messages}");
    assert!(messages.contains("no index here"), "{command}: {messages}");
}

#[test]
fn the_service_calls_the_program_as_it_understands_and_writes_to_one_path() {
    let service = unit("systemd/trialdex-reindex.service");
    let value = |key: &str| {
        let found: Vec<&str> = service
            .iter()
            .filter(|s| s.1 == key)
            .map(|s| s.2.as_str())
            .collect();
        assert_eq!(found.len(), 1, "{key}");
        found[0]
    };
    let command = value("ExecStart");
    is_understood(command);
    assert_eq!(value("ProtectSystem"), "strict");
    let path = value("ReadWritePaths");
    assert!(command.contains(&format!("--index {path}")));
    assert!(
        service
            .iter()
            .all(|(section, key, _)| section == "Service" || key != "ReadWritePaths")
    );
    let timer = unit("systemd/trialdex-reindex.timer");
    assert!(
        timer
            .iter()
            .any(|(section, key, _)| section == "Timer" && key == "OnCalendar")
    );
}

#[test]
fn systemd_takes_the_units_where_there_is_systemd() {
    // The user and the program need not be here: what is asked is whether the settings are known.
    let folder = tempfile::tempdir().unwrap();
    let name = "trialdex-reindex.service";
    let service = text(&format!("systemd/{name}"))
        .replace("/usr/local/bin/trialdex", "/bin/true")
        .replace("User=trialdex\nGroup=trialdex\n", "");
    std::fs::write(folder.path().join(name), service).unwrap();
    let timer = "trialdex-reindex.timer";
    std::fs::copy(
        contrib(&format!("systemd/{timer}")),
        folder.path().join(timer),
    )
    .unwrap();
    let verified = Command::new("systemd-analyze")
        .arg("verify")
        .args([folder.path().join(name), folder.path().join(timer)])
        .output();
    let Ok(verified) = verified else {
        eprintln!("skipped: no systemd-analyze here");
        return;
    };
    let told = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<&str> = told
        .lines()
        .filter(|line| line.contains("trialdex-reindex"))
        .collect();
    assert!(ours.is_empty(), "{}", ours.join("\n"));
}

#[test]
fn the_cron_line_has_its_fields_and_the_program_understands_it() {
    let text = text("cron/trialdex");
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("PATH="));
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines.len(), 1);
    let fields: Vec<&str> = lines[0].split_whitespace().collect();
    for field in &fields[..5] {
        assert!(*field == "*" || field.parse::<u8>().is_ok(), "{field}");
    }
    assert_eq!(fields[5], "trialdex", "a user");
    is_understood(&fields[6..].join(" "));
}
