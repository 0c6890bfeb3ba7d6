//! `bedalloc explain`: why a place got what it got, from a result folder, without solving.

use super::what_if;
use crate::cli::exit_code::Exit;
use crate::cli::output::{colour, json, tell};
use crate::cli::result_folder::{load_again, model_of};
use crate::insight::place::Asked;
use crate::insight::{benchmarks, explain};
use crate::report::text::{benchmarks as table, explanation};
use crate::{input, verify};
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bedalloc explain results/england-2019\n  \
                        bedalloc explain results/england-2019 --region \"South East\"\n  \
                        bedalloc explain results/england-2019 --site RHU03\n  \
                        bedalloc explain results/england-2019 --area \"East Hampshire\" --json\n  \
                        bedalloc explain results/england-2019 --why-not \"North East min 300\"\n  \
                        bedalloc explain results/england-2019 --site RHU03 --resolve 10\n  \
                        bedalloc explain results/england-2019 --benchmarks")]
pub struct ExplainArguments {
    /// The result folder, as `bedalloc solve` wrote it.
    #[arg(value_name = "RESULT")]
    pub folder: PathBuf,
    #[command(flatten)]
    place: PlaceArguments,
    /// Say why a demand does not hold that you expected to: it collides with other rules, or is worse. Write
    /// `[KIND] NAME [/ SPECIALTY] (min|max|exactly) BEDS`.
    #[arg(long, value_name = "DEMAND", conflicts_with_all = ["resolve", "Place"])]
    why_not: Option<String>,
    /// Solve again with so many beds more, and fewer, at the place: prices hold for the next bed only.
    #[arg(long, value_name = "BEDS", value_parser = some_beds, requires = "Place")]
    resolve: Option<f64>,
    /// Every trust and commissioner against national standards, in a table.
    #[arg(long, conflicts_with_all = ["resolve", "why_not", "Place"])]
    benchmarks: bool,
    /// Print JSON for machines: every price, and where every figure comes from.
    #[arg(long)]
    pub json: bool,
}

/// What to explain: one of these, by code or name.
#[derive(Debug, Args)]
#[group(id = "Place", multiple = false)]
struct PlaceArguments {
    /// All regions (what is explained unless told otherwise).
    #[arg(long)]
    nation: bool,
    /// A region.
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// A commissioner.
    #[arg(long, value_name = "NAME")]
    commissioner: Option<String>,
    /// A trust.
    #[arg(long, value_name = "NAME")]
    trust: Option<String>,
    /// A site.
    #[arg(long, value_name = "NAME")]
    site: Option<String>,
    /// An area.
    #[arg(long, value_name = "NAME")]
    area: Option<String>,
    /// A specialty.
    #[arg(long, value_name = "CODE")]
    specialty: Option<String>,
}

impl PlaceArguments {
    fn asked(&self) -> Asked {
        let named = [
            self.region.clone().map(Asked::Region),
            self.commissioner.clone().map(Asked::Commissioner),
            self.trust.clone().map(Asked::Trust),
            self.site.clone().map(Asked::Site),
            self.area.clone().map(Asked::Area),
            self.specialty.clone().map(Asked::Specialty),
        ];
        named.into_iter().flatten().next().unwrap_or(Asked::Nation)
    }
}

fn some_beds(text: &str) -> Result<f64, String> {
    let beds = text.parse::<f64>().ok().filter(|beds| beds.is_finite() && *beds > 0.0);
    beds.ok_or_else(|| "a number of beds above nought is needed".to_owned())
}

/// Runs the command: 0 when the place is explained, 2 when there is no such place or the folder cannot be read.
pub fn run(arguments: &ExplainArguments) -> Exit {
    if let Some(demand) = &arguments.why_not {
        return what_if::why_not(&arguments.folder, demand, arguments.json);
    }
    if let Some(beds) = arguments.resolve {
        return tell(what_if::resolve(&arguments.folder, &arguments.place.asked(), beds, arguments.json));
    }
    tell(told(arguments))
}

fn told(arguments: &ExplainArguments) -> Result<String, String> {
    let folder = &arguments.folder;
    let model = model_of(folder)?;
    let loaded = load_again(&model, "an explanation")?;
    let expected = input::expected::expected_need(&model);
    if arguments.benchmarks {
        let found =
            benchmarks(folder, &loaded.system, expected.as_ref()).map_err(|fault| fault.to_string())?;
        warn_of_changes(folder);
        return if arguments.json { json(&found) } else { Ok(table::render(&found, colour())) };
    }
    let found = explain(folder, &loaded.system, expected.as_ref(), &arguments.place.asked())
        .map_err(|fault| fault.to_string())?;
    warn_of_changes(folder);
    if arguments.json {
        return json(&found);
    }
    Ok(explanation::render(&found, colour()))
}

/// Says where the data are no longer those that the result was made from.
pub(super) fn warn_of_changes(folder: &Path) {
    let Ok(checks) = verify::inputs::check(folder) else { return };
    if checks.iter().any(|check| !check.ok) {
        eprintln!("note: the input files have changed since this result was made; see `bedalloc verify`");
    }
}
