//! The portable backend: the solvers that the `good_lp` crate reaches.
//!
//! A two-sided row becomes two constraints, whose duals are added (at most one of them binds). Duals of
//! `good_lp` (from 1.15.3 on) are ∂objective/∂right-hand side, which is our convention; the conformance
//! tests hold it to that. These backends solve from nothing every time and cannot be interrupted.

use super::highs_ffi::{prepare_pool, version as highs_version};
use super::{Algorithm, Solver, SolverError, SolverOptions};
use crate::lp::{Bounds, Limit, LinearProgram, Outcome, RawDuals, RawSolution, RowIx, Sense};
use good_lp::constraint::ConstraintReference;
use good_lp::solvers::{DualValues, ObjectiveDirection, SolutionStatus};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolutionWithDual, SolverModel, Variable,
    WithMipGap, WithTimeLimit, variable,
};
use std::sync::atomic::Ordering;

/// Which solver stands behind `good_lp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// HiGHS, by another road than the engine's.
    Highs,
    /// A simplex with branch and bound in Rust. No duals.
    Microlp,
    /// An interior point method in Rust. No whole numbers.
    Clarabel,
}

/// A solver behind `good_lp`.
pub struct GoodLpSolver {
    backend: Backend,
    options: SolverOptions,
}

/// How a backend ended.
enum End {
    Optimal,
    WithinGap,
    Limit(Limit),
}

/// What a backend gave: values, the dual of each constraint if it has them, and how it ended.
struct Answer {
    columns: Vec<f64>,
    duals: Option<Vec<f64>>,
    end: End,
}

impl GoodLpSolver {
    /// A solver with this backend.
    pub fn new(backend: Backend, options: SolverOptions) -> Self {
        Self { backend, options }
    }

    fn refused(&self, what: impl Into<String>) -> SolverError {
        SolverError::Refused { solver: self.name(), what: what.into() }
    }

    fn failed(&self, why: impl Into<String>) -> SolverError {
        SolverError::Failed { solver: self.name(), why: why.into() }
    }

    fn answer(&self, program: &LinearProgram, costs: &[f64]) -> Result<Answer, ResolutionError> {
        let (variables, columns, objective) = variables_of(program, costs);
        let direction = match program.sense() {
            Sense::Minimise => ObjectiveDirection::Minimisation,
            Sense::Maximise => ObjectiveDirection::Maximisation,
        };
        let problem = variables.optimise(direction, objective);
        match self.backend {
            Backend::Highs => self.with_highs(problem.using(good_lp::highs), program, &columns),
            Backend::Microlp => self.with_microlp(problem.using(good_lp::microlp), program, &columns),
            Backend::Clarabel => self.with_clarabel(problem.using(good_lp::clarabel), program, &columns),
        }
    }

    fn with_highs(
        &self,
        mut model: good_lp::solvers::highs::HighsProblem,
        program: &LinearProgram,
        columns: &[Variable],
    ) -> Result<Answer, ResolutionError> {
        let threads = self.options.threads.unwrap_or(0);
        prepare_pool(i32::try_from(threads).unwrap_or(0));
        model = model.set_threads(threads).set_option("random_seed", 0);
        model = model.set_option("mip_rel_gap", self.options.gap.unwrap_or(0.0));
        if let Some(limit) = self.options.time_limit {
            model = model.with_time_limit(limit.as_secs_f64());
        }
        if !program.has_integers() {
            model = match self.options.algorithm {
                Algorithm::Choose => model,
                Algorithm::Simplex => model.set_option("solver", "simplex"),
                Algorithm::InteriorPoint => model.set_option("solver", "ipx"),
            };
        }
        let rows = add_rows(&mut model, program, columns);
        let mut solution = model.solve()?;
        let (end, values) = (end_of(solution.status()), values(&solution, columns));
        let duals = Some(row_duals(&solution.compute_dual(), &rows));
        Ok(Answer { columns: values, duals, end })
    }

    fn with_microlp(
        &self,
        mut model: good_lp::solvers::microlp::MicroLpProblem,
        program: &LinearProgram,
        columns: &[Variable],
    ) -> Result<Answer, ResolutionError> {
        if let Some(limit) = self.options.time_limit {
            model = model.with_time_limit(limit.as_secs_f64());
        }
        if let Some(gap) = self.options.gap {
            #[allow(clippy::cast_possible_truncation)] // a tolerance, not a quantity
            let gap = gap as f32;
            model = model.with_mip_gap(gap).map_err(|e| ResolutionError::Str(e.to_string()))?;
        }
        add_rows(&mut model, program, columns);
        let solution = model.solve()?;
        Ok(Answer { columns: values(&solution, columns), duals: None, end: end_of(solution.status()) })
    }

    fn with_clarabel(
        &self,
        mut model: good_lp::solvers::clarabel::ClarabelProblem,
        program: &LinearProgram,
        columns: &[Variable],
    ) -> Result<Answer, ResolutionError> {
        if let Some(limit) = self.options.time_limit {
            model.settings().time_limit(limit.as_secs_f64());
        }
        let rows = add_rows(&mut model, program, columns);
        let mut solution = model.solve()?;
        // good_lp passes "dual infeasible" on as a solution, and clarabel's status type is not among our
        // dependencies: its name tells.
        let end = match format!("{:?}", solution.inner().status).as_str() {
            "Solved" => End::Optimal,
            "AlmostSolved" => End::Limit(Limit::Iterations),
            _ => return Err(ResolutionError::Unbounded),
        };
        let values = values(&solution, columns);
        let duals = Some(row_duals(&solution.compute_dual(), &rows));
        Ok(Answer { columns: values, duals, end })
    }

    /// Without an objective nothing is unbounded, so this tells the two apart.
    fn can_be_met(&self, program: &LinearProgram) -> Option<bool> {
        match self.answer(program, &vec![0.0; program.columns()]) {
            Ok(Answer { end: End::Optimal | End::WithinGap, .. }) => Some(true),
            Err(ResolutionError::Infeasible) => Some(false),
            _ => None,
        }
    }

    fn outcome(program: &LinearProgram, answer: Answer) -> Outcome {
        let solution = |answer: Answer, proven: bool| {
            let objective = program.objective(&answer.columns);
            let rows = program.activities(&answer.columns);
            let duals = answer.duals.filter(|_| proven && !program.has_integers()).map(|rows| {
                let columns = program.reduced_costs(&rows);
                RawDuals { rows, columns }
            });
            RawSolution {
                objective,
                bound: proven.then_some(objective),
                columns: answer.columns,
                rows,
                duals,
            }
        };
        match answer.end {
            End::Optimal => Outcome::Optimal(solution(answer, true)),
            End::WithinGap => Outcome::Optimal(solution(answer, false)),
            End::Limit(limit) => Outcome::LimitReached { limit, best: Some(solution(answer, false)) },
        }
    }

    fn check(&self, program: &LinearProgram) -> Result<(), SolverError> {
        super::refuse_not_a_number(program).map_err(|what| self.refused(what))?;
        if self.options.log.is_some() {
            return Err(self.refused("to write a log"));
        }
        if self.backend == Backend::Clarabel && program.has_integers() {
            return Err(self.refused("whole-number columns: it has none"));
        }
        Ok(())
    }
}

impl Solver for GoodLpSolver {
    fn name(&self) -> &'static str {
        match self.backend {
            Backend::Highs => "highs-good-lp",
            Backend::Microlp => "microlp",
            Backend::Clarabel => "clarabel",
        }
    }
    fn version(&self) -> String {
        match self.backend {
            Backend::Highs => format!("HiGHS {} through good_lp 1.15", highs_version()),
            Backend::Microlp => "microlp 0.7 through good_lp 1.15".to_owned(),
            Backend::Clarabel => "clarabel 0.11 through good_lp 1.15".to_owned(),
        }
    }
    fn options(&self) -> &SolverOptions {
        &self.options
    }
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError> {
        self.check(program)?;
        if self.options.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Ok(Outcome::LimitReached { limit: Limit::Interrupted, best: None });
        }
        if reversed(program.column_bounds()) || reversed(program.row_bounds()) {
            return Ok(Outcome::Infeasible);
        }
        if program.columns() == 0 {
            return Ok(without_columns(program));
        }
        match self.answer(program, program.costs()) {
            Ok(answer) => Ok(Self::outcome(program, answer)),
            Err(ResolutionError::Infeasible | ResolutionError::Unbounded) => {
                Ok(match self.can_be_met(program) {
                    Some(true) => Outcome::Unbounded,
                    Some(false) => Outcome::Infeasible,
                    None => Outcome::InfeasibleOrUnbounded,
                })
            }
            Err(error) => {
                let why = error.to_string();
                let timed_out = why.contains("Time limit reached") || why.contains("NoSolutionFound");
                if timed_out && self.options.time_limit.is_some() {
                    Ok(Outcome::LimitReached { limit: Limit::Time, best: None })
                } else if why.contains("i32 range") {
                    Err(self.refused("whole-number columns beyond two thousand million"))
                } else {
                    Err(self.failed(why))
                }
            }
        }
    }
}

fn variables_of(program: &LinearProgram, costs: &[f64]) -> (ProblemVariables, Vec<Variable>, Expression) {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = program
        .column_bounds()
        .iter()
        .zip(program.integer())
        .map(|(bounds, &whole)| {
            let column = variable().clamp(bounds.lower, bounds.upper);
            variables.add(if whole { column.integer() } else { column })
        })
        .collect();
    let mut objective = Expression::with_capacity(columns.len());
    for (&column, &cost) in columns.iter().zip(costs) {
        objective.add_mul(cost, column);
    }
    (variables, columns, objective)
}

/// The constraints of each row: none (free), one, or two.
fn add_rows<M: SolverModel>(
    model: &mut M,
    program: &LinearProgram,
    columns: &[Variable],
) -> Vec<[Option<ConstraintReference>; 2]> {
    (0u32..)
        .zip(program.row_bounds())
        .map(|(r, bounds)| {
            let terms = || {
                let mut sum = Expression::default();
                for (column, value) in program.row(RowIx(r)) {
                    sum.add_mul(value, columns[column.get()]);
                }
                sum
            };
            if bounds.is_fixed() {
                return [Some(model.add_constraint(terms().eq(bounds.lower))), None];
            }
            let lower = bounds.lower > f64::NEG_INFINITY;
            let upper = bounds.upper < f64::INFINITY;
            [
                lower.then(|| model.add_constraint(terms().geq(bounds.lower))),
                upper.then(|| model.add_constraint(terms().leq(bounds.upper))),
            ]
        })
        .collect()
}

fn values(solution: &impl Solution, columns: &[Variable]) -> Vec<f64> {
    columns.iter().map(|&c| solution.value(c) + 0.0).collect()
}

fn row_duals(duals: &impl DualValues, rows: &[[Option<ConstraintReference>; 2]]) -> Vec<f64> {
    rows.iter().map(|sides| sides.iter().flatten().map(|side| duals.dual(side.clone())).sum()).collect()
}

fn end_of(status: SolutionStatus) -> End {
    match status {
        SolutionStatus::Optimal => End::Optimal,
        SolutionStatus::GapLimit => End::WithinGap,
        SolutionStatus::TimeLimit => End::Limit(Limit::Time),
    }
}

fn reversed(bounds: &[Bounds]) -> bool {
    bounds.iter().any(|b| b.lower > b.upper)
}

fn without_columns(program: &LinearProgram) -> Outcome {
    if program.row_bounds().iter().any(|b| b.lower > 0.0 || b.upper < 0.0) {
        return Outcome::Infeasible;
    }
    let rows = vec![0.0; program.rows()];
    let duals = Some(RawDuals { rows: rows.clone(), columns: Vec::new() });
    Outcome::Optimal(RawSolution { objective: 0.0, bound: Some(0.0), columns: Vec::new(), rows, duals })
}
