//! Panics: the library reports those an index or a record causes as errors, so the runtime need not
//! print them; one that reaches us is a fault of our own and told as such.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

/// Where the last panic came from.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Runs the program with panics kept quiet; tells the place of one that nobody caught.
pub(crate) fn quietly<T>(program: impl FnOnce() -> T) -> Result<T, String> {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(remember));
    }
    panic::catch_unwind(AssertUnwindSafe(program))
        .map_err(|_| LAST.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

fn remember(info: &PanicHookInfo<'_>) {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    *last = info.to_string().replace('\n', " ");
}
