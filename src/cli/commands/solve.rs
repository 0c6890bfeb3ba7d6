//! `bedalloc solve`: the main job.

use super::check::faults_as_json;
use super::{AreasArguments, Manner};
use crate::cli::exit_code::Exit;
use crate::cli::progress::{Progress, Show};
use crate::cli::result_folder::{self, FolderError};
use crate::cli::signals::Interrupt;
use crate::cli::solver_choice::{SolverArguments, SolverChoice};
use crate::cli::{clock, output};
use crate::domain::system::CareSystem;
use crate::input::{self, Demands, InputErrors, Loaded, Overrides, paths};
use crate::insight::files::Files;
use crate::insight::ledger::NeedGrid;
use crate::lp::Limit;
use crate::network::TravelTimes;
use crate::pipeline::result::Status;
use crate::pipeline::{self, RunEnd, RunError, RunOptions};
use crate::report::manifest::{Circumstances, InputRecord};
use crate::report::text::conflict as conflict_text;
use crate::report::{Report, ReportFile, html, manifest, parquet, summary_json, text, workbook};
use crate::solution::Conflict;
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Models with no more areas than this have the regions' ranges worked out unless told otherwise.
const AREAS_WITH_RANGES: usize = 10_000;

/// Arguments of `bedalloc solve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bedalloc solve models/england-2019-districts.yaml -o results/districts\n  \
                        bedalloc solve models/england-2019-districts.yaml --format parquet"
)]
pub struct SolveArguments {
    /// The model file.
    pub model: PathBuf,
    #[command(flatten)]
    areas: AreasArguments,
    /// Folder for the result [default: results/NAME-OF-MODEL].
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    solver: SolverArguments,
    #[command(flatten)]
    ranges: RangeArguments,
    /// Also write the largest tables in another format.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<MoreFormats>,
    /// Print summary.json rather than text.
    #[arg(long)]
    json: bool,
}

/// What may be found beside the plan.
#[derive(Debug, Default, Args)]
struct RangeArguments {
    /// Find the least and most beds of each region among equally good plans
    /// [default: for models of up to 10,000 areas].
    #[arg(long, overrides_with = "no_ranges")]
    ranges: bool,
    /// Leave that out.
    #[arg(long, overrides_with = "ranges")]
    no_ranges: bool,
    /// Find for how many more and how many fewer the prices of pools, agreements, sizes and budgets hold: by
    /// district a minute; by smaller areas for aims that do not weigh journeys [default: for small models only].
    #[arg(long)]
    price_ranges: bool,
}

impl RangeArguments {
    /// What a run of a model with so many areas is asked for.
    fn options(&self, areas: usize) -> RunOptions {
        let ranges = self.ranges || (!self.no_ranges && areas <= AREAS_WITH_RANGES);
        RunOptions { ranges, price_ranges: self.price_ranges }
    }
}

/// What is written only when asked for; the page and the workbook always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MoreFormats {
    /// flows.parquet and areas.parquet, for Python, R and SQL.
    Parquet,
}

impl SolveArguments {
    fn folder(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| {
            Path::new("results").join(self.model.file_stem().unwrap_or_else(|| "model".as_ref()))
        })
    }
}

/// Why there is no result.
struct Failure {
    exit: Exit,
    text: String,
}

impl Failure {
    fn new(exit: Exit, text: &dyn Display) -> Self {
        Self { exit, text: text.to_string() }
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        let exit = match error {
            FolderError::Stopped { .. } => Exit::StoppedWithoutPlan,
            _ => Exit::BadInput,
        };
        Self::new(exit, &error)
    }
}

/// Runs the command.
pub fn run(arguments: &SolveArguments, manner: Manner) -> Exit {
    let mut progress = Progress::new(Show::for_flags(manner.quiet, manner.verbose));
    let done = solve(arguments, manner, &mut progress);
    progress.clear();
    done.unwrap_or_else(|failure| {
        if !failure.text.is_empty() {
            eprintln!("{}", failure.text.trim_end());
        }
        failure.exit
    })
}

fn solve(arguments: &SolveArguments, manner: Manner, progress: &mut Progress) -> Result<Exit, Failure> {
    let started = SystemTime::now();
    let folder = arguments.folder();
    result_folder::check(&folder)?;
    let interrupt = Interrupt::listen();
    let loaded = progress
        .time("read the model", || {
            let overrides = Overrides { demands: Demands::Judged, ..arguments.areas.overrides() };
            input::load_with(&arguments.model, &overrides)
        })
        .map_err(|faults| bad_input(&faults, arguments.json))?;
    let choice = SolverChoice::new(&loaded.solver, &arguments.solver, &interrupt);
    choice.make().map_err(|error| Failure::new(Exit::BadInput, &error))?;
    let system = &loaded.system;
    let times = progress
        .time("find travel times", || TravelTimes::within_reach(system))
        .map_err(|error| Failure::new(Exit::BadInput, &error))?;
    let options = arguments.ranges.options(system.areas.len());
    let end = pipeline::run(system, &times, &options, &mut || choice.make(), progress)
        .map_err(|error| run_failure(&error))?;
    match end {
        RunEnd::Planned(result) => {
            let notes: Vec<String> = loaded.notes.iter().map(|note| note.text.clone()).collect();
            let report = &Report::new(system, &result, &notes);
            let folder = &folder;
            let told = Told { arguments, folder, loaded: &loaded, choice: &choice, started, options, report };
            told.write(&interrupt, progress)?;
            progress.clear();
            told.print(manner)?;
            Ok(match result.status {
                Status::Optimal => Exit::Done,
                Status::Stopped(_) => Exit::StoppedWithPlan,
            })
        }
        RunEnd::Infeasible(conflict) => {
            progress.clear();
            infeasible(system, conflict.as_ref(), arguments.json)
        }
        RunEnd::Stopped(limit) => Err(Failure::new(Exit::StoppedWithoutPlan, &stopped_words(limit))),
    }
}

/// Faults go to stderr in words, or to stdout as JSON for programs.
fn bad_input(faults: &InputErrors, json: bool) -> Failure {
    if json {
        let printed = output::print(&format!("{:#}\n", faults_as_json(faults)));
        return printed.map_or_else(|error| cannot_print(&error), |()| Failure::new(Exit::BadInput, &""));
    }
    Failure::new(Exit::BadInput, faults)
}

/// What the user asked for and cannot have is bad input; the rest is a fault of the program.
fn run_failure(error: &RunError) -> Failure {
    let exit = match error {
        RunError::NoDuals => Exit::BadInput,
        RunError::NoWholeBeds => Exit::Infeasible,
        _ => Exit::Bug,
    };
    Failure::new(exit, error)
}

fn cannot_print(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Bug, &format!("cannot print: {error}"))
}

/// What a result is written and printed with.
struct Told<'a> {
    arguments: &'a SolveArguments,
    folder: &'a Path,
    loaded: &'a Loaded,
    choice: &'a SolverChoice,
    started: SystemTime,
    options: RunOptions,
    report: &'a Report<'a>,
}

impl Told<'_> {
    fn write(&self, interrupt: &Interrupt, progress: &mut Progress) -> Result<(), Failure> {
        let resolved = self.loaded.resolved_in(self.folder);
        // The page sets expected need against today's use; the tables it comes from are read while others are written.
        let overrides = self.arguments.areas.overrides();
        let expected = || input::expected::expected_need_with(&self.arguments.model, &overrides);
        let reports = || rayon::join(|| self.report.files(&resolved), expected);
        let (mut files, expected) = progress.time("make the reports", reports);
        if let Some(path) = &self.loaded.justifications {
            let bytes = std::fs::read(path).map_err(|error| {
                Failure::new(Exit::BadInput, &format!("{} cannot be read again: {error}", path.display()))
            })?;
            files.push(ReportFile { name: input::justifications::NAME, bytes });
        }
        // The manifest names these too, which are made from all other files.
        let mut made_last = vec![html::NAME, workbook::NAME];
        if self.arguments.format == Some(MoreFormats::Parquet) {
            made_last.extend(parquet::NAMES);
        }
        files.extend(made_last.into_iter().map(|name| ReportFile { name, bytes: Vec::new() }));
        files.sort_by_key(|file| file.name);
        files.push(manifest::manifest(self.report, &self.circumstances(progress), &files));
        let made =
            progress.time("make the page and the workbook", || self.made_last(&files, expected.as_ref()))?;
        for made in made {
            files
                .iter_mut()
                .filter(|file| file.name == made.name)
                .for_each(|file| file.bytes.clone_from(&made.bytes));
        }
        // Whoever stopped the solver still wants the plan it has; a stop from here on is another one.
        let stopped_before = interrupt.is_set();
        let stop = || !stopped_before && interrupt.is_set();
        Ok(progress.time("write the result", || result_folder::write(self.folder, &files, &stop))?)
    }
    /// The page, the workbook and the columns, from the bytes of the other files: what anybody could make of them
    /// afterwards.
    fn made_last(
        &self,
        files: &[ReportFile],
        expected: Option<&NeedGrid>,
    ) -> Result<Vec<ReportFile>, Failure> {
        fn failed(error: &dyn Display) -> Failure {
            Failure::new(Exit::Bug, error)
        }
        let held = || {
            let held = files.iter().map(|file| (file.name.to_owned(), file.bytes.clone())).collect();
            Files::held(self.folder, held)
        };
        // Side by side: the workbook takes less time than the page.
        let (page, book) = rayon::join(
            || super::report::page(held(), self.loaded, expected),
            || super::report::workbook(held(), self.loaded),
        );
        let mut made = vec![
            ReportFile { name: html::NAME, bytes: page.map_err(|error| failed(&error))? },
            ReportFile { name: workbook::NAME, bytes: book.map_err(|error| failed(&error))? },
        ];
        if self.arguments.format == Some(MoreFormats::Parquet) {
            made.extend(parquet::files(&held()).map_err(|error| failed(&error))?);
        }
        Ok(made)
    }
    fn circumstances(&self, progress: &Progress) -> Circumstances {
        let mut options = self.choice.record();
        options.push(("ranges".to_owned(), Value::from(self.options.ranges)));
        if self.options.price_ranges {
            options.push(("price_ranges".to_owned(), Value::from(true)));
        }
        Circumstances {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: option_env!("BEDALLOC_COMMIT").filter(|commit| !commit.is_empty()).map(str::to_owned),
            model: paths::way(self.folder, &self.arguments.model),
            inputs: self.inputs(),
            options,
            machine: (
                std::env::consts::OS.to_owned(),
                std::env::consts::ARCH.to_owned(),
                std::thread::available_parallelism().map_or(1, usize::from),
            ),
            started: clock::iso_8601(self.started),
            stages: progress.stages(),
            seconds: progress.seconds(),
        }
    }
    /// Every file read, by its way from the model's folder.
    fn inputs(&self) -> Vec<InputRecord> {
        let home = paths::folder_of(&self.arguments.model);
        let record = |input: &input::InputFile| InputRecord {
            path: paths::way(home, &input.path),
            sha256: input.sha256.clone(),
        };
        let mut inputs: Vec<InputRecord> = self.loaded.inputs.iter().map(record).collect();
        inputs.sort();
        inputs
    }
    fn print(&self, manner: Manner) -> Result<(), Failure> {
        let page = match (self.arguments.json, manner.quiet) {
            (true, _) => summary_json::render(self.report),
            (false, true) => return Ok(()),
            (false, false) => {
                let page = text::render(self.report, output::colour());
                format!("{page}\nWritten to {}\n", self.folder.display())
            }
        };
        output::print(&page).map_err(|error| cannot_print(&error))
    }
}

/// Tells why there is no plan: on stdout as JSON for programs, else in words.
fn infeasible(system: &CareSystem, conflict: Option<&Conflict>, json: bool) -> Result<Exit, Failure> {
    if json {
        let text = format!("{:#}\n", conflict_text::json(system, conflict));
        output::print(&text).map_err(|error| cannot_print(&error))?;
        return Ok(Exit::Infeasible);
    }
    let not_found =
        || "no plan meets every rule of the model; which of them conflict was not found in time".to_owned();
    let words = conflict.map_or_else(not_found, |conflict| conflict_text::render(system, conflict));
    Err(Failure::new(Exit::Infeasible, &words))
}

fn stopped_words(limit: Limit) -> &'static str {
    match limit {
        Limit::Time => "the time limit was reached before there was a plan; allow more with --time-limit",
        Limit::Iterations => "the iteration limit was reached before there was a plan",
        Limit::Interrupted => "stopped before there was a plan; nothing was written",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_for_small_models_unless_told_otherwise() {
        let asked = |ranges, no_ranges, areas| {
            RangeArguments { ranges, no_ranges, ..RangeArguments::default() }.options(areas).ranges
        };
        assert!(asked(false, false, 6_791) && !asked(false, false, 32_844));
        assert!(asked(true, false, 32_844) && !asked(false, true, 309));
    }

    #[test]
    fn a_result_has_its_models_name_unless_told_otherwise() {
        let arguments = SolveArguments {
            areas: AreasArguments::default(),
            model: PathBuf::from("models/england-2019.yaml"),
            output: None,
            solver: SolverArguments::default(),
            ranges: RangeArguments::default(),
            format: None,
            json: false,
        };
        assert_eq!(arguments.folder(), Path::new("results/england-2019"));
    }
}
