//! What the benches have in common.

use std::path::{Path, PathBuf};

/// The records that are measured: those `TRIALDEX_BENCH_CORPUS` names, else `corpus/`.
pub(crate) fn corpus() -> PathBuf {
    std::env::var_os("TRIALDEX_BENCH_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
        PathBuf::from,
    )
}
