//! MSOAs and LSOAs as the travel step needs them: a place, and the LSOAs with their people.

use crate::domain::ids::AreaId;
use crate::domain::place::Place;
use crate::domain::units::Persons;
use crate::import::ImportError;
use crate::import::england_2019::AreaPlace;
use crate::import::england_2019::raw::RawFolder;
use std::collections::BTreeMap;

const LSOAS: &str = "demand/lsoa11_demand_2019.csv.gz";
const MSOAS: &str = "demand/msoa11_demand_2019.csv";

/// Reads the MSOAs, in order of code.
pub fn read(folder: RawFolder<'_>) -> Result<Vec<AreaPlace>, ImportError> {
    let lsoas = folder.table(LSOAS)?;
    let [code, msoa, people] = lsoas.columns(["lsoa11_code", "msoa11_code", "pop_total"])?;
    let mut members: BTreeMap<&str, Vec<(String, Persons)>> = BTreeMap::new();
    for row in lsoas.rows() {
        let member = (row.filled(code)?.to_owned(), Persons(row.amount(people)?));
        members.entry(row.filled(msoa)?).or_default().push(member);
    }
    let mut areas = places(folder, MSOAS, "msoa11_code")?;
    for area in &mut areas {
        area.members = members.remove(area.code.as_str()).unwrap_or_default();
        area.members.sort_by(|a, b| a.0.cmp(&b.0));
    }
    Ok(areas)
}

/// Reads the LSOAs, in order of code, each its own only member.
pub fn read_lsoas(folder: RawFolder<'_>) -> Result<Vec<AreaPlace>, ImportError> {
    let mut areas = places(folder, LSOAS, "lsoa11_code")?;
    for area in &mut areas {
        area.members = vec![(area.code.as_str().to_owned(), Persons(1.0))];
    }
    Ok(areas)
}

/// Places by code, without members yet.
fn places(folder: RawFolder<'_>, file: &str, code: &str) -> Result<Vec<AreaPlace>, ImportError> {
    let table = folder.table(file)?;
    let [code, latitude, longitude] = table.columns([code, "lat", "lon"])?;
    let mut areas = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let place = Place { longitude: row.number(longitude)?, latitude: row.number(latitude)? };
        let id = AreaId::new(row.filled(code)?).ok_or_else(|| row.fault(code, "a code is needed"))?;
        areas.push(AreaPlace { code: id, place, members: Vec::new() });
    }
    areas.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(areas)
}
