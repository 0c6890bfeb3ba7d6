//! The map of a comparison: beds of each site and unmet need of each place, result by result.

use super::map::{Layer, layers, on_grid};
use super::read::{each_row, number, short};
use crate::domain::outline::OutlineLayer;
use crate::domain::system::CareSystem;
use crate::insight::error::InsightError;
use crate::insight::files::Files;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What the map shows. Every list of a place or site is in the order of the results; blank where one has it not.
#[derive(Debug, Serialize)]
pub struct ComparedMap {
    /// Outlines, those of the first result's data.
    layers: Vec<Layer>,
    /// Sites in order of code.
    sites: Vec<Site>,
    /// Regions, commissioners and councils in order of code, by the name of their layer; small areas where the results
    /// have any in common.
    places: BTreeMap<&'static str, Vec<Place>>,
}

/// A site on the national grid, hundreds of metres.
#[derive(Debug, Serialize)]
struct Site {
    name: String,
    region: String,
    x: i64,
    y: i64,
    /// Beds before the first plan.
    before: Option<f64>,
    /// Beds after each plan.
    after: Vec<Option<f64>>,
}

/// A place with its need and what is left of it, occupied beds.
#[derive(Debug, Serialize)]
struct Place {
    id: String,
    name: String,
    /// Where it is, for small areas, which are dots.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<(i64, i64)>,
    need: Vec<Option<f64>>,
    unmet: Vec<Option<f64>>,
}

/// Reads what the results say of sites and areas, each with the care system it was made from.
///
/// # Errors
/// When a file of a result is missing or malformed.
pub fn compared_map(
    results: &[(&Path, &CareSystem)],
    outlines: &[OutlineLayer],
) -> Result<ComparedMap, InsightError> {
    let mut sites: BTreeMap<String, Site> = BTreeMap::new();
    let mut places = Gathered::default();
    for (at, (folder, system)) in results.iter().enumerate() {
        let ledger = crate::insight::ledger(Files::new(folder), system, None);
        read_sites(&ledger, (at, results.len()), &mut sites)?;
        read_areas(&ledger, (at, results.len()), &mut places)?;
    }
    for (kind, found) in &mut places.0 {
        for place in found.values_mut() {
            place.need.iter_mut().chain(&mut place.unmet).flatten().for_each(|beds| *beds = short(*beds, 3));
        }
        // Dots that only one result has say nothing: areas of another size, say.
        if *kind == "areas" {
            found.retain(|_, place| place.need.iter().all(Option::is_some));
        }
    }
    for site in sites.values_mut() {
        site.after.iter_mut().chain([&mut site.before]).flatten().for_each(|beds| *beds = short(*beds, 3));
    }
    let of_kind = places.0.into_iter().map(|(kind, found)| (kind, found.into_values().collect()));
    Ok(ComparedMap {
        layers: layers(outlines),
        sites: sites.into_values().collect(),
        places: of_kind.collect(),
    })
}

/// Places by layer and code.
#[derive(Debug, Default)]
struct Gathered(BTreeMap<&'static str, BTreeMap<String, Place>>);

impl Gathered {
    /// Adds need and unmet need to a place of a result.
    fn add(
        &mut self,
        kind: &'static str,
        (id, name): (&str, &str),
        (at, of): (usize, usize),
        beds: [f64; 2],
    ) -> &mut Place {
        let found = self.0.entry(kind).or_default();
        let place = found.entry(id.to_owned()).or_insert_with(|| Place {
            id: id.to_owned(),
            name: if name.is_empty() { id } else { name }.to_owned(),
            at: None,
            need: vec![None; of],
            unmet: vec![None; of],
        });
        for (column, beds) in [&mut place.need, &mut place.unmet].into_iter().zip(beds) {
            *column[at].get_or_insert(0.0) += beds;
        }
        place
    }
}

fn read_sites(
    ledger: &Ledger,
    (at, of): (usize, usize),
    sites: &mut BTreeMap<String, Site>,
) -> Result<(), InsightError> {
    let system = ledger.system;
    each_row(ledger, "allocation.csv", ["site", "beds_before", "beds_after"], |row, columns| {
        let Some(site) = system.sites.find(row.at(columns[0])) else { return Ok(()) };
        let item = &system.sites[site];
        let id = system.sites.id(site).as_str();
        let told = sites.entry(id.to_owned()).or_insert_with(|| {
            let (x, y) = on_grid(item.place);
            let name = if item.name.is_empty() { id } else { &item.name }.to_owned();
            let region = system.regions[item.region].name.clone();
            Site { name, region, x, y, before: None, after: vec![None; of] }
        });
        *told.after[at].get_or_insert(0.0) += number(row, columns[2]);
        if at == 0 {
            *told.before.get_or_insert(0.0) += number(row, columns[1]);
        }
        Ok(())
    })
}

fn read_areas(ledger: &Ledger, at: (usize, usize), places: &mut Gathered) -> Result<(), InsightError> {
    let system = ledger.system;
    each_row(ledger, "areas.csv", ["area", "need_beds", "unmet_beds"], |row, columns| {
        let Some(area) = system.areas.find(row.at(columns[0])) else { return Ok(()) };
        let item = &system.areas[area];
        let beds = [number(row, columns[1]), number(row, columns[2])];
        let (region, commissioner, council) = (item.region, item.commissioner, item.council);
        let named = (system.regions.id(region).as_str(), system.regions[region].name.as_str());
        places.add("regions", named, at, beds);
        let named = (
            system.commissioners.id(commissioner).as_str(),
            system.commissioners[commissioner].name.as_str(),
        );
        places.add("commissioners", named, at, beds);
        let named = (system.councils.id(council).as_str(), system.councils[council].name.as_str());
        places.add("councils", named, at, beds);
        let named = (system.areas.id(area).as_str(), item.name.as_str());
        places.add("areas", named, at, beds).at = Some(on_grid(item.place));
        Ok(())
    })
}
