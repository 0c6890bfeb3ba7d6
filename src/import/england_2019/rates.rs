//! Occupied beds per 1,000 people by specialty and age, fitted to two published margins.

use super::lsoas::{AGE_BANDS, Lsoas, PeopleByAge};
use super::raw::{RawFolder, known};
use super::specialties::{AgeProfile, Specialties};
use crate::domain::index::{Ix, SpecialtyIx};
use crate::domain::units::{OccupiedBeds, Persons, Proportion};
use crate::import::ImportError;
use crate::import::tables::{TableWriter, decimals};
use std::path::Path;

const BANDS: usize = AGE_BANDS.len();
const ROUNDS: usize = 400;

/// Occupied beds for each person and year of life band, by specialty.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates(Vec<[f64; BANDS]>);

impl Rates {
    /// Beds that these people would use of a specialty.
    pub fn expected(&self, specialty: SpecialtyIx, people: &PeopleByAge) -> OccupiedBeds {
        let rates = &self.0[specialty.get()];
        OccupiedBeds(rates.iter().zip(people).map(|(rate, persons)| rate * persons.0).sum())
    }

    /// The same rates with those of one specialty multiplied.
    pub fn scale(&mut self, specialty: SpecialtyIx, factor: Proportion) {
        for rate in &mut self.0[specialty.get()] {
            *rate *= factor.0;
        }
    }

    /// Writes `rates.csv`: per 1,000 people of the least deprived tenth.
    pub fn write(&self, specialties: &Specialties, out: &Path) -> Result<(), ImportError> {
        let header = ["specialty", "age_band", "occupied_beds_per_1000"];
        let mut table = TableWriter::new(out.join("rates.csv"), &header);
        for (s, id, _) in specialties.register.iter() {
            for (band, rate) in AGE_BANDS.iter().zip(self.0[s.get()]) {
                table.row(&[id.as_str(), band, &decimals(rate * 1000.0, 7)]);
            }
        }
        table.finish()
    }
}

/// Fits the rates: each specialty to its national beds, each age band to its share of all beds.
///
/// The start is the specialty's age profile; iterative proportional fitting does the rest. The last
/// round ends with the specialties, so their totals are exact.
pub fn fit(
    raw: RawFolder<'_>,
    specialties: &Specialties,
    beds: &[OccupiedBeds],
    lsoas: &Lsoas,
) -> Result<Rates, ImportError> {
    let people = national_people(lsoas);
    let total: OccupiedBeds = beds.iter().copied().sum();
    let by_age = read_age_beds(raw, total)?;
    let mut cells: Vec<[f64; BANDS]> = specialties
        .register
        .iter()
        .map(|(_, _, s)| std::array::from_fn(|b| weights(s.age_profile)[b] * by_age[b].0))
        .collect();
    for _ in 0..ROUNDS {
        fit_columns(&mut cells, &by_age);
        fit_rows(&mut cells, beds);
    }
    for row in &mut cells {
        for (cell, persons) in row.iter_mut().zip(people) {
            *cell = if persons.0 > 0.0 { *cell / persons.0 } else { 0.0 };
        }
    }
    Ok(Rates(cells))
}

fn fit_columns(cells: &mut [[f64; BANDS]], by_age: &[OccupiedBeds; BANDS]) {
    for (b, target) in by_age.iter().enumerate() {
        let sum: f64 = cells.iter().map(|row| row[b]).sum();
        if sum > 0.0 {
            cells.iter_mut().for_each(|row| row[b] *= target.0 / sum);
        }
    }
}

fn fit_rows(cells: &mut [[f64; BANDS]], beds: &[OccupiedBeds]) {
    for (row, target) in cells.iter_mut().zip(beds) {
        let sum: f64 = row.iter().sum();
        if sum > 0.0 {
            row.iter_mut().for_each(|cell| *cell *= target.0 / sum);
        }
    }
}

fn national_people(lsoas: &Lsoas) -> PeopleByAge {
    let mut people = [Persons::ZERO; BANDS];
    for (_, _, lsoa) in lsoas.iter() {
        for (sum, persons) in people.iter_mut().zip(lsoa.people) {
            *sum += persons;
        }
    }
    people
}

/// Occupied beds by age band, scaled to the total of the instance.
fn read_age_beds(raw: RawFolder<'_>, total: OccupiedBeds) -> Result<[OccupiedBeds; BANDS], ImportError> {
    let table = raw.table("hes/england_acute_age_band_rates_derived.csv")?;
    let [band, beds] = table.columns(["age_band", "ga_occupied_beds_scaled"])?;
    let mut by_age = [OccupiedBeds::ZERO; BANDS];
    for row in table.rows() {
        let b = known(row, band, "age band", |name| AGE_BANDS.iter().position(|b| *b == name))?;
        by_age[b] = OccupiedBeds(row.amount(beds)?);
    }
    let sum: OccupiedBeds = by_age.iter().copied().sum();
    if sum.0 <= 0.0 {
        return Err(ImportError::Total {
            what: "beds by age band".to_owned(),
            expected: "more than zero".to_owned(),
            found: "0".to_owned(),
        });
    }
    Ok(by_age.map(|beds| beds * (total / sum)))
}

/// How a specialty's use departs from the use of all beds, by age band, before fitting.
///
/// Judgement, except the ages at which children's and older people's wards take patients: eight of
/// the ten years from 10 to 19 are under 18, half of those from 60 to 69 are 65 or more.
fn weights(profile: AgeProfile) -> [f64; BANDS] {
    match profile {
        AgeProfile::AllAges => [1.0; BANDS],
        AgeProfile::Adults => [0.0, 0.4, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        AgeProfile::Children => [1.0, 0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        AgeProfile::OlderPeople => [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.6, 1.0, 1.0],
        AgeProfile::Women => [0.0, 1.0, 2.0, 2.0, 2.0, 1.5, 0.8, 0.3, 0.1, 0.05],
    }
}
