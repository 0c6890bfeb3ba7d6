//! Planes below what the network costs, and the prices that they are made of.

use crate::lp::ColumnIx;
use std::sync::Arc as Shared;

/// A plane below what the network costs, or what a part of it does.
pub struct Plane {
    pub terms: Vec<(ColumnIx, f64)>,
    pub least: f64,
    /// The prices that it was made of.
    pub made_of: Prices,
    /// For how many turns it has carried no weight.
    pub idle: usize,
}

/// Prices of some rows of a program.
#[derive(Clone)]
pub struct Prices {
    /// The rows; all where there are none.
    pub(super) rows: Option<Shared<Vec<u32>>>,
    /// The price of each.
    pub(super) each: Vec<f64>,
    /// Whether costs count at these prices, or only what is missing.
    pub(super) counts_cost: bool,
}

impl Prices {
    /// Adds so much of them to the prices of all rows.
    pub(super) fn add_to(&self, all: &mut [f64], share: f64) {
        match &self.rows {
            None => all.iter_mut().zip(&self.each).for_each(|(all, price)| *all += share * price),
            Some(rows) => {
                let prices = rows.iter().zip(&self.each);
                prices.for_each(|(row, price)| all[*row as usize] += share * price);
            }
        }
    }
}
