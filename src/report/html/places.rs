//! Places where people live: areas, and the councils, commissioners and regions that they make up.

use super::map::on_grid;
use super::read::{each_row, maybe, number, short};
use super::travel::Travel;
use crate::domain::{AreaIx, Ix, SiteIx};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use std::collections::BTreeMap;

/// Areas, a column each: occupied beds, minutes of those treated (blank where nobody is), places in hundreds of metres.
#[derive(Debug, Default, Serialize)]
pub struct Areas {
    id: Vec<String>,
    name: Vec<String>,
    x: Vec<i64>,
    y: Vec<i64>,
    council: Vec<usize>,
    commissioner: Vec<usize>,
    region: Vec<usize>,
    decile: Vec<Option<u8>>,
    people: Vec<f64>,
    need: Vec<f64>,
    unmet: Vec<f64>,
    released: Vec<f64>,
    minutes: Vec<Option<f64>>,
    /// Who treats it: position of the site, occupied beds, minutes.
    treated: Vec<Vec<(usize, f64, f64)>>,
}

/// A council, commissioner or region with what becomes of its people's need, occupied beds.
#[derive(Debug, Serialize)]
pub struct Group {
    id: String,
    name: String,
    people: f64,
    need: f64,
    unmet: f64,
    released: f64,
    treated: f64,
    minutes: Option<f64>,
}

/// Areas, and what they add up to.
#[derive(Debug)]
pub struct Places {
    /// Areas.
    pub areas: Areas,
    /// Councils, in order of code.
    pub councils: Vec<Group>,
    /// Commissioners, in order of code.
    pub commissioners: Vec<Group>,
    /// Regions, in order of code.
    pub regions: Vec<Group>,
}

#[derive(Default, Clone, Copy)]
struct Sum {
    people: f64,
    need: f64,
    unmet: f64,
    released: f64,
    treated: f64,
    journeys: f64,
}

/// Reads `areas.csv`. `sites` are the positions of the sites on the page. O(areas).
pub fn places(
    ledger: &Ledger,
    travel: &Travel,
    sites: &BTreeMap<SiteIx, usize>,
) -> Result<Places, InsightError> {
    const COLUMNS: [&str; 6] =
        ["area", "need_beds", "treated_beds", "released_beds", "unmet_beds", "mean_minutes"];
    let system = ledger.system;
    let mut areas = Areas::default();
    let mut councils = vec![Sum::default(); system.councils.len()];
    let mut commissioners = vec![Sum::default(); system.commissioners.len()];
    let mut regions = vec![Sum::default(); system.regions.len()];
    each_row(ledger, "areas.csv", COLUMNS, |row, at| {
        let Some(area) = system.areas.find(row.at(at[0])) else { return Ok(()) };
        let item = &system.areas[area];
        let [need, treated, released, unmet] = [1, 2, 3, 4].map(|column: usize| number(row, at[column]));
        let minutes = maybe(row, at[5]);
        let people = item.population.0;
        for sum in [
            &mut councils[item.council.get()],
            &mut commissioners[item.commissioner.get()],
            &mut regions[item.region.get()],
        ] {
            sum.people += people;
            sum.need += need;
            sum.unmet += unmet;
            sum.released += released;
            sum.treated += treated;
            sum.journeys += treated * minutes.unwrap_or(0.0);
        }
        areas.add(ledger, area, travel, sites);
        areas.need.push(short(need, 2));
        areas.unmet.push(short(unmet, 2));
        areas.released.push(short(released, 2));
        areas.minutes.push(minutes.map(|minutes| short(minutes, 1)));
        Ok(())
    })?;
    let group = |id: &str, name: &str, sum: Sum| Group {
        id: id.to_owned(),
        name: if name.is_empty() { id } else { name }.to_owned(),
        people: sum.people,
        need: short(sum.need, 3),
        unmet: short(sum.unmet, 3),
        released: short(sum.released, 3),
        treated: short(sum.treated, 3),
        minutes: (sum.treated > 0.0).then(|| short(sum.journeys / sum.treated, 2)),
    };
    Ok(Places {
        areas,
        councils: system
            .councils
            .iter()
            .map(|(x, id, c)| group(id.as_str(), &c.name, councils[x.get()]))
            .collect(),
        commissioners: system
            .commissioners
            .iter()
            .map(|(x, id, c)| group(id.as_str(), &c.name, commissioners[x.get()]))
            .collect(),
        regions: system
            .regions
            .iter()
            .map(|(x, id, r)| group(id.as_str(), &r.name, regions[x.get()]))
            .collect(),
    })
}

impl Areas {
    fn add(&mut self, ledger: &Ledger, area: AreaIx, travel: &Travel, sites: &BTreeMap<SiteIx, usize>) {
        let item = &ledger.system.areas[area];
        let id = ledger.system.areas.id(area).as_str();
        let (x, y) = on_grid(item.place);
        self.id.push(id.to_owned());
        self.name.push(if item.name.is_empty() { id } else { &item.name }.to_owned());
        self.x.push(x);
        self.y.push(y);
        self.council.push(item.council.get());
        self.commissioner.push(item.commissioner.get());
        self.region.push(item.region.get());
        self.decile.push(item.deprivation_decile);
        self.people.push(item.population.0.round());
        let told = travel.of_area.get(&area).map_or(&[][..], Vec::as_slice);
        let told = told.iter().filter_map(|&(site, beds, minutes)| {
            Some((*sites.get(&site)?, short(beds, 2), short(minutes, 1)))
        });
        self.treated.push(told.collect());
    }
}
