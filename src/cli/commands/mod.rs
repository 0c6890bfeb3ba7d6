//! One file for each command.

pub mod check;
pub mod import;
pub mod new;
pub mod schema;

use super::args::{Arguments, Command};
use super::exit_code::Exit;

/// Runs one command.
pub fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Command::New(new) => new::run(&new, arguments.quiet),
        Command::Check(check) => check::run(&check, arguments.quiet),
        Command::Schema(schema) => schema::run(&schema),
        Command::Import(import) => import::run(&import),
    }
}
