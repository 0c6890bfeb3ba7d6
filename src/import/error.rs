//! What can go wrong while public files are compiled.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// A fault of the raw files, of the folders, or of the totals that must come out.
#[derive(Debug, Error)]
pub enum ImportError {
    /// A file could not be opened or read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file or folder could not be written.
    #[error("{}: cannot be written", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A row is no CSV row (a truncated file, a row too short, text that is not UTF-8).
    #[error("{}:{line}: not a well-formed row", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// Why.
        source: csv::Error,
    },
    /// A column that the importer needs is not in the header.
    #[error("{}:1: no column `{column}`; the header has: {found}", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column looked for.
        column: String,
        /// The columns found, capped.
        found: String,
    },
    /// A cell holds something that cannot be used.
    #[error("{}:{line}, column `{column}`: {reason}, found `{value}`", path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// The text of the cell.
        value: String,
        /// What was expected, in lower case.
        reason: String,
    },
    /// Something that must be in a table is not.
    #[error("{}: no {kind} `{id}`, which {needed_by} needs", path.display())]
    Absent {
        /// The table.
        path: PathBuf,
        /// The kind of thing.
        kind: &'static str,
        /// Its identifier.
        id: String,
        /// Who needs it.
        needed_by: String,
    },
    /// A file is no JSON, or not the JSON expected.
    #[error("{}: not the expected map layer", path.display())]
    Layer {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A map layer lacks something.
    #[error("{}: feature {feature} has no text property `{property}`", path.display())]
    LayerProperty {
        /// The file.
        path: PathBuf,
        /// Which feature, from 1.
        feature: usize,
        /// The property.
        property: String,
    },
    /// The travel-time graph cannot be built from what was read.
    #[error("the travel-time graph cannot be built")]
    Travel(#[source] crate::network::NetworkError),
    /// A total that must come out does not.
    #[error("{what} should be {expected}, but the tables give {found}")]
    Total {
        /// What is added up.
        what: String,
        /// What should come out.
        expected: String,
        /// What came out.
        found: String,
    },
}

impl ImportError {
    /// For `map_err` while reading.
    pub fn reading(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }
    /// For `map_err` while writing.
    pub fn writing(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }
}
