//! A start for solvers that find none in a program that earlier levels confine.
//!
//! The confined program is hard to start from nothing: unmet need costs little in it, and sites must be exactly
//! full. A weighted sum over the unconfined one is easy, and its plan leaves the least need unmet, so that only the
//! split between regions remains to be mended. The answer is that of the confined program whatever the start;
//! nothing is read from this solve.

use super::error::RunError;
use super::goals::Goal;
use super::observer::{self, Observer, observed};
use super::stage::Stage;
use crate::domain::policy::Term;
use crate::formulation::keys::{ConstraintKey, GroupUnmetShare};
use crate::lp::{ColumnIx, Outcome, RawSolution, RowIx};

/// What one occupied bed of unmet need costs in the weighted sum, and in a settled group while the level after it is
/// solved, in the level's unit: more than any journey weighs.
const LIFT: f64 = 500.0;

/// Gives the full program a start where merged levels are about to confine it to faces and travel comes next. Levels
/// held within a tolerance leave it room, and no start is needed.
pub fn prime(
    full: &mut Stage,
    over_merged: &[Goal],
    over_all: &[Goal],
    observer: &mut dyn Observer,
) -> Result<(), RunError> {
    let f = full.formulation;
    let confined = over_merged.iter().any(|goal| !goal.has_tolerance());
    let (Some(unmet), true) = (f.term(Term::Unmet), confined) else { return Ok(()) };
    let Some(next) = over_all.first().and_then(|next| next.expression(f)) else { return Ok(()) };
    let unmet = unmet.coefficients.iter().map(|(column, weight)| (*column, LIFT * weight));
    let sum: Vec<(ColumnIx, f64)> = next.iter().copied().chain(unmet).collect();
    observed(observer, observer::Stage::Start, || full.prime(&sum))
}

/// Adds [`LIFT`] times the rows of settled groups to the costs, and returns those rows.
///
/// Their right-hand side is zero, so no plan's objective changes; only the price of these rows does, by exactly that
/// much. It keeps the costs those of the start that [`prime`] gave.
pub fn lift_unmet(stage: &Stage, costs: &mut [f64]) -> Vec<RowIx> {
    let settled: Vec<RowIx> = (0u32..)
        .zip(stage.formulation.constraints())
        .filter_map(|(position, key)| match *key {
            ConstraintKey::GroupUnmet { group, period } => {
                let share = stage.formulation.column(GroupUnmetShare { group, period })?;
                let fixed = stage.program.column_bounds()[share.get()].is_fixed();
                fixed.then_some(RowIx(position))
            }
            _ => None,
        })
        .collect();
    for &row in &settled {
        for (column, value) in stage.program.row(row) {
            costs[column.get()] += LIFT * value;
        }
    }
    settled
}

/// Takes the lift off the prices again.
pub fn lower_again(mut outcome: Outcome, lifted: &[RowIx]) -> Outcome {
    if let Outcome::Optimal(RawSolution { duals: Some(duals), .. }) = &mut outcome {
        for row in lifted {
            duals.rows[row.get()] -= LIFT;
        }
    }
    outcome
}
