//! Need and what is left of it, by region and specialty: `unmet.csv.gz`.

use super::read::{each_row, number, short};
use crate::domain::Ix;
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;

/// A specialty.
#[derive(Debug, Serialize)]
pub struct Specialty {
    id: String,
    name: String,
    /// Need by region, occupied beds.
    need: Vec<f64>,
    /// What is left unmet by region, occupied beds.
    unmet: Vec<f64>,
}

/// Specialties in order of code. O(areas × specialties).
pub fn specialties(ledger: &Ledger) -> Result<Vec<Specialty>, InsightError> {
    let system = ledger.system;
    let nothing = vec![[0.0; 2]; system.regions.len()];
    let mut sums = vec![nothing; system.specialties.len()];
    each_row(ledger, "unmet.csv.gz", ["area", "specialty", "need_beds", "unmet_beds"], |row, at| {
        let (area, specialty) = (system.areas.find(row.at(at[0])), system.specialties.find(row.at(at[1])));
        let Some((area, specialty)) = area.zip(specialty) else { return Ok(()) };
        let sum = &mut sums[specialty.get()][system.areas[area].region.get()];
        sum[0] += number(row, at[2]);
        sum[1] += number(row, at[3]);
        Ok(())
    })?;
    let told = system.specialties.iter().map(|(specialty, id, item)| {
        let of = |which: usize| sums[specialty.get()].iter().map(|sum| short(sum[which], 3)).collect();
        let name = if item.name.is_empty() { id.as_str() } else { &item.name };
        Specialty { id: id.as_str().to_owned(), name: name.to_owned(), need: of(0), unmet: of(1) }
    });
    Ok(told.collect())
}
