//! The plan that keeps a set of promises and changes as little as it can.

use super::error::NegotiationError;
use super::known::Known;
use super::present::Present;
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::domain::units::{BedMinutes, Beds, OccupiedBeds, Proportion};
use crate::domain::{PeriodIx, RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{Movement, NewBeds, Unmet};
use crate::formulation::{Formulation, Parts, build};
use crate::lp::{Bounds, ColumnIx};
use crate::pipeline::error::RunError;
use crate::pipeline::goals::{Goal, GoalsEnd, Ledger, Way, reach};
use crate::pipeline::infeasible::judge;
use crate::pipeline::later::Earlier;
use crate::pipeline::observer::{self, Observer, observed};
use crate::pipeline::run::MakeSolver;
use crate::pipeline::stage::{Solved, Stage};
use crate::pipeline::terms::terms;
use crate::pipeline::tie_break::settle_near;
use crate::solution::LevelName;
use std::collections::BTreeMap;

/// A level that a result reached is kept where its value comes out the same to this part of it.
const KEPT: f64 = 1e-6;
/// How often journeys that were left out may come back before all of them do.
const ROUNDS: usize = 4;

/// New beds promised to regions: a fixed number, or a least or most.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Promises(BTreeMap<RegionIx, (Option<Beds>, Option<Beds>)>);

impl Promises {
    /// Promises a region at least and at most so many; a later promise to it takes the place of the earlier one.
    pub fn promise(&mut self, region: RegionIx, least: Option<Beds>, most: Option<Beds>) {
        self.0.insert(region, (least, most));
    }
    /// Promises a region exactly so many.
    pub fn give(&mut self, region: RegionIx, beds: Beds) {
        self.promise(region, Some(beds), Some(beds));
    }
    /// Whether nothing is promised.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// What is promised to each region: least and most.
    pub fn iter(&self) -> impl Iterator<Item = (RegionIx, Option<Beds>, Option<Beds>)> + '_ {
        self.0.iter().map(|(&region, &(least, most))| (region, least, most))
    }
    pub(super) fn bounds(&self) -> Vec<(RegionIx, Bounds)> {
        let end = |beds: Option<Beds>, none: f64| beds.map_or(none, |beds| beds.0);
        self.iter()
            .map(|(region, least, most)| {
                (region, Bounds::between(end(least, f64::NEG_INFINITY), end(most, f64::INFINITY)))
            })
            .collect()
    }
}

/// A plan that keeps promises.
#[derive(Debug, Clone, PartialEq)]
pub struct PromisedPlan {
    /// Unmet need of England, in the unit of the model's term. Where it is the first aim: the least that the promises
    /// allow, proven.
    pub unmet: OccupiedBeds,
    /// The unmet share of the worst-off equity group; `None` where there are no groups.
    pub worst_share: Option<Proportion>,
    /// The model's travel term; `None` where it has none. Where travel is an aim: the least among plans as good for
    /// the aims before it, proven.
    pub travel: Option<BedMinutes>,
    /// New beds.
    pub new_beds: BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), Beds>,
    /// New beds of each region, all periods added up.
    pub region_beds: BTreeMap<RegionIx, Beds>,
    /// Unmet need of each region's people, all periods added up by their probability.
    pub region_unmet: BTreeMap<RegionIx, OccupiedBeds>,
}

/// The best plan for the aims of the model, in their order, that keeps the promises; and of those that are equally good
/// the one whose beds differ least from those of the result.
///
/// # Errors
/// When no plan keeps the promises, or a solve was stopped or failed.
pub fn promised_plan(
    present: Present,
    promises: &Promises,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<PromisedPlan, NegotiationError> {
    let system = &present.with_promises(promises);
    // Beds alone say at once what no plan can give; with their patients it takes long to be sure.
    if judge(system, solver)?.is_some() {
        return Err(NegotiationError::Impossible);
    }
    let doing = observer::Stage::DemandPoints;
    let areas = &observed(observer, doing, || DemandPoints::of_areas(system, present.times));
    let parts = Parts { travel: true };
    let mut fine = observed(observer, observer::Stage::BuildFull, || build(system, areas, parts));
    fine.fix_sites(&present.standing.open);
    let mut full = Stage::new(&fine, solver()?);
    if let Some(known) = Known::new(&mut full, present, system)
        && let Some(plan) = from_known(known, present, (system, areas), solver, observer)?
    {
        return Ok(plan);
    }
    full.reset();
    let reached = from_nothing((&mut full, areas), present, system, solver, observer)?;
    let reached = reached.ok_or(NegotiationError::Impossible)?;
    finish((&mut full, areas), present, system, reached, observer)
}

/// The levels that were reached, and column values that reach them.
type Reached = (Ledger, Vec<f64>);

/// Of equally good plans the one nearest to the result's.
fn finish(
    (stage, points): (&mut Stage, &DemandPoints),
    present: Present,
    system: &CareSystem,
    (ledger, columns): Reached,
    observer: &mut dyn Observer,
) -> Result<PromisedPlan, NegotiationError> {
    let f = stage.formulation;
    let targets = targets(present, system, f);
    let settled = observed(observer, observer::Stage::TieBreak, || settle_near(stage, targets, &columns))?;
    Ok(read(system, points, f, &ledger, &settled.unwrap_or(columns)))
}

/// Reaches the aims that look at minutes, on the faces of those before them as the result knows them, over the
/// journeys that are worth having. `None` where no promised plan lies there.
fn from_known(
    mut known: Known,
    present: Present,
    (system, areas): (&CareSystem, &DemandPoints),
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<Option<PromisedPlan>, NegotiationError> {
    let goals = Goal::of(system);
    let further = &goals[goals.iter().take_while(|goal| goal.ignores_minutes()).count()..];
    let way = Way { leximin: system.policy.objective.leximin, merged: false, plan: &Vec::new };
    for _ in 0..ROUNDS {
        let points = known.points(system, areas);
        let doing = observer::Stage::BuildFull;
        let mut few = observed(observer, doing, || build(system, &points, Parts { travel: true }));
        few.fix_sites(&present.standing.open);
        let mut stage = Stage::new(&few, solver()?);
        if !known.confine(&mut stage) {
            return Ok(None);
        }
        // Where no plan lies there, all levels are to be solved, and that does not take as long as to be sure.
        stage.solver().hurry();
        let mut ledger = Ledger::default();
        let columns = match reach(&mut stage, further, &way, &mut ledger, observer) {
            Ok((GoalsEnd::Reached, columns)) => columns,
            Ok((GoalsEnd::Infeasible, _)) | Err(RunError::LostFeasibility { .. }) => return Ok(None),
            Ok((GoalsEnd::Stopped(limit, _), _)) => return Err(NegotiationError::Stopped(limit)),
            Err(error) => return Err(error.into()),
        };
        if known.takes_in(&ledger.settled) {
            continue;
        }
        if !keeps_the_least(present, &few, &columns) {
            return Ok(None);
        }
        return finish((&mut stage, &points), present, system, (ledger, columns), observer).map(Some);
    }
    Ok(None)
}

/// Whether column values leave as little unmet as the result does, where that is the least.
fn keeps_the_least(present: Present, f: &Formulation, columns: &[f64]) -> bool {
    let name = LevelName::Term(Term::Unmet, 1);
    let known = present.standing.levels.iter().find(|level| level.name == name);
    known.zip(f.term(Term::Unmet)).is_none_or(|(known, term)| {
        let value = term.reported(term.program_value(columns));
        (value - known.value).abs() <= KEPT * known.value.abs().max(1.0)
    })
}

/// Reaches all aims, as a run does.
fn from_nothing(
    (full, areas): (&mut Stage, &DemandPoints),
    present: Present,
    system: &CareSystem,
    solver: &mut MakeSolver,
    observer: &mut dyn Observer,
) -> Result<Option<Reached>, NegotiationError> {
    let goals = Goal::of(system);
    let goals = goals.split_at(goals.iter().take_while(|goal| goal.ignores_minutes()).count());
    let leximin = system.policy.objective.leximin;
    let merged = areas.merged();
    let doing = observer::Stage::BuildMerged;
    let mut coarse = observed(observer, doing, || build(system, &merged, Parts::default()));
    coarse.fix_sites(&present.standing.open);
    let mut stage = Stage::new(&coarse, solver()?);
    let mut ledger = Ledger::default();
    let way = Way::over_merged(leximin);
    let (end, columns) = reach(&mut stage, goals.0, &way, &mut ledger, observer)?;
    match end {
        GoalsEnd::Reached => {}
        GoalsEnd::Infeasible => return Ok(None),
        GoalsEnd::Stopped(limit, _) => return Err(NegotiationError::Stopped(limit)),
    }
    let earlier = Earlier {
        goals: goals.0,
        points: &merged,
        formulation: &coarse,
        program: stage.program.clone(),
        columns: &columns,
        wants_a_start: stage.solver().wants_a_start(),
    };
    let (end, columns) = earlier.reach_further((full, areas), goals.1, leximin, &mut ledger, observer)?;
    match end {
        GoalsEnd::Infeasible => return Ok(None),
        GoalsEnd::Stopped(limit, _) => return Err(NegotiationError::Stopped(limit)),
        GoalsEnd::Reached if !columns.is_empty() => return Ok(Some((ledger, columns))),
        GoalsEnd::Reached => {}
    }
    match full.minimise(&[])? {
        Solved::Level(solution) => Ok(Some((ledger, solution.columns))),
        Solved::Infeasible => Err(RunError::LostFeasibility { level: "plan".to_owned() }.into()),
        Solved::Stopped(limit, _) => Err(NegotiationError::Stopped(limit)),
    }
}

/// Every decision on beds, with what it was.
fn targets(present: Present, system: &CareSystem, f: &Formulation) -> Vec<(ColumnIx, f64)> {
    let mut targets = Vec::new();
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            let moves = Movement::ALL.map(|m| m.variable(site, specialty, period));
            let keys = std::iter::once(NewBeds { site, specialty, period }.into()).chain(moves);
            targets.extend(keys.filter_map(|key| {
                Some((f.column(key)?, present.standing.beds.get(&key).copied().unwrap_or(0.0)))
            }));
        }
    }
    targets
}

fn read(
    system: &CareSystem,
    areas: &DemandPoints,
    f: &Formulation,
    ledger: &Ledger,
    columns: &[f64],
) -> PromisedPlan {
    let mut new_beds = BTreeMap::new();
    let mut region_beds: BTreeMap<RegionIx, Beds> =
        system.regions.indices().map(|region| (region, Beds::ZERO)).collect();
    for period in system.opening_periods() {
        for &(site, specialty) in system.beds.keys() {
            let beds = f.value_of(NewBeds { site, specialty, period }, columns).max(Beds::ZERO);
            new_beds.insert((site, specialty, period), beds);
            *region_beds.entry(system.sites[site].region).or_default() += beds;
        }
    }
    let mut region_unmet: BTreeMap<RegionIx, OccupiedBeds> =
        system.regions.indices().map(|region| (region, OccupiedBeds::ZERO)).collect();
    for (period, _, stretch) in system.periods.iter() {
        for point in areas.iter() {
            let key = Unmet { area: point.area, specialty: point.specialty, period };
            let of_region = region_unmet.entry(system.areas[point.area].region).or_default();
            *of_region += f.value_of(key, columns) * stretch.probability.0;
        }
    }
    let terms = terms(system, areas, f, columns);
    let value = |term: Term| {
        let level = ledger.levels.iter().find(|level| level.name == LevelName::Term(term, 1));
        level.map(|level| level.value).or_else(|| terms.get(&term).copied())
    };
    PromisedPlan {
        unmet: OccupiedBeds(value(Term::Unmet).unwrap_or(0.0)),
        worst_share: value(Term::Inequality).map(Proportion),
        travel: value(Term::Travel).map(BedMinutes),
        new_beds,
        region_beds,
        region_unmet,
    }
}
