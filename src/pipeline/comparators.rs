//! What simple formulas would do with the same beds, judged by the same model.

use super::error::RunError;
use super::goals::{self, Goal, GoalsEnd, Ledger, Way};
use super::observer::{self, Observer};
use super::result::{Comparator, ComparatorResult};
use super::stage::Stage;
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{Ix, PeriodIx, RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::demand_points::{DemandPoints, equity_group};
use crate::formulation::keys::{ConstraintKey, GroupUnmetShare, NewBeds, StepDownBeds, Unmet, VariableKey};
use crate::formulation::whole_beds::decides_beds;
use crate::lp::{Bounds, RowIx};
use std::collections::BTreeMap;

/// New beds of each site and specialty in each wave.
type WaveBeds = BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), Beds>;

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
    stage.solver().expect_little_choice();
    let mut results: Vec<ComparatorResult> = Vec::new();
    let mut given: Vec<(usize, WaveBeds)> = Vec::new();
    for comparator in Comparator::ALL {
        // Formulas that give the same beds (all of them, where there are none to give) are the same plan.
        let mut beds = waves_of(system, comparator);
        beds.retain(|_, beds| beds.0 > 0.0);
        let same = given.iter().find(|(_, earlier)| comparator != Comparator::DoNothing && *earlier == beds);
        if let Some(same) = same.and_then(|(at, _)| results.get(*at)).cloned() {
            results.push(ComparatorResult { comparator, ..same });
            continue;
        }
        if comparator != Comparator::DoNothing {
            given.push((results.len(), beds));
        }
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
    let beds = waves_of(system, comparator);
    stage.reset();
    fix_beds(stage, system, &beds);
    if comparator == Comparator::DoNothing {
        forbid_measures(stage, system);
    }
    let wanted = Goal::need_and_equity();
    let mut ledger = Ledger::default();
    // Every region's share is printed, so all must be settled, not the worst alone.
    let way = Way::over_merged(true);
    let (end, columns) = goals::reach(stage, &wanted, &way, &mut ledger, &mut observer::Silent)?;
    Ok(match end {
        GoalsEnd::Reached => Some(read(stage, system, points, comparator, &beds, &columns)),
        GoalsEnd::Infeasible | GoalsEnd::Stopped(..) => None,
    })
}

/// What a formula gives in each wave: its share of the pool so far, less what it gave before. A formula
/// never takes a bed back: more in the pool means at least as many for everybody.
fn waves_of(system: &CareSystem, comparator: Comparator) -> WaveBeds {
    let mut waves = WaveBeds::new();
    let mut before = SiteBeds::new();
    for period in system.opening_periods() {
        let so_far = shared(system, comparator, system.pool_until(period));
        for (&(site, specialty), &beds) in &so_far {
            let earlier = before.get(&(site, specialty)).copied().unwrap_or_default();
            waves.insert((site, specialty, period), (beds - earlier).max(Beds::ZERO));
        }
        before = so_far;
    }
    waves
}

/// A pool shared out by a formula.
fn shared(system: &CareSystem, comparator: Comparator, pool: Beds) -> SiteBeds {
    match comparator {
        Comparator::DoNothing => SiteBeds::new(),
        Comparator::PopulationShare => by_region(system, pool, |region| {
            let areas = system.areas.iter().filter(|(_, _, area)| area.region == region);
            areas.map(|(_, _, area)| area.population.0).sum()
        }),
        Comparator::NeedShare => by_region(system, pool, |region| region_need(system, region)),
        Comparator::OccupancyTopUp => top_up(system, pool),
    }
}

/// Need of a region in the last wave: one measure for all waves, or a later share could take beds back.
fn region_need(system: &CareSystem, region: RegionIx) -> f64 {
    let Some(last) = system.last_opening() else { return 0.0 };
    let areas = system.areas.iter().filter(|(_, _, area)| area.region == region);
    let need = |area| system.specialties.indices().map(move |s| system.need_in(area, s, last).0);
    areas.flat_map(|(area, _, _)| need(area)).sum()
}

/// A pool by region in proportion to a measure, within a region in proportion to today's beds.
fn by_region(system: &CareSystem, pool: Beds, measure: impl Fn(RegionIx) -> f64) -> SiteBeds {
    let measures: Vec<f64> = system.regions.indices().map(&measure).collect();
    let mut stock = vec![0.0; measures.len()];
    for (&(site, _), beds) in &system.beds {
        stock[system.sites[site].region.get()] += beds.available.0;
    }
    // A region without beds cannot be given any by these formulas; where no other region measures
    // anything, all are alike.
    let total: f64 = measures.iter().zip(&stock).filter(|(_, s)| **s > 0.0).map(|(m, _)| m).sum();
    if total <= 0.0 {
        return in_proportion_to_beds(system, pool);
    }
    system
        .beds
        .iter()
        .map(|(&(site, specialty), beds)| {
            let region = system.sites[site].region.get();
            // A region may have none but sites that do not stand yet.
            let of_region = if stock[region] > 0.0 { beds.available.0 / stock[region] } else { 0.0 };
            let share = measures[region] / total * of_region;
            ((site, specialty), pool * share)
        })
        .collect()
}

/// Beds to the fullest site first, as many as bring it down to the cap, until the pool is used up;
/// what is left over goes to all in proportion to today's beds.
fn top_up(system: &CareSystem, pool: Beds) -> SiteBeds {
    let caps = &system.policy.occupancy;
    let mut short: Vec<(f64, (SiteIx, SpecialtyIx), Beds)> = system
        .beds
        .iter()
        .map(|(&at, stock)| {
            let missing = stock.occupied / caps.cap_at(at.0, at.1) - stock.available;
            ((stock.occupied / stock.available).0, at, missing.max(Beds::ZERO))
        })
        .filter(|(fullness, ..)| !fullness.is_nan())
        .collect();
    short.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = pool;
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

fn fix_beds(stage: &mut Stage, system: &CareSystem, beds: &WaveBeds) {
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
                    | ConstraintKey::CapitalLimit { .. }
                    | ConstraintKey::RevenueLimit { .. }
                    | ConstraintKey::NurseLimit { .. }
                    | ConstraintKey::SmallestOpen { .. }
                    | ConstraintKey::LargestOpen { .. }
            )
        })
        .map(|(position, _)| RowIx(position))
        .collect();
    for row in free {
        stage.program.set_row_bounds(row, Bounds::FREE);
    }
    for period in system.opening_periods() {
        for &(site, specialty) in system.beds.keys() {
            let given = beds.get(&(site, specialty, period)).copied().unwrap_or(Beds::ZERO);
            if let Some(column) = stage.formulation.column(NewBeds { site, specialty, period }) {
                stage.program.set_column_bounds(column, Bounds::exactly(given.0));
            }
        }
    }
    forbid_moves(stage);
}

/// A formula hands out new beds and moves none.
fn forbid_moves(stage: &mut Stage) {
    for (column, key) in stage.formulation.decisions() {
        if decides_beds(key) && !matches!(key, VariableKey::NewBeds(_)) {
            stage.program.set_column_bounds(column, Bounds::exactly(0.0));
        }
    }
}

/// Doing nothing is: no delay released, no step-down bed opened, nothing prevented, no stay shortened.
fn forbid_measures(stage: &mut Stage, system: &CareSystem) {
    for (column, key) in stage.formulation.decisions() {
        if matches!(
            key,
            VariableKey::ReleasedShare(_)
                | VariableKey::StepDownByNhs(_)
                | VariableKey::StepDownByCouncil(_)
                | VariableKey::RollOut(_)
                | VariableKey::FreedBeds(_)
        ) {
            stage.program.set_column_bounds(column, Bounds::exactly(0.0));
        }
    }
    // A community site below its smallest size stays as it is.
    for (&site, beds) in &system.community {
        for period in system.periods.indices() {
            if let Some(open) = stage.formulation.column(StepDownBeds { site, period }) {
                stage.program.set_column_bounds(open, Bounds::exactly(beds.available.0));
            }
        }
    }
}

fn read(
    stage: &Stage,
    system: &CareSystem,
    points: &DemandPoints,
    comparator: Comparator,
    beds: &WaveBeds,
    columns: &[f64],
) -> ComparatorResult {
    let f = stage.formulation;
    let mut new_beds: BTreeMap<RegionIx, Beds> = BTreeMap::new();
    for (&(site, ..), &given) in beds {
        *new_beds.entry(system.sites[site].region).or_default() += given;
    }
    let mut region_unmet: BTreeMap<(RegionIx, PeriodIx), OccupiedBeds> = BTreeMap::new();
    let mut specialty_unmet: BTreeMap<(RegionIx, SpecialtyIx, PeriodIx), OccupiedBeds> = BTreeMap::new();
    let mut group_need = BTreeMap::new();
    let mut group_unmet = BTreeMap::new();
    for (period, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let (area, specialty) = (point.area, point.specialty);
            let unmet = f.value_of(Unmet { area, specialty, period }, columns);
            let region = system.areas[area].region;
            *region_unmet.entry((region, period)).or_default() += unmet;
            *specialty_unmet.entry((region, specialty, period)).or_default() += unmet;
            let unmet = unmet * stretch.probability;
            let group = equity_group(system, area);
            *group_unmet.entry(group).or_insert(OccupiedBeds::ZERO) += unmet;
            *group_need.entry(group).or_insert(OccupiedBeds::ZERO) +=
                point.need * stretch.need_factor(specialty) * stretch.probability;
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
    let unmet =
        region_unmet.iter().map(|((_, period), unmet)| *unmet * system.periods[*period].probability).sum();
    ComparatorResult { comparator, new_beds, unmet, group_shares, region_unmet, specialty_unmet }
}
