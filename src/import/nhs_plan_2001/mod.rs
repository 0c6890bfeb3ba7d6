//! The NHS Plan's beds of 2000: eight regional offices, compiled from the tables of England 2019.
//!
//! What history left is published and kept as published: beds by ward class, delays by regional office, what
//! councils spent. What it did not leave, need by place and beds by site, has the geography of 2019 scaled to
//! those totals. Every row says which it is, in its column `basis`.

pub mod beds;
pub mod care;
pub mod places;
pub mod published;
pub mod readme;

use super::ImportError;
use super::tables::{RawTable, TableWriter};
use crate::domain::units::{Beds, OccupiedBeds};
use places::Places;
use published::Published;
use std::fs;
use std::path::Path;

/// Occupied general and acute beds, as a share of those available: the National Beds Inquiry's 84%
/// (HL Deb 15 Mar 2000 c214WA).
pub const OCCUPANCY: f64 = 0.84;

/// People of England in 2000-01 (HC Deb 3 Dec 2001 cc129-30W).
pub const PEOPLE: f64 = 49_997_089.0;

/// Written in the column `basis` of what was published.
const PUBLISHED: &str = "published";
/// Written in the column `basis` of what was scaled from 2019.
const DERIVED: &str = "derived";
/// Written in the column `basis` of what was filled in.
const ESTIMATED: &str = "estimated";

/// What came out, for the README and for whoever ran the import.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// By regional office, in the order of their names.
    pub offices: Vec<OfficeSummary>,
    /// Councils whose spend of 2000-01 is not published by these borders.
    pub councils_estimated: usize,
}

/// One regional office.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficeSummary {
    /// Its name.
    pub name: String,
    /// General and acute beds of its sites.
    pub available: Beds,
    /// Need of its people, delayed stay included.
    pub need: OccupiedBeds,
    /// Beds held by patients fit to leave.
    pub delayed: OccupiedBeds,
}

/// Compiles the tables from the folder `from` (those of England 2019, by district) into the folder `out`.
///
/// # Errors
/// When a table of 2019 is missing or malformed, names something unknown, or a table cannot be written.
pub fn compile(from: &Path, out: &Path) -> Result<Summary, ImportError> {
    let published = Published::read()?;
    let places = Places::read(from, &published)?;
    places.write(&published, out)?;
    let factors = beds::write(from, &places, &published, out)?;
    let need = beds::write_need(from, &places, &published, &factors, out)?;
    let delayed = care::write_delays(&places, &published, &factors, &need, out)?;
    let councils_estimated = care::write_spend(&places, &published, out)?;
    write_specialties(&published, out)?;
    for file in ["commissioners.csv", "trusts.csv", "district/flows.csv.gz", "district/travel_times.csv.gz"] {
        copy(from, out, file)?;
    }
    let office = |name: &String| OfficeSummary {
        name: name.clone(),
        available: Beds(factors.available_in(name)),
        need: OccupiedBeds(need.in_office(&places, name)),
        delayed: OccupiedBeds(delayed[name]),
    };
    let summary = Summary { offices: published.delay_rates.keys().map(office).collect(), councils_estimated };
    readme::write(&summary, out)?;
    Ok(summary)
}

fn write_specialties(published: &Published, out: &Path) -> Result<(), ImportError> {
    let header = ["specialty", "name", "family", "emergency_share", "ward_class"];
    let mut table = TableWriter::new(out.join("specialties.csv"), &header);
    for (id, group) in &published.groups {
        table.row(&[id, &group.name, &group.family, &group.emergency_share, &group.ward_class]);
    }
    table.finish()
}

/// Copies a table; `trusts.csv` keeps its names alone and gains the trust of intermediate care.
fn copy(from: &Path, out: &Path, file: &str) -> Result<(), ImportError> {
    if file == "trusts.csv" {
        let trusts = RawTable::open(&from.join(file))?;
        let [trust, name] = trusts.columns(["trust", "name"])?;
        let mut table = TableWriter::new(out.join(file), &["trust", "name"]);
        table.row(&[care::TRUST, "Intermediate care"]);
        for row in trusts.rows() {
            table.row(&[row.filled(trust)?, row.filled(name)?]);
        }
        return table.finish();
    }
    let source = from.join(file);
    let bytes = fs::read(&source).map_err(ImportError::reading(&source))?;
    let target = out.join(file);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(ImportError::writing(folder))?;
    }
    fs::write(&target, bytes).map_err(ImportError::writing(&target))
}

/// A fault for an identifier that another table lacks.
fn absent(path: &Path, kind: &'static str, id: &str, needed_by: &str) -> ImportError {
    ImportError::Absent { path: path.to_owned(), kind, id: id.to_owned(), needed_by: needed_by.to_owned() }
}
