//! Levels that a result reached before: their faces, without solving them again.
//!
//! A promise can only take plans away. So where a plan that keeps it lies on the faces of the levels that the result
//! reached, those levels are as good as without it, and that is proven by the result's own prices. Under a
//! national shortage nearly every promise is of this kind. Where no plan lies there, the levels are to be solved anew.

use super::present::{KnownLevel, Present};
use crate::domain::policy::{Combination, Term};
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::keys::ConstraintKey;
use crate::lp::{Bounds, LinearProgram, RowIx};
use crate::pipeline::goals::{Goal, shares_in_one};
use crate::pipeline::likely::Likely;
use crate::pipeline::stage::{Settled, Stage};
use crate::solution::LevelName;
use crate::solution::members::constraint_name;
use std::collections::BTreeMap;

/// Whether the levels of a result can stand for those of the model with promises: one wave, priorities that are kept
/// exactly.
fn can_stand(system: &CareSystem) -> bool {
    let exact = match &system.policy.objective.combination {
        Combination::Priorities(levels) => levels.iter().all(|level| level.tolerance == 0.0),
        Combination::Weights(_) => false,
    };
    exact && system.periods.len() == 1
}

/// Confines a program over all areas to the faces of the levels that the result reached for some goals; false where
/// it does not tell them all. The prices of later levels are added to `likely`.
pub(super) fn confine(
    stage: &mut Stage,
    present: Present,
    system: &CareSystem,
    goals: &[Goal],
    likely: &mut Likely,
) -> bool {
    let levels = &present.standing.levels;
    let reached = |goal: &Goal| levels.iter().any(|level| is_of(goal, level.name));
    if !can_stand(system) || !goals.iter().all(|goal| reached(goal) || goal.expression(stage.formulation).is_none()) {
        return false;
    }
    let names: Vec<Option<String>> = stage
        .formulation
        .constraints()
        .iter()
        .map(|key| (!is_demand(*key)).then(|| constraint_name(system, *key)))
        .collect();
    for level in levels {
        let goal = Goal::of(system).into_iter().find(|goal| is_of(goal, level.name));
        let Some((goal, expression)) =
            goal.as_ref().and_then(|goal| Some((goal, goal.expression(stage.formulation)?)))
        else {
            continue;
        };
        let costs = stage.dense(&expression);
        let duals = prices_of_rows(stage.formulation, &stage.program, goal, costs, level, &names);
        if !goals.iter().any(|goal| is_of(goal, level.name)) {
            likely.learn(level.name, duals);
            continue;
        }
        let settled = settled(stage.formulation, system, goal, level, &duals);
        stage.settle(&settled, &expression, None, |key| settled.prices.get(&key).copied().unwrap_or(0.0));
    }
    true
}

/// Whether a level belongs to a goal.
fn is_of(goal: &Goal, name: LevelName) -> bool {
    matches!((goal, name), (Goal::Term(level), LevelName::Term(term, _)) if level.term == term)
}

fn is_demand(key: ConstraintKey) -> bool {
    matches!(key, ConstraintKey::DemandBalance { .. })
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
        ConstraintKey::UnmetCeiling { .. } | ConstraintKey::TermHold { term: Term::Inequality } => shares_in_one(f),
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
    Settled {
        name: level.name,
        prices: f.constraints().iter().copied().zip(duals.iter().copied()).collect(),
        worst: system
            .periods
            .indices()
            .map(|period| (period, level.value * units_in_one))
            .collect::<BTreeMap<_, _>>(),
        units_in_one,
    }
}
