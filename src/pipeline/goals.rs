//! The levels of a model, solved one after another.

use super::error::RunError;
use super::observer::{self, Observer};
use super::result::LevelResult;
use super::stage::{LevelSolution, Settled, Solved, Stage};
use crate::domain::policy::{Combination, Level, Term};
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::ConstraintKey;
use crate::lp::{Bounds, ColumnIx, Limit, LinearProgram};
use crate::solution::{LevelName, LevelPrices};
use std::borrow::Cow;

/// What to reach for.
#[derive(Debug, Clone)]
pub enum Goal {
    /// One term.
    Term(Level),
    /// All terms at once, each with a weight per unit.
    Weighted(Vec<(Term, f64)>),
}

impl Goal {
    /// The goals of a model, in order.
    pub fn of(system: &CareSystem) -> Vec<Self> {
        match &system.policy.objective.combination {
            Combination::Priorities(levels) => levels.iter().copied().map(Self::Term).collect(),
            Combination::Weights(weights) => {
                vec![Self::Weighted(weights.iter().map(|(&term, &weight)| (term, weight)).collect())]
            }
        }
    }
    /// As little unmet need as possible, then the worst-off group as well off as possible: what plans are judged by
    /// beside a run.
    pub fn need_and_equity() -> [Self; 2] {
        [Term::Unmet, Term::Inequality].map(|term| Self::Term(Level { term, tolerance: 0.0 }))
    }
    /// Whether merged areas are enough for it.
    pub fn ignores_minutes(&self) -> bool {
        match self {
            Self::Term(level) => level.term != Term::Travel,
            Self::Weighted(weights) => {
                weights.iter().all(|(term, weight)| *term != Term::Travel || *weight == 0.0)
            }
        }
    }
    /// Whether later goals may give up some of it.
    pub fn has_tolerance(&self) -> bool {
        matches!(self, Self::Term(level) if level.tolerance > 0.0)
    }
    pub(super) fn name(&self, round: u8) -> LevelName {
        match self {
            Self::Term(level) => LevelName::Term(level.term, round),
            Self::Weighted(_) => LevelName::Weighted,
        }
    }
    fn stage(&self, round: u8) -> observer::Stage {
        match self {
            Self::Term(level) => observer::Stage::Level(level.term, round),
            Self::Weighted(_) => observer::Stage::Weighted,
        }
    }
    /// What is minimised, over a program's columns; `None` where the program has no such term.
    pub fn expression<'f>(&self, f: &'f Formulation) -> Option<Cow<'f, [(ColumnIx, f64)]>> {
        match self {
            Self::Term(level) => Some(Cow::Borrowed(&f.term(level.term)?.coefficients)),
            Self::Weighted(weights) => Some(
                weights
                    .iter()
                    .filter_map(|(term, weight)| Some((f.term(*term)?, weight)))
                    .flat_map(|(term, weight)| {
                        term.coefficients.iter().map(move |(column, c)| (*column, c * term.scale * weight))
                    })
                    .collect(),
            ),
        }
    }
    /// How many of the program's units make one of the term's as reported, where it is a share; else 1.
    pub(super) fn units_in_one(&self, f: &Formulation) -> f64 {
        match self {
            Self::Term(Level { term: Term::Inequality, .. }) => shares_in_one(f),
            _ => 1.0,
        }
    }
    /// A value of the program in the units of reports.
    pub(super) fn reported(&self, f: &Formulation, value: f64) -> f64 {
        match self {
            Self::Term(level) => f.term(level.term).map_or(value, |term| term.reported(value)),
            Self::Weighted(weights) => {
                let constants: f64 = weights
                    .iter()
                    .filter_map(|(term, weight)| f.term(*term).map(|t| t.constant * t.scale * weight))
                    .sum();
                value + constants
            }
        }
    }
    pub(super) fn unit(&self) -> &'static str {
        match self {
            Self::Term(level) => level.term.unit(),
            Self::Weighted(_) => "weighted sum",
        }
    }
}

/// What solved levels leave behind.
#[derive(Debug, Default)]
pub struct Ledger {
    /// For the reports.
    pub levels: Vec<LevelResult>,
    /// For the reports and the check.
    pub prices: Vec<LevelPrices>,
    /// For the programs to come, with the goal that each belongs to.
    pub settled: Vec<(Goal, Settled)>,
}

/// How a series of goals ended.
#[derive(Debug)]
pub enum GoalsEnd {
    /// All reached.
    Reached,
    /// The demands of the model cannot all be met.
    Infeasible,
    /// Stopped early, with the best columns so far.
    Stopped(Limit, Option<Vec<f64>>),
}

/// How goals are to be reached.
pub struct Way<'a> {
    /// Whether inequality goes on to the next worst group, and so on.
    pub leximin: bool,
    /// Whether the program is over merged areas.
    pub merged: bool,
    /// Column values that reach the goals settled before; empty where there are none.
    pub plan: &'a dyn Fn() -> Vec<f64>,
}

impl Way<'_> {
    /// From nothing, over merged areas.
    pub fn over_merged(leximin: bool) -> Self {
        Self { leximin, merged: true, plan: &Vec::new }
    }
}

/// Solves goals in order, each on the optimal face of those before. Returns the last column values.
pub fn reach(
    stage: &mut Stage,
    goals: &[Goal],
    way: &Way,
    ledger: &mut Ledger,
    observer: &mut dyn Observer,
) -> Result<(GoalsEnd, Vec<f64>), RunError> {
    let mut columns = Vec::new();
    for goal in goals {
        let Some(expression) = goal.expression(stage.formulation) else { continue };
        for round in 1u8.. {
            let doing = goal.stage(round);
            observer.starts(doing);
            let unit = goal.units_in_one(stage.formulation);
            let mut solved = match reached_already(stage, goal, &expression, &columns) {
                Some(solution) => Solved::Level(Box::new(solution)),
                None => stage.minimise_with_proof(&expression, unit)?,
            };
            let settled_before = !ledger.levels.is_empty();
            if matches!(solved, Solved::Infeasible) && settled_before {
                if columns.is_empty() {
                    columns = (way.plan)();
                }
                // A plan of the level before is one for this level too, so the contradiction is rounding.
                if !columns.is_empty() {
                    stage.make_room_for(&columns);
                    solved = stage.minimise_with_proof(&expression, unit)?;
                }
            }
            observer.ends(doing);
            let solution = match solved {
                Solved::Level(solution) => solution,
                Solved::Infeasible if ledger.levels.is_empty() => {
                    return Ok((GoalsEnd::Infeasible, columns));
                }
                Solved::Infeasible => {
                    return Err(RunError::LostFeasibility { level: goal.name(round).to_string() });
                }
                Solved::Stopped(limit, best) => return Ok((GoalsEnd::Stopped(limit, best), columns)),
            };
            record(stage, goal, round, way, &solution, ledger, &expression);
            columns = solution.columns;
            if !(way.leximin && another_round(stage, goal)) {
                break;
            }
        }
    }
    Ok((GoalsEnd::Reached, columns))
}

/// The plan of the level before, where it reaches this one too. Not for inequality: there prices say which groups are
/// settled.
fn reached_already(
    stage: &Stage,
    goal: &Goal,
    expression: &[(ColumnIx, f64)],
    plan: &[f64],
) -> Option<LevelSolution> {
    match goal {
        Goal::Term(level) if level.term != Term::Inequality && !plan.is_empty() => {
            stage.least_already(expression, plan)
        }
        _ => None,
    }
}

/// Leximin goes on while groups are left whose share is not settled. Where a tolerance on the worst share is
/// one on the sum over several periods, it settles nobody's, so one round is all there is.
fn another_round(stage: &Stage, goal: &Goal) -> bool {
    let Goal::Term(level) = goal else { return false };
    let racing = stage.racing_groups();
    let one_period = || racing.iter().all(|(_, period, _)| *period == racing[0].1);
    level.term == Term::Inequality && !racing.is_empty() && (level.tolerance == 0.0 || one_period())
}

/// How far groups that a round settles may rise, in the program's units; `None` where not groups are held within a
/// tolerance, but the term itself or nothing.
fn room_of_groups(stage: &Stage, goal: &Goal, way: &Way) -> Option<f64> {
    let Goal::Term(level) = goal else { return None };
    let by_group = way.leximin && level.tolerance > 0.0 && another_round(stage, goal);
    by_group.then(|| level.tolerance * shares_in_one(stage.formulation))
}

fn record(
    stage: &mut Stage,
    goal: &Goal,
    round: u8,
    way: &Way,
    solution: &LevelSolution,
    ledger: &mut Ledger,
    expression: &[(ColumnIx, f64)],
) {
    let f = stage.formulation;
    let name = goal.name(round);
    ledger.levels.push(LevelResult {
        name,
        value: goal.reported(f, solution.value),
        bound: goal.reported(f, solution.bound),
        unit: goal.unit(),
        size: (stage.program.rows(), stage.program.columns()),
        merged: way.merged,
    });
    ledger.prices.push(LevelPrices { level: name, prices: published(f, goal, &solution.duals) });
    let mut settled = stage.describe(name, solution, goal.units_in_one(f));
    if let Some(room) = room_of_groups(stage, goal, way) {
        settled.room = room;
        stage.settle_round(&settled, |key| settled.prices[&key]);
    } else {
        hold(stage, goal, &settled, solution, expression);
    }
    ledger.settled.push((goal.clone(), settled));
}

/// Holds a solved level: exactly along its face, or within the tolerance that the model allows.
fn hold(
    stage: &mut Stage,
    goal: &Goal,
    settled: &Settled,
    solution: &LevelSolution,
    expression: &[(ColumnIx, f64)],
) {
    if let Goal::Term(level) = goal
        && level.tolerance > 0.0
        && let Some(row) = stage.formulation.row(ConstraintKey::TermHold { term: level.term })
    {
        let scale = stage.formulation.term(level.term).map_or(1.0, |term| term.scale);
        stage.program.set_row_bounds(row, Bounds::at_most(solution.value + level.tolerance / scale));
        return;
    }
    stage.settle(settled, expression, Some(&solution.columns), |key| settled.prices[&key]);
}

/// Confines a fresh program to the faces of levels that were solved on another one: a program of this formulation, with
/// the bounds that it had then.
pub fn replay(
    stage: &mut Stage,
    points: &DemandPoints,
    earlier: &[(Goal, Settled)],
    (held, bounds): (&Formulation, &LinearProgram),
) {
    for (goal, settled) in earlier {
        let Some(expression) = goal.expression(stage.formulation) else { continue };
        if settled.room > 0.0 {
            stage.settle_round(settled, |key| settled.prices.get(&key).copied().unwrap_or(0.0));
            continue;
        }
        if let Goal::Term(level) = goal
            && level.tolerance > 0.0
        {
            let key = ConstraintKey::TermHold { term: level.term };
            if let (Some(row), Some(source)) = (stage.formulation.row(key), held.row(key)) {
                stage.program.set_row_bounds(row, bounds.row_bounds()[source.get()]);
            }
            continue;
        }
        stage.settle(settled, &expression, None, |key| {
            let key = match key {
                ConstraintKey::DemandBalance { area, specialty, period } => {
                    let area = points.representative(area, specialty);
                    ConstraintKey::DemandBalance { area, specialty, period }
                }
                ConstraintKey::StepDownShare { area, specialty, period } => {
                    let area = points.representative(area, specialty);
                    ConstraintKey::StepDownShare { area, specialty, period }
                }
                other => other,
            };
            settled.prices.get(&key).copied().unwrap_or(0.0)
        });
    }
}

/// Gives the price of a merged point's share of step-down to each of its areas: a row bounded by a share of
/// need is worth the same per occupied bed in all of them.
pub fn spread_over_areas(ledger: &mut Ledger, points: &DemandPoints) {
    let is_share = |key: &ConstraintKey| matches!(key, ConstraintKey::StepDownShare { .. });
    if !ledger.prices.iter().any(|level| level.prices.iter().any(|(key, _)| is_share(key))) {
        return;
    }
    let members = points.members();
    for level in &mut ledger.prices {
        let mut spread = Vec::with_capacity(level.prices.len());
        for &(key, price) in &level.prices {
            match key {
                ConstraintKey::StepDownShare { area, specialty, period } => {
                    let areas = members.get(&(area, specialty)).into_iter().flatten();
                    let each = |&area: &_| (ConstraintKey::StepDownShare { area, specialty, period }, price);
                    spread.extend(areas.map(each));
                }
                other => spread.push((other, price)),
            }
        }
        spread.sort_by_key(|(key, _)| *key);
        level.prices = spread;
    }
}

/// How many units of the program's shares make 1.
pub(super) fn shares_in_one(f: &Formulation) -> f64 {
    f.term(Term::Inequality).map_or(1.0, |term| 1.0 / term.scale)
}

/// Prices worth printing, in the units of reports: not demand balances, not zeros.
fn published(f: &Formulation, goal: &Goal, duals: &[f64]) -> Vec<(ConstraintKey, f64)> {
    let of_goal = goal.units_in_one(f);
    let of_row = |key: ConstraintKey| match key {
        ConstraintKey::UnmetCeiling { .. } | ConstraintKey::TermHold { term: Term::Inequality } => {
            shares_in_one(f)
        }
        _ => 1.0,
    };
    let prices = f.constraints().iter().copied().zip(duals.iter().copied());
    let mut prices: Vec<_> = prices
        .map(|(key, price)| (key, price * of_row(key) / of_goal))
        .filter(|(key, price)| !matches!(key, ConstraintKey::DemandBalance { .. }) && *price != 0.0)
        .collect();
    prices.sort_by_key(|(key, _)| *key);
    prices
}
