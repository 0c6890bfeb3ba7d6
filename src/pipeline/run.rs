//! One run: from a care system and its travel times to a proven plan.

use super::beyond::Beyond;
use super::error::RunError;
use super::goals::{Goal, GoalsEnd, Ledger, Way, reach, reach_further};
use super::infeasible::{judge, judge_with_patients};
use super::observer::{self, Observer, observed};
use super::refusals::within_limits;
use super::result::{OutOfReach, RunResult, SiteDecision, Status};
use super::sites::{SitesEnd, choose_sites};
use super::spread::spread;
use super::stage::{Solved, Stage};
use super::terms::terms;
use super::whole_beds::{GivenBeds, plan_in_whole_beds};
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::formulation::demand_points::{DemandPoint, DemandPoints};
use crate::formulation::{Parts, build};
use crate::lp::Limit;
use crate::network::TravelTimes;
use crate::solution::{BedPlan, Conflict};
use crate::solver::{Solver, SolverError};
use std::collections::BTreeSet;

/// What a run may be asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    /// The least and most beds of each region at the same optimum.
    pub ranges: bool,
}

/// How a run ended.
#[derive(Debug)]
pub enum RunEnd {
    /// With a plan.
    Planned(Box<RunResult>),
    /// The demands of the model cannot all be met; the smallest set that collides, where one was found.
    Infeasible(Option<Conflict>),
    /// Stopped at a limit before there was a plan.
    Stopped(Limit),
}

/// Makes a solver, one for each program.
pub type MakeSolver<'a> = dyn FnMut() -> Result<Box<dyn Solver>, SolverError> + 'a;

/// Solves a model, as often as it takes to keep every pool of beds within its limit of refusals.
pub fn run(
    system: &CareSystem,
    times: &TravelTimes,
    options: &RunOptions,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<RunEnd, RunError> {
    if !system.policy.occupancy.refusals.is_on() {
        return run_once(system, times, *options, solver, observer);
    }
    within_limits(system, options.ranges, |tightened, ranges| {
        let options = RunOptions { ranges };
        run_once(tightened, times, options, solver, observer)
    })
}

/// Solves a model at the caps it has.
fn run_once(
    system: &CareSystem,
    times: &TravelTimes,
    options: RunOptions,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<RunEnd, RunError> {
    // Seconds for a division of England, and no use of the long work that follows.
    if let Some(conflict) = judge(system, solver)? {
        return Ok(RunEnd::Infeasible(Some(conflict)));
    }
    match system.policy.whole_beds {
        None => solve_levels(system, times, options, None, solver, observer),
        Some(ward) => plan_in_whole_beds(system, times, options, ward, solver, observer),
    }
}

/// Solves a model: levels that ignore minutes over merged areas, the others over all areas. Where sites and beds
/// are given they stay so; ties, ranges and formulas are then left alone.
pub(super) fn solve_levels(
    system: &CareSystem,
    times: &TravelTimes,
    options: RunOptions,
    given: Option<&GivenBeds>,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<RunEnd, RunError> {
    let areas = observed(observer, observer::Stage::DemandPoints, || DemandPoints::of_areas(system, times));
    let merged = areas.merged();
    let goals = Goal::of(system);
    let (over_merged, over_all) =
        goals.split_at(goals.iter().take_while(|goal| goal.ignores_minutes()).count());

    let sites = match given {
        Some(given) => given.sites.clone(),
        None => match settle_sites(system, [&areas, &merged], &goals, solver, observer)? {
            Ok(sites) => sites,
            Err(end) => return Ok(end),
        },
    };
    let open = sites.as_ref().map(|sites| sites.open.clone()).unwrap_or_default();
    let leximin = system.policy.objective.leximin;
    let mut ledger = Ledger::default();
    let mut coarse =
        observed(observer, observer::Stage::BuildMerged, || build(system, &merged, Parts::default()));
    coarse.fix_sites(&open);
    if let Some(given) = given {
        coarse.fix_values(&given.beds);
    }
    let mut stage = Stage::new(&coarse, solver()?);
    let way = Way::over_merged(leximin);
    let (end, over_merged_areas) = reach(&mut stage, over_merged, &way, &mut ledger, observer)?;
    match end {
        GoalsEnd::Reached => {}
        GoalsEnd::Infeasible => return infeasible(system, &merged, solver),
        GoalsEnd::Stopped(limit, _) => return Ok(RunEnd::Stopped(limit)),
    }

    let parts = Parts { travel: true };
    let mut fine = observed(observer, observer::Stage::BuildFull, || build(system, &areas, parts));
    fine.fix_sites(&open);
    if let Some(given) = given {
        fine.fix_values(&given.beds);
    }
    let mut full = Stage::new(&fine, solver()?);
    let from = (&mut stage, &merged, over_merged_areas.as_slice());
    let goals = (over_merged, over_all);
    let (end, mut columns) = reach_further(from, (&mut full, &areas), goals, leximin, &mut ledger, observer)?;
    let mut status = Status::Optimal;
    match end {
        GoalsEnd::Reached => {}
        GoalsEnd::Infeasible => return infeasible(system, &areas, solver),
        GoalsEnd::Stopped(limit, best) => {
            if let Some(best) = best.filter(|best| !best.is_empty()) {
                columns = best;
            } else if columns.is_empty() && !over_merged_areas.is_empty() {
                columns = spread((&coarse, &merged, &over_merged_areas), &fine, &areas);
            }
            if columns.is_empty() {
                return Ok(RunEnd::Stopped(limit));
            }
            status = Status::Stopped(limit);
        }
    }
    if columns.is_empty() {
        // Every goal was reached over merged areas: any plan on their face will do, for the tie-break to
        // move from.
        match any_plan(&mut full)? {
            Ok(plan) => columns = plan,
            Err(limit) => return Ok(RunEnd::Stopped(limit)),
        }
    }
    let mut beyond = Beyond::default();
    if status == Status::Optimal && given.is_none() {
        beyond = Beyond::find((&mut full, &columns), (&mut stage, &merged), system, options, observer)?;
        columns = beyond.settled.take().unwrap_or(columns);
    }
    if let (Status::Optimal, Some(limit)) = (status, sites.as_ref().and_then(|sites| sites.stopped)) {
        status = Status::Stopped(limit);
    }
    let plan =
        observed(observer, observer::Stage::ReadPlan, || BedPlan::read(system, &areas, &fine, &columns));
    let named = full.solver();
    Ok(RunEnd::Planned(Box::new(RunResult {
        status,
        plan,
        levels: ledger.levels,
        prices: ledger.prices,
        terms: terms(system, &areas, &fine, &columns),
        comparators: beyond.comparators,
        ranges: beyond.ranges,
        ties_left_open: beyond.ties_left_open,
        pairs: times.counts(),
        out_of_reach: out_of_reach(system, &areas),
        sites,
        solver: (named.name().to_owned(), named.version()),
        refusals: None,
        whole_beds: None,
    })))
}

/// A plan of a program as it stands, or the limit at which the solver stopped.
fn any_plan(stage: &mut Stage) -> Result<Result<Vec<f64>, Limit>, RunError> {
    match stage.minimise(&[])? {
        Solved::Level(solution) => Ok(Ok(solution.columns)),
        Solved::Infeasible => Err(RunError::LostFeasibility { level: "plan".to_owned() }),
        Solved::Stopped(limit, _) => Ok(Err(limit)),
    }
}

/// Chooses the sites that open or close, where the model leaves the choice; or the end of the run. The points
/// are all areas, and merged ones.
fn settle_sites(
    system: &CareSystem,
    [areas, merged]: [&DemandPoints; 2],
    goals: &[Goal],
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<Result<Option<SiteDecision>, RunEnd>, RunError> {
    if system.policy.site_choices.is_empty() {
        return Ok(Ok(None));
    }
    let travel = !goals.iter().all(Goal::ignores_minutes);
    let points = if travel { areas } else { merged };
    let doing = observer::Stage::ChooseSites;
    observer.starts(doing);
    let f = build(system, points, Parts { travel });
    let end = choose_sites(system, &f, goals, solver)?;
    observer.ends(doing);
    Ok(match end {
        SitesEnd::Chosen(decision) => Ok(Some(decision)),
        SitesEnd::Stopped(limit) => Err(RunEnd::Stopped(limit)),
        SitesEnd::Infeasible => Err(infeasible(system, points, solver)?),
    })
}

/// Areas with need that no site can treat, and that need in all periods by their probability.
fn out_of_reach(system: &CareSystem, points: &DemandPoints) -> OutOfReach {
    let stranded: Vec<_> = points.iter().filter(|point| point.sites.is_empty()).collect();
    let in_all = |point: &DemandPoint| {
        let periods = system.periods.iter();
        periods
            .map(|(_, _, t)| point.need * t.need_factor(point.specialty) * t.probability)
            .sum::<OccupiedBeds>()
    };
    OutOfReach {
        areas: stranded.iter().map(|point| point.area).collect::<BTreeSet<_>>().len(),
        need: stranded.into_iter().map(in_all).sum(),
    }
}

/// The end of a run whose demands fit each other, but not with its patients.
fn infeasible(
    system: &CareSystem,
    points: &DemandPoints,
    solver: &mut MakeSolver,
) -> Result<RunEnd, RunError> {
    Ok(RunEnd::Infeasible(judge_with_patients(system, points, solver)?))
}
