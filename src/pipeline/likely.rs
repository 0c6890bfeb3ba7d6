//! A level of which a like program's prices are known: columns that those prices make dear are put aside at first.
//!
//! Nine journeys in ten are longer than any plan uses. Without them a program is solved in a fraction of the time, and
//! the prices of its answer say whether one of them would be worth having: those come back, until none is. Then the
//! prices prove the answer for the whole program, as if nothing had been put aside.

use super::error::RunError;
use super::stage::{LevelSolution, Solved, Stage};
use crate::lp::{Bounds, ColumnIx, LinearProgram, dual_bound};
use crate::solution::LevelName;
use std::collections::BTreeMap;

/// A column is put aside where it costs so much more than it is worth: minutes, of patients' journeys.
const DEAR: f64 = 15.0;
/// A column that was put aside comes back where it is worth more than it costs by so much, as solvers work to.
const WORTH: f64 = 1e-7;
/// How often columns may come back before all of them do.
const ROUNDS: usize = 6;

/// Prices of a like program's rows, by level.
#[derive(Debug, Default)]
pub struct Likely(BTreeMap<LevelName, Vec<f64>>);

impl Likely {
    /// Adds a level: the price of every row of the program at hand, as that holds them.
    pub fn learn(&mut self, level: LevelName, prices: Vec<f64>) {
        self.0.insert(level, prices);
    }
    /// The prices of a level, where they are known.
    pub fn of(&self, level: LevelName) -> Option<&[f64]> {
        self.0.get(&level).map(Vec::as_slice)
    }
}

impl Stage<'_> {
    /// Does what [`Stage::minimise_with_proof`] does, in less time where `prices` are about right. O(nonzeros) beside
    /// the solves.
    pub fn minimise_likely(
        &mut self,
        expression: &[(ColumnIx, f64)],
        unit: f64,
        prices: &[f64],
    ) -> Result<Solved, RunError> {
        let whole = self.program.clone();
        let costs = self.dense(expression);
        let reduced = whole.reduce(costs.clone(), prices);
        let mut aside: Vec<ColumnIx> = (0u32..)
            .map(ColumnIx)
            .zip(&reduced)
            .filter(|(column, cost)| **cost > DEAR && whole.column_bounds()[column.get()] == Bounds::NON_NEGATIVE)
            .map(|(column, _)| column)
            .collect();
        for &column in &aside {
            self.program.set_column_bounds(column, Bounds::exactly(0.0));
        }
        for _ in 0..ROUNDS {
            let Solved::Level(found) = self.minimise(expression)? else { break };
            let reduced = whole.reduce(costs.clone(), &found.duals);
            let before = aside.len();
            aside.retain(|column| {
                let comes_back = reduced[column.get()] < -WORTH;
                if comes_back {
                    self.program.set_column_bounds(*column, Bounds::NON_NEGATIVE);
                }
                !comes_back
            });
            if aside.len() == before {
                return Ok(match proven(&whole, costs, *found, unit) {
                    Some(level) => {
                        self.program = whole;
                        Solved::Level(Box::new(level))
                    }
                    None => break,
                });
            }
        }
        self.program = whole;
        self.minimise_with_proof(expression, unit)
    }
}

/// The answer as one of the whole program, where its prices prove it to be.
fn proven(whole: &LinearProgram, costs: Vec<f64>, found: LevelSolution, unit: f64) -> Option<LevelSolution> {
    let mut priced = whole.clone();
    priced.set_costs(costs);
    let level = LevelSolution { bound: dual_bound(&priced, &found.duals), ..found };
    level.is_proven(unit).then_some(level)
}
