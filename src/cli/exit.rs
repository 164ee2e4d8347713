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
    /// The gate kept the result of a run from being published.
    Refused,
    /// An index that contradicts itself.
    Damaged,
    /// Another process writes to the index (EX_TEMPFAIL of sysexits.h).
    Locked,
    /// Ended by Ctrl-C: 128 + SIGINT.
    Interrupted,
    /// Ended by a request to terminate: 128 + SIGTERM.
    Terminated,
}

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> i32 {
        match self {
            Exit::Done => 0,
            Exit::NothingFound => 1,
            Exit::Failed => 2,
            Exit::Rejected => 3,
            Exit::Refused => 4,
            Exit::Damaged => 5,
            Exit::Locked => 75,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(u8::try_from(exit.code()).unwrap_or(u8::MAX))
    }
}

/// The paragraph of the help that lists the codes.
pub(crate) const HELP: &str = "\
Exit codes:
  0    found, or done (rejected records are reported)
  1    nothing found
  2    wrong usage, unreadable data, an I/O error
  3    done, but records were rejected under --strict
  4    not published: the result of the run needs a look (--accept lets it pass)
  5    the index is damaged
  75   another process is writing to the index
  130  interrupted (SIGINT); the index is as it was
  143  terminated (SIGTERM); the index is as it was";
