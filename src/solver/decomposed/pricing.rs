//! What every column costs at given prices of the coupling rows.

use super::blocks::Blocks;
use crate::lp::LinearProgram;

/// A column of a block, and what one unit of the block's choice row costs through it.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    /// Its position.
    pub column: u32,
    /// Its cost less what the coupling rows pay for it, in the objective's unit.
    pub price: f64,
}

/// What one unit of a block's row costs through each of its columns that may move, in order of column.
pub fn offers<'a>(
    program: &'a LinearProgram,
    blocks: &'a Blocks,
    block: usize,
    row_prices: &'a [f64],
) -> impl Iterator<Item = Offer> + 'a {
    blocks.own(block).iter().filter(|(column, _)| !program.column_bounds()[*column as usize].is_fixed()).map(
        move |&(column, coefficient)| {
            let charged: f64 =
                blocks.coupling(column).iter().map(|&(row, value)| row_prices[row as usize] * value).sum();
            Offer { column, price: (program.costs()[column as usize] - charged) / coefficient }
        },
    )
}
