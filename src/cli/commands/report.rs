//! `bedalloc report`: the page, workbook or columns of a result, or the page of several side by side, from their folders,
//! without solving.

use crate::cli::exit_code::Exit;
use crate::cli::output::tell;
use crate::cli::result_folder::{load_again, model_of, write_file};
use crate::domain::system::CareSystem;
use crate::input::{self, Loaded, about, outlines};
use crate::insight::compare::compare;
use crate::insight::files::Files;
use crate::insight::ledger::NeedGrid;
use crate::report::html::compared_map::{ComparedMap, compared_map};
use crate::report::html::error::PageError;
use crate::report::html::{self, Sources, comparison};
use crate::report::workbook::error::WorkbookError;
use crate::report::{parquet, workbook};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bedalloc report results/england-2019\n  \
                        bedalloc report results/england-2019 -o page.html\n  \
                        bedalloc report results/england-2019 --format xlsx,parquet\n  \
                        bedalloc report results/england-2019 results/england-2019-cap-92 -o both.html")]
pub struct ReportArguments {
    /// The result folder; with more than one, a page that sets them side by side, differences against the first.
    #[arg(value_name = "RESULT", num_args = 1.., required = true)]
    pub folders: Vec<PathBuf>,
    /// What to write; several, with commas between.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMAT", default_value = "html")]
    pub format: Vec<Format>,
    /// The file to write [default: report.html or results.xlsx in the result folder; comparison.html for several];
    /// for Parquet, or several formats, the folder.
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

/// What can be written of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Format {
    /// report.html, the page.
    Html,
    /// results.xlsx, the workbook.
    Xlsx,
    /// flows.parquet and areas.parquet, for Python, R and SQL.
    Parquet,
}

/// Runs the command: 0 when all is written, 2 when a result or its data cannot be read.
pub fn run(arguments: &ReportArguments, quiet: bool) -> Exit {
    let told = |files: Vec<PathBuf>| {
        let lines = files.iter().map(|file| format!("Written to {}\n", file.display()));
        if quiet { String::new() } else { lines.collect() }
    };
    tell(written(arguments).map(told))
}

fn written(arguments: &ReportArguments) -> Result<Vec<PathBuf>, String> {
    let mut formats = arguments.format.clone();
    formats.sort_unstable();
    formats.dedup();
    let made = match arguments.folders.as_slice() {
        [folder] => formats_of(folder, &formats)?,
        several if formats == [Format::Html] => vec![("comparison.html", side_by_side(several)?)],
        _ => return Err("several results are set side by side as a page only: leave --format out".to_owned()),
    };
    let home = match arguments.folders.as_slice() {
        [folder] => folder.clone(),
        _ => PathBuf::new(),
    };
    // One file goes where it is wanted; several go to a folder.
    let one_file = made.len() == 1;
    let place = |name: &str| match &arguments.output {
        Some(file) if one_file => file.clone(),
        Some(folder) => folder.join(name),
        None => home.join(name),
    };
    if let Some(folder) = arguments.output.as_ref().filter(|_| !one_file) {
        std::fs::create_dir_all(folder)
            .map_err(|fault| format!("{} cannot be made: {fault}", folder.display()))?;
    }
    let mut files = Vec::new();
    for (name, bytes) in made {
        let file = place(name);
        write_file(&file, &bytes).map_err(|fault| fault.to_string())?;
        files.push(file);
    }
    Ok(files)
}

/// What is asked for of one result, each with the name it goes by in the result folder.
fn formats_of(folder: &Path, formats: &[Format]) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    let model = model_of(folder)?;
    let needs_data = formats.iter().any(|format| *format != Format::Parquet);
    let loaded = needs_data.then(|| load_again(&model, "the page or workbook")).transpose()?;
    if loaded.is_some() {
        super::explain::warn_of_changes(folder);
    }
    let files = || Files::new(folder);
    let mut made = Vec::new();
    for format in formats {
        match (format, &loaded) {
            (Format::Html, Some(loaded)) => {
                let expected = input::expected::expected_need(&model);
                let page = page(files(), loaded, expected.as_ref()).map_err(|fault| fault.to_string())?;
                made.push((html::NAME, page));
            }
            (Format::Xlsx, Some(loaded)) => {
                made.push((workbook::NAME, workbook(files(), loaded).map_err(|fault| fault.to_string())?));
            }
            _ => {
                let columns = parquet::files(&files()).map_err(|fault| fault.to_string())?;
                made.extend(columns.into_iter().map(|file| (file.name, file.bytes)));
            }
        }
    }
    Ok(made)
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

/// The workbook of the result that was made from this input.
pub(super) fn workbook(files: Files, loaded: &Loaded) -> Result<Vec<u8>, WorkbookError> {
    workbook::workbook(files, &loaded.system, &about::read(&loaded.data))
}

fn side_by_side(folders: &[PathBuf]) -> Result<Vec<u8>, String> {
    let results = folders.iter().map(|folder| super::compare::read(folder)).collect::<Result<Vec<_>, _>>()?;
    let found = compare(&results).map_err(|fault| fault.to_string())?;
    let map = map(folders);
    comparison::page(&found, map.as_ref().map_err(String::as_str)).map_err(|fault| fault.to_string())
}

/// The map of several results; where the data of one cannot be read, why there is none.
fn map(folders: &[PathBuf]) -> Result<ComparedMap, String> {
    let loaded: Vec<Loaded> =
        folders.iter().map(|folder| load_again(&model_of(folder)?, "the map")).collect::<Result<_, _>>()?;
    let results: Vec<(&Path, &CareSystem)> =
        folders.iter().zip(&loaded).map(|(folder, loaded)| (folder.as_path(), &loaded.system)).collect();
    let layers = loaded.first().map(|first| outlines::read(&first.data).0).unwrap_or_default();
    compared_map(&results, &layers).map_err(|fault| fault.to_string())
}
