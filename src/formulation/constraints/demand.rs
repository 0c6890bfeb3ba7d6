//! Constraint 1: demand balance.

use super::prevention::prevented;
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, ReleasedShare, Treated, Unmet};
use crate::formulation::social_care::CouncilCare;
use crate::lp::{Bounds, ColumnIx};

/// Demand balance: need is treated, released, prevented or left unmet.
///
/// ∀ a, s, t:  Σ_h x\[a,h,s,t\] + u\[a,s,t\] + D·δ\[c(a),s\]·r\[c(a),s,t\] + Σ_p η\[p,s\]·D·π\[p,q(a),t\] = D\[a,s,t\]
///
/// with δ\[c,s\] = Δ\[c,s\] ÷ Σ_{a∈c} D: delay is spread over a council's areas as their need is.
/// Unit of the row: occupied beds. Shadow price (≥ 0): what one more occupied bed of need here costs.
pub fn add_demand_balance(
    f: &mut Formulation,
    system: &CareSystem,
    points: &DemandPoints,
    care: &CouncilCare,
) {
    for (period, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let need = point.need.0 * stretch.growth_factor;
            let delayed_share = care.delayed_share(point.council, point.specialty);
            let (area, specialty, council) = (point.area, point.specialty, point.council);
            let mut terms: Vec<(ColumnIx, f64)> = point
                .sites
                .iter()
                .filter_map(|reachable| f.column(Treated { area, site: reachable.site, specialty, period }))
                .chain(f.column(Unmet { area, specialty, period }))
                .map(|column| (column, 1.0))
                .collect();
            if let Some(released) = f.column(ReleasedShare { council, specialty, period }) {
                terms.push((released, need * delayed_share.0));
            }
            terms.extend(prevented(f, system, point, OccupiedBeds(need), period));
            f.add_constraint(
                ConstraintKey::DemandBalance { area, specialty, period },
                Bounds::exactly(need),
                terms,
            );
        }
    }
}
