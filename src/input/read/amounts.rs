//! Beds, need and flows.

use super::registers::{Areas, Sites, Specialties};
use crate::domain::index::Grid;
use crate::domain::system::{BedStock, FlowShare, SiteKind};
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{AreaIx, SiteIx, SpecialtyIx};
use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::model_file::{ModelFile, NeedBasis};
use crate::input::row::{CellLimits, Row};
use crate::input::table::{Reading, Table};
use crate::input::tables;
use std::collections::{BTreeMap, HashSet};

/// The area that a row refers to; a reference to nothing is told.
pub fn area_of(row: &Row<'_>, column: usize, areas: &Areas, faults: &mut Faults) -> Option<AreaIx> {
    let found = areas.register.find(row.text(column).as_ref());
    if found.is_none() && areas.whole {
        row.report_dangling(column, "area", areas.register.ids().iter().map(|id| id.as_str()), faults);
    }
    found
}

/// The site that a row refers to; a reference to nothing is told.
pub fn site_of(row: &Row<'_>, column: usize, sites: &Sites, faults: &mut Faults) -> Option<SiteIx> {
    let found = sites.register.find(row.text(column).as_ref());
    if found.is_none() && sites.whole {
        row.report_dangling(column, "site", sites.register.ids().iter().map(|id| id.as_str()), faults);
    }
    found
}

/// The specialty that a row refers to; a reference to nothing is told.
pub fn specialty_of(
    row: &Row<'_>,
    column: usize,
    specialties: &Specialties,
    faults: &mut Faults,
) -> Option<SpecialtyIx> {
    let found = specialties.register.find(row.text(column).as_ref());
    if found.is_none() && specialties.whole {
        row.report_dangling(
            column,
            "specialty",
            specialties.register.ids().iter().map(|id| id.as_str()),
            faults,
        );
    }
    found
}

/// Reports a second row for the same thing.
pub fn report_twice(row: &Row<'_>, faults: &mut Faults) {
    let cure = "keep one of the rows, or add them up";
    faults.add(codes::DUPLICATE_ROW, row.at(0), "a second row for the same thing", cure);
}

/// Acute beds today by site and specialty, each with its line, and step-down beds by community site.
type BedTable = (BTreeMap<(SiteIx, SpecialtyIx), (BedStock, u32)>, BTreeMap<SiteIx, Beds>);

/// Reads beds today. The beds of a community site belong to no specialty: the cell may be empty, and rows
/// for several are added up.
pub fn read_beds(reading: &mut Reading, sites: &Sites, specialties: &Specialties) -> Option<BedTable> {
    let table = reading.open(&tables::BEDS)?;
    let mut beds = BTreeMap::new();
    let mut community: BTreeMap<SiteIx, Beds> = BTreeMap::new();
    let mut seen = HashSet::new();
    reading.each(table, |row, faults| {
        let site = site_of(row, 0, sites, faults);
        let step_down = site.is_some_and(|site| sites.register[site].kind == SiteKind::Community);
        let unnamed = step_down && row.text(1).is_empty();
        let specialty = if unnamed { None } else { specialty_of(row, 1, specialties, faults) };
        let available = row.number(2, CellLimits::up_to(1e6), faults);
        let occupied = row.number(3, CellLimits::up_to(1e6), faults);
        let Some(site) = site else { return };
        let stock = BedStock {
            available: Beds(available.unwrap_or(0.0)),
            occupied: OccupiedBeds(occupied.unwrap_or(0.0)),
        };
        if available.is_some() && occupied.is_some() && stock.occupied.0 > stock.available.0 * 1.2 + 1.0 {
            let cause =
                format!("{} beds occupied where {} are available", stock.occupied.0, stock.available.0);
            let cure = "look whether the columns are swapped, or a bed base is missing";
            faults.add(codes::OVERFULL, row.at(3), cause, cure);
        }
        if (unnamed || specialty.is_some()) && !seen.insert((site, specialty)) {
            report_twice(row, faults);
        }
        if step_down {
            *community.entry(site).or_default() += stock.available;
        } else if let Some(specialty) = specialty {
            beds.insert((site, specialty), (stock, row.line()));
        }
    });
    Some((beds, community))
}

type Need = Grid<AreaIx, SpecialtyIx, OccupiedBeds>;

/// Whether a table of need of the wanted kind is there.
pub fn has_need(model: &ModelFile, reading: &Reading) -> bool {
    reading.folder.has(&tables::TableShape { name: need_table(model), ..tables::NEED })
}

fn need_table(model: &ModelFile) -> &'static str {
    match model.need {
        NeedBasis::Revealed => "need_revealed",
        NeedBasis::Expected => "need_expected",
    }
}

/// Reads need of the kind the model asks for: from its own table, else `need.csv` for revealed need, else
/// population times rates for expected need.
pub fn read_need(
    model: &ModelFile,
    reading: &mut Reading,
    areas: &Areas,
    specialties: &Specialties,
) -> Option<Need> {
    let table = if has_need(model, reading) {
        reading.open_named(&tables::NEED, need_table(model))?
    } else if model.need == NeedBasis::Revealed {
        reading.open(&tables::NEED)?
    } else {
        return make_need(reading, areas, specialties);
    };
    Some(read_need_rows(reading, table, areas, specialties))
}

fn read_need_rows(reading: &mut Reading, table: Table, areas: &Areas, specialties: &Specialties) -> Need {
    let mut need = Grid::filled(areas.register.len(), specialties.register.len(), OccupiedBeds::ZERO);
    let mut seen = Grid::filled(areas.register.len(), specialties.register.len(), false);
    reading.each(table, |row, faults| {
        let area = area_of(row, 0, areas, faults);
        let specialty = specialty_of(row, 1, specialties, faults);
        let beds = row.number(2, CellLimits::up_to(1e6), faults);
        let (Some(area), Some(specialty)) = (area, specialty) else { return };
        if std::mem::replace(&mut seen[(area, specialty)], true) {
            report_twice(row, faults);
        }
        need[(area, specialty)] = OccupiedBeds(beds.unwrap_or(0.0));
    });
    need
}

/// Need as people of each age band times the rates of their age.
fn make_need(reading: &mut Reading, areas: &Areas, specialties: &Specialties) -> Option<Need> {
    let (rates, population) = (reading.open(&tables::RATES), reading.open(&tables::POPULATION));
    let (rates, population) = (rates?, population?);
    let mut by_band: BTreeMap<String, Vec<(SpecialtyIx, f64)>> = BTreeMap::new();
    reading.each(rates, |row, faults| {
        let specialty = specialty_of(row, 0, specialties, faults);
        let rate = row.number(2, CellLimits::up_to(1000.0), faults);
        let Some(specialty) = specialty else { return };
        let band = by_band.entry(row.text(1).into_owned()).or_default();
        if band.iter().any(|(s, _)| *s == specialty) {
            report_twice(row, faults);
        }
        band.push((specialty, rate.unwrap_or(0.0)));
    });
    let mut need = Grid::filled(areas.register.len(), specialties.register.len(), OccupiedBeds::ZERO);
    let mut seen = HashSet::new();
    reading.each(population, |row, faults| {
        let area = area_of(row, 0, areas, faults);
        let persons = row.number(2, CellLimits::up_to(1e8), faults).unwrap_or(0.0);
        let Some((band, rates)) = by_band.get_key_value(row.text(1).as_ref()) else {
            row.report_dangling(1, "age band", by_band.keys().map(String::as_str), faults);
            return;
        };
        let Some(area) = area else { return };
        if !seen.insert((area, band.clone())) {
            report_twice(row, faults);
        }
        for (specialty, rate) in rates {
            need[(area, *specialty)] += OccupiedBeds(persons / 1000.0 * rate);
        }
    });
    let text = "no `need_expected.csv`: expected need is people times rates of their age";
    reading.note(codes::NOTE_NEED_MADE, text);
    Some(need)
}

/// Reads today's flows; shares of an area (and specialty) may not add up to more than 1.
pub fn read_flows(
    reading: &mut Reading,
    areas: &Areas,
    sites: &Sites,
    specialties: &Specialties,
) -> Vec<FlowShare> {
    let Some(table) = reading.open_optional(&tables::FLOWS) else { return Vec::new() };
    let mut flows = Vec::new();
    let mut seen = HashSet::new();
    let mut sums: BTreeMap<(AreaIx, Option<SpecialtyIx>), (f64, crate::input::location::Location)> =
        BTreeMap::new();
    reading.each(table, |row, faults| {
        let area = area_of(row, 0, areas, faults);
        let site = site_of(row, 1, sites, faults);
        let all = row.text(2).is_empty();
        let specialty = if all { None } else { specialty_of(row, 2, specialties, faults) };
        let share = row.number(3, CellLimits::SHARE, faults).unwrap_or(0.0);
        let (Some(area), Some(site)) = (area, site) else { return };
        if !seen.insert((area, site, specialty)) {
            report_twice(row, faults);
        }
        sums.entry((area, specialty)).or_insert_with(|| (0.0, row.at(3))).0 += share;
        flows.push(FlowShare { area, site, specialty, share: Proportion(share) });
    });
    for ((area, _), (sum, at)) in sums {
        if sum > 1.01 {
            let cause = format!("the shares of area `{}` add up to {sum:.3}", areas.register.id(area));
            reading.faults.add(
                codes::FLOWS_ABOVE_ONE,
                at,
                cause,
                "the shares of an area must add up to 1 or less",
            );
        }
    }
    flows.sort_by_key(|flow| (flow.area, flow.site, flow.specialty));
    flows
}
