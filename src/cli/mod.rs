//! The command line: the only place that prints, reads the clock and sets exit codes.

pub mod args;
pub mod commands;
pub mod exit_code;

use clap::Parser;

/// Runs the program on the process's arguments.
pub fn main() -> std::process::ExitCode {
    let arguments = args::Arguments::parse();
    commands::run(arguments).into()
}
