//! The architecture's one rule: a module imports only modules that stand before it in `src/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules of the library in their order.
fn order(source: &Path) -> Vec<String> {
    let text = fs::read_to_string(source.join("lib.rs")).unwrap();
    let modules = text.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    modules.map(str::to_owned).collect()
}

/// The modules a line imports: `use crate::index::…` and `crate::index::…` alike.
fn imported(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).filter_map(|rest| {
        rest.split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
    })
}

#[test]
fn imports_point_only_to_modules_that_stand_before() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let order = order(&source);
    assert!(
        order.len() > 5,
        "lib.rs declares its modules one a line: {order:?}"
    );
    let place = |module: &str| order.iter().position(|known| known == module);
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let below = file
            .strip_prefix(&source)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let module = below.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = place(module) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split("//").next().unwrap_or_default();
            for other in imported(line) {
                if place(other).is_some_and(|other| other > own) {
                    wrong.push(format!(
                        "src/{below}:{number}: {module} imports {other}, which stands after it"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_program_reaches_only_the_public_library() {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli"),
        &mut files,
    );
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for module in text.lines().flat_map(imported) {
            assert_eq!(module, "cli", "{} imports crate::{module}", file.display());
        }
    }
}
