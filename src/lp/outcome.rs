//! What a solver answers.
//!
//! **Sign of duals.** The dual of a row is the change of the objective when the row's bound rises by
//! one: ∂objective/∂bound, whatever the sense and whichever side binds. The reduced cost of a column is
//! c − Aᵀy: the change of the objective when the column's binding bound rises by one. So when
//! minimising a binding `≤` row has a dual ≤ 0 and a binding `≥` row a dual ≥ 0.

use super::{ColumnIx, RowIx};

/// Values by position.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSolution {
    /// Objective value.
    pub objective: f64,
    /// A proven bound on the best objective: equal to it at an optimum, weaker at a limit, `None` when
    /// the solver gives none.
    pub bound: Option<f64>,
    /// Value of each column.
    pub columns: Vec<f64>,
    /// Activity of each row.
    pub rows: Vec<f64>,
    /// Duals, where the solver gives them and they mean something (not for whole-number programs).
    pub duals: Option<RawDuals>,
}

/// Duals by position; see the module's sign convention.
#[derive(Debug, Clone, PartialEq)]
pub struct RawDuals {
    /// Dual of each row.
    pub rows: Vec<f64>,
    /// Reduced cost of each column.
    pub columns: Vec<f64>,
}

/// Which limit stopped a solver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The time limit.
    Time,
    /// The iteration limit.
    Iterations,
    /// Somebody asked it to stop.
    Interrupted,
}

/// How a solve ended: an answer, not an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Proven best.
    Optimal(RawSolution),
    /// No values meet every bound.
    Infeasible,
    /// The objective has no limit.
    Unbounded,
    /// One of the two; the solver could not tell which.
    InfeasibleOrUnbounded,
    /// Stopped early.
    LimitReached {
        /// Which limit.
        limit: Limit,
        /// The best feasible values so far, if any.
        best: Option<RawSolution>,
    },
}

/// Which side of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoundSide {
    /// The least value.
    Lower,
    /// The greatest value.
    Upper,
}

/// One member of a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictMember {
    /// A side of a row.
    Row(RowIx, BoundSide),
    /// A side of a column's own limits.
    Column(ColumnIx, BoundSide),
}

/// Bounds that cannot all hold, as few as the solver could make them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawConflict {
    /// The members.
    pub members: Vec<ConflictMember>,
}
