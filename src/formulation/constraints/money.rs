//! Constraint 12: money and staff.

use crate::domain::system::CareSystem;
use crate::domain::units::MillionPounds;
use crate::domain::{Ix, PeriodIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, NewBeds, OpenBeds, PooledMoney};
use crate::formulation::measures::{bed_management_costs, paid_by_nhs, prevention_costs};
use crate::lp::{Bounds, ColumnIx};

/// Capital limit: building new beds in a period costs no more than its capital.
///
/// ∀ t with a limit:  capital a bed · Σ_{h,s} new\[h,s,t\] ≤ capital\[t\]
///
/// Unit of the row: £ million. Shadow price (≤ 0): one more £ million to build with.
pub fn add_capital_limits(f: &mut Formulation, system: &CareSystem) {
    for period in system.opening_periods() {
        let Some(limit) = system.policy.money.of(system.periods.id(period)).capital else { continue };
        let terms = new_beds(f, system, period, MillionPounds::from(system.policy.costs.capital_per_bed));
        let most = MillionPounds::from(limit);
        f.add_constraint(ConstraintKey::CapitalLimit { period }, Bounds::at_most(most.0), terms);
    }
}

/// Revenue limit: what the NHS spends a year beyond today stays within its revenue: running the new beds
/// opened so far, pooled money given to councils, step-down beds it pays for, prevention and shorter stays.
///
/// ∀ t with a limit:  365 · revenue a bed-day · Σ_{τ≤t} Σ_{h,s} new\[h,s,τ\] + Σ_c P\[c,t\]
///   + κ · Σ_{τ≤t} Σ_h nhs\[h,τ\] + Σ_{p,q} κ\[p\] people\[q\] π\[p,q,t\] + cost · Σ_{h,s} freed\[h,s,t\] ≤ revenue\[t\]
///
/// Unit of the row: £ million a year. Shadow price (≤ 0): one more £ million a year to spend.
pub fn add_revenue_limits(f: &mut Formulation, system: &CareSystem) {
    let bed_year = MillionPounds::from(system.policy.costs.bed_equivalent());
    for (period, id, _) in system.periods.iter() {
        let Some(limit) = system.policy.money.of(id).revenue else { continue };
        let so_far = system.periods.indices().take(period.get() + 1);
        let mut terms: Vec<_> = so_far.flat_map(|p| new_beds(f, system, p, bed_year)).collect();
        let councils = system.councils.indices();
        terms.extend(councils.filter_map(|council| Some((f.column(PooledMoney { council, period })?, 1.0))));
        terms.extend(paid_by_nhs(f, system, period));
        terms.extend(prevention_costs(f, system, period));
        terms.extend(bed_management_costs(f, system, period));
        let most = MillionPounds::from(limit);
        f.add_constraint(ConstraintKey::RevenueLimit { period }, Bounds::at_most(most.0), terms);
    }
}

fn new_beds(
    f: &Formulation,
    system: &CareSystem,
    period: PeriodIx,
    cost: MillionPounds,
) -> Vec<(ColumnIx, f64)> {
    let new = |&(site, specialty): &(_, _)| f.column(NewBeds { site, specialty, period });
    system.beds.keys().filter_map(|key| Some((new(key)?, cost.0))).collect()
}

/// Nurse limit: the acute beds open in a region take no more nurses than it has.
///
/// ∀ r with staff, t:  ν\[r\] · Σ_{h∈r,s} b\[h,s,t\] ≤ nurses\[r\]
///
/// Unit of the row: nurses. Shadow price (≤ 0): one more nurse in the region.
pub fn add_nurse_limits(f: &mut Formulation, system: &CareSystem) {
    for period in system.periods.indices() {
        for (&region, staff) in &system.policy.staff {
            let terms: Vec<_> = system
                .beds
                .keys()
                .filter(|(site, _)| system.sites[*site].region == region)
                .filter_map(|&(site, specialty)| {
                    Some((f.column(OpenBeds { site, specialty, period })?, staff.per_bed))
                })
                .collect();
            let key = ConstraintKey::NurseLimit { region, period };
            f.add_constraint(key, Bounds::at_most(staff.nurses.0), terms);
        }
    }
}
