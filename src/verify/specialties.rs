//! Whether `specialties.csv` agrees with the detail, and what it says of doing nothing with what the regions say.
//!
//! The plan of doing nothing is not in the files, so that it leaves as little unmet as can be is not checked here. What
//! is: its figures are no less than nothing and no more than the need, each region's add up to `regions.csv`, the
//! nation's to `summary.json`, and of no specialty is less left unmet than its need beyond every bed of today.

use super::VerifyError;
use super::files::{Results, position};
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use super::table::Table;
use crate::domain::Ix;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The file; results of before it was written have none.
const FILE: &str = "specialties.csv";

/// Period, specialty, region.
type Key = (usize, usize, usize);

/// Checks the table; nothing where the folder has none.
pub fn check(
    folder: &Path,
    p: &Parameters,
    results: &Results,
    sums: &PlanSums,
) -> Result<Vec<Check>, VerifyError> {
    if !folder.join(FILE).is_file() {
        return Ok(Vec::new());
    }
    let found = gather(p, results, sums);
    let table = Table::read(folder, FILE)?;
    let mut tally = Tally::new("specialties.csv adds up", "beds");
    let mut before: BTreeMap<Key, f64> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for row in table.rows() {
        let period = position(row, "period", &p.system.periods)?.get();
        let specialty = position(row, "specialty", &p.system.specialties)?.get();
        let region = position(row, "region", &p.system.regions)?.get();
        let key = (period, specialty, region);
        if !told.insert(key) {
            return Err(row.fault("this row is there twice".to_owned()));
        }
        let place = |name: &str| format!("{}, {name}{}", words(p, key), p.period_words(period));
        for (&name, &recomputed) in found.get(&key).into_iter().flatten() {
            if let Some(written) = row.optional(name)? {
                tally.same(written, recomputed, || place(name));
            }
        }
        if let Some(written) = row.optional("unmet_beds_before")? {
            let need = found.get(&key).and_then(|figures| figures.get("need_beds")).copied().unwrap_or(0.0);
            tally.see((-written).max(written - need), need, || place("unmet before, from 0 to the need"));
            before.insert(key, written);
        }
    }
    for (key, figures) in &found {
        if !told.contains(key) && figures.values().any(|value| *value != 0.0) {
            tally.fail(|| format!("{} has no row", words(p, *key)));
        }
    }
    let mut checks = vec![tally.done()];
    if !before.is_empty() {
        checks.push(unmet_before(folder, p, results, &before)?);
    }
    Ok(checks)
}

fn words(p: &Parameters, (_, specialty, region): Key) -> String {
    let specialty = &p.system.specialties[Ix::from_usize(specialty)].name;
    format!("{specialty} in {}", p.system.regions[Ix::from_usize(region)].name)
}

/// Adds the detail up.
fn gather(p: &Parameters, results: &Results, sums: &PlanSums) -> BTreeMap<Key, BTreeMap<&'static str, f64>> {
    let mut found: BTreeMap<Key, BTreeMap<&'static str, f64>> = BTreeMap::new();
    let mut add = |key: Key, name: &'static str, value: f64| {
        *found.entry(key).or_default().entry(name).or_insert(0.0) += value;
    };
    for (&(period, stock), row) in &results.allocation {
        let (site, specialty) = p.stocks[stock];
        let key = (period, specialty.get(), p.system.sites[site].region.get());
        add(key, "beds_before", row.before);
        add(key, "new", row.new);
        add(key, "beds_after", row.after);
        add(key, "occupied_beds", sums.occupied[period][stock]);
    }
    for period in 0..p.periods() {
        for (at, point) in p.points.iter().enumerate() {
            let key = (period, point.specialty.get(), p.system.areas[point.area].region.get());
            add(key, "need_beds", p.need(period, at));
            add(key, "treated_beds", sums.treated[period][at]);
            add(key, "released_beds", sums.released[period][at]);
            add(key, "prevented_beds", sums.prevented[period][at]);
            add(key, "unmet_beds", sums.unmet[period][at]);
            add(key, "induced_beds", sums.induced[period][at]);
        }
    }
    for figures in found.values_mut() {
        let figure = |name: &str| figures.get(name).copied().unwrap_or(0.0);
        let (unmet, need) = (figure("unmet_beds"), figure("need_beds"));
        if need > 0.0 {
            figures.insert("unmet_share", unmet / need);
        }
    }
    found
}

/// What is said of doing nothing, by region and in all, and against today's beds.
fn unmet_before(
    folder: &Path,
    p: &Parameters,
    results: &Results,
    before: &BTreeMap<Key, f64>,
) -> Result<Check, VerifyError> {
    let mut tally = Tally::new("unmet before, by specialty", "occupied beds");
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
    Ok(tally.done())
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
