//! The prices of a program's rows, from the potentials of its network.

use super::super::blocks::Blocks;
use super::simplex::{Network, Worth};
use super::structure::{Role, Structure};

/// A price for each row, where its nodes and side rows are worth this and the columns cost this. Rows outside the
/// network have none.
pub fn network_prices(costs: &[f64], blocks: &Blocks, structure: &Structure, worth: &Worth) -> Vec<f64> {
    let potential = |node: u32| if node == Network::ROOT { 0.0 } else { worth.potentials[node as usize] };
    let mut prices: Vec<f64> = structure
        .roles
        .iter()
        .map(|role| match *role {
            Role::Choice { node } => potential(node),
            Role::Coupling { node, scale } => -potential(node) / scale,
            Role::Above { node, above, scale, from_nothing } => {
                let saved = potential(above) - potential(node);
                if from_nothing && saved > 0.0 { 0.0 } else { saved / scale }
            }
            Role::Side { at, scale } => worth.sides[at as usize] * scale,
            Role::Balance { .. } | Role::Outside => 0.0,
        })
        .collect();
    // An equation is worth what the column that it gives is worth in all other rows.
    for (column, row) in structure.given() {
        let mut own = 1.0;
        let mut worth = costs[column as usize];
        for &(other, value) in blocks.entries(column) {
            if other == row {
                own = value;
            } else {
                worth -= prices[other as usize] * value;
            }
        }
        prices[row as usize] = worth / own;
    }
    prices
}
