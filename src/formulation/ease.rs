//! How easily a demand is given way on: the weights of a least repair.
//!
//! A weight is told in the worth of a new bed: giving way by one bed of a ceiling counts 1. Money and nurses are
//! turned into the beds that they pay for or staff, so that a change does not look small because of its unit. The
//! weights are a judgement, written down in `docs/conflicts.md`; they choose which repair is told, never what is
//! feasible.

use super::demands::Demand;
use super::keys::ConstraintKey;
use crate::domain::system::CareSystem;
use crate::domain::units::MillionPounds;
use crate::lp::BoundSide;

/// What is given way on most easily, and what hardly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ease {
    /// Nobody loses a bed that was promised: ceilings, and the wish to spend the whole pool.
    Easy,
    /// A promise to many, or a limit on change: floors, limits on moves and closing.
    Promised,
    /// What a building lets in, the least with which a site runs, a named agreement with its reason: growth, sizes,
    /// pins.
    Agreed,
    /// Somebody else must find it: the pool itself, money, nurses.
    Outside,
    /// Safety and public undertakings: occupancy caps, protected beds, closures after other provision.
    Safety,
}

impl Ease {
    /// How much giving way by one bed counts.
    pub fn weight(self) -> f64 {
        match self {
            Self::Easy => 1.0,
            Self::Promised => 2.0,
            Self::Agreed => 3.0,
            Self::Outside => 4.0,
            Self::Safety => 6.0,
        }
    }
    /// Of a demand.
    pub fn of(demand: Demand) -> Self {
        use ConstraintKey as K;
        let (key, side) = match demand {
            Demand::Protected(_) => return Self::Safety,
            Demand::Growth | Demand::Limit(..) => return Self::Agreed,
            // Nobody opens a part of a bed: whoever builds has to round in the end.
            Demand::WholeBeds => return Self::Outside,
            Demand::Row(key, side) => (key, side),
        };
        match (key, side) {
            (K::NewBedPool { .. }, BoundSide::Lower) | (K::Agreement { .. }, BoundSide::Upper) => Self::Easy,
            (K::SiteSize { .. } | K::SmallestOpen { .. } | K::LargestOpen { .. } | K::Pin { .. }, _) => {
                Self::Agreed
            }
            (K::BedCapacity { .. } | K::StepDownCapacity { .. } | K::ClosurePrecedence { .. }, _) => {
                Self::Safety
            }
            (
                K::Agreement { .. }
                | K::ReallocationLimit { .. }
                | K::ConversionLimit { .. }
                | K::ClosureLimit { .. },
                _,
            ) => Self::Promised,
            _ => Self::Outside,
        }
    }
}

/// What giving way by one unit of a demand counts in a repair, in the worth of new beds.
pub fn weight(system: &CareSystem, demand: Demand) -> f64 {
    Ease::of(demand).weight() * beds_in_one(system, demand)
}

/// The beds that one unit of a demand pays for, staffs or holds.
fn beds_in_one(system: &CareSystem, demand: Demand) -> f64 {
    use ConstraintKey as K;
    let costs = &system.policy.costs;
    let per_bed = |pounds| 1.0 / MillionPounds::from(pounds).0.max(1e-9);
    match demand {
        Demand::Row(K::CapitalLimit { .. }, _) => per_bed(costs.capital_per_bed),
        Demand::Row(
            K::RevenueLimit { .. }
            | K::CouncilBudget { .. }
            | K::PooledFund { .. }
            | K::PreventionBudget { .. }
            | K::BedManagementBudget { .. },
            _,
        ) => per_bed(costs.bed_equivalent()),
        Demand::Row(K::NurseLimit { region, .. }, _) => {
            system.policy.staff.get(&region).map_or(1.0, |staff| 1.0 / staff.per_bed)
        }
        Demand::Row(K::BedCapacity { site, specialty, .. }, _) => {
            1.0 / system.policy.occupancy.cap_at(site, specialty).0
        }
        Demand::Growth => system.beds_before().0.max(1.0),
        Demand::WholeBeds => system.policy.whole_beds.map_or(1.0, |ward| ward.0),
        _ => 1.0,
    }
}
