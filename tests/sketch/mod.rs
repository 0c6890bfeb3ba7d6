//! Small care systems made in code, so that tests need no files.
#![allow(dead_code)]

#[path = "../common/care_system.rs"]
mod care_system;
pub mod check;
pub mod measures;
pub mod periods;

use bedalloc::domain::ids::{
    AreaId, CommissionerId, CouncilId, FamilyId, GroupId, PeriodId, RegionId, ServiceId, SiteId, SpecialtyId,
    TrustId,
};
use bedalloc::domain::index::{Grid, Register};
use bedalloc::domain::moves::{Choice, Conversion, Protection, Reallocation, ReallocationScope, SiteChoice};
use bedalloc::domain::period::Period;
use bedalloc::domain::place::Place;
use bedalloc::domain::policy::{Origin, Policy, SocialCare};
use bedalloc::domain::system::{Area, BedStock, CareSystem, Council, Named, Site, SiteKind, Specialty};
use bedalloc::domain::travel::{KnownTime, TravelData};
use bedalloc::domain::units::{Beds, Minutes, OccupiedBeds, Persons, Pounds, Proportion};
use bedalloc::domain::{CouncilIx, ServiceIx, SiteIx, SpecialtyIx};
use bedalloc::network::{TravelNetwork, TravelTimes};
use bedalloc::pipeline::{RunEnd, RunOptions, RunResult, Silent, run};
use bedalloc::solver::{SolverOptions, choose};
use care_system::{caps, default_policy, empty_system, pool};
use std::collections::{BTreeMap, BTreeSet};

type Sites = Register<SiteId, SiteIx, Site>;
type Councils = Register<CouncilId, CouncilIx, Council>;
type Services = Register<ServiceId, ServiceIx, Named>;
type Specialties = Register<SpecialtyId, SpecialtyIx, Specialty>;

/// A site to be: name, region, and beds by specialty.
#[derive(Debug, Clone)]
pub struct SiteSketch {
    pub id: String,
    pub region: String,
    pub beds: BTreeMap<String, f64>,
    /// Its trust; one of its own where none is named.
    pub trust: Option<String>,
    /// Its hospital group.
    pub group: Option<String>,
    /// Smallest and largest size.
    pub sizes: (Option<f64>, Option<f64>),
}

impl SiteSketch {
    /// The same site in a trust.
    pub fn of_trust(self, trust: &str) -> Self {
        Self { trust: Some(trust.into()), ..self }
    }
    /// The same site with a smallest and a largest size.
    pub fn of_size(self, smallest: f64, largest: f64) -> Self {
        Self { sizes: (Some(smallest), Some(largest)), ..self }
    }
    /// The same site in a hospital group.
    pub fn of_group(self, group: &str) -> Self {
        Self { group: Some(group.into()), ..self }
    }
}

/// An area to be: name, region, council, need by specialty, minutes to sites.
#[derive(Debug, Clone)]
pub struct AreaSketch {
    pub id: String,
    pub region: String,
    pub council: String,
    pub need: BTreeMap<String, f64>,
    pub minutes: BTreeMap<String, f64>,
}

/// A care system to be.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub sites: Vec<SiteSketch>,
    pub areas: Vec<AreaSketch>,
    pub policy: Policy,
    /// Spend by council and service.
    pub spend: Vec<(String, String, f64)>,
    /// Delayed beds by council and specialty.
    pub delays: Vec<(String, String, f64)>,
}

/// A policy with every part off that can be off.
pub fn plain_policy(new_beds: f64, cap: f64) -> Policy {
    Policy { pool: pool(new_beds), occupancy: caps(cap, []), ..default_policy() }
}

/// Councils' money with two services: children, then older people, as the register orders their names.
pub fn social_care(pooled_fund: f64) -> SocialCare {
    care_system::social_care(pooled_fund, 1, [(0, 0.98), (1, 0.9)])
}

pub fn site(id: &str, region: &str, beds: &[(&str, f64)]) -> SiteSketch {
    SiteSketch {
        id: id.into(),
        region: region.into(),
        beds: named(beds),
        trust: None,
        group: None,
        sizes: (None, None),
    }
}

/// Beds move among sites, at most a share of each site's.
pub fn reallocation(scope: ReallocationScope, limit: f64) -> Reallocation {
    Reallocation { scope, limit: Proportion(limit), cost_per_bed: Pounds(278_000.0) }
}

/// Beds change specialty at a site, at most a share of each specialty's.
pub fn conversion(limit: f64) -> Conversion {
    Conversion { limit: Proportion(limit), cost_per_bed: Pounds(20_000.0) }
}

/// A site that may open or close, at £ a year.
pub fn choice(system: &CareSystem, site: &str, choice: Choice, fixed_cost: f64) -> SiteChoice {
    SiteChoice {
        site: system.sites.find(site).expect("a site of the sketch"),
        choice,
        fixed_cost: Pounds(fixed_cost),
        origin: Origin { file: "sketch.yaml".into(), line: 1 },
    }
}

/// Protected beds of a site, or of one of its specialties.
pub fn protection(system: &CareSystem, site: &str, specialty: Option<&str>) -> Protection {
    Protection {
        site: system.sites.find(site).expect("a site of the sketch"),
        specialty: specialty.map(|id| system.specialties.find(id).expect("a specialty of the sketch")),
        why: "agreed".into(),
        origin: Origin { file: "sketch.yaml".into(), line: 1 },
    }
}

pub fn area(
    id: &str,
    region: &str,
    council: &str,
    need: &[(&str, f64)],
    minutes: &[(&str, f64)],
) -> AreaSketch {
    AreaSketch {
        id: id.into(),
        region: region.into(),
        council: council.into(),
        need: named(need),
        minutes: named(minutes),
    }
}

fn named(pairs: &[(&str, f64)]) -> BTreeMap<String, f64> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

/// England aggregated to one area and one site, 1999-00.
pub fn england_1999() -> Sketch {
    Sketch {
        sites: vec![site("ENGLAND", "England", &[("GA", 135_080.0)])],
        areas: vec![area("ENG", "England", "Council", &[("GA", 0.84 * 135_080.0)], &[("ENGLAND", 10.0)])],
        policy: plain_policy(2_100.0, 0.82),
        spend: Vec::new(),
        delays: Vec::new(),
    }
}

/// Two regions, three sites, two specialties, two councils: every family can be made to appear.
pub fn two_regions() -> Sketch {
    Sketch {
        sites: vec![
            site("S1", "North", &[("100", 40.0), ("300", 100.0)]),
            site("S2", "North", &[("300", 60.0)]),
            site("S3", "South", &[("100", 30.0), ("300", 80.0)]),
        ],
        areas: vec![
            area("A1", "North", "C1", &[("100", 30.0), ("300", 90.0)], &[("S1", 10.0), ("S2", 35.0)]),
            area(
                "A2",
                "North",
                "C1",
                &[("100", 12.0), ("300", 70.0)],
                &[("S1", 30.0), ("S2", 15.0), ("S3", 42.0)],
            ),
            area("A3", "South", "C2", &[("100", 28.0), ("300", 85.0)], &[("S3", 12.0), ("S2", 44.0)]),
        ],
        policy: plain_policy(10.0, 0.82),
        spend: Vec::new(),
        delays: Vec::new(),
    }
}

impl Sketch {
    /// The system and its travel times.
    pub fn build(&self) -> (CareSystem, TravelTimes) {
        let system = self.system();
        let network = TravelNetwork::build(&system.travel).expect("the sketch has sound travel data");
        let times = network.travel_times(system.policy.reach.longest());
        (system, times)
    }

    fn system(&self) -> CareSystem {
        let set = |names: Vec<&String>| names.into_iter().cloned().collect::<BTreeSet<_>>();
        let region_names =
            set(self.sites.iter().map(|s| &s.region).chain(self.areas.iter().map(|a| &a.region)).collect());
        let council_names = set(self.areas.iter().map(|a| &a.council).collect());
        let specialty_names = set(self.sites.iter().flat_map(|s| s.beds.keys()).collect());
        let service_names = set(self.spend.iter().map(|(_, service, _)| service).collect());

        let regions = Register::new(region_names.iter().map(|n| (id(RegionId::new, n), name(n))));
        let region = |n: &String| regions.find(n.as_str()).expect("a region of the sketch");
        let budgets: BTreeMap<&String, f64> = self.spend.iter().fold(BTreeMap::new(), |mut all, row| {
            *all.entry(&row.0).or_insert(0.0) += row.2;
            all
        });
        let councils = Register::new(council_names.iter().map(|n| {
            let home = self.areas.iter().find(|a| a.council == *n).expect("a council has an area");
            let budget = Pounds(budgets.get(n).copied().unwrap_or(0.0));
            (id(CouncilId::new, n), Council { name: n.clone(), region: region(&home.region), budget })
        }));
        let commissioners = Register::new(region_names.iter().map(|n| (id(CommissionerId::new, n), name(n))));
        let trust_of = |s: &SiteSketch| s.trust.clone().unwrap_or_else(|| s.id.clone());
        let trust_names: BTreeSet<String> = self.sites.iter().map(trust_of).collect();
        let trusts = Register::new(trust_names.iter().map(|n| (id(TrustId::new, n), name(n))));
        let group_names = set(self.sites.iter().filter_map(|s| s.group.as_ref()).collect());
        let groups = Register::new(group_names.iter().map(|n| (id(GroupId::new, n), name(n))));
        let specialties = Register::new(specialty_names.iter().map(|n| {
            let family = FamilyId::new("general").expect("a name");
            (id(SpecialtyId::new, n), Specialty { name: n.clone(), family, emergency_share: Proportion(0.5) })
        }));
        let services = Register::new(service_names.iter().map(|n| (id(ServiceId::new, n), name(n))));
        let place = |position: usize| Place { longitude: position as f64 * 0.01, latitude: 52.0 };
        let sites = Register::new(self.sites.iter().enumerate().map(|(position, s)| {
            let site = Site {
                name: s.id.clone(),
                trust: trusts.find(trust_of(s).as_str()).expect("a trust of the sketch"),
                group: s.group.as_ref().and_then(|group| groups.find(group.as_str())),
                commissioner: commissioners.find(s.region.as_str()).expect("a commissioner of the sketch"),
                region: region(&s.region),
                kind: SiteKind::Acute,
                place: place(position),
                smallest_beds: s.sizes.0.map(Beds),
                largest_beds: s.sizes.1.map(Beds),
            };
            (id(SiteId::new, &s.id), site)
        }));
        let areas = Register::new(self.areas.iter().enumerate().map(|(position, a)| {
            let area = Area {
                name: a.id.clone(),
                place: place(position),
                population: Persons(a.need.values().sum::<f64>() * 600.0),
                council: councils.find(a.council.as_str()).expect("a council of the sketch"),
                commissioner: commissioners.find(a.region.as_str()).expect("a commissioner of the sketch"),
                region: region(&a.region),
                deprivation_decile: None,
            };
            (id(AreaId::new, &a.id), area)
        }));
        let mut need = Grid::filled(areas.len(), specialties.len(), OccupiedBeds::ZERO);
        let mut known = Vec::new();
        for a in &self.areas {
            let area = areas.find(a.id.as_str()).expect("just registered");
            for (specialty, beds) in &a.need {
                let specialty = specialties.find(specialty.as_str()).expect("a specialty of the sketch");
                need[(area, specialty)] = OccupiedBeds(*beds);
            }
            for (site, minutes) in &a.minutes {
                let site = sites.find(site.as_str()).expect("a site of the sketch");
                known.push(KnownTime { area, site, minutes: Minutes(*minutes), inferred: false });
            }
        }
        let beds = self.bed_stocks(&sites, &specialties);
        let spend = self.spend_grid(&councils, &services);
        let delays = self.delay_grid(&councils, &specialties);
        let travel = TravelData {
            areas: areas.iter().map(|(_, _, area)| area.place).collect(),
            sites: sites.iter().map(|(_, _, site)| site.place).collect(),
            junctions: Vec::new(),
            known,
            edges: Vec::new(),
        };
        CareSystem {
            name: "sketch".into(),
            periods: Register::new([(id(PeriodId::new, "plan"), Period::default())]),
            policy: self.policy.clone(),
            areas,
            sites,
            specialties,
            trusts,
            groups,
            commissioners,
            regions,
            councils,
            services,
            need,
            beds,
            delays,
            spend,
            travel,
            ..empty_system()
        }
    }

    fn bed_stocks(
        &self,
        sites: &Sites,
        specialties: &Specialties,
    ) -> BTreeMap<(SiteIx, SpecialtyIx), BedStock> {
        let mut beds = BTreeMap::new();
        for s in &self.sites {
            let site = sites.find(s.id.as_str()).expect("just registered");
            for (specialty, available) in &s.beds {
                let specialty = specialties.find(specialty.as_str()).expect("just registered");
                let available = Beds(*available);
                beds.insert((site, specialty), BedStock { available, occupied: available * Proportion(0.9) });
            }
        }
        beds
    }

    fn spend_grid(&self, councils: &Councils, services: &Services) -> Grid<CouncilIx, ServiceIx, Pounds> {
        let mut spend = Grid::filled(councils.len(), services.len(), Pounds::ZERO);
        for (council, service, money) in &self.spend {
            let council = councils.find(council.as_str()).expect("a council of the sketch");
            let service = services.find(service.as_str()).expect("a service of the sketch");
            spend[(council, service)] = Pounds(*money);
        }
        spend
    }

    fn delay_grid(
        &self,
        councils: &Councils,
        specialties: &Specialties,
    ) -> Grid<CouncilIx, SpecialtyIx, OccupiedBeds> {
        let mut delays = Grid::filled(councils.len(), specialties.len(), OccupiedBeds::ZERO);
        for (council, specialty, delayed) in &self.delays {
            let council = councils.find(council.as_str()).expect("a council of the sketch");
            let specialty = specialties.find(specialty.as_str()).expect("a specialty of the sketch");
            delays[(council, specialty)] = OccupiedBeds(*delayed);
        }
        delays
    }

    /// What the councils C1 and C2 spend, and delay that their money can release.
    pub fn add_social_care(&mut self) {
        for council in ["C1", "C2"] {
            self.spend.push((council.into(), "children".into(), 20e6));
            self.spend.push((council.into(), "older_people".into(), 30e6));
            self.delays.push((council.into(), "300".into(), 8.0));
        }
    }

    /// Runs the model.
    pub fn run(&self) -> RunEnd {
        self.run_with("highs")
    }

    /// Runs the model with a solver of a name.
    pub fn run_with(&self, solver: &str) -> RunEnd {
        let (system, times) = self.build();
        let options = RunOptions { ranges: true, ..RunOptions::default() };
        let mut make = || choose(solver, SolverOptions::default());
        run(&system, &times, &options, &mut make, &mut Silent).expect("the solver works")
    }

    /// Runs the model, whose result files must stand the check from the files alone.
    pub fn verified(&self) -> RunResult {
        let (system, times) = self.build();
        let result = self.plan();
        check::holds(&system, &times, &result);
        result
    }

    /// Runs the model, which must have a plan.
    pub fn plan(&self) -> RunResult {
        match self.run() {
            RunEnd::Planned(result) => *result,
            other => panic!("a plan was expected, not {other:?}"),
        }
    }
}

fn id<T>(make: impl Fn(&str) -> Option<T>, text: &str) -> T {
    make(text).expect("a name of the sketch is not empty")
}

fn name(text: &str) -> Named {
    Named { name: text.to_owned() }
}
