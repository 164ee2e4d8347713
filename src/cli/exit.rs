//! The exit codes: one list, documented in the help and in README.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Found, or done (rejections are reported).
    Done,
    /// Nothing found.
    NothingFound,
    /// Wrong usage, unreadable data, an I/O error.
    Failed,
    /// Done, but records were rejected under `--strict`.
    Rejected,
    /// An index that contradicts itself.
    Damaged,
    /// Another process writes to the index (EX_TEMPFAIL of sysexits.h).
    Locked,
    /// Ended by Ctrl-C: 128 + SIGINT.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::NothingFound => 1,
            Exit::Failed => 2,
            Exit::Rejected => 3,
            Exit::Damaged => 5,
            Exit::Locked => 75,
            Exit::Interrupted => 130,
        })
    }
}

/// The paragraph of the help that lists the codes.
pub(crate) const HELP: &str = "\
Exit codes:
  0    found, or done (rejected records are reported)
  1    nothing found
  2    wrong usage, unreadable data, an I/O error
  3    done, but records were rejected under --strict
  5    the index is damaged
  75   another process is writing to the index
  130  interrupted";
