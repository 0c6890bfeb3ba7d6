//! Objective terms recomputed from the plan.

use super::files::Results;
use super::measure_checks::{freed_cost, prevention_cost};
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use super::{moves, sites};
use crate::domain::Ix;
use crate::domain::policy::Term;
use std::collections::BTreeMap;

/// Compares every term of the summary with the plan's.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    let terms = terms(p, results, sums);
    let mut tally = Tally::new("objective terms", "in the term's unit");
    for (name, &written) in &results.summary.objective {
        match Term::from_name(name).and_then(|term| terms.get(&term)) {
            Some(&recomputed) => tally.same(written, recomputed, || format!("term {name}")),
            None if name == "weighted" => {}
            None => tally.fail(|| format!("there is no term \"{name}\"")),
        }
    }
    for (name, part) in [("treated", sums.weighted_treated), ("unmet_as_to_nearest", sums.weighted_unmet)] {
        if let Some(&written) = results.summary.travel_parts.get(name) {
            tally.same(written, part, || format!("term travel, {name}"));
        }
    }
    vec![tally.done()]
}

/// Every term at the plan, in its unit.
pub fn terms(p: &Parameters, results: &Results, sums: &PlanSums) -> BTreeMap<Term, f64> {
    BTreeMap::from([
        (Term::Unmet, unmet(p, sums)),
        (Term::Inequality, worst_shares(p, sums)),
        (Term::Travel, sums.weighted_treated + sums.weighted_unmet),
        (Term::Disruption, disruption(p, results)),
        (Term::Cost, cost(p, results)),
    ])
}

/// Σ p w υ u, with the probability of the period's scenario.
fn unmet(p: &Parameters, sums: &PlanSums) -> f64 {
    let weighted =
        |unmet: &Vec<f64>| p.points.iter().zip(unmet).map(|(point, unmet)| point.weight * unmet).sum::<f64>();
    let losses = || sums.unmet.iter().zip(0..).map(|(unmet, period)| (period, weighted(unmet)));
    let mean: f64 = losses().map(|(period, loss)| loss * p.likely(period)).sum();
    p.system.worst_tail().map_or(mean, |tail| {
        tail.weight.0 * worst_tail(p, tail.part.0, losses()) + (1.0 - tail.weight.0) * mean
    })
}

/// The mean of what the worst scenarios leave unmet, those that make up a part `tail` of the probability; of the
/// last of them only as much as is wanted.
fn worst_tail(p: &Parameters, tail: f64, losses: impl Iterator<Item = (usize, f64)>) -> f64 {
    let mut scenarios: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (period, loss) in losses {
        let scenario = scenarios.entry(p.period(period).scenario).or_default();
        *scenario = (scenario.0 + loss, p.likely(period));
    }
    let mut scenarios: Vec<(f64, f64)> = scenarios.into_values().collect();
    scenarios.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut left, mut sum) = (tail, 0.0);
    for (loss, probability) in scenarios {
        let part = probability.min(left);
        sum += part * loss;
        left -= part;
    }
    sum / tail
}

/// The worst group's unmet share, over the periods.
fn worst_shares(p: &Parameters, sums: &PlanSums) -> f64 {
    let worst = |period| p.groups.iter().map(|&g| sums.group_share(p, period, g)).fold(0.0, f64::max);
    (0..p.periods()).map(|period| worst(period) * p.likely(period)).sum()
}

/// Money taken off services, in beds run for a year, and beds moved.
fn disruption(p: &Parameters, results: &Results) -> f64 {
    let taken = results.care.iter().map(|(&(period, council, service), row)| {
        (p.system.spend[(council, service)].0 - row.after).max(0.0) * p.likely(period)
    });
    let moved: f64 = results.allocation.values().map(moves::disruption).sum();
    taken.sum::<f64>() / p.system.policy.costs.bed_equivalent().0 + moved
}

/// New beds and beds moved by their yearly cost, in their own wave and each later one, sites open, and what
/// councils spend; step-down beds that the NHS pays for in every wave in which they are open, programmes and
/// shorter stays, £ a year.
fn cost(p: &Parameters, results: &Results) -> f64 {
    let bed_year = p.system.policy.costs.bed_year().0;
    let beds = results
        .allocation
        .iter()
        .map(|(&(t, _), row)| (row.new * bed_year + moves::yearly_cost(p, row)) * p.waves_from(t) as f64);
    let beds: f64 = beds.sum();
    let spend: f64 = results.care.iter().map(|(&(period, ..), row)| row.after * p.likely(period)).sum();
    let measures = (0..p.periods()).map(|period| {
        let by_nhs = results.measures.opened_until(period, |_| true).0 * p.step_down_bed();
        let yearly = by_nhs + prevention_cost(p, results, period) + freed_cost(p, results, period);
        yearly * p.likely(period)
    });
    beds + spend + measures.sum::<f64>() * 1e6 + sites::fixed_cost(p, results)
}

/// The unmet share of every group in every period.
pub fn group_shares(p: &Parameters, sums: &PlanSums) -> BTreeMap<(usize, usize), f64> {
    let periods = p.system.periods.indices().map(Ix::get);
    periods
        .flat_map(|period| p.groups.iter().map(move |&group| (period, group)))
        .map(|(period, group)| ((period, group), sums.group_share(p, period, group)))
        .collect()
}
