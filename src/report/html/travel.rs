//! Who travels where and how far: `flows.csv.gz`.

use super::read::{each_row, number, short};
use crate::domain::{AreaIx, CouncilIx, Ix, SiteIx};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use std::collections::BTreeMap;

/// Width of a bar, minutes.
const WIDTH: f64 = 5.0;
/// Bars; the last holds all longer journeys.
const BARS: usize = 19;
/// Sites told of an area, councils told of a site.
const MOST: usize = 4;
/// Less than this is not told, occupied beds.
const LEAST: f64 = 0.05;

/// Journeys of patients treated.
#[derive(Debug, Serialize)]
pub struct Travel {
    /// Width of a bar, minutes.
    width: f64,
    /// Occupied beds by region of the patient, in bars by minutes one way.
    bars: Vec<Vec<f64>>,
    /// Minutes that count as no travel.
    free: f64,
    /// Of each area the sites that treat most of it: site by identifier, occupied beds, minutes.
    #[serde(skip)]
    pub of_area: BTreeMap<AreaIx, Vec<(SiteIx, f64, f64)>>,
    /// Of each site the councils whose people it treats most: council, occupied beds.
    #[serde(skip)]
    pub of_site: BTreeMap<SiteIx, Vec<(CouncilIx, f64)>>,
}

/// Adds up the flows. O(flows).
pub fn travel(ledger: &Ledger) -> Result<Travel, InsightError> {
    let system = ledger.system;
    let mut bars = vec![vec![0.0; BARS]; system.regions.len()];
    let mut areas: BTreeMap<AreaIx, BTreeMap<SiteIx, (f64, f64)>> = BTreeMap::new();
    let mut sites: BTreeMap<SiteIx, BTreeMap<CouncilIx, f64>> = BTreeMap::new();
    each_row(ledger, "flows.csv.gz", ["area", "site", "occupied_beds", "minutes"], |row, at| {
        let (area, site) = (system.areas.find(row.at(at[0])), system.sites.find(row.at(at[1])));
        let Some((area, site)) = area.zip(site) else { return Ok(()) };
        let (beds, minutes) = (number(row, at[2]), number(row, at[3]));
        let item = &system.areas[area];
        let bar = (1..BARS).find(|bar| minutes < WIDTH * *bar as f64).map_or(BARS - 1, |bar| bar - 1);
        bars[item.region.get()][bar] += beds;
        let treated = areas.entry(area).or_default().entry(site).or_default();
        treated.0 += beds;
        treated.1 = minutes;
        *sites.entry(site).or_default().entry(item.council).or_default() += beds;
        Ok(())
    })?;
    for bar in bars.iter_mut().flatten() {
        *bar = short(*bar, 3);
    }
    let of_area = areas.into_iter().map(|(area, sites)| {
        let told = sites.into_iter().map(|(site, (beds, minutes))| (site, beds, minutes));
        (area, most(told.collect(), |told| told.1))
    });
    let of_site =
        sites.into_iter().map(|(site, councils)| (site, most(councils.into_iter().collect(), |c| c.1)));
    Ok(Travel {
        width: WIDTH,
        bars,
        free: system.policy.reach.free.0,
        of_area: of_area.collect(),
        of_site: of_site.collect(),
    })
}

fn most<T>(mut of: Vec<T>, beds: impl Fn(&T) -> f64) -> Vec<T> {
    of.retain(|told| beds(told) >= LEAST);
    // Stable, so that equals stay in the order of their codes.
    of.sort_by(|a, b| beds(b).total_cmp(&beds(a)));
    of.truncate(MOST);
    of
}
