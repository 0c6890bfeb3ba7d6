//! `bedalloc import`: public NHS files to model tables.

use crate::cli::exit_code::Exit;
use clap::{Args, Subcommand};

/// Arguments of `bedalloc import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Which instance to compile.
    #[command(subcommand)]
    pub instance: Instance,
}

/// The instances that can be compiled.
#[derive(Debug, Subcommand)]
pub enum Instance {}

/// Runs the command.
pub fn run(arguments: &ImportArguments) -> Exit {
    match arguments.instance {}
}
