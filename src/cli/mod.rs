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
use exit_code::Exit;

/// Runs the program on the process's arguments. A panic is a fault of the program: exit code 1.
pub fn main() -> std::process::ExitCode {
    let arguments = args::Arguments::parse();
    let ended = std::panic::catch_unwind(|| commands::run(arguments));
    ended
        .unwrap_or_else(|_| {
            eprintln!("this is a fault of bedalloc, not of your input: please report the lines above");
            Exit::Bug
        })
        .into()
}
