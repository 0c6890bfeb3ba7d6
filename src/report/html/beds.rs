//! Beds by site and specialty: `allocation.csv`.

use super::map::on_grid;
use super::read::{each_row, number, short};
use crate::domain::system::CareSystem;
use crate::domain::{Ix, SiteIx};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use std::collections::BTreeMap;

/// Sites, a column each. Beds, occupied beds; places in hundreds of metres on the national grid.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sites {
    id: Vec<String>,
    name: Vec<String>,
    trust: Vec<usize>,
    commissioner: Vec<usize>,
    region: Vec<usize>,
    x: Vec<i64>,
    y: Vec<i64>,
    before: Vec<f64>,
    new: Vec<f64>,
    after: Vec<f64>,
    occupied: Vec<f64>,
    /// Occupied beds that the caps allow.
    room: Vec<f64>,
    /// Occupied beds today: from the input data, not the result.
    today: Vec<f64>,
}

/// Beds of a specialty at a site, a column each; sites and specialties by position.
#[derive(Debug, Default, Serialize)]
pub struct Pools {
    site: Vec<usize>,
    specialty: Vec<usize>,
    before: Vec<f64>,
    new: Vec<f64>,
    after: Vec<f64>,
    occupied: Vec<f64>,
    cap: Vec<f64>,
}

impl Sites {
    /// Where each site stands in the columns.
    pub fn positions(&self, system: &CareSystem) -> BTreeMap<SiteIx, usize> {
        let found = self.id.iter().enumerate();
        found.filter_map(|(position, id)| Some((system.sites.find(id.as_str())?, position))).collect()
    }
}

#[derive(Default, Clone, Copy)]
struct Sum {
    before: f64,
    new: f64,
    after: f64,
    occupied: f64,
    room: f64,
}

/// Sites with beds, and their beds by specialty.
pub fn beds(ledger: &Ledger) -> Result<(Sites, Pools), InsightError> {
    const COLUMNS: [&str; 7] =
        ["site", "specialty", "beds_before", "new", "beds_after", "occupied_beds", "occupancy_cap"];
    let system = ledger.system;
    let mut sums: BTreeMap<_, Sum> = BTreeMap::new();
    let mut found = Vec::new();
    each_row(ledger, "allocation.csv", COLUMNS, |row, at| {
        let (site, specialty) = (system.sites.find(row.at(at[0])), system.specialties.find(row.at(at[1])));
        let Some((site, specialty)) = site.zip(specialty) else { return Ok(()) };
        let [before, new, after, occupied, cap] =
            [2, 3, 4, 5, 6].map(|column: usize| number(row, at[column]));
        let sum = sums.entry(site).or_default();
        sum.before += before;
        sum.new += new;
        sum.after += after;
        sum.occupied += occupied;
        sum.room += after * cap;
        found.push((site, specialty, [before, new, after, occupied], cap));
        Ok(())
    })?;
    let mut sites = Sites::default();
    let mut position = BTreeMap::new();
    for (&site, sum) in &sums {
        let item = &system.sites[site];
        position.insert(site, sites.id.len());
        let (x, y) = on_grid(item.place);
        sites.id.push(system.sites.id(site).as_str().to_owned());
        sites.name.push(item.name.clone());
        sites.trust.push(item.trust.get());
        sites.commissioner.push(item.commissioner.get());
        sites.region.push(item.region.get());
        sites.x.push(x);
        sites.y.push(y);
        sites.before.push(short(sum.before, 3));
        sites.new.push(short(sum.new, 3));
        sites.after.push(short(sum.after, 3));
        sites.occupied.push(short(sum.occupied, 3));
        sites.room.push(short(sum.room, 3));
        let today: f64 = system.stocks_of(site).map(|(_, stock)| stock.occupied.0).sum();
        sites.today.push(short(today, 3));
    }
    let mut pools = Pools::default();
    for (site, specialty, [before, new, after, occupied], cap) in found {
        pools.site.push(position[&site]);
        pools.specialty.push(specialty.get());
        pools.before.push(short(before, 2));
        pools.new.push(short(new, 2));
        pools.after.push(short(after, 2));
        pools.occupied.push(short(occupied, 2));
        pools.cap.push(short(cap, 4));
    }
    Ok((sites, pools))
}
