//! Rules on step-down beds.

use crate::domain::system::{CareSystem, SiteKind};
use crate::input::codes;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use crate::input::read::Tables;
use crate::input::table::Reading;

/// All rules on what is done besides new acute beds.
pub fn check(system: &CareSystem, model: &ModelFile, tables: &Tables, reading: &mut Reading) {
    check_the_step_down_service_only_pays(system, model, reading);
    check_community_sites_hold_their_beds(system, tables, reading);
    note_step_down_that_is_off(system, model, reading);
}

/// The service under which councils pay for step-down beds keeps today's spend, which runs today's beds, and
/// releases no delay by itself.
fn check_the_step_down_service_only_pays(system: &CareSystem, model: &ModelFile, reading: &mut Reading) {
    let (Some(rule), Some(care)) = (&system.policy.step_down, &system.policy.social_care) else { return };
    let Some(service) = rule.service else { return };
    let settings = model.measures.step_down.as_ref();
    let Some(name) = settings.and_then(|settings| settings.service.as_ref()) else { return };
    if care.releasing_service == Some(service) {
        let cause = format!("`{}` releases delay, so it cannot be the step-down service too", name.value);
        let cure = "give step-down beds a service of their own in the table of social care";
        reading.faults.add(codes::STEP_DOWN_SERVICE, name.at.clone(), cause, cure);
    } else if care.floor_of(service).0 < 1.0 {
        let cause = format!("`{}` has a floor below 1, but its step-down beds stay open", name.value);
        let cure = "take the service out of `social_care.floors`";
        reading.faults.add(codes::STEP_DOWN_SERVICE, name.at.clone(), cause, cure);
    }
}

fn check_community_sites_hold_their_beds(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    for (site, id, row) in tables.sites.register.iter().filter(|(_, _, row)| row.kind == SiteKind::Community)
    {
        let today = system.community.get(&site).map_or(0.0, |beds| beds.available.0);
        let Some(most) = row.largest_beds else { continue };
        let least = row.smallest_beds.map_or(0.0, |beds| beds.0);
        if today.max(least) > most.0 + 1e-6 {
            let cause = format!(
                "community site `{id}` has {today} beds today and `smallest_beds` {least}, above its \
                 `largest_beds` {}",
                most.0
            );
            let at = Location::line(&tables.sites.file, row.line);
            reading.faults.add(
                codes::SITE_LIMITS,
                at,
                cause,
                "raise `largest_beds`: step-down beds of today do not close",
            );
        }
    }
}

fn note_step_down_that_is_off(system: &CareSystem, model: &ModelFile, reading: &mut Reading) {
    let sites = system.community.len();
    if sites > 0 && model.measures.step_down.is_none() {
        let text = format!("the model has no `step_down`: {sites} community sites take no patients");
        reading.note(codes::NOTE_PART_OFF, text);
    }
    if sites == 0 && model.measures.step_down.is_some() {
        let text = "no site is of the kind `community`: the model's `step_down` is off";
        reading.note(codes::NOTE_PART_OFF, text);
    }
}
