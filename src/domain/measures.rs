//! Planning rules for what can be done besides new acute beds: step-down beds, prevention, shorter stays;
//! and what money and nurses allow.

use super::ids::PeriodId;
use super::policy::DAYS_IN_YEAR;
use super::units::{Beds, Nurses, Pounds, Proportion};
use super::{RegionIx, ServiceIx, SpecialtyIx};
use std::collections::BTreeMap;

/// Step-down beds at community sites.
#[derive(Debug, Clone)]
pub struct StepDown {
    /// φ: share of need that a step-down bed can take, by specialty; none of it where not named.
    pub eligible: BTreeMap<SpecialtyIx, Proportion>,
    /// σ: acute days that one step-down day replaces.
    pub substitution: Proportion,
    /// Most of a site's step-down beds that may be occupied on average.
    pub occupancy: Proportion,
    /// Most step-down beds that may be opened over the whole plan. They are no part of the national pool.
    pub new_beds: Beds,
    /// £ for a staffed step-down bed-day, building included.
    pub cost_per_bed_day: Pounds,
    /// The social-care service under which councils pay for step-down beds; `None` when only the NHS pays.
    pub service: Option<ServiceIx>,
}

impl StepDown {
    /// φ of a specialty.
    pub fn eligible_share(&self, specialty: SpecialtyIx) -> Proportion {
        self.eligible.get(&specialty).copied().unwrap_or(Proportion::ZERO)
    }
    /// £ a year for one more step-down bed.
    pub fn bed_year(&self) -> Pounds {
        self.cost_per_bed_day * DAYS_IN_YEAR
    }
}

/// Roll-out of prevention programmes by commissioners.
#[derive(Debug, Clone, Copy)]
pub struct Prevention {
    /// Most that all programmes together may cost in a period, £ a year; `None` for no limit.
    pub budget: Option<Pounds>,
    /// Most that a roll-out may grow in one period, as a share of full roll-out.
    pub ramp: Proportion,
}

/// A programme that shortens stays at a site.
#[derive(Debug, Clone, Copy)]
pub struct BedManagement {
    /// Most of a site's room that shorter stays may free, as a share of its beds.
    pub limit: Proportion,
    /// £ for each bed-day freed.
    pub cost_per_bed_day: Pounds,
    /// Most that it may cost in a period, all sites together, £ a year; `None` for no limit.
    pub budget: Option<Pounds>,
}

impl BedManagement {
    /// £ a year for each occupied bed freed.
    pub fn bed_year(&self) -> Pounds {
        self.cost_per_bed_day * DAYS_IN_YEAR
    }
}

/// Most money that the NHS may spend on the plan in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MoneyLimit {
    /// On building, £ in the period.
    pub capital: Option<Pounds>,
    /// On running what the plan adds, £ a year.
    pub revenue: Option<Pounds>,
}

/// Money limits of every period.
#[derive(Debug, Clone, Default)]
pub struct MoneyLimits {
    /// For periods not named.
    pub every: MoneyLimit,
    /// For some periods; what one of them leaves open is as in every other.
    pub periods: BTreeMap<PeriodId, MoneyLimit>,
}

impl MoneyLimits {
    /// The limits of a period.
    pub fn of(&self, period: &PeriodId) -> MoneyLimit {
        let own = self.periods.get(period).copied().unwrap_or_default();
        MoneyLimit {
            capital: own.capital.or(self.every.capital),
            revenue: own.revenue.or(self.every.revenue),
        }
    }
}

/// Nurses of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionStaff {
    /// Nurses that can be had for acute beds.
    pub nurses: Nurses,
    /// Nurses that each open bed takes.
    pub per_bed: f64,
}

/// Nurses, by region; regions not named have no limit.
pub type Staff = BTreeMap<RegionIx, RegionStaff>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_takes_from_the_common_limits_what_it_does_not_state() {
        let wave = PeriodId::new("wave 1").expect("a name");
        let limits = MoneyLimits {
            every: MoneyLimit { capital: Some(Pounds(5.0)), revenue: Some(Pounds(7.0)) },
            periods: [(wave.clone(), MoneyLimit { capital: Some(Pounds(1.0)), revenue: None })].into(),
        };
        assert_eq!(limits.of(&wave), MoneyLimit { capital: Some(Pounds(1.0)), revenue: Some(Pounds(7.0)) });
    }
}
