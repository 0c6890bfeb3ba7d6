//! Decision variables, one function for each family. All are zero or more.

use super::Formulation;
use super::constraints::equity::shares_in_one;
use super::demand_points::DemandPoints;
use super::induced::largest_share;
use super::keys::{
    GroupUnmetShare, MoneyMoved, NewBeds, OpenBeds, PooledMoney, ReleasedShare, SpendStep, Unmet,
    WorstUnmetShare,
};
use super::moves::BedMoves;
use super::social_care::{CouncilCare, equity_is_wanted};
use crate::domain::Ix;
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, Proportion};
use crate::lp::Bounds;
use std::collections::BTreeSet;

/// x\[a,h,s,t\] for every site in reach.
pub fn add_treated(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    f.add_treated(system.periods.indices(), points, Bounds::NON_NEGATIVE);
}

/// u\[a,s,t\]. It has no upper limit of its own: the demand balance gives it one, and a second would only
/// split the price of need in two.
pub fn add_unmet(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    for period in system.periods.indices() {
        for point in points.iter() {
            let key = Unmet { area: point.area, specialty: point.specialty, period };
            f.add_variable(key, Bounds::NON_NEGATIVE);
        }
    }
}

/// b\[h,s,t\] for every specialty that a site offers, never more than today's (and those of the sites and
/// specialties with which it exchanges beds) and the whole pool.
pub fn add_beds(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            let most = moves.most_beds(site, specialty);
            f.add_variable(OpenBeds { site, specialty, period }, Bounds::between(0.0, most.0));
        }
    }
}

/// new\[h,s,t\] where beds are decided, never more than the pool.
pub fn add_new_beds(f: &mut Formulation, system: &CareSystem) {
    let pool = system.policy.pool.total;
    for period in system.opening_periods() {
        for &(site, specialty) in system.beds.keys() {
            f.add_variable(NewBeds { site, specialty, period }, Bounds::between(0.0, pool.0));
        }
    }
}

/// y\[c,k,j,t\], P\[c,t\] and the money moved off each service.
pub fn add_money(f: &mut Formulation, system: &CareSystem, care: &CouncilCare) {
    let Some(policy) = &system.policy.social_care else { return };
    for period in system.periods.indices() {
        for council in system.councils.indices() {
            f.add_variable(
                PooledMoney { council, period },
                Bounds::between(0.0, MillionPounds::from(policy.pooled_fund).0),
            );
            for service in system.services.indices() {
                let curve = care.curve(council, service, period);
                for (step, width) in (0u8..).zip(curve.widths()) {
                    f.add_variable(
                        SpendStep { council, service, step, period },
                        Bounds::between(0.0, width.0),
                    );
                }
                // All that can leave a service is what it has above its floor today: step 0.
                let most = curve.widths().next().unwrap_or(MillionPounds::ZERO);
                f.add_variable(MoneyMoved { council, service, period }, Bounds::between(0.0, most.0));
            }
        }
    }
}

/// r\[c,s,t\] ∈ \[0,1\] where a council has delay that can be released.
pub fn add_released_share(f: &mut Formulation, system: &CareSystem, care: &CouncilCare) {
    for period in system.periods.indices() {
        for council in system.councils.indices() {
            for specialty in system.specialties.indices() {
                if care.deliverable_delay(council, specialty, period).0 > 0.0 {
                    f.add_variable(
                        ReleasedShare { council, specialty, period },
                        Bounds::between(0.0, Proportion(1.0).0),
                    );
                }
            }
        }
    }
}

/// Unmet share of each equity group with need, and ζ\[t\], the worst of them, in the units of [`shares_in_one`].
pub fn add_unmet_shares(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    if !equity_is_wanted(system) {
        return;
    }
    let most = largest_share(system) * shares_in_one(system);
    let groups: BTreeSet<usize> = points.iter().map(|point| point.group.get()).collect();
    for period in system.periods.indices() {
        for &group in &groups {
            let group = Ix::from_usize(group);
            f.add_variable(GroupUnmetShare { group, period }, Bounds::between(0.0, most));
        }
        f.add_variable(WorstUnmetShare { period }, Bounds::between(0.0, most));
    }
}
