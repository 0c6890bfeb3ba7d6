//! Whole beds: the plan in fractions is made whole, and the levels are solved again with its beds fixed.
//!
//! Small models are searched by branch and bound. In others the plan in fractions is rounded so that sums keep (see
//! [`rounding`]) and beds that nobody uses are moved to where some are short (see [`mending`]). Either way the
//! levels in fractions are bounds, proven by their prices: no plan in whole beds beats the first. `docs/whole-beds.md`
//! has the method at length.

mod bed_rows;
mod branching;
mod mending;
mod rounding;

use super::error::RunError;
use super::goals::Goal;
use super::infeasible::judge_whole_beds;
use super::observer::{self, Observer};
use super::result::{RunResult, SiteDecision, SiteLevel, Status, WholeBeds, WholeMethod};
use super::run::{MakeSolver, RunEnd, RunOptions, solve_levels};
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::VariableKey;
use crate::formulation::{Formulation, Parts, build};
use crate::lp::Limit;
use crate::network::TravelTimes;
use bed_rows::{Cell, cells_of};
use mending::Mended;
use std::collections::BTreeMap;

/// Sites and beds that are given to a run.
pub struct GivenBeds {
    /// Which sites are open.
    pub sites: Option<SiteDecision>,
    /// New beds and beds moved.
    pub beds: BTreeMap<VariableKey, f64>,
}

/// Whole beds, and how they were found.
struct Found {
    beds: BTreeMap<VariableKey, f64>,
    method: WholeMethod,
    trials: Vec<f64>,
    searched: Vec<SiteLevel>,
}

/// What became of the search for them.
enum End {
    Found(Found),
    Stopped(Limit),
}

/// Solves a model in fractions, makes the beds whole, and solves it again with these beds.
pub fn plan_in_whole_beds(
    system: &CareSystem,
    times: &TravelTimes,
    options: RunOptions,
    ward: Beds,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<RunEnd, RunError> {
    match plan(system, times, options, ward, solver, observer) {
        Err(RunError::NoWholeBeds) => match judge_whole_beds(system, ward, solver)? {
            Some(conflict) => Ok(RunEnd::Infeasible(Some(conflict))),
            None => Err(RunError::NoWholeBeds),
        },
        end => end,
    }
}

fn plan(
    system: &CareSystem,
    times: &TravelTimes,
    options: RunOptions,
    ward: Beds,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<RunEnd, RunError> {
    let fractional = match solve_levels(system, times, options, None, solver, observer)? {
        RunEnd::Planned(result) => *result,
        other => return Ok(other),
    };
    if let (Status::Stopped(limit), true) = (fractional.status, fractional.levels.is_empty()) {
        return Ok(RunEnd::Stopped(limit));
    }
    observer.starts(observer::Stage::WholeBeds);
    let end = find(system, times, &fractional, ward, solver)?;
    observer.ends(observer::Stage::WholeBeds);
    let found = match end {
        End::Found(found) => found,
        End::Stopped(limit) => return Ok(RunEnd::Stopped(limit)),
    };
    let given = GivenBeds { sites: fractional.sites.clone(), beds: found.beds };
    let options = RunOptions::default();
    let mut result = match solve_levels(system, times, options, Some(&given), solver, observer)? {
        RunEnd::Planned(result) => result,
        RunEnd::Infeasible(_) => return Err(RunError::NoWholeBeds),
        RunEnd::Stopped(limit) => return Ok(RunEnd::Stopped(limit)),
    };
    if fractional.status != Status::Optimal {
        result.status = fractional.status;
    }
    result.ranges = fractional.ranges;
    result.comparators = fractional.comparators;
    result.whole_beds = Some(WholeBeds {
        ward,
        method: found.method,
        trials: found.trials,
        levels: fractional.levels,
        prices: fractional.prices,
        searched: found.searched,
    });
    Ok(RunEnd::Planned(result))
}

/// Finds whole beds: by branch and bound where the model is small, else by rounding and mending.
fn find(
    system: &CareSystem,
    times: &TravelTimes,
    fractional: &RunResult,
    ward: Beds,
    solver: &mut MakeSolver,
) -> Result<End, RunError> {
    let goals = Goal::of(system);
    let open = fractional.sites.as_ref().map(|sites| sites.open.clone()).unwrap_or_default();
    let areas = DemandPoints::of_areas(system, times);
    let formulation = |goals: &[Goal]| {
        let travel = !goals.iter().all(Goal::ignores_minutes);
        let parts = Parts { travel };
        let mut f = if travel { build(system, &areas, parts) } else { build(system, &areas.merged(), parts) };
        f.fix_sites(&open);
        f
    };
    if branching::is_small(system, &areas) {
        let f = formulation(&goals);
        let cells = cells_of(system, &f, fractional);
        if let Some((beds, searched)) = branching::search(system, &f, &goals, &cells, ward, solver)? {
            let method = WholeMethod::BranchAndBound;
            return Ok(End::Found(Found {
                beds: named(&cells, &beds),
                method,
                trials: Vec::new(),
                searched,
            }));
        }
    }
    let f = formulation(&goals[..1.min(goals.len())]);
    let cells = cells_of(system, &f, fractional);
    let rows = bed_rows::rows_of(&f, &cells);
    let Some(rounded) = rounding::round(system, &cells, &rows, ward, solver)? else {
        return Err(RunError::NoWholeBeds);
    };
    Ok(match mend(system, &f, &goals, fractional, (&cells, &rows, ward), rounded, solver)? {
        Mended::Done(beds, trials) => {
            let (beds, method) = (named(&cells, &beds), WholeMethod::Rounding);
            End::Found(Found { beds, method, trials, searched: Vec::new() })
        }
        Mended::Infeasible => return Err(RunError::NoWholeBeds),
        Mended::Stopped(limit) => End::Stopped(limit),
    })
}

/// Mends rounded beds by the first level, where the program has it.
fn mend(
    system: &CareSystem,
    f: &Formulation,
    goals: &[Goal],
    fractional: &RunResult,
    model: (&[Cell], &bed_rows::BedRows, Beds),
    rounded: Vec<f64>,
    solver: &mut MakeSolver,
) -> Result<Mended, RunError> {
    let first = goals.iter().find_map(|goal| Some((goal, goal.expression(f)?.into_owned())));
    let (Some((goal, expression)), Some(level)) = (first, fractional.levels.first()) else {
        return Ok(Mended::Done(rounded, Vec::new()));
    };
    let told = |value| goal.reported(f, value);
    let aim = mending::Aim { expression, bound: level.bound, told: &told };
    mending::mend(system, f, model, &aim, rounded, solver)
}

fn named(cells: &[Cell], beds: &[f64]) -> BTreeMap<VariableKey, f64> {
    cells.iter().zip(beds).map(|(cell, &value)| (cell.key, value)).collect()
}
