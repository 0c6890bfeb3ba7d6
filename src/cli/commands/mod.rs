//! One file for each command.

pub mod check;
pub mod import;

use super::args::{Arguments, Command};
use super::exit_code::Exit;

/// Runs one command.
pub fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Command::Check(check) => check::run(&check, arguments.quiet),
        Command::Import(import) => import::run(&import),
    }
}
