//! Constraint 14: equity.

use crate::domain::system::CareSystem;
use crate::domain::{EquityGroupIx, Ix};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, GroupUnmetShare, Unmet, VariableKey, WorstUnmetShare};
use crate::lp::Bounds;
use std::collections::BTreeMap;

/// Group unmet: the unmet share of an equity group is its unmet need over its need.
///
/// ∀ g, t:  Σ_{a∈g,s} u\[a,s,t\] − z\[g,t\] · Σ_{a∈g,s} D\[a,s,t\] = 0
///
/// Unit of the row: occupied beds.
pub fn add_group_unmet(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
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
                let terms = columns.into_iter().map(|column| (column, 1.0)).chain([(share, -need)]);
                f.add_constraint(ConstraintKey::GroupUnmet { group, period }, Bounds::exactly(0.0), terms);
            }
        }
    }
}

/// Unmet ceiling: no group's unmet share is above the worst, ζ.
///
/// ∀ g, t:  z\[g,t\] − ζ\[t\] ≤ 0
///
/// Unit of the row: share. Shadow price (≤ 0): the group's part in the worst share.
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
        .variables()
        .iter()
        .filter_map(|key| match key {
            VariableKey::GroupUnmetShare(share) => Some(share.group),
            _ => None,
        })
        .collect();
    groups.sort_by_key(|group| group.get());
    groups.dedup();
    groups
}
