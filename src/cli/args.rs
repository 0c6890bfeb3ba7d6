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
    /// Write a commented model and a tiny data set to start from.
    New(commands::new::NewArguments),
    /// Find every fault of a model and its tables, without solving.
    Check(commands::check::CheckArguments),
    /// Find the plan: writes the result folder and prints a summary.
    Solve(commands::solve::SolveArguments),
    /// Check a result from its files alone: feasibility, totals, and the bound that proves it best.
    Verify(commands::verify::VerifyArguments),
    /// Tell why a place got what it got: its beds, its share, what binds there.
    Explain(commands::explain::ExplainArguments),
    /// Set two or more results side by side: what was put in differently, and what came out.
    Compare(commands::compare::CompareArguments),
    /// What beds are worth to a region, who pays for them, and a ledger of offers.
    Negotiate(commands::negotiate::NegotiateArguments),
    /// Write the page of a result again, or the page of several side by side.
    Report(commands::report::ReportArguments),
    /// Write the program for other solvers.
    Export(commands::export::ExportArguments),
    /// Print the JSON Schema of the model file, for editors.
    Schema(commands::schema::SchemaArguments),
    /// Compile public NHS files into model tables.
    Import(commands::import::ImportArguments),
}
