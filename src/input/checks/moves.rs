//! Rules on beds that move.

use crate::domain::moves::ReallocationScope;
use crate::domain::system::CareSystem;
use crate::input::codes;
use crate::input::location::Location;
use crate::input::table::Reading;
use std::collections::BTreeSet;
use std::sync::Arc;

/// All rules on beds that move.
pub fn check(system: &CareSystem, reading: &mut Reading) {
    check_protected_beds_exist(system, reading);
    note_scope_without_groups(system, reading);
    note_nothing_to_convert(system, reading);
}

fn check_protected_beds_exist(system: &CareSystem, reading: &mut Reading) {
    for rule in &system.policy.protected {
        let Some(specialty) = rule.specialty else { continue };
        if !system.beds.contains_key(&(rule.site, specialty)) {
            let line = u32::try_from(rule.origin.line).unwrap_or(u32::MAX);
            let at = Location::line(&Arc::from(rule.origin.file.as_str()), line);
            let (site, name) = (system.sites.id(rule.site), system.specialties.id(specialty));
            let cause = format!("site `{site}` has no beds of specialty `{name}` to protect");
            let cure = "protect a specialty that the site has in the table of beds, or the whole site";
            reading.faults.add(codes::NOTHING_TO_PROTECT, at, cause, cure);
        }
    }
}

fn note_scope_without_groups(system: &CareSystem, reading: &mut Reading) {
    let by_group = system.policy.reallocation.is_some_and(|moves| moves.scope == ReallocationScope::Group);
    if by_group && system.groups.is_empty() {
        let text = "beds move within hospital groups, but the table of sites has none: each trust is its own";
        reading.note(codes::NOTE_NO_GROUPS, text.to_owned());
    }
}

fn note_nothing_to_convert(system: &CareSystem, reading: &mut Reading) {
    if system.policy.conversion.is_none() {
        return;
    }
    let mut seen = BTreeSet::new();
    let family = |specialty| &system.specialties[specialty].family;
    if system.beds.keys().all(|&(site, specialty)| seen.insert((site, family(specialty)))) {
        let text = "no site has two specialties of one family: no bed can be converted";
        reading.note(codes::NOTE_NOTHING_TO_CONVERT, text.to_owned());
    }
}
