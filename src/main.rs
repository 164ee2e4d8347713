//! The command-line program: the library's first embedding user.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command-line program is for"
)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
