//! Faults of the input: all of them at once, each with its code, place, cause and cure.

use thiserror::Error;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The code, for example `E201`: see `docs/errors.md`.
    pub code: &'static str,
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1; `None` when the fault is of the whole file.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The text of that line, shortened when it is long.
    pub shown: Option<String>,
    /// What is wrong, in lower case.
    pub cause: String,
    /// How to mend it, in lower case.
    pub cure: String,
}

/// Every fault found in one go.
#[derive(Debug, Clone, Error)]
#[error("the input has {} faults", .0.len())]
pub struct InputErrors(pub Vec<InputError>);
