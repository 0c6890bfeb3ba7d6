//! Parts of the model that were built apart, all on at once.

mod sketch;

use bedalloc::domain::PeriodIx;
use bedalloc::domain::ids::PeriodId;
use bedalloc::domain::index::Register;
use bedalloc::domain::measures::MoneyLimit;
use bedalloc::domain::moves::{Choice, ReallocationScope};
use bedalloc::domain::period::{Period, WorstTail};
use bedalloc::domain::policy::{Combination, Level, Term};
use bedalloc::domain::system::{CareSystem, FlowShare};
use bedalloc::domain::units::{Pounds, Proportion};
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::{RunEnd, RunOptions, RunResult, Silent, run};
use bedalloc::solver::{SolverOptions, choose};
use sketch::measures::{self, Wider};
use sketch::periods::waves_in_scenarios;
use sketch::{Sketch, area, check, conversion, plain_policy, reallocation, site};

const TOLERANCE: f64 = 1e-5;

/// Solves a model and checks the result from its files alone.
fn verified(system: &CareSystem, times: &TravelTimes) -> RunResult {
    let mut make = || choose("highs", SolverOptions::default());
    let end = run(system, times, &RunOptions::default(), &mut make, &mut Silent);
    let Ok(RunEnd::Planned(result)) = end else { panic!("a plan was expected, not {end:?}") };
    check::holds(system, times, &result);
    *result
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < TOLERANCE * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Quiet needs 50 of a site's 100 beds, Busy 120 of another's; cap 0.8, a twentieth of a site's beds may leave
/// in a wave, no new beds. Wave 1: 5 beds leave, Busy has 105 × 0.8 = 84, 36 are unmet. Wave 2: a twentieth of
/// the 95 that are left, 4.75: 109.75 × 0.8 = 87.8, 32.2 are unmet. 9.75 beds moved; the 5 count in both waves,
/// the 4.75 in one: (2 × 5 + 4.75) × £278,000 ÷ 40 years.
#[test]
fn in_the_second_wave_a_share_of_the_beds_left_by_the_first_may_leave() {
    let of = |id, need, minutes: [f64; 2]| {
        area(id, "North", "C1", &[("300", need)], &[("S1", minutes[0]), ("S2", minutes[1])])
    };
    let mut sketch = Sketch {
        sites: vec![site("S1", "North", &[("300", 100.0)]), site("S2", "North", &[("300", 100.0)])],
        areas: vec![of("Quiet", 50.0, [10.0, 90.0]), of("Busy", 120.0, [90.0, 10.0])],
        policy: plain_policy(0.0, 0.8),
        spend: Vec::new(),
        delays: Vec::new(),
    };
    sketch.policy.reallocation = Some(reallocation(ReallocationScope::Commissioner, 0.05));
    let mut wider = measures::wider(sketch);
    wider.periods = vec![1.0, 1.0];
    let (system, times) = wider.build();
    let result = verified(&system, &times);
    close(result.plan.total_unmet().0, 36.0 + 32.2);
    close(result.terms[&Term::Disruption], 9.75);
    close(result.terms[&Term::Cost], 14.75 * 278_000.0 / 40.0);
    let (busy, specialty) = (system.sites.find("S2").expect("a site"), system.specialties.find("300"));
    let last = system.periods.indices().last().expect("a wave");
    close(result.plan.beds_open(&system, busy, specialty.expect("a specialty"), last).0, 109.75);
}

/// What can be done besides new beds, and beds move and change specialty, a site may open, stays are shortened,
/// money is short, and need answers to beds.
fn all_on() -> Wider {
    let mut wider = measures::besides_beds();
    let sketch = &mut wider.sketch;
    sketch.sites.push(site("S5", "South", &[("300", 0.0)]).of_size(5.0, 40.0));
    sketch.areas[2].minutes.insert("S5".into(), 18.0);
    let policy = &mut sketch.policy;
    policy.reallocation = Some(reallocation(ReallocationScope::Nation, 0.05));
    policy.conversion = Some(conversion(0.1));
    policy.bed_management = Some(measures::bed_management(0.05, Some(250_000.0)));
    policy.money.every = MoneyLimit { capital: Some(Pounds(2.5e6)), revenue: Some(Pounds(2.5e6)) };
    policy.induced.elasticity = Proportion(0.2);
    let (system, _) = sketch.build();
    sketch.policy.site_choices = vec![sketch::choice(&system, "S5", Choice::MayOpen, 200_000.0)];
    wider
}

/// The system of a sketch with today's occupancy and flows, over the given periods.
fn over(wider: &Wider, periods: Register<PeriodId, PeriodIx, Period>) -> (CareSystem, TravelTimes) {
    let (mut system, times) = wider.build();
    system.periods = periods;
    for stock in system.beds.values_mut() {
        stock.occupied = stock.available * Proportion(0.84);
    }
    let flow = |area: &str, site: &str, share| FlowShare {
        area: system.areas.find(area).expect("an area"),
        site: system.sites.find(site).expect("a site"),
        specialty: None,
        share: Proportion(share),
    };
    let flows =
        [("A1", "S1", 0.9), ("A1", "S2", 0.1), ("A2", "S2", 0.7), ("A2", "S1", 0.3), ("A3", "S3", 1.0)];
    system.flows = flows.map(|(area, site, share)| flow(area, site, share)).to_vec();
    (system, times)
}

#[test]
fn a_plan_with_every_part_on_is_solved_and_verified_over_waves() {
    let (system, times) = over(&all_on(), waves_in_scenarios(&[(1.0, 4.0), (1.04, 10.0)], &[(1.0, 1.0)]));
    let plan = verified(&system, &times).plan;
    let moved = plan.moves.values().map(|moves| moves.reallocated_out.0 + moves.converted_from.0);
    assert!(moved.sum::<f64>() > 0.1, "beds move");
    close(plan.total_new().0, 10.0);
    let outcomes = plan.needs.values();
    let sums =
        outcomes.fold([0.0; 2], |sum, need| [sum[0] + need.prevented.0, sum[1] + need.induced.0.abs()]);
    assert!(sums.iter().all(|sum| *sum > 0.01), "need is prevented and brought forth: {sums:?}");
    assert!(plan.measures.freed.values().any(|freed| freed.0 > 0.0), "stays are shortened");
    let opened = plan.measures.step_down.values().map(|opened| opened.by_nhs.0 + opened.by_council.0);
    assert!(opened.sum::<f64>() > 0.01, "step-down beds open");
}

/// Beds, step-down beds and roll-outs are decided once for each wave: every scenario of it has the same.
#[test]
fn a_plan_with_every_part_on_is_solved_and_verified_over_scenarios() {
    let mut wider = all_on();
    wider.sketch.policy.closure_limit = Some(Proportion(0.1));
    wider.sketch.policy.occupancy.refusals.limit = Some(Proportion(0.02));
    wider.sketch.policy.objective.worst_tail =
        Some(WorstTail { part: Proportion(0.5), weight: Proportion(0.9) });
    let scenarios = [(1.0, 0.75), (1.1, 0.25)];
    let (system, times) = over(&wider, waves_in_scenarios(&[(1.0, 4.0), (1.04, 10.0)], &scenarios));
    let plan = verified(&system, &times).plan;
    assert!(plan.moves.keys().all(|&(_, _, period)| system.periods[period].opens_beds()));
    assert!(plan.measures.step_down.keys().all(|&(_, period)| system.periods[period].opens_beds()));
    for (&(programme, commissioner, period), share) in &plan.measures.roll_out {
        let opening = system.opening_of(system.periods[period].wave).expect("a wave");
        close(share.0, plan.measures.roll_out[&(programme, commissioner, opening)].0);
    }
}

/// S1 is short in wave 1 and gets the wave's 10 new beds; S2 serves the 20 beside it. In wave 2 need halves, S1
/// holds it all, and S2 closes to save its £9m a year, when money comes next after need: 40 beds. Had it taken
/// the wave's 20 new beds to close them at once, 60 would have saved their running cost.
#[test]
fn a_site_that_closes_in_a_later_wave_takes_no_new_beds_with_it() {
    let mut sketch = Sketch {
        sites: vec![site("S1", "North", &[("300", 100.0)]), site("S2", "South", &[("300", 40.0)])],
        areas: vec![
            area("A1", "North", "C1", &[("300", 120.0)], &[("S1", 10.0), ("S2", 90.0)]),
            area("A2", "South", "C2", &[("300", 20.0)], &[("S2", 10.0), ("S1", 20.0)]),
        ],
        policy: plain_policy(30.0, 0.8),
        spend: Vec::new(),
        delays: Vec::new(),
    };
    let order = [Term::Unmet, Term::Cost, Term::Travel].map(|term| Level { term, tolerance: 0.0 });
    sketch.policy.objective.combination = Combination::Priorities(order.to_vec());
    let (system, _) = sketch.build();
    sketch.policy.site_choices = vec![sketch::choice(&system, "S2", Choice::MayClose, 9e6)];
    let (mut system, times) = sketch.build();
    system.periods = waves_in_scenarios(&[(1.0, 10.0), (0.5, 30.0)], &[(1.0, 1.0)]);
    let result = verified(&system, &times);
    close(result.plan.total_unmet().0, 140.0 - 20.0 - 110.0 * 0.8);
    let sites = result.sites.expect("a choice");
    let south = system.sites.find("S2").expect("a site");
    let open: Vec<bool> = system.periods.indices().map(|period| sites.open[&(south, period)]).collect();
    assert_eq!(open, [true, false]);
    close(result.plan.moves.values().map(|moves| moves.closed.0).sum(), 40.0);
    let costs = &system.policy.costs;
    let (bed_year, running) = (costs.bed_year().0, costs.bed_equivalent().0);
    close(result.terms[&Term::Cost], (2.0 * 10.0 + 20.0) * bed_year + 9e6 - 40.0 * running);
}
