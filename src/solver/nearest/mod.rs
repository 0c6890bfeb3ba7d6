//! The point of a program nearest to given targets: the least sum of squares, by interior point.
//!
//! A sum of squares has one nearest point, so neither the algorithm nor the order of rows decides it. The
//! solver is Clarabel; the program is shrunk first, since settled levels leave little of it to choose, and
//! choices that are alike are made as one.

mod alike;
mod shrink;

use super::{SolverError, SolverOptions};
use crate::lp::{Bounds, ColumnIx, Limit, LinearProgram, RowIx};
use alike::Alike;
use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettings, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, SupportedConeT, ZeroConeT,
};
use shrink::Shrunk;
use std::sync::atomic::Ordering;

const NAME: &str = "clarabel";
/// Part of the sum of squares that its proof may leave open. The distance left to the nearest point is at
/// most the root of the gap: on small areas, with a sum of 1,210, 0.0004 beds.
const GAP: f64 = 1e-10;
/// The same where the solver gets no further.
const WORST_GAP: f64 = 1e-8;
/// Rows and bounds hold to this part of the largest of them.
const FEASIBILITY: f64 = 1e-9;

/// How the search for a nearest point ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Nearest {
    /// The values of all columns.
    Found(Vec<f64>),
    /// The same, with rows that hold so well that columns can be held where they stand.
    Exact(Vec<f64>),
    /// No values meet every bound.
    Infeasible,
    /// Rounding hid the way.
    Lost,
    /// Stopped early.
    Stopped(Limit),
}

/// Minimises Σ (column − target)² over a program; its costs and whole numbers are left out of account.
pub fn nearest_point(
    program: &LinearProgram,
    targets: &[(ColumnIx, f64)],
    options: &SolverOptions,
) -> Result<Nearest, SolverError> {
    let Some(shrunk) = Shrunk::of(program) else { return Ok(Nearest::Infeasible) };
    let problem = Problem::new(program, &shrunk, targets);
    if problem.moving.is_empty() {
        return Ok(Nearest::Found(problem.columns(&shrunk, &[])));
    }
    let mut solver = problem.solver(options)?;
    solver.solve();
    Ok(match solver.solution.status {
        SolverStatus::Solved | SolverStatus::AlmostSolved => {
            Nearest::Found(problem.columns(&shrunk, &solver.solution.x))
        }
        SolverStatus::PrimalInfeasible => Nearest::Infeasible,
        SolverStatus::InsufficientProgress | SolverStatus::NumericalError | SolverStatus::MaxIterations => {
            Nearest::Lost
        }
        SolverStatus::MaxTime => Nearest::Stopped(Limit::Time),
        SolverStatus::CallbackTerminated => Nearest::Stopped(Limit::Interrupted),
        other => {
            let why = format!("it ended with the status {other:?}");
            return Err(SolverError::Failed { solver: NAME, why });
        }
    })
}

/// What goes to the solver: rows that are equations, then `≤` rows, then bounds.
struct Problem {
    /// Columns of the program that may move, but for those that are shares of others.
    moving: Vec<ColumnIx>,
    alike: Alike,
    squares: CscMatrix<f64>,
    slopes: Vec<f64>,
    rows: CscMatrix<f64>,
    right: Vec<f64>,
    equations: usize,
}

/// Rows in the making, entry by entry.
#[derive(Default)]
struct Rows {
    at: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
    right: Vec<f64>,
}

impl Rows {
    fn add(&mut self, terms: impl IntoIterator<Item = (usize, f64)>, sign: f64, right: f64) {
        for (column, value) in terms {
            self.at.push(self.right.len());
            self.columns.push(column);
            self.values.push(sign * value);
        }
        self.right.push(sign * right);
    }
    fn add_inequalities(&mut self, terms: &[(usize, f64)], bounds: Bounds) {
        if bounds.upper.is_finite() {
            self.add(terms.iter().copied(), 1.0, bounds.upper);
        }
        if bounds.lower.is_finite() {
            self.add(terms.iter().copied(), -1.0, bounds.lower);
        }
    }
}

impl Problem {
    fn new(program: &LinearProgram, shrunk: &Shrunk, targets: &[(ColumnIx, f64)]) -> Self {
        let mut has_square = vec![false; program.columns()];
        for (column, _) in targets {
            has_square[column.get()] = true;
        }
        let alike = Alike::of(program, shrunk, &has_square);
        let mut is_share = vec![false; program.columns()];
        alike.shares.iter().for_each(|(column, of, _)| is_share[column.get()] = column != of);
        let mut place = vec![None; program.columns()];
        let mut moving = Vec::new();
        for (column, bounds) in (0u32..).map(ColumnIx).zip(&shrunk.bounds) {
            if !bounds.is_fixed() && !is_share[column.get()] {
                place[column.get()] = Some(moving.len());
                moving.push(column);
            }
        }
        let terms_of = |row: RowIx| -> Vec<(usize, f64)> {
            program.row(row).filter_map(|(column, value)| Some((place[column.get()]?, value))).collect()
        };
        let mut rows = Rows::default();
        let is_equation = |row: RowIx| program.row_bounds()[row.get()].is_fixed();
        for &(row, more) in alike.rows.iter().filter(|(row, _)| is_equation(*row)) {
            rows.add(terms_of(row), 1.0, shrunk.row_bounds(program, row).upper + more);
        }
        let equations = rows.right.len();
        for &(row, _) in alike.rows.iter().filter(|(row, _)| !is_equation(*row)) {
            rows.add_inequalities(&terms_of(row), shrunk.row_bounds(program, row));
        }
        for (at, column) in moving.iter().enumerate() {
            rows.add_inequalities(&[(at, 1.0)], shrunk.bounds[column.get()]);
        }
        let mut slopes = vec![0.0; moving.len()];
        let mut curved = Vec::new();
        for &(column, target) in targets {
            if let Some(at) = place[column.get()] {
                slopes[at] = -2.0 * target;
                curved.push(at);
            }
        }
        let (height, width) = (rows.right.len(), moving.len());
        let curvature = vec![2.0; curved.len()];
        Self {
            moving,
            alike,
            squares: CscMatrix::new_from_triplets(width, width, curved.clone(), curved, curvature),
            slopes,
            rows: CscMatrix::new_from_triplets(height, width, rows.at, rows.columns, rows.values),
            right: rows.right,
            equations,
        }
    }

    fn solver(&self, options: &SolverOptions) -> Result<DefaultSolver<f64>, SolverError> {
        let cones: [SupportedConeT<f64>; 2] =
            [ZeroConeT(self.equations), NonnegativeConeT(self.right.len() - self.equations)];
        let settings = DefaultSettings {
            verbose: false,
            tol_gap_abs: GAP,
            tol_gap_rel: GAP,
            tol_feas: FEASIBILITY,
            reduced_tol_gap_abs: WORST_GAP,
            reduced_tol_gap_rel: WORST_GAP,
            reduced_tol_feas: FEASIBILITY,
            time_limit: options.time_limit.map_or(f64::INFINITY, |limit| limit.as_secs_f64()),
            ..DefaultSettings::default()
        };
        let mut solver =
            DefaultSolver::new(&self.squares, &self.slopes, &self.rows, &self.right, &cones, settings)
                .map_err(|error| SolverError::Refused { solver: NAME, what: error.to_string() })?;
        if let Some(flag) = options.interrupt.clone() {
            solver.set_termination_callback(move |_| flag.load(Ordering::Relaxed));
        }
        Ok(solver)
    }

    /// The values of all columns, within their bounds to the last digit.
    fn columns(&self, shrunk: &Shrunk, values: &[f64]) -> Vec<f64> {
        let mut columns: Vec<f64> = shrunk.bounds.iter().map(|bounds| bounds.lower).collect();
        for (column, &value) in self.moving.iter().zip(values) {
            let bounds = shrunk.bounds[column.get()];
            columns[column.get()] = value.clamp(bounds.lower, bounds.upper);
        }
        // A column's own share comes after those of the columns that it stands for.
        for &(column, of, share) in &self.alike.shares {
            columns[column.get()] = share * columns[of.get()];
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::Sense;

    fn nearest(program: &LinearProgram, targets: &[(ColumnIx, f64)]) -> Nearest {
        nearest_point(program, targets, &SolverOptions::default()).expect("the solver does its work")
    }

    #[test]
    fn a_sum_held_fixed_moves_every_target_by_the_same_amount_until_a_bound_stops_one() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x: Vec<_> = (0..3).map(|_| program.add_column(0.0, Bounds::NON_NEGATIVE)).collect();
        program.add_row(Bounds::exactly(6.0), x.iter().map(|&c| (c, 1.0)));
        // 6 less than the targets' 12: each gives up 2, but the first has only 1 to give; the others 2.5.
        let Nearest::Found(point) = nearest(&program, &[(x[0], 1.0), (x[1], 4.0), (x[2], 7.0)]) else {
            panic!("there is a point")
        };
        for (value, expected) in point.iter().zip([0.0, 1.5, 4.5]) {
            assert!((value - expected).abs() < 1e-4, "{value} for {expected}");
        }
    }

    #[test]
    fn a_program_without_a_choice_is_its_own_nearest_point() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(0.0, Bounds::NON_NEGATIVE);
        program.add_row(Bounds::exactly(3.0), [(x, 1.0)]);
        assert_eq!(nearest(&program, &[(x, 1.0)]), Nearest::Found(vec![3.0]));
    }

    #[test]
    fn bounds_that_cannot_all_hold_have_no_nearest_point() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(0.0, Bounds::between(0.0, 1.0));
        let y = program.add_column(0.0, Bounds::between(0.0, 1.0));
        program.add_row(Bounds::at_least(3.0), [(x, 1.0), (y, 1.0)]);
        assert_eq!(nearest(&program, &[(x, 0.0)]), Nearest::Infeasible);
    }
}
