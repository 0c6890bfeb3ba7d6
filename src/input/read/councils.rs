//! Councils, what they spend, and the delayed beds of their residents.

use super::amounts::{report_twice, specialty_of};
use super::registers::{Areas, Specialties};
use crate::domain::ids::{CouncilId, RegionId, ServiceId};
use crate::domain::index::{Grid, Register};
use crate::domain::units::{OccupiedBeds, Pounds};
use crate::domain::{CouncilIx, ServiceIx, SpecialtyIx};
use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use crate::input::row::{CellLimits, Row};
use crate::input::table::Reading;
use crate::input::tables;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A council as the table has it.
#[derive(Debug, Clone)]
pub struct CouncilRow {
    /// Name for people.
    pub name: String,
    /// The region.
    pub region: RegionId,
    /// What it may spend.
    pub budget: Pounds,
    /// Where it stands.
    pub at: Location,
}

/// What the tables say of councils.
pub struct CouncilTables {
    /// The councils.
    pub register: Register<CouncilId, CouncilIx, CouncilRow>,
    /// The services on which they spend.
    pub services: Register<ServiceId, ServiceIx, ()>,
    /// Spend today.
    pub spend: Grid<CouncilIx, ServiceIx, Pounds>,
    /// Delayed beds.
    pub delays: Grid<CouncilIx, SpecialtyIx, OccupiedBeds>,
    /// Whether all that the social-care part needs is there.
    pub complete: bool,
}

/// Reads councils and what belongs to them. Without their tables the councils are those that areas name.
pub fn read(
    model: &ModelFile,
    reading: &mut Reading,
    areas: &Areas,
    specialties: &Specialties,
) -> CouncilTables {
    let parts = [&tables::COUNCILS, &tables::SOCIAL_CARE, &tables::DELAYS];
    let complete = parts.iter().all(|shape| reading.folder.has(shape));
    if model.social_care.is_some() {
        for shape in parts {
            if !reading.folder.has(shape) {
                let text = format!("no `{}.csv`: the model's `social_care` is off", shape.name);
                reading.note(codes::NOTE_PART_OFF, text);
            }
        }
    }
    let register =
        if reading.folder.has(&tables::COUNCILS) { read_councils(reading) } else { collect_councils(areas) };
    check_areas(areas, &register, &mut reading.faults);
    let (services, spend) = read_spend(reading, &register);
    let delays = read_delays(reading, &register, specialties);
    CouncilTables { register, services, spend, delays, complete }
}

fn read_councils(reading: &mut Reading) -> Register<CouncilId, CouncilIx, CouncilRow> {
    let mut councils: BTreeMap<CouncilId, CouncilRow> = BTreeMap::new();
    let Some(table) = reading.open(&tables::COUNCILS) else { return Register::new(councils) };
    reading.each(table, |row, faults| {
        let budget = row.number(3, CellLimits::up_to(1e11), faults);
        let region = row.id(2, RegionId::new, faults);
        let Some(id) = row.id(0, CouncilId::new, faults) else { return };
        let Some(region) = region else { return };
        let council = CouncilRow {
            name: row.text(1).into_owned(),
            region,
            budget: Pounds(budget.unwrap_or(0.0)),
            at: row.at(3),
        };
        if let Some(first) = councils.get(&id) {
            let cause = format!("`{id}` is given twice, first on line {}", first.at.line);
            faults.add(codes::DUPLICATE, row.at(0), cause, "keep one of the rows");
        } else {
            councils.insert(id, council);
        }
    });
    Register::new(councils)
}

fn collect_councils(areas: &Areas) -> Register<CouncilId, CouncilIx, CouncilRow> {
    let mut councils: BTreeMap<CouncilId, CouncilRow> = BTreeMap::new();
    for (_, _, area) in areas.register.iter() {
        councils.entry(area.council.clone()).or_insert_with(|| CouncilRow {
            name: area.council.to_string(),
            region: area.region.clone(),
            budget: Pounds::ZERO,
            at: Location::line(&areas.file, area.line),
        });
    }
    Register::new(councils)
}

fn check_areas(areas: &Areas, councils: &Register<CouncilId, CouncilIx, CouncilRow>, faults: &mut Faults) {
    if councils.iter().next().is_none_or(|(_, _, council)| faults.broken(&council.at.file)) {
        return; // Told already.
    }
    for (_, id, area) in areas.register.iter() {
        if area.council.as_str() != "?" && councils.find(area.council.as_str()).is_none() {
            let known = councils.ids().iter().map(|id| id.as_str());
            let told = faults.tells(codes::DANGLING, &areas.file);
            let cure = if told {
                crate::input::faults::suggest(area.council.as_str(), known)
            } else {
                String::new()
            };
            let cause = format!("area `{id}` lies in unknown council `{}`", area.council);
            faults.add(codes::DANGLING, Location::line(&areas.file, area.line), cause, cure);
        }
    }
}

fn council_of(
    row: &Row<'_>,
    register: &Register<CouncilId, CouncilIx, CouncilRow>,
    faults: &mut Faults,
) -> Option<CouncilIx> {
    let found = register.find(row.text(0).as_ref());
    let whole = register.iter().next().is_some_and(|(_, _, council)| !faults.broken(&council.at.file));
    if found.is_none() && whole {
        row.report_dangling(0, "council", register.ids().iter().map(|id| id.as_str()), faults);
    }
    found
}

type Spend = (Register<ServiceId, ServiceIx, ()>, Grid<CouncilIx, ServiceIx, Pounds>);

fn read_spend(reading: &mut Reading, register: &Register<CouncilId, CouncilIx, CouncilRow>) -> Spend {
    let mut rows: BTreeMap<(CouncilIx, ServiceId), f64> = BTreeMap::new();
    if let Some(table) = reading.open_if_there(&tables::SOCIAL_CARE) {
        reading.each(table, |row, faults| {
            let council = council_of(row, register, faults);
            let service = row.id(1, ServiceId::new, faults);
            let spend = row.number(2, CellLimits::up_to(1e11), faults).unwrap_or(0.0);
            let (Some(council), Some(service)) = (council, service) else { return };
            if rows.insert((council, service), spend).is_some() {
                report_twice(row, faults);
            }
        });
    }
    let names: BTreeSet<ServiceId> = rows.keys().map(|(_, service)| service.clone()).collect();
    let services: Register<ServiceId, ServiceIx, ()> =
        Register::new(names.into_iter().map(|service| (service, ())));
    let mut spend = Grid::filled(register.len(), services.len(), Pounds::ZERO);
    for ((council, service), pounds) in rows {
        if let Some(service) = services.find(service.as_str()) {
            spend[(council, service)] = Pounds(pounds);
        }
    }
    (services, spend)
}

fn read_delays(
    reading: &mut Reading,
    register: &Register<CouncilId, CouncilIx, CouncilRow>,
    specialties: &Specialties,
) -> Grid<CouncilIx, SpecialtyIx, OccupiedBeds> {
    let mut delays = Grid::filled(register.len(), specialties.register.len(), OccupiedBeds::ZERO);
    let Some(table) = reading.open_if_there(&tables::DELAYS) else { return delays };
    let mut seen = HashSet::new();
    reading.each(table, |row, faults| {
        let council = council_of(row, register, faults);
        let specialty = specialty_of(row, 1, specialties, faults);
        let beds = row.number(2, CellLimits::up_to(1e6), faults).unwrap_or(0.0);
        let (Some(council), Some(specialty)) = (council, specialty) else { return };
        if !seen.insert((council, specialty)) {
            report_twice(row, faults);
        }
        delays[(council, specialty)] = OccupiedBeds(beds);
    });
    delays
}
