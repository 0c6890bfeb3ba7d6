//! One file for each command.

pub mod check;
pub mod export;
pub mod import;
pub mod import_travel_error;
pub mod new;
pub mod schema;
pub mod solve;
pub mod verify;

use super::args::{Arguments, Command};
use super::exit_code::Exit;

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// Only faults.
    pub quiet: bool,
    /// Each stage.
    pub verbose: bool,
}

/// Runs one command.
pub fn run(arguments: Arguments) -> Exit {
    let manner = Manner { quiet: arguments.quiet, verbose: arguments.verbose };
    match arguments.command {
        Command::New(new) => new::run(&new, manner.quiet),
        Command::Check(check) => check::run(&check, manner.quiet),
        Command::Solve(solve) => solve::run(&solve, manner),
        Command::Verify(verify) => verify::run(&verify, manner.quiet),
        Command::Export(export) => export::run(&export),
        Command::Schema(schema) => schema::run(&schema),
        Command::Import(import) => import::run(&import),
    }
}
