//! Why a question of a negotiation has no answer.

use crate::lp::Limit;
use crate::pipeline::RunError;
use crate::solver::SolverError;
use thiserror::Error;

/// Why a question of a negotiation has no answer.
#[derive(Debug, Error)]
pub enum NegotiationError {
    /// No plan keeps the rules of the model and the promises.
    #[error("no plan keeps every rule of the model and gives these beds")]
    Impossible,
    /// The solver was stopped.
    #[error("stopped before there was an answer")]
    Stopped(Limit),
    /// Trouble with a solve.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<SolverError> for NegotiationError {
    fn from(error: SolverError) -> Self {
        Self::Run(error.into())
    }
}
