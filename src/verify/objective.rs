//! Objective terms recomputed from the plan.

use super::files::Results;
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

/// Σ w υ u.
fn unmet(p: &Parameters, sums: &PlanSums) -> f64 {
    let weighted =
        |unmet: &Vec<f64>| p.points.iter().zip(unmet).map(|(point, unmet)| point.weight * unmet).sum::<f64>();
    sums.unmet.iter().map(weighted).sum()
}

/// The worst group's unmet share, over the periods.
fn worst_shares(p: &Parameters, sums: &PlanSums) -> f64 {
    let worst = |period| p.groups.iter().map(|&g| sums.group_share(p, period, g)).fold(0.0, f64::max);
    (0..p.periods()).map(worst).sum()
}

/// Money taken off services, in beds run for a year, and beds moved.
fn disruption(p: &Parameters, results: &Results) -> f64 {
    let taken = results
        .care
        .iter()
        .map(|(&(_, council, service), row)| (p.system.spend[(council, service)].0 - row.after).max(0.0));
    let moved: f64 = results.allocation.values().map(moves::disruption).sum();
    taken.sum::<f64>() / p.system.policy.costs.bed_equivalent().0 + moved
}

/// New beds by their yearly cost, what councils spend, what moves and open sites cost, £ a year.
fn cost(p: &Parameters, results: &Results) -> f64 {
    let new: f64 = results.allocation.values().map(|row| row.new).sum();
    let spend: f64 = results.care.values().map(|row| row.after).sum();
    let moved: f64 = results.allocation.values().map(|row| moves::yearly_cost(p, row)).sum();
    new * p.system.policy.costs.bed_year().0 + spend + moved + sites::fixed_cost(p, results)
}

/// The unmet share of every group in every period.
pub fn group_shares(p: &Parameters, sums: &PlanSums) -> BTreeMap<(usize, usize), f64> {
    let periods = p.system.periods.indices().map(Ix::get);
    periods
        .flat_map(|period| p.groups.iter().map(move |&group| (period, group)))
        .map(|(period, group)| ((period, group), sums.group_share(p, period, group)))
        .collect()
}
