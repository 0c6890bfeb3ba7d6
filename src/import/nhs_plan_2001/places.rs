//! Areas, councils and sites of 2019 under the regional offices of 1999 to 2002.

use super::super::ImportError;
use super::super::tables::{AREA_COLUMNS, RawTable, TableWriter, decimals};
use super::published::Published;
use super::{DERIVED, PEOPLE, absent, care};
use std::collections::BTreeMap;
use std::path::Path;

/// An area: a district.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    name: String,
    longitude: f64,
    latitude: f64,
    people: f64,
    /// The council responsible for social care.
    pub council: String,
    commissioner: String,
    decile: String,
}

/// A council.
#[derive(Debug, Clone, PartialEq)]
pub struct Council {
    /// Its name.
    pub name: String,
    /// The regional office it lay in.
    pub office: String,
    /// Its people in 2000-01: those of 2019, scaled.
    pub people: f64,
}

/// An acute site.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    cells: [String; 5],
    /// The regional office it lay in: that of the nearest area.
    pub office: String,
}

/// All places, by their codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// The areas.
    pub areas: BTreeMap<String, Area>,
    /// The councils.
    pub councils: BTreeMap<String, Council>,
    /// The sites.
    pub sites: BTreeMap<String, Site>,
}

impl Places {
    /// Reads the places of 2019 and finds the office of each.
    pub fn read(from: &Path, published: &Published) -> Result<Self, ImportError> {
        let mut areas = read_areas(from)?;
        let people: f64 = areas.values().map(|area| area.people).sum();
        for area in areas.values_mut() {
            area.people *= PEOPLE / people;
        }
        let councils = read_councils(from, published, &areas)?;
        let mut places = Self { areas, councils, sites: BTreeMap::new() };
        places.sites = places.read_sites(from)?;
        Ok(places)
    }

    /// The regional office of an area.
    pub fn office_of_area(&self, area: &str) -> Option<&str> {
        let council = &self.areas.get(area)?.council;
        Some(&self.councils.get(council)?.office)
    }

    fn read_sites(&self, from: &Path) -> Result<BTreeMap<String, Site>, ImportError> {
        let table = RawTable::open(&from.join("sites.csv"))?;
        let [id, name, trust, commissioner, longitude, latitude] =
            table.columns(["site", "name", "trust", "commissioner", "longitude", "latitude"])?;
        let mut sites = BTreeMap::new();
        for row in table.rows() {
            let (east, north) = (row.number(longitude)?, row.number(latitude)?);
            let nearest = self.areas.values().min_by(|a, b| {
                apart(a, east, north).total_cmp(&apart(b, east, north)).then_with(|| a.name.cmp(&b.name))
            });
            let nearest =
                nearest.ok_or_else(|| absent(table.path(), "area", "any", "the office of a site"))?;
            let text = |column| row.filled(column).map(str::to_owned);
            let cells = [text(name)?, text(trust)?, text(commissioner)?, text(longitude)?, text(latitude)?];
            let office = self.councils[&nearest.council].office.clone();
            sites.insert(row.filled(id)?.to_owned(), Site { cells, office });
        }
        Ok(sites)
    }

    /// Writes `areas.csv`, `sites.csv` (acute sites, and one of intermediate care for each council) and `regions.csv`.
    pub fn write(&self, published: &Published, out: &Path) -> Result<(), ImportError> {
        let header = [&AREA_COLUMNS[..], &["basis"]].concat();
        let mut table = TableWriter::new(out.join("district/areas.csv.gz"), &header);
        for (id, area) in &self.areas {
            table.row(&[
                id.as_str(),
                &area.name,
                &decimals(area.longitude, 6),
                &decimals(area.latitude, 6),
                &decimals(area.people, 0),
                &area.council,
                &area.commissioner,
                &self.councils[&area.council].office,
                &area.decile,
                DERIVED,
            ]);
        }
        table.finish()?;
        self.write_sites(out)?;
        let mut regions = TableWriter::new(out.join("regions.csv"), &["region", "name"]);
        for office in published.delay_rates.keys() {
            regions.row(&[office.as_str(), office]);
        }
        regions.finish()
    }

    fn write_sites(&self, out: &Path) -> Result<(), ImportError> {
        let header =
            ["site", "name", "trust", "commissioner", "region", "kind", "longitude", "latitude", "basis"];
        let mut table = TableWriter::new(out.join("sites.csv"), &header);
        for (id, council) in &self.councils {
            let homes: Vec<&Area> = self.areas.values().filter(|area| area.council == *id).collect();
            let Some(largest) = homes.iter().max_by(|a, b| a.people.total_cmp(&b.people)) else { continue };
            let mean = |of: fn(&Area) -> f64| {
                homes.iter().map(|area| of(area) * area.people).sum::<f64>() / council.people
            };
            table.row(&[
                format!("{}{id}", care::TRUST).as_str(),
                &format!("Intermediate care, {}", council.name),
                care::TRUST,
                &largest.commissioner,
                &council.office,
                "community",
                &decimals(mean(|area| area.longitude), 6),
                &decimals(mean(|area| area.latitude), 6),
                "assumed",
            ]);
        }
        for (id, site) in &self.sites {
            let [name, trust, commissioner, longitude, latitude] = &site.cells;
            let row = [id, name, trust, commissioner, &site.office, "acute", longitude, latitude, DERIVED]
                .map(AsRef::as_ref);
            table.row::<&str>(&row);
        }
        table.finish()
    }
}

/// Distance in degrees of latitude, squared: enough to tell which of two areas is nearer.
fn apart(area: &Area, longitude: f64, latitude: f64) -> f64 {
    let east = (area.longitude - longitude) * latitude.to_radians().cos();
    east.powi(2) + (area.latitude - latitude).powi(2)
}

fn read_areas(from: &Path) -> Result<BTreeMap<String, Area>, ImportError> {
    let table = RawTable::open(&from.join("district/areas.csv.gz"))?;
    let [id, name, longitude, latitude, people, council, commissioner, _region, decile] =
        table.columns(AREA_COLUMNS)?;
    let mut areas = BTreeMap::new();
    for row in table.rows() {
        let area = Area {
            name: row.filled(name)?.to_owned(),
            longitude: row.number(longitude)?,
            latitude: row.number(latitude)?,
            people: row.amount(people)?,
            council: row.filled(council)?.to_owned(),
            commissioner: row.filled(commissioner)?.to_owned(),
            decile: row.text(decile).to_owned(),
        };
        areas.insert(row.filled(id)?.to_owned(), area);
    }
    Ok(areas)
}

fn read_councils(
    from: &Path,
    published: &Published,
    areas: &BTreeMap<String, Area>,
) -> Result<BTreeMap<String, Council>, ImportError> {
    let table = RawTable::open(&from.join("councils.csv"))?;
    let [id, name, region] = table.columns(["council", "name", "region"])?;
    let mut councils = BTreeMap::new();
    for row in table.rows() {
        let code = row.filled(id)?;
        let office = published
            .office(code, row.filled(region)?)
            .ok_or_else(|| row.fault(region, "a region with a regional office is needed"))?
            .to_owned();
        let people = areas.values().filter(|area| area.council == code).map(|area| area.people).sum();
        councils.insert(code.to_owned(), Council { name: row.filled(name)?.to_owned(), office, people });
    }
    for area in areas.values() {
        if !councils.contains_key(&area.council) {
            return Err(absent(table.path(), "council", &area.council, &area.name));
        }
    }
    Ok(councils)
}
