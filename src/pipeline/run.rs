//! From a care system to a result, stage by stage.

use super::RunResult;
use crate::domain::system::CareSystem;
use crate::lp::Limit;
use crate::network::TravelTimes;
use crate::solution::Conflict;
use crate::solver::{Solver, SolverError};

/// What a run is asked for beyond the plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    /// Least and most beds of each region at the same optimum.
    pub ranges: bool,
}

/// How a run ended.
#[derive(Debug)]
pub enum RunEnd {
    /// With a plan.
    Planned(Box<RunResult>),
    /// The rules cannot all be met.
    Infeasible(Option<Conflict>),
    /// Stopped before there was a plan.
    Stopped(Limit),
}

/// A stage of a run, for progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage(pub String);

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who watches a run.
pub trait Observer {
    /// A stage starts.
    fn starts(&mut self, stage: &Stage);
    /// A stage ends.
    fn ends(&mut self, stage: &Stage);
}

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The solver could not do its work.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

/// Runs every stage.
pub fn run(
    _system: &CareSystem,
    _times: &TravelTimes,
    _options: &RunOptions,
    solver: &mut dyn FnMut() -> Result<Box<dyn Solver>, SolverError>,
    observer: &mut dyn Observer,
) -> Result<RunEnd, RunError> {
    observer.starts(&Stage("build the program".to_owned()));
    drop(solver()?);
    Ok(RunEnd::Stopped(Limit::Interrupted))
}
