//! The published travel-time matrix: minutes from every LSOA to the hospitals of 2022.

use crate::domain::place::Place;
use crate::domain::units::{Minutes, Persons, Quantity};
use crate::import::ImportError;
use crate::import::england_2019::raw::RawFolder;
use crate::import::tables::RawTable;
use std::collections::BTreeMap;

const MATRIX: &str = "travel-times/lsoa11_to_125_hospitals_minutes.csv.gz";
const HOSPITALS: &str = "travel-times/hospital_key_stroke_units_2022.csv";

/// One-way car minutes from LSOAs to hospitals.
#[derive(Debug, Clone)]
pub struct Matrix {
    postcodes: Vec<String>,
    hospitals: Vec<Place>,
    rows: BTreeMap<String, usize>,
    minutes: Vec<Minutes>,
}

impl Matrix {
    /// Reads the matrix and where its hospitals stand.
    pub fn read(folder: RawFolder<'_>) -> Result<Self, ImportError> {
        let table = folder.table(MATRIX)?;
        let code = table.column("lsoa11_code")?;
        let postcodes: Vec<String> = table.header().iter().filter(|c| *c != "lsoa11_code").cloned().collect();
        let columns = postcodes.iter().map(|p| table.column(p)).collect::<Result<Vec<_>, _>>()?;
        let mut rows = BTreeMap::new();
        let mut minutes = Vec::with_capacity(table.rows().len() * columns.len());
        for row in table.rows() {
            if rows.insert(row.filled(code)?.to_owned(), rows.len()).is_some() {
                return Err(row.fault(code, "an LSOA stands once in the matrix"));
            }
            for &column in &columns {
                minutes.push(Minutes(row.amount(column)?));
            }
        }
        let hospitals = hospital_places(folder, &postcodes)?;
        Ok(Self { postcodes, hospitals, rows, minutes })
    }

    /// Where the hospitals stand, in the order of the columns.
    pub fn hospitals(&self) -> &[Place] {
        &self.hospitals
    }

    /// The position of a hospital's column.
    pub fn hospital(&self, postcode: &str) -> Option<usize> {
        self.postcodes.iter().position(|p| p == postcode)
    }

    /// Mean minutes to each hospital, weighted by people; `None` when some member has no row, or
    /// nobody lives there.
    pub fn mean(&self, members: &[(String, Persons)]) -> Option<Vec<Minutes>> {
        let people: f64 = members.iter().map(|(_, persons)| persons.value()).sum();
        let mut means = vec![Minutes::ZERO; self.hospitals.len()];
        for (lsoa, persons) in members {
            let row = &self.minutes[self.rows.get(lsoa)? * self.hospitals.len()..];
            for (mean, &minutes) in means.iter_mut().zip(row) {
                *mean += minutes * (persons.value() / people);
            }
        }
        (people > 0.0).then_some(means)
    }
}

fn hospital_places(folder: RawFolder<'_>, postcodes: &[String]) -> Result<Vec<Place>, ImportError> {
    let table: RawTable = folder.table(HOSPITALS)?;
    let [postcode, latitude, longitude] = table.columns(["postcode", "lat", "lon"])?;
    let mut places = BTreeMap::new();
    for row in table.rows() {
        let place = Place { longitude: row.number(longitude)?, latitude: row.number(latitude)? };
        places.insert(row.filled(postcode)?.replace(' ', ""), place);
    }
    let place = |postcode: &String| {
        places.get(postcode).copied().ok_or_else(|| ImportError::Absent {
            path: table.path().to_owned(),
            kind: "hospital",
            id: postcode.clone(),
            needed_by: "a column of the travel matrix".to_owned(),
        })
    };
    postcodes.iter().map(place).collect()
}
