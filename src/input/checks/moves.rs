//! Rules on beds that move.

use crate::domain::moves::{Choice, ReallocationScope};
use crate::domain::system::CareSystem;
use crate::input::codes;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use crate::input::table::Reading;
use std::collections::BTreeSet;
use std::sync::Arc;

/// All rules on beds that move.
pub fn check(system: &CareSystem, model: &ModelFile, reading: &mut Reading) {
    check_protected_beds_exist(system, reading);
    check_site_choices(system, reading);
    check_closures_have_provision_to_wait_for(system, model, reading);
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

/// A site that may close has beds; one that may open has none yet, and a largest size.
fn check_site_choices(system: &CareSystem, reading: &mut Reading) {
    let mut seen = BTreeSet::new();
    for rule in &system.policy.site_choices {
        let (site, beds) = (system.sites.id(rule.site), system.site_beds(rule.site).0);
        let (cause, cure) = if !seen.insert(rule.site) {
            (format!("site `{site}` is listed twice among sites to open or close"), "keep one of the entries")
        } else if rule.choice == Choice::MayOpen && beds > 0.0 {
            (format!("site `{site}` may open, but has {beds} beds today"), "list it under `closures.sites`")
        } else if rule.choice == Choice::MayOpen && system.stocks_of(rule.site).next().is_none() {
            let cure = "add a row of 0 beds to the table of beds for each specialty that it would offer";
            (format!("site `{site}` may open, but would offer no specialty"), cure)
        } else if rule.choice == Choice::MayOpen && system.sites[rule.site].largest_beds.is_none() {
            let cure = "fill in `largest_beds` in the table of sites";
            (format!("site `{site}` may open, but nothing says how large it can be"), cure)
        } else {
            continue;
        };
        let line = u32::try_from(rule.origin.line).unwrap_or(u32::MAX);
        let at = Location::line(&Arc::from(rule.origin.file.as_str()), line);
        reading.faults.add(codes::SITE_CHOICE, at, cause, cure);
    }
}

/// Closures that wait for release, prevention or step-down beds need at least one of the three.
fn check_closures_have_provision_to_wait_for(system: &CareSystem, model: &ModelFile, reading: &mut Reading) {
    let policy = &system.policy;
    let provides = policy.social_care.is_some() || policy.step_down.is_some() || policy.prevention.is_some();
    if let Some(at) = model.closure_precedence.as_ref().filter(|_| !provides) {
        let cause = "beds close only after other provision, but the model has none: no bed could close";
        let cure = "add `social_care`, `step_down` or `prevention`, or leave out `closures.precedence`";
        reading.faults.add(codes::NO_PROVISION, at.clone(), cause.to_owned(), cure);
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
