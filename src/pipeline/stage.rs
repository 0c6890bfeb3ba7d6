//! A program that is optimised level after level.
//!
//! After each level the plan may move only along the level's optimal face. By complementary slackness
//! that face is: every column with a reduced cost stays at the limit its sign points to, and every row
//! with a price stays at its active side. So later levels keep earlier ones exactly, with no extra row.

use super::error::RunError;
use super::priming::{lift_unmet, lower_again};
use crate::domain::EquityGroupIx;
use crate::domain::PeriodIx;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, GroupUnmetShare, VariableKey, WorstUnmetShare};
use crate::lp::{
    Bounds, ColumnIx, Limit, LinearProgram, Outcome, ProgramDiff, RawSolution, RowIx, dual_bound,
};
use crate::solution::LevelName;
use crate::solver::{Nearest, Solver, SolverError};
use std::collections::{BTreeMap, HashMap};

/// An unmet share up to this size is none.
pub const SHARE_ROUNDING: f64 = 1e-9;

/// A worst share of so few of the program's units, about a bed each, is the solver's rounding of none.
const NO_BED: f64 = 1e-6;

/// A column within this of a limit stands at it: ten times what solvers let pass.
const AT_LIMIT: f64 = 1e-6;

/// What a plan breaks by no more than this is the rounding of the solves that led to it.
const ROUNDING: f64 = 1e-5;

/// A level whose prices prove less than its value by more than this share of it is solved once more. `verify` lets a
/// millionth pass.
const UNPROVEN: f64 = 8e-7;

/// What became of a level.
#[derive(Debug)]
pub enum Solved {
    /// Proven best.
    Level(Box<LevelSolution>),
    /// The demands of the model cannot all be met.
    Infeasible,
    /// Stopped early; the columns are the best so far.
    Stopped(Limit, Option<Vec<f64>>),
}

/// The optimum of a level.
#[derive(Debug, Clone)]
pub struct LevelSolution {
    /// Objective as the program holds it.
    pub value: f64,
    /// Bound recomputed from the duals, never the solver's word.
    pub bound: f64,
    /// Column values.
    pub columns: Vec<f64>,
    /// Row duals.
    pub duals: Vec<f64>,
}

impl LevelSolution {
    fn gap(&self) -> f64 {
        (self.value - self.bound).abs()
    }
}

/// A settled level, in words that any program of the same model understands.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Which level.
    pub name: LevelName,
    /// Prices of all rows.
    pub prices: HashMap<ConstraintKey, f64>,
    /// ζ\[t\], for a round of inequality.
    pub worst: BTreeMap<PeriodIx, f64>,
    /// How many of the program's units make one of the level's.
    pub units_in_one: f64,
    /// How far settled groups may rise, in the program's units: nothing, unless the level has a tolerance.
    pub room: f64,
}

/// A program with the bounds that settled levels leave it, and the solver that works on it.
pub struct Stage<'a> {
    /// Its keys and terms.
    pub formulation: &'a Formulation,
    /// The program as it stands.
    pub program: LinearProgram,
    posed: Option<LinearProgram>,
    /// Whether the last solve was a start for the next.
    primed: bool,
    /// Whether the last solve went on from the one before.
    went_on: bool,
    solver: Box<dyn Solver>,
}

impl<'a> Stage<'a> {
    /// Starts from the formulation's own bounds.
    pub fn new(formulation: &'a Formulation, solver: Box<dyn Solver>) -> Self {
        Self {
            formulation,
            program: formulation.program().clone(),
            posed: None,
            primed: false,
            went_on: false,
            solver,
        }
    }

    /// Puts the bounds back to the formulation's own; the solver keeps its place.
    pub fn reset(&mut self) {
        self.program = self.formulation.program().clone();
    }

    /// The solver at work.
    pub fn solver(&mut self) -> &mut dyn Solver {
        self.solver.as_mut()
    }

    /// Minimises an expression that is to be proven: where the prices that a solver found on its way from the last
    /// answer leave a gap, it starts from nothing, with presolve, and the tighter proof counts. `unit` is one of
    /// the level's unit as the program holds it.
    pub fn minimise_with_proof(
        &mut self,
        expression: &[(ColumnIx, f64)],
        unit: f64,
    ) -> Result<Solved, RunError> {
        let mut solved = self.minimise(expression)?;
        if matches!(solved, Solved::Infeasible) && self.went_on {
            // On the way from the last answer rounding can pass for a contradiction.
            self.posed = None;
            solved = self.minimise(expression)?;
        }
        let Solved::Level(first) = solved else { return Ok(solved) };
        if first.gap() <= UNPROVEN * first.value.abs().max(unit) {
            return Ok(Solved::Level(first));
        }
        self.posed = None;
        match self.minimise(expression)? {
            Solved::Level(second) if second.gap() < first.gap() => Ok(Solved::Level(second)),
            _ => Ok(Solved::Level(first)),
        }
    }

    /// A plan of the program as it stands, where it makes an expression as small as the columns' limits alone allow: no
    /// plan can do better, and prices of nothing prove it. Otherwise `None`, and it is for a solver to say.
    pub fn least_already(&self, expression: &[(ColumnIx, f64)], plan: &[f64]) -> Option<LevelSolution> {
        let duals = vec![0.0; self.program.rows()];
        let mut priced = vec![0.0; self.program.columns()];
        for &(column, cost) in expression {
            priced[column.get()] += cost;
        }
        let limits = self.program.column_bounds();
        let least = |(&cost, bounds): (&f64, &Bounds)| match cost {
            0.0 => 0.0,
            _ => cost * if cost > 0.0 { bounds.lower } else { bounds.upper },
        };
        let bound: f64 = priced.iter().zip(limits).map(least).sum();
        let value: f64 = priced.iter().zip(plan).map(|(cost, value)| cost * value).sum();
        let reached = bound.is_finite() && (value - bound).abs() <= SHARE_ROUNDING;
        reached.then(|| LevelSolution { value, bound, columns: plan.to_vec(), duals })
    }

    /// Minimises an expression over the program as it stands.
    pub fn minimise(&mut self, expression: &[(ColumnIx, f64)]) -> Result<Solved, RunError> {
        let costs = self.dense(expression);
        let outcome = if std::mem::take(&mut self.primed) {
            self.solve_lifted(costs)?
        } else {
            self.program.set_costs(costs);
            self.solve()?
        };
        match outcome {
            Outcome::Optimal(solution) => self.accept(solution),
            Outcome::Infeasible | Outcome::InfeasibleOrUnbounded => Ok(Solved::Infeasible),
            Outcome::Unbounded => Err(RunError::Unbounded),
            Outcome::LimitReached { limit, best } => {
                Ok(Solved::Stopped(limit, best.map(|solution| solution.columns)))
            }
        }
    }

    /// Solves a weighted sum over the program as it stands, for the next solve to start from its answer.
    pub fn prime(&mut self, sum: &[(ColumnIx, f64)]) -> Result<(), RunError> {
        self.program.set_costs(self.dense(sum));
        self.solve()?;
        self.primed = true;
        Ok(())
    }

    /// Solves from the start that [`Self::prime`] gave; the answer is that of these costs.
    fn solve_lifted(&mut self, costs: Vec<f64>) -> Result<Outcome, RunError> {
        let mut with_lift = costs.clone();
        let lifted = lift_unmet(self, &mut with_lift);
        self.program.set_costs(with_lift);
        let outcome = lower_again(self.solve()?, &lifted);
        self.program.set_costs(costs);
        Ok(outcome)
    }

    /// An expression by column.
    pub(super) fn dense(&self, expression: &[(ColumnIx, f64)]) -> Vec<f64> {
        let mut costs = vec![0.0; self.program.columns()];
        for &(column, cost) in expression {
            costs[column.get()] += cost;
        }
        costs
    }

    /// Widens the bounds that a plan breaks by rounding, so that they hold it.
    ///
    /// Each settled level fixes columns and rows where its prices say so, and its plan stands there to within the
    /// solver's tolerance alone. Where many such bounds meet, they can leave no plan at all.
    pub fn make_room_for(&mut self, plan: &[f64]) {
        let room = |bounds: Bounds, value: f64| {
            let wider = Bounds::between(bounds.lower.min(value), bounds.upper.max(value));
            let by = (bounds.lower - wider.lower).max(wider.upper - bounds.upper);
            (by > 0.0 && by <= ROUNDING).then_some(wider)
        };
        for (column, &value) in (0u32..).map(ColumnIx).zip(plan) {
            if let Some(wider) = room(self.program.column_bounds()[column.get()], value) {
                self.program.set_column_bounds(column, wider);
            }
        }
        for (row, value) in (0u32..).map(RowIx).zip(self.program.activities(plan)) {
            if let Some(wider) = room(self.program.row_bounds()[row.get()], value) {
                self.program.set_row_bounds(row, wider);
            }
        }
    }

    /// The point of the program as it stands with the least Σ (column − target)².
    pub fn nearest(&mut self, targets: &[(ColumnIx, f64)]) -> Result<Nearest, RunError> {
        Ok(self.solver.nearest(&self.program, targets)?)
    }

    /// Solves the program as it stands, from where the last solve ended if the solver can.
    fn solve(&mut self) -> Result<Outcome, RunError> {
        let change = self.posed.as_ref().and_then(|posed| ProgramDiff::between(posed, &self.program).ok());
        self.went_on = change.is_some();
        let outcome = match (change, self.solver.warm()) {
            (Some(change), Some(warm)) => match warm.resolve(&change) {
                // Where there is no way on from the last answer, there may be one from nothing.
                Err(SolverError::Failed { .. }) => self.solver.solve(&self.program)?,
                answered => answered?,
            },
            _ => self.solver.solve(&self.program)?,
        };
        self.posed = Some(self.program.clone());
        Ok(outcome)
    }

    fn accept(&self, solution: RawSolution) -> Result<Solved, RunError> {
        let duals = solution.duals.ok_or(RunError::NoDuals)?.rows;
        let bound = dual_bound(&self.program, &duals);
        Ok(Solved::Level(Box::new(LevelSolution {
            value: solution.objective,
            bound,
            columns: solution.columns,
            duals,
        })))
    }

    /// The level in words, so that it can be settled here and in other programs of the model.
    pub fn describe(&self, name: LevelName, solution: &LevelSolution, units_in_one: f64) -> Settled {
        let prices =
            self.formulation.constraints().iter().copied().zip(solution.duals.iter().copied()).collect();
        let worst = self
            .formulation
            .decisions()
            .filter_map(|(column, key)| match key {
                VariableKey::WorstUnmetShare(WorstUnmetShare { period }) => {
                    let value = solution.columns[column.get()];
                    Some((period, if value <= NO_BED { 0.0 } else { value }))
                }
                _ => None,
            })
            .collect();
        Settled { name, prices, worst, units_in_one, room: 0.0 }
    }

    /// Confines the program to the optimal face of a level.
    ///
    /// `price` gives the level's price of each row of this program; `costs` is the level's objective. `plan`, where
    /// the level was solved on this program, is its solution: what does not stand at a limit in it is not held
    /// there, for then its reduced cost is rounding (of prices that can be in the millions).
    /// Where that plan ended inside, it is held where it stands: a thousand columns put to their limits, each a billionth
    /// away, can together leave no plan.
    pub fn settle(
        &mut self,
        settled: &Settled,
        costs: &[(ColumnIx, f64)],
        plan: Option<&[f64]>,
        price: impl Fn(ConstraintKey) -> f64,
    ) {
        let duals: Vec<f64> = self.formulation.constraints().iter().map(|key| price(*key)).collect();
        let mut dense = vec![0.0; self.program.columns()];
        for &(column, cost) in costs {
            dense[column.get()] += cost;
        }
        let reduced = self.program.reduce(dense, &duals);
        let inside = plan.filter(|_| self.solver.ended_inside());
        self.settle_columns(&reduced, plan, inside);
        self.settle_rows(&duals, inside);
        self.settle_groups(settled, &duals);
    }

    fn settle_columns(&mut self, reduced: &[f64], plan: Option<&[f64]>, inside: Option<&[f64]>) {
        for (position, &d) in (0u32..).zip(reduced) {
            let column = ColumnIx(position);
            let is_worst = || matches!(self.formulation.variable(column), VariableKey::WorstUnmetShare(_));
            if d.abs() <= self.formulation.price_rounding() || is_worst() {
                continue;
            }
            let bounds = self.program.column_bounds()[position as usize];
            let end = if d > 0.0 { bounds.lower } else { bounds.upper };
            let there = plan.is_none_or(|plan| (plan[position as usize] - end).abs() <= AT_LIMIT);
            if end.is_finite() && there {
                let held = inside.map_or(end, |plan| plan[position as usize]);
                self.program.set_column_bounds(column, Bounds::exactly(held));
            }
        }
    }

    fn settle_rows(&mut self, duals: &[f64], inside: Option<&[f64]>) {
        let activities = inside.map(|plan| self.program.activities(plan));
        for (position, &dual) in (0u32..).zip(duals) {
            let key = self.formulation.constraints()[position as usize];
            if dual.abs() <= self.formulation.price_rounding()
                || matches!(key, ConstraintKey::UnmetCeiling { .. })
            {
                continue;
            }
            let bounds = self.program.row_bounds()[position as usize];
            let end = if dual > 0.0 { bounds.lower } else { bounds.upper };
            let held = activities.as_ref().map_or(end, |activities| activities[position as usize]);
            if end.is_finite() && (held - end).abs() <= AT_LIMIT {
                self.program.set_row_bounds(RowIx(position), Bounds::exactly(held));
            }
        }
    }

    /// Confines the program to what a round of the leximin leaves within a tolerance: groups alone are held, and along
    /// no face. Arguments as for [`Self::settle`].
    pub fn settle_round(&mut self, settled: &Settled, price: impl Fn(ConstraintKey) -> f64) {
        let duals: Vec<f64> = self.formulation.constraints().iter().map(|key| price(*key)).collect();
        self.settle_groups(settled, &duals);
    }

    /// Leximin: groups that cannot be better off than the worst keep its share and leave the race; the
    /// others may not become worse than it. Within a tolerance all may rise above it by the room there is.
    fn settle_groups(&mut self, settled: &Settled, duals: &[f64]) {
        let LevelName::Term(crate::domain::policy::Term::Inequality, _) = settled.name else { return };
        for (group, period, row) in self.racing_groups() {
            let Some(&worst) = settled.worst.get(&period) else { continue };
            let share = self
                .formulation
                .column(GroupUnmetShare { group, period })
                .expect("a ceiling belongs to a group with a share");
            // With nobody short there is no price to tell the groups apart, and nothing left to share.
            let nobody_is_short = worst <= SHARE_ROUNDING * settled.units_in_one;
            if nobody_is_short || duals[row.get()] < -self.formulation.price_rounding() {
                let least = if settled.room > 0.0 { 0.0 } else { worst };
                self.program.set_column_bounds(share, Bounds::between(least, worst + settled.room));
                self.program.set_row_bounds(row, Bounds::FREE);
            } else {
                let upper = self.program.column_bounds()[share.get()].upper.min(worst + settled.room);
                self.program.set_column_bounds(share, Bounds::between(0.0, upper));
            }
        }
    }

    /// Groups whose share is not settled yet.
    pub fn racing_groups(&self) -> Vec<(EquityGroupIx, PeriodIx, RowIx)> {
        (0u32..)
            .zip(self.formulation.constraints())
            .filter_map(|(position, key)| match key {
                ConstraintKey::UnmetCeiling { group, period } => Some((*group, *period, RowIx(position))),
                _ => None,
            })
            .filter(|(_, _, row)| self.program.row_bounds()[row.get()] != Bounds::FREE)
            .collect()
    }
}
