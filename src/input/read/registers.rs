//! Areas, sites and specialties: the registers that other tables refer to.

use super::Listed;
use crate::domain::ids::{
    AreaId, CommissionerId, CouncilId, FamilyId, GroupId, RegionId, SiteId, SpecialtyId, TrustId,
};
use crate::domain::index::{Ix, Register};
use crate::domain::place::Place;
use crate::domain::system::{SiteKind, Specialty};
use crate::domain::units::{Beds, Persons, Proportion};
use crate::domain::{AreaIx, SiteIx, SpecialtyIx};
use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::row::{CellLimits, Row};
use crate::input::table::Reading;
use crate::input::tables;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

/// An area as the table has it.
#[derive(Debug, Clone)]
pub struct AreaRow {
    /// Name for people.
    pub name: String,
    /// Population-weighted centre.
    pub place: Place,
    /// Who lives there.
    pub population: Persons,
    /// The council.
    pub council: CouncilId,
    /// The commissioner.
    pub commissioner: CommissionerId,
    /// The region.
    pub region: RegionId,
    /// 1 = most deprived tenth.
    pub deprivation_decile: Option<u8>,
    /// The line of the table.
    pub line: u32,
}

/// A site as the table has it.
#[derive(Debug, Clone)]
pub struct SiteRow {
    /// Name for people.
    pub name: String,
    /// The trust.
    pub trust: TrustId,
    /// The group of trusts.
    pub group: Option<GroupId>,
    /// The commissioner.
    pub commissioner: CommissionerId,
    /// The region.
    pub region: RegionId,
    /// Acute or step-down.
    pub kind: SiteKind,
    /// Where it is.
    pub place: Place,
    /// Fewest beds.
    pub smallest_beds: Option<Beds>,
    /// Most beds.
    pub largest_beds: Option<Beds>,
    /// The council that may pay for step-down beds; of community sites only.
    pub council: Option<CouncilId>,
    /// The line of the table.
    pub line: u32,
}

/// The areas.
pub type Areas = Listed<AreaId, AreaIx, AreaRow>;
/// The sites.
pub type Sites = Listed<SiteId, SiteIx, SiteRow>;
/// The specialties.
pub type Specialties = Listed<SpecialtyId, SpecialtyIx, Specialty>;

/// Things that a table lists once each.
struct Once<Id, T> {
    found: BTreeMap<Id, (T, u32)>,
}

impl<Id: Ord + Clone + Display, T> Once<Id, T> {
    fn new() -> Self {
        Self { found: BTreeMap::new() }
    }
    fn add(&mut self, id: Id, thing: T, row: &Row<'_>, faults: &mut Faults) {
        if let Some((_, first)) = self.found.get(&id) {
            let cause = format!("`{id}` is given twice, first on line {first}");
            faults.add(
                codes::DUPLICATE,
                row.at(0),
                cause,
                "keep one of the rows, or give the other a name of its own",
            );
        } else {
            self.found.insert(id, (thing, row.line()));
        }
    }
    fn into_entries(self) -> impl Iterator<Item = (Id, T)> {
        self.found.into_iter().map(|(id, (thing, _))| (id, thing))
    }
}

/// A register of what a table lists; `None` when it has no rows (the fault is told).
fn listed<Id, X, T>(things: Once<Id, T>, file: Option<Arc<str>>, faults: &Faults) -> Option<Listed<Id, X, T>>
where
    Id: Ord + Clone + Display + std::hash::Hash,
    X: Ix,
{
    let file = file?;
    let whole = !faults.broken(&file);
    Some(Listed { register: Register::new(things.into_entries()), file, whole })
}

/// A stand-in for an identifier that is missing (the fault is told).
fn or_unknown<Id>(id: Option<Id>, make: fn(&str) -> Option<Id>) -> Id {
    id.or_else(|| make("?")).unwrap_or_else(|| unreachable!("`?` is an identifier"))
}

/// Reads the areas.
pub fn read_areas(reading: &mut Reading) -> Option<Areas> {
    let table = reading.open(&tables::AREAS)?;
    let mut areas = Once::new();
    let mut file = None;
    reading.each(table, |row, faults| {
        file.get_or_insert_with(|| row.file().clone());
        let population = row.number(4, CellLimits::up_to(1e8), faults);
        let area = AreaRow {
            name: name(row, 1, 0),
            place: read_place(row, 2, 3, faults),
            population: Persons(population.unwrap_or(0.0)),
            council: or_unknown(row.id(5, CouncilId::new, faults), CouncilId::new),
            commissioner: or_unknown(row.id(6, CommissionerId::new, faults), CommissionerId::new),
            region: or_unknown(row.id(7, RegionId::new, faults), RegionId::new),
            deprivation_decile: read_decile(row, 8, faults),
            line: row.line(),
        };
        if let Some(id) = row.id(0, AreaId::new, faults) {
            areas.add(id, area, row, faults);
        }
    });
    listed(areas, file, &reading.faults)
}

/// The name of a thing, or its identifier when the cell is empty.
fn name(row: &Row<'_>, column: usize, id: usize) -> String {
    let text = row.text(column);
    if text.is_empty() { row.text(id).into_owned() } else { text.into_owned() }
}

fn read_decile(row: &Row<'_>, column: usize, faults: &mut Faults) -> Option<u8> {
    let limits = CellLimits { least: 1.0, most: 10.0, share: false };
    let number = row.optional_number(column, limits, faults)?;
    let decile = (1..=10).find(|decile| (f64::from(*decile) - number).abs() < 1e-9);
    if decile.is_none() {
        let cure = "write 1 for the most deprived tenth of areas up to 10 for the least";
        faults.add(codes::ABSURD, row.at(column), format!("`deprivation_decile` cannot be {number}"), cure);
    }
    decile
}

/// Reads a place; a longitude and a latitude of Great Britain in each other's column are told as swapped.
pub fn read_place(row: &Row<'_>, longitude: usize, latitude: usize, faults: &mut Faults) -> Place {
    let degrees = |most: f64| CellLimits { least: -most, most, share: false };
    let place = (
        row.number(longitude, degrees(180.0), faults).unwrap_or(0.0),
        row.number(latitude, degrees(90.0), faults).unwrap_or(0.0),
    );
    if (49.0..=61.0).contains(&place.0) && (-9.0..=3.0).contains(&place.1) {
        let cause = format!("longitude {} and latitude {} lie in the Indian Ocean", place.0, place.1);
        faults.add(
            codes::SWAPPED,
            row.at(longitude),
            cause,
            "swap the two: Great Britain has longitude -9 to 3, latitude 49 to 61",
        );
    }
    Place { longitude: place.0, latitude: place.1 }
}

/// Reads the sites.
pub fn read_sites(reading: &mut Reading) -> Option<Sites> {
    let table = reading.open(&tables::SITES)?;
    let mut sites = Once::new();
    let mut file = None;
    reading.each(table, |row, faults| {
        file.get_or_insert_with(|| row.file().clone());
        let beds = |column, faults: &mut Faults| {
            row.optional_number(column, CellLimits::up_to(1e6), faults).map(Beds)
        };
        let site = SiteRow {
            name: name(row, 1, 0),
            trust: or_unknown(row.id(2, TrustId::new, faults), TrustId::new),
            group: row.optional_id(3, GroupId::new),
            commissioner: or_unknown(row.id(4, CommissionerId::new, faults), CommissionerId::new),
            region: or_unknown(row.id(5, RegionId::new, faults), RegionId::new),
            kind: read_kind(row, 6, faults),
            place: read_place(row, 7, 8, faults),
            smallest_beds: beds(9, faults),
            largest_beds: beds(10, faults),
            council: row.optional_id(11, CouncilId::new),
            line: row.line(),
        };
        if let Some(id) = row.id(0, SiteId::new, faults) {
            sites.add(id, site, row, faults);
        }
    });
    listed(sites, file, &reading.faults)
}

fn read_kind(row: &Row<'_>, column: usize, faults: &mut Faults) -> SiteKind {
    match row.text(column).as_ref() {
        "acute" => {}
        "community" => return SiteKind::Community,
        other => {
            let cause = format!("`kind` is `acute` or `community`, found `{other}`");
            faults.add(
                codes::CELL_WORD,
                row.at(column),
                cause,
                super::super::faults::suggest(other, ["acute", "community"]),
            );
        }
    }
    SiteKind::Acute
}

/// Reads the specialties.
pub fn read_specialties(reading: &mut Reading) -> Option<Specialties> {
    let table = reading.open(&tables::SPECIALTIES)?;
    let mut specialties = Once::new();
    let mut file = None;
    reading.each(table, |row, faults| {
        file.get_or_insert_with(|| row.file().clone());
        let share = row.number(3, CellLimits::SHARE, faults);
        let specialty = Specialty {
            name: name(row, 1, 0),
            family: or_unknown(row.id(2, FamilyId::new, faults), FamilyId::new),
            emergency_share: Proportion(share.unwrap_or(0.0)),
        };
        if let Some(id) = row.id(0, SpecialtyId::new, faults) {
            specialties.add(id, specialty, row, faults);
        }
    });
    listed(specialties, file, &reading.faults)
}
