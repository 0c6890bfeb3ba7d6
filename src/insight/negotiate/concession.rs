//! What giving a region more or fewer beds comes to: who gains, who gives the beds up, and at what rate.

use super::outcome::{EveryAim, Outcome};
use super::words::{beds, england, over_waves, place, share_words};
use crate::domain::number::{grouped, percent, tidy};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds};
use crate::domain::{RegionIx, SiteIx};
use serde::Serialize;
use std::collections::BTreeMap;

/// Changes smaller than this, in beds or occupied beds, are none.
const NOTHING: f64 = 0.05;
/// Rates smaller than this, in occupied beds for each bed, are none.
const LEAST_RATE: f64 = 5e-4;
/// Journeys that change by less than this, in patient-bed minutes, do not change.
const LEAST_JOURNEY: f64 = 0.5;
/// A share that changes by less than this does not change.
const LEAST_SHARE: f64 = 5e-6;
/// Sites told.
const MOST_SITES: usize = 10;

/// A figure before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
    /// After less before.
    pub difference: f64,
}

impl Change {
    pub(super) fn new(before: f64, after: f64) -> Self {
        Self { before, after, difference: after - before }
    }
}

/// One region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionChange {
    /// Code.
    pub region: String,
    /// Name.
    pub name: String,
    /// New beds at its sites.
    pub new_beds: Change,
    /// Need of its people left unmet, occupied beds.
    pub unmet_beds: Change,
    /// The same as a share of their need.
    pub unmet_share: Change,
}

/// One site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteChange {
    /// Code.
    pub site: String,
    /// Name.
    pub name: String,
    /// Code of its region.
    pub region: String,
    /// New beds, all specialties.
    pub new_beds: Change,
}

/// What each bed given to the region comes to on average, in occupied beds of need.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// More of England's need unmet (less, where it is below zero).
    pub england_loses: f64,
    /// More of the region's need met.
    pub region_gains: f64,
    /// More of the other regions' need unmet.
    pub others_lose: f64,
    /// Longer journeys, in patient-bed minutes as the travel term counts them; `None` where the model has no such term.
    pub journeys: Option<f64>,
}

/// A change in the beds of a region, and all that comes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Concession {
    /// Code of the region.
    pub region: String,
    /// Its name.
    pub name: String,
    /// Its new beds.
    pub new_beds: Change,
    /// England's unmet need.
    pub england_unmet: Change,
    /// Its unit.
    pub unit: &'static str,
    /// Unmet share of the worst-off group.
    pub worst_share: Option<Change>,
    /// Journeys of patients, as the model's travel term counts them: patient-bed minutes beyond the free ones.
    pub travel: Option<Change>,
    /// Minutes of a journey that the travel term does not count.
    pub free_minutes: f64,
    /// Per bed; `None` where the region's beds do not change.
    pub per_bed: Option<Rates>,
    /// The region's beds in plans equally good for every aim, where the result tells them.
    pub every_aim: Option<EveryAim>,
    /// Every region.
    pub regions: Vec<RegionChange>,
    /// Sites whose new beds change most.
    pub sites: Vec<SiteChange>,
    /// The same in words.
    pub told: Vec<String>,
}

/// Sets a plan beside the one before it.
pub fn concession(
    system: &CareSystem,
    region: RegionIx,
    (before, after): (&Outcome, &Outcome),
    every_aim: Option<EveryAim>,
) -> Concession {
    let of = |outcome: &Outcome| outcome.region_beds.get(&region).copied().unwrap_or_default();
    let new_beds = Change::new(of(before).0, of(after).0);
    let regions = regions(system, before, after);
    let own = |r: &&RegionChange| r.region == system.regions.id(region).as_str();
    let region_gains = regions.iter().find(own).map_or(0.0, |own| -own.unmet_beds.difference);
    let others_lose: f64 = regions.iter().filter(|r| !own(r)).map(|r| r.unmet_beds.difference).sum();
    let england_unmet = Change::new(before.unmet.0, after.unmet.0);
    let journeys = before.travel.zip(after.travel);
    let travel = journeys.map(|(before, after)| Change::new(before.0, after.0));
    let per_bed = (new_beds.difference.abs() > NOTHING).then(|| Rates {
        england_loses: england_unmet.difference / new_beds.difference,
        region_gains: region_gains / new_beds.difference,
        others_lose: others_lose / new_beds.difference,
        journeys: travel.map(|travel| travel.difference / new_beds.difference),
    });
    let worst = before.worst_share.zip(after.worst_share);
    let mut found = Concession {
        region: system.regions.id(region).to_string(),
        name: place(system, region).to_owned(),
        new_beds,
        england_unmet,
        unit: england(system),
        worst_share: worst.map(|(before, after)| Change::new(before.0, after.0)),
        travel,
        free_minutes: system.policy.reach.free.0,
        per_bed,
        every_aim,
        regions,
        sites: sites(system, before, after),
        told: Vec::new(),
    };
    found.told = told(system, &found);
    found
}

/// Need of each region's people, all periods by their probability.
fn need(system: &CareSystem, region: RegionIx) -> OccupiedBeds {
    let areas = || system.areas.iter().filter(|(_, _, area)| area.region == region);
    let in_period = |period| {
        let of_area = |area| system.specialties.indices().map(move |s| system.need_in(area, s, period));
        areas().flat_map(|(area, _, _)| of_area(area)).sum::<OccupiedBeds>()
    };
    system.periods.iter().map(|(period, _, stretch)| in_period(period) * stretch.probability).sum()
}

pub(super) fn regions(system: &CareSystem, before: &Outcome, after: &Outcome) -> Vec<RegionChange> {
    let one = |region: RegionIx| {
        let beds = |outcome: &Outcome| outcome.region_beds.get(&region).copied().unwrap_or_default().0;
        let unmet = |outcome: &Outcome| outcome.region_unmet.get(&region).copied().unwrap_or_default();
        let need = need(system, region);
        let share = |outcome: &Outcome| if need.0 > 0.0 { (unmet(outcome) / need).0 } else { 0.0 };
        RegionChange {
            region: system.regions.id(region).to_string(),
            name: place(system, region).to_owned(),
            new_beds: Change::new(beds(before), beds(after)),
            unmet_beds: Change::new(unmet(before).0, unmet(after).0),
            unmet_share: Change::new(share(before), share(after)),
        }
    };
    system.regions.indices().map(one).collect()
}

/// The sites whose new beds change most, largest change first.
pub(super) fn sites(system: &CareSystem, before: &Outcome, after: &Outcome) -> Vec<SiteChange> {
    let (before, after) = (before.site_beds(), after.site_beds());
    let beds = |of: &BTreeMap<SiteIx, Beds>, site: SiteIx| of.get(&site).copied().unwrap_or_default();
    let mut changes: Vec<(SiteIx, Beds, Beds)> = system
        .sites
        .indices()
        .map(|site| (site, beds(&before, site), beds(&after, site)))
        .filter(|(_, before, after)| (*after - *before).0.abs() > NOTHING)
        .collect();
    // Of equal changes (to a millionth of a bed) the first in the register comes first.
    let size = |change: &(SiteIx, Beds, Beds)| ((change.2 - change.1).0.abs() * 1e6).round();
    changes.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.0.cmp(&b.0)));
    let told = changes.into_iter().take(MOST_SITES).map(|(site, before, after)| SiteChange {
        site: system.sites.id(site).to_string(),
        name: system.sites[site].name.clone(),
        region: system.regions.id(system.sites[site].region).to_string(),
        new_beds: Change::new(before.0, after.0),
    });
    told.collect()
}

fn told(system: &CareSystem, found: &Concession) -> Vec<String> {
    let change = found.new_beds.difference;
    let mut told = vec![format!(
        "{} gets {} new beds in place of {}: {}.",
        found.name,
        beds(found.new_beds.after),
        beds(found.new_beds.before),
        match change {
            c if c.abs() <= NOTHING => "no change".to_owned(),
            c if c > 0.0 => format!("{} more", beds(c)),
            c => format!("{} fewer", beds(-c)),
        }
    )];
    told.push(england_loses(found));
    if let Some(worst) = found.worst_share {
        let group = share_words(system);
        told.push(match worst.difference {
            d if d.abs() < LEAST_SHARE => {
                format!("The worst-off {group} has {} of its need unmet, as before.", percent(worst.after))
            }
            d => format!(
                "The worst-off {group} has {} of its need unmet, before {}: {} percentage points {}.",
                percent(worst.after),
                percent(worst.before),
                grouped(100.0 * d.abs(), 3),
                if d > 0.0 { "worse" } else { "better" }
            ),
        });
    }
    told.extend(found.travel.map(|travel| journeys(found, travel)));
    told.push(who(found, change));
    if let Some(rates) = found.per_bed {
        told.push(exchange(found, rates));
    }
    told.extend(found.every_aim.map(|every_aim| equally_good(found, every_aim)));
    told.extend(over_waves(system));
    told
}

fn england_loses(found: &Concession) -> String {
    let Change { before, after, difference } = found.england_unmet;
    let unit = found.unit;
    if difference.abs() <= NOTHING {
        return format!(
            "England as a whole loses no need met: {} {unit} stay unmet, as before.",
            grouped(after, 1)
        );
    }
    format!(
        "England {} {} {unit} of need: {} are unmet in place of {}.",
        if difference > 0.0 { "loses" } else { "gains" },
        grouped(difference.abs(), 1),
        grouped(after, 1),
        grouped(before, 1)
    )
}

/// What patients pay with their way.
fn journeys(found: &Concession, travel: Change) -> String {
    if travel.difference.abs() < LEAST_JOURNEY {
        return format!(
            "Journeys grow no longer: {} patient-bed minutes beyond the first {}, as before.",
            grouped(travel.after, 0),
            tidy(found.free_minutes)
        );
    }
    let rate = found.per_bed.and_then(|rates| rates.journeys).map_or(String::new(), |rate| {
        let gets = found.new_beds.difference > 0.0;
        let verb = if gets { "gets" } else { "gives up" };
        format!(", {} for each bed that {} {verb}", grouped(rate.abs(), 1), found.name)
    });
    format!(
        "Journeys beyond the first {} minutes grow {} by {} patient-bed minutes, from {} to {}{rate}.",
        tidy(found.free_minutes),
        if travel.difference > 0.0 { "longer" } else { "shorter" },
        grouped(travel.difference.abs(), 0),
        grouped(travel.before, 0),
        grouped(travel.after, 0)
    )
}

/// What the number is to plans that are equally good for every aim.
fn equally_good(found: &Concession, every_aim: EveryAim) -> String {
    let (least, most) = (every_aim.least_beds.0, every_aim.most_beds.0);
    let inside = (least - NOTHING..=most + NOTHING).contains(&found.new_beds.after);
    format!(
        "In plans equally good for every aim of the model {} gets from {} to {} new beds; this number {}.",
        found.name,
        beds(least),
        beds(most),
        if inside { "is one of them, so no aim pays for it" } else { "is not, so an aim pays for it" }
    )
}

/// Who gives the beds up, or takes them.
fn who(found: &Concession, change: f64) -> String {
    let mut others: Vec<&RegionChange> = found
        .regions
        .iter()
        .filter(|r| r.region != found.region && r.new_beds.difference.abs() > NOTHING)
        .collect();
    if others.is_empty() {
        return "No other region gives up or gets beds.".to_owned();
    }
    let size = |r: &RegionChange| (r.new_beds.difference.abs() * 1e6).round();
    others.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.region.cmp(&b.region)));
    let list = |gives: bool| {
        let wanted = others.iter().filter(|r| (r.new_beds.difference < 0.0) == gives);
        wanted
            .map(|r| format!("{} {}", r.name, beds(r.new_beds.difference.abs())))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (give, get) = (list(true), list(false));
    match (give.is_empty(), get.is_empty()) {
        (false, true) => format!("The beds come from {give}."),
        (true, false) => format!("The beds go to {get}."),
        _ if change >= 0.0 => format!("The beds come from {give}; others get more: {get}."),
        _ => format!("The beds go to {get}; others get fewer: {give}."),
    }
}

fn exchange(found: &Concession, rates: Rates) -> String {
    // Of a bed given up the signs turn round.
    let gets = found.new_beds.difference > 0.0;
    let turned = |value: f64| if gets { value } else { -value };
    let rate = |value: f64| grouped(value.abs(), 3);
    let (gains, loses) = (turned(rates.region_gains), turned(rates.others_lose));
    let region = match gains {
        r if r.abs() < LEAST_RATE => "no change in the need met of its own people".to_owned(),
        r if r > 0.0 => format!("{} occupied beds more of its own people's need met", rate(r)),
        r => format!("{} occupied beds less of its own people's need met", rate(r)),
    };
    let others = match loses {
        r if r.abs() < LEAST_RATE => "no change in that of other regions' people".to_owned(),
        r if r > 0.0 => format!("{} less of that of other regions' people", rate(r)),
        r => format!("{} more of that of other regions' people", rate(r)),
    };
    let england = match turned(rates.england_loses) {
        r if r.abs() < LEAST_RATE => "none lost or gained for England".to_owned(),
        r if r > 0.0 => format!("{} {} lost for England", rate(r), found.unit),
        r => format!("{} {} gained for England", rate(r), found.unit),
    };
    let verb = if gets { "gets" } else { "gives up" };
    format!("For each bed that {} {verb}: {region}, {others}; {england}.", found.name)
}
