//! One file for each command.

pub mod check;
pub mod compare;
pub mod data_return;
pub mod explain;
pub mod export;
pub mod import;
pub mod import_travel_error;
pub mod negotiate;
pub mod new;
pub mod report;
pub mod schema;
pub mod solve;
pub mod verify;
pub mod what_if;

use super::args::{Arguments, Command};
use super::exit_code::Exit;
use crate::input::Overrides;
use clap::Args;

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// Only faults.
    pub quiet: bool,
    /// Each stage.
    pub verbose: bool,
}

/// What a command may set in place of the model file.
#[derive(Debug, Clone, Default, Args)]
pub struct AreasArguments {
    /// Area tables to use in place of those that the model names: a folder in its data folder, for
    /// example `district` or `msoa`.
    #[arg(long, value_name = "FOLDER")]
    areas: Option<String>,
}

impl AreasArguments {
    fn overrides(&self) -> Overrides {
        Overrides { areas: self.areas.clone(), ..Overrides::default() }
    }
}

/// Runs one command.
pub fn run(arguments: Arguments) -> Exit {
    let manner = Manner { quiet: arguments.quiet, verbose: arguments.verbose };
    match arguments.command {
        Command::New(new) => new::run(&new, manner.quiet),
        Command::Check(check) => check::run(&check, manner.quiet),
        Command::Solve(solve) => solve::run(&solve, manner),
        Command::Verify(verify) => verify::run(&verify, manner.quiet),
        Command::Compare(compare) => compare::run(&compare),
        Command::Explain(explain) => explain::run(&explain),
        Command::Negotiate(negotiate) => negotiate::run(&negotiate, manner),
        Command::Report(report) => report::run(&report, manner.quiet),
        Command::Export(export) => export::run(&export),
        Command::Schema(schema) => schema::run(&schema),
        Command::Import(import) => import::run(&import),
    }
}
