//! Why a workbook cannot be written.

use crate::insight::error::InsightError;
use rust_xlsxwriter::XlsxError;
use thiserror::Error;

/// Why a workbook cannot be written.
#[derive(Debug, Error)]
pub enum WorkbookError {
    /// A file of the result cannot be read, or holds what does not belong there.
    #[error(transparent)]
    Result(#[from] InsightError),
    /// A cell, sheet or chart that a workbook cannot hold: a bug.
    #[error("the workbook could not be laid out: {0}")]
    Layout(#[from] XlsxError),
}
