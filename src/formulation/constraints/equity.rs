//! Constraint 14: equity.

use crate::domain::system::CareSystem;
use crate::domain::{EquityGroupIx, Ix};
use crate::formulation::Formulation;
use crate::formulation::demand_points::{DemandPoints, equity_group};
use crate::formulation::keys::{ConstraintKey, GroupUnmetShare, Unmet, VariableKey, WorstUnmetShare};
use crate::lp::Bounds;
use std::collections::{BTreeMap, BTreeSet};

/// How many units of the program's shares make 1: the power of two next to the need of the average group, so that a
/// unit is about one occupied bed.
///
/// One occupied bed is about a ten-thousandth of a region's need. Held as shares themselves, the groups' would be
/// known to a thousandth of a bed only, and the price of a bed as a share would lie near the tolerance to which
/// solvers work: settled levels would contradict each other in models whose plans they fix. A power of two changes
/// no digit.
pub fn shares_in_one(system: &CareSystem) -> f64 {
    let need_of = |area| system.specialties.indices().map(|s| system.need[(area, s)].0).sum::<f64>();
    let with_need = system.areas.indices().filter(|&area| need_of(area) > 0.0);
    let groups: BTreeSet<usize> = with_need.map(|area| equity_group(system, area).get()).collect();
    let average = system.total_need().0 / groups.len().max(1) as f64;
    average.max(1.0).log2().round().exp2()
}

/// Group unmet: the unmet share of an equity group is its unmet need over its need.
///
/// ∀ g, t:  Σ_{a∈g,s} u\[a,s,t\] − z\[g,t\] · Σ_{a∈g,s} D\[a,s,t\] = 0
///
/// z is held in units of which [`shares_in_one`] make 1. Unit of the row: occupied beds.
pub fn add_group_unmet(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let in_one = shares_in_one(system);
    for (period, _, stretch) in system.periods.iter() {
        let mut members: BTreeMap<EquityGroupIx, (Vec<_>, f64)> = BTreeMap::new();
        for point in points.iter() {
            let unmet = f.column(Unmet { area: point.area, specialty: point.specialty, period });
            let (columns, need) = members.entry(point.group).or_default();
            columns.extend(unmet);
            *need += point.need.0 * stretch.need_factor(point.specialty);
        }
        for (group, (columns, need)) in members {
            if let Some(share) = f.column(GroupUnmetShare { group, period }) {
                let terms = columns.into_iter().map(|column| (column, 1.0)).chain([(share, -need / in_one)]);
                f.add_constraint(ConstraintKey::GroupUnmet { group, period }, Bounds::exactly(0.0), terms);
            }
        }
    }
}

/// Unmet ceiling: no group's unmet share is above the worst, ζ.
///
/// ∀ g, t:  z\[g,t\] − ζ\[t\] ≤ 0
///
/// Unit of the row: share, in the same units. Shadow price (≤ 0): the group's part in the worst share.
pub fn add_unmet_ceiling(f: &mut Formulation, system: &CareSystem) {
    for period in system.periods.indices() {
        let Some(worst) = f.column(WorstUnmetShare { period }) else { continue };
        for group in groups(f) {
            if let Some(share) = f.column(GroupUnmetShare { group, period }) {
                let terms = [(share, 1.0), (worst, -1.0)];
                f.add_constraint(ConstraintKey::UnmetCeiling { group, period }, Bounds::at_most(0.0), terms);
            }
        }
    }
}

/// The equity groups that the program knows, in order.
pub fn groups(f: &Formulation) -> Vec<EquityGroupIx> {
    let mut groups: Vec<EquityGroupIx> = f
        .decisions()
        .filter_map(|(_, key)| match key {
            VariableKey::GroupUnmetShare(share) => Some(share.group),
            _ => None,
        })
        .collect();
    groups.sort_by_key(|group| group.get());
    groups.dedup();
    groups
}
