//! Bed management: shorter stays at a site free room under its occupancy cap.

use crate::domain::system::CareSystem;
use crate::domain::units::MillionPounds;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, FreedBeds, OpenBeds};
use crate::formulation::measures::bed_management_costs;
use crate::lp::Bounds;

/// Freed limit: shorter stays free no more than a stated share of a specialty's beds at a site. What they
/// free stands in its bed capacity: Σ_a x\[a,h,s,t\] ≤ ρ\[h,s\] · b\[h,s,t\] + freed\[h,s,t\].
///
/// ∀ acute h, s, t:  freed\[h,s,t\] ≤ μ · ρ\[h,s\] · b\[h,s,t\]
///
/// Unit of the row: occupied beds. Shadow price (≤ 0): one more occupied bed that could be freed.
pub fn add_freed_limit(f: &mut Formulation, system: &CareSystem) {
    let Some(rule) = &system.policy.bed_management else { return };
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            let share = rule.limit.0 * system.policy.occupancy.cap_of(specialty).0;
            let terms = [
                (f.column(FreedBeds { site, specialty, period }), 1.0),
                (f.column(OpenBeds { site, specialty, period }), -share),
            ];
            let terms: Vec<_> = terms.into_iter().filter_map(|(c, v)| Some((c?, v))).collect();
            let key = ConstraintKey::FreedLimit { site, specialty, period };
            f.add_constraint(key, Bounds::at_most(0.0), terms);
        }
    }
}

/// Bed-management budget: what shortening stays costs is within its budget.
///
/// ∀ t:  cost · Σ_{h,s} freed\[h,s,t\] ≤ budget
///
/// Unit of the row: £ million a year. Shadow price (≤ 0): one more £ million for it.
pub fn add_bed_management_budget(f: &mut Formulation, system: &CareSystem) {
    let Some(budget) = system.policy.bed_management.and_then(|rule| rule.budget) else { return };
    for period in system.periods.indices() {
        let terms = bed_management_costs(f, system, period);
        let most = MillionPounds::from(budget);
        f.add_constraint(ConstraintKey::BedManagementBudget { period }, Bounds::at_most(most.0), terms);
    }
}
