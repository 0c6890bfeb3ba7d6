//! Whether what `specialties.csv` says of doing nothing agrees with what the regions say.
//!
//! The plan of doing nothing is not in the files, so that it leaves as little unmet as can be is not checked here. What
//! is: its figures are no less than nothing and no more than the need, each region's add up to `regions.csv`, the
//! nation's to `summary.json`, and of no specialty is less left unmet than its need beyond every bed of today.

use super::VerifyError;
use super::files::{Results, position};
use super::parameters::Parameters;
use super::report::{Check, Tally};
use super::table::Table;
use crate::domain::Ix;
use std::collections::BTreeMap;
use std::path::Path;

/// The file; results of before it was written have none.
pub const FILE: &str = "specialties.csv";

/// Period, specialty, region.
type Key = (usize, usize, usize);

/// Whether the folder has the table.
pub fn is_there(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// Checks what the table says of doing nothing; nothing where it does not.
pub fn check(folder: &Path, p: &Parameters, results: &Results) -> Result<Option<Check>, VerifyError> {
    if !is_there(folder) {
        return Ok(None);
    }
    let table = Table::read(folder, FILE)?;
    let mut before: BTreeMap<Key, f64> = BTreeMap::new();
    let mut tally = Tally::new("unmet before, by specialty", "occupied beds");
    for row in table.rows() {
        let period = position(row, "period", &p.system.periods)?.get();
        let specialty = position(row, "specialty", &p.system.specialties)?;
        let region = position(row, "region", &p.system.regions)?;
        if let Some(written) = row.optional("unmet_beds_before")? {
            let need = row.number("need_beds")?;
            tally.see((-written).max(written - need), need, || {
                let [of, at] = [&p.system.specialties[specialty].name, &p.system.regions[region].name];
                format!("{of} in {at}{}: from 0 to the need", p.period_words(period))
            });
            before.insert((period, specialty.get(), region.get()), written);
        }
    }
    if before.is_empty() {
        return Ok(None);
    }
    unmet_before(folder, p, results, &before, &mut tally)?;
    Ok(Some(tally.done()))
}

/// What is said of doing nothing, by region and in all, and against today's beds.
fn unmet_before(
    folder: &Path,
    p: &Parameters,
    results: &Results,
    before: &BTreeMap<Key, f64>,
    tally: &mut Tally,
) -> Result<(), VerifyError> {
    let mut regions: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut specialties: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (&(period, specialty, region), beds) in before {
        *regions.entry((period, region)).or_default() += beds;
        *specialties.entry((period, specialty)).or_default() += beds;
    }
    for row in Table::read(folder, "regions.csv")?.rows() {
        let period = position(row, "period", &p.system.periods)?.get();
        let region = position(row, "region", &p.system.regions)?;
        if let Some(written) = row.optional("unmet_beds_before")? {
            let summed = regions.get(&(period, region.get())).copied().unwrap_or(0.0);
            tally.same(written, summed, || p.system.regions[region].name.clone());
        }
    }
    if let Some(&written) = results.summary.figures.get("unmet_beds_before") {
        let all = before.iter().map(|((period, ..), beds)| beds * p.likely(*period)).sum();
        tally.same(written, all, || "summary.json, unmet_beds_before".to_owned());
    }
    // Where community beds meet need too, or caps were tightened for the plan, today's beds at its caps are no bound.
    let policy = &p.system.policy;
    if policy.step_down.is_none() && !policy.occupancy.refusals.is_on() {
        for ((period, specialty), shortfall) in shortfalls(p) {
            let told = specialties.get(&(period, specialty)).copied().unwrap_or(0.0);
            tally.see(shortfall - told, shortfall, || {
                let name = &p.system.specialties[Ix::from_usize(specialty)].name;
                format!("{name}{}: need beyond every bed of today", p.period_words(period))
            });
        }
    }
    Ok(())
}

/// Need beyond what today's beds can hold at their caps, by period and specialty.
fn shortfalls(p: &Parameters) -> BTreeMap<(usize, usize), f64> {
    let mut short: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for period in 0..p.periods() {
        for (at, point) in p.points.iter().enumerate() {
            *short.entry((period, point.specialty.get())).or_default() += p.need(period, at);
        }
        for (stock, &(site, specialty)) in p.stocks.iter().enumerate() {
            let beds = p.system.beds.get(&(site, specialty)).map_or(0.0, |stock| stock.available.0);
            *short.entry((period, specialty.get())).or_default() -= beds * p.caps[stock];
        }
    }
    short.retain(|_, beds| *beds > 0.0);
    short
}
