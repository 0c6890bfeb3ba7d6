//! A tiny care system and a hand-made result over it: two regions, three areas, two hospitals. No solver
//! has seen the figures; they add up, and that is all they are for.

#[path = "../common/care_system.rs"]
mod care_system;

use bedalloc::domain::ids::{
    AreaId, CommissionerId, CouncilId, FamilyId, PeriodId, ProgrammeId, RegionId, ServiceId, SiteId,
    SpecialtyId, TrustId,
};
use bedalloc::domain::index::{Grid, Register};
use bedalloc::domain::period::Period;
use bedalloc::domain::place::Place;
use bedalloc::domain::policy::{Agreement, Costs, Origin, Pin, Policy, Reach, Scope, SocialCare, Term};
use bedalloc::domain::system::{
    Area, BedStock, CareSystem, Council, Named, Programme, Site, SiteKind, Specialty,
};
use bedalloc::domain::units::{Beds, Minutes, OccupiedBeds, Persons, Pounds, Proportion};
use bedalloc::domain::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, Ix, PeriodIx, RegionIx, ServiceIx, SiteIx, SpecialtyIx,
    TrustIx,
};
use bedalloc::formulation::keys::ConstraintKey;
use bedalloc::network::PairCounts;
use bedalloc::pipeline::RunResult;
use bedalloc::pipeline::price_ranges::PriceRanges;
use bedalloc::pipeline::result::{
    Comparator, ComparatorResult, LevelResult, OutOfReach, RegionRange, Status,
};
use bedalloc::solution::plan::{Flow, NeedOutcome};
use bedalloc::solution::{BedPlan, LevelName, LevelPrices, PriceRange};
use care_system::{caps, default_policy, empty_system, one_step, pool, social_care};
use std::collections::BTreeMap;

/// A position of any kind.
pub fn ix<X: Ix>(position: usize) -> X {
    X::from_usize(position)
}

fn named<Id: Clone + Ord + std::hash::Hash, X: Ix>(
    entries: &[(&str, &str)],
    id: impl Fn(&str) -> Option<Id>,
) -> Register<Id, X, Named> {
    let entry = |(code, name): &(&str, &str)| (id(code).expect("an id"), Named { name: (*name).to_owned() });
    Register::new(entries.iter().map(entry))
}

/// The care system.
pub fn system() -> CareSystem {
    let grid = |rows: usize, values: &[f64]| {
        let columns = values.len() / rows;
        let mut grid = Grid::<AreaIx, SpecialtyIx, OccupiedBeds>::filled(rows, columns, OccupiedBeds::ZERO);
        for (position, &value) in values.iter().enumerate() {
            grid[(ix(position / columns), ix(position % columns))] = OccupiedBeds(value);
        }
        grid
    };
    let mut spend = Grid::filled(2, 2, Pounds::ZERO);
    for (position, million) in [10.0, 30.0, 8.0, 20.0].into_iter().enumerate() {
        spend[(ix::<CouncilIx>(position / 2), ix::<ServiceIx>(position % 2))] = Pounds(million * 1e6);
    }
    let mut delays = Grid::filled(2, 2, OccupiedBeds::ZERO);
    delays[(ix::<CouncilIx>(0), ix::<SpecialtyIx>(1))] = OccupiedBeds(6.0);
    let stock =
        |available, occupied| BedStock { available: Beds(available), occupied: OccupiedBeds(occupied) };
    CareSystem {
        name: "Two regions, one winter".to_owned(),
        areas: areas(),
        sites: sites(),
        specialties: Register::new([
            specialty("100", "General Surgery"),
            specialty("300", "General Medicine"),
        ]),
        trusts: named(&[("RAA", "North Trust"), ("RBB", "South Trust")], TrustId::new),
        commissioners: named(&[("QN", "North Board"), ("QS", "South Board")], CommissionerId::new),
        regions: named(&[("N", "North"), ("S", "South")], RegionId::new),
        councils: Register::new([council("LN", "Northshire", 0, 40.0), council("LS", "Southshire", 1, 28.0)]),
        services: named(&[("children", "Children"), ("older_people", "Older people")], ServiceId::new),
        periods: Register::new([(PeriodId::new("2020").expect("an id"), Period::default())]),
        need: grid(3, &[30.0, 50.0, 20.0, 40.0, 10.0, 60.0]),
        beds: BTreeMap::from([
            ((ix(0), ix(0)), stock(60.0, 55.0)),
            ((ix(0), ix(1)), stock(80.0, 78.5)),
            ((ix(1), ix(1)), stock(50.0, 47.25)),
        ]),
        delays,
        spend,
        policy: policy(),
        programmes: Register::new([(
            ProgrammeId::new("asthma").expect("a name"),
            Programme {
                name: "Asthma care".to_owned(),
                prevented: BTreeMap::new(),
                cost_per_head: Pounds::ZERO,
            },
        )]),
        ..empty_system()
    }
}

fn areas() -> Register<AreaId, AreaIx, Area> {
    let area = |id: &str, name: &str, region: usize, population: f64, decile| {
        let area = Area {
            name: name.to_owned(),
            place: Place { longitude: -1.5, latitude: 53.0 },
            population: Persons(population),
            council: ix(region),
            commissioner: ix(region),
            region: ix(region),
            deprivation_decile: decile,
        };
        (AreaId::new(id).expect("an id"), area)
    };
    Register::new([
        area("E1", "Ashby", 0, 40_000.0, Some(1)),
        area("E2", "Barton, Upper", 0, 30_000.0, Some(5)),
        area("E3", "Corby", 1, 35_000.0, None),
    ])
}

fn sites() -> Register<SiteId, SiteIx, Site> {
    let site = |id: &str, name: &str, place: usize| {
        let site = Site {
            name: name.to_owned(),
            trust: ix::<TrustIx>(place),
            group: None,
            commissioner: ix::<CommissionerIx>(place),
            region: ix::<RegionIx>(place),
            kind: SiteKind::Acute,
            place: Place { longitude: -1.5, latitude: 53.0 },
            smallest_beds: None,
            largest_beds: Some(Beds(200.0)),
        };
        (SiteId::new(id).expect("an id"), site)
    };
    Register::new([site("RAA01", "St Anne's, North", 0), site("RBB01", "South Infirmary", 1)])
}

fn specialty(id: &str, name: &str) -> (SpecialtyId, Specialty) {
    let family = FamilyId::new("adult").expect("an id");
    let specialty = Specialty { name: name.to_owned(), family, emergency_share: Proportion(0.7) };
    (SpecialtyId::new(id).expect("an id"), specialty)
}

fn council(id: &str, name: &str, region: usize, million: f64) -> (CouncilId, Council) {
    let council = Council { name: name.to_owned(), region: ix(region), budget: Pounds(million * 1e6) };
    (CouncilId::new(id).expect("an id"), council)
}

fn policy() -> Policy {
    let origin = |line| Origin { file: "models/two.yaml".to_owned(), line };
    let agreement = |scope, min: Option<f64>, max: Option<f64>, line| Agreement {
        scope,
        min: min.map(Beds),
        max: max.map(Beds),
        origin: origin(line),
    };
    let pin = |specialty, beds, line| Pin {
        site: ix(1),
        specialty,
        beds: Beds(beds),
        why: "agreed".to_owned(),
        origin: origin(line),
    };
    let defaults = default_policy();
    Policy {
        pool: pool(12.0),
        occupancy: caps(0.9, [(1, 0.85)]),
        reach: Reach { steep_after: Minutes(60.0), nearest_sites: Some(8), ..defaults.reach },
        growth_limit: Some(Proportion(0.25)),
        agreements: vec![
            agreement(Scope::Region(ix(0)), Some(2.0), Some(10.0), 12),
            agreement(Scope::Commissioner(ix(1)), None, Some(9.0), 13),
            agreement(Scope::Trust(ix(0)), Some(1.0), None, 14),
        ],
        pins: vec![pin(Some(ix(1)), 5.0, 20), pin(None, 5.0, 21)],
        social_care: Some(SocialCare {
            discharge_curve: one_step(70.0),
            touchable: Proportion(0.8),
            irreducible: Proportion(0.25),
            ..social_care(1e6, 1, [(0, 0.98), (1, 0.9)])
        }),
        costs: Costs {
            capital_per_bed: Pounds(300_000.0),
            capital_life_years: 30.0,
            revenue_per_bed_day: Pounds(400.0),
        },
        ..defaults
    }
}

/// Journeys beyond 20 minutes of those treated (286.6 patient-bed minutes), and of unmet need as if it went
/// to the nearest site: 8.55 beds 1/3 of a minute, 3.75 beds 24 minutes.
const TRAVEL: f64 = 49.85 / 3.0 + 11.25 * 24.0 + 8.55 / 3.0 + 3.75 * 24.0;

/// The result.
pub fn result() -> RunResult {
    let period: PeriodIx = ix(0);
    let level =
        |name, value, unit, merged| LevelResult { name, value, bound: value, unit, size: (14, 20), merged };
    let [north, south]: [RegionIx; 2] = [ix(0), ix(1)];
    RunResult {
        status: Status::Optimal,
        plan: plan(period),
        levels: vec![
            level(LevelName::Term(Term::Unmet, 1), 34.55, Term::Unmet.unit(), true),
            level(LevelName::Term(Term::Inequality, 1), 22.55 / 140.0, Term::Inequality.unit(), true),
            level(LevelName::Term(Term::Inequality, 2), 12.0 / 70.0, Term::Inequality.unit(), true),
            LevelResult {
                bound: TRAVEL - 8.5,
                ..level(LevelName::Term(Term::Travel, 1), TRAVEL, Term::Travel.unit(), false)
            },
        ],
        prices: prices(period),
        price_ranges: price_ranges(period),
        terms: BTreeMap::from([
            (Term::Unmet, 34.55),
            (Term::Inequality, 12.0 / 70.0),
            (Term::Travel, TRAVEL),
            (Term::Disruption, 0.0),
            (Term::Cost, 69_872_000.0),
        ]),
        comparators: Comparator::ALL
            .into_iter()
            .zip([(0.0, 30.2, 18.4), (8.0, 24.3, 14.0), (8.0, 24.3, 14.0), (4.5, 26.1, 10.5)])
            .map(|(comparator, (beds, in_north, in_south))| ComparatorResult {
                comparator,
                new_beds: BTreeMap::from([
                    (north, Beds(beds)),
                    (south, Beds(if beds > 0.0 { 12.0 - beds } else { 0.0 })),
                ]),
                unmet: OccupiedBeds(in_north + in_south),
                group_shares: BTreeMap::from([
                    (ix::<EquityGroupIx>(0), Proportion(in_north / 140.0)),
                    (ix(1), Proportion(in_south / 70.0)),
                ]),
                region_unmet: BTreeMap::from([
                    ((north, period), OccupiedBeds(in_north)),
                    ((south, period), OccupiedBeds(in_south)),
                ]),
                // The first specialty has a quarter of the north's, and nothing of the south's.
                specialty_unmet: BTreeMap::from([
                    ((north, ix(0), period), OccupiedBeds(in_north / 4.0)),
                    ((north, ix(1), period), OccupiedBeds(in_north * 0.75)),
                    ((south, ix(1), period), OccupiedBeds(in_south)),
                ]),
            })
            .collect(),
        refusals: None,
        whole_beds: None,
        ties_left_open: false,
        ranges: Some(vec![
            RegionRange { region: north, least: Beds(6.5), most: Beds(7.0) },
            RegionRange { region: south, least: Beds(5.0), most: Beds(5.5) },
        ]),
        pairs: PairCounts { known: 4, inferred: 1, fallback: 1 },
        sites: None,
        out_of_reach: OutOfReach { areas: 1, need: OccupiedBeds(10.0) },
        solver: ("hand".to_owned(), "1".to_owned()),
    }
}

fn plan(period: PeriodIx) -> BedPlan {
    let flow = |area: usize, site: usize, specialty: usize, treated: f64, minutes: f64| Flow {
        area: ix(area),
        site: ix(site),
        specialty: ix(specialty),
        period,
        treated: OccupiedBeds(treated),
        minutes: Minutes(minutes),
    };
    let outcome = |need: f64, treated: f64, released: f64| NeedOutcome {
        need: OccupiedBeds(need),
        treated: OccupiedBeds(treated),
        released: OccupiedBeds(released),
        unmet: OccupiedBeds(need - treated - released),
        ..NeedOutcome::default()
    };
    let needs = [
        (0, 0, outcome(30.0, 30.0, 0.0)),
        (0, 1, outcome(50.0, 34.0, 2.0)),
        (1, 0, outcome(20.0, 20.0, 0.0)),
        (1, 1, outcome(40.0, 29.85, 1.6)),
        (2, 0, outcome(10.0, 6.25, 0.0)),
        (2, 1, outcome(60.0, 51.75, 0.0)),
    ];
    let spend = [(0, 0, 10.0), (0, 1, 30.12), (1, 0, 8.0), (1, 1, 20.0)];
    BedPlan {
        moves: BTreeMap::new(),
        new_beds: BTreeMap::from([
            ((ix(0), ix(0), period), Beds(2.5)),
            ((ix(0), ix(1), period), Beds(4.5)),
            ((ix(1), ix(1), period), Beds(5.0)),
        ]),
        flows: vec![
            flow(0, 0, 0, 30.0, 12.5),
            flow(0, 0, 1, 34.0, 12.5),
            flow(1, 0, 0, 20.0, 1.0 / 3.0 * 61.0),
            flow(1, 0, 1, 29.85, 61.0 / 3.0),
            flow(2, 0, 0, 6.25, 44.0),
            flow(2, 0, 1, 5.0, 44.0),
            flow(2, 1, 1, 46.75, 8.0),
        ],
        needs: needs.into_iter().map(|(area, specialty, o)| ((ix(area), ix(specialty), period), o)).collect(),
        spend: spend
            .into_iter()
            .map(|(council, service, million)| ((ix(council), ix(service), period), Pounds(million * 1e6)))
            .collect(),
        pooled: BTreeMap::from([((ix(0), period), Pounds(120_000.0)), ((ix(1), period), Pounds::ZERO)]),
        ..BedPlan::default()
    }
}

/// The pool's price holds both ways, that of the ceiling for fewer beds only, that of the budget for any more.
fn price_ranges(period: PeriodIx) -> PriceRanges {
    let unmet = LevelName::Term(Term::Unmet, 1);
    let range = |bound, from, to| PriceRange { bound, from, to };
    BTreeMap::from([
        ((unmet, ConstraintKey::NewBedPool { period }), range(12.0, Some(8.5), Some(26.25))),
        ((unmet, ConstraintKey::Agreement { position: 1, period }), range(9.0, Some(7.0), Some(9.0))),
        ((unmet, ConstraintKey::CouncilBudget { council: ix(0), period }), range(1.3, Some(1.1 + 0.1), None)),
    ])
}

fn prices(period: PeriodIx) -> Vec<LevelPrices> {
    let unmet = vec![
        (ConstraintKey::BedCapacity { site: ix(0), specialty: ix(1), period }, -1.0),
        (ConstraintKey::BedStock { site: ix(0), specialty: ix(1), period }, -0.85),
        (ConstraintKey::NewBedPool { period }, -0.849_999_999_999_999_9),
        (ConstraintKey::Agreement { position: 1, period }, -1.0 / 3.0),
        (ConstraintKey::Pin { position: 0, period }, 0.1 + 0.2),
        (ConstraintKey::CouncilBudget { council: ix(0), period }, -39.138_943_248_532_29),
    ];
    let inequality = vec![(ConstraintKey::UnmetCeiling { group: ix(1), period }, -1.0)];
    vec![
        LevelPrices { level: LevelName::Term(Term::Unmet, 1), prices: unmet },
        LevelPrices { level: LevelName::Term(Term::Inequality, 1), prices: inequality },
        LevelPrices {
            level: LevelName::Term(Term::Cost, 1),
            prices: vec![(ConstraintKey::TermHold { term: Term::Cost }, 1e-300)],
        },
    ]
}
