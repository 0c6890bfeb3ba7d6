//! Rules on need.

use crate::domain::index::Ix;
use crate::domain::policy::EquityGroups;
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::domain::{CouncilIx, SpecialtyIx};
use crate::input::codes;
use crate::input::faults::list;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use crate::input::read::Tables;
use crate::input::table::Reading;

/// All rules on need.
pub fn check(system: &CareSystem, model: &ModelFile, tables: &Tables, reading: &mut Reading) {
    check_every_area_has_need(system, tables, reading);
    note_need_that_no_site_offers(system, reading);
    check_delay_within_need(system, tables, reading);
    check_deprivation_is_given(system, model, tables, reading);
}

fn check_every_area_has_need(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    for (area, id, row) in tables.areas.register.iter() {
        if system.need.row(area).iter().all(|need| need.0 <= 0.0) {
            let cause = format!("area `{id}` has no need for any specialty");
            let cure = "add its rows to the table of need, or leave the area out";
            reading.faults.add(codes::NO_NEED, Location::line(&tables.areas.file, row.line), cause, cure);
        }
    }
}

fn note_need_that_no_site_offers(system: &CareSystem, reading: &mut Reading) {
    let mut nowhere = Vec::new();
    for (specialty, id, _) in system.specialties.iter() {
        let need: OccupiedBeds = system.areas.indices().map(|area| system.need[(area, specialty)]).sum();
        let offered = system.beds.iter().any(|((_, s), stock)| *s == specialty && stock.available.0 > 0.0);
        if need.0 > 0.0 && !offered {
            nowhere.push(format!("{id} ({:.1} occupied beds)", need.0));
        }
    }
    if !nowhere.is_empty() {
        let text = format!("no site offers {}: all of that need stays unmet", list(nowhere));
        reading.note(codes::NOTE_NOWHERE, text);
    }
}

/// More delayed beds than need would make released need negative.
fn check_delay_within_need(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    let Some(social_care) = &system.policy.social_care else { return };
    let deliverable = social_care.deliverable_share();
    let mut need = vec![OccupiedBeds::ZERO; system.councils.len() * system.specialties.len()];
    let position = |council: CouncilIx, specialty: SpecialtyIx| {
        council.get() * system.specialties.len() + specialty.get()
    };
    for (area, _, row) in system.areas.iter() {
        for specialty in system.specialties.indices() {
            need[position(row.council, specialty)] += system.need[(area, specialty)];
        }
    }
    for (council, id, row) in tables.councils.register.iter() {
        for specialty in system.specialties.indices() {
            let delayed = system.delays[(council, specialty)];
            let need = need[position(council, specialty)];
            if (delayed * deliverable).0 > need.0 + 1e-6 {
                let name = system.specialties.id(specialty);
                let cause = format!(
                    "council `{id}` has {} delayed beds for {name} and need for {}",
                    delayed.0, need.0
                );
                let cure = "lower `delayed_beds` in the table of delays, or add the need";
                reading.faults.add(codes::DELAY_ABOVE_NEED, row.at.clone(), cause, cure);
            }
        }
    }
}

fn check_deprivation_is_given(
    system: &CareSystem,
    model: &ModelFile,
    tables: &Tables,
    reading: &mut Reading,
) {
    let without = system.areas.iter().filter(|(_, _, area)| area.deprivation_decile.is_none()).count();
    if without == 0 {
        return;
    }
    let text = format!("{without} of {} areas have no `deprivation_decile`", system.areas.len());
    let objective = &model.objective;
    if objective.equity_groups.value == EquityGroups::DeprivationQuintile {
        let cause = format!("the equity groups are fifths by deprivation, but {text}");
        let cure = format!("fill in the column in `{}`, or choose other groups", tables.areas.file);
        reading.faults.add(codes::NO_DEPRIVATION, objective.equity_groups.at.clone(), cause, cure);
    } else if (objective.most_deprived.value - 1.0).abs() > 0.0 {
        reading.note(codes::NOTE_DECILES, format!("{text}: their need weighs 1"));
    }
}
