//! A smaller program with the same coupling rows, whose prices are near those of the whole one.
//!
//! Blocks with the same shared columns and the same best offers are added up. Columns of theirs that
//! stand in the same coupling rows become one, at their mean cost.

use super::blocks::{Blocks, NONE};
use super::pricing::{Offer, offers};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
use std::collections::{BTreeMap, HashMap};

/// A program over clusters of blocks, and the rows of the whole program that its first rows are.
pub struct Coarse {
    /// What goes to the solver.
    pub program: LinearProgram,
    rows: Vec<u32>,
}

/// A column of a cluster.
#[derive(Default)]
struct Merged {
    cost: f64,
    weight: f64,
}

impl Coarse {
    /// Adds up the blocks that agree in their best offer at given prices.
    pub fn new(program: &LinearProgram, blocks: &Blocks, prices: &[f64]) -> Self {
        let kinds = &blocks.kinds;
        let mut clusters: HashMap<(Vec<u32>, Vec<u32>), usize> = HashMap::new();
        let mut members: Vec<Vec<u32>> = Vec::new();
        for block in 0..blocks.len() {
            let mut all: Vec<Offer> = offers(program, blocks, block, prices).collect();
            all.sort_by(|a, b| a.price.total_cmp(&b.price).then(a.column.cmp(&b.column)));
            let best = all.iter().take(1).map(|offer| kinds[offer.column as usize]).collect();
            let shared = blocks.shared(block).iter().map(|&(column, _)| column).collect();
            let next = members.len();
            let cluster = *clusters.entry((shared, best)).or_insert(next);
            if cluster == next {
                members.push(Vec::new());
            }
            members[cluster].push(block as u32);
        }
        Self::add_up(program, blocks, kinds, &members)
    }

    fn add_up(program: &LinearProgram, blocks: &Blocks, kinds: &[u32], members: &[Vec<u32>]) -> Self {
        let mut coarse = LinearProgram::new(Sense::Minimise);
        let mut shared = vec![NONE; program.columns()];
        for at in 0..program.columns() {
            if blocks.home[at] == NONE {
                shared[at] = coarse.add_column(program.costs()[at], program.column_bounds()[at]).0;
            }
        }
        let mut rows: Vec<Vec<(ColumnIx, f64)>> = vec![Vec::new(); program.rows()];
        let mut choices = Vec::new();
        for cluster in members {
            let mut columns: BTreeMap<u32, (Merged, u32, f64)> = BTreeMap::new();
            let mut amounts: BTreeMap<u32, f64> = BTreeMap::new();
            let mut right = 0.0;
            for &block in cluster {
                let block = block as usize;
                let need = program.row_bounds()[blocks.rows[block] as usize].lower;
                right += need;
                for &(column, coefficient) in blocks.own(block) {
                    if program.column_bounds()[column as usize].is_fixed() {
                        continue;
                    }
                    let (merged, ..) = columns
                        .entry(kinds[column as usize])
                        .or_insert_with(|| (Merged::default(), column, coefficient));
                    let weight = need.max(f64::MIN_POSITIVE);
                    merged.cost += weight * program.costs()[column as usize] / coefficient;
                    merged.weight += weight;
                }
                for &(column, value) in blocks.shared(block) {
                    *amounts.entry(shared[column as usize]).or_default() += value;
                }
            }
            let mut terms: Vec<(ColumnIx, f64)> =
                amounts.into_iter().map(|(column, value)| (ColumnIx(column), value)).collect();
            for (merged, example, coefficient) in columns.into_values() {
                let new = coarse.add_column(merged.cost / merged.weight, Bounds::NON_NEGATIVE);
                terms.push((new, 1.0));
                for &(row, value) in blocks.coupling(example) {
                    rows[row as usize].push((new, value / coefficient));
                }
            }
            choices.push((right, terms));
        }
        let mut kept = Vec::new();
        for row in 0..program.rows() as u32 {
            let at = row as usize;
            if blocks.block_of_row[at] != NONE || program.row_bounds()[at] == Bounds::FREE {
                continue;
            }
            let of_shared = program
                .row(RowIx(row))
                .filter(|(column, _)| shared[column.get()] != NONE)
                .map(|(column, value)| (ColumnIx(shared[column.get()]), value));
            coarse.add_row(program.row_bounds()[at], of_shared.chain(rows[at].drain(..)));
            kept.push(row);
        }
        for (right, terms) in choices {
            coarse.add_row(Bounds::exactly(right), terms);
        }
        Self { program: coarse, rows: kept }
    }

    /// Prices of the whole program's coupling rows.
    pub fn prices(&self, rows: usize, duals: &[f64]) -> Vec<f64> {
        let mut prices = vec![0.0; rows];
        for (&row, &dual) in self.rows.iter().zip(duals) {
            prices[row as usize] = dual;
        }
        prices
    }
}
