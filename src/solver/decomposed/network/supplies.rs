//! The columns that fill coupling rows.

use super::super::blocks::NONE;
use super::structure::{Builder, Role};
use crate::lp::{Bounds, ColumnIx, RowIx};
use std::collections::BTreeMap;

/// A column that fills a coupling row, or is balanced by columns that do.
pub struct Supply {
    pub column: u32,
    /// The coupling row, and its node.
    pub filled: u32,
    pub node: u32,
    /// Flow for each unit of the column; less than nothing where it takes flow away.
    pub gain: f64,
    /// Cost of a unit of the column.
    pub cost: f64,
    /// The other rows that it stands in, itself or through the column that it balances.
    pub rows: Vec<(u32, f64)>,
    /// Whether it balances another column, which fills the row.
    pub in_place_of_another: bool,
}

impl Builder<'_> {
    /// Shared columns that fill one coupling row, those that an equation gives replaced by what balances them.
    pub fn supplies(&mut self) -> Vec<Supply> {
        let mut found = Vec::new();
        for column in (0..self.program.columns() as u32).filter(|c| self.blocks.home[*c as usize] == NONE) {
            let in_nodes = || self.blocks.entries(column).iter().filter(|(row, _)| self.node(*row) != NONE);
            let (Some(&(row, value)), None) = (in_nodes().next(), in_nodes().nth(1)) else { continue };
            let Role::Coupling { node, scale } = self.out.roles[row as usize] else { continue };
            let gain = -value / scale;
            if self.bounds(column).is_fixed() || gain <= 0.0 {
                continue;
            }
            let is_other =
                |other: u32| other != row && self.program.row_bounds()[other as usize] != Bounds::FREE;
            let rows = self.blocks.entries(column).iter().copied().filter(|(other, _)| is_other(*other));
            let rows = rows.collect();
            let cost = self.program.costs()[column as usize];
            let supply = Supply { column, filled: row, node, gain, cost, rows, in_place_of_another: false };
            if let Some(row) = self.balance(&supply) {
                self.replace(&supply, row, &mut found);
            } else {
                self.out.is_arc[column as usize] = true;
                found.push(supply);
            }
        }
        found
    }

    /// The shortest equation that a supply stands in: it gives the column in terms of others.
    fn balance(&self, supply: &Supply) -> Option<(u32, f64)> {
        let is_equation = |row: u32| {
            self.program.row_bounds()[row as usize].is_fixed()
                && self.out.roles[row as usize] == Role::Outside
        };
        let equations = supply.rows.iter().copied().filter(|(row, _)| is_equation(*row));
        let length = |row: u32| self.program.row(RowIx(row)).count();
        equations.filter(|(row, _)| length(*row) >= 2).min_by_key(|(row, _)| length(*row))
    }

    /// Puts the columns that balance a supply in its place.
    fn replace(&mut self, supply: &Supply, (row, own): (u32, f64), found: &mut Vec<Supply>) {
        self.out.roles[row as usize] = Role::Balance { column: supply.column };
        self.balances[supply.column as usize] = row;
        let terms: Vec<(ColumnIx, f64)> = self.program.row(RowIx(row)).collect();
        for (column, value) in terms {
            let at = column.get();
            let rate = -value / own;
            let stays = self.bounds(column.0).is_fixed() || self.left_out.columns.contains(&column.0);
            // What takes away instead of filling is an arc the other way, if it has an end.
            let drains =
                rate < 0.0 && self.bounds(column.0).lower == 0.0 && self.bounds(column.0).upper.is_finite();
            if column.0 == supply.column || !(rate > 0.0 || drains) || stays || self.out.is_arc[at] {
                continue;
            }
            self.out.is_arc[at] = true;
            let mut rows: BTreeMap<u32, f64> = BTreeMap::new();
            for &(other, entry) in self.blocks.entries(column.0).iter().filter(|(other, _)| *other != row) {
                *rows.entry(other).or_default() += entry;
            }
            for &(other, entry) in supply.rows.iter().filter(|(other, _)| *other != row) {
                *rows.entry(other).or_default() += entry * rate;
            }
            found.push(Supply {
                column: column.0,
                filled: supply.filled,
                node: supply.node,
                gain: supply.gain * rate,
                cost: self.program.costs()[at] + supply.cost * rate,
                rows: rows.into_iter().collect(),
                in_place_of_another: true,
            });
        }
    }
}
