//! Specialties: the KH03 codes, grouped by a table that is itself data.

use super::raw::{RawFolder, known};
use super::trusts::Trusts;
use crate::domain::ids::{FamilyId, SpecialtyId};
use crate::domain::index::{Grid, Register, SpecialtyIx, TrustIx};
use crate::domain::units::{OccupiedBeds, Proportion};
use crate::import::ImportError;
use crate::import::tables::{RawTable, TableWriter, decimals};
use std::collections::BTreeMap;
use std::path::Path;

const DEFINITIONS: &str = include_str!("reference/specialties.csv");
const GROUPS: &str = include_str!("reference/specialty_groups.csv");
const BEDS_FILE: &str = "national-2019/trust_ga_occupied_by_specialty.csv";

/// How the use of a specialty's beds differs by age from that of all beds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeProfile {
    /// As all general and acute beds.
    AllAges,
    /// As all beds from 18 years on, a little below.
    Adults,
    /// Under 18.
    Children,
    /// From 65 on, and mostly from 75.
    OlderPeople,
    /// Adult women, mostly before 60.
    Women,
}

/// A specialty as the model uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct Specialty {
    /// Its name.
    pub name: String,
    /// Specialties of one family may take over each other's beds.
    pub family: FamilyId,
    /// Share of its bed use that comes as an emergency (a judgement, see the folder's README).
    pub emergency_share: Proportion,
    /// How its use varies with age.
    pub age_profile: AgeProfile,
    /// Whether delayed discharges are counted in its beds.
    pub carries_delay: bool,
}

/// The specialties, and the code that each KH03 code goes to (`None`: not general and acute).
#[derive(Debug, Clone)]
pub struct Specialties {
    /// The specialties in use.
    pub register: Register<SpecialtyId, SpecialtyIx, Specialty>,
    groups: BTreeMap<String, Option<SpecialtyIx>>,
}

impl Specialties {
    /// Reads the two reference tables that ship with the program.
    pub fn read() -> Result<Self, ImportError> {
        let register = read_definitions()?;
        let table = RawTable::read(Path::new("reference/specialty_groups.csv"), GROUPS.as_bytes())?;
        let [code, specialty] = table.columns(["code", "specialty"])?;
        let mut groups = BTreeMap::new();
        for row in table.rows() {
            let target = if row.text(specialty).is_empty() {
                None
            } else {
                Some(known(row, specialty, "specialty", |id| register.find(id))?)
            };
            groups.insert(row.filled(code)?.to_owned(), target);
        }
        Ok(Self { register, groups })
    }

    /// Occupied beds of each trust by specialty, scaled so that they sum to the trust's KH03 total.
    pub fn read_beds(
        &self,
        raw: RawFolder<'_>,
        trusts: &Trusts,
    ) -> Result<Grid<TrustIx, SpecialtyIx, OccupiedBeds>, ImportError> {
        let table = raw.table(BEDS_FILE)?;
        let [trust, code, beds] = table.columns(["trust_code", "specialty_code", "occupied_beds"])?;
        let mut grid = Grid::filled(trusts.len(), self.register.len(), OccupiedBeds::ZERO);
        for row in table.rows() {
            let t = known(row, trust, "trust in the trust table", |id| trusts.find(id))?;
            let group = known(row, code, "code in the table of specialty groups", |c| self.groups.get(c))?;
            if let Some(s) = *group {
                grid[(t, s)] += OccupiedBeds(row.amount(beds)?);
            }
        }
        for (t, id, record) in trusts.iter() {
            let total: OccupiedBeds = grid.row(t).iter().copied().sum();
            if total.0 <= 0.0 {
                return Err(ImportError::Absent {
                    path: raw.path(BEDS_FILE),
                    kind: "row with beds of trust",
                    id: id.to_string(),
                    needed_by: "the split of its beds".to_owned(),
                });
            }
            let scale = record.occupied / total;
            for s in self.register.indices() {
                grid[(t, s)] = grid[(t, s)] * scale;
            }
        }
        Ok(grid)
    }

    /// Writes `specialties.csv` and `specialty_groups.csv`.
    pub fn write(&self, out: &Path) -> Result<(), ImportError> {
        let header = ["specialty", "name", "family", "emergency_share", "carries_delay"];
        let mut table = TableWriter::new(out.join("specialties.csv"), &header);
        for (_, id, s) in self.register.iter() {
            let delay = if s.carries_delay { "yes" } else { "no" };
            let share = decimals(s.emergency_share.0, 2);
            table.row(&[id.as_str(), &s.name, s.family.as_str(), &share, delay]);
        }
        table.finish()?;
        crate::import::tables::write_bytes(&out.join("specialty_groups.csv"), GROUPS.as_bytes())
    }
}

fn read_definitions() -> Result<Register<SpecialtyId, SpecialtyIx, Specialty>, ImportError> {
    let table = RawTable::read(Path::new("reference/specialties.csv"), DEFINITIONS.as_bytes())?;
    let [id, name, family, emergency, profile, delay] =
        table.columns(["specialty", "name", "family", "emergency_share", "age_profile", "carries_delay"])?;
    let mut entries = Vec::new();
    for row in table.rows() {
        let specialty = Specialty {
            name: row.filled(name)?.to_owned(),
            family: known(row, family, "family", FamilyId::new)?,
            emergency_share: Proportion(row.amount(emergency)?),
            age_profile: known(row, profile, "age profile", age_profile)?,
            carries_delay: row.text(delay) == "yes",
        };
        entries.push((known(row, id, "specialty", SpecialtyId::new)?, specialty));
    }
    Ok(Register::new(entries))
}

fn age_profile(name: &str) -> Option<AgeProfile> {
    match name {
        "all_ages" => Some(AgeProfile::AllAges),
        "adults" => Some(AgeProfile::Adults),
        "children" => Some(AgeProfile::Children),
        "older_people" => Some(AgeProfile::OlderPeople),
        "women" => Some(AgeProfile::Women),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kept_code_stands_for_itself_and_maternity_is_left_out() {
        let specialties = Specialties::read().expect("the tables that ship are sound");
        for id in specialties.register.ids().iter().filter(|id| id.as_str().len() == 3) {
            let target = specialties.groups[id.as_str()].expect("a kept code has a specialty");
            assert_eq!(specialties.register.id(target), id);
        }
        assert_eq!(specialties.groups["501"], None);
        assert_eq!(specialties.register.len(), 19);
    }
}
