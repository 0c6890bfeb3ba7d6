//! Constraints 6 and 7: beds reallocated between sites, and converted between specialties.

use crate::domain::system::CareSystem;
use crate::domain::units::Proportion;
use crate::domain::{PeriodIx, SiteIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, Movement, OpenBeds};
use crate::formulation::moves::BedMoves;
use crate::lp::{Bounds, ColumnIx};

/// Reallocation: among sites that share beds as many come in as go out, specialty by specialty.
///
/// ∀ scope, s, t:  Σ_{h∈scope} in\[h,s,t\] − Σ_{h∈scope} out\[h,s,t\] = 0
///
/// Unit of the row: beds. Shadow price: a bed of the specialty that one of the sites had to spare.
pub fn add_reallocation(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    for period in system.opening_periods() {
        for (sites, specialty, members) in moves.sharing() {
            let terms: Vec<_> = members
                .iter()
                .flat_map(|&site| signed(f, [Movement::In, Movement::Out], site, specialty, period))
                .collect();
            let key = ConstraintKey::Reallocation { sites, specialty, period };
            f.add_constraint(key, Bounds::exactly(0.0), terms);
        }
    }
}

/// Reallocation limit: only a share of a site's beds of a specialty leaves in a period.
///
/// ∀ h, s, t:  out\[h,s,t\] ≤ limit · b\[h,s,t−1\], with b\[h,s,0\] = B⁰\[h,s\]
///
/// Unit of the row: beds. Shadow price (≤ 0): one more bed that may leave.
pub fn add_reallocation_limit(f: &mut Formulation, system: &CareSystem) {
    let Some(reallocation) = system.policy.reallocation else { return };
    add_limit(f, system, Movement::Out, reallocation.limit, |site, specialty, period| {
        ConstraintKey::ReallocationLimit { site, specialty, period }
    });
}

/// Conversion: within a family at a site specialties gain as many beds as they give up.
///
/// ∀ h, family, t:  Σ_{s∈family} to\[h,s,t\] − Σ_{s∈family} from\[h,s,t\] = 0
///
/// Unit of the row: beds. Shadow price: a bed that one of the specialties had to spare.
pub fn add_conversion(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    for period in system.opening_periods() {
        for (site, specialties) in moves.families() {
            let terms: Vec<_> = specialties
                .iter()
                .flat_map(|&specialty| signed(f, [Movement::To, Movement::From], site, specialty, period))
                .collect();
            let key = ConstraintKey::Conversion { site, specialty: specialties[0], period };
            f.add_constraint(key, Bounds::exactly(0.0), terms);
        }
    }
}

/// Conversion limit: only a share of a site's beds of a specialty is converted in a period.
///
/// ∀ h, s, t:  from\[h,s,t\] ≤ limit · b\[h,s,t−1\], with b\[h,s,0\] = B⁰\[h,s\]
///
/// Unit of the row: beds. Shadow price (≤ 0): one more bed that may be converted.
pub fn add_conversion_limit(f: &mut Formulation, system: &CareSystem) {
    let Some(conversion) = system.policy.conversion else { return };
    add_limit(f, system, Movement::From, conversion.limit, |site, specialty, period| {
        ConstraintKey::ConversionLimit { site, specialty, period }
    });
}

/// A movement of a stock is at most a share of its beds in the wave before.
fn add_limit(
    f: &mut Formulation,
    system: &CareSystem,
    movement: Movement,
    limit: Proportion,
    key: impl Fn(SiteIx, SpecialtyIx, PeriodIx) -> ConstraintKey,
) {
    for period in system.opening_periods() {
        for (&(site, specialty), stock) in &system.beds {
            let Some(moved) = f.column(movement.variable(site, specialty, period)) else { continue };
            let before = system.wave_before(period);
            let before = before.and_then(|period| f.column(OpenBeds { site, specialty, period }));
            let most = if before.is_none() { stock.available.0 * limit.0 } else { 0.0 };
            let terms = [(moved, 1.0)].into_iter().chain(before.map(|open| (open, -limit.0)));
            let key = key(site, specialty, period);
            f.add_constraint(key, Bounds::at_most(most), terms);
        }
    }
}

/// The columns of movements at a stock, +1 where they add a bed and −1 where they take one away.
pub fn signed(
    f: &Formulation,
    movements: impl IntoIterator<Item = Movement>,
    site: SiteIx,
    specialty: SpecialtyIx,
    period: PeriodIx,
) -> Vec<(ColumnIx, f64)> {
    let column =
        |movement: Movement| Some((f.column(movement.variable(site, specialty, period))?, movement.sign()));
    movements.into_iter().filter_map(column).collect()
}
