//! Where something was written.

use std::sync::Arc;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, as the user named it.
    pub file: Arc<str>,
    /// The line, from 1; 0 for the whole file.
    pub line: u32,
    /// Where in the line.
    pub spot: Spot,
}

/// Where in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// Nowhere in particular.
    Line,
    /// A character, from 1.
    Character(u32),
    /// A field of a CSV row, from 0.
    Field(u32),
}

impl Location {
    /// A whole file.
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: file.clone(), line: 0, spot: Spot::Line }
    }
    /// A whole line.
    pub fn line(file: &Arc<str>, line: u32) -> Self {
        Self { file: file.clone(), line, spot: Spot::Line }
    }
}
