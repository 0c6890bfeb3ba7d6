//! Rules on beds and sites.

use crate::domain::moves::Choice;
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::units::Beds;
use crate::input::codes;
use crate::input::location::Location;
use crate::input::read::Tables;
use crate::input::table::Reading;

/// All rules on beds and sites.
pub fn check(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    check_every_site_has_beds(system, tables, reading);
    check_site_limits(system, tables, reading);
    note_sites_over_the_cap(system, reading);
    note_missing_names(system, tables, reading);
}

fn check_every_site_has_beds(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    for (site, id, row) in tables.sites.register.iter() {
        let may_open = system.choice_on(site).is_some_and(|choice| choice.choice == Choice::MayOpen);
        if row.kind == SiteKind::Acute && system.site_beds(site).0 <= 0.0 && !may_open {
            let at = Location::line(&tables.sites.file, row.line);
            let cure = "add its rows to the table of beds, or leave the site out";
            reading.faults.add(codes::NO_BEDS, at, format!("site `{id}` has no beds"), cure);
        }
    }
}

fn check_site_limits(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    for (site, id, row) in tables.sites.register.iter().filter(|(_, _, row)| row.kind == SiteKind::Acute) {
        let today = system.site_beds(site);
        let most = row.largest_beds.unwrap_or(Beds(f64::INFINITY));
        let least = row.smallest_beds.unwrap_or(Beds::ZERO);
        let (cause, cure) = if least > most {
            (
                format!("site `{id}` has `smallest_beds` {} above `largest_beds` {}", least.0, most.0),
                "lower the first or raise the second",
            )
        } else if today.0 > most.0 + 1e-6 {
            (
                format!("site `{id}` has {} beds today, above its `largest_beds` {}", today.0, most.0),
                "raise `largest_beds`: it limits the beds that stand today too, whatever may move or close",
            )
        } else {
            continue;
        };
        reading.faults.add(codes::SITE_LIMITS, Location::line(&tables.sites.file, row.line), cause, cure);
    }
}

fn note_sites_over_the_cap(system: &CareSystem, reading: &mut Reading) {
    let over = |site| {
        let occupied: f64 = system.stocks_of(site).map(|(_, stock)| stock.occupied.0).sum();
        let held: f64 =
            system.stocks_of(site).map(|(s, b)| (b.available * system.policy.occupancy.cap_of(s)).0).sum();
        occupied > held + 1e-9
    };
    // Neither community sites nor those that do not stand yet have beds of any specialty.
    let with_beds = || system.sites.indices().filter(|site| system.stocks_of(*site).next().is_some());
    let count = with_beds().filter(|site| over(*site)).count();
    if count > 0 {
        let text = format!("{count} of {} sites are fuller today than the cap allows", with_beds().count());
        reading.note(codes::NOTE_OVER_CAP, text);
    }
}

fn note_missing_names(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    let unnamed = [
        (
            "trusts",
            system.trusts.ids().iter().filter(|id| !tables.trust_names.contains_key(id.as_str())).count(),
        ),
        (
            "commissioners",
            system
                .commissioners
                .ids()
                .iter()
                .filter(|id| !tables.commissioner_names.contains_key(id.as_str()))
                .count(),
        ),
    ];
    for (what, count) in unnamed {
        if count > 0 {
            let text = format!("{count} {what} have no name in `{what}.csv` and go by their identifiers");
            reading.note(codes::NOTE_NAMES, text);
        }
    }
}
