//! Waves, scenarios of need and need that beds bring forth: hand-solved cases and directions.

mod sketch;

use bedalloc::domain::ids::PeriodId;
use bedalloc::domain::index::Register;
use bedalloc::domain::induced::InducedDemand;
use bedalloc::domain::period::Period;
use bedalloc::domain::period::WorstTail;
use bedalloc::domain::policy::{Combination, Level, Term};
use bedalloc::domain::system::{CareSystem, FlowShare};
use bedalloc::domain::units::{Beds, OccupiedBeds, Proportion};
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::result::Comparator;
use bedalloc::pipeline::{RunEnd, RunOptions, RunResult, Silent, run};
use bedalloc::solver::{SolverOptions, choose};
use bedalloc::verify::report::Verification;
use proptest::prelude::*;
use sketch::periods::waves_in_scenarios;
use sketch::{Sketch, check};

const TOLERANCE: f64 = 1e-6;

fn solved(system: &CareSystem, times: &TravelTimes) -> RunResult {
    let mut make = || choose("highs", SolverOptions::default());
    match run(system, times, &RunOptions::default(), &mut make, &mut Silent) {
        Ok(RunEnd::Planned(result)) => *result,
        other => panic!("a plan was expected, not {other:?}"),
    }
}

/// Waves with a need factor and a cumulative pool each.
fn waves(factors: &[(f64, f64)]) -> Register<PeriodId, bedalloc::domain::PeriodIx, Period> {
    Register::in_order(factors.iter().enumerate().map(|(wave, &(need_factor, pool))| {
        let id = PeriodId::new(&format!("wave {}", wave + 1)).expect("an id");
        (id, Period { need_factor, pool: Some(Beds(pool)), wave, ..Period::default() })
    }))
}

/// One wave in scenarios with a need factor and a probability each.
fn scenarios(factors: &[(f64, f64)]) -> Register<PeriodId, bedalloc::domain::PeriodIx, Period> {
    Register::in_order(factors.iter().enumerate().map(|(scenario, &(need_factor, probability))| {
        let id = PeriodId::new(&format!("plan/{scenario}")).expect("an id");
        let probability = Proportion(probability);
        (id, Period { need_factor, scenario, probability, ..Period::default() })
    }))
}

/// England in one piece with today's occupancy, and everybody treated where they are.
fn england(elasticity: f64) -> (CareSystem, TravelTimes) {
    let (mut system, times) = sketch::england_1999().build();
    for stock in system.beds.values_mut() {
        stock.occupied = stock.available * Proportion(0.84);
    }
    let (area, site) = (system.areas.indices().next().unwrap(), system.sites.indices().next().unwrap());
    system.flows = vec![FlowShare { area, site, specialty: None, share: Proportion(1.0) }];
    system.policy.induced = InducedDemand { elasticity: Proportion(elasticity), specialties: [].into() };
    (system, times)
}

/// All weight on a worst tail.
fn all_on(part: f64) -> WorstTail {
    WorstTail { part: Proportion(part), weight: Proportion(1.0) }
}

/// Unmet need of each period.
fn unmet(result: &RunResult, system: &CareSystem) -> Vec<f64> {
    let of = |period| {
        let rows = result.plan.needs.iter().filter(move |((_, _, t), _)| *t == period);
        rows.map(|(_, outcome)| outcome.unmet.0).sum()
    };
    system.periods.indices().map(of).collect()
}

fn same(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < TOLERANCE * expected.abs().max(1.0), "{found} and {expected}");
    }
}

/// England 1999-00 with need growing by 4% a year, 714, 789 and 597 beds: after each year need is
/// 113,467.2 × 1.04, 1.0816, 1.124864, and the room 0.82 × (135,080 + 714, 1,503, 2,100).
#[test]
fn beds_of_earlier_waves_stay_and_need_grows() {
    let (mut system, times) = england(0.0);
    system.periods = waves(&[(1.04, 714.0), (1.0816, 1_503.0), (1.124_864, 2_100.0)]);
    let result = solved(&system, &times);
    let room = |pool: f64| 0.82 * (135_080.0 + pool);
    let short = |factor: f64, pool: f64| 113_467.2 * factor - room(pool);
    let expected = [short(1.04, 714.0), short(1.0816, 1_503.0), short(1.124_864, 2_100.0)];
    same(&unmet(&result, &system), &expected);
    same(&[result.terms[&Term::Unmet]], &[expected.iter().sum()]);
    let new: Vec<f64> = result.plan.new_beds.values().map(|beds| beds.0).collect();
    same(&new, &[714.0, 789.0, 597.0]);
    // A bed of the first wave runs three years, of the second two, of the third one.
    let bed_years = 714.0 * 3.0 + 789.0 * 2.0 + 597.0;
    same(&[result.terms[&Term::Cost]], &[bed_years * system.policy.costs.bed_year().0]);
    for comparator in &result.comparators {
        if comparator.comparator == Comparator::DoNothing {
            same(&[comparator.unmet.0], &[expected.iter().sum::<f64>() + 0.82 * (714.0 + 1_503.0 + 2_100.0)]);
        } else {
            // In one piece every formula gives what the pool has so far.
            same(&[comparator.unmet.0], &[expected.iter().sum()]);
        }
    }
}

/// England as above in one year, elasticity 0.2 and base occupancy 0.84: the 2,100 beds bring forth 0.2 × 0.84 ×
/// 2,100 = 352.8 occupied beds of need, so 979.6 + 352.8 stay unmet, and a bed is worth 0.82 − 0.168.
#[test]
fn induced_demand_takes_its_part_of_what_a_bed_is_worth() {
    let (system, times) = england(0.2);
    let result = solved(&system, &times);
    same(&unmet(&result, &system), &[979.6 + 352.8]);
    let induced: OccupiedBeds = result.plan.needs.values().map(|outcome| outcome.induced).sum();
    same(&[induced.0], &[352.8]);
    let mut richer = system;
    richer.policy.pool.total += Beds(1.0);
    let more = solved(&richer, &times);
    same(&[result.terms[&Term::Unmet] - more.terms[&Term::Unmet]], &[0.82 - 0.168]);
}

/// With two waves of 1,000 and 1,100 beds the second wave feels the beds of the first: 0.2 × 0.84 × 1,000.
#[test]
fn with_waves_need_answers_to_the_beds_of_the_wave_before() {
    let (mut system, times) = england(0.2);
    system.periods = waves(&[(1.0, 1_000.0), (1.0, 2_100.0)]);
    let result = solved(&system, &times);
    same(&unmet(&result, &system), &[979.6 + 0.82 * 1_100.0, 979.6 + 168.0]);
}

/// Need as it is with probability 0.6 and a fifth more with 0.4, the same 2,100 beds in both.
#[test]
fn beds_are_decided_once_and_unmet_need_is_what_is_expected() {
    let (mut system, times) = england(0.0);
    system.periods = scenarios(&[(1.0, 0.6), (1.2, 0.4)]);
    let result = solved(&system, &times);
    let harder = 979.6 + 0.2 * 113_467.2;
    same(&unmet(&result, &system), &[979.6, harder]);
    same(&[result.terms[&Term::Unmet]], &[0.6 * 979.6 + 0.4 * harder]);
    same(&[result.plan.total_new().0], &[2_100.0]);
    same(&[result.terms[&Term::Cost]], &[2_100.0 * system.policy.costs.bed_year().0]);
}

/// Probabilities 0.5, 0.3 and 0.2 of the need as it is, a tenth and a fifth more. The worst tenth is all in the last
/// scenario: its unmet need. The worst two fifths are the last (0.2) and as much of the second (0.2): half and half.
#[test]
fn the_worst_tail_is_the_mean_of_the_worst_scenarios() {
    let (mut system, times) = england(0.0);
    system.periods = scenarios(&[(1.0, 0.5), (1.1, 0.3), (1.2, 0.2)]);
    let short = |factor: f64| 113_467.2 * factor - 0.82 * 137_180.0;
    for (tail, expected) in [(0.1, short(1.2)), (0.4, f64::midpoint(short(1.1), short(1.2)))] {
        system.policy.objective.worst_tail = Some(all_on(tail));
        let result = solved(&system, &times);
        same(&[result.terms[&Term::Unmet]], &[expected]);
        assert!(result.levels.iter().all(|level| level.gap() < TOLERANCE));
    }
}

/// The mean of the worst tail is never below the mean of all, and a plan made for the tail is never worse in it
/// than the plan made for the mean.
#[test]
fn a_plan_for_the_worst_tail_is_no_worse_there_than_one_for_the_mean() {
    let (mut system, times) = sketch::two_regions().build();
    system.periods = scenarios(&[(0.8, 0.5), (1.0, 0.3), (1.4, 0.2)]);
    let mean = solved(&system, &times);
    let losses: Vec<_> = unmet(&mean, &system)
        .into_iter()
        .zip([0.5, 0.3, 0.2])
        .map(|(loss, p)| (Proportion(p), loss))
        .collect();
    for tail in [0.2, 0.35, 0.6].map(all_on) {
        system.policy.objective.worst_tail = Some(tail);
        let made_for_it = solved(&system, &times).terms[&Term::Unmet];
        assert!(made_for_it <= tail.unmet_of(&losses) + TOLERANCE);
        assert!(made_for_it >= mean.terms[&Term::Unmet] - TOLERANCE);
    }
}

/// Two waves of four and six beds, each in a mild and a hard scenario.
#[test]
fn levels_over_waves_and_scenarios_are_proven() {
    let result = {
        let (mut system, times) = sketch::two_regions().build();
        let mut periods = Vec::new();
        for (wave, pool) in [4.0, 10.0].into_iter().enumerate() {
            for (scenario, (need_factor, chance)) in [(1.0, 0.7), (1.15, 0.3)].into_iter().enumerate() {
                let id = PeriodId::new(&format!("{wave}/{scenario}")).expect("an id");
                let (pool, probability) = (Some(Beds(pool)), Proportion(chance));
                let growth = [1.0, 1.1][wave];
                let period = Period {
                    need_factor: need_factor * growth,
                    pool,
                    wave,
                    scenario,
                    probability,
                    ..Period::default()
                };
                periods.push((id, period));
            }
        }
        system.periods = Register::in_order(periods);
        solved(&system, &times)
    };
    for level in &result.levels {
        assert!(level.gap() < TOLERANCE, "{}: {} against {}", level.name, level.value, level.bound);
    }
    let mut given = std::collections::BTreeMap::new();
    for ((_, _, period), beds) in &result.plan.new_beds {
        *given.entry(*period).or_insert(0.0) += beds.0;
    }
    let given: Vec<f64> = given.into_values().collect();
    for (found, expected) in given.iter().zip([4.0, 0.0, 6.0, 0.0]) {
        assert!((found - expected).abs() < 1e-6, "{given:?}");
    }
}

/// The two-region system over merged areas and over all areas agree, induced need or not: areas that only
/// minutes and flows tell apart are merged without harm.
#[test]
fn merging_areas_keeps_the_optimum_where_beds_bring_forth_need() {
    let mut sketch = sketch::two_regions();
    // A twin of each area, ten minutes further off, with other habits.
    let twins: Vec<_> = sketch
        .areas
        .iter()
        .map(|area| {
            let mut twin = area.clone();
            twin.id = format!("{}b", area.id);
            twin.minutes.values_mut().for_each(|minutes| *minutes = (*minutes - 3.0).max(5.0));
            twin
        })
        .collect();
    sketch.areas.extend(twins);
    let (mut system, times) = sketch.build();
    system.flows = habits(&system, &sketch);
    system.policy.induced.elasticity = Proportion(0.4);
    let levels = [Term::Unmet, Term::Travel].map(|term| Level { term, tolerance: 0.0 });
    system.policy.objective.combination = Combination::Priorities(levels.to_vec());
    let merged = solved(&system, &times);
    // Tiny weights make every area its own class and leave the objective all but the same.
    let weights = [(Term::Unmet, 1.0), (Term::Travel, 1e-9)];
    system.policy.objective.combination = Combination::Weights(weights.into());
    let apart = solved(&system, &times);
    assert!((merged.terms[&Term::Unmet] - apart.terms[&Term::Unmet]).abs() < 1e-5);
    assert!(merged.levels.iter().all(|level| level.gap() < TOLERANCE));
}

/// Everybody spread over the sites in reach, the first twice as much as the others.
fn habits(system: &CareSystem, sketch: &Sketch) -> Vec<FlowShare> {
    let mut flows = Vec::new();
    for sketched in &sketch.areas {
        let area = system.areas.find(sketched.id.as_str()).expect("an area");
        for (position, site) in sketched.minutes.keys().enumerate() {
            let site = system.sites.find(site.as_str()).expect("a site");
            let share = Proportion(if (position == 0) == sketched.id.ends_with('b') { 0.4 } else { 0.2 });
            flows.push(FlowShare { area, site, specialty: None, share });
        }
    }
    flows
}

/// With need that does not answer to beds, more beds are never worse, nor earlier ones; the more it answers, the
/// less a bed is worth.
#[test]
fn more_beds_and_earlier_beds_are_never_worse_and_elasticity_makes_them_worth_less() {
    let sketch = sketch::two_regions();
    let worth = |pools: [f64; 2], elasticity: f64| {
        let (mut system, times) = sketch.build();
        system.flows = habits(&system, &sketch);
        system.periods = waves(&[(1.05, pools[0]), (1.1, pools[1])]);
        system.policy.pool.total = Beds(pools[1]);
        system.policy.induced.elasticity = Proportion(elasticity);
        solved(&system, &times).terms[&Term::Unmet]
    };
    let (late, early, more) = (worth([0.0, 10.0], 0.0), worth([10.0, 10.0], 0.0), worth([10.0, 20.0], 0.0));
    assert!(early <= late + TOLERANCE && more <= early + TOLERANCE, "{late} {early} {more}");
    let answering: Vec<f64> = [0.0, 0.2, 0.4].map(|elasticity| worth([10.0, 10.0], elasticity)).to_vec();
    assert!(answering.is_sorted(), "{answering:?}");
}

/// The files of a result, checked as `bedalloc verify` checks them.
fn verified(system: &CareSystem, times: &TravelTimes) -> Verification {
    check::of_result(system, times, &solved(system, times))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whoever works the plan out anew from its files finds the same values and bounds.
    #[test]
    fn plans_over_waves_and_scenarios_are_verified_from_their_files(
        growth in 0.9..1.2f64,
        hard in 1.0..1.5f64,
        chance in 0.05..0.95f64,
        pool in 0.0..20.0f64,
        elasticity in 0.0..0.5f64,
        tail in proptest::option::of(0.05..0.95f64),
        money in any::<bool>(),
    ) {
        let mut sketch = sketch::two_regions();
        if money {
            for council in ["C1", "C2"] {
                sketch.spend.push((council.into(), "children".into(), 2e6));
                sketch.spend.push((council.into(), "older_people".into(), 3e6));
                sketch.delays.push((council.into(), "300".into(), 8.0));
            }
            sketch.policy.social_care = Some(sketch::social_care(50_000.0));
        }
        sketch.policy.pool.total = Beds(pool);
        sketch.policy.induced.elasticity = Proportion(elasticity);
        sketch.policy.objective.worst_tail =
            tail.map(|part| WorstTail { part: Proportion(part), weight: Proportion(0.99) });
        let (mut system, times) = sketch.build();
        system.flows = habits(&system, &sketch);
        system.periods =
            waves_in_scenarios(&[(1.0, pool / 2.0), (growth, pool)], &[(1.0, 1.0 - chance), (hard, chance)]);
        let found = verified(&system, &times);
        prop_assert!(found.ok(), "{found}");
    }
}

/// Each figure of the summary's periods is added up anew by whoever checks it.
#[test]
fn a_figure_of_a_period_changed_by_hand_is_noticed() {
    let (mut system, times) = england(0.0);
    system.periods = waves(&[(1.0, 700.0), (1.1, 2_100.0)]);
    let result = solved(&system, &times);
    let summary = check::Summary::of(&system, &times, &result);
    let told = &summary.told;
    assert!(summary.failed(told).is_empty());
    for (figure, value) in told["periods"][1].as_object().expect("figures") {
        let mut altered = told.clone();
        altered["periods"][1][figure] = match value.as_f64() {
            Some(number) => (number + 0.5).into(),
            None => "another".into(),
        };
        assert_eq!(summary.failed(&altered), ["summary.json, periods"], "{figure}");
    }
    let mut fewer = told.clone();
    fewer.as_object_mut().expect("an object").remove("periods");
    assert_eq!(summary.failed(&fewer), ["summary.json, periods"]);
}
