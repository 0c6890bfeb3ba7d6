//! One run: from a care system and its travel times to a proven plan.

use super::comparators::compare;
use super::error::RunError;
use super::goals::{Goal, GoalsEnd, Ledger, Way, reach};
use super::infeasible::{judge, judge_with_patients};
use super::later::{Earlier, Later, LaterEnd, Reached};
use super::observer::{self, Observer, Shared, observed};
use super::price_ranges::{PriceRanges, price_ranges};
use super::refusals::within_limits;
use super::result::{ComparatorResult, OutOfReach, RunResult, SiteDecision, Status};
use super::sites::{SitesEnd, choose_sites};
use super::stage::{Settled, Stage};
use super::terms::terms;
use super::whole_beds::{GivenBeds, plan_in_whole_beds};
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::formulation::demand_points::{DemandPoint, DemandPoints};
use crate::formulation::sites::OpenSites;
use crate::formulation::{Formulation, Parts, build};
use crate::lp::{Limit, LinearProgram};
use crate::network::TravelTimes;
use crate::solution::{BedPlan, Conflict};
use crate::solver::{Solver, SolverError};
use std::collections::BTreeSet;

/// The prices of programs with no more rows than this are looked at unasked: solves take hundredths of a second. By district one
/// takes a third of a second, and every price some ten of them.
const ROWS_IN_A_MOMENT: usize = 2_000;

/// What a run may be asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    /// The least and most beds of each region at the same optimum.
    pub ranges: bool,
    /// How far prices hold: of all levels by district, in larger programs of those over merged areas. With `ranges` it is
    /// found for small programs anyway.
    pub price_ranges: bool,
}

impl RunOptions {
    /// Whether it is to be found how far the prices of a program hold.
    pub(super) fn wants_price_ranges(self, program: &LinearProgram) -> bool {
        self.price_ranges || (self.ranges && program.rows() <= ROWS_IN_A_MOMENT)
    }
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
    within_limits(system, options.ranges || options.price_ranges, |tightened, ranges| {
        let options = if ranges { *options } else { RunOptions::default() };
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
    fix(&mut coarse, &open, given);
    let observer = Shared::new(observer);
    let mut stage = Stage::new(&coarse, solver()?);
    let alone = stage.solver().options().threads == Some(1);
    let levels = || reach(&mut stage, over_merged, &Way::over_merged(leximin), &mut ledger, &mut &observer);
    let build_full = || {
        let parts = Parts { travel: true };
        observed(&mut &observer, observer::Stage::BuildFull, || build(system, &areas, parts))
    };
    let (reached, mut fine) = both(alone, levels, build_full);
    let (end, mut over_merged_areas) = reached?;
    let stopped = match end {
        GoalsEnd::Reached => None,
        GoalsEnd::Infeasible => return infeasible(system, &merged, solver),
        // Nothing could be said of how good such a plan is.
        GoalsEnd::Stopped(limit, _) if ledger.levels.is_empty() => return Ok(RunEnd::Stopped(limit)),
        GoalsEnd::Stopped(limit, best) => {
            over_merged_areas = best.filter(|best| !best.is_empty()).unwrap_or(over_merged_areas);
            Some(limit)
        }
    };

    fix(&mut fine, &open, given);
    let later = Later {
        system,
        options,
        beds_are_given: given.is_some(),
        areas: &areas,
        formulation: &fine,
        earlier: Earlier {
            goals: over_merged,
            points: &merged,
            formulation: &coarse,
            program: stage.program.clone(),
            columns: &over_merged_areas,
            wants_a_start: stage.solver().wants_a_start(),
        },
        stopped,
        goals: over_all,
    };
    let full_solver = solver()?;
    let looked_at = options.wants_price_ranges(coarse.program()) && given.is_none();
    let solved = looked_at.then(|| ledger.settled.clone());
    let levels = || later.solve(full_solver, &mut ledger, &mut &observer);
    let formulas = || match given {
        None if stopped.is_none() => beside(&mut stage, system, &merged, solved.as_deref(), &mut &observer),
        _ => Ok((None, PriceRanges::new())),
    };
    // Formulas are judged over merged areas. Neither looks at what the other finds.
    let (end, compared) = both(alone, levels, formulas);
    let reached = match end? {
        LaterEnd::Reached(reached) => *reached,
        LaterEnd::Infeasible => return infeasible(system, &areas, solver),
        LaterEnd::Stopped(limit) => return Ok(RunEnd::Stopped(limit)),
    };
    let (compared, mut price_ranges) = compared?;
    let mut comparators = compared.unwrap_or_default();
    let mut status = reached.status;
    if status != Status::Optimal {
        comparators.clear();
        price_ranges.clear();
    } else if let Some(limit) = sites.as_ref().and_then(|sites| sites.stopped) {
        status = Status::Stopped(limit);
    }
    let Reached { columns, beyond, solver, .. } = reached;
    price_ranges.extend(beyond.price_ranges);
    let read = || BedPlan::read(system, &areas, &fine, &columns);
    let plan = observed(&mut &observer, observer::Stage::ReadPlan, read);
    Ok(RunEnd::Planned(Box::new(RunResult {
        status,
        plan,
        levels: ledger.levels,
        prices: ledger.prices,
        price_ranges,
        terms: terms(system, &areas, &fine, &columns),
        comparators,
        ranges: beyond.ranges,
        ties_left_open: beyond.ties_left_open,
        pairs: times.counts(),
        out_of_reach: out_of_reach(system, &areas),
        sites,
        solver,
        refusals: None,
        whole_beds: None,
    })))
}

/// Fixes what is decided beforehand: which sites are open, and beds where they are given.
fn fix(f: &mut Formulation, open: &OpenSites, given: Option<&GivenBeds>) {
    f.fix_sites(open);
    if let Some(given) = given {
        f.fix_values(&given.beds);
    }
}

/// What is found beside the levels over all areas, on the program over merged ones: what formulas come to, and how far the
/// prices of the levels `solved` on it hold, where that is wanted.
fn beside(
    stage: &mut Stage,
    system: &CareSystem,
    merged: &DemandPoints,
    solved: Option<&[(Goal, Settled)]>,
    observer: &mut dyn Observer,
) -> Result<(Option<Vec<ComparatorResult>>, PriceRanges), RunError> {
    let held = solved.map(|_| stage.program.clone());
    let compared = compare(stage, system, merged, observer)?;
    let (Some(solved), Some(held)) = (solved, held) else { return Ok((compared, PriceRanges::new())) };
    stage.reset();
    let find = || price_ranges(stage, merged, solved, &held);
    Ok((compared, observed(observer, observer::Stage::PriceRangesMerged, find)?))
}

/// Does two pieces of work: one after the other where one thread is all that is allowed, else at once.
fn both<A: Send, B: Send>(
    alone: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if alone { (one(), other()) } else { rayon::join(one, other) }
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
