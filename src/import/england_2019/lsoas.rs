//! The smallest areas, from which everything is built: people by age, deprivation, and belonging.

use super::raw::{RawFolder, known};
use crate::domain::ids::{AreaId, CommissionerId, CouncilId, RegionId};
use crate::domain::index::{AreaIx, Register};
use crate::domain::place::Place;
use crate::domain::units::Persons;
use crate::import::ImportError;
use crate::import::tables::{Column, RawRow, RawTable};
use std::collections::BTreeMap;

/// The age bands of the hospital statistics, as the tables write them.
pub const AGE_BANDS: [&str; 10] =
    ["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+"];

const BAND_COLUMNS: [&str; 10] = [
    "pop_0_9",
    "pop_10_19",
    "pop_20_29",
    "pop_30_39",
    "pop_40_49",
    "pop_50_59",
    "pop_60_69",
    "pop_70_79",
    "pop_80_89",
    "pop_90plus",
];

/// People by age band.
pub type PeopleByAge = [Persons; AGE_BANDS.len()];

/// The LSOAs of England.
pub type Lsoas = Register<AreaId, AreaIx, Lsoa>;

/// A lower-layer super output area of 2011.
#[derive(Debug, Clone, PartialEq)]
pub struct Lsoa {
    /// Its name.
    pub name: String,
    /// Population-weighted centre.
    pub place: Place,
    /// The MSOA it lies in.
    pub msoa: String,
    /// The lower-tier authority it lies in.
    pub district: String,
    /// That authority's name.
    pub district_name: String,
    /// The council with social-care responsibility.
    pub council: CouncilId,
    /// STP of 2017.
    pub commissioner: CommissionerId,
    /// ICB of 2022.
    pub icb: String,
    /// Statistical region.
    pub region: RegionId,
    /// Index of Multiple Deprivation 2019, tenth of LSOAs: 1 is the most deprived.
    pub deprivation_decile: u8,
    /// Mid-2019 population by age.
    pub people: PeopleByAge,
}

impl Lsoa {
    /// All its people.
    pub fn population(&self) -> Persons {
        self.people.iter().copied().sum()
    }
}

/// What is published of an MSOA.
#[derive(Debug, Clone, PartialEq)]
pub struct MsoaFacts {
    /// Its name.
    pub name: String,
    /// Index of Multiple Deprivation 2019: higher is more deprived.
    pub deprivation_score: f64,
    /// The score's tenth among MSOAs: 1 is the most deprived.
    pub deprivation_decile: u8,
}

/// Reads the LSOAs, with their people in ten-year bands.
pub fn read(raw: RawFolder<'_>) -> Result<Lsoas, ImportError> {
    let people = read_people(raw)?;
    let table = raw.table("demand/lsoa11_demand_2019.csv.gz")?;
    let code = table.column("lsoa11_code")?;
    let columns = LsoaColumns::find(&table)?;
    let mut lsoas = BTreeMap::new();
    for row in table.rows() {
        let bands = known(row, code, "LSOA in the table of people by age", |c| people.get(c).copied())?;
        let lsoa = columns.read(row, bands)?;
        if lsoas.insert(known(row, code, "area", AreaId::new)?, lsoa).is_some() {
            return Err(row.fault(code, "each LSOA stands once"));
        }
    }
    Ok(Register::new(lsoas))
}

fn read_people(raw: RawFolder<'_>) -> Result<BTreeMap<String, PeopleByAge>, ImportError> {
    let table = raw.table("demand/lsoa11_population_2019_ten_year_bands.csv.gz")?;
    let code = table.column("lsoa11_code")?;
    let bands = table.columns(BAND_COLUMNS)?;
    let mut people = BTreeMap::new();
    for row in table.rows() {
        let mut counts = [Persons::ZERO; AGE_BANDS.len()];
        for (count, band) in counts.iter_mut().zip(bands) {
            *count = Persons(row.amount(band)?);
        }
        people.insert(row.filled(code)?.to_owned(), counts);
    }
    Ok(people)
}

struct LsoaColumns([Column; 12]);

impl LsoaColumns {
    fn find(table: &RawTable) -> Result<Self, ImportError> {
        let names = [
            "lsoa11_name",
            "lon",
            "lat",
            "msoa11_code",
            "ltla21_code",
            "ltla21_name",
            "utla21_code",
            "stp17_code",
            "icb22_code",
            "region21_name",
            "imd2019_decile",
            "pop_total",
        ];
        table.columns(names).map(Self)
    }

    fn read(&self, row: RawRow<'_>, people: PeopleByAge) -> Result<Lsoa, ImportError> {
        let [name, lon, lat, msoa, district, district_name, council, stp, icb, region, decile, total] =
            self.0;
        let lsoa = Lsoa {
            name: row.filled(name)?.to_owned(),
            place: Place { longitude: row.number(lon)?, latitude: row.number(lat)? },
            msoa: row.filled(msoa)?.to_owned(),
            district: row.filled(district)?.to_owned(),
            district_name: row.filled(district_name)?.to_owned(),
            council: known(row, council, "council", CouncilId::new)?,
            commissioner: known(row, stp, "commissioner", CommissionerId::new)?,
            icb: row.filled(icb)?.to_owned(),
            region: known(row, region, "region", RegionId::new)?,
            deprivation_decile: read_decile(row, decile)?,
            people,
        };
        if (lsoa.population().0 - row.amount(total)?).abs() > 0.5 {
            let sum = lsoa.population().0;
            return Err(row.fault(total, format!("the people of the age bands sum to {sum}")));
        }
        Ok(lsoa)
    }
}

/// Reads the published facts of the MSOAs, by code.
pub fn read_msoas(raw: RawFolder<'_>) -> Result<BTreeMap<String, MsoaFacts>, ImportError> {
    let table = raw.table("demand/msoa11_demand_2019.csv")?;
    let [code, name, score, decile] =
        table.columns(["msoa11_code", "msoa11_name", "imd2019_score", "imd2019_decile"])?;
    let mut msoas = BTreeMap::new();
    for row in table.rows() {
        let facts = MsoaFacts {
            name: row.filled(name)?.to_owned(),
            deprivation_score: row.amount(score)?,
            deprivation_decile: read_decile(row, decile)?,
        };
        msoas.insert(row.filled(code)?.to_owned(), facts);
    }
    Ok(msoas)
}

fn read_decile(row: RawRow<'_>, column: Column) -> Result<u8, ImportError> {
    let decile = row.text(column).parse().ok().filter(|d| (1..=10).contains(d));
    decile.ok_or_else(|| row.fault(column, "a whole number from 1 to 10 is needed"))
}
