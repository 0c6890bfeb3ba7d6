//! Constraint 12: money and staff.

use crate::domain::PeriodIx;
use crate::domain::moves::Choice;
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, Pounds};
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, Movement, NewBeds, OpenBeds, OpenSite, PooledMoney};
use crate::formulation::measures::{bed_management_costs, paid_by_nhs, prevention_costs};
use crate::lp::{Bounds, ColumnIx};

/// Capital limit: building new beds and places for beds that move or convert costs no more than the capital of
/// the period.
///
/// ∀ t with a limit:  capital a bed · Σ_{h,s} new\[h,s,t\] + cost of a move · Σ_{h,s} out\[h,s,t\]
///   + cost of a conversion · Σ_{h,s} from\[h,s,t\] ≤ capital\[t\]
///
/// Unit of the row: £ million. Shadow price (≤ 0): one more £ million to build with.
pub fn add_capital_limits(f: &mut Formulation, system: &CareSystem) {
    for period in system.opening_periods() {
        let Some(limit) = system.policy.money.of(system.periods.id(period)).capital else { continue };
        let policy = &system.policy;
        let mut terms = new_beds(f, system, period, policy.costs.capital_per_bed);
        if let Some(rule) = policy.reallocation {
            terms.extend(moved(f, system, Movement::Out, period, rule.cost_per_bed));
        }
        if let Some(rule) = policy.conversion {
            terms.extend(moved(f, system, Movement::From, period, rule.cost_per_bed));
        }
        let most = MillionPounds::from(limit);
        f.add_constraint(ConstraintKey::CapitalLimit { period }, Bounds::at_most(most.0), terms);
    }
}

/// Revenue limit: what the NHS spends a year beyond today stays within its revenue: running the new beds
/// opened so far less those closed, sites that opened less those that closed, pooled money given to councils,
/// step-down beds it pays for, prevention and shorter stays.
///
/// ∀ t with a limit:  365 · revenue a bed-day · Σ_{τ≤t} Σ_{h,s} (new\[h,s,τ\] − close\[h,s,τ\])
///   + Σ_h fixed\[h\] (open\[h,t\] − open\[h,0\]) + Σ_c P\[c,t\] + κ · Σ_{τ≤t} Σ_h nhs\[h,τ\]
///   + Σ_{p,q} κ\[p\] people\[q\] π\[p,q,t\] + cost · Σ_{h,s} freed\[h,s,t\] ≤ revenue\[t\]
///
/// Unit of the row: £ million a year. Shadow price (≤ 0): one more £ million a year to spend.
pub fn add_revenue_limits(f: &mut Formulation, system: &CareSystem) {
    let bed_year = system.policy.costs.bed_equivalent();
    for (period, id, _) in system.periods.iter() {
        let Some(limit) = system.policy.money.of(id).revenue else { continue };
        let mut terms = Vec::new();
        for opening in system.opening_periods().filter(|opening| *opening <= period) {
            terms.extend(new_beds(f, system, opening, bed_year));
            let closed = moved(f, system, Movement::Closed, opening, bed_year);
            terms.extend(closed.into_iter().map(|(column, cost)| (column, -cost)));
        }
        let (sites, today) = open_sites(f, system, period);
        terms.extend(sites);
        let councils = system.councils.indices();
        terms.extend(councils.filter_map(|council| Some((f.column(PooledMoney { council, period })?, 1.0))));
        terms.extend(paid_by_nhs(f, system, period));
        terms.extend(prevention_costs(f, system, period));
        terms.extend(bed_management_costs(f, system, period));
        let most = MillionPounds::from(limit).0 + today;
        f.add_constraint(ConstraintKey::RevenueLimit { period }, Bounds::at_most(most), terms);
    }
}

/// Fixed costs of the sites that may open or close, and what those that stand today cost, £ million a year.
fn open_sites(f: &Formulation, system: &CareSystem, period: PeriodIx) -> (Vec<(ColumnIx, f64)>, f64) {
    let decided = system.opening_of(system.periods[period].wave);
    let (mut terms, mut today) = (Vec::new(), 0.0);
    for choice in &system.policy.site_choices {
        let open = decided.and_then(|period| f.column(OpenSite { site: choice.site, period }));
        let fixed = MillionPounds::from(choice.fixed_cost).0;
        terms.extend(open.map(|column| (column, fixed)));
        if choice.choice == Choice::MayClose {
            today += fixed;
        }
    }
    (terms, today)
}

fn new_beds(f: &Formulation, system: &CareSystem, period: PeriodIx, each: Pounds) -> Vec<(ColumnIx, f64)> {
    let each = MillionPounds::from(each).0;
    let new = |&(site, specialty): &(_, _)| f.column(NewBeds { site, specialty, period });
    system.beds.keys().filter_map(|key| Some((new(key)?, each))).collect()
}

fn moved(
    f: &Formulation,
    system: &CareSystem,
    movement: Movement,
    period: PeriodIx,
    each: Pounds,
) -> Vec<(ColumnIx, f64)> {
    let each = MillionPounds::from(each).0;
    let column = |&(site, specialty): &(_, _)| f.column(movement.variable(site, specialty, period));
    system.beds.keys().filter_map(|key| Some((column(key)?, each))).collect()
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
