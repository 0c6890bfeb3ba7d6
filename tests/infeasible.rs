//! Demands that cannot all be met: which collide, and what would make them fit.

mod sketch;

use bedalloc::domain::measures::{MoneyLimit, RegionStaff};
use bedalloc::domain::moves::ReallocationScope;
use bedalloc::domain::policy::{Agreement, Origin, Pin, Scope};
use bedalloc::domain::system::CareSystem;
use bedalloc::domain::units::{Beds, Nurses, Pounds, Proportion};
use bedalloc::formulation::constraints::beds::largest_size;
use bedalloc::formulation::demands::Demand;
use bedalloc::formulation::keys::ConstraintKey;
use bedalloc::lp::BoundSide;
use bedalloc::pipeline::{RunEnd, RunOptions, Silent, judge, run};
use bedalloc::solution::Conflict;
use bedalloc::solution::conflict::Change;
use bedalloc::solution::conflict_words::conflict_line_words;
use bedalloc::solution::repair_words::change_words;
use bedalloc::solver::{SolverOptions, choose};
use proptest::prelude::*;
use sketch::{Sketch, protection, site, two_regions};

const REGIONS: [&str; 2] = ["North", "South"];

fn conflict_of(sketch: &Sketch) -> Option<Conflict> {
    conflict_by(&sketch.build().0, "highs")
}

fn conflict_by(system: &CareSystem, solver: &str) -> Option<Conflict> {
    judge(system, &mut || choose(solver, SolverOptions::default())).expect("an answer")
}

fn at(line: usize) -> Origin {
    Origin { file: "model.yaml".into(), line }
}

fn agreement(
    system: &CareSystem,
    region: &str,
    min: Option<f64>,
    max: Option<f64>,
    line: usize,
) -> Agreement {
    let scope = Scope::Region(system.regions.find(region).expect("a region of the sketch"));
    Agreement { scope, min: min.map(Beds), max: max.map(Beds), origin: at(line) }
}

fn trust(system: &CareSystem, trust: &str, min: Option<f64>, max: Option<f64>, line: usize) -> Agreement {
    let scope = Scope::Trust(system.trusts.find(trust).expect("a trust of the sketch"));
    Agreement { scope, min: min.map(Beds), max: max.map(Beds), origin: at(line) }
}

fn pin(system: &CareSystem, site: &str, beds: f64, line: usize) -> Pin {
    let site = system.sites.find(site).expect("a site of the sketch");
    Pin { site, specialty: None, beds: Beds(beds), why: "agreed".into(), origin: at(line) }
}

/// Makes a change to the policy itself, so that what a repair says can be tried by a model of its own.
fn apply(sketch: &mut Sketch, change: &Change, part: f64) {
    use ConstraintKey as K;
    let (system, _) = sketch.build();
    let by = change.by * part;
    let policy = &mut sketch.policy;
    match change.demand {
        Demand::Row(K::NewBedPool { .. }, BoundSide::Upper) => policy.pool.total += Beds(by),
        // Giving out less than the whole: as much less is the new total.
        Demand::Row(K::NewBedPool { .. }, BoundSide::Lower) => policy.pool.total += Beds(-by),
        Demand::Row(K::Agreement { position, .. }, side) => {
            let rule = &mut policy.agreements[usize::from(position)];
            match side {
                BoundSide::Lower => rule.min = rule.min.map(|min| min - Beds(by)),
                BoundSide::Upper => rule.max = rule.max.map(|max| max + Beds(by)),
            }
        }
        Demand::Row(K::Pin { position, .. }, side) => {
            let rule = &mut policy.pins[usize::from(position)];
            rule.beds += Beds(if side == BoundSide::Lower { -by } else { by });
        }
        Demand::Row(K::SiteSize { site, .. }, side) => {
            // The growth limit is one number for all sites: each site's largest size says the same by itself.
            policy.growth_limit = None;
            for sketched in &mut sketch.sites {
                let ix = system.sites.find(sketched.id.as_str()).expect("a site of the sketch");
                sketched.sizes.1 = largest_size(&system, ix).map(|most| most.0);
                if ix == site {
                    match side {
                        BoundSide::Lower => sketched.sizes.0 = sketched.sizes.0.map(|least| least - by),
                        BoundSide::Upper => sketched.sizes.1 = sketched.sizes.1.map(|most| most + by),
                    }
                }
            }
        }
        Demand::Row(K::CapitalLimit { .. }, _) => {
            let capital = policy.money.every.capital.expect("a limit");
            policy.money.every.capital = Some(capital + Pounds(by * 1e6));
        }
        Demand::Row(K::NurseLimit { region, .. }, _) => {
            let staff = policy.staff.get_mut(&region).expect("a limit");
            staff.nurses += Nurses(by);
        }
        other => panic!("no way to make the change {other:?}"),
    }
}

/// Floors, ceilings, pins, growth limits, money and nurses at random: often too many.
fn crowded() -> impl Strategy<Value = Sketch> {
    let scopes = prop::collection::vec((0usize..2, 0.0..40.0f64, 0.0..40.0f64), 0..3);
    let trusts = prop::collection::vec((0usize..3, 0.0..30.0f64, 0.0..30.0f64), 0..3);
    let pins = prop::option::of((0usize..3, 0.0..30.0f64));
    let limits =
        (prop::option::of(0.0..0.2f64), prop::option::of(0.0..12.0f64), prop::option::of(0.9..1.1f64));
    (5.0..40.0f64, any::<bool>(), scopes, trusts, pins, limits).prop_map(
        |(pool, must_spend, scopes, trusts, pinned, (growth, capital, nurses))| {
            let mut sketch = two_regions();
            let (system, _) = sketch.build();
            let policy = &mut sketch.policy;
            policy.pool.total = Beds(pool);
            policy.pool.must_spend = must_spend;
            policy.growth_limit = growth.map(Proportion);
            let regions = scopes
                .into_iter()
                .map(|(n, min, most)| agreement(&system, REGIONS[n], Some(min), Some(most.max(min)), 10 + n));
            let of_trusts = trusts.into_iter().map(|(n, min, most)| {
                trust(&system, ["S1", "S2", "S3"][n], (n > 0).then_some(min), Some(most), 20 + n)
            });
            policy.agreements = regions.chain(of_trusts).collect();
            policy.pins =
                pinned.iter().map(|&(n, beds)| pin(&system, ["S1", "S2", "S3"][n], beds, 30)).collect();
            policy.money.every.capital = capital.map(|million| Pounds(million * 1e6));
            if let Some(share) = nurses {
                let north = system.regions.find("North").expect("a region of the sketch");
                let staff = RegionStaff { nurses: Nurses(200.0 * 1.1 * share), per_bed: 1.1 };
                policy.staff.insert(north, staff);
            }
            sketch
        },
    )
}

/// A policy with only the demands of a conflict, less one of them.
fn only(sketch: &Sketch, conflict: &Conflict, less: Option<usize>) -> Sketch {
    use ConstraintKey as K;
    let has = |wanted: &dyn Fn(Demand) -> bool| {
        conflict.members.iter().enumerate().any(|(n, line)| Some(n) != less && wanted(line.demand()))
    };
    let mut left = sketch.clone();
    let (system, _) = sketch.build();
    let policy = &mut left.policy;
    let is = |demand: Demand, key: ConstraintKey, side| match demand {
        Demand::Row(found, at) => at == side && format!("{found:?}") == format!("{key:?}"),
        _ => false,
    };
    let (low, high) = (BoundSide::Lower, BoundSide::Upper);
    let period = bedalloc::domain::Ix::from_usize(0);
    if !has(&|d| is(d, K::NewBedPool { period }, low)) {
        policy.pool.must_spend = false;
    }
    if !has(&|d| is(d, K::NewBedPool { period }, high)) {
        // Beds that nobody counts: as many as anybody may ask for, none of them forced.
        policy.pool.total = Beds(1e4);
        policy.pool.must_spend = false;
    }
    for (position, rule) in (0u16..).zip(policy.agreements.iter_mut()) {
        rule.min = rule.min.filter(|_| has(&|d| is(d, K::Agreement { position, period }, low)));
        rule.max = rule.max.filter(|_| has(&|d| is(d, K::Agreement { position, period }, high)));
    }
    if policy.money.every != MoneyLimit::default() && !has(&|d| is(d, K::CapitalLimit { period }, high)) {
        policy.money.every = MoneyLimit::default();
    }
    policy.staff.retain(|&region, _| has(&|d| is(d, K::NurseLimit { region, period }, high)));
    let growth = policy.growth_limit.take();
    for site in &mut left.sites {
        let ix = system.sites.find(site.id.as_str()).expect("a site of the sketch");
        let today: f64 = site.beds.values().sum();
        let kept = growth.filter(|_| has(&|d| is(d, K::SiteSize { site: ix, period }, high)));
        site.sizes = (None, kept.map(|limit| today * (1.0 + limit.0)));
    }
    left
}

fn ends_infeasible(sketch: &Sketch) -> bool {
    let (system, times) = sketch.build();
    let options = RunOptions::default();
    let mut solver = || choose("highs", SolverOptions::default());
    let end = run(&system, &times, &options, &mut solver, &mut Silent).expect("an answer");
    matches!(end, RunEnd::Infeasible(_))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_repair_makes_the_model_solve_and_a_smaller_one_does_not(sketch in crowded()) {
        let Some(conflict) = conflict_of(&sketch) else { return Ok(()) };
        prop_assert!(!conflict.repair.is_empty());
        let mut repaired = sketch.clone();
        for change in &conflict.repair {
            apply(&mut repaired, change, 1.0);
        }
        prop_assert!(conflict_of(&repaired).is_none(), "{:?}", conflict.repair);
        prop_assert!(!ends_infeasible(&repaired));
        for smaller in 0..conflict.repair.len() {
            let mut nearly = sketch.clone();
            for (n, change) in conflict.repair.iter().enumerate() {
                apply(&mut nearly, change, if n == smaller { 0.99 } else { 1.0 });
            }
            prop_assert!(
                conflict.repair[smaller].by < 1e-3 || conflict_of(&nearly).is_some(),
                "{:?} could give less",
                conflict.repair[smaller]
            );
        }
    }

    #[test]
    fn a_conflict_is_infeasible_alone_and_feasible_when_any_member_goes(sketch in crowded()) {
        // With a pin the model's own rules cannot be taken apart one side at a time.
        prop_assume!(sketch.policy.pins.is_empty());
        let Some(conflict) = conflict_of(&sketch) else { return Ok(()) };
        let pool = |side| conflict.members.iter().any(|line| {
            matches!(line.demand(), Demand::Row(ConstraintKey::NewBedPool { .. }, found) if found == side)
        });
        // Beds that must be given out, of a pool that nobody limits: no model says that.
        prop_assume!(!pool(BoundSide::Lower));
        prop_assert!(ends_infeasible(&only(&sketch, &conflict, None)), "{:?}", conflict.members);
        for n in 0..conflict.members.len() {
            let left = only(&sketch, &conflict, Some(n));
            prop_assert!(!ends_infeasible(&left), "{:?} is not needed", conflict.members[n]);
        }
    }

    #[test]
    fn a_change_alone_does_what_it_says(sketch in crowded()) {
        let Some(conflict) = conflict_of(&sketch) else { return Ok(()) };
        for change in conflict.alone.iter().flatten() {
            let mut changed = sketch.clone();
            apply(&mut changed, change, 1.0);
            prop_assert!(conflict_of(&changed).is_none(), "{change:?}");
            let mut nearly = sketch.clone();
            apply(&mut nearly, change, 0.99);
            prop_assert!(change.by < 1e-3 || conflict_of(&nearly).is_some(), "{change:?} could be less");
        }
    }

    #[test]
    fn another_solver_finds_a_repair_of_the_same_weight(sketch in crowded()) {
        let weighs = |conflict: Option<Conflict>| {
            conflict.map_or(0.0, |conflict| conflict.repair.iter().map(|change| change.weighs).sum::<f64>())
        };
        let (system, _) = sketch.build();
        let (one, other) = (weighs(conflict_by(&system, "highs")), weighs(conflict_by(&system, "microlp")));
        prop_assert!((one - other).abs() < 1e-5 * one.max(1.0), "{one} against {other}");
    }
}

/// North asks for 20 of 10 beds. To lower the floor counts 2 a bed, to find more beds 4.
#[test]
fn a_floor_above_the_pool_is_told_with_what_would_do() {
    let mut sketch = two_regions();
    let (system, _) = sketch.build();
    sketch.policy.agreements.push(agreement(&system, "North", Some(20.0), None, 7));
    let conflict = conflict_of(&sketch).expect("a conflict");
    let (system, _) = sketch.build();
    let mut told: Vec<String> =
        conflict.members.iter().map(|line| conflict_line_words(&system, line)).collect();
    told.sort();
    assert_eq!(told, ["at least 20 new beds for North", "national pool of new beds: at most 10 beds"]);
    let alone: Vec<String> =
        conflict.alone.iter().flatten().map(|change| change_words(&system, change)).collect();
    assert!(alone.contains(&"lower the floor of North by 10 beds, to 10 new beds".to_owned()), "{alone:?}");
    assert!(alone.contains(&"add 10 beds to the national pool, to 20".to_owned()), "{alone:?}");
    let repair: Vec<String> = conflict.repair.iter().map(|change| change_words(&system, change)).collect();
    assert_eq!(repair, ["lower the floor of North by 10 beds, to 10 new beds"]);
    assert!((conflict.repair[0].weighs - 20.0).abs() < 1e-6);
}

/// All 30 beds must go somewhere; sites of 140, 60 and 110 beds may grow by 5%, so 15.5 find a place. A growth of
/// 30/310 would do.
#[test]
fn a_growth_limit_is_told_for_all_sites_at_once() {
    let mut sketch = two_regions();
    sketch.policy.pool.total = Beds(30.0);
    sketch.policy.growth_limit = Some(Proportion(0.05));
    let conflict = conflict_of(&sketch).expect("a conflict");
    let (system, _) = sketch.build();
    assert_eq!(conflict.members.len(), 4, "{:?}", conflict.members);
    let [setting] = &conflict.settings[..] else { panic!("the growth limit was expected") };
    assert!((setting.by - (30.0 / 310.0 - 0.05)).abs() < 1e-6);
    assert_eq!(change_words(&system, setting), "raise the growth limit of all sites from 5% to 9.7%");
    let repair: Vec<String> = conflict.repair.iter().map(|change| change_words(&system, change)).collect();
    assert_eq!(repair, ["leave 14.5 of the 30 new beds ungiven (`new_beds.must_spend: false`)"]);
}

/// S1 may hold 130 of its 140 beds, and they may move within the region, but they are protected.
#[test]
fn protected_beds_are_named_and_can_give_way() {
    let mut sketch = two_regions();
    sketch.sites[0] = site("S1", "North", &[("100", 40.0), ("300", 100.0)]).of_size(0.0, 130.0);
    sketch.policy.pool.total = Beds(0.0);
    sketch.policy.reallocation = Some(sketch::reallocation(ReallocationScope::Region, 0.5));
    assert!(conflict_of(&sketch).is_none());
    let (system, _) = sketch.build();
    sketch.policy.protected = vec![protection(&system, "S1", None)];
    let conflict = conflict_of(&sketch).expect("a conflict");
    let (system, _) = sketch.build();
    let told: Vec<String> = conflict.members.iter().map(|line| conflict_line_words(&system, line)).collect();
    assert!(told.contains(&"the beds of S1 are protected: agreed".to_owned()), "{told:?}");
    let told_now: Vec<String> =
        conflict.alone.iter().flatten().map(|change| change_words(&system, change)).collect();
    assert!(
        told_now.contains(&"let 10 beds of the protected beds of S1 go".to_owned()),
        "{told:?} {told_now:?}"
    );
    assert!(told_now.contains(&"raise the largest size of S1 by 10 beds, to 140".to_owned()), "{told_now:?}");
}

/// Ten beds at £278,000 cost £2.78 million; £1 million is there.
#[test]
fn money_that_is_short_is_told_in_pounds() {
    let mut sketch = two_regions();
    sketch.policy.money.every.capital = Some(Pounds(1e6));
    let conflict = conflict_of(&sketch).expect("a conflict");
    let (system, _) = sketch.build();
    let alone: Vec<String> =
        conflict.alone.iter().flatten().map(|change| change_words(&system, change)).collect();
    assert!(
        alone.contains(&"raise the capital for new beds by £1.78 million, to £2.78 million".to_owned()),
        "{alone:?}"
    );
}
