//! How the rounds find their way: which columns are in the restricted program, and how far its prices
//! may move from one round to the next.
//!
//! Prices of a program with few columns are wild. So at first a box holds them near the best ones found,
//! each at its own width: rows may be broken at the box's edges, a row that is broken gets a wider box,
//! the others a narrower one. That leaves few places where prices are wrong. Then the box opens, and
//! columns join until none is worth more than it costs.

use super::blocks::Blocks;
use super::pricing::{Offer, offers};
use super::restricted::PriceBox;
use crate::lp::{LinearProgram, dual_bound};
use rayon::prelude::*;

/// A column joins when it is worth more than it costs by this much; solvers work to 1e-7.
const WORTH: f64 = 1e-8;
/// How many columns of a block may join in a round.
const JOIN_AT_ONCE: usize = 2;
/// Offers that differ by less are equal.
const TIE: f64 = 1e-7;
/// Columns above this are in use.
const IN_USE: f64 = 1e-12;
/// First width of the box, as a part of the middle one of all costs that are not zero.
const FIRST_WIDTH: f64 = 0.25;
/// What happens to the widths of rows that hold.
const NARROWER: f64 = 0.6;
/// What happens, beyond that, to the widths of rows that are broken.
const WIDER: f64 = 4.0;
/// The part of an offer's possible movement that decides whether it is taken along. All of it would take
/// four times as many columns, most of them in vain; columns that are missed join later.
const FORESIGHT: f64 = 0.25;
/// Rounds within the box before it opens.
const ROUNDS_IN_BOX: usize = 4;
/// Width of an open box against the dearest column.
const OPEN: f64 = 10.0;
/// How often an open box may be opened further, tenfold each time.
const OPENINGS: i32 = 3;

/// The state of the rounds.
pub struct Search {
    active: Vec<bool>,
    price_box: Option<PriceBox>,
    bound: f64,
    round: usize,
    openings: i32,
}

impl Search {
    /// Starts from prices, and from a solution if there is one.
    pub fn new(program: &LinearProgram, blocks: &Blocks, prices: Vec<f64>, start: Option<&[f64]>) -> Self {
        let widths = vec![FIRST_WIDTH * middle_cost(program); program.rows()];
        let price_box = PriceBox { centre: prices, widths };
        let active = select(program, blocks, &price_box, start);
        // With the columns of a solution no row need be broken, so nothing has to hold the prices.
        let price_box = start.is_none().then_some(price_box);
        Self { active, price_box, bound: f64::NEG_INFINITY, round: 0, openings: 0 }
    }

    /// Columns of the restricted program, by column of the whole one.
    pub fn active(&self) -> &[bool] {
        &self.active
    }
    /// Where prices may move; `None` for anywhere.
    pub fn price_box(&self) -> Option<&PriceBox> {
        self.price_box.as_ref()
    }

    /// Prepares the next round from the prices and columns of the last one, the columns that are to join
    /// and the rows that were broken. False when there is nothing left to try.
    pub fn go_on(
        &mut self,
        program: &LinearProgram,
        blocks: &Blocks,
        prices: Vec<f64>,
        columns: &[f64],
        joining: &[u32],
        broken: &[u32],
    ) -> bool {
        self.round += 1;
        if let Some(price_box) = &mut self.price_box {
            let bound = dual_bound(program, &prices);
            if bound > self.bound || joining.is_empty() {
                self.bound = bound;
                price_box.centre = prices;
                for &row in broken {
                    price_box.widths[row as usize] *= WIDER;
                }
            }
            if self.round <= ROUNDS_IN_BOX {
                price_box.widths.iter_mut().for_each(|width| *width *= NARROWER);
                self.active = select(program, blocks, price_box, Some(columns));
            } else if self.openings == 0 || joining.is_empty() {
                if self.openings > OPENINGS {
                    return false;
                }
                let dearest = program.costs().iter().fold(1.0, |most: f64, cost| most.max(cost.abs()));
                price_box.widths.fill(OPEN.powi(1 + self.openings) * dearest);
                self.openings += 1;
            }
        }
        for &column in joining {
            self.active[column as usize] = true;
        }
        true
    }
}

/// The middle one of all costs that are not zero, 1 where all are.
fn middle_cost(program: &LinearProgram) -> f64 {
    let mut costs: Vec<f64> =
        program.costs().iter().map(|cost| cost.abs()).filter(|cost| *cost > 0.0).collect();
    if costs.is_empty() {
        return 1.0;
    }
    let middle = costs.len() / 2;
    *costs.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The columns of each block that are worth having somewhere near the centre of a box, and those in use.
fn select(program: &LinearProgram, blocks: &Blocks, near: &PriceBox, values: Option<&[f64]>) -> Vec<bool> {
    let chosen: Vec<Vec<u32>> = (0..blocks.len())
        .into_par_iter()
        .map(|block| {
            let all: Vec<(Offer, f64)> = offers(program, blocks, block, &near.centre)
                .map(|offer| {
                    let rows = blocks.coupling(offer.column).iter();
                    let swing: f64 =
                        rows.map(|&(row, value)| (near.widths[row as usize] * value).abs()).sum();
                    (offer, FORESIGHT * swing)
                })
                .collect();
            let surely = all.iter().map(|(offer, swing)| offer.price + swing).fold(f64::INFINITY, f64::min);
            let used = |column: u32| values.is_some_and(|values| values[column as usize] > IN_USE);
            all.iter()
                .filter(|(offer, swing)| offer.price - swing <= surely + TIE || used(offer.column))
                .map(|(offer, _)| offer.column)
                .collect()
        })
        .collect();
    let mut active = vec![false; program.columns()];
    for column in chosen.into_iter().flatten() {
        active[column as usize] = true;
    }
    active
}

/// The columns that are worth more than they cost at the prices of a restricted solution, at most
/// [`JOIN_AT_ONCE`] of each block. Completes those prices: a block's row has the least price that any of
/// its columns asks, so that none is worth more than it costs and the prices give a bound.
pub fn joining(program: &LinearProgram, blocks: &Blocks, prices: &mut [f64], active: &[bool]) -> Vec<u32> {
    let found: Vec<(Option<f64>, Vec<u32>)> = (0..blocks.len())
        .into_par_iter()
        .map(|block| {
            let mut all: Vec<Offer> = offers(program, blocks, block, prices).collect();
            all.sort_by(|a, b| a.price.total_cmp(&b.price).then(a.column.cmp(&b.column)));
            let held =
                all.iter().find(|offer| active[offer.column as usize]).map_or(f64::INFINITY, |o| o.price);
            let better = all.iter().take_while(|offer| offer.price < held - WORTH);
            let joining = better.take(JOIN_AT_ONCE).map(|offer| offer.column).collect();
            (all.first().map(|offer| offer.price), joining)
        })
        .collect();
    let mut joining = Vec::new();
    for (&row, (price, columns)) in blocks.rows.iter().zip(found) {
        if let Some(price) = price {
            prices[row as usize] = price;
        }
        joining.extend(columns);
    }
    joining
}
