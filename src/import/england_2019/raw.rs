//! Where each raw file lies, and the small helpers of reading them.

use crate::import::ImportError;
use crate::import::tables::Column;
use crate::import::tables::{RawRow, RawTable};
use std::path::{Path, PathBuf};

/// The folder of public files.
#[derive(Debug, Clone, Copy)]
pub struct RawFolder<'a>(pub &'a Path);

impl RawFolder<'_> {
    /// The path of a file inside.
    pub fn path(self, name: &str) -> PathBuf {
        self.0.join(name)
    }
    /// Reads a table inside.
    pub fn table(self, name: &str) -> Result<RawTable, ImportError> {
        RawTable::open(&self.path(name))
    }
}

/// A cell that must name something already read; `find` looks it up.
pub fn known<X>(
    row: RawRow<'_>,
    column: Column,
    kind: &str,
    find: impl FnOnce(&str) -> Option<X>,
) -> Result<X, ImportError> {
    let text = row.filled(column)?;
    find(text).ok_or_else(|| row.fault(column, format!("no such {kind}")))
}
