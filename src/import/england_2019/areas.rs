//! Areas at one resolution, each a set of LSOAs.

use super::lsoas::{AGE_BANDS, Lsoa, Lsoas, MsoaFacts, PeopleByAge};
use super::{AreaPlace, Resolution};
use crate::domain::ids::{AreaId, CommissionerId, CouncilId, RegionId};
use crate::domain::index::{AreaIx, Grid, Ix, Register};
use crate::domain::place::Place;
use crate::domain::units::{Persons, Quantity};
use crate::import::ImportError;
use crate::import::tables::{AREA_COLUMNS, TableWriter, decimals};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The areas of one resolution, and the area of each LSOA.
#[derive(Debug)]
pub struct Areas {
    /// How finely the country is cut.
    pub resolution: Resolution,
    /// The areas.
    pub register: Register<AreaId, AreaIx, Area>,
    /// The area of each LSOA, in the order of the LSOAs.
    pub of_lsoa: Vec<AreaIx>,
}

/// An area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    name: String,
    place: Place,
    people: PeopleByAge,
    council: CouncilId,
    commissioner: CommissionerId,
    icb: String,
    region: RegionId,
    deprivation_decile: u8,
    members: Vec<AreaIx>,
}

impl Areas {
    /// Puts the LSOAs together.
    pub fn build(
        resolution: Resolution,
        lsoas: &Lsoas,
        msoas: &BTreeMap<String, MsoaFacts>,
        msoa_path: &Path,
    ) -> Result<Self, ImportError> {
        let mut members: BTreeMap<AreaId, Vec<AreaIx>> = BTreeMap::new();
        for (l, id, lsoa) in lsoas.iter() {
            facts(msoas, &lsoa.msoa, id, msoa_path)?;
            let code = match resolution {
                Resolution::District => AreaId::new(&lsoa.district),
                Resolution::Msoa => AreaId::new(&lsoa.msoa),
                Resolution::Lsoa => Some(id.clone()),
            };
            members.entry(code.unwrap_or_else(|| id.clone())).or_default().push(l);
        }
        let deciles = deprivation_deciles(resolution, lsoas, msoas, &members);
        let entries = members.into_iter().map(|(code, members)| {
            let area = merge(resolution, lsoas, msoas, deciles[&code], members);
            (code, area)
        });
        let register: Register<AreaId, AreaIx, Area> = Register::new(entries);
        let mut of_lsoa = vec![AreaIx::from_usize(0); lsoas.len()];
        for (a, _, area) in register.iter() {
            for l in &area.members {
                of_lsoa[l.get()] = a;
            }
        }
        Ok(Self { resolution, register, of_lsoa })
    }

    /// Adds up a table kept by LSOA.
    pub fn add_up<C: Ix, Q: Quantity + std::ops::AddAssign>(
        &self,
        by_lsoa: &Grid<AreaIx, C, Q>,
        columns: usize,
    ) -> Grid<AreaIx, C, Q> {
        let mut sums = Grid::filled(self.register.len(), columns, Q::from_value(0.0));
        for (l, &a) in self.of_lsoa.iter().enumerate() {
            for (c, &value) in by_lsoa.row(AreaIx::from_usize(l)).iter().enumerate() {
                sums[(a, C::from_usize(c))] += value;
            }
        }
        sums
    }

    /// The folder of this resolution's tables.
    pub fn folder(&self, out: &Path) -> PathBuf {
        out.join(self.resolution.folder())
    }

    /// What the travel step needs to know.
    pub fn places(&self, lsoas: &Lsoas) -> Vec<AreaPlace> {
        let member = |&l: &AreaIx| (lsoas.id(l).to_string(), lsoas[l].population());
        let place = |(_, code, area): (AreaIx, &AreaId, &Area)| AreaPlace {
            code: code.clone(),
            place: area.place,
            members: area.members.iter().map(member).collect(),
        };
        self.register.iter().map(place).collect()
    }

    /// Writes `areas.csv.gz` and `population.csv.gz`.
    pub fn write(&self, out: &Path) -> Result<(), ImportError> {
        let folder = self.folder(out);
        let header = [&AREA_COLUMNS[..], &["icb"]].concat();
        let mut table = TableWriter::new(folder.join("areas.csv.gz"), &header);
        let mut population =
            TableWriter::new(folder.join("population.csv.gz"), &["area", "age_band", "persons"]);
        for (_, id, a) in self.register.iter() {
            let total: Persons = a.people.iter().copied().sum();
            table.row(&[
                id.as_str(),
                &a.name,
                &decimals(a.place.longitude, 6),
                &decimals(a.place.latitude, 6),
                &decimals(total.0, 0),
                a.council.as_str(),
                a.commissioner.as_str(),
                a.region.as_str(),
                &a.deprivation_decile.to_string(),
                &a.icb,
            ]);
            for (band, persons) in AGE_BANDS.iter().zip(a.people) {
                population.row(&[id.as_str(), band, &decimals(persons.0, 0)]);
            }
        }
        table.finish()?;
        population.finish()
    }
}

fn facts<'a>(
    msoas: &'a BTreeMap<String, MsoaFacts>,
    msoa: &str,
    lsoa: &AreaId,
    path: &Path,
) -> Result<&'a MsoaFacts, ImportError> {
    msoas.get(msoa).ok_or_else(|| ImportError::Absent {
        path: path.to_owned(),
        kind: "MSOA",
        id: msoa.to_owned(),
        needed_by: format!("LSOA {lsoa}"),
    })
}

fn merge(
    resolution: Resolution,
    lsoas: &Lsoas,
    msoas: &BTreeMap<String, MsoaFacts>,
    deprivation_decile: u8,
    members: Vec<AreaIx>,
) -> Area {
    let first = &lsoas[members[0]];
    let name = match resolution {
        Resolution::District => first.district_name.clone(),
        Resolution::Msoa => msoas[&first.msoa].name.clone(),
        Resolution::Lsoa => first.name.clone(),
    };
    let mut people = [Persons::ZERO; AGE_BANDS.len()];
    for &l in &members {
        for (sum, persons) in people.iter_mut().zip(lsoas[l].people) {
            *sum += persons;
        }
    }
    Area {
        name,
        place: centre(lsoas, &members),
        people,
        council: majority(lsoas, &members, |l| &l.council),
        commissioner: majority(lsoas, &members, |l| &l.commissioner),
        icb: majority(lsoas, &members, |l| &l.icb),
        region: majority(lsoas, &members, |l| &l.region),
        deprivation_decile,
        members,
    }
}

/// Where its people live, on average.
fn centre(lsoas: &Lsoas, members: &[AreaIx]) -> Place {
    if let [only] = members {
        return lsoas[*only].place;
    }
    let (mut weight, mut longitude, mut latitude) = (0.0, 0.0, 0.0);
    for lsoa in members.iter().map(|&l| &lsoas[l]) {
        // One person more than live there: an area without people still has a centre.
        let w = lsoa.population().0 + 1.0;
        weight += w;
        longitude += w * lsoa.place.longitude;
        latitude += w * lsoa.place.latitude;
    }
    Place { longitude: longitude / weight, latitude: latitude / weight }
}

/// What most of its people belong to; the first in order when two are level.
fn majority<K: Clone + Ord>(lsoas: &Lsoas, members: &[AreaIx], of: impl Fn(&Lsoa) -> &K) -> K {
    let mut people: BTreeMap<&K, f64> = BTreeMap::new();
    for lsoa in members.iter().map(|&l| &lsoas[l]) {
        *people.entry(of(lsoa)).or_default() += lsoa.population().0;
    }
    let first = of(&lsoas[members[0]]);
    let best = people.iter().fold((first, -1.0), |best, (&k, &n)| if n > best.1 { (k, n) } else { best });
    best.0.clone()
}

/// The published tenths for LSOAs and MSOAs; for districts the tenths of the mean MSOA score.
fn deprivation_deciles(
    resolution: Resolution,
    lsoas: &Lsoas,
    msoas: &BTreeMap<String, MsoaFacts>,
    members: &BTreeMap<AreaId, Vec<AreaIx>>,
) -> BTreeMap<AreaId, u8> {
    if resolution != Resolution::District {
        let published = |first: &Lsoa| match resolution {
            Resolution::Lsoa => first.deprivation_decile,
            _ => msoas[&first.msoa].deprivation_decile,
        };
        return members.iter().map(|(id, m)| (id.clone(), published(&lsoas[m[0]]))).collect();
    }
    let score = |m: &[AreaIx]| {
        let people: f64 = m.iter().map(|&l| lsoas[l].population().0).sum();
        let of = |&l: &AreaIx| lsoas[l].population().0 * msoas[&lsoas[l].msoa].deprivation_score;
        m.iter().map(of).sum::<f64>() / people.max(1.0)
    };
    let mut ranked: Vec<(f64, &AreaId)> = members.iter().map(|(id, m)| (score(m), id)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let count = ranked.len();
    let tenth = |rank: usize| u8::try_from(rank * 10 / count + 1).unwrap_or(10);
    ranked.into_iter().enumerate().map(|(rank, (_, id))| (id.clone(), tenth(rank))).collect()
}
