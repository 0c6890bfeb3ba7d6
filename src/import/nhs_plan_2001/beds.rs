//! Beds by site and need by area: those of 2019, scaled to the beds of 1999-00 and to 84% of them in use.

use super::super::ImportError;
use super::super::tables::{RawTable, TableWriter, decimals};
use super::places::Places;
use super::published::{ACUTE, Published};
use super::{DERIVED, OCCUPANCY, absent};
use std::collections::BTreeMap;
use std::path::Path;

/// Available and occupied beds.
type Pair = (f64, f64);

/// How the beds of 2019 were scaled, and what came out by office and ward class.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Beds of 1999-00 for one of 2019, by office and ward class.
    of_cell: BTreeMap<(String, String), f64>,
    /// Beds of 1999-00 by office and ward class.
    available: BTreeMap<(String, String), f64>,
}

impl Factors {
    /// General and acute beds of an office's sites.
    pub fn available_in(&self, office: &str) -> f64 {
        self.available.iter().filter(|((place, _), _)| place == office).map(|(_, beds)| beds).sum()
    }

    /// Acute beds of an office's sites.
    pub fn acute_in(&self, office: &str) -> f64 {
        self.available.get(&(office.to_owned(), ACUTE.to_owned())).copied().unwrap_or(0.0)
    }
}

/// Need by area and group.
#[derive(Debug, Clone, PartialEq)]
pub struct Need(pub BTreeMap<(String, String), f64>);

impl Need {
    /// Need of the people of an office.
    pub fn in_office(&self, places: &Places, office: &str) -> f64 {
        self.0
            .iter()
            .filter(|((area, _), _)| places.office_of_area(area) == Some(office))
            .map(|(_, n)| n)
            .sum()
    }
}

/// Writes `beds.csv`.
pub fn write(
    from: &Path,
    places: &Places,
    published: &Published,
    out: &Path,
) -> Result<Factors, ImportError> {
    let today = read(from, places, published)?;
    let mut cells: BTreeMap<(bool, &str), f64> = BTreeMap::new();
    let class = |group: &str| published.groups[group].ward_class.as_str();
    let office = |site: &str| places.sites[site].office.as_str();
    let known = |office: &str| office == super::published::NORTH_WEST;
    for ((site, group), (available, _)) in &today {
        *cells.entry((known(office(site)), class(group))).or_default() += available;
    }
    let factor =
        |office: &str, class: &str| published.cell_beds(office, class) / cells[&(known(office), class)];
    let mut factors = Factors { of_cell: BTreeMap::new(), available: BTreeMap::new() };
    let mut used = 0.0;
    for ((site, group), (available, occupied)) in &today {
        let key = (office(site).to_owned(), class(group).to_owned());
        let scale = factor(&key.0, &key.1);
        *factors.available.entry(key.clone()).or_default() += available * scale;
        used += occupied * scale;
        factors.of_cell.insert(key, scale);
    }
    let calmer = OCCUPANCY * published.all_beds() / used;
    let header = ["site", "specialty", "available_beds", "occupied_beds", "basis"];
    let mut table = TableWriter::new(out.join("beds.csv"), &header);
    for ((site, group), (available, occupied)) in &today {
        let scale = factor(office(site), class(group));
        let (beds, filled) = (decimals(available * scale, 6), decimals(occupied * scale * calmer, 6));
        table.row(&[site.as_str(), group, &beds, &filled, DERIVED]);
    }
    table.finish()?;
    Ok(factors)
}

/// Beds of 2019 by site and group.
fn read(
    from: &Path,
    places: &Places,
    published: &Published,
) -> Result<BTreeMap<(String, String), Pair>, ImportError> {
    let table = RawTable::open(&from.join("beds.csv"))?;
    let [site, specialty, available, occupied] =
        table.columns(["site", "specialty", "available_beds", "occupied_beds"])?;
    let mut beds: BTreeMap<(String, String), Pair> = BTreeMap::new();
    for row in table.rows() {
        let id = row.filled(site)?;
        if !places.sites.contains_key(id) {
            return Err(row.fault(site, "a site of `sites.csv` is needed"));
        }
        let group = published.group_of.get(row.filled(specialty)?);
        let group = group.ok_or_else(|| row.fault(specialty, "a specialty of a group is needed"))?;
        let sum = beds.entry((id.to_owned(), group.clone())).or_default();
        sum.0 += row.amount(available)?;
        sum.1 += row.amount(occupied)?;
    }
    Ok(beds)
}

/// Writes `need_revealed.csv`: need of 2019 times the factor of the area's office and of the ward class, all
/// of it made to sum to the occupied beds.
pub fn write_need(
    from: &Path,
    places: &Places,
    published: &Published,
    factors: &Factors,
    out: &Path,
) -> Result<Need, ImportError> {
    let table = RawTable::open(&from.join("district/need_revealed.csv.gz"))?;
    let [area, specialty, occupied] = table.columns(["area", "specialty", "occupied_beds"])?;
    let mut need: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in table.rows() {
        let id = row.filled(area)?;
        let group = published.group_of.get(row.filled(specialty)?);
        let group = group.ok_or_else(|| row.fault(specialty, "a specialty of a group is needed"))?;
        let office =
            places.office_of_area(id).ok_or_else(|| absent(table.path(), "office", id, "its need"))?;
        let cell = (office.to_owned(), published.groups[group].ward_class.clone());
        let factor = factors.of_cell.get(&cell).copied().unwrap_or(0.0);
        *need.entry((id.to_owned(), group.clone())).or_default() += row.amount(occupied)? * factor;
    }
    let calmer = OCCUPANCY * published.all_beds() / need.values().sum::<f64>();
    let header = ["area", "specialty", "occupied_beds", "basis"];
    let mut table = TableWriter::new(out.join("district/need_revealed.csv.gz"), &header);
    for ((area, group), beds) in &mut need {
        *beds *= calmer;
        table.row(&[area.as_str(), group, &decimals(*beds, 6), DERIVED]);
    }
    table.finish()?;
    Ok(Need(need))
}
