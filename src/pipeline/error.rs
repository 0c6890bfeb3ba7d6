//! Why a run could not do its work.

use crate::solver::SolverError;

/// Why a run could not do its work (infeasible and stopped are answers, not errors).
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The solver failed.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// The solver gives no prices, and without them nothing is proven.
    #[error("the solver gives no shadow prices, so its answer cannot be proven; use highs")]
    NoDuals,
    /// Every term is bounded below, so this is a fault of the program.
    #[error("the solver calls the model unbounded, which it cannot be")]
    Unbounded,
    /// Settling a level made the next one infeasible: rounding got the better of the solver.
    #[error("level {level} became infeasible after the levels before it were settled (numerical trouble)")]
    LostFeasibility {
        /// The level.
        level: String,
    },
    /// Caps were tightened again and again, and still some pool refuses more than it may.
    #[error(
        "after {rounds} rounds some pool of beds still refuses more than it may; raise occupancy.refusal_limit"
    )]
    RefusalsUnsettled {
        /// How many times the model was solved.
        rounds: u32,
    },
    /// The rules on beds leave no whole numbers.
    #[error(
        "no plan in whole beds was found that keeps every floor, ceiling, pin and limit on beds and money, though \
         there is one in fractions; loosen a limit that leaves less than a bed (or ward) of room, or set \
         whole_beds: false"
    )]
    NoWholeBeds,
}
