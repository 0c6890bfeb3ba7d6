//! Why a page cannot be written.

use crate::insight::error::InsightError;
use thiserror::Error;

/// Why a page cannot be written.
#[derive(Debug, Error)]
pub enum PageError {
    /// A file of the result cannot be read, or holds what does not belong there.
    #[error(transparent)]
    Result(#[from] InsightError),
    /// The page's own template is wrong: a bug.
    #[error("the page could not be laid out: {0}")]
    Template(#[from] minijinja::Error),
    /// Figures that JSON cannot hold: a bug.
    #[error("the page's figures could not be written: {0}")]
    Figures(#[from] serde_json::Error),
}
