//! Constraint 1: demand balance.

use super::prevention::prevented;
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::induced::induced_by;
use crate::formulation::keys::{ConstraintKey, OpenBeds, ReleasedShare, Unmet};
use crate::formulation::social_care::CouncilCare;
use crate::lp::{Bounds, ColumnIx};

/// Demand balance: need is treated, released, prevented or left unmet.
///
/// ∀ a, s, t:  Σ_h x\[a,h,s,t\] + u\[a,s,t\] + D·δ\[c(a),s\]·r\[c(a),s,t\] + Σ_p η\[p,s\]·D·π\[p,q(a),t\]
///   − i\[a,s,t\] = D\[a,s,t\]
///
/// i\[a,s,t\] = ε\[s\] Σ_h θ\[a,h,s\] ω\[h,s\] (b\[h,s,t−1\] − B⁰\[h,s\]); with one wave b\[t\] takes the place of
/// b\[t−1\]. It is part of the row only where need answers to beds.
///
/// with δ\[c,s\] = Δ\[c,s\] ÷ Σ_{a∈c} D: delay is spread over a council's areas as their need is.
/// Unit of the row: occupied beds. Shadow price (≥ 0): what one more occupied bed of need here costs.
pub fn add_demand_balance(
    f: &mut Formulation,
    system: &CareSystem,
    points: &DemandPoints,
    care: &CouncilCare,
) {
    let mut terms: Vec<(ColumnIx, f64)> = Vec::new();
    for (period, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let need = point.need.0 * stretch.need_factor(point.specialty);
            let delayed_share = care.delayed_share(point.council, point.specialty);
            let (area, specialty, council) = (point.area, point.specialty, point.council);
            let mut induced_today = 0.0;
            let treated = f.treated(point, period).map(|(_, column)| column);
            let unmet = f.column(Unmet { area, specialty, period });
            terms.extend(treated.chain(unmet).map(|column| (column, 1.0)));
            if let Some(released) = f.column(ReleasedShare { council, specialty, period }) {
                terms.push((released, need * delayed_share.0));
            }
            if let Some(by) = induced_by(system, period) {
                for &(site, per_bed) in &point.induced {
                    let open = f.column(OpenBeds { site, specialty, period: by });
                    terms.extend(open.map(|column| (column, -per_bed.0)));
                    induced_today += per_bed.0 * system.beds[&(site, specialty)].available.0;
                }
            }
            terms.extend(prevented(f, system, point, OccupiedBeds(need), period));
            let key = ConstraintKey::DemandBalance { area, specialty, period };
            let row = f.add_constraint(key, Bounds::exactly(need - induced_today), terms.drain(..));
            f.program.mark_choice(row);
        }
    }
}
