//! Solves large programs that leave no network by a primal-dual interior-point method.
//!
//! HiGHS' interior point comes with an iterative solver for its equations and then looks for a corner; where beds move,
//! stocks are carried over and roll-outs link all areas of a commissioner, both take hours. Here the equations go to a sparse
//! factorisation, in which areas barely meet. The answer is in the middle of all the best plans, and its prices prove it.
//!
//! `docs/interior-point.md` has the method at length.

mod factor;
mod form;
mod normal;
mod path;
mod point;

use super::{BasisSolver, Nearest, Solver, SolverError, StopSign, WarmSolver};
use crate::lp::{Bounds, ColumnIx, Limit, LinearProgram, Outcome, RawDuals, RawSolution, Sense, dual_bound};
use form::{Form, Objective};
use normal::Normal;
use path::{End, follow};

/// Rows of an answer hold to this.
const FEASIBILITY: f64 = 1e-7;
/// Part of an objective that rooms and prices may leave open: so little that what has a price stands at its limit but for
/// rounding. Later levels hold it there, and would make use of more.
const GAP: f64 = 1e-15;
/// The same for a nearest point, of which only the value counts; how far it may be hangs on the root.
const GAP_OF_SQUARES: f64 = 1e-11;

/// A solver that leaves to another one what it does not solve itself.
pub struct InteriorSolver {
    inner: Box<dyn Solver>,
    from_rows: usize,
    /// Whether it leaves all programs to the other one.
    stands_aside: bool,
    /// Whether the last answer was its own.
    own: bool,
}

impl InteriorSolver {
    /// Leaves to another solver programs with fewer rows than `from_rows` or with whole numbers, those that maximise, and
    /// those that it finds no answer to, as where there is none.
    pub fn new(inner: Box<dyn Solver>, from_rows: usize) -> Self {
        Self { inner, from_rows, stands_aside: false, own: false }
    }

    /// Whether it solves such a program itself.
    fn takes(&self, program: &LinearProgram) -> bool {
        !self.stands_aside && program.rows() >= self.from_rows
    }

    /// Minimises an objective over a program, but for a part of it; `None` where no least point was found.
    fn least(&self, program: &LinearProgram, objective: &Objective, open: f64) -> Option<Found> {
        let stop = StopSign::new(self.inner.options());
        let form = Form::of(program, objective)?;
        let normal = Normal::of(&form)?;
        let point = match follow(&form, &normal, open, &stop) {
            End::Best(point) => point,
            End::Stopped(limit) => return Some(Found::Stopped(limit)),
            End::Lost => return None,
        };
        let columns = form.program_columns(program, &point.values);
        let rows = program.activities(&columns);
        let broken = |(bounds, row): (&Bounds, &f64)| (bounds.lower - row).max(row - bounds.upper);
        let keeps_rows = program.row_bounds().iter().zip(&rows).map(broken).all(|by| by <= FEASIBILITY);
        let duals = form.program_duals(program, &point.row_prices);
        keeps_rows.then_some(Found::Point { columns, rows, duals })
    }
}

/// What a search came to.
enum Found {
    /// The point, the activities of its rows, and their prices.
    Point { columns: Vec<f64>, rows: Vec<f64>, duals: Vec<f64> },
    /// Stopped early.
    Stopped(Limit),
}

impl Solver for InteriorSolver {
    answers_as_inner!();
    fn nearest(
        &mut self,
        program: &LinearProgram,
        targets: &[(ColumnIx, f64)],
    ) -> Result<Nearest, SolverError> {
        if !self.takes(program) {
            return self.inner.nearest(program, targets);
        }
        let mut objective = Objective::nothing(program.columns());
        for &(column, target) in targets {
            objective.costs[column.get()] = -2.0 * target;
            objective.curvature[column.get()] = 2.0;
        }
        match self.least(program, &objective, GAP_OF_SQUARES) {
            Some(Found::Point { columns, .. }) => Ok(Nearest::Exact(columns)),
            Some(Found::Stopped(limit)) => Ok(Nearest::Stopped(limit)),
            None => self.inner.nearest(program, targets),
        }
    }
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError> {
        self.own = false;
        if !self.takes(program) || program.has_integers() || program.sense() != Sense::Minimise {
            return self.inner.solve(program);
        }
        super::refuse_not_a_number(program)
            .map_err(|what| SolverError::Refused { solver: self.inner.name(), what })?;
        let mut objective = Objective::nothing(program.columns());
        let is_indifferent = program.costs().iter().all(|&cost| cost == 0.0);
        if is_indifferent {
            // Any point will do, but one inside would split each area's patients among all sites that are as good.
            (0..).zip(&mut objective.costs).for_each(|(column, cost)| *cost = 1.0 + scattered(column));
        } else {
            objective.costs.copy_from_slice(program.costs());
        }
        let outcome = match self.least(program, &objective, GAP) {
            Some(Found::Point { columns, rows, duals }) => {
                let duals = if is_indifferent { vec![0.0; duals.len()] } else { duals };
                Outcome::Optimal(RawSolution {
                    objective: program.objective(&columns),
                    bound: Some(dual_bound(program, &duals)),
                    columns,
                    rows,
                    duals: Some(RawDuals { columns: program.reduced_costs(&duals), rows: duals }),
                })
            }
            Some(Found::Stopped(limit)) => Outcome::LimitReached { limit, best: None },
            None => return self.inner.solve(program),
        };
        self.own = true;
        Ok(outcome)
    }
    fn wants_a_start(&self) -> bool {
        false
    }
    fn ended_inside(&self) -> bool {
        self.own
    }
    fn hurry(&mut self) {
        self.inner.hurry();
    }
    fn expect_little_choice(&mut self) {
        self.stands_aside = true;
    }
    fn warm(&mut self) -> Option<&mut dyn WarmSolver> {
        if self.own { None } else { self.inner.warm() }
    }
    fn bases(&mut self) -> Option<&mut dyn BasisSolver> {
        if self.own { None } else { self.inner.bases() }
    }
}

/// Numbers from 0 to 1 with no pattern, the same each time: the mixing function of SplitMix64 (Steele, Lea and Flood 2014).
fn scattered(place: u64) -> f64 {
    let mut bits = (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    (bits >> 11) as f64 / (1u64 << 53) as f64
}
