//! The plan's step-down beds, prevention and shorter stays, in domain words.

use super::plan::NOISE;
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Pounds, Proportion};
use crate::domain::{CommissionerIx, CouncilIx, PeriodIx, ProgrammeIx, ServiceIx, SiteIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoint;
use crate::formulation::keys::{FreedBeds, RollOut, StepDownByCouncil, StepDownByNhs, VariableKey};
use std::collections::BTreeMap;

/// Step-down beds opened at a community site in a period, by who pays for them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepDownOpened {
    /// With NHS money.
    pub by_nhs: Beds,
    /// With the money of the site's council.
    pub by_council: Beds,
}

/// What a plan does besides new acute beds. Empty where the model has no such part.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeasuresPlan {
    /// Step-down beds opened.
    pub step_down: BTreeMap<(SiteIx, PeriodIx), StepDownOpened>,
    /// Roll-out of every programme by every commissioner with people.
    pub roll_out: BTreeMap<(ProgrammeIx, CommissionerIx, PeriodIx), Proportion>,
    /// Room freed by shorter stays.
    pub freed: BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), OccupiedBeds>,
}

impl MeasuresPlan {
    /// Reads the measures off the values of a program's columns.
    pub fn read(system: &CareSystem, f: &Formulation, columns: &[f64]) -> Self {
        let mut plan = Self::default();
        for (column, key) in f.decisions() {
            let value = columns[column.get()];
            let value = if value > NOISE { value } else { 0.0 };
            match key {
                VariableKey::StepDownByNhs(StepDownByNhs { site, period }) => {
                    plan.step_down.entry((site, period)).or_default().by_nhs = Beds(value);
                }
                VariableKey::StepDownByCouncil(StepDownByCouncil { site, period }) => {
                    plan.step_down.entry((site, period)).or_default().by_council = Beds(value);
                }
                VariableKey::RollOut(RollOut { programme, commissioner, period }) => {
                    plan.roll_out.insert((programme, commissioner, period), Proportion(value));
                }
                VariableKey::FreedBeds(FreedBeds { site, specialty, period }) => {
                    plan.freed.insert((site, specialty, period), OccupiedBeds(value));
                }
                _ => {}
            }
        }
        debug_assert!(plan.step_down.keys().all(|(site, _)| system.community.contains_key(site)));
        plan
    }
    /// Step-down beds opened at a site up to a period, by who pays.
    pub fn opened_until(&self, site: SiteIx, period: PeriodIx) -> StepDownOpened {
        let mut sum = StepDownOpened::default();
        for (_, opened) in self.step_down.range((site, first())..=(site, period)) {
            sum.by_nhs += opened.by_nhs;
            sum.by_council += opened.by_council;
        }
        sum
    }
    /// Adds what councils pay for step-down beds to what they spend on that service.
    pub fn add_council_spend(
        &self,
        system: &CareSystem,
        spend: &mut BTreeMap<(CouncilIx, ServiceIx, PeriodIx), Pounds>,
    ) {
        let Some(rule) = &system.policy.step_down else { return };
        let Some(service) = rule.service else { return };
        let sites = system.community.iter().filter_map(|(&site, beds)| Some((site, beds.council?)));
        let periods = || system.periods.indices();
        for ((site, council), period) in sites.flat_map(|place| periods().map(move |period| (place, period)))
        {
            let beds = self.opened_until(site, period).by_council;
            if let Some(pounds) = spend.get_mut(&(council, service, period)) {
                *pounds += rule.bed_year() * beds.0;
            }
        }
    }
}

fn first() -> PeriodIx {
    crate::domain::Ix::from_usize(0)
}

/// What programmes take off the need of a point.
pub fn prevented(
    system: &CareSystem,
    f: &Formulation,
    point: &DemandPoint,
    need: OccupiedBeds,
    period: PeriodIx,
    columns: &[f64],
) -> OccupiedBeds {
    let Some(commissioner) = point.commissioner else { return OccupiedBeds::ZERO };
    let of = |(programme, share): (ProgrammeIx, Proportion)| {
        need * share * f.value_of(RollOut { programme, commissioner, period }, columns)
    };
    let programmes = system.programmes.iter();
    programmes.filter_map(|(p, _, rule)| Some((p, *rule.prevented.get(&point.specialty)?))).map(of).sum()
}
