//! Need and what is left of it, by region and specialty: `unmet.csv.gz`; if nothing were done: `specialties.csv`.

use super::read::{each_row, maybe, number, short};
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
    /// What would be if nothing were done; blank where the result does not tell it.
    before: Vec<Option<f64>>,
}

/// What becomes of a specialty's need in a region.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    need: f64,
    unmet: f64,
    before: Option<f64>,
}

/// Specialties in order of code. O(areas × specialties).
pub fn specialties(ledger: &Ledger) -> Result<Vec<Specialty>, InsightError> {
    let system = ledger.system;
    let nothing = vec![Sum::default(); system.regions.len()];
    let mut sums = vec![nothing; system.specialties.len()];
    each_row(ledger, "unmet.csv.gz", ["area", "specialty", "need_beds", "unmet_beds"], |row, at| {
        let (area, specialty) = (system.areas.find(row.at(at[0])), system.specialties.find(row.at(at[1])));
        let Some((area, specialty)) = area.zip(specialty) else { return Ok(()) };
        let sum = &mut sums[specialty.get()][system.areas[area].region.get()];
        sum.need += number(row, at[2]);
        sum.unmet += number(row, at[3]);
        Ok(())
    })?;
    each_row(ledger, "specialties.csv", ["region", "specialty", "unmet_beds_before"], |row, at| {
        let (region, specialty) =
            (system.regions.find(row.at(at[0])), system.specialties.find(row.at(at[1])));
        let Some((region, specialty)) = region.zip(specialty) else { return Ok(()) };
        sums[specialty.get()][region.get()].before = maybe(row, at[2]);
        Ok(())
    })?;
    let told = system.specialties.iter().map(|(specialty, id, item)| {
        let of = &sums[specialty.get()];
        let column = |value: fn(&Sum) -> f64| of.iter().map(|sum| short(value(sum), 3)).collect();
        let before = of.iter().map(|sum| sum.before.map(|beds| short(beds, 3)));
        let name = if item.name.is_empty() { id.as_str() } else { &item.name };
        Specialty {
            id: id.as_str().to_owned(),
            name: name.to_owned(),
            need: column(|sum| sum.need),
            unmet: column(|sum| sum.unmet),
            before: before.collect(),
        }
    });
    Ok(told.collect())
}
