//! Scenarios of need: the mean of unmet need in the worst tail of them (CVaR).

use crate::domain::PeriodIx;
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::induced::largest_share;
use crate::formulation::keys::{ConstraintKey, Unmet, UnmetExcess, UnmetThreshold};
use crate::lp::Bounds;

/// q and z\[k\]: the threshold of the worst tail, and what a scenario leaves unmet beyond it.
///
/// Neither needs to be more than all need, and both have that for a limit.
pub fn add_tail_variables(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    if system.worst_tail().is_none() {
        return;
    }
    let weighted = |period: PeriodIx| {
        let of = |point: &crate::formulation::demand_points::DemandPoint| {
            point.weight * point.need.0 * system.periods[period].need_factor(point.specialty)
        };
        points.iter().map(of).sum::<f64>()
    };
    let most = system.periods.indices().map(weighted).sum::<f64>() * largest_share(system);
    f.add_variable(UnmetThreshold {}, Bounds::between(0.0, most));
    for period in first_wave(system) {
        f.add_variable(UnmetExcess { period }, Bounds::between(0.0, most));
    }
}

/// Scenario loss: what a scenario leaves unmet is within the threshold and its excess.
///
/// ∀ k:  Σ_{t∈k} Σ_{a,s} w\[a\] υ\[s\] u\[a,s,t\] − q − z\[k\] ≤ 0
///
/// A scenario goes by its period in the first wave.
/// Unit of the row: weighted occupied beds. Shadow price (≤ 0): the scenario's part in the worst tail.
pub fn add_scenario_losses(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let Some(threshold) = f.column(UnmetThreshold {}) else { return };
    for scenario in first_wave(system) {
        let number = system.periods[scenario].scenario;
        let mut terms = vec![(threshold, -1.0)];
        terms.extend(f.column(UnmetExcess { period: scenario }).map(|column| (column, -1.0)));
        for (period, ..) in system.periods.iter().filter(|(_, _, stretch)| stretch.scenario == number) {
            for point in points.iter() {
                let unmet = f.column(Unmet { area: point.area, specialty: point.specialty, period });
                terms.extend(unmet.map(|column| (column, point.weight)));
            }
        }
        f.add_constraint(ConstraintKey::ScenarioLoss { period: scenario }, Bounds::at_most(0.0), terms);
    }
}

fn first_wave(system: &CareSystem) -> Vec<PeriodIx> {
    system.periods.iter().filter(|(_, _, stretch)| stretch.wave == 0).map(|(period, ..)| period).collect()
}
