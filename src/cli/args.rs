//! Every command and flag, in one place.

use super::commands;
use clap::{Parser, Subcommand};

/// Where new hospital beds leave the least need unmet, with proof and with reasons.
#[derive(Debug, Parser)]
#[command(name = "bedalloc", version, arg_required_else_help = true)]
pub struct Arguments {
    /// Say less (only faults).
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile public NHS files into model tables.
    Import(commands::import::ImportArguments),
    /// Check a result from its files alone: feasibility, totals, and the bound that proves it best.
    Verify(commands::verify::VerifyArguments),
}
