//! Reading result tables by column, for the period that the page tells.

use crate::insight::error::InsightError;
use crate::insight::files::Row;
use crate::insight::ledger::Ledger;

/// Reads the rows of a table in the period that is told. `visit` gets each row with the positions of the columns, in
/// the order in which they were asked for. A result without the table has no rows. O(rows).
pub fn each_row<const N: usize>(
    ledger: &Ledger,
    file: &str,
    columns: [&str; N],
    mut visit: impl FnMut(Row, &[usize; N]) -> Result<(), InsightError>,
) -> Result<(), InsightError> {
    if !ledger.files.has(file) {
        return Ok(());
    }
    let table = ledger.files.table(file)?;
    let mut positions = [0; N];
    for (position, column) in positions.iter_mut().zip(columns) {
        *position = table.position(column)?;
    }
    let period = table.position("period")?;
    for row in table.rows().filter(|row| row.at(period) == ledger.period_id()) {
        visit(row, &positions)?;
    }
    Ok(())
}

/// A number in a cell; 0 where the cell holds none.
pub fn number(row: Row, position: usize) -> f64 {
    maybe(row, position).unwrap_or(0.0)
}

/// A number in a cell; `None` where the cell holds none.
pub fn maybe(row: Row, position: usize) -> Option<f64> {
    row.at(position).parse().ok().filter(|number: &f64| number.is_finite())
}

/// A number with so many decimals: the page is no smaller than its figures.
pub fn short(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale + 0.0
}
