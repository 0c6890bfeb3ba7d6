//! The command line: the only place that prints, reads the clock and sets exit codes.

pub mod args;
pub mod clock;
pub mod commands;
pub mod exit_code;
pub mod output;
pub mod progress;
pub mod result_folder;
pub mod signals;
pub mod solver_choice;

use clap::Parser;

/// Runs the program on the process's arguments.
pub fn main() -> std::process::ExitCode {
    let arguments = args::Arguments::parse();
    commands::run(arguments).into()
}
