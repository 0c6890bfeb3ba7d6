//! Delayed beds that councils can release and do release, specialty by specialty.

use super::BedPlan;
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::domain::{CouncilIx, PeriodIx, SpecialtyIx};
use crate::formulation::social_care::CouncilCare;
use std::collections::BTreeMap;

/// Delay of one council and specialty in one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CouncilRelease {
    /// The council.
    pub council: CouncilIx,
    /// The specialty.
    pub specialty: SpecialtyIx,
    /// The period.
    pub period: PeriodIx,
    /// Delay that money can release.
    pub deliverable: OccupiedBeds,
    /// What the plan releases of it.
    pub released: OccupiedBeds,
}

/// Every council and specialty with delay that money can release, in order of council, specialty and
/// period; empty when the social-care part is off.
pub fn council_releases(system: &CareSystem, plan: &BedPlan) -> Vec<CouncilRelease> {
    let mut released: BTreeMap<(CouncilIx, SpecialtyIx, PeriodIx), OccupiedBeds> = BTreeMap::new();
    for (&(area, specialty, period), outcome) in &plan.needs {
        *released.entry((system.areas[area].council, specialty, period)).or_default() += outcome.released;
    }
    let care = CouncilCare::new(system);
    let mut rows = Vec::new();
    for council in system.councils.indices() {
        for specialty in system.specialties.indices() {
            for period in system.periods.indices() {
                let deliverable = care.deliverable_delay(council, specialty, period);
                if deliverable.0 > 0.0 {
                    let released = released.get(&(council, specialty, period)).copied().unwrap_or_default();
                    rows.push(CouncilRelease { council, specialty, period, deliverable, released });
                }
            }
        }
    }
    rows
}
