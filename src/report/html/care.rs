//! Councils' money: `social_care.csv`.

use super::read::{each_row, maybe, number, short};
use crate::domain::Ix;
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use std::collections::BTreeMap;

/// Social care by council.
#[derive(Debug, Serialize)]
pub struct Care {
    /// Names of the services.
    services: Vec<String>,
    /// Councils with rows in the table.
    councils: Vec<CouncilCare>,
}

/// One council's money, £ a year.
#[derive(Debug, Serialize)]
struct CouncilCare {
    /// Position of the council.
    council: usize,
    /// By service: before, floor, after. Floors are blank where there is none.
    spend: Vec<Option<(f64, Option<f64>, f64)>>,
    /// From the pooled fund.
    received: f64,
    /// Occupied beds released.
    released: f64,
}

/// Reads the table; `None` where it has no rows.
pub fn care(ledger: &Ledger) -> Result<Option<Care>, InsightError> {
    const COLUMNS: [&str; 7] = [
        "council",
        "service",
        "spend_before_gbp",
        "floor_gbp",
        "spend_after_gbp",
        "released_beds",
        "received_by_council_gbp",
    ];
    let system = ledger.system;
    let mut found: BTreeMap<usize, CouncilCare> = BTreeMap::new();
    each_row(ledger, "social_care.csv", COLUMNS, |row, at| {
        let (council, service) = (system.councils.find(row.at(at[0])), system.services.find(row.at(at[1])));
        let Some((council, service)) = council.zip(service) else { return Ok(()) };
        let told = found.entry(council.get()).or_insert_with(|| CouncilCare {
            council: council.get(),
            spend: vec![None; system.services.len()],
            received: 0.0,
            released: 0.0,
        });
        let pounds = |column: usize| short(number(row, at[column]), 0);
        told.spend[service.get()] =
            Some((pounds(2), maybe(row, at[3]).map(|floor| short(floor, 0)), pounds(4)));
        // Told in each row of a council, and counted once.
        told.received = pounds(6);
        told.released = short(told.released + number(row, at[5]), 3);
        Ok(())
    })?;
    if found.is_empty() {
        return Ok(None);
    }
    let services = system.services.iter().map(|(_, id, item)| {
        let name = if item.name.is_empty() { id.as_str() } else { &item.name };
        name.replace('_', " ")
    });
    Ok(Some(Care { services: services.collect(), councils: found.into_values().collect() }))
}
