//! Tables to registers and grids; one file for each group of tables.
//!
//! A row with a fault keeps its identifier and gets stand-in values, so that one fault is told once and
//! not again by every row that refers to it. A system with faults is never handed on.

pub mod amounts;
pub mod councils;
pub mod names;
pub mod programmes;
pub mod registers;
pub mod travel;

use super::table::Reading;
use super::tables;
use crate::domain::ids::ProgrammeId;
use crate::domain::index::{Grid, Register};
use crate::domain::system::{BedStock, FlowShare, Programme};
use crate::domain::travel::TravelData;
use crate::domain::units::{Beds, OccupiedBeds};
use crate::domain::{AreaIx, ProgrammeIx, SiteIx, SpecialtyIx};
use crate::input::model_file::{ModelFile, NeedBasis};
use councils::CouncilTables;
use registers::{Areas, Sites, Specialties};
use std::collections::BTreeMap;

/// Everything the tables say.
pub struct Tables {
    /// Areas.
    pub areas: Areas,
    /// Sites.
    pub sites: Sites,
    /// Specialties.
    pub specialties: Specialties,
    /// Beds today, each with its line in the table.
    pub beds: BTreeMap<(SiteIx, SpecialtyIx), (BedStock, u32)>,
    /// Step-down beds today of community sites that have some.
    pub community_beds: BTreeMap<SiteIx, Beds>,
    /// Prevention programmes.
    pub programmes: Register<ProgrammeId, ProgrammeIx, Programme>,
    /// Need.
    pub need: Grid<AreaIx, SpecialtyIx, OccupiedBeds>,
    /// Today's flows.
    pub flows: Vec<FlowShare>,
    /// The travel graph.
    pub travel: TravelData,
    /// Councils, their spend and their delays.
    pub councils: CouncilTables,
    /// Names of trusts, by identifier.
    pub trust_names: BTreeMap<String, String>,
    /// Names of commissioners, by identifier.
    pub commissioner_names: BTreeMap<String, String>,
    /// Names of regions, by identifier.
    pub region_names: BTreeMap<String, String>,
}

/// Reads all tables; `None` when one that others refer to is missing.
pub fn read(model: &ModelFile, reading: &mut Reading) -> Option<Tables> {
    let areas = registers::read_areas(reading);
    let sites = registers::read_sites(reading);
    let specialties = registers::read_specialties(reading);
    let (Some(areas), Some(sites), Some(specialties)) = (areas, sites, specialties) else {
        // References cannot be judged, but missing tables and columns can.
        reading.open(&tables::BEDS);
        if model.need == NeedBasis::Revealed && !amounts::has_need(model, reading) {
            reading.open(&tables::NEED);
        }
        return None;
    };
    let beds = amounts::read_beds(reading, &sites, &specialties);
    let programmes = programmes::read(model, reading, &specialties);
    let need = amounts::read_need(model, reading, &areas, &specialties);
    let flows = amounts::read_flows(reading, &areas, &sites, &specialties);
    let travel = travel::read(reading, &areas, &sites);
    let councils = councils::read(model, reading, &areas, &specialties);
    let (beds, community_beds) = beds?;
    Some(Tables {
        community_beds,
        beds,
        programmes,
        need: need?,
        trust_names: names::read(reading, &tables::TRUSTS),
        commissioner_names: names::read(reading, &tables::COMMISSIONERS),
        region_names: names::read(reading, &tables::REGIONS),
        areas,
        sites,
        specialties,
        flows,
        travel,
        councils,
    })
}

/// A register of things read from a table.
pub struct Listed<Id, X, T> {
    /// The things.
    pub register: Register<Id, X, T>,
    /// The file.
    pub file: std::sync::Arc<str>,
    /// Whether every row could be read, so that an unknown identifier is a fault of whoever names it.
    pub whole: bool,
}
