//! Level after level: the bound from its prices, and whether the plan keeps its value.

use super::bound::{Prices, evaluate};
use super::face::{Face, Hold, Round};
use super::files::Results;
use super::objective::{group_shares, terms};
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::prices::{PriceRow, RowKey};
use super::program::Program;
use super::report::{Check, Tally};
use super::summary::ClaimedLevel;
use super::whole_beds;
use crate::domain::policy::{Combination, Level, Term};
use std::collections::BTreeMap;

/// Prices smaller than this on the side where a row has no limit are rounding.
const WRONG_SIDE: f64 = 1e-7;

/// What a level minimises.
struct Goal {
    /// How much each term counts, as the program holds it.
    terms: BTreeMap<Term, f64>,
    /// What is added to the program's value.
    constant: f64,
    /// The reported value is this many times the program's.
    scale: f64,
    /// How much later levels may give up, in the reported unit.
    tolerance: f64,
    /// The solver had the value in so many units to one: what counts as rounding is judged by that.
    in_one: f64,
}

impl Goal {
    /// The row that holds the level's term within its tolerance from then on.
    fn held_at(&self, level: &ClaimedLevel) -> Hold {
        let term = self.terms.keys().next().copied().unwrap_or(Term::Unmet);
        Hold { term, most: (level.value + self.tolerance) / self.scale - self.constant }
    }
}

/// Whether a tolerance is one on every group's share, rather than on the term: where leximin settles group after
/// group of the one period there is.
fn by_group(p: &Parameters, level: &ClaimedLevel, goal: &Goal) -> bool {
    let leximin = round_of(&level.name).is_some() && p.system.policy.objective.leximin;
    leximin && goal.tolerance > 0.0 && p.periods() == 1
}

/// Proves the value of every level and checks that the plan keeps it. In whole beds the levels of the plan are proven
/// with its beds fixed, and those in fractions, which bound them, without.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    let mut program = Program::new(p, &results.open);
    let mut checks = Vec::new();
    if p.system.policy.whole_beds.is_some() {
        checks.extend(whole_beds::bounds(p, results, &program));
        whole_beds::fix(&mut program, results);
    }
    checks.extend(check_plan(p, results, sums, &program));
    checks
}

/// Proves levels that are not those of the plan, from prices of their own. Where need differs by period, what a round
/// of inequality settles is read off the plan, so that nothing is proven after the first.
pub(super) fn check_bounds(
    p: &Parameters,
    results: &Results,
    (levels, prices): (&[ClaimedLevel], &[PriceRow]),
    program: &Program,
) -> Vec<Check> {
    let mut face = Face::new(p, program, results);
    let mut known = Tally::new("bound prices name known constraints", "");
    let mut bounds = Vec::new();
    for level in levels {
        let Some(goal) = goal(p, &level.name) else { continue };
        let mut tally = Tally::new(format!("level {} in fractions", level.name), "relative gap");
        let published: Vec<&PriceRow> = prices.iter().filter(|price| price.level == level.name).collect();
        let prices = level_prices((p, program, &face), &published, &goal, &mut tally, &mut known);
        let found = evaluate(p, program, &face, &prices);
        see_gap(&mut tally, level, (found.bound / goal.in_one + goal.constant) * goal.scale, true);
        bounds.push(tally.done());
        let by_group = by_group(p, level, &goal);
        if goal.tolerance > 0.0 && !by_group {
            face.hold(goal.held_at(level));
            continue;
        }
        if !by_group {
            face.settle(p, program, &prices, &found);
        }
        if round_of(&level.name).is_some() {
            if p.periods() > 1 {
                break;
            }
            let rule = Round { in_one: goal.in_one, tolerance: goal.tolerance };
            face.settle_round(program, &prices, rule, |_| Some(level.value));
        }
    }
    bounds.push(known.done());
    bounds
}

fn check_plan(p: &Parameters, results: &Results, sums: &PlanSums, program: &Program) -> Vec<Check> {
    let mut face = Face::new(p, program, results);
    let (recomputed, shares) = (terms(p, results, sums), group_shares(p, sums));
    let optimal = results.summary.status.eq_ignore_ascii_case("optimal");
    let mut order = Tally::new("levels in the model's order", "");
    check_order(p, results, optimal, &mut order);
    let mut known = Tally::new("prices name known constraints", "");
    let mut kept = Tally::new("plan keeps every level", "in the term's unit");
    let mut bounds = Vec::new();
    for level in &results.summary.levels {
        let Some(goal) = goal(p, &level.name) else { continue };
        let mut tally = Tally::new(format!("bound of level {}", level.name), "relative gap");
        let published: Vec<&PriceRow> =
            results.prices.iter().filter(|price| price.level == level.name).collect();
        let model = (p, program, &face);
        let prices = level_prices(model, &published, &goal, &mut tally, &mut known);
        let found = evaluate(p, program, &face, &prices);
        let bound = (found.bound / goal.in_one + goal.constant) * goal.scale;
        see_gap(&mut tally, level, bound, optimal);
        bounds.push(tally.done());

        let by_group = by_group(p, level, &goal);
        if goal.tolerance == 0.0 {
            face.settle(p, program, &prices, &found);
        } else if !by_group {
            face.hold(goal.held_at(level));
        }
        if round_of(&level.name).is_none() {
            see_value(p, level, goal.tolerance, &recomputed, &mut kept);
            continue;
        }
        let settled = if goal.tolerance > 0.0 && !by_group {
            Vec::new()
        } else {
            let rounding = face.settled * goal.in_one;
            let worst = |period| worst_share((p, program, &prices), rounding, level, &shares, period);
            let sum: f64 = (0..p.periods()).filter_map(|t| Some(worst(t)? * p.likely(t))).sum();
            kept.see((sum - level.value).abs(), 1.0, || {
                format!("level {}: value {}, the periods' worst shares make {sum}", level.name, level.value)
            });
            let rule = Round { in_one: goal.in_one, tolerance: goal.tolerance };
            face.settle_round(program, &prices, rule, worst)
        };
        see_shares(p, level, &settled, &shares, goal.tolerance, &mut kept);
    }
    [vec![order.done(), known.done()], bounds, vec![kept.done()]].concat()
}

/// The number in `inequality_3`.
fn round_of(name: &str) -> Option<usize> {
    if name == Term::Inequality.name() { Some(1) } else { name.strip_prefix("inequality_")?.parse().ok() }
}

fn term_of(name: &str) -> Option<Term> {
    if round_of(name).is_some() { Some(Term::Inequality) } else { Term::from_name(name) }
}

/// What the floors of all services cost: part of the cost term whatever the plan, £ million a year.
fn floors(p: &Parameters) -> f64 {
    let councils = p.system.councils.indices();
    let pairs = councils.flat_map(|c| p.system.services.indices().map(move |s| (c, s)));
    let waves: f64 = (0..p.periods()).map(|period| p.likely(period)).sum();
    pairs.map(|(council, service)| p.floor(council, service)).sum::<f64>() * waves
}

/// How the program holds a term: what is added whatever the plan, and the size of its unit.
fn unit_of(p: &Parameters, term: Term) -> (f64, f64) {
    if term == Term::Cost { (floors(p), 1e6) } else { (0.0, 1.0) }
}

fn goal(p: &Parameters, name: &str) -> Option<Goal> {
    match &p.system.policy.objective.combination {
        Combination::Priorities(levels) => {
            let term = term_of(name)?;
            let tolerance =
                levels.iter().find(|level| level.term == term).map_or(0.0, |level| level.tolerance);
            let (constant, scale) = unit_of(p, term);
            let in_one = if term == Term::Inequality { p.shares_in_one() } else { 1.0 };
            Some(Goal { terms: BTreeMap::from([(term, in_one)]), constant, scale, tolerance, in_one })
        }
        Combination::Weights(weights) => {
            // A weight is per one of the term's unit as reported.
            let terms = weights.iter().map(|(&term, &weight)| (term, weight * unit_of(p, term).1)).collect();
            let constant = weights.iter().map(|(&term, &weight)| {
                let (constant, scale) = unit_of(p, term);
                weight * constant * scale
            });
            Some(Goal { terms, constant: constant.sum(), scale: 1.0, tolerance: 0.0, in_one: 1.0 })
        }
    }
}

/// The prices of a level by row; a price on a side without limit proves nothing and fails the check.
fn level_prices(
    (p, program, face): (&Parameters, &Program, &Face),
    published: &[&PriceRow],
    goal: &Goal,
    tally: &mut Tally,
    known: &mut Tally,
) -> Prices {
    let mut rows = vec![0.0; program.rows.len()];
    let mut holds = vec![0.0; face.holds.len()];
    for PriceRow { level, row: key, price } in published.iter().copied() {
        let held = |term| face.holds.iter().position(|hold| hold.term == term);
        let (value, limit) = match *key {
            RowKey::TermHold(term) => {
                if let Some(at) = held(term) {
                    (&mut holds[at], if *price > 0.0 { f64::NEG_INFINITY } else { face.holds[at].most })
                } else {
                    unknown(p, level, *key, *price, known);
                    continue;
                }
            }
            key => {
                if let Some(row) = program.row(key) {
                    let (lower, upper) = face.rows[row];
                    (&mut rows[row], if *price > 0.0 { lower } else { upper })
                } else {
                    unknown(p, level, key, *price, known);
                    continue;
                }
            }
        };
        known.see(0.0, 1.0, String::new);
        if limit.is_finite() {
            *value = *price * goal.in_one;
        } else if price.abs() > WRONG_SIDE {
            tally.fail(|| format!("price {price} of {} is on a side without limit", key.words(p)));
        }
    }
    Prices::new(p, program, face, goal.terms.clone(), rows, holds)
}

/// A price of a constraint that the model does not have at this level.
fn unknown(p: &Parameters, level: &str, key: RowKey, price: f64, known: &mut Tally) {
    if price.abs() > WRONG_SIDE {
        known.fail(|| format!("level {level}: {}", key.words(p)));
    }
}

fn see_gap(tally: &mut Tally, level: &ClaimedLevel, bound: f64, optimal: bool) {
    let size = level.value.abs().max(1.0);
    if optimal {
        tally.see((level.value - bound).abs() / size, 1.0, || {
            format!("the files say {}, the prices prove no more than {bound}", level.value)
        });
    }
    if let Some(claimed) = level.bound {
        tally.see((claimed - bound).abs() / size, 1.0, || {
            format!("the files claim the bound {claimed}, the prices give {bound}")
        });
    }
}

/// The plan has the level's value, or less than its tolerance more.
fn see_value(
    p: &Parameters,
    level: &ClaimedLevel,
    tolerance: f64,
    recomputed: &BTreeMap<Term, f64>,
    kept: &mut Tally,
) {
    if let Some(value) = plan_value(p, &level.name, recomputed) {
        let excess = (value - level.value - tolerance).max(level.value - value);
        kept.see(excess, level.value, || {
            format!("level {}: value {}, the plan has {value}", level.name, level.value)
        });
    }
}

fn plan_value(p: &Parameters, name: &str, recomputed: &BTreeMap<Term, f64>) -> Option<f64> {
    match &p.system.policy.objective.combination {
        Combination::Priorities(_) => recomputed.get(&Term::from_name(name)?).copied(),
        Combination::Weights(weights) => {
            Some(weights.iter().map(|(term, weight)| weight * recomputed.get(term).unwrap_or(&0.0)).sum())
        }
    }
}

/// The worst share of a round in a period. With several periods the level's value is their sum, so each is
/// read off a group that the round settles.
fn worst_share(
    (p, program, prices): (&Parameters, &Program, &Prices),
    rounding: f64,
    level: &ClaimedLevel,
    shares: &BTreeMap<(usize, usize), f64>,
    period: usize,
) -> Option<f64> {
    if p.periods() == 1 {
        return Some(level.value);
    }
    let settled = p.groups.iter().find(|&&group| {
        let ceiling = program.row(RowKey::UnmetCeiling(group, period));
        ceiling.is_some_and(|row| prices.rows[row] < -rounding)
    });
    // Where no ceiling has a price nobody is short: the worst share costs its probability, so it is nought.
    settled.map_or(Some(0.0), |settled| shares.get(&(period, *settled)).copied())
}

/// Groups settled by a round have its value; with one period no other open group is above it.
fn see_shares(
    p: &Parameters,
    level: &ClaimedLevel,
    settled: &[(usize, usize)],
    shares: &BTreeMap<(usize, usize), f64>,
    tolerance: f64,
    kept: &mut Tally,
) {
    if p.periods() > 1 {
        return;
    }
    for &(group, period) in settled {
        let share = shares.get(&(period, group)).copied().unwrap_or(0.0);
        // Within a tolerance groups may rise, and others may gain by it.
        let off = share - level.value;
        kept.see(if tolerance > 0.0 { off - tolerance } else { off.abs() }, 1.0, || {
            format!(
                "level {}: {} is settled at {}, the plan has {share}",
                level.name,
                p.group_words(group),
                level.value
            )
        });
    }
    if round_of(&level.name) == Some(1) {
        let worst = shares.values().copied().fold(0.0, f64::max);
        kept.see(worst - level.value - tolerance, 1.0, || {
            format!("level {}: value {}, the plan's worst share is {worst}", level.name, level.value)
        });
    }
}

/// The solved levels are the model's, in its order; an optimal result has them all.
fn check_order(p: &Parameters, results: &Results, optimal: bool, tally: &mut Tally) {
    let solved: Vec<&str> = results.summary.levels.iter().map(|level| level.name.as_str()).collect();
    let mut expected: Vec<String> = match &p.system.policy.objective.combination {
        Combination::Priorities(levels) => expected(levels, &solved),
        Combination::Weights(_) => vec!["weighted".to_owned()],
    };
    if !optimal {
        expected.truncate(solved.len());
    }
    tally.see(if solved == expected { 0.0 } else { f64::INFINITY }, 1.0, || {
        format!("the model asks for {}, the files have {}", expected.join(", "), solved.join(", "))
    });
}

fn expected(levels: &[Level], solved: &[&str]) -> Vec<String> {
    let rounds = solved.iter().filter(|name| round_of(name).is_some()).count().max(1);
    let named = |level: &Level| match level.term {
        Term::Inequality => (1..=rounds).map(|round| format!("inequality_{round}")).collect(),
        term => vec![term.name().to_owned()],
    };
    levels.iter().flat_map(named).collect()
}
