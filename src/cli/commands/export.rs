//! `bedalloc export`: the program for other solvers and for bug reports.

use super::AreasArguments;
use crate::cli::exit_code::Exit;
use crate::cli::output;
use crate::domain::policy::{Combination, Term};
use crate::domain::system::CareSystem;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::{self, Formulation, Parts};
use crate::input::{self, paths::folder_of};
use crate::lp::{LinearProgram, write_lp, write_mps};
use crate::network::TravelTimes;
use crate::solution::program_json::{column_name, program_json, row_name};
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc export`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bedalloc export models/tutorial.yaml --format lp -o tutorial.lp")]
pub struct ExportArguments {
    /// The model file.
    pub model: PathBuf,
    #[command(flatten)]
    areas: AreasArguments,
    /// How to write it.
    #[arg(long, value_enum)]
    format: Format,
    /// File to write; stdout without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A way to write a program down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Free MPS: nearly every solver reads it.
    Mps,
    /// CPLEX LP: people can read it.
    Lp,
    /// Columns and rows with their keys.
    Json,
}

/// Runs the command.
pub fn run(arguments: &ExportArguments) -> Exit {
    match export(arguments) {
        Ok(()) => Exit::Done,
        Err(fault) => {
            eprintln!("{}", fault.trim_end());
            Exit::BadInput
        }
    }
}

fn export(arguments: &ExportArguments) -> Result<(), String> {
    let loaded = input::load_with(&arguments.model, &arguments.areas.overrides())
        .map_err(|faults| faults.to_string())?;
    let system = &loaded.system;
    let times = TravelTimes::within_reach(system).map_err(|error| error.to_string())?;
    let points = DemandPoints::of_areas(system, &times);
    let mut f = formulation::build(system, &points, Parts { travel: true });
    match system.policy.whole_beds {
        None => {}
        Some(ward) if ward.0 > 1.0 => {
            return Err("wards of several beds cannot be exported; leave ward_size out".to_owned());
        }
        Some(_) => f.set_whole_beds(system),
    }
    let program = with_costs(system, &f);
    let column = |position: crate::lp::ColumnIx| column_name(system, f.variable(position));
    let row = |position: crate::lp::RowIx| row_name(system, f.constraints()[position.get()]);
    let text = match arguments.format {
        Format::Mps => write_mps(&program, &column, &row),
        Format::Lp => write_lp(&program, &column, &row),
        Format::Json => program_json(system, &f, &program),
    };
    match &arguments.output {
        None => output::print(&text).map_err(|error| format!("cannot print: {error}")),
        Some(path) => {
            write_whole(path, &text).map_err(|error| format!("cannot write {}: {error}", path.display()))
        }
    }
}

/// The program with the costs of the first level of priority, or of the weighted sum, in the units in which
/// the program holds them (money in £ million).
fn with_costs(system: &CareSystem, f: &Formulation) -> LinearProgram {
    let weights: BTreeMap<Term, f64> = match &system.policy.objective.combination {
        Combination::Priorities(levels) => levels
            .iter()
            .find(|level| f.term(level.term).is_some())
            .map(|level| (level.term, 1.0))
            .into_iter()
            .collect(),
        Combination::Weights(weights) => {
            weights.iter().filter_map(|(&term, &weight)| Some((term, weight * f.term(term)?.scale))).collect()
        }
    };
    let mut program = f.program().clone();
    let mut costs = vec![0.0; program.columns()];
    for (term, weight) in weights {
        for (column, value) in f.term(term).map_or(&[][..], |expression| &expression.coefficients) {
            costs[column.get()] += weight * value;
        }
    }
    for (position, cost) in (0u32..).zip(costs) {
        program.set_cost(crate::lp::ColumnIx(position), cost);
    }
    program
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    // Pipes and devices are written to as they are: they cannot be replaced.
    if path.exists() && !path.is_file() {
        return std::fs::write(path, text);
    }
    let mut file = tempfile::Builder::new().prefix(".bedalloc-").tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path)?;
    Ok(())
}
