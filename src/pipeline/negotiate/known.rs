//! Levels that a result reached before: their faces, without solving them again.
//!
//! A promise can only take plans away. So where a plan that keeps it lies on the faces of the levels that the result
//! reached, those levels are as good as without it, and that is proven by the result's own prices. Under a
//! national shortage nearly every promise is of this kind. Where no plan lies there, the levels are to be solved anew.
//!
//! Nine journeys in ten are longer than any plan uses. The result's prices of the travel level say which: without them
//! the program is a fraction of its size. The prices of its answer are put to the journeys that were left out; those
//! that are worth having come back, until none is. Then the answer is that of the whole program.

use super::present::{KnownLevel, Present};
use crate::domain::policy::{Combination, Term};
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::ConstraintKey;
use crate::lp::{Bounds, LinearProgram, RowIx};
use crate::pipeline::goals::{Goal, shares_in_one};
use crate::pipeline::stage::{Settled, Stage};
use crate::solution::LevelName;
use crate::solution::members::constraint_name;

/// A journey is left out where it costs so much more than it is worth, in minutes.
const DEAR: f64 = 15.0;

/// The faces of the levels that a result reached before travel, and which journeys are worth having at its prices.
pub(super) struct Known<'f> {
    /// The program of all journeys, on these faces.
    whole: LinearProgram,
    fine: &'f Formulation,
    faces: Vec<(Goal, Settled)>,
    travel: Goal,
    /// Whether a journey is in, by column.
    is_in: Vec<bool>,
}

impl<'f> Known<'f> {
    /// Reads the faces off what a result tells; `None` where that is not enough. `stage` holds the program of all
    /// journeys.
    pub fn new(stage: &mut Stage<'f>, present: Present, system: &CareSystem) -> Option<Self> {
        let goals = Goal::of(system);
        let first = goals.iter().take_while(|goal| goal.ignores_minutes()).count();
        let fine = stage.formulation;
        let levels = &present.standing.levels;
        let reached = |goal: &Goal| levels.iter().any(|level| is_of(goal, level.name));
        let asked = |goal: &&Goal| goal.expression(fine).is_some();
        if !can_stand(system) || !goals[..=first.min(goals.len() - 1)].iter().filter(asked).all(reached) {
            return None;
        }
        let travel = goals.get(first)?.clone();
        let names = names(system, fine);
        let mut faces = Vec::new();
        for level in levels {
            let Some(goal) = goals[..first].iter().find(|goal| is_of(goal, level.name)) else { continue };
            let expression = goal.expression(fine)?;
            let costs = stage.dense(&expression);
            let duals = prices_of_rows(fine, &stage.program, goal, costs, level, &names);
            let settled = settled(fine, system, goal, level, &duals);
            settle(stage, goal, &settled);
            faces.push((goal.clone(), settled));
        }
        let level = levels.iter().find(|level| is_of(&travel, level.name))?;
        let costs = stage.dense(&travel.expression(fine)?);
        let duals = prices_of_rows(fine, &stage.program, &travel, costs.clone(), level, &names);
        let whole = stage.program.clone();
        let mut is_in: Vec<bool> =
            whole.reduce(costs, &duals).iter().map(|reduced| *reduced <= DEAR).collect();
        // Whatever else is decided stays.
        fine.decisions().for_each(|(column, _)| is_in[column.get()] = true);
        Some(Self { whole, fine, faces, travel, is_in })
    }

    /// The points with the journeys that are in.
    pub fn points(&self, system: &CareSystem, areas: &DemandPoints) -> DemandPoints {
        areas.with_few_sites(|point| {
            let periods = system.periods.indices();
            let ways = periods.flat_map(|period| self.fine.treated(point, period));
            ways.filter(|(_, column)| self.is_in[column.get()]).map(|(reachable, _)| reachable.site).collect()
        })
    }

    /// Confines a program with these journeys to the faces; false where it is another program.
    pub fn confine(&self, stage: &mut Stage) -> bool {
        let same = stage.formulation.constraints() == self.fine.constraints();
        if same {
            self.faces.iter().for_each(|(goal, settled)| settle(stage, goal, settled));
        }
        same
    }

    /// Takes in the journeys that are worth having at the prices of an answer, and those that cost nothing; whether
    /// there were any.
    pub fn takes_in(&mut self, settled: &[(Goal, Settled)]) -> bool {
        let found = settled.iter().find(|(goal, _)| self.travel.name(1) == goal.name(1));
        let (Some((_, settled)), Some(expression)) = (found, self.travel.expression(self.fine)) else {
            return true;
        };
        let mut costs = vec![0.0; self.whole.columns()];
        expression.iter().for_each(|&(column, cost)| costs[column.get()] += cost);
        let price = |key| settled.prices.get(key).copied().unwrap_or(0.0);
        let duals: Vec<f64> = self.fine.constraints().iter().map(price).collect();
        let rounding = self.fine.price_rounding();
        let reduced = self.whole.reduce(costs, &duals);
        let mut any = false;
        for ((is_in, reduced), bounds) in self.is_in.iter_mut().zip(reduced).zip(self.whole.column_bounds()) {
            if !*is_in && reduced <= rounding && !bounds.is_fixed() {
                (*is_in, any) = (true, true);
            }
        }
        any
    }
}

/// Whether the levels of a result can stand for those of the model with promises: one wave, priorities that are kept
/// exactly.
fn can_stand(system: &CareSystem) -> bool {
    let exact = match &system.policy.objective.combination {
        Combination::Priorities(levels) => {
            !levels.is_empty() && levels.iter().all(|level| level.tolerance == 0.0)
        }
        Combination::Weights(_) => false,
    };
    exact && system.periods.len() == 1
}

/// Whether a level belongs to a goal.
fn is_of(goal: &Goal, name: LevelName) -> bool {
    matches!((goal, name), (Goal::Term(level), LevelName::Term(term, _)) if level.term == term)
}

/// The names of rows as results tell them; none of demand balances.
fn names(system: &CareSystem, f: &Formulation) -> Vec<Option<String>> {
    let is_demand = |key: &ConstraintKey| matches!(key, ConstraintKey::DemandBalance { .. });
    f.constraints().iter().map(|key| (!is_demand(key)).then(|| constraint_name(system, *key))).collect()
}

fn settle(stage: &mut Stage, goal: &Goal, settled: &Settled) {
    if let Some(expression) = goal.expression(stage.formulation) {
        stage.settle(settled, &expression, None, |key| settled.prices.get(&key).copied().unwrap_or(0.0));
    }
}

/// The prices of a level by row, as the program holds them. The price of an area's need is the least of what it costs
/// to treat it anywhere or to leave it unmet.
fn prices_of_rows(
    f: &Formulation,
    program: &LinearProgram,
    goal: &Goal,
    costs: Vec<f64>,
    level: &KnownLevel,
    names: &[Option<String>],
) -> Vec<f64> {
    let of_goal = goal.units_in_one(f);
    let of_row = |key: ConstraintKey| match key {
        ConstraintKey::UnmetCeiling { .. } | ConstraintKey::TermHold { term: Term::Inequality } => {
            shares_in_one(f)
        }
        _ => 1.0,
    };
    let price = |(key, name): (&ConstraintKey, &Option<String>)| {
        let told = name.as_ref().and_then(|name| level.prices.get(name)).copied().unwrap_or(0.0);
        told * of_goal / of_row(*key)
    };
    let mut duals: Vec<f64> = f.constraints().iter().zip(names).map(price).collect();
    let left = program.reduce(costs, &duals);
    for (row, name) in (0u32..).map(RowIx).zip(names) {
        if name.is_none() {
            let open = program.row(row).filter(|(column, value)| {
                *value > 0.0 && program.column_bounds()[column.get()] == Bounds::NON_NEGATIVE
            });
            let least = open.map(|(column, value)| left[column.get()] / value).min_by(f64::total_cmp);
            duals[row.get()] = least.unwrap_or(0.0);
        }
    }
    duals
}

fn settled(f: &Formulation, system: &CareSystem, goal: &Goal, level: &KnownLevel, duals: &[f64]) -> Settled {
    let units_in_one = goal.units_in_one(f);
    let worst = system.periods.indices().map(|period| (period, level.value * units_in_one)).collect();
    let prices = f.constraints().iter().copied().zip(duals.iter().copied()).collect();
    Settled { name: level.name, prices, worst, units_in_one, room: 0.0 }
}
