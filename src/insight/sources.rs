//! Where the amounts stand that a place's share is worked out from.

use super::error::InsightError;
use super::figure::Source;
use super::files::{Rows, rows};
use super::ledger::Ledger;
use super::place::Place;
use crate::domain::policy::Scope;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::domain::{SiteIx, SpecialtyIx};
use std::collections::BTreeMap;

/// New beds this near a floor or a ceiling stand at it.
const AT_THE_LIMIT: Beds = Beds(1e-6);

/// Where the amounts of a place come from, by name.
pub type Sources = BTreeMap<&'static str, Source>;

/// Where need, people and beds of a place stand.
pub fn sources(ledger: &Ledger, place: Place, by_head: bool) -> Result<Sources, InsightError> {
    let mut found = bed_sources(ledger, place)?;
    for (amount, column) in [("need", "need_beds"), ("treated", "treated_beds"), ("unmet", "unmet_beds")] {
        found.insert(amount, outcome(ledger, place, column));
    }
    let expected = match ledger.expected {
        Some(_) => Source::Data { table: "need_expected", rows: place.rows(ledger.system) },
        None => found["need"].clone(),
    };
    let people = Source::Data { table: "population", rows: place.rows(ledger.system) };
    found.insert("people", if by_head { people } else { expected.clone() });
    found.insert("expected", expected);
    Ok(found)
}

/// Where what becomes of a place's need stands.
pub fn outcome(ledger: &Ledger, place: Place, column: &str) -> Source {
    let rows = place.rows(ledger.system);
    match place {
        Place::Region(_) => ledger.cell("regions.csv", rows, column),
        Place::Commissioner(_) => ledger.cell("commissioners.csv", rows, column),
        Place::Area(_) => ledger.cell("areas.csv", rows, column),
        Place::Specialty(_) => ledger.total("unmet.csv.gz", rows, column),
        Place::Nation | Place::Trust(_) | Place::Site(_) => ledger.total("regions.csv", rows, column),
    }
}

/// Where the beds of a place stand; of an area, which has none, its part in those that its people use today.
pub fn bed_sources(ledger: &Ledger, place: Place) -> Result<Sources, InsightError> {
    let rows = place.rows(ledger.system);
    let total = |column: &str, times: Option<&str>| {
        let (column, times) = (column.to_owned(), times.map(str::to_owned));
        if let Place::Area(_) = place {
            let (area, period) = (place.id(ledger.system).to_owned(), ledger.period_id().to_owned());
            return Source::BedsInUse { area, period, column, times };
        }
        let rows = ledger.in_period(rows.clone());
        Source::Total { file: "allocation.csv".to_owned(), rows, column, times }
    };
    Ok(BTreeMap::from([
        ("before", total("beds_before", None)),
        ("after", total("beds_after", None)),
        ("room", total("beds_after", Some("occupancy_cap"))),
        ("agreed", Source::Sum { of: agreed(ledger, place)? }),
    ]))
}

/// New beds of a place that pins fix, or that floors and ceilings decide because they stand at them.
fn agreed(ledger: &Ledger, place: Place) -> Result<Vec<Source>, InsightError> {
    let system = ledger.system;
    if system.policy.pins.is_empty() && system.policy.agreements.is_empty() {
        return Ok(Vec::new());
    }
    let at_limit: Vec<Scope> = system
        .policy
        .agreements
        .iter()
        .map(|rule| {
            let column = scope_rows(system, rule.scope);
            let new = Beds(
                ledger
                    .files
                    .table("allocation.csv")?
                    .matching(&column)?
                    .iter()
                    .map(|row| row.number("new"))
                    .sum::<Result<f64, _>>()?,
            );
            let at = |limit: Option<Beds>| limit.is_some_and(|limit| (limit - new).0.abs() <= AT_THE_LIMIT.0);
            Ok((at(rule.min) || at(rule.max)).then_some(rule.scope))
        })
        .collect::<Result<Vec<_>, InsightError>>()?
        .into_iter()
        .flatten()
        .collect();
    let decided = |site: SiteIx, specialty: SpecialtyIx| {
        let pinned = system
            .policy
            .pins
            .iter()
            .any(|pin| pin.site == site && pin.specialty.is_none_or(|pinned| pinned == specialty));
        pinned || at_limit.iter().any(|&scope| in_scope(system, scope, site))
    };
    let pools = system.beds.keys().filter(|&&(site, specialty)| {
        place.holds_beds(system, site, Some(specialty)) && decided(site, specialty)
    });
    let code = |&(site, specialty): &(SiteIx, SpecialtyIx)| {
        (system.sites.id(site).as_str(), system.specialties.id(specialty).as_str())
    };
    Ok(pools
        .map(|pool| {
            let (site, specialty) = code(pool);
            ledger.total("allocation.csv", rows([("site", site), ("specialty", specialty)]), "new")
        })
        .collect())
}

fn scope_rows(system: &CareSystem, scope: Scope) -> Rows {
    match scope {
        Scope::Region(x) => Place::Region(x).rows(system),
        Scope::Commissioner(x) => Place::Commissioner(x).rows(system),
        Scope::Trust(x) => Place::Trust(x).rows(system),
    }
}

fn in_scope(system: &CareSystem, scope: Scope, site: SiteIx) -> bool {
    match scope {
        Scope::Region(x) => system.sites[site].region == x,
        Scope::Commissioner(x) => system.sites[site].commissioner == x,
        Scope::Trust(x) => system.sites[site].trust == x,
    }
}
