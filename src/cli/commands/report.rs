//! `bedalloc report`: the page of a result, or of several side by side, from their folders, without solving.

use crate::cli::exit_code::Exit;
use crate::cli::output::tell;
use crate::cli::result_folder::{load_again, model_of, write_file};
use crate::input::{self, Loaded, about, outlines};
use crate::insight::compare::compare;
use crate::insight::files::Files;
use crate::insight::ledger::NeedGrid;
use crate::report::html::error::PageError;
use crate::report::html::{self, Sources, comparison};
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bedalloc report results/england-2019\n  \
                        bedalloc report results/england-2019 -o page.html\n  \
                        bedalloc report results/england-2019 results/england-2019-cap-92 -o both.html")]
pub struct ReportArguments {
    /// The result folder; with more than one, a page that sets them side by side, differences against the first.
    #[arg(value_name = "RESULT", num_args = 1.., required = true)]
    pub folders: Vec<PathBuf>,
    /// The file to write [default: report.html in the result folder; comparison.html for several].
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs the command: 0 when the page is written, 2 when a result or its data cannot be read.
pub fn run(arguments: &ReportArguments, quiet: bool) -> Exit {
    tell(
        written(arguments)
            .map(|file| if quiet { String::new() } else { format!("Written to {}\n", file.display()) }),
    )
}

fn written(arguments: &ReportArguments) -> Result<PathBuf, String> {
    let (page, usual) = match arguments.folders.as_slice() {
        [folder] => (one(folder)?, folder.join(html::NAME)),
        several => (side_by_side(several)?, PathBuf::from("comparison.html")),
    };
    let file = arguments.output.clone().unwrap_or(usual);
    write_file(&file, &page).map_err(|fault| fault.to_string())?;
    Ok(file)
}

fn one(folder: &Path) -> Result<Vec<u8>, String> {
    let model = model_of(folder)?;
    let loaded = load_again(&model, "the page")?;
    let expected = input::expected::expected_need(&model);
    super::explain::warn_of_changes(folder);
    page(Files::new(folder), &loaded, expected.as_ref()).map_err(|fault| fault.to_string())
}

/// The page of a result that was made from this input.
pub(super) fn page(files: Files, loaded: &Loaded, expected: Option<&NeedGrid>) -> Result<Vec<u8>, PageError> {
    let (layers, faults) = outlines::read(&loaded.data);
    let about = about::read(&loaded.data);
    html::page(Sources {
        files,
        system: &loaded.system,
        expected,
        layers: &layers,
        faults: &faults,
        about: &about,
    })
}

fn side_by_side(folders: &[PathBuf]) -> Result<Vec<u8>, String> {
    let results = folders.iter().map(|folder| super::compare::read(folder)).collect::<Result<Vec<_>, _>>()?;
    let found = compare(&results).map_err(|fault| fault.to_string())?;
    comparison::page(&found).map_err(|fault| fault.to_string())
}
