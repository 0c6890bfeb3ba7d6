//! What the scenario of 2018 claims: avoidable use of 12,400 beds, and programmes that prevent need.

use super::ImportError;
use super::tables::{RawTable, TableWriter, decimals, write_bytes};
use std::path::Path;

/// Beds in unnecessary use, as announced for 2018 ("17 hospitals").
pub const AVOIDABLE_BEDS: f64 = 12_400.0;

const PROGRAMMES: &str = include_str!("croc_2018/programmes.csv");
const README: &str = include_str!("croc_2018/README.md");

/// Compiles `delays.csv`, `programmes.csv` and a README from the delays of England 2019 in the folder `from`.
/// Returns by how much the delays were scaled.
///
/// # Errors
/// When the table of delays is missing or malformed, or a file cannot be written.
pub fn compile(from: &Path, out: &Path) -> Result<f64, ImportError> {
    let table = RawTable::open(&from.join("delays.csv"))?;
    let [council, specialty, delayed] = table.columns(["council", "specialty", "delayed_beds"])?;
    let mut total = 0.0;
    for row in table.rows() {
        total += row.amount(delayed)?;
    }
    let scale = if total > 0.0 { AVOIDABLE_BEDS / total } else { 0.0 };
    let mut writer =
        TableWriter::new(out.join("delays.csv"), &["council", "specialty", "delayed_beds", "basis"]);
    for row in table.rows() {
        let beds = decimals(row.amount(delayed)? * scale, 6);
        writer.row(&[row.filled(council)?, row.filled(specialty)?, &beds, "derived"]);
    }
    writer.finish()?;
    write_bytes(&out.join("programmes.csv"), PROGRAMMES.as_bytes())?;
    write_bytes(&out.join("README.md"), README.as_bytes())?;
    Ok(scale)
}
