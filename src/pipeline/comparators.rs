//! What simple formulas would do with the same beds, judged by the same model.

use super::error::RunError;
use super::goals::{self, Goal, GoalsEnd, Ledger};
use super::observer::{self, Observer};
use super::result::{Comparator, ComparatorResult};
use super::stage::Stage;
use crate::domain::policy::{Level, Term};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{Ix, RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::demand_points::{DemandPoints, equity_group};
use crate::formulation::keys::{ConstraintKey, GroupUnmetShare, NewBeds, ReleasedShare, Unmet, VariableKey};
use crate::lp::{Bounds, ColumnIx, RowIx};
use std::collections::BTreeMap;

/// New beds of each site and specialty.
type SiteBeds = BTreeMap<(SiteIx, SpecialtyIx), Beds>;

/// Evaluates every comparator over merged areas: least unmet need, then the fairest shares. `None`
/// where the solver was stopped.
pub fn compare(
    stage: &mut Stage,
    system: &CareSystem,
    points: &DemandPoints,
    observer: &mut dyn Observer,
) -> Result<Option<Vec<ComparatorResult>>, RunError> {
    let mut results = Vec::new();
    for comparator in Comparator::ALL {
        let doing = observer::Stage::Comparator(comparator);
        observer.starts(doing);
        let result = evaluate(stage, system, points, comparator)?;
        observer.ends(doing);
        let Some(result) = result else { return Ok(None) };
        results.push(result);
    }
    Ok(Some(results))
}

fn evaluate(
    stage: &mut Stage,
    system: &CareSystem,
    points: &DemandPoints,
    comparator: Comparator,
) -> Result<Option<ComparatorResult>, RunError> {
    let beds = match comparator {
        Comparator::DoNothing => BTreeMap::new(),
        Comparator::PopulationShare => by_region(system, |region| {
            let areas = system.areas.iter().filter(|(_, _, area)| area.region == region);
            areas.map(|(_, _, area)| area.population.0).sum()
        }),
        Comparator::NeedShare => by_region(system, |region| region_need(system, region)),
        Comparator::OccupancyTopUp => top_up(system),
    };
    stage.reset();
    fix_beds(stage, system, &beds);
    // Today's shares are printed for every region, so all must be settled; of a formula only the worst is.
    let today = comparator == Comparator::DoNothing;
    if today {
        forbid_release(stage);
    }
    let wanted = [Term::Unmet, Term::Inequality].map(|term| Goal::Term(Level { term, tolerance: 0.0 }));
    let mut ledger = Ledger::default();
    let (end, columns) = goals::reach(stage, &wanted, today, true, &mut ledger, &mut observer::Silent)?;
    Ok(match end {
        GoalsEnd::Reached => Some(read(stage, system, points, comparator, &beds, &columns)),
        GoalsEnd::Infeasible | GoalsEnd::Stopped(..) => None,
    })
}

fn region_need(system: &CareSystem, region: RegionIx) -> f64 {
    let areas = system.areas.iter().filter(|(_, _, area)| area.region == region);
    areas.flat_map(|(area, _, _)| system.need.row(area)).map(|need| need.0).sum()
}

/// The pool by region in proportion to a measure, within a region in proportion to today's beds.
fn by_region(system: &CareSystem, measure: impl Fn(RegionIx) -> f64) -> SiteBeds {
    let measures: Vec<f64> = system.regions.indices().map(&measure).collect();
    let mut stock = vec![0.0; measures.len()];
    for (&(site, _), beds) in &system.beds {
        stock[system.sites[site].region.get()] += beds.available.0;
    }
    // A region without beds cannot be given any by these formulas; where no other region measures
    // anything, all are alike.
    let total: f64 = measures.iter().zip(&stock).filter(|(_, s)| **s > 0.0).map(|(m, _)| m).sum();
    if total <= 0.0 {
        return in_proportion_to_beds(system, system.policy.pool.total);
    }
    system
        .beds
        .iter()
        .map(|(&(site, specialty), beds)| {
            let region = system.sites[site].region.get();
            // A region may have none but sites that do not stand yet.
            let of_region = if stock[region] > 0.0 { beds.available.0 / stock[region] } else { 0.0 };
            let share = measures[region] / total * of_region;
            ((site, specialty), system.policy.pool.total * share)
        })
        .collect()
}

/// Beds to the fullest site first, as many as bring it down to the cap, until the pool is used up;
/// what is left over goes to all in proportion to today's beds.
fn top_up(system: &CareSystem) -> SiteBeds {
    let caps = &system.policy.occupancy;
    let mut short: Vec<(f64, (SiteIx, SpecialtyIx), Beds)> = system
        .beds
        .iter()
        .map(|(&at, stock)| {
            let missing = stock.occupied / caps.cap_of(at.1) - stock.available;
            ((stock.occupied / stock.available).0, at, missing.max(Beds::ZERO))
        })
        .filter(|(fullness, ..)| !fullness.is_nan())
        .collect();
    short.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = system.policy.pool.total;
    let mut given = SiteBeds::new();
    for (_, at, missing) in short {
        let beds = missing.min(left);
        left = left - beds;
        given.insert(at, beds);
    }
    for (at, beds) in in_proportion_to_beds(system, left) {
        *given.entry(at).or_default() += beds;
    }
    given
}

fn in_proportion_to_beds(system: &CareSystem, pool: Beds) -> SiteBeds {
    let today = system.beds_before();
    system.beds.iter().map(|(&at, stock)| (at, pool * (stock.available / today).0)).collect()
}

fn fix_beds(stage: &mut Stage, system: &CareSystem, beds: &SiteBeds) {
    // A formula knows nothing of limits and agreements, so they do not bind it here.
    let free: Vec<RowIx> = (0u32..)
        .zip(stage.formulation.constraints())
        .filter(|(_, key)| {
            matches!(
                key,
                ConstraintKey::NewBedPool { .. }
                    | ConstraintKey::Agreement { .. }
                    | ConstraintKey::Pin { .. }
                    | ConstraintKey::SiteSize { .. }
                    | ConstraintKey::SmallestOpen { .. }
                    | ConstraintKey::LargestOpen { .. }
            )
        })
        .map(|(position, _)| RowIx(position))
        .collect();
    for row in free {
        stage.program.set_row_bounds(row, Bounds::FREE);
    }
    let mut first = true;
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            let given = if first { beds.get(&(site, specialty)).copied() } else { None };
            let given = given.unwrap_or(Beds::ZERO);
            if let Some(column) = stage.formulation.column(NewBeds { site, specialty, period }) {
                stage.program.set_column_bounds(column, Bounds::exactly(given.0));
            }
        }
        first = false;
    }
    forbid_moves(stage);
}

/// A formula hands out new beds and moves none.
fn forbid_moves(stage: &mut Stage) {
    for (position, key) in (0u32..).zip(stage.formulation.variables()) {
        use VariableKey as V;
        if matches!(
            key,
            V::BedsIn(_) | V::BedsOut(_) | V::ConvertedTo(_) | V::ConvertedFrom(_) | V::ClosedBeds(_)
        ) {
            stage.program.set_column_bounds(ColumnIx(position), Bounds::exactly(0.0));
        }
    }
}

fn forbid_release(stage: &mut Stage) {
    let released: Vec<ColumnIx> = (0u32..)
        .zip(stage.formulation.variables())
        .filter(|(_, key)| matches!(key, VariableKey::ReleasedShare(ReleasedShare { .. })))
        .map(|(position, _)| ColumnIx(position))
        .collect();
    for column in released {
        stage.program.set_column_bounds(column, Bounds::exactly(0.0));
    }
}

fn read(
    stage: &Stage,
    system: &CareSystem,
    points: &DemandPoints,
    comparator: Comparator,
    beds: &SiteBeds,
    columns: &[f64],
) -> ComparatorResult {
    let f = stage.formulation;
    let mut new_beds: BTreeMap<RegionIx, Beds> = BTreeMap::new();
    for (&(site, _), &given) in beds {
        *new_beds.entry(system.sites[site].region).or_default() += given;
    }
    let mut region_unmet: BTreeMap<RegionIx, OccupiedBeds> = BTreeMap::new();
    let mut group_need = BTreeMap::new();
    let mut group_unmet = BTreeMap::new();
    for (period, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let (area, specialty) = (point.area, point.specialty);
            let unmet = f.value_of(Unmet { area, specialty, period }, columns);
            *region_unmet.entry(system.areas[area].region).or_default() += unmet;
            let group = equity_group(system, area);
            *group_unmet.entry(group).or_insert(OccupiedBeds::ZERO) += unmet;
            *group_need.entry(group).or_insert(OccupiedBeds::ZERO) += point.need * stretch.growth_factor;
        }
    }
    debug_assert!(
        group_need.keys().all(|group| {
            let period = system.periods.indices().next().expect("a model has a period");
            f.column(GroupUnmetShare { group: *group, period }).is_some()
                || f.term(Term::Inequality).is_none()
        }),
        "every group with need has a share"
    );
    let group_shares: BTreeMap<_, Proportion> =
        group_need.into_iter().map(|(group, need)| (group, group_unmet[&group] / need)).collect();
    let unmet = region_unmet.values().copied().sum();
    ComparatorResult { comparator, new_beds, unmet, group_shares, region_unmet }
}
