//! The README of the compiled folder, from one table of facts.

use crate::import::ImportError;
use crate::import::tables::write_bytes;
use std::fmt::Write;
use std::path::Path;

/// Writes `README.md`.
pub fn write(out: &Path) -> Result<(), ImportError> {
    let mut text = String::from("# England, winter 2019-20\n\n");
    let _ = writeln!(text, "To be written.");
    write_bytes(&out.join("README.md"), text.as_bytes())
}
