//! Closure precedence: cases solved by hand, and that it only ever forbids.

mod sketch;

use bedalloc::domain::policy::{Combination, Level, Term};
use bedalloc::domain::units::Proportion;
use bedalloc::pipeline::RunResult;
use proptest::prelude::*;
use sketch::measures::{self, Wider, community, programme, wider};
use sketch::{Sketch, area, check, site};

/// £ a year of a bed that closes: 365 days at the default of £300.
const RUNNING: f64 = 365.0 * 300.0;

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-5 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// A town of need 60 (36,000 people) and its site of 100 beds, of which 80% may be occupied: 25 too many. Up to
/// half may close, which saves money, and money comes right after need. H2 is a place for step-down beds.
fn town_with_beds_to_spare(place: &str) -> Wider {
    let mut policy = sketch::plain_policy(0.0, 0.8);
    policy.closure_limit = Some(Proportion(0.5));
    policy.closure_precedence = true;
    let levels = [Term::Unmet, Term::Cost].map(|term| Level { term, tolerance: 0.0 });
    policy.objective.combination = Combination::Priorities(levels.into());
    wider(Sketch {
        sites: vec![site("H1", "North", &[("300", 100.0)]), site("H2", place, &[])],
        areas: vec![area("A1", "North", "C1", &[("300", 60.0)], &[("H1", 10.0), ("H2", 15.0)])],
        policy,
        spend: Vec::new(),
        delays: Vec::new(),
    })
}

/// A tenth of the need can be prevented, at £1 a head.
fn with_prevention(mut town: Wider, ramp: f64) -> Wider {
    town.programmes = vec![programme("asthma", 1.0, &[(0, 0.1)])];
    town.sketch.policy.prevention = Some(measures::prevention(None, ramp));
    town
}

/// A council whose money sends home up to 8 of the patients, at £100 a day each.
fn with_release(mut town: Wider) -> Wider {
    for service in ["children", "older_people"] {
        town.sketch.spend.push(("C1".into(), service.into(), 1e6));
    }
    town.sketch.delays.push(("C1".into(), "300".into(), 8.0));
    let mut care = sketch::social_care(0.0);
    care.floors.clear();
    care.touchable = Proportion(1.0);
    care.irreducible = Proportion(0.0);
    care.discharge_curve =
        vec![bedalloc::domain::policy::CurveStep { share: Proportion(1.0), cost_per_bed_day: 100.0 }];
    town.sketch.policy.social_care = Some(care);
    town.spare = 2e6;
    town
}

/// The plan, whose files must stand the check; and the beds closed in each wave.
fn closed(town: &Wider) -> (RunResult, Vec<f64>) {
    let (system, times) = town.build();
    let result = town.plan();
    let found = check::of_result(&system, &times, &result);
    assert!(found.ok(), "{found}");
    let on = system.policy.closure_precedence;
    assert_eq!(found.checks.iter().any(|check| check.name == "closures after provision"), on);
    let in_wave = |wave| {
        let moves = result.plan.moves.iter().filter(|((.., period), _)| *period == wave);
        moves.map(|(_, moves)| moves.closed.0).sum()
    };
    let closed = system.periods.indices().map(in_wave).collect();
    (result, closed)
}

/// Nothing is provided: no bed closes. Without the rule all 25 do.
#[test]
fn no_bed_closes_where_nothing_else_is_provided() {
    let mut town = town_with_beds_to_spare("North");
    close(closed(&town).1[0], 0.0);
    town.sketch.policy.closure_precedence = false;
    let (result, beds) = closed(&town);
    close(beds[0], 25.0);
    close(result.terms[&Term::Cost], -25.0 * RUNNING);
}

/// £36,000 prevent 6 occupied beds, room of 6 ÷ 0.8 = 7.5 beds. Without the rule 100 − 54 ÷ 0.8 = 32.5 would close.
#[test]
fn in_one_wave_beds_close_against_what_is_prevented_in_it() {
    let mut town = with_prevention(town_with_beds_to_spare("North"), 1.0);
    let (result, beds) = closed(&town);
    close(beds[0], 7.5);
    close(result.terms[&Term::Cost], 36_000.0 - 7.5 * RUNNING);
    town.sketch.policy.closure_precedence = false;
    close(closed(&town).1[0], 32.5);
}

/// Three waves, and a roll-out of 0.6 in the first: nothing closes in it; in the second 6 × 0.6 ÷ 0.8 = 4.5 beds; in
/// the third, when all is rolled out in the second, up to 7.5 in all, so 3 more.
#[test]
fn over_waves_beds_close_against_the_wave_before_and_nothing_counts_twice() {
    let mut town = with_prevention(town_with_beds_to_spare("North"), 0.6);
    town.periods = vec![1.0, 1.0, 1.0];
    let (_, beds) = closed(&town);
    for (found, expected) in beds.into_iter().zip([0.0, 4.5, 3.0]) {
        close(found, expected);
    }
}

/// Five step-down beds at £36,500, 90% full, stand for 5 × 0.9 × 0.8 = 3.6 occupied acute beds, room of 4.5. Where
/// they are another commissioner's they let nothing close here, and none is opened.
#[test]
fn step_down_beds_let_beds_of_their_own_commissioner_close() {
    for (place, opened) in [("North", 5.0), ("South", 0.0)] {
        let mut town = town_with_beds_to_spare(place);
        town.community = vec![community("H2", 0.0, None)];
        town.sketch.policy.step_down = Some(measures::step_down(5.0, &[(0, 0.2)], None));
        let (result, beds) = closed(&town);
        close(beds[0], 0.9 * opened);
        close(result.terms[&Term::Cost], opened * 36_500.0 - 0.9 * opened * RUNNING);
    }
}

/// Eight patients go home for £292,000 a year beside the £2m of today: room of 10 beds.
#[test]
fn released_delay_lets_beds_close() {
    let (result, beds) = closed(&with_release(town_with_beds_to_spare("North")));
    close(beds[0], 10.0);
    close(result.terms[&Term::Cost], 2e6 + 292_000.0 - 10.0 * RUNNING);
}

/// A tenth of beds closed are closed by hand to more than was provided: the check of the files says so.
#[test]
fn closures_beyond_provision_are_noticed_in_the_files() {
    let town = with_prevention(town_with_beds_to_spare("North"), 1.0);
    let (mut system, times) = town.build();
    let mut open = town.clone();
    open.sketch.policy.closure_precedence = false;
    let result = open.plan();
    let folder = check::written(&system, &result);
    system.policy.closure_precedence = true;
    let found = check::of_folder(&folder, &system, &times);
    assert!(found.failed().contains(&"closures after provision"), "{found}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn precedence_never_makes_a_plan_better(
        need in 40.0..90.0f64,
        ramp in 0.1..1.0f64,
        growth in 0.9..1.1f64,
        waves in 1..3i32,
        release: bool,
    ) {
        let mut town = with_prevention(town_with_beds_to_spare("North"), ramp);
        if release {
            town = with_release(town);
        }
        town.sketch.areas[0].need.insert("300".into(), need);
        town.periods = (0..waves).map(|wave| growth.powi(wave)).collect();
        let (held, _) = closed(&town);
        town.sketch.policy.closure_precedence = false;
        let (free, _) = closed(&town);
        let values = |result: &RunResult| [Term::Unmet, Term::Cost].map(|term| result.terms[&term]);
        let (held, free) = (values(&held), values(&free));
        prop_assert!(held[0] >= free[0] - 1e-5, "{held:?} {free:?}");
        if (held[0] - free[0]).abs() < 1e-5 {
            prop_assert!(held[1] >= free[1] - 1e-5 * free[1].abs().max(1.0), "{held:?} {free:?}");
        }
    }
}
