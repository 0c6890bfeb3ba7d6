//! Limits of refusals: hand-solved cases, and plans checked from their files.

mod sketch;

use bedalloc::domain::erlang::RefusalLimits;
use bedalloc::domain::erlang::refused_at;
use bedalloc::domain::system::CareSystem;
use bedalloc::domain::units::{Beds, OccupiedBeds, Proportion};
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::RunResult;
use sketch::{Sketch, check};

fn limited(mut sketch: Sketch, limit: f64) -> (CareSystem, TravelTimes, RunResult) {
    sketch.policy.occupancy.refusals =
        RefusalLimits { limit: Some(Proportion(limit)), ..RefusalLimits::default() };
    let (system, times) = sketch.build();
    let result = sketch.plan();
    (system, times, result)
}

fn one_site(beds: f64, pool: f64) -> Sketch {
    Sketch {
        sites: vec![sketch::site("S1", "North", &[("300", beds)])],
        areas: vec![sketch::area("A1", "North", "C1", &[("300", 100.0)], &[("S1", 10.0)])],
        policy: sketch::plain_policy(pool, 0.82),
        spend: Vec::new(),
        delays: Vec::new(),
    }
}

/// Thirty beds that may refuse one patient in twenty carry 24.802 × 0.95 = 23.562 occupied beds (Erlang's table), less
/// than 82% of thirty, 24.6. So 100 − 23.562 stay unmet. A hundred beds may carry 90.5, and the cap of 82% holds.
#[test]
fn a_small_pool_carries_what_erlang_allows_and_a_large_one_its_cap() {
    let (.., result) = limited(one_site(25.0, 5.0), 0.05);
    assert!((result.plan.total_unmet().0 - (100.0 - 23.562)).abs() < 1e-3);
    let refusals = result.refusals.expect("there is a limit");
    assert_eq!((refusals.caps.len(), refusals.rounds[0].over), (1, 1));
    assert_eq!(refusals.rounds.last().expect("a round").over, 0);

    let (.., result) = limited(one_site(95.0, 5.0), 0.05);
    assert!((result.plan.total_unmet().0 - 18.0).abs() < 1e-6);
    let refusals = result.refusals.expect("there is a limit");
    assert!(refusals.caps.is_empty());
    assert_eq!(refusals.rounds.len(), 2, "the second gives the ranges");
}

/// In the final plan every pool is within the limit, and whoever checks the files agrees, caps and bounds included.
/// In this system a tighter limit never lets more be treated (rounds settle on good caps, not on the best).
#[test]
fn the_final_plan_meets_the_limit_and_its_files_are_verified() {
    let mut before = 0.0;
    for limit in [0.3, 0.1, 0.05, 0.02, 0.005] {
        let (system, times, result) = limited(sketch::two_regions(), limit);
        for (site, specialty) in system.beds.keys() {
            let period = system.periods.indices().next().expect("a period");
            let flows = result.plan.flows.iter();
            let here = flows.filter(|flow| (flow.site, flow.specialty) == (*site, *specialty));
            let occupied: OccupiedBeds = here.map(|flow| flow.treated).sum();
            let beds: Beds = result.plan.beds_open(&system, *site, *specialty, period);
            assert!(refused_at(beds, occupied).0 <= limit + 1e-9);
        }
        let unmet = result.plan.total_unmet().0;
        assert!(unmet >= before - 1e-6, "{unmet} at {limit}, {before} at the limit before");
        before = unmet;
        let found = check::of_result(&system, &times, &result);
        assert!(found.ok(), "{found}");
        assert!(found.checks.iter().any(|check| check.name == "refusals within their limits"));
    }
}

/// What the summary tells of the rounds is held against the tables.
#[test]
fn figures_of_refusals_changed_by_hand_are_noticed() {
    let (system, times, result) = limited(sketch::two_regions(), 0.02);
    let summary = check::Summary::of(&system, &times, &result);
    let told = &summary.told;
    let last = told["refusals"]["rounds"].as_array().expect("rounds").len() - 1;
    assert!(summary.failed(told).is_empty());
    for (place, value) in [
        ("/refusals/caps_tightened".to_owned(), 0.0),
        (format!("/refusals/rounds/{last}/worst_refused_share"), 0.001),
        (format!("/refusals/rounds/{last}/pools_over"), 1.0),
        ("/refusals/rounds/0/pools_over".to_owned(), 0.0),
    ] {
        let mut altered = told.clone();
        *altered.pointer_mut(&place).expect("a figure") = value.into();
        assert_eq!(summary.failed(&altered), ["summary.json, refusals"], "{place}");
    }
}
