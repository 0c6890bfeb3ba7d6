//! Constraint 10: prevention.

use crate::domain::PeriodIx;
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, OccupiedBeds};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoint;
use crate::formulation::keys::{ConstraintKey, RollOut};
use crate::formulation::measures::{commissioners_with_people, prevention_costs};
use crate::lp::{Bounds, ColumnIx};

/// What programmes take off the need of a point: the prevention part of its demand balance.
///
/// Σ_p η\[p,s\] · D\[a,s,t\] · π\[p,q(a),t\], occupied beds
pub fn prevented(
    f: &Formulation,
    system: &CareSystem,
    point: &DemandPoint,
    need: OccupiedBeds,
    period: PeriodIx,
) -> Vec<(ColumnIx, f64)> {
    if system.policy.prevention.is_none() {
        return Vec::new();
    }
    let commissioner = system.areas[point.area].commissioner;
    let programmes = system.programmes.iter();
    programmes
        .filter_map(|(programme, _, rule)| {
            let share = rule.prevented.get(&point.specialty).filter(|share| share.0 > 0.0)?;
            Some((f.column(RollOut { programme, commissioner, period })?, (need * *share).0))
        })
        .collect()
}

/// Prevention budget: what programmes cost stays within their budget.
///
/// ∀ t:  Σ_{p,q} κ\[p\] · people\[q\] · π\[p,q,t\] ≤ budget
///
/// Unit of the row: £ million a year. Shadow price (≤ 0): one more £ million for prevention.
pub fn add_prevention_budget(f: &mut Formulation, system: &CareSystem) {
    let Some(budget) = system.policy.prevention.and_then(|rule| rule.budget) else { return };
    for period in system.periods.indices() {
        let terms = prevention_costs(f, system, period);
        let most = MillionPounds::from(budget);
        f.add_constraint(ConstraintKey::PreventionBudget { period }, Bounds::at_most(most.0), terms);
    }
}

/// Roll-out step: a roll-out never falls, and grows by no more than the ramp from one wave to the next. In the
/// first wave the ramp is a limit of π itself. It is decided once for each wave: further scenarios of need
/// have the same.
///
/// ∀ p, q, t > 1:  0 ≤ π\[p,q,t\] − π\[p,q,t−1\] ≤ ramp, and = 0 from a wave to its further scenarios
///
/// Unit of the row: share. Shadow price: a roll-out that may fall, or grow faster.
pub fn add_roll_out_steps(f: &mut Formulation, system: &CareSystem) {
    let Some(rule) = &system.policy.prevention else { return };
    for (period, _, stretch) in system.periods.iter() {
        let Some(before) = system.beds_from(period) else { continue };
        let most = if stretch.opens_beds() { rule.ramp.0 } else { 0.0 };
        for programme in system.programmes.indices() {
            for &commissioner in commissioners_with_people(system).keys() {
                let at = |period| f.column(RollOut { programme, commissioner, period });
                let terms: Vec<_> = [(at(period), 1.0), (at(before), -1.0)]
                    .into_iter()
                    .filter_map(|(column, value)| Some((column?, value)))
                    .collect();
                let key = ConstraintKey::RollOutStep { programme, commissioner, period };
                f.add_constraint(key, Bounds::between(0.0, most), terms);
            }
        }
    }
}
