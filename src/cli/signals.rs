//! Ctrl-C and requests to terminate: a run ends in order, within seconds, and the index stays as it was.

use super::exit::Exit;
use super::ui;
use anyhow::Result;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

/// How long a run may take to end in order. The index is safe whenever the process ends: what is left is litter that the next run clears.
const GRACE: Duration = Duration::from_secs(5);

/// The signal that came; 0 for none.
static CAUGHT: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Has signals end the run instead of the process; a second one ends the process at once.
pub(crate) fn end_in_order() -> Result<()> {
    let again = Arc::new(AtomicBool::new(false));
    for (signal, code) in [(SIGINT, 130), (SIGTERM, 143)] {
        flag::register_conditional_shutdown(signal, code, Arc::clone(&again))?;
        flag::register(signal, Arc::clone(&again))?;
        flag::register_usize(signal, Arc::clone(&CAUGHT), signal.unsigned_abs() as usize)?;
    }
    thread::Builder::new()
        .name("trialdex-signals".to_owned())
        .spawn(wait)?;
    Ok(())
}

/// Whether a signal has come.
pub(crate) fn caught() -> bool {
    CAUGHT.load(Ordering::Relaxed) != 0
}

/// How the process ends after the signal that came.
pub(crate) fn exit() -> Exit {
    match CAUGHT.load(Ordering::Relaxed) {
        signal if signal == SIGTERM.unsigned_abs() as usize => Exit::Terminated,
        _ => Exit::Interrupted,
    }
}

/// Ends the process when the run does not end in time.
#[allow(
    clippy::exit,
    reason = "a step that cannot be interrupted, such as joining large segments, must not outlast the grace"
)]
fn wait() {
    while !caught() {
        thread::sleep(Duration::from_millis(100));
    }
    thread::sleep(GRACE);
    ui::error(
        "stopped in the middle of a step; the index is as it was, and the next run clears what is left",
    );
    std::process::exit(exit().code());
}
