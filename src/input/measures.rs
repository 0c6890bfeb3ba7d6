//! Settings and tables of step-down, prevention, money and staff to their rules: names become positions.

use super::codes;
use super::faults::{Faults, suggest};
use super::location::Location;
use super::measure_settings::MeasureSettings;
use super::model_file::ModelFile;
use super::policy::{Registers, by_id_or_name, by_specialty, names_of, unknown};
use super::read::Tables;
use crate::domain::ids::PeriodId;
use crate::domain::index::Register;
use crate::domain::measures::{MoneyLimits, Staff, StepDown};
use crate::domain::period::Period;
use crate::domain::system::{CommunityBeds, SiteKind};
use crate::domain::units::{Beds, Proportion};
use crate::domain::{PeriodIx, SiteIx};
use std::collections::BTreeMap;

/// The rules of step-down beds; unknown specialties and services are told.
pub fn step_down(model: &ModelFile, registers: &Registers<'_>, faults: &mut Faults) -> Option<StepDown> {
    let settings = model.measures.step_down.as_ref()?;
    let eligible = by_specialty(&settings.eligible, registers.specialties, Proportion, faults);
    let paid = settings.service.as_ref().filter(|_| registers.social_care && model.social_care.is_some());
    let service = paid.and_then(|name| {
        let found = registers.services.find(name.value.as_str());
        if found.is_none() {
            unknown("service", name, registers.services.ids().iter().map(|id| id.as_str()), faults);
        }
        found
    });
    Some(StepDown {
        eligible,
        substitution: settings.substitution,
        occupancy: settings.occupancy,
        new_beds: settings.new_beds,
        cost_per_bed_day: settings.cost_per_bed_day,
        service,
    })
}

/// Nurses by region; unknown regions are told.
pub fn staff(settings: &MeasureSettings, registers: &Registers<'_>, faults: &mut Faults) -> Staff {
    let mut staff = Staff::new();
    for (name, rule) in &settings.staff {
        match by_id_or_name(&name.value, registers.regions) {
            Some(region) => {
                staff.insert(region, *rule);
            }
            None => unknown("region", name, names_of(registers.regions), faults),
        }
    }
    staff
}

/// Money limits by period; a wave's name stands for all its scenarios. Unknown names are told.
pub fn money(
    settings: &MeasureSettings,
    periods: &Register<PeriodId, PeriodIx, Period>,
    faults: &mut Faults,
) -> MoneyLimits {
    let mut limits = MoneyLimits { every: settings.money, periods: BTreeMap::new() };
    for (name, limit) in &settings.money_of_periods {
        let meant = periods
            .iter()
            .filter(|(_, id, period)| id.as_str() == name.value || period.wave_name == name.value)
            .map(|(_, id, _)| id.clone());
        let meant: Vec<PeriodId> = meant.collect();
        if meant.is_empty() {
            unknown("period", name, periods.ids().iter().map(|id| id.as_str()), faults);
        }
        limits.periods.extend(meant.into_iter().map(|id| (id, *limit)));
    }
    limits
}

/// Step-down beds of every community site; a council that does not exist is told.
pub fn community(tables: &Tables, faults: &mut Faults) -> BTreeMap<SiteIx, CommunityBeds> {
    let councils = &tables.councils.register;
    let mut found = BTreeMap::new();
    for (site, id, row) in tables.sites.register.iter().filter(|(_, _, row)| row.kind == SiteKind::Community)
    {
        let council = row.council.as_ref().and_then(|council| {
            let position = councils.find(council.as_str());
            if position.is_none() {
                let cause = format!("community site `{id}` lies in unknown council `{council}`");
                let cure = suggest(council.as_str(), councils.ids().iter().map(|id| id.as_str()));
                faults.add(codes::DANGLING, Location::line(&tables.sites.file, row.line), cause, cure);
            }
            position
        });
        let available = tables.community_beds.get(&site).copied().unwrap_or(Beds::ZERO);
        found.insert(site, CommunityBeds { available, council });
    }
    found
}
