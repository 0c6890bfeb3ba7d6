//! Rules that make sure that floors, ceilings and pins fit the pool of new beds.

use crate::domain::policy::{Agreement, Origin, Pin, Scope};
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::units::Beds;
use crate::domain::{SiteIx, SpecialtyIx};
use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Slack for sums of decimal fractions.
const SLACK: f64 = 1e-6;

/// Pins must be such that a program can have them.
pub fn check(system: &CareSystem, faults: &mut Faults) {
    check_pins_are_offered_and_stated_once(system, faults);
}

/// Demands that sums alone can tell apart from what the pool and the sites hold.
pub fn check_demands_fit(system: &CareSystem, model: &ModelFile, faults: &mut Faults) {
    check_pins_fit_the_pool(system, faults);
    if faults.is_empty() {
        check_pins_fit_their_sites(system, faults);
        check_pins_fit_agreements(system, faults);
        check_floors_fit_the_pool(system, model, faults);
        check_the_pool_can_be_spent(system, model, faults);
    }
}

fn place(origin: &Origin) -> Location {
    let line = u32::try_from(origin.line).unwrap_or(u32::MAX);
    Location::line(&Arc::from(origin.file.as_str()), line)
}

fn check_pins_are_offered_and_stated_once(system: &CareSystem, faults: &mut Faults) {
    let mut seen: BTreeMap<(SiteIx, Option<SpecialtyIx>), usize> = BTreeMap::new();
    for pin in &system.policy.pins {
        let at = place(&pin.origin);
        let site = system.sites.id(pin.site);
        if system.sites[pin.site].kind == SiteKind::Community {
            let cause =
                format!("site `{site}` is a community site: its step-down beds are no part of the pool");
            faults.add(codes::PIN_DOES_NOT_FIT, at, cause, "pin beds of acute sites");
            continue;
        }
        if let Some(first) = seen.insert((pin.site, pin.specialty), pin.origin.line) {
            let cause = format!("site `{site}` is pinned twice for the same beds, first on line {first}");
            faults.add(codes::PIN_DOES_NOT_FIT, at, cause, "keep one of the pins");
            continue;
        }
        if let Some(specialty) = pin.specialty
            && pin.beds.0 > 0.0
            && !system.beds.contains_key(&(pin.site, specialty))
        {
            let cause =
                format!("site `{site}` does not offer specialty `{}`", system.specialties.id(specialty));
            let cure = "pin beds of a specialty that the site has in the table of beds";
            faults.add(codes::PIN_DOES_NOT_FIT, at, cause, cure);
        }
    }
}

/// New beds that pins fix at a site: the site's total where that is pinned, else the sum.
fn pinned_at(system: &CareSystem, site: SiteIx) -> Beds {
    let pins = || system.policy.pins.iter().filter(move |pin| pin.site == site);
    let of_specialties: Beds = pins().filter(|pin| pin.specialty.is_some()).map(|pin| pin.beds).sum();
    pins().find(|pin| pin.specialty.is_none()).map_or(of_specialties, |pin| pin.beds)
}

fn check_pins_fit_the_pool(system: &CareSystem, faults: &mut Faults) {
    let pinned: Beds = system.sites.indices().map(|site| pinned_at(system, site)).sum();
    let pool = system.policy.pool.total;
    if let Some(last) = system.policy.pins.last()
        && pinned.0 > pool.0 + SLACK
    {
        let cause = format!("the pins fix {} new beds, but the pool has {}", pinned.0, pool.0);
        let cure = "lower the pins or raise `new_beds.total`";
        faults.add(codes::PINS_ABOVE_POOL, place(&last.origin), cause, cure);
    }
}

/// New beds for which a site has room: its own limit and the growth limit, whichever is less. Where beds may
/// go to other sites, how much room they leave is not known beforehand.
fn room_at(system: &CareSystem, site: SiteIx) -> Beds {
    if system.sites[site].kind == SiteKind::Community {
        return Beds::ZERO; // Its step-down beds are no part of the pool.
    }
    if system.policy.reallocation.is_some() || system.policy.closure_limit.is_some() {
        return Beds(f64::INFINITY);
    }
    let today = system.site_beds(site);
    let growth_limit = system.policy.growth_limit.filter(|_| today.0 > 0.0);
    let growth = growth_limit.map_or(f64::INFINITY, |limit| today.0 * limit.0);
    let own = system.sites[site].largest_beds.map_or(f64::INFINITY, |most| most.0 - today.0);
    Beds(growth.min(own).max(0.0))
}

fn check_pins_fit_their_sites(system: &CareSystem, faults: &mut Faults) {
    for pin in &system.policy.pins {
        let (room, pinned) = (room_at(system, pin.site), pinned_at(system, pin.site));
        let of_specialties: f64 = system
            .policy
            .pins
            .iter()
            .filter(|p| p.site == pin.site && p.specialty.is_some())
            .map(|p| p.beds.0)
            .sum();
        let at = place(&pin.origin);
        let id = system.sites.id(pin.site);
        if pinned.0 > room.0 + SLACK {
            let cause = format!(
                "{} new beds are pinned at site `{id}`, which has room for {}",
                pinned.0,
                crate::input::tidy(room.0)
            );
            let cure = "lower the pin, or raise `sites.growth_limit` or the site's `largest_beds`";
            faults.add(codes::PIN_DOES_NOT_FIT, at, cause, cure);
        } else if pin.specialty.is_none() && of_specialties > pin.beds.0 + SLACK {
            let cause =
                format!("the specialties pinned at site `{id}` come to {of_specialties}, above its total");
            faults.add(codes::PIN_DOES_NOT_FIT, at, cause, "raise the total or lower the specialties");
        }
    }
}

fn sites_of(system: &CareSystem, scope: Scope) -> impl Iterator<Item = SiteIx> + '_ {
    system.sites.indices().filter(move |site| {
        let site = &system.sites[*site];
        match scope {
            Scope::Region(region) => site.region == region,
            Scope::Commissioner(commissioner) => site.commissioner == commissioner,
            Scope::Trust(trust) => site.trust == trust,
        }
    })
}

fn check_pins_fit_agreements(system: &CareSystem, faults: &mut Faults) {
    for agreement in &system.policy.agreements {
        let pinned: f64 = sites_of(system, agreement.scope).map(|site| pinned_at(system, site).0).sum();
        let room: f64 = sites_of(system, agreement.scope).map(|site| most_at(system, site).0).sum();
        let at = || place(&agreement.origin);
        if let Some(max) = agreement.max.filter(|max| pinned > max.0 + SLACK) {
            let cause = format!("pins fix {pinned} new beds where the ceiling is {}", max.0);
            faults.add(codes::PIN_DOES_NOT_FIT, at(), cause, "raise `max` or lower the pins");
        }
        if let Some(min) = agreement.min.filter(|min| min.0 > room + SLACK) {
            let cause = format!(
                "the floor is {} new beds, but its sites have room for {}",
                min.0,
                crate::input::tidy(room)
            );
            let cure = "lower `min`, or raise `sites.growth_limit` or the pins";
            faults.add(codes::FLOORS_ABOVE_POOL, at(), cause, cure);
        }
    }
}

/// Most new beds a site can get: what is pinned when its total is fixed, else its room.
fn most_at(system: &CareSystem, site: SiteIx) -> Beds {
    let fixed = |pin: &&Pin| pin.site == site && pin.specialty.is_none();
    system.policy.pins.iter().find(fixed).map_or_else(|| room_at(system, site), |pin| pin.beds)
}

/// Floors of scopes of one kind do not overlap, so that their sum must fit the pool.
fn check_floors_fit_the_pool(system: &CareSystem, model: &ModelFile, faults: &mut Faults) {
    let pool = system.policy.pool.total;
    for kind in 0..3 {
        let of_kind: Vec<&Agreement> =
            system.policy.agreements.iter().filter(|agreement| kind_of(agreement.scope) == kind).collect();
        let floors: f64 = of_kind.iter().filter_map(|agreement| agreement.min).map(|min| min.0).sum();
        let Some(last) = of_kind.iter().rev().find(|agreement| agreement.min.is_some()) else { continue };
        if floors > pool.0 + SLACK {
            let cause = format!("the floors add up to {floors} new beds, but the pool has {}", pool.0);
            let cure =
                format!("lower the floors, or raise `new_beds.total` (line {})", model.new_beds.at.line);
            faults.add(codes::FLOORS_ABOVE_POOL, place(&last.origin), cause, cure);
        }
    }
}

fn kind_of(scope: Scope) -> usize {
    match scope {
        Scope::Region(_) => 0,
        Scope::Commissioner(_) => 1,
        Scope::Trust(_) => 2,
    }
}

/// When the whole pool must be given out, ceilings and room must let it in.
fn check_the_pool_can_be_spent(system: &CareSystem, model: &ModelFile, faults: &mut Faults) {
    let pool = system.policy.pool;
    if !pool.must_spend {
        return;
    }
    let least_room = (0..3).map(|kind| room_under_ceilings(system, kind)).fold(f64::INFINITY, f64::min);
    if pool.total.0 > least_room + SLACK {
        let cause = format!(
            "{} new beds must be given out, but ceilings, growth limits and pins let in {}",
            pool.total.0,
            crate::input::tidy(least_room)
        );
        let cure = "raise the limits, lower `new_beds.total`, or write `new_beds.must_spend: false`";
        faults.add(codes::POOL_DOES_NOT_FIT, model.new_beds.at.clone(), cause, cure);
    }
}

fn room_under_ceilings(system: &CareSystem, kind: usize) -> f64 {
    let mut room = 0.0;
    let mut bound = vec![false; system.sites.len()];
    for agreement in system.policy.agreements.iter().filter(|agreement| kind_of(agreement.scope) == kind) {
        let mut inside = 0.0;
        for site in sites_of(system, agreement.scope) {
            inside += most_at(system, site).0;
            bound[crate::domain::Ix::get(site)] = true;
        }
        room += inside.min(agreement.max.map_or(f64::INFINITY, |max| max.0));
    }
    let unbound = system.sites.indices().filter(|site| !bound[crate::domain::Ix::get(*site)]);
    room + unbound.map(|site| most_at(system, site).0).sum::<f64>()
}
