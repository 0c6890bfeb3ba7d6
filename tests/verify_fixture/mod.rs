//! A care system whose best plan and prices are worked out by hand, and its result folder.
//!
//! Two areas of need 100 and 50, each with a site of 50 beds; cap 0.8; 10 new beds that must be spent.
//! Beds hold (100 + 10) × 0.8 = 88. One council with deliverable delay 5; the fund of £73,000 a year
//! buys 73,000 ÷ (100 × 365) = 2 beds of release. So
//! - unmet = 150 − 88 − 2 = 60;
//! - equal shares: 60 ÷ 150 = 0.4, that is 40 and 20; released 4/3 and 2/3, treated 58 2/3 and 29 1/3;
//! - the first area has its own site in 25 minutes (weighs 5), the second in 10 (weighs nothing); the other
//!   site is 30 minutes away (weighs 10). All new beds at the first site let it treat 48 of its area, and
//!   10 2/3 go to the other site; its 40 unmet count as if they went to their own site:
//!   48 × 5 + 10 2/3 × 10 + 40 × 5 = 546 2/3 patient-bed minutes;
//! - cost = 10 × (£200,000 ÷ 40 + 365 × £200) + £1,073,000 = £1,853,000.

#[path = "../common/care_system.rs"]
mod care_system;

use bedalloc::domain::ids::{
    AreaId, CommissionerId, CouncilId, FamilyId, PeriodId, RegionId, ServiceId, SiteId, SpecialtyId, TrustId,
};
use bedalloc::domain::index::{Grid, Ix, Register};
use bedalloc::domain::period::Period;
use bedalloc::domain::place::Place;
use bedalloc::domain::policy::{Costs, Policy, Reach, SocialCare};
use bedalloc::domain::system::{Area, BedStock, CareSystem, Council, Named, Site, SiteKind, Specialty};
use bedalloc::domain::units::{Beds, Minutes, OccupiedBeds, Persons, Pounds, Proportion};
use bedalloc::network::{SiteTime, TimeSource, TravelTimes};
use care_system::{caps, default_policy, empty_system, one_step, pool, social_care};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

const PLACE: Place = Place { longitude: -1.0, latitude: 52.0 };

fn ix<X: Ix>(position: usize) -> X {
    X::from_usize(position)
}

fn named(name: &str) -> Named {
    Named { name: name.to_owned() }
}

macro_rules! id {
    ($kind:ident, $text:expr) => {
        $kind::new($text).expect("a name")
    };
}

/// The care system.
pub fn system() -> CareSystem {
    let area = |name: &str, region| Area {
        name: name.to_owned(),
        place: PLACE,
        population: Persons(1000.0),
        council: ix(0),
        commissioner: ix(0),
        region: ix(region),
        deprivation_decile: None,
    };
    let site = |name: &str, region| Site {
        name: name.to_owned(),
        trust: ix(0),
        group: None,
        commissioner: ix(0),
        region: ix(region),
        kind: SiteKind::Acute,
        place: PLACE,
        smallest_beds: None,
        largest_beds: None,
    };
    let stock = BedStock { available: Beds(50.0), occupied: OccupiedBeds(45.0) };
    let mut need = Grid::filled(2, 1, OccupiedBeds(100.0));
    need[(ix(1), ix(0))] = OccupiedBeds(50.0);
    let specialty = Specialty {
        name: "General Medicine".to_owned(),
        family: id!(FamilyId, "medicine"),
        emergency_share: Proportion(0.5),
    };
    let council = Council { name: "Midshire".to_owned(), region: ix(0), budget: Pounds(1e6) };
    CareSystem {
        name: "by hand".to_owned(),
        areas: Register::new([
            (id!(AreaId, "A1"), area("Northtown", 0)),
            (id!(AreaId, "A2"), area("Southtown", 1)),
        ]),
        sites: Register::new([
            (id!(SiteId, "H1"), site("North Infirmary", 0)),
            (id!(SiteId, "H2"), site("South Infirmary", 1)),
        ]),
        specialties: Register::new([(id!(SpecialtyId, "300"), specialty)]),
        trusts: Register::new([(id!(TrustId, "RXX"), named("Midshire Hospitals"))]),
        commissioners: Register::new([(id!(CommissionerId, "Q1"), named("Midshire"))]),
        regions: Register::new([
            (id!(RegionId, "North"), named("North")),
            (id!(RegionId, "South"), named("South")),
        ]),
        councils: Register::new([(id!(CouncilId, "C1"), council)]),
        services: Register::new([(id!(ServiceId, "older_people"), named("Older people"))]),
        periods: Register::new([(id!(PeriodId, "1"), Period::default())]),
        need,
        beds: BTreeMap::from([((ix(0), ix(0)), stock), ((ix(1), ix(0)), stock)]),
        delays: Grid::filled(1, 1, OccupiedBeds(10.0)),
        spend: Grid::filled(1, 1, Pounds(1e6)),
        policy: policy(),
        ..empty_system()
    }
}

fn policy() -> Policy {
    let defaults = default_policy();
    Policy {
        pool: pool(10.0),
        occupancy: caps(0.8, []),
        reach: Reach { steep_after: Minutes(60.0), nearest_sites: Some(8), ..defaults.reach },
        social_care: Some(SocialCare {
            discharge_curve: one_step(100.0),
            touchable: Proportion(1.0),
            irreducible: Proportion(0.5),
            ..social_care(73_000.0, 0, [])
        }),
        costs: Costs {
            capital_per_bed: Pounds(200_000.0),
            capital_life_years: 40.0,
            revenue_per_bed_day: Pounds(200.0),
        },
        ..defaults
    }
}

/// The first area 25 minutes from its own site, the second 10, and 30 from the other.
pub fn times() -> TravelTimes {
    let to =
        |site, minutes| SiteTime { site: ix(site), minutes: Minutes(minutes), source: TimeSource::Known };
    TravelTimes::new(Minutes(45.0), vec![vec![to(0, 25.0), to(1, 30.0)], vec![to(0, 30.0), to(1, 10.0)]])
}

const FILES: [(&str, &str); 9] = [
    (
        "allocation.csv",
        "site,name,trust,commissioner,region,specialty,period,beds_before,new,reallocated_in,\
reallocated_out,converted_to,converted_from,closed,beds_after,occupied_beds,occupancy_cap,occupancy
H1,North Infirmary,RXX,Q1,North,300,1,50,10,0,0,0,0,0,60,48,0.8,0.8
H2,South Infirmary,RXX,Q1,South,300,1,50,0,0,0,0,0,0,50,40,0.8,0.8
",
    ),
    (
        "areas.csv",
        "area,period,need_beds,treated_beds,released_beds,prevented_beds,unmet_beds,mean_minutes
A1,1,100,58.666666667,1.333333333,0,40,25.909090909
A2,1,50,29.333333333,0.666666667,0,20,10
",
    ),
    (
        "regions.csv",
        "region,name,period,beds_before,new,beds_after,occupied_beds,need_beds,unmet_beds,unmet_beds_before,unmet_share
North,North,1,50,10,60,48,100,40,46.666666667,0.4
South,South,1,50,0,50,40,50,20,23.333333333,0.4
",
    ),
    // Today's beds hold 80 of a need of 150; the 70 left are shared out fairly.
    (
        "specialties.csv",
        "specialty,name,region,region_name,period,beds_before,new,beds_after,occupied_beds,\
need_beds,treated_beds,released_beds,prevented_beds,unmet_beds,unmet_beds_before,unmet_share
300,General Medicine,North,North,1,50,10,60,48,100,58.666666667,1.333333333,0,40,46.666666667,0.4
300,General Medicine,South,South,1,50,0,50,40,50,29.333333333,0.666666667,0,20,23.333333333,0.4
",
    ),
    (
        "commissioners.csv",
        "commissioner,name,period,beds_before,new,beds_after,occupied_beds,need_beds,unmet_beds,unmet_share
Q1,Midshire,1,100,10,110,88,150,60,0.4
",
    ),
    (
        "trusts.csv",
        "trust,name,period,beds_before,new,beds_after,occupied_beds,occupancy_cap,need_beds
RXX,Midshire Hospitals,1,100,10,110,88,0.8,
",
    ),
    (
        "social_care.csv",
        "council,service,period,spend_before_gbp,floor_gbp,spend_after_gbp,released_beds,received_by_council_gbp
C1,older_people,1,1000000,1000000,1073000,2,73000
",
    ),
    ("release.csv", "council,specialty,period,deliverable_beds,released_beds\nC1,300,1,5,2\n"),
    (
        "summary.json",
        r#"{"status": "optimal",
"objective": {"unmet": {"value": 60}, "inequality": {"value": 0.4}, 
  "travel": {"value": 546.666666667, "treated": 346.666666667, "unmet_as_to_nearest": 200},
  "disruption": {"value": 0}, "cost": {"value": 1853000}},
"need_beds": 150, "unmet_beds": 60, "unmet_beds_before": 70, "new_beds": 10,
"regions": [{"region": "North", "new_beds": 10, "need_beds": 100, "unmet_beds": 40, "unmet_share": 0.4},
  {"region": "South", "new_beds": 0, "least_beds": 0, "most_beds": 0, "need_beds": 50, "unmet_beds": 20}],
"levels": [{"name": "unmet", "value": 60, "bound": 60}, {"name": "inequality_1", "value": 0.4, "bound": 0.4},
  {"name": "travel", "value": 546.666666667, "bound": 546.666666667},
  {"name": "disruption", "value": 0, "bound": 0}, {"name": "cost", "value": 1853000, "bound": 1853000}]}
"#,
    ),
];

const FLOWS: &str = "area,site,specialty,period,occupied_beds,minutes
A1,H1,300,1,48,25
A1,H2,300,1,10.666666667,30
A2,H2,300,1,29.333333333,10
";

const UNMET: &str = "area,specialty,period,need_beds,treated_beds,released_beds,unmet_beds
A1,300,1,100,58.666666667,1.333333333,40
A2,300,1,50,29.333333333,0.666666667,20
";

/// £ million a year to run and write off a bed, and to release one.
const BED_YEAR: f64 = 0.078;
const RELEASE: f64 = 0.0365;

/// The prices of every level, worked out by hand. A bed at a site is worth 0.8 of its occupied bed; at a
/// level with price m for need in an area, a released bed is worth what the council's areas lose on it.
fn prices() -> String {
    let mut text =
        "level,constraint,area,site,specialty,region,commissioner,trust,council,service,group,term,\
period,position,shadow_price,unit,valid_from,valid_to,binding\n"
            .to_owned();
    let mut add = |level: &str, family: &str, place: [&str; 4], price: f64| {
        let [site, specialty, council, group] = place;
        let row = format!("{level},{family},,{site},{specialty},,,,{council},,{group},,1,,{price},,,,true\n");
        text.push_str(&row);
    };
    for (level, occupied, release) in [
        ("unmet", [1.0, 1.0], 1.0),
        ("inequality_1", [1.0 / 150.0, 1.0 / 150.0], 1.0 / 150.0),
        ("travel", [5.0, 0.0], 20.0 / 3.0),
    ] {
        for (site, worth) in ["H1", "H2"].into_iter().zip(occupied) {
            add(level, "BedCapacity", [site, "300", "", ""], -worth);
            add(level, "BedStock", [site, "300", "", ""], -0.8 * worth);
        }
        add(level, "NewBedPool", [""; 4], -0.8 * occupied[0]);
        add(level, "Discharge", ["", "", "C1", ""], -release);
        add(level, "CouncilBudget", ["", "", "C1", ""], -release / RELEASE);
        add(level, "PooledFund", [""; 4], -release / RELEASE);
    }
    for (group, need) in [("North", 100.0), ("South", 50.0)] {
        add("inequality_1", "GroupUnmet", ["", "", "", group], -1.0 / 150.0);
        add("inequality_1", "UnmetCeiling", ["", "", "", group], -need / 150.0);
    }
    add("travel", "GroupUnmet", ["", "", "", "North"], -5.0);
    add("cost", "NewBedPool", [""; 4], BED_YEAR);
    add("cost", "CouncilBudget", ["", "", "C1", ""], 1.0);
    add("cost", "PooledFund", [""; 4], 1.0);
    text
}

/// The text of a file of the folder, as it is written.
pub fn text_of(name: &str) -> String {
    match name {
        "flows.csv.gz" => FLOWS.to_owned(),
        "unmet.csv.gz" => UNMET.to_owned(),
        "prices.csv" => prices(),
        _ => FILES.iter().find(|(file, _)| *file == name).expect("a file of the folder").1.to_owned(),
    }
}

/// Writes the folder.
pub fn write(folder: &Path) {
    let others = ["flows.csv.gz", "unmet.csv.gz", "prices.csv"];
    for name in FILES.iter().map(|(name, _)| *name).chain(others) {
        write_file(folder, name, &text_of(name));
    }
}

/// Writes one file, packed where its name says so.
pub fn write_file(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    if !name.ends_with(".gz") {
        std::fs::write(path, text).expect("a file");
        return;
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).expect("memory");
    std::fs::write(path, packed.finish().expect("memory")).expect("a file");
}
