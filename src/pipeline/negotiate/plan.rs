//! The plan that keeps a set of promises and changes as little as it can.

use super::error::NegotiationError;
use super::talks::Talks;
use crate::domain::policy::Term;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{PeriodIx, RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::keys::{Movement, NewBeds, Unmet, VariableKey};
use crate::lp::{Bounds, ColumnIx};
use crate::pipeline::goals::{Goal, GoalsEnd, Ledger, Way, reach};
use crate::pipeline::observer::Observer;
use crate::pipeline::stage::Solved;
use crate::solution::LevelName;
use crate::solver::Nearest;
use std::collections::BTreeMap;

/// Beds this near, as results round them and solvers let pass, are the same.
const ROOM: f64 = 1e-5;

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
    /// The least unmet need of England that the promises allow, in the unit of the model's term.
    pub unmet: OccupiedBeds,
    /// The unmet share of the worst-off equity group, as small as it can then be; `None` where there are no groups.
    pub worst_share: Option<Proportion>,
    /// New beds.
    pub new_beds: BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), Beds>,
    /// New beds of each region, all periods added up.
    pub region_beds: BTreeMap<RegionIx, Beds>,
    /// Unmet need of each region's people, all periods added up by their probability.
    pub region_unmet: BTreeMap<RegionIx, OccupiedBeds>,
}

impl Talks<'_> {
    /// The plan that keeps the promises: England's unmet need at its least, then shared as the model's equity asks,
    /// and of all plans that are left the one whose beds differ least from those the talks started from.
    pub fn plan(&mut self, observer: &mut dyn Observer) -> Result<PromisedPlan, NegotiationError> {
        self.reset();
        let goals = Goal::need_and_equity();
        let mut ledger = Ledger::default();
        let way = Way::over_merged(self.ground.system.policy.objective.leximin);
        let (end, _) = reach(&mut self.stage, &goals, &way, &mut ledger, observer)?;
        match end {
            GoalsEnd::Reached => {}
            GoalsEnd::Infeasible => return Err(NegotiationError::Impossible),
            GoalsEnd::Stopped(limit, _) => return Err(NegotiationError::Stopped(limit)),
        }
        let level = |name: LevelName| ledger.levels.iter().find(|level| level.name == name);
        let unmet = level(LevelName::Term(Term::Unmet, 1)).map_or(0.0, |level| level.value);
        let worst_share = level(LevelName::Term(Term::Inequality, 1)).map(|level| Proportion(level.value));
        let targets = self.targets();
        let columns = match self.unchanged(&targets)? {
            Some(columns) => columns,
            None => match self.stage.nearest(&targets)? {
                Nearest::Found(columns) => columns,
                Nearest::Infeasible => return Err(NegotiationError::Impossible),
                Nearest::Stopped(limit) => return Err(NegotiationError::Stopped(limit)),
            },
        };
        Ok(self.read(OccupiedBeds(unmet), worst_share, &columns))
    }
    /// The plan with just the beds that the talks started from, where it is as good as any: nothing is nearer.
    fn unchanged(&mut self, targets: &[(ColumnIx, f64)]) -> Result<Option<Vec<f64>>, NegotiationError> {
        if !self.kept_by_standing() {
            return Ok(None);
        }
        let free = self.stage.program.clone();
        for &(column, beds) in targets {
            let bounds = free.column_bounds()[column.get()];
            let near = |value: f64| value.clamp(bounds.lower, bounds.upper);
            let room = Bounds::between(near(beds - ROOM), near(beds + ROOM));
            self.stage.program.set_column_bounds(column, room);
        }
        let solved = self.stage.minimise(&[])?;
        self.stage.program = free;
        let Solved::Level(solution) = solved else { return Ok(None) };
        let mut columns = solution.columns;
        for &(column, beds) in targets {
            columns[column.get()] = beds;
        }
        Ok(Some(columns))
    }
    /// Whether the beds that the talks started from keep every promise.
    fn kept_by_standing(&self) -> bool {
        let system = &self.ground.system;
        let mut beds: BTreeMap<RegionIx, f64> = BTreeMap::new();
        for (key, given) in &self.ground.standing.beds {
            if let VariableKey::NewBeds(new) = key {
                *beds.entry(system.sites[new.site].region).or_default() += given;
            }
        }
        self.promises.bounds().into_iter().all(|(region, bounds)| {
            let beds = beds.get(&region).copied().unwrap_or(0.0);
            beds >= bounds.lower - ROOM && beds <= bounds.upper + ROOM
        })
    }
    /// Every decision on beds, with what it was.
    fn targets(&self) -> Vec<(ColumnIx, f64)> {
        let (system, f) = (&self.ground.system, &self.ground.formulation);
        let mut targets = Vec::new();
        for period in system.periods.indices() {
            for &(site, specialty) in system.beds.keys() {
                let moves = Movement::ALL.map(|m| m.variable(site, specialty, period));
                let keys = std::iter::once(NewBeds { site, specialty, period }.into()).chain(moves);
                targets.extend(keys.filter_map(|key| {
                    Some((f.column(key)?, self.ground.standing.beds.get(&key).copied().unwrap_or(0.0)))
                }));
            }
        }
        targets
    }
    fn read(&self, unmet: OccupiedBeds, worst_share: Option<Proportion>, columns: &[f64]) -> PromisedPlan {
        let (system, f) = (&self.ground.system, &self.ground.formulation);
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
            for point in self.ground.points.iter() {
                let key = Unmet { area: point.area, specialty: point.specialty, period };
                let of_region = region_unmet.entry(system.areas[point.area].region).or_default();
                *of_region += f.value_of(key, columns) * stretch.probability.0;
            }
        }
        PromisedPlan { unmet, worst_share, new_beds, region_beds, region_unmet }
    }
}
