//! The national instance: England, winter 2019-20, before the pandemic.
//!
//! Everything is built from LSOAs upward, so that the three resolutions agree.

pub mod areas;
pub mod boundaries;
pub mod checks;
pub mod delays;
pub mod facts;
pub mod flows;
pub mod lsoas;
pub mod names;
pub mod need;
pub mod rates;
pub mod raw;
pub mod readme;
pub mod sites;
pub mod social_care;
pub mod specialties;
pub mod travel;
pub mod trusts;
pub mod types;

pub use checks::{Expectation, Summary};
pub use travel::TravelSummary;
pub use types::{AreaPlace, Resolution, SitePlace};

use super::ImportError;
use crate::domain::index::{AreaIx, Grid, SpecialtyIx, TrustIx};
use crate::domain::units::OccupiedBeds;
use areas::Areas;
use need::{Need, TrustBeds, Use};
use raw::RawFolder;
use std::path::Path;

/// What is read once and used by every step.
struct Instance {
    trusts: trusts::Trusts,
    sites: sites::Sites,
    specialties: specialties::Specialties,
    beds: TrustBeds,
    lsoas: lsoas::Lsoas,
}

/// What has been compiled before the travel step, and what that step needs to know.
#[derive(Debug)]
pub struct Compiled {
    /// Check values and counts.
    pub summary: Summary,
    /// The areas of each resolution.
    pub areas: Vec<(Resolution, Vec<AreaPlace>)>,
    /// The sites.
    pub sites: Vec<SitePlace>,
}

/// Compiles all tables from the folder `raw` into the folder `out`, at the resolutions asked for.
///
/// # Errors
/// When a raw file is missing or malformed, when a table cannot be written, and when a total does
/// not come out. Tables already written stay: run again after mending.
pub fn compile(
    raw: &Path,
    out: &Path,
    resolutions: &[Resolution],
    expectation: Option<&Expectation>,
) -> Result<Summary, ImportError> {
    let Compiled { mut summary, areas, sites } = compile_tables(raw, out, resolutions, expectation)?;
    for (resolution, areas) in &areas {
        let travel = travel::compile(raw, *resolution, areas, &sites, out)?;
        summary.say_travel(resolution.folder(), &travel);
    }
    Ok(summary)
}

/// Compiles all tables but those of travel; errors as in [`compile`].
pub fn compile_tables(
    raw: &Path,
    out: &Path,
    resolutions: &[Resolution],
    expectation: Option<&Expectation>,
) -> Result<Compiled, ImportError> {
    let folder = RawFolder(raw);
    let mut summary = Summary::default();
    let instance = read(folder)?;
    let councils = social_care::read(folder)?;
    if let Some(expectation) = expectation {
        checks::check(expectation, &instance.trusts, instance.sites.len(), councils.len())?;
    }
    checks::describe_beds(&instance.trusts, &mut summary);
    write_registers(folder, &instance, out)?;
    let spend = social_care::write(&councils, out)?;
    checks::describe_social_care(spend, councils.len(), &mut summary);
    boundaries::compile(folder, out)?;
    let needs = compile_need(folder, &instance, out, &mut summary)?;
    let msoas = lsoas::read_msoas(folder)?;
    let msoa_path = folder.path(lsoas::MSOA_FILE);
    let mut places = Vec::new();
    for &resolution in resolutions {
        let areas = Areas::build(resolution, &instance.lsoas, &msoas, &msoa_path)?;
        write_areas(&instance, &needs, &areas, out, &mut summary)?;
        places.push((resolution, areas.places(&instance.lsoas)));
    }
    readme::write(&instance.trusts, out)?;
    readme::write_on_demand(out)?;
    Ok(Compiled { summary, areas: places, sites: sites::places(&instance.sites) })
}

fn read(folder: RawFolder<'_>) -> Result<Instance, ImportError> {
    let specialties = specialties::Specialties::read()?;
    let trusts = trusts::read(folder)?;
    let sites = sites::read(folder, &trusts)?;
    let beds = specialties.read_beds(folder, &trusts)?;
    Ok(Instance { trusts, sites, specialties, beds, lsoas: lsoas::read(folder)? })
}

/// Writes the tables that have no areas in them.
fn write_registers(folder: RawFolder<'_>, instance: &Instance, out: &Path) -> Result<(), ImportError> {
    let Instance { trusts, sites, specialties, beds, .. } = instance;
    specialties.write(out)?;
    let icb = |site: &str| sites.find(site).map(|h| sites[h].icb.clone());
    trusts::write(trusts, icb, out)?;
    trusts::write_commissioners(folder, out)?;
    sites::write(sites, trusts, out)?;
    let written = sites::write_beds(sites, trusts, specialties, beds, out)?;
    let all = checks::beds(trusts);
    checks::require("available beds over sites and specialties", all.0.0, written.0.0, 0.01)?;
    checks::require("occupied beds over sites and specialties", all.1.0, written.1.0, 0.01)
}

/// Need by LSOA on both bases, and who uses which trust.
struct Needs {
    revealed: Need,
    expected: Need,
    by_trust: Grid<AreaIx, TrustIx, OccupiedBeds>,
}

fn compile_need(
    folder: RawFolder<'_>,
    instance: &Instance,
    out: &Path,
    summary: &mut Summary,
) -> Result<Needs, ImportError> {
    let Instance { trusts, specialties, beds, lsoas, .. } = instance;
    let national = national_mix(instance);
    let mut rates = rates::fit(folder, specialties, &national, lsoas)?;
    let shares = flows::read(folder, trusts, lsoas)?;
    let today = Use::new(lsoas, &shares, beds, &rates, trusts, specialties);
    let (revealed, by_trust) = today.revealed(trusts, specialties);
    check_use(instance, &by_trust)?;
    let delays = delays::Delays::read(folder, trusts, specialties, beds)?;
    delays.write_by_trust(trusts, out)?;
    delays.write_by_council(&today, lsoas, specialties, out)?;
    let (total, own) = (delays.total().0, delays.with_series());
    summary.say(format!("delays: {total:.1} beds; {own} trusts by their own series"));
    let expected = need::expected(lsoas, &mut rates, &national);
    rates.write(specialties, out)?;
    need::write_gradient(out)?;
    Ok(Needs { revealed, expected, by_trust })
}

/// Occupied beds of all trusts by specialty.
fn national_mix(instance: &Instance) -> Vec<OccupiedBeds> {
    let of = |s: SpecialtyIx| instance.trusts.indices().map(|t| instance.beds[(t, s)]).sum();
    instance.specialties.register.indices().map(of).collect()
}

/// Every trust's beds must have been given back to areas in full.
fn check_use(instance: &Instance, by_trust: &Grid<AreaIx, TrustIx, OccupiedBeds>) -> Result<(), ImportError> {
    for (t, id, trust) in instance.trusts.iter() {
        let used: OccupiedBeds = instance.lsoas.indices().map(|l| by_trust[(l, t)]).sum();
        checks::require(&format!("revealed need of trust {id}"), trust.occupied.0, used.0, 1e-6)?;
    }
    Ok(())
}

fn write_areas(
    instance: &Instance,
    needs: &Needs,
    areas: &Areas,
    out: &Path,
    summary: &mut Summary,
) -> Result<(), ImportError> {
    areas.write(out)?;
    let specialties = &instance.specialties;
    let revealed = need::write("need_revealed.csv.gz", &needs.revealed, areas, specialties, out)?;
    let expected = need::write("need_expected.csv.gz", &needs.expected, areas, specialties, out)?;
    need::write_flows(&needs.by_trust, areas, &instance.sites, &instance.trusts, out)?;
    let occupied = checks::beds(&instance.trusts).1;
    checks::require("revealed need", occupied.0, revealed.0, 0.01)?;
    checks::require("expected need", occupied.0, expected.0, 0.01)?;
    summary.say(format!(
        "{}: {} areas; need {:.1} revealed, {:.1} expected",
        areas.resolution.folder(),
        areas.register.len(),
        revealed.0,
        expected.0
    ));
    Ok(())
}
