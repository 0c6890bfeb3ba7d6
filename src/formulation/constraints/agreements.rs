//! Constraint 5: floors, ceilings and pins on new beds.

use crate::domain::SiteIx;
use crate::domain::policy::{Pin, Scope};
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, NewBeds};
use crate::lp::Bounds;

/// Agreement: new beds of a region, commissioner or trust between its floor and its ceiling.
///
/// R̲ ≤ Σ_{h∈scope} Σ_{s,t} new\[h,s,t\] ≤ R̄
///
/// One row over all waves: as no new bed is taken back, a ceiling on the whole plan is one on every wave.
///
/// Unit of the row: beds. Shadow price: one more bed promised (floor) or allowed (ceiling).
pub fn add_agreements(f: &mut Formulation, system: &CareSystem) {
    for (position, agreement) in (0u16..).zip(&system.policy.agreements) {
        let bounds = Bounds::between(
            agreement.min.map_or(f64::NEG_INFINITY, |beds| beds.0),
            agreement.max.map_or(f64::INFINITY, |beds| beds.0),
        );
        add_new_beds_row(
            f,
            system,
            bounds,
            |period| ConstraintKey::Agreement { position, period },
            |key| lies_in(system, key.site, agreement.scope),
        );
    }
}

/// Pin: new beds of a site, or of one of its specialties, fixed.
///
/// Σ_t new\[h,s,t\] = pinned, or Σ_{s,t} new\[h,s,t\] = pinned
///
/// Unit of the row: beds. Shadow price: one more bed pinned here rather than where it helps most.
pub fn add_pins(f: &mut Formulation, system: &CareSystem) {
    for (position, pin) in (0u16..).zip(&system.policy.pins) {
        let bounds = Bounds::exactly(pin.beds.0);
        add_new_beds_row(
            f,
            system,
            bounds,
            |period| ConstraintKey::Pin { position, period },
            |key| is_pinned(key, pin),
        );
    }
}

fn is_pinned(key: NewBeds, pin: &Pin) -> bool {
    key.site == pin.site && pin.specialty.is_none_or(|specialty| specialty == key.specialty)
}

/// Whether a site lies in a scope.
pub fn lies_in(system: &CareSystem, site: SiteIx, scope: Scope) -> bool {
    let place = &system.sites[site];
    match scope {
        Scope::Region(region) => place.region == region,
        Scope::Commissioner(commissioner) => place.commissioner == commissioner,
        Scope::Trust(trust) => place.trust == trust,
    }
}

fn add_new_beds_row(
    f: &mut Formulation,
    system: &CareSystem,
    bounds: Bounds,
    name: impl Fn(crate::domain::PeriodIx) -> ConstraintKey,
    chosen: impl Fn(NewBeds) -> bool,
) {
    let Some(last) = system.last_opening() else { return };
    let terms: Vec<_> = system
        .opening_periods()
        .flat_map(|period| {
            system.beds.keys().map(move |&(site, specialty)| NewBeds { site, specialty, period })
        })
        .filter(|&key| chosen(key))
        .filter_map(|key| Some((f.column(key)?, 1.0)))
        .collect();
    f.add_constraint(name(last), bounds, terms);
}
