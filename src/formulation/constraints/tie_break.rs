//! The tie-break's curve: a site's new beds in stretches that cost more the further they stray.

use crate::domain::policy::TieBreak;
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, MovedBedsStep, Movement, NewBeds, NewBedsStep};
use crate::lp::Bounds;

/// Number of stretches of the curve.
pub const STEPS: u8 = 4;

/// Tie-break steps: a site's new beds are the sum of its stretches.
///
/// ∀ h, s, t:  new\[h,s,t\] − Σ_q step\[h,s,q,t\] = 0
///
/// The stretches' widths and costs are set when the tie is broken (see `pipeline::tie_break`).
/// Unit of the row: beds.
pub fn add_tie_break(f: &mut Formulation, system: &CareSystem) {
    if system.policy.objective.tie_break == TieBreak::None {
        return;
    }
    for period in system.opening_periods() {
        for &(site, specialty) in system.beds.keys() {
            // Until the tie is broken the first stretch holds everything: a row of two terms, which
            // solvers see through.
            let steps: Vec<_> = (0..STEPS)
                .map(|step| {
                    let bounds = if step == 0 { Bounds::NON_NEGATIVE } else { Bounds::exactly(0.0) };
                    f.add_variable(NewBedsStep { site, specialty, step, period }, bounds)
                })
                .collect();
            let new = f.column(NewBeds { site, specialty, period });
            let terms =
                new.map(|column| (column, 1.0)).into_iter().chain(steps.into_iter().map(|c| (c, -1.0)));
            f.add_constraint(
                ConstraintKey::TieBreakSteps { site, specialty, period },
                Bounds::exactly(0.0),
                terms,
            );
        }
    }
}

/// Tie-break moves: beds moved in each way are the sum of their stretches, like new beds.
///
/// ∀ h, s, t, v ∈ {in, out, to, from}:  v\[h,s,t\] − Σ_q step\[h,s,v,q,t\] = 0
///
/// Without them two plans with the same new beds could move different beds and be equally good.
/// Unit of the row: beds.
pub fn add_tie_break_moves(f: &mut Formulation, system: &CareSystem) {
    if system.policy.objective.tie_break == TieBreak::None {
        return;
    }
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            for movement in Movement::ALL {
                let Some(moved) = f.column(movement.variable(site, specialty, period)) else { continue };
                let steps: Vec<_> = (0..STEPS)
                    .map(|step| {
                        let bounds = if step == 0 { Bounds::NON_NEGATIVE } else { Bounds::exactly(0.0) };
                        f.add_variable(MovedBedsStep { site, specialty, movement, step, period }, bounds)
                    })
                    .collect();
                let terms = [(moved, 1.0)].into_iter().chain(steps.into_iter().map(|c| (c, -1.0)));
                let key = ConstraintKey::TieBreakMoves { site, specialty, movement, period };
                f.add_constraint(key, Bounds::exactly(0.0), terms);
            }
        }
    }
}
