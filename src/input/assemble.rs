//! Tables and planning rules to the care system.

use super::codes;
use super::measures;
use super::model_file::ModelFile;
use super::origins;
use super::periods::periods;
use super::policy::{self, Registers};
use super::read::Tables;
use super::read::registers::{AreaRow, SiteRow};
use super::table::Reading;
use crate::domain::ids::{CommissionerId, GroupId, RegionId, TrustId};
use crate::domain::index::{Ix, Register};
use crate::domain::induced::InducedDemand;
use crate::domain::system::{Area, CareSystem, Council, Named, Site};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::hash::Hash;

/// Puts the care system together; names of the model file that the tables do not have are told.
pub fn assemble(model: &ModelFile, tables: &Tables, reading: &mut Reading) -> CareSystem {
    let sites = || tables.sites.register.iter().map(|(_, _, site)| site);
    let areas = || tables.areas.register.iter().map(|(_, _, area)| area);
    let trusts: Register<TrustId, _, Named> = collect(sites().map(|s| &s.trust), &tables.trust_names);
    let groups: Register<GroupId, _, Named> =
        collect(sites().filter_map(|s| s.group.as_ref()), &BTreeMap::new());
    let commissioners: Register<CommissionerId, _, Named> = collect(
        sites().map(|s| &s.commissioner).chain(areas().map(|a| &a.commissioner)),
        &tables.commissioner_names,
    );
    let councils = || tables.councils.register.iter().map(|(_, _, council)| council);
    let regions: Register<RegionId, _, Named> = collect(
        sites().map(|s| &s.region).chain(areas().map(|a| &a.region)).chain(councils().map(|c| &c.region)),
        &tables.region_names,
    );
    let registers = Registers {
        sites: &tables.sites,
        specialties: &tables.specialties,
        trusts: &trusts,
        commissioners: &commissioners,
        regions: &regions,
        services: &tables.councils.services,
        social_care: tables.councils.complete,
    };
    let mut policy = policy::resolve(model, &registers, &mut reading.faults);
    origins::add_rows(&mut policy.origins, tables);
    let community = measures::community(tables, &mut reading.faults);
    policy.step_down = policy.step_down.filter(|_| !community.is_empty());
    policy.prevention = policy.prevention.filter(|_| !tables.programmes.is_empty());
    if policy.induced.is_on() && tables.flows.is_empty() {
        reading.note(
            codes::NOTE_PART_OFF,
            "need does not answer to beds: today's flows are not known".to_owned(),
        );
        policy.induced = InducedDemand::default();
    }
    let area = |row: &AreaRow| Area {
        name: row.name.clone(),
        place: row.place,
        population: row.population,
        council: at(&tables.councils.register, &row.council),
        commissioner: at(&commissioners, &row.commissioner),
        region: at(&regions, &row.region),
        deprivation_decile: row.deprivation_decile,
    };
    let site = |row: &SiteRow| Site {
        name: row.name.clone(),
        trust: at(&trusts, &row.trust),
        group: row.group.as_ref().map(|group| at(&groups, group)),
        commissioner: at(&commissioners, &row.commissioner),
        region: at(&regions, &row.region),
        kind: row.kind,
        place: row.place,
        smallest_beds: row.smallest_beds,
        largest_beds: row.largest_beds,
    };
    let periods = periods(model, &tables.specialties, &mut reading.faults);
    policy.money = measures::money(&model.measures, &periods, &mut reading.faults);
    CareSystem {
        name: model.name.clone(),
        areas: Register::new(tables.areas.register.iter().map(|(_, id, row)| (id.clone(), area(row)))),
        sites: Register::new(tables.sites.register.iter().map(|(_, id, row)| (id.clone(), site(row)))),
        specialties: tables.specialties.register.clone(),
        councils: Register::new(tables.councils.register.iter().map(|(_, id, row)| {
            let region = at(&regions, &row.region);
            (id.clone(), Council { name: row.name.clone(), region, budget: row.budget })
        })),
        services: Register::new(
            tables.councils.services.ids().iter().map(|id| (id.clone(), Named { name: id.to_string() })),
        ),
        trusts,
        groups,
        commissioners,
        regions,
        periods,
        need: tables.need.clone(),
        beds: tables.beds.iter().map(|(key, (stock, _))| (*key, *stock)).collect(),
        community,
        programmes: tables.programmes.clone(),
        delays: tables.councils.delays.clone(),
        spend: tables.councils.spend.clone(),
        flows: tables.flows.clone(),
        travel: tables.travel.clone(),
        policy,
    }
}

/// A register of everything that is named, each with its name or, failing that, its identifier.
fn collect<'a, Id, X>(
    ids: impl Iterator<Item = &'a Id>,
    names: &BTreeMap<String, String>,
) -> Register<Id, X, Named>
where
    Id: Clone + Ord + Hash + Borrow<str> + 'a,
    X: Ix,
{
    let mut found: BTreeMap<Id, Named> = BTreeMap::new();
    for id in ids {
        found.entry(id.clone()).or_insert_with(|| {
            let text: &str = id.borrow();
            let name = names.get(text).filter(|name| !name.is_empty());
            Named { name: name.map_or_else(|| text.to_owned(), Clone::clone) }
        });
    }
    Register::new(found)
}

/// The position of something that was collected from the very rows now read; of the first one where
/// a reference dangles, which was told and keeps the system from being used.
fn at<Id, X, T>(register: &Register<Id, X, T>, id: &Id) -> X
where
    Id: Clone + Ord + Hash + Borrow<str>,
    X: Ix,
{
    register.find::<str>(id.borrow()).unwrap_or_else(|| X::from_usize(0))
}
