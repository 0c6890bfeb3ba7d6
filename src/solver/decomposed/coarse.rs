//! A smaller program with the same coupling rows, whose prices are near those of the whole one.
//!
//! Blocks with the same shared columns and the same best offer are added up. Columns of theirs that
//! stand in the same coupling rows become one, at their mean cost.

use super::blocks::{Blocks, NONE};
use super::pricing::offers;
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
use std::collections::{BTreeMap, HashMap};

/// A program over clusters of blocks, and the rows of the whole program that its first rows are.
pub struct Coarse {
    /// What goes to the solver.
    pub program: LinearProgram,
    rows: Vec<u32>,
}

/// Columns of one kind in a cluster.
struct Merged {
    /// One of them, with its coefficient in its block's row.
    example: (u32, f64),
    /// Σ need × cost, and Σ need.
    cost: f64,
    need: f64,
}

impl Coarse {
    /// Adds up the blocks that agree in their best offer at given prices.
    pub fn new(program: &LinearProgram, blocks: &Blocks, prices: &[f64]) -> Self {
        let mut coarse = LinearProgram::new(Sense::Minimise);
        let shared: Vec<u32> = (0..program.columns())
            .map(|at| match blocks.home[at] {
                NONE => coarse.add_column(program.costs()[at], program.column_bounds()[at]).0,
                _ => NONE,
            })
            .collect();
        let mut of_clusters: Vec<Vec<(ColumnIx, f64)>> = vec![Vec::new(); program.rows()];
        let mut choices = Vec::new();
        for cluster in clusters(program, blocks, prices) {
            let mut terms = shared_terms(blocks, &cluster, &shared);
            for merged in merge(program, blocks, &cluster).into_values() {
                let (example, coefficient) = merged.example;
                let column = coarse.add_column(merged.cost / merged.need, Bounds::NON_NEGATIVE);
                terms.push((column, 1.0));
                for &(row, value) in blocks.coupling(example) {
                    of_clusters[row as usize].push((column, value / coefficient));
                }
            }
            let need: f64 = cluster.iter().map(|&block| need_of(program, blocks, block)).sum();
            choices.push((need, terms));
        }
        let mut rows = Vec::new();
        for (row, of_clusters) in (0u32..).zip(of_clusters) {
            let bounds = program.row_bounds()[row as usize];
            if blocks.block_of_row[row as usize] == NONE && bounds != Bounds::FREE {
                let of_shared = program
                    .row(RowIx(row))
                    .map(|(column, value)| (ColumnIx(shared[column.get()]), value))
                    .filter(|(column, _)| column.0 != NONE);
                coarse.add_row(bounds, of_shared.chain(of_clusters));
                rows.push(row);
            }
        }
        for (need, terms) in choices {
            coarse.add_row(Bounds::exactly(need), terms);
        }
        Self { program: coarse, rows }
    }

    /// Prices of the whole program's coupling rows, of which there are `rows` with all others.
    pub fn prices(&self, rows: usize, duals: &[f64]) -> Vec<f64> {
        let mut prices = vec![0.0; rows];
        for (&row, &dual) in self.rows.iter().zip(duals) {
            prices[row as usize] = dual;
        }
        prices
    }
}

/// Blocks with the same shared columns and best offer, in order of their first.
fn clusters(program: &LinearProgram, blocks: &Blocks, prices: &[f64]) -> Vec<Vec<u32>> {
    let mut known: HashMap<(Vec<u32>, Option<u32>), usize> = HashMap::new();
    let mut clusters: Vec<Vec<u32>> = Vec::new();
    for block in 0..blocks.len() {
        let best = offers(program, blocks, block, prices)
            .min_by(|a, b| a.price.total_cmp(&b.price).then(a.column.cmp(&b.column)))
            .map(|offer| blocks.kinds[offer.column as usize]);
        let shared = blocks.shared(block).iter().map(|&(column, _)| column).collect();
        let next = clusters.len();
        let at = *known.entry((shared, best)).or_insert(next);
        if at == next {
            clusters.push(Vec::new());
        }
        clusters[at].push(block as u32);
    }
    clusters
}

fn need_of(program: &LinearProgram, blocks: &Blocks, block: u32) -> f64 {
    program.row_bounds()[blocks.rows[block as usize] as usize].lower
}

/// Shared columns in the rows of a cluster, added up.
fn shared_terms(blocks: &Blocks, cluster: &[u32], place: &[u32]) -> Vec<(ColumnIx, f64)> {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for &block in cluster {
        for &(column, value) in blocks.shared(block as usize) {
            *sums.entry(place[column as usize]).or_default() += value;
        }
    }
    sums.into_iter().map(|(column, value)| (ColumnIx(column), value)).collect()
}

/// Columns of a cluster that may move, by kind.
fn merge(program: &LinearProgram, blocks: &Blocks, cluster: &[u32]) -> BTreeMap<u32, Merged> {
    let mut merged: BTreeMap<u32, Merged> = BTreeMap::new();
    for &block in cluster {
        // A block without need has no say in the mean, but the mean must be one.
        let need = need_of(program, blocks, block).max(f64::MIN_POSITIVE);
        for &(column, coefficient) in blocks.own(block as usize) {
            let at = column as usize;
            if program.column_bounds()[at].is_fixed() {
                continue;
            }
            let sum = merged.entry(blocks.kinds[at]).or_insert(Merged {
                example: (column, coefficient),
                cost: 0.0,
                need: 0.0,
            });
            sum.cost += need * program.costs()[at] / coefficient;
            sum.need += need;
        }
    }
    merged
}
