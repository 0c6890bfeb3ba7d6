//! Decision variables and costs of what can be done besides new acute beds: step-down beds, prevention and
//! shorter stays. Each is off unless the model has its rules and its data.

use super::Formulation;
use super::keys::{FreedBeds, OpenBeds, RollOut, StepDownBeds, StepDownByCouncil, StepDownByNhs};
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, Persons, Proportion};
use crate::domain::{CommissionerIx, PeriodIx, ProgrammeIx};
use crate::lp::{Bounds, ColumnIx};
use std::collections::BTreeMap;

/// m\[h,t\], and the step-down beds opened at a community site with NHS money and with its council's.
///
/// A site keeps between its smallest and largest size; all that may be opened anywhere may be opened at one.
pub fn add_step_down_beds(f: &mut Formulation, system: &CareSystem) {
    let Some(rule) = &system.policy.step_down else { return };
    let pool = rule.new_beds.0;
    for period in system.periods.indices() {
        for (&site, beds) in &system.community {
            let place = &system.sites[site];
            let least = place.smallest_beds.map_or(0.0, |beds| beds.0);
            let most = place.largest_beds.map_or(f64::INFINITY, |beds| beds.0).min(beds.available.0 + pool);
            f.add_variable(StepDownBeds { site, period }, Bounds::between(least, most));
            if !system.periods[period].opens_beds() {
                continue;
            }
            f.add_variable(StepDownByNhs { site, period }, Bounds::between(0.0, pool));
            if beds.council.is_some() && rule.service.is_some() && system.policy.social_care.is_some() {
                f.add_variable(StepDownByCouncil { site, period }, Bounds::between(0.0, pool));
            }
        }
    }
}

/// π\[p,q,t\] ∈ \[0,1\] for every commissioner with people; in the first wave no more than the ramp.
pub fn add_roll_out(f: &mut Formulation, system: &CareSystem) {
    let Some(rule) = &system.policy.prevention else { return };
    for period in system.periods.indices() {
        let first = system.wave_before(period).is_none();
        let most = if first { rule.ramp.min(Proportion(1.0)) } else { Proportion(1.0) };
        for programme in system.programmes.indices() {
            for &commissioner in commissioners_with_people(system).keys() {
                let key = RollOut { programme, commissioner, period };
                f.add_variable(key, Bounds::between(0.0, most.0));
            }
        }
    }
}

/// Room freed by shorter stays at a site and specialty, never more than at its largest.
pub fn add_freed_beds(f: &mut Formulation, system: &CareSystem) {
    let Some(rule) = &system.policy.bed_management else { return };
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            let Some(open) = f.column(OpenBeds { site, specialty, period }) else { continue };
            let most = f.program().column_bounds()[open.get()].upper;
            let share = rule.limit.0 * system.policy.occupancy.cap_of(specialty).0;
            f.add_variable(FreedBeds { site, specialty, period }, Bounds::between(0.0, most * share));
        }
    }
}

/// People of each commissioner that has areas.
pub fn commissioners_with_people(system: &CareSystem) -> BTreeMap<CommissionerIx, Persons> {
    let mut people: BTreeMap<CommissionerIx, Persons> = BTreeMap::new();
    for (_, _, area) in system.areas.iter() {
        *people.entry(area.commissioner).or_default() += area.population;
    }
    people
}

/// What a programme costs a commissioner at full roll-out: κ\[p\] · people.
pub fn roll_out_cost(system: &CareSystem, programme: ProgrammeIx, people: Persons) -> MillionPounds {
    MillionPounds::from(system.programmes[programme].cost_per_head * people.0)
}

/// Step-down beds opened with NHS money up to a period, each with its yearly cost.
pub fn paid_by_nhs(f: &Formulation, system: &CareSystem, until: PeriodIx) -> Vec<(ColumnIx, f64)> {
    let Some(rule) = &system.policy.step_down else { return Vec::new() };
    let bed_year = MillionPounds::from(rule.bed_year());
    let sites = || system.community.keys();
    let so_far = system.periods.indices().filter(move |period| *period <= until);
    so_far
        .flat_map(|period| sites().map(move |&site| StepDownByNhs { site, period }))
        .filter_map(|key| Some((f.column(key)?, bed_year.0)))
        .collect()
}

/// What the measures add to `cost`, £ million a year: step-down beds in every wave in which they are
/// open, whoever pays; programmes by roll-out and shorter stays, by how likely their scenario is.
pub fn costs(f: &Formulation, system: &CareSystem) -> Vec<(ColumnIx, f64)> {
    let mut costs = Vec::new();
    for period in system.periods.indices() {
        let left = system.waves_from(period) as f64;
        let likely = system.periods[period].probability.0;
        if let Some(rule) = &system.policy.step_down {
            let bed = MillionPounds::from(rule.bed_year()).0 * left;
            for &site in system.community.keys() {
                let payers =
                    [f.column(StepDownByNhs { site, period }), f.column(StepDownByCouncil { site, period })];
                costs.extend(payers.into_iter().flatten().map(|column| (column, bed)));
            }
        }
        let mut yearly = prevention_costs(f, system, period);
        yearly.extend(bed_management_costs(f, system, period));
        costs.extend(yearly.into_iter().map(|(column, cost)| (column, cost * likely)));
    }
    costs
}

/// Programmes in a period, £ million a year.
pub fn prevention_costs(f: &Formulation, system: &CareSystem, period: PeriodIx) -> Vec<(ColumnIx, f64)> {
    let people = commissioners_with_people(system);
    system
        .programmes
        .indices()
        .flat_map(|programme| people.iter().map(move |(&q, &people)| (programme, q, people)))
        .filter_map(|(programme, commissioner, people)| {
            let column = f.column(RollOut { programme, commissioner, period })?;
            Some((column, roll_out_cost(system, programme, people).0))
        })
        .collect()
}

/// Shorter stays in a period, £ million a year.
pub fn bed_management_costs(f: &Formulation, system: &CareSystem, period: PeriodIx) -> Vec<(ColumnIx, f64)> {
    let Some(rule) = &system.policy.bed_management else { return Vec::new() };
    let bed = MillionPounds::from(rule.bed_year());
    let freed = |&(site, specialty): &(_, _)| f.column(FreedBeds { site, specialty, period });
    system.beds.keys().filter_map(|key| Some((freed(key)?, bed.0))).collect()
}
