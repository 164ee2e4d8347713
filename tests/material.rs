//! The shared material: thousands of real records beside a checkout, which a stranger's clone lacks.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use trialdex::schema::IndexSchema;
use trialdex::source::{Event, ReadOptions, ReadReport, Source, read};

/// A folder of the shared material; tells why a test does nothing where it is absent.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TRIALDEX_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = root.join(part);
    if !path.exists() {
        eprintln!("skipped: no shared material at {}", path.display());
        return None;
    }
    Some(path)
}

/// Reads sources with the shipped schema.
pub(crate) fn parse(
    sources: Vec<Source>,
    options: &ReadOptions,
    mut on_event: impl FnMut(Event),
) -> ReadReport {
    static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());
    read(sources, &SCHEMA, options, |event| {
        on_event(event);
        ControlFlow::Continue(())
    })
    .unwrap()
}
