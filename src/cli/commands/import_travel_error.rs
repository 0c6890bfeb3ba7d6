//! `bedalloc import travel-error`: how far off the travel-time estimates are.

use crate::import::ImportError;
use crate::import::england_2019::travel::estimator_error;
use crate::network::estimator_error::{ErrorRow, ErrorTable};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `bedalloc import travel-error`.
#[derive(Debug, Args)]
pub struct TravelErrorArguments {
    /// Folder of public files.
    #[arg(long, value_name = "DIR")]
    pub raw: PathBuf,
    /// Test the estimates by LSOA rather than by MSOA (some minutes of work).
    #[arg(long)]
    pub lsoa: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Leaves every hospital out in turn and gives the errors as text.
pub fn run(options: &TravelErrorArguments) -> Result<String, ImportError> {
    let errors = estimator_error(&options.raw, options.lsoa)?;
    Ok(if options.json { in_json(&errors) } else { in_words(&errors) })
}

fn in_json(errors: &ErrorTable) -> String {
    serde_json::to_string_pretty(errors).expect("numbers and text are JSON")
}

fn in_words(errors: &ErrorTable) -> String {
    let mut lines = vec![
        "Each hospital's times estimated without its own column; pairs under 60 km.".to_owned(),
        String::new(),
        format!(
            "{:<48}{:>8}{:>10}{:>12}{:>10}{:>8}",
            "", "pairs", "mean min", "within 45", "median %", "bias"
        ),
    ];
    lines.extend(errors.rows.iter().map(line));
    lines.push(String::new());
    lines.push("The graph, hospitals among the areas, by true time:".to_owned());
    lines.extend(errors.bands.iter().map(line));
    lines.join("\n")
}

fn line(row: &ErrorRow) -> String {
    format!(
        "{:<48}{:>8}{:>10.2}{:>12.2}{:>10.2}{:>8.2}",
        row.what,
        row.pairs,
        row.mean_error.0,
        row.mean_error_within_45.0,
        row.median_share.0 * 100.0,
        row.bias.0
    )
}
