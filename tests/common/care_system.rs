//! What every care system made in code starts from, so that a part or a rule that is added to the model gets
//! its default here and the fixtures say only what differs:
//! `Policy { growth_limit: Some(Proportion(0.25)), ..default_policy() }`.
#![allow(dead_code)] // each test binary uses its own share

use bedalloc::domain::index::{Grid, Register};
use bedalloc::domain::policy::{BedPool, CurveStep, OccupancyCaps, Policy, SocialCare};
use bedalloc::domain::system::CareSystem;
use bedalloc::domain::travel::TravelData;
use bedalloc::domain::units::{Beds, OccupiedBeds, Pounds, Proportion};
use bedalloc::domain::{Ix, ServiceIx, SpecialtyIx};
use bedalloc::input::faults::Faults;
use bedalloc::input::model_file::ModelFile;
use bedalloc::input::policy::{Registers, resolve};
use bedalloc::input::read::Listed;
use bedalloc::input::{shape, yaml};
use std::collections::BTreeMap;

/// The planning rules of a model without tables that states nothing but `stated`, as YAML.
fn policy_of(stated: &str) -> Policy {
    let file = "the fixture".into();
    let mut faults = Faults::default();
    let mut tree = yaml::read(&file, stated, &mut faults).expect("YAML");
    shape::fill_in(&mut tree);
    let registers = Registers {
        sites: &Listed { register: Register::new([]), file: file.clone(), whole: true },
        specialties: &Listed { register: Register::new([]), file, whole: true },
        trusts: &Register::new([]),
        commissioners: &Register::new([]),
        regions: &Register::new([]),
        services: &Register::new([]),
        social_care: true,
    };
    resolve(&ModelFile::read(&tree), &registers, &mut faults)
}

/// Every default of the model file; every part that can be off is off.
pub fn default_policy() -> Policy {
    policy_of("name: fixture")
}

/// The defaults of social care, with no service to name: none releases, none has a floor.
pub fn default_social_care() -> SocialCare {
    policy_of("social_care: {pooled_fund: 0}").social_care.expect("it is on")
}

/// A pool of beds that must be spent.
pub fn pool(beds: f64) -> BedPool {
    BedPool { total: Beds(beds), must_spend: true }
}

/// An occupancy cap, with others for some specialties by their position.
pub fn caps<const N: usize>(cap: f64, specialties: [(usize, f64); N]) -> OccupancyCaps {
    let other = |(position, cap)| (SpecialtyIx::from_usize(position), Proportion(cap));
    OccupancyCaps {
        cap: Proportion(cap),
        specialties: specialties.map(other).into_iter().collect(),
        ..OccupancyCaps::default()
    }
}

/// Social care with a fund in £ a year, the service whose spend releases beds, and floors by service.
pub fn social_care<const N: usize>(fund: f64, releasing: usize, floors: [(usize, f64); N]) -> SocialCare {
    let service = ServiceIx::from_usize;
    SocialCare {
        pooled_fund: Pounds(fund),
        releasing_service: Some(service(releasing)),
        floors: floors.map(|(position, share)| (service(position), Proportion(share))).into(),
        ..default_social_care()
    }
}

/// A discharge curve of one step, at £ for each delayed bed-day.
pub fn one_step(cost_per_bed_day: f64) -> Vec<CurveStep> {
    vec![CurveStep { share: Proportion(1.0), cost_per_bed_day }]
}

/// A care system with nothing in it.
pub fn empty_system() -> CareSystem {
    CareSystem {
        name: String::new(),
        areas: Register::new([]),
        sites: Register::new([]),
        specialties: Register::new([]),
        trusts: Register::new([]),
        groups: Register::new([]),
        commissioners: Register::new([]),
        regions: Register::new([]),
        councils: Register::new([]),
        services: Register::new([]),
        periods: Register::new([]),
        need: Grid::filled(0, 0, OccupiedBeds::ZERO),
        beds: BTreeMap::new(),
        community: BTreeMap::new(),
        programmes: Register::new([]),
        delays: Grid::filled(0, 0, OccupiedBeds::ZERO),
        spend: Grid::filled(0, 0, Pounds::ZERO),
        flows: Vec::new(),
        travel: TravelData::default(),
        policy: default_policy(),
    }
}
