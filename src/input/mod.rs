//! Files to a checked care system; every fault found in one go.
//!
//! [`load`] reads a model file, the files it extends and the tables of its data folder. It
//! returns either a [`CareSystem`] on which every later stage can rely, or all the faults it found.

pub mod error;
pub mod solver_settings;

use crate::domain::system::CareSystem;
use std::path::{Path, PathBuf};

pub use error::{InputError, InputErrors};
pub use solver_settings::{Algorithm, SolverSettings};

/// What [`load`] returns.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The checked care system.
    pub system: CareSystem,
    /// How the model asks to be solved.
    pub solver: SolverSettings,
    /// The model file with every default spelt out; can itself be loaded.
    pub resolved: String,
    /// What the reader should know: parts that are off, and why.
    pub notes: Vec<Note>,
    /// Every file read.
    pub inputs: Vec<InputFile>,
}

/// Something the reader should know that is no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The code, for example `N01`: see `docs/errors.md`.
    pub code: &'static str,
    /// In plain words.
    pub text: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// Reads and checks a model with everything it refers to.
pub fn load(model: &Path) -> Result<Loaded, InputErrors> {
    let fault = InputError {
        code: "E000",
        file: model.display().to_string(),
        line: None,
        column: None,
        shown: None,
        cause: "models cannot be read yet".to_owned(),
        cure: "wait for the reader".to_owned(),
    };
    Err(InputErrors(vec![fault]))
}
