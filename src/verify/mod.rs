//! A doubter's check of a result folder: everything recomputed from the written files and the input data.
//!
//! Nothing here uses the code that built or solved the program (`formulation`, `lp`, `solver`, `pipeline`):
//! the rules are restated, so that a mistake there shows here. What is proved, and how, is told in
//! `docs/proof.md`.

pub mod bound;
pub mod care;
pub mod curves;
pub mod face;
pub mod feasibility;
pub mod files;
pub mod induced;
pub mod inputs;
pub mod levels;
pub mod measure_checks;
pub mod measure_files;
pub mod measures;
pub mod moves;
pub mod objective;
pub mod parameters;
pub mod plan;
pub mod precedence;
pub mod prices;
pub mod program;
pub mod program_measures;
pub mod refusals;
pub mod report;
pub mod sites;
pub mod specialties;
pub mod summary;
pub mod summary_blocks;
pub mod table;
pub mod totals;
pub mod totals_tables;
pub mod whole_beds;

use crate::domain::system::CareSystem;
use crate::input;
use crate::network::{NetworkError, TravelTimes};
use files::Results;
use parameters::Parameters;
use plan::PlanSums;
use report::Verification;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a result folder could not be checked at all.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// A file is missing or cannot be opened.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A file holds something that does not belong there.
    #[error("{}{}: {cause}", path.display(), line.map(|l| format!(":{l}")).unwrap_or_default())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<u64>,
        /// What is wrong.
        cause: String,
    },
    /// The model or its data cannot be read.
    #[error("the model that the result was made from cannot be read:\n{0}")]
    Input(#[from] input::InputErrors),
    /// The travel data make no graph.
    #[error("the travel data make no graph: {0}")]
    Network(#[from] NetworkError),
}

/// Checks a result folder: its inputs, feasibility, totals, objective terms and the bound of every level.
///
/// # Errors
/// When a file is missing or malformed: a failed check is not an error but part of the answer.
pub fn verify(folder: &Path) -> Result<Verification, VerifyError> {
    let mut checks = inputs::check(folder)?;
    let loaded = input::load(&folder.join("model.yaml"))?;
    let times = TravelTimes::within_reach(&loaded.system)?;
    checks.extend(check(folder, &loaded.system, &times)?.checks);
    Ok(Verification { checks })
}

/// Checks the files of a result folder against a care system that is known already.
///
/// # Errors
/// When a file is missing or malformed.
pub fn check(folder: &Path, system: &CareSystem, times: &TravelTimes) -> Result<Verification, VerifyError> {
    let mut parameters = Parameters::new(system, times);
    let results = Results::read(folder, &parameters)?;
    refusals::take_caps(&mut parameters, &results);
    let sums = PlanSums::new(&parameters, &results);
    let mut checks = feasibility::check(&parameters, &results, &sums);
    checks.extend(refusals::check(&parameters, &results, &sums));
    checks.extend(moves::check(&parameters, &results));
    checks.extend(sites::check(&parameters, &results));
    checks.extend(whole_beds::check(&parameters, &results));
    checks.extend(precedence::check(&parameters, &results, &sums));
    checks.extend(care::check(&parameters, &results));
    checks.extend(measure_checks::check(&parameters, &results, &sums));
    checks.extend(totals::check(&parameters, &results, &sums));
    checks.extend(summary_blocks::check(&parameters, &results, &sums));
    checks.extend(totals_tables::check(folder, &parameters, &results, &sums)?);
    checks.extend(specialties::check(folder, &parameters, &results)?);
    checks.extend(curves::check(folder, &parameters, &results)?);
    checks.extend(objective::check(&parameters, &results, &sums));
    checks.extend(levels::check(&parameters, &results, &sums));
    Ok(Verification { checks })
}
