//! Trials: what would become of need if a place had other beds, by solving again.
//!
//! A price holds for the next bed; a trial holds for ten. Only the levels that ignore minutes are solved, over merged
//! areas, since the later ones leave unmet need and its shares as they are: seconds where a whole run takes minutes.
//! Models with whole beds, a choice of sites or limits of refusals are run as a whole for every trial.

use super::error::RunError;
use super::goals::{Goal, GoalsEnd, Ledger, Way, reach};
use super::infeasible::{ASKED, judge};
use super::observer::Silent;
use super::run::{MakeSolver, RunEnd, RunOptions, run};
use super::stage::Stage;
use crate::domain::policy::{Agreement, Origin, Pin, Term, Whose};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::constraints::agreements::lies_in;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, NewBeds, VariableKey};
use crate::formulation::{Formulation, Parts, build};
use crate::lp::Bounds;
use crate::network::TravelTimes;
use crate::solution::{BedPlan, Conflict, LevelName};
use std::collections::{BTreeMap, BTreeSet};

/// Shares that differ by less are one.
const ONE_SHARE: f64 = 5e-6;

/// One trial.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Case {
    /// Least and most new beds of the place; `None` for whatever the model gives it.
    pub beds: Option<(Beds, Beds)>,
    /// Beds added to the pool (or, below nothing, taken off it).
    pub pool: Beds,
}

/// What became of a trial.
#[derive(Debug)]
pub enum CaseEnd {
    /// It was solved.
    Reached(Outcome),
    /// It cannot be done: what collides, where that was found, in the positions of the system with the question's rule.
    Infeasible(Option<Conflict>, Box<CareSystem>),
    /// A limit stopped it.
    Stopped,
}

/// Need and beds of a region.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RegionOutcome {
    /// New beds.
    pub new: Beds,
    /// Need.
    pub need: OccupiedBeds,
    /// What of it stays unmet.
    pub unmet: OccupiedBeds,
}

impl RegionOutcome {
    /// Unmet need over need.
    pub fn share(&self) -> Proportion {
        if self.need.0 > 0.0 { self.unmet / self.need } else { Proportion::ZERO }
    }
}

/// What a trial reaches; over scenarios of need the mean.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// By region, in their order.
    pub regions: BTreeMap<RegionIx, RegionOutcome>,
    /// New beds of the place.
    pub here: Beds,
    /// By how much one more bed there (and in the pool, where the trial adds to it) would change unmet need from here
    /// on; `None` where no beds were fixed, or unmet need is weighted.
    pub next_bed: Option<OccupiedBeds>,
}

impl Outcome {
    /// Unmet need in all regions.
    pub fn unmet(&self) -> OccupiedBeds {
        self.regions.values().map(|region| region.unmet).sum()
    }
    /// Need in all regions.
    pub fn need(&self) -> OccupiedBeds {
        self.regions.values().map(|region| region.need).sum()
    }
    /// Unmet need over need, in all regions.
    pub fn share(&self) -> Proportion {
        RegionOutcome { new: Beds::ZERO, need: self.need(), unmet: self.unmet() }.share()
    }
    /// The largest unmet share of a region, and the regions that have it.
    pub fn worst(&self) -> Option<(Proportion, Vec<RegionIx>)> {
        let worst = self.regions.values().map(|region| region.share().0).reduce(f64::max)?;
        let has = |outcome: &RegionOutcome| worst - outcome.share().0 < ONE_SHARE;
        let regions = self.regions.iter().filter(|(_, outcome)| has(outcome)).map(|(&region, _)| region);
        Some((Proportion(worst), regions.collect()))
    }
}

/// Makes trials with the new beds of a place, one after another, each from where the last one ended.
pub fn trials(
    system: &CareSystem,
    times: &TravelTimes,
    whose: Whose,
    cases: &[Case],
    solver: &mut MakeSolver,
) -> Result<Vec<CaseEnd>, RunError> {
    let goals = Goal::of(system);
    let merged = goals.iter().take_while(|goal| goal.ignores_minutes()).count();
    let policy = &system.policy;
    let as_a_whole = merged == 0
        || policy.whole_beds.is_some()
        || !policy.site_choices.is_empty()
        || policy.occupancy.refusals.is_on();
    if as_a_whole {
        let whole = |case: &Case| run_whole(system, times, whose, *case, solver);
        return cases.iter().map(whole).collect();
    }
    let points = DemandPoints::of_areas(system, times).merged();
    let mut with_row = with_rule(system, whose, Case { beds: None, pool: Beds::ZERO });
    let widest = cases.iter().map(|case| case.pool).fold(Beds::ZERO, Beds::max);
    with_row.policy.pool.total += widest;
    let f = build(&with_row, &points, Parts::default());
    let mut stage = Stage::new(&f, solver()?);
    let mut ends = Vec::new();
    for &case in cases {
        let changed = with_rule(system, whose, case);
        if let Some(conflict) = judge(&changed, solver)? {
            ends.push(CaseEnd::Infeasible(Some(conflict), Box::new(changed)));
            continue;
        }
        stage.reset();
        bound(&mut stage, &with_row, whose, case, widest);
        let mut ledger = Ledger::default();
        let way = Way::over_merged(policy.objective.leximin);
        let (end, columns) = reach(&mut stage, &goals[..merged], &way, &mut ledger, &mut Silent)?;
        ends.push(match end {
            GoalsEnd::Reached => {
                let mut outcome = read(system, &points, &f, whose, &columns);
                outcome.next_bed = next_bed(system, &ledger, whose, case);
                CaseEnd::Reached(outcome)
            }
            GoalsEnd::Infeasible => CaseEnd::Infeasible(None, Box::new(changed)),
            GoalsEnd::Stopped(..) => CaseEnd::Stopped,
        });
    }
    Ok(ends)
}

/// The system with a rule on the new beds of a place. Where no beds are fixed the rule demands nothing.
fn with_rule(system: &CareSystem, whose: Whose, case: Case) -> CareSystem {
    let mut changed = system.clone();
    changed.policy.pool.total += case.pool;
    let origin = Origin { file: ASKED.to_owned(), line: 0 };
    let (least, most) = case.beds.unzip();
    match (whose, case.beds) {
        (Whose::Scope(scope), _) => {
            changed.policy.agreements.push(Agreement { scope, min: least, max: most, origin });
        }
        (Whose::Site(site, specialty), beds) => {
            let beds = beds.map_or(Beds::ZERO, |(least, _)| least);
            if least.is_some() {
                // What else pins these beds is what the question puts aside.
                changed.policy.pins.retain(|pin| (pin.site, pin.specialty) != (site, specialty));
            }
            changed.policy.pins.push(Pin { site, specialty, beds, why: "asked".to_owned(), origin });
        }
    }
    changed
}

/// How many rules of a place's kind a system has.
fn rules(system: &CareSystem, whose: Whose) -> usize {
    match whose {
        Whose::Scope(_) => system.policy.agreements.len(),
        Whose::Site(..) => system.policy.pins.len(),
    }
}

/// Whether a row is that of the rule in this position.
fn is_rule(key: ConstraintKey, whose: Whose, position: usize) -> bool {
    match (key, whose) {
        (ConstraintKey::Agreement { position: at, .. }, Whose::Scope(_))
        | (ConstraintKey::Pin { position: at, .. }, Whose::Site(..)) => usize::from(at) == position,
        _ => false,
    }
}

/// Gives the rule's row, the last of its kind, and the pool the bounds of a case.
fn bound(stage: &mut Stage, system: &CareSystem, whose: Whose, case: Case, widest: Beds) {
    let position = rules(system, whose) - 1;
    let formulation = stage.formulation;
    for (row, key) in (0u32..).map(crate::lp::RowIx).zip(formulation.constraints()) {
        let old = stage.program.row_bounds()[row.get()];
        let bounds = match (*key, whose) {
            (key, _) if is_rule(key, whose, position) => {
                case.beds.map_or(Bounds::FREE, |(least, most)| Bounds::between(least.0, most.0))
            }
            (ConstraintKey::Pin { position: at, .. }, Whose::Site(site, specialty))
                if case.beds.is_some() && {
                    let pin = &system.policy.pins[usize::from(at)];
                    (pin.site, pin.specialty) == (site, specialty)
                } =>
            {
                Bounds::FREE
            }
            (ConstraintKey::NewBedPool { .. }, _) => {
                let shift = case.pool.0 - widest.0;
                Bounds::between(
                    if old.lower > 0.0 { old.lower + shift } else { old.lower },
                    old.upper + shift,
                )
            }
            _ => continue,
        };
        stage.program.set_row_bounds(row, bounds);
    }
}

/// The price of the place's beds in a case, and that of the pool where it moves with them.
fn next_bed(system: &CareSystem, ledger: &Ledger, whose: Whose, case: Case) -> Option<OccupiedBeds> {
    let objective = &system.policy.objective;
    let plain = objective.most_deprived_weight == 1.0 && objective.urgency.is_empty();
    let level =
        ledger.prices.first().filter(|level| matches!(level.level, LevelName::Term(Term::Unmet, _)))?;
    if !plain || system.worst_tail().is_some() || case.beds.is_none() {
        return None;
    }
    // The program has one rule more than the system.
    let position = rules(system, whose);
    let moves = |key: ConstraintKey| match key {
        ConstraintKey::NewBedPool { .. } => case.pool != Beds::ZERO,
        key => is_rule(key, whose, position),
    };
    let prices = level.prices.iter().filter(|(key, _)| moves(*key)).map(|(_, price)| *price);
    Some(OccupiedBeds(prices.sum()))
}

fn run_whole(
    system: &CareSystem,
    times: &TravelTimes,
    whose: Whose,
    case: Case,
    solver: &mut MakeSolver,
) -> Result<CaseEnd, RunError> {
    let changed = if case.beds.is_none() && case.pool == Beds::ZERO {
        system.clone()
    } else {
        with_rule(system, whose, case)
    };
    Ok(match run(&changed, times, &RunOptions::default(), solver, &mut Silent)? {
        RunEnd::Planned(result) => CaseEnd::Reached(of_plan(system, &result.plan, whose)),
        RunEnd::Infeasible(conflict) => CaseEnd::Infeasible(conflict, Box::new(changed)),
        RunEnd::Stopped(_) => CaseEnd::Stopped,
    })
}

/// The regions that a place's sites stand in, in their order.
pub fn regions_of(system: &CareSystem, whose: Whose) -> BTreeSet<RegionIx> {
    let here = |site: SiteIx| match whose {
        Whose::Scope(scope) => lies_in(system, site, scope),
        Whose::Site(of, _) => of == site,
    };
    system.sites.iter().filter(|(site, ..)| here(*site)).map(|(_, _, place)| place.region).collect()
}

/// Whether new beds are those of the place.
pub fn belongs(system: &CareSystem, whose: Whose, site: SiteIx, specialty: SpecialtyIx) -> bool {
    match whose {
        Whose::Scope(scope) => lies_in(system, site, scope),
        Whose::Site(of, chosen) => of == site && chosen.is_none_or(|chosen| chosen == specialty),
    }
}

fn read(
    system: &CareSystem,
    points: &DemandPoints,
    f: &Formulation,
    whose: Whose,
    columns: &[f64],
) -> Outcome {
    let mut outcome = Outcome::default();
    for (_, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let region = outcome.regions.entry(system.areas[point.area].region).or_default();
            region.need += point.need * stretch.need_factor(point.specialty) * stretch.probability;
        }
    }
    for (column, key) in f.decisions() {
        let value = columns[column.get()].max(0.0);
        match key {
            VariableKey::Unmet(unmet) => {
                let region = outcome.regions.entry(system.areas[unmet.area].region).or_default();
                region.unmet += OccupiedBeds(value) * system.periods[unmet.period].probability;
            }
            VariableKey::NewBeds(NewBeds { site, specialty, .. }) => {
                outcome.regions.entry(system.sites[site].region).or_default().new += Beds(value);
                if belongs(system, whose, site, specialty) {
                    outcome.here += Beds(value);
                }
            }
            _ => {}
        }
    }
    outcome
}

fn of_plan(system: &CareSystem, plan: &BedPlan, whose: Whose) -> Outcome {
    let mut outcome = Outcome::default();
    for (&(area, _, period), found) in &plan.needs {
        let region = outcome.regions.entry(system.areas[area].region).or_default();
        let likely = system.periods[period].probability;
        region.need += found.need * likely;
        region.unmet += found.unmet * likely;
    }
    for (&(site, specialty, _), &new) in &plan.new_beds {
        outcome.regions.entry(system.sites[site].region).or_default().new += new;
        if belongs(system, whose, site, specialty) {
            outcome.here += new;
        }
    }
    outcome
}
