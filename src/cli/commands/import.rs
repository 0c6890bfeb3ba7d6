//! `bedalloc import`: public NHS files, and data returns, to model tables.

use super::data_return::{self, WorkbookArguments};
use super::import_travel_error::{self, TravelErrorArguments};
use crate::cli::exit_code::Exit;
use crate::import::croc_2018;
use crate::import::england_2019::{self, Resolution, checks};
use crate::import::nhs_plan_2001;
use clap::{Args, Subcommand};
use std::error::Error;
use std::path::PathBuf;

/// Arguments of `bedalloc import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Which instance to compile.
    #[command(subcommand)]
    pub instance: Instance,
}

/// The instances that can be compiled.
#[derive(Debug, Subcommand)]
pub enum Instance {
    /// England, winter 2019-20: 315 sites of 145 acute trusts.
    #[command(
        name = "england-2019",
        after_help = "Example:\n  bedalloc import england-2019 --raw public-files --out data/england-2019"
    )]
    England2019(England2019Arguments),
    /// What the scenario of 2018 claims: avoidable use of beds, and prevention.
    #[command(
        name = "croc-2018",
        after_help = "Example:\n  bedalloc import croc-2018 --from data/england-2019"
    )]
    Croc2018(Croc2018Arguments),
    /// The NHS Plan of 2000 under eight regional offices, from the tables of England 2019.
    #[command(
        name = "nhs-plan-2001",
        after_help = "Example:\n  bedalloc import nhs-plan-2001 --from data/england-2019"
    )]
    NhsPlan2001(NhsPlan2001Arguments),
    /// How far off the travel-time estimates are: every hospital with measured times left out in turn.
    #[command(after_help = "Example:\n  bedalloc import travel-error --raw public-files")]
    TravelError(TravelErrorArguments),
    /// A data return that came back (`bedalloc new --workbook`): tables, and a model that extends the one it is for.
    #[command(after_help = "Example:\n  bedalloc import workbook returns/rj1.xlsx")]
    Workbook(WorkbookArguments),
}

/// Arguments of `bedalloc import england-2019`.
#[derive(Debug, Args)]
pub struct England2019Arguments {
    /// Folder of public files.
    #[arg(long, value_name = "DIR")]
    pub raw: PathBuf,
    /// Folder for the tables.
    #[arg(long, value_name = "DIR", default_value = "data/england-2019")]
    pub out: PathBuf,
    /// How finely to cut the country; several, with commas between.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "district,msoa")]
    pub areas: Vec<Resolution>,
}

/// Arguments of `bedalloc import croc-2018`.
#[derive(Debug, Args)]
pub struct Croc2018Arguments {
    /// Folder of the tables of England 2019.
    #[arg(long, value_name = "DIR", default_value = "data/england-2019")]
    pub from: PathBuf,
    /// Folder for the tables.
    #[arg(long, value_name = "DIR", default_value = "data/croc-2018")]
    pub out: PathBuf,
}

/// Arguments of `bedalloc import nhs-plan-2001`.
#[derive(Debug, Args)]
pub struct NhsPlan2001Arguments {
    /// Folder of the tables of England 2019, by district.
    #[arg(long, value_name = "DIR", default_value = "data/england-2019")]
    pub from: PathBuf,
    /// Folder for the tables.
    #[arg(long, value_name = "DIR", default_value = "data/nhs-plan-2001")]
    pub out: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &ImportArguments) -> Exit {
    match &arguments.instance {
        Instance::England2019(options) => run_england_2019(options),
        Instance::Croc2018(options) => match croc_2018::compile(&options.from, &options.out) {
            Ok(scale) => {
                println!("delays of England 2019 times {scale:.4}; tables are in {}", options.out.display());
                Exit::Done
            }
            Err(fault) => refuse(&fault),
        },
        Instance::NhsPlan2001(options) => run_nhs_plan_2001(options),
        Instance::TravelError(options) => match import_travel_error::run(options) {
            Ok(text) => {
                println!("{text}");
                Exit::Done
            }
            Err(fault) => refuse(&fault),
        },
        Instance::Workbook(options) => data_return::run(options),
    }
}

fn run_england_2019(options: &England2019Arguments) -> Exit {
    let mut resolutions = options.areas.clone();
    resolutions.sort();
    resolutions.dedup();
    match england_2019::compile(&options.raw, &options.out, &resolutions, Some(&checks::ENGLAND_2019)) {
        Ok(summary) => {
            print!("{summary}");
            println!("tables are in {}", options.out.display());
            Exit::Done
        }
        Err(fault) => refuse(&fault),
    }
}

fn run_nhs_plan_2001(options: &NhsPlan2001Arguments) -> Exit {
    match nhs_plan_2001::compile(&options.from, &options.out) {
        Ok(summary) => {
            for office in &summary.offices {
                let (beds, need, delayed) = (office.available.0, office.need.0, office.delayed.0);
                println!("{}: {beds:.0} beds, need {need:.0}, delayed {delayed:.0}", office.name);
            }
            println!("tables are in {}", options.out.display());
            Exit::Done
        }
        Err(fault) => refuse(&fault),
    }
}

/// Tells a fault with its causes.
fn refuse(fault: &dyn Error) -> Exit {
    eprintln!("error: {fault}");
    let mut cause = fault.source();
    while let Some(source) = cause {
        eprintln!("  because: {source}");
        cause = source.source();
    }
    Exit::BadInput
}
