//! One file for each command.

pub mod import;
pub mod verify;

use super::args::{Arguments, Command};
use super::exit_code::Exit;

/// Runs one command.
pub fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Command::Import(import) => import::run(&import),
        Command::Verify(verify) => verify::run(&verify, arguments.quiet),
    }
}
