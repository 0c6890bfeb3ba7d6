//! `bedalloc compare`: two or more results side by side.

use crate::cli::exit_code::Exit;
use crate::cli::output::{colour, json, tell};
use crate::cli::result_folder::model_of;
use crate::input::stated;
use crate::insight::compare::{Compared, compare};
use crate::report::text::comparison;
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc compare`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bedalloc compare results/england-2019 results/england-2019-cap-92\n  \
                        bedalloc compare results/a results/b results/c --json")]
pub struct CompareArguments {
    /// The result folders; differences are against the first.
    #[arg(value_name = "RESULT", num_args = 2.., required = true)]
    pub folders: Vec<PathBuf>,
    /// Print JSON for machines.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command: 0 when the results are compared, 2 when one cannot be read.
pub fn run(arguments: &CompareArguments) -> Exit {
    tell(told(arguments))
}

fn told(arguments: &CompareArguments) -> Result<String, String> {
    let results = arguments.folders.iter().map(|folder| read(folder)).collect::<Result<Vec<_>, _>>()?;
    let found = compare(&results).map_err(|fault| fault.to_string())?;
    if arguments.json {
        return json(&found);
    }
    Ok(comparison::render(&found, colour()))
}

/// A result folder with the settings of its model.
pub(super) fn read(folder: &Path) -> Result<Compared, String> {
    let settings = stated::stated(&model_of(folder)?).map_err(|faults| faults.to_string())?;
    Ok(Compared { folder: folder.to_owned(), settings })
}
