//! Step-down beds, prevention, shorter stays, money and nurses: cases solved by hand, and what must hold
//! whatever the numbers.

mod sketch;

use bedalloc::domain::measures::{MoneyLimit, RegionStaff};
use bedalloc::domain::policy::Term;
use bedalloc::domain::units::{Beds, Nurses, Pounds};
use bedalloc::pipeline::RunResult;
use proptest::prelude::*;
use sketch::measures::{self, Wider, bed_management, community, prevention, programme, step_down, wider};
use sketch::{Sketch, area, check, plain_policy, site};

const TOLERANCE: f64 = 1e-5;

/// One area of need 100 and 60,000 people, 10 minutes from an acute site of 50 beds whose 80% hold 40, and
/// 15 minutes from a community site; no new acute beds.
fn one_town() -> Wider {
    wider(Sketch {
        sites: vec![site("H1", "North", &[("300", 50.0)]), site("H2", "North", &[])],
        areas: vec![area("A1", "North", "C1", &[("300", 100.0)], &[("H1", 10.0), ("H2", 15.0)])],
        policy: plain_policy(0.0, 0.8),
        spend: Vec::new(),
        delays: Vec::new(),
    })
}

/// The same with a council whose services keep all of today's spend, so that only its spare money moves.
fn with_council(fund: f64, spare: f64) -> Wider {
    let mut town = one_town();
    for (service, pounds) in [("children", 1e6), ("older_people", 1e6), ("step_down", 0.0)] {
        town.sketch.spend.push(("C1".into(), service.into(), pounds));
    }
    let mut care = sketch::social_care(fund);
    care.floors.clear();
    town.sketch.policy.social_care = Some(care);
    town.spare = spare;
    town
}

fn unmet(result: &RunResult) -> f64 {
    result.plan.total_unmet().0
}

/// The result as files, checked from them alone; returns the text of one of them.
fn verified(town: &Wider, result: &RunResult, wanted: &str) -> String {
    let (system, times) = town.build();
    let folder = check::written(&system, result);
    let found = check::of_folder(&folder, &system, &times);
    assert!(found.ok(), "{found}");
    std::fs::read_to_string(folder.path().join(wanted)).expect("a file of the result")
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < TOLERANCE, "{found}, expected {expected}");
}

/// 10 step-down beds today and 5 more, 90% full, hold 13.5 patients, who are 0.8 × 13.5 = 10.8 occupied beds
/// of acute need. Unmet: 100 − 40 − 10.8. The NHS pays 5 × 365 × £100.
#[test]
fn step_down_beds_take_part_of_the_need_and_cost_the_nhs() {
    let mut town = one_town();
    town.community = vec![community("H2", 10.0, None)];
    town.sketch.policy.step_down = Some(step_down(5.0, &[(0, 0.2)], None));
    let result = town.plan();
    assert_close(unmet(&result), 49.2);
    assert_close(result.terms[&Term::Cost] / 1e6, 0.1825);
    assert_close(result.plan.total_new().0, 0.0);
    let table = verified(&town, &result, "step_down.csv");
    assert!(table.contains("H2,H2,H2,North,North,,wave 1,10,5,0,15,13.5,0.9,0.9,10.8,182500,0\n"), "{table}");
}

/// Only 5% of the need is fit for step-down: 5 occupied beds, for which today's 10 beds are enough.
#[test]
fn no_more_goes_to_step_down_than_is_fit_for_it_and_no_bed_is_opened_in_vain() {
    let mut town = one_town();
    town.community = vec![community("H2", 10.0, None)];
    town.sketch.policy.step_down = Some(step_down(5.0, &[(0, 0.05)], None));
    let result = town.plan();
    assert_close(unmet(&result), 55.0);
    assert_close(result.terms[&Term::Cost], 0.0);
    verified(&town, &result, "step_down.csv");
}

/// A bed costs £36,500 a year. The pooled fund of £73,000 pays for 2 and the council's spare £36,500 for
/// one: 13 beds hold 11.7 patients, 9.36 occupied beds of acute need. Unmet: 100 − 40 − 9.36.
#[test]
fn step_down_beds_are_paid_from_the_pooled_fund_and_from_the_councils_money() {
    let mut town = with_council(73_000.0, 36_500.0);
    town.community = vec![community("H2", 10.0, Some("C1"))];
    town.sketch.policy.step_down = Some(step_down(50.0, &[(0, 0.2)], Some(2)));
    let result = town.plan();
    assert_close(unmet(&result), 50.64);
    let opened: f64 = result.plan.measures.step_down.values().map(|o| o.by_nhs.0 + o.by_council.0).sum();
    assert_close(opened, 3.0);
    assert_close(result.terms[&Term::Cost] / 1e6, 2.1095);
    let table = verified(&town, &result, "social_care.csv");
    let row = table.lines().find(|line| line.starts_with("C1,step_down,")).expect("a row");
    let after: f64 = row.split(',').nth(5).expect("a column").parse().expect("a number");
    assert!(after >= 36_500.0 - 0.01, "the council's own money is spent on it: {row}");
}

/// Without a council that may pay, its spare money opens nothing: 12 beds, 8.64 occupied beds.
#[test]
fn a_council_pays_only_for_the_community_sites_that_name_it() {
    let mut town = with_council(73_000.0, 36_500.0);
    town.community = vec![community("H2", 10.0, None)];
    town.sketch.policy.step_down = Some(step_down(50.0, &[(0, 0.2)], Some(2)));
    let result = town.plan();
    assert_close(unmet(&result), 51.36);
    verified(&town, &result, "social_care.csv");
}

/// 60,000 people at £1 a head: the budget of £30,000 pays for half of the roll-out, which prevents
/// 0.5 × 0.1 × 100 = 5.
#[test]
fn prevention_goes_as_far_as_its_budget() {
    let mut town = one_town();
    town.programmes = vec![programme("asthma", 1.0, &[(0, 0.1)])];
    town.sketch.policy.prevention = Some(prevention(Some(30_000.0), 1.0));
    let result = town.plan();
    assert_close(unmet(&result), 55.0);
    let table = verified(&town, &result, "prevention.csv");
    assert!(table.contains("asthma,North,wave 1,0.5,5,30000\n"), "{table}");
    let areas = verified(&town, &result, "areas.csv");
    assert!(areas.contains("A1,wave 1,100,40,0,5,55,10\n"), "{areas}");
}

/// With a ramp of 0.3 the roll-out reaches 0.3 and then 0.6: 3 and 6 prevented.
#[test]
fn a_roll_out_climbs_the_ramp_over_the_waves() {
    let mut town = one_town();
    town.periods = vec![1.0, 1.0];
    town.programmes = vec![programme("asthma", 1.0, &[(0, 0.1)])];
    town.sketch.policy.prevention = Some(prevention(None, 0.3));
    let result = town.plan();
    let prevented: Vec<f64> = result.plan.needs.values().map(|outcome| outcome.prevented.0).collect();
    assert_close(prevented[0], 3.0);
    assert_close(prevented[1], 6.0);
    verified(&town, &result, "prevention.csv");
}

/// 10% of the room of 50 beds at 80% is 4 occupied beds. A freed bed costs £18,250 a year, so £36,500 pays
/// for 2.
#[test]
fn shorter_stays_free_a_share_of_the_beds_within_their_budget() {
    let mut town = one_town();
    town.sketch.policy.bed_management = Some(bed_management(0.1, None));
    let free = town.plan();
    assert_close(unmet(&free), 56.0);
    assert_close(free.terms[&Term::Cost], 73_000.0);
    let table = verified(&town, &free, "allocation.csv");
    assert!(table.contains(",50,0,0,0,0,0,0,50,40,0.8,0.8\n"), "44 treated in 40 occupied beds: {table}");
    town.sketch.policy.bed_management = Some(bed_management(0.1, Some(36_500.0)));
    let bound = town.plan();
    assert_close(unmet(&bound), 58.0);
    let table = verified(&town, &bound, "bed_management.csv");
    assert!(table.contains("H1,300,wave 1,2,36500\n"), "{table}");
}

/// Of 10 new beds, capital for 4 (£278,000 each), revenue for 3 (£109,500 a year each) or nurses for 2 (52
/// beds at 1.1): each new bed treats 0.8.
#[test]
fn capital_revenue_and_nurses_each_limit_the_new_beds() {
    let mut town = one_town();
    town.sketch.policy.pool.total = Beds(10.0);
    town.sketch.policy.pool.must_spend = false;
    town.sketch.policy.money.every = MoneyLimit { capital: Some(Pounds(4.0 * 278_000.0)), revenue: None };
    let result = town.plan();
    assert_close(unmet(&result), 60.0 - 4.0 * 0.8);
    verified(&town, &result, "allocation.csv");
    town.sketch.policy.money.every.revenue = Some(Pounds(3.0 * 109_500.0));
    let result = town.plan();
    assert_close(unmet(&result), 60.0 - 3.0 * 0.8);
    verified(&town, &result, "allocation.csv");
    let (system, _) = town.build();
    let north = system.regions.find("North").expect("a region");
    town.sketch.policy.staff.insert(north, RegionStaff { nurses: Nurses(52.0 * 1.1), per_bed: 1.1 });
    let result = town.plan();
    assert_close(unmet(&result), 60.0 - 2.0 * 0.8);
    verified(&town, &result, "allocation.csv");
}

/// Revenue of £109,500 a year runs one new bed, or six shorter stays (£18,250 each), which treat more.
#[test]
fn revenue_goes_where_it_treats_most() {
    let mut town = one_town();
    town.sketch.policy.pool.total = Beds(10.0);
    town.sketch.policy.pool.must_spend = false;
    town.sketch.policy.bed_management = Some(bed_management(0.15, None));
    town.sketch.policy.money.every.revenue = Some(Pounds(109_500.0));
    let result = town.plan();
    assert_close(unmet(&result), 54.0);
    assert_close(result.plan.total_new().0, 0.0);
    verified(&town, &result, "bed_management.csv");
}

/// Doing nothing opens, prevents and shortens nothing, but uses the step-down beds of today.
#[test]
fn doing_nothing_leaves_every_measure_alone() {
    let mut town = one_town();
    town.community = vec![community("H2", 10.0, None)];
    town.programmes = vec![programme("asthma", 1.0, &[(0, 0.1)])];
    town.sketch.policy.step_down = Some(step_down(5.0, &[(0, 0.2)], None));
    town.sketch.policy.prevention = Some(prevention(None, 1.0));
    town.sketch.policy.bed_management = Some(bed_management(0.1, None));
    let result = town.plan();
    let nothing = result.comparators.first().expect("doing nothing comes first");
    assert_close(nothing.unmet.0, 100.0 - 40.0 - 7.2);
    assert_close(unmet(&result), 100.0 - 44.0 - 10.8 - 10.0);
    verified(&town, &result, "summary.json");
}

/// Towns of all kinds with everything on: 2 regions, 2 acute and 2 community sites, 2 to 5 areas, 1 or 2
/// periods.
fn towns() -> impl Strategy<Value = Wider> {
    let areas = prop::collection::vec(
        (0usize..2, 1.0..60.0f64, 1.0..40.0f64, prop::collection::vec(5.0..60.0f64, 4)),
        2..6,
    );
    let money = (20_000.0..300_000.0f64, 20_000.0..400_000.0f64, 0.0..100_000.0f64);
    (areas, 0.0..20.0f64, 0.0..0.9f64, money, 1usize..3).prop_map(|(areas, new, fit, money, periods)| {
        const REGIONS: [&str; 2] = ["North", "South"];
        let round = |value: f64| (value * 10.0).round() / 10.0;
        let sites = ["H1", "H2", "H3", "H4"];
        let beds: [&[(&str, f64)]; 4] =
            [&[("100", 30.0), ("300", 40.0)], &[("100", 10.0), ("300", 50.0)], &[], &[]];
        let area = |(n, (region, a, b, minutes)): (usize, (usize, f64, f64, Vec<f64>))| {
            let need = [("100", round(a)), ("300", round(b))];
            let minutes: Vec<(&str, f64)> = sites.into_iter().zip(minutes.into_iter().map(round)).collect();
            area(&format!("A{n}"), REGIONS[region], &format!("C{}", n % 2), &need, &minutes)
        };
        let mut policy = plain_policy(4.0, 0.82);
        policy.social_care = Some(sketch::social_care(round(money.0)));
        policy.step_down = Some(step_down(round(new), &[(1, fit)], Some(2)));
        policy.prevention = Some(prevention(Some(round(money.1)), 0.6));
        policy.bed_management = Some(bed_management(0.1, Some(round(money.2))));
        let mut sketch = Sketch {
            sites: (0..4).map(|n| site(sites[n], REGIONS[n % 2], beds[n])).collect(),
            areas: areas.into_iter().enumerate().map(area).collect(),
            policy,
            spend: Vec::new(),
            delays: Vec::new(),
        };
        for council in ["C0", "C1"] {
            for (service, pounds) in [("children", 2e6), ("older_people", 3e6), ("step_down", 0.0)] {
                sketch.spend.push((council.into(), service.into(), pounds));
            }
            sketch.delays.push((council.into(), "300".into(), 3.0));
        }
        let mut town = wider(sketch);
        town.community = vec![community("H3", 5.0, Some("C0")), community("H4", 0.0, None)];
        town.programmes =
            vec![programme("asthma", 2.0, &[(1, 0.3)]), programme("falls", 1.0, &[(0, 0.05), (1, 0.1)])];
        town.periods = (0..periods).map(|n| 1.0 + 0.04 * n as f64).collect();
        town
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_is_proven_and_verified_from_its_files(town in towns()) {
        let result = town.plan();
        for level in &result.levels {
            prop_assert!(level.gap() < 1e-6, "{}: {} against {}", level.name, level.value, level.bound);
        }
        verified(&town, &result, "summary.json");
    }

    #[test]
    fn more_of_any_measure_never_leaves_more_unmet(town in towns(), which in 0usize..6) {
        let mut more = town.clone();
        let policy = &mut more.sketch.policy;
        match which {
            0 => policy.step_down.as_mut().unwrap().new_beds += Beds(5.0),
            1 => policy.step_down.as_mut().unwrap().eligible.values_mut().for_each(|share| share.0 = 1.0),
            2 => policy.prevention.as_mut().unwrap().budget = None,
            3 => policy.bed_management.as_mut().unwrap().limit.0 = 0.2,
            4 => policy.bed_management.as_mut().unwrap().budget = None,
            _ => policy.social_care.as_mut().unwrap().pooled_fund += Pounds(200_000.0),
        }
        prop_assert!(unmet(&more.plan()) <= unmet(&town.plan()) + TOLERANCE);
    }

    #[test]
    fn tighter_money_and_fewer_nurses_never_leave_less_unmet(town in towns(), revenue in 0.5e6..2e6f64) {
        let mut town = town;
        town.sketch.policy.pool.must_spend = false;
        let free = unmet(&town.plan());
        let mut tighter = town.clone();
        tighter.sketch.policy.money.every = MoneyLimit { capital: Some(Pounds(4e5)), revenue: Some(Pounds(revenue)) };
        let result = tighter.plan();
        prop_assert!(unmet(&result) >= free - TOLERANCE);
        verified(&tighter, &result, "summary.json");
        let (system, _) = town.build();
        let region = system.sites[system.sites.find("H1").unwrap()].region;
        town.sketch.policy.staff.insert(region, RegionStaff { nurses: Nurses(71.0), per_bed: 1.0 });
        let result = town.plan();
        prop_assert!(unmet(&result) >= free - TOLERANCE);
        verified(&town, &result, "summary.json");
    }
}

#[test]
fn areas_that_differ_in_their_commissioner_are_not_merged_where_commissioners_roll_out() {
    use bedalloc::formulation::demand_points::DemandPoints;
    let mut town = one_town();
    town.sketch.areas.push(area("A2", "North", "C1", &[("300", 10.0)], &[("H1", 20.0), ("H2", 25.0)]));
    let (mut system, times) = town.build();
    system.commissioners = bedalloc::domain::index::Register::new(["North", "Other"].map(|id| {
        let named = bedalloc::domain::system::Named { name: id.to_owned() };
        (bedalloc::domain::ids::CommissionerId::new(id).expect("a name"), named)
    }));
    let other = system.commissioners.find("Other").expect("just registered");
    system.areas = bedalloc::domain::index::Register::new(system.areas.iter().map(|(_, id, area)| {
        let mut area = area.clone();
        if id.as_str() == "A2" {
            area.commissioner = other;
        }
        (id.clone(), area)
    }));
    assert_eq!(DemandPoints::of_areas(&system, &times).merged().len(), 1, "off: they cannot be told apart");
    system.policy.prevention = Some(measures::prevention(None, 1.0));
    assert_eq!(DemandPoints::of_areas(&system, &times).merged().len(), 2);
}

/// Where disruption is no aim nothing keeps money moved as small as it is; the figure told is the plan's all the
/// same, with one aim alone and with each other.
#[test]
fn terms_that_are_no_aims_are_those_of_the_plan() {
    use bedalloc::domain::policy::{Combination, Level};
    for aim in [Term::Unmet, Term::Inequality, Term::Travel, Term::Cost] {
        let mut town = with_council(73_000.0, 36_500.0);
        town.sketch.policy.social_care = Some(sketch::social_care(73_000.0));
        town.sketch.delays.push(("C1".into(), "300".into(), 8.0));
        town.sketch.policy.bed_management = Some(bed_management(0.05, None));
        town.sketch.policy.objective.combination =
            Combination::Priorities(vec![Level { term: aim, tolerance: 0.0 }]);
        let result = town.plan();
        verified(&town, &result, "summary.json");
    }
}
