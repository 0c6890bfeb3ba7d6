//! The community half of constraint 2, and the stock and pool of step-down beds.

use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, MillionPounds};
use crate::domain::{CouncilIx, Ix, PeriodIx, SiteIx};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, StepDownBeds, StepDownByCouncil, StepDownByNhs};
use crate::lp::{Bounds, ColumnIx};
use std::collections::BTreeMap;

/// Step-down capacity: the patients of a community site stay under its occupancy cap. An acute day takes
/// 1 ÷ σ step-down days.
///
/// ∀ community h, t:  Σ_{a,s} x\[a,h,s,t\] ÷ σ ≤ ρ · m\[h,t\]
///
/// Unit of the row: occupied step-down beds. Shadow price (≤ 0): one more occupied step-down bed here.
pub fn add_step_down_capacity(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let Some(rule) = &system.policy.step_down else { return };
    for period in system.periods.indices() {
        let mut treated: BTreeMap<SiteIx, Vec<ColumnIx>> = BTreeMap::new();
        for point in points.iter() {
            for (place, column) in f.treated(point, period).filter(|(place, _)| place.step_down) {
                treated.entry(place.site).or_default().push(column);
            }
        }
        for &site in system.community.keys() {
            let patients = treated.remove(&site).unwrap_or_default();
            let open = f.column(StepDownBeds { site, period });
            let terms: Vec<_> = patients
                .into_iter()
                .map(|column| (column, 1.0 / rule.substitution.0))
                .chain(open.map(|column| (column, -rule.occupancy.0)))
                .collect();
            f.add_constraint(ConstraintKey::StepDownCapacity { site, period }, Bounds::at_most(0.0), terms);
        }
    }
}

/// Step-down share: only part of need can be met in step-down beds.
///
/// ∀ a, s, t with a community site in reach:  Σ_{community h} x\[a,h,s,t\] ≤ φ\[s\] · D\[a,s,t\]
///
/// Unit of the row: occupied beds. Shadow price (≤ 0): one more occupied bed of need fit for step-down.
pub fn add_step_down_share(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let Some(rule) = &system.policy.step_down else { return };
    for (period, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let (area, specialty) = (point.area, point.specialty);
            let community = f.treated(point, period).filter(|(place, _)| place.step_down);
            let terms: Vec<_> = community.map(|(_, column)| (column, 1.0)).collect();
            if terms.is_empty() {
                continue;
            }
            let most = point.need.0 * stretch.need_factor(specialty) * rule.eligible_share(specialty).0;
            let key = ConstraintKey::StepDownShare { area, specialty, period };
            f.add_constraint(key, Bounds::at_most(most), terms);
        }
    }
}

/// Step-down stock: beds are those of the wave before and the ones opened, whoever pays. A further scenario
/// of a wave has the beds that were decided for the wave.
///
/// ∀ community h, t:  m\[h,t\] − m\[h,t−1\] − nhs\[h,t\] − council\[h,t\] = 0, with m\[h,0\] = today's beds
///
/// Unit of the row: step-down beds. Shadow price (≤ 0): one more step-down bed here.
pub fn add_step_down_stock(f: &mut Formulation, system: &CareSystem) {
    if system.policy.step_down.is_none() {
        return;
    }
    for period in system.periods.indices() {
        let before = system.beds_from(period);
        for (&site, beds) in &system.community {
            let earlier = before.and_then(|p| f.column(StepDownBeds { site, period: p }));
            let today = if before.is_none() { beds.available } else { Beds::ZERO };
            let terms = [
                (f.column(StepDownBeds { site, period }), 1.0),
                (earlier, -1.0),
                (f.column(StepDownByNhs { site, period }), -1.0),
                (f.column(StepDownByCouncil { site, period }), -1.0),
            ];
            let terms: Vec<_> = terms.into_iter().filter_map(|(c, v)| Some((c?, v))).collect();
            let key = ConstraintKey::StepDownStock { site, period };
            f.add_constraint(key, Bounds::exactly(today.0), terms);
        }
    }
}

/// Step-down pool: the step-down beds opened so far are no more than may be opened. They are no general and
/// acute beds and have no part in the national pool.
///
/// ∀ t:  Σ_{τ≤t} Σ_h ( nhs\[h,τ\] + council\[h,τ\] ) ≤ M̄
///
/// Unit of the row: step-down beds. Shadow price (≤ 0): one more step-down bed that may be opened.
pub fn add_step_down_pool(f: &mut Formulation, system: &CareSystem) {
    let Some(rule) = &system.policy.step_down else { return };
    if system.community.is_empty() {
        return;
    }
    for last in system.opening_periods() {
        let mut terms = Vec::new();
        for period in system.opening_periods().filter(|period| *period <= last) {
            for &site in system.community.keys() {
                let payers =
                    [f.column(StepDownByNhs { site, period }), f.column(StepDownByCouncil { site, period })];
                terms.extend(payers.into_iter().flatten().map(|column| (column, 1.0)));
            }
        }
        let key = ConstraintKey::StepDownPool { period: last };
        f.add_constraint(key, Bounds::at_most(rule.new_beds.0), terms);
    }
}

/// What a council pays in a period for the step-down beds it opened so far: their part of its budget row.
///
/// κ · Σ_{τ≤t} Σ_{community h of c} council\[h,τ\], £ million a year
pub fn paid_by_council(
    f: &Formulation,
    system: &CareSystem,
    council: CouncilIx,
    until: PeriodIx,
) -> Vec<(ColumnIx, f64)> {
    let Some(rule) = &system.policy.step_down else { return Vec::new() };
    let bed_year = MillionPounds::from(rule.bed_year());
    let sites = system.community.iter().filter(|(_, beds)| beds.council == Some(council));
    sites
        .flat_map(|(&site, _)| {
            let so_far = system.periods.indices().take(until.get() + 1);
            so_far.map(move |period| StepDownByCouncil { site, period })
        })
        .filter_map(|key| Some((f.column(key)?, bed_year.0)))
        .collect()
}
