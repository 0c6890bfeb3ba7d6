//! The columns that fill coupling rows.

use super::super::blocks::NONE;
use super::structure::{Builder, Role};
use crate::lp::{Bounds, ColumnIx, RowIx};
use std::collections::{BTreeMap, BTreeSet};

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
        let shared = (0..self.program.columns() as u32).filter(|c| self.blocks.home[*c as usize] == NONE);
        let supplies: Vec<Supply> = shared.filter_map(|column| self.supply_of(column)).collect();
        let go_on = if self.falls_apart { self.stocks_that_go_on(&supplies) } else { BTreeSet::new() };
        self.out.leaves_stocks = !go_on.is_empty();
        let mut found = Vec::new();
        for supply in supplies {
            if go_on.contains(&supply.column) {
                continue;
            }
            if let Some(row) = self.balance(&supply) {
                // Where some stocks go on no equation is a plain balance: one may hold what leaves to a share of what was
                // there.
                if go_on.is_empty() {
                    self.replace(&supply, row, &mut found);
                }
            } else {
                self.out.is_arc[supply.column as usize] = true;
                found.push(supply);
            }
        }
        found
    }

    /// A column as a supply, if it may move and fills one coupling row.
    fn supply_of(&self, column: u32) -> Option<Supply> {
        let mut in_nodes = self.blocks.entries(column).iter().filter(|(row, _)| self.node(*row) != NONE);
        let (&(row, value), None) = (in_nodes.next()?, in_nodes.next()) else { return None };
        let Role::Coupling { node, scale } = self.out.roles[row as usize] else { return None };
        let gain = -value / scale;
        if self.bounds(column).is_fixed() || gain <= 0.0 {
            return None;
        }
        let is_limited = |other: u32| self.program.row_bounds()[other as usize] != Bounds::FREE;
        let is_other = |other: u32| other != row && is_limited(other) && !self.out.is_held(other);
        let rows = self.blocks.entries(column).iter().copied().filter(|(other, _)| is_other(*other));
        let (rows, cost) = (rows.collect(), self.out.costs(self.program)[column as usize]);
        Some(Supply { column, filled: row, node, gain, cost, rows, in_place_of_another: false })
    }

    /// Supplies that an equation gives in terms of other supplies, and those: beds that serve one wave and stand in the
    /// next. What brings such a bed fills several coupling rows, so it is no arc.
    fn stocks_that_go_on(&self, supplies: &[Supply]) -> BTreeSet<u32> {
        let is_supply: BTreeSet<u32> = supplies.iter().map(|supply| supply.column).collect();
        let mut go_on = BTreeSet::new();
        for (row, _) in supplies.iter().filter_map(|supply| self.balance(supply)) {
            let members = || self.program.row(RowIx(row)).map(|(column, _)| column.0);
            let stocks: Vec<u32> = members().filter(|column| is_supply.contains(column)).collect();
            if stocks.len() > 1 {
                go_on.extend(stocks);
            }
        }
        go_on
    }

    /// The shortest equation that a supply stands in and that gives the column in terms of others.
    fn balance(&self, supply: &Supply) -> Option<(u32, f64)> {
        let is_equation = |row: u32| {
            self.program.row_bounds()[row as usize].is_fixed()
                && self.out.roles[row as usize] == Role::Outside
        };
        let equations = supply.rows.iter().copied().filter(|(row, _)| is_equation(*row));
        let length = |row: u32| self.program.row(RowIx(row)).count();
        let gives =
            |(row, own): &(u32, f64)| length(*row) >= 2 && !self.shares_out(*row, supply.column, *own);
        equations.filter(gives).min_by_key(|(row, _)| length(*row))
    }

    /// Whether an equation shares something out between a column and others that fill coupling rows, too: a pool that is
    /// to be used up.
    fn shares_out(&self, row: u32, column: u32, own: f64) -> bool {
        let is_node = |(row, _): &(u32, f64)| self.node(*row) != NONE;
        let is_another = |at: u32, value: f64| {
            at != column
                && value * own > 0.0
                && !self.bounds(at).is_fixed()
                && self.blocks.entries(at).iter().any(is_node)
        };
        self.program.row(RowIx(row)).any(|(at, value)| is_another(at.0, value))
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
            let is_other = |other: u32| other != row && !self.out.is_held(other);
            for &(other, entry) in self.blocks.entries(column.0).iter().filter(|(other, _)| is_other(*other))
            {
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
                cost: self.out.costs(self.program)[at] + supply.cost * rate,
                rows: rows.into_iter().collect(),
                in_place_of_another: true,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::structure::{Apart, Role, Structure};
    use crate::lp::{Bounds, LinearProgram, Sense};
    use crate::solver::decomposed::blocks::Blocks;

    /// Two places of 4 patients each, two sites, and a pool of 5 beds that is to be used up.
    #[test]
    fn a_pool_that_is_to_be_used_up_gives_no_sites_beds_in_terms_of_the_others() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let mut two = |cost| [0; 2].map(|_| program.add_column(cost, Bounds::NON_NEGATIVE));
        let [x, unmet, beds] = [0.0, 1.0, 0.0].map(&mut two);
        for at in 0..2 {
            let row = program.add_row(Bounds::exactly(4.0), [(x[at], 1.0), (unmet[at], 1.0)]);
            program.mark_choice(row);
        }
        for at in 0..2 {
            program.add_row(Bounds::at_most(0.0), [(x[at], 1.0), (beds[at], -0.8)]);
        }
        program.add_row(Bounds::exactly(5.0), beds.map(|column| (column, 1.0)));
        let structure = Structure::of(&program, &Blocks::of(&program), &[0.0; 6], Apart::No);
        assert!(matches!(structure.roles[4], Role::Above { .. }), "{:?}", structure.roles[4]);
        assert!(beds.iter().all(|column| structure.is_arc[column.get()]));
    }

    #[test]
    fn beds_that_stand_in_the_next_wave_too_are_left_to_the_rest_of_a_network_that_is_to_fall_apart() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let [treated, unmet, beds, new] =
            [0.0, 1.0, 0.0, 0.0].map(|cost| [(); 2].map(|()| program.add_column(cost, Bounds::NON_NEGATIVE)));
        for wave in 0..2 {
            let row = program.add_row(Bounds::exactly(4.0), [(treated[wave], 1.0), (unmet[wave], 1.0)]);
            program.mark_choice(row);
        }
        for wave in 0..2 {
            program.add_row(Bounds::at_most(0.0), [(treated[wave], 1.0), (beds[wave], -0.8)]);
        }
        program.add_row(Bounds::exactly(2.0), [(beds[0], 1.0), (new[0], -1.0)]);
        program.add_row(Bounds::exactly(0.0), [(beds[1], 1.0), (beds[0], -1.0), (new[1], -1.0)]);
        let structure = |apart| Structure::of(&program, &Blocks::of(&program), &[0.0; 8], apart);
        let fallen = structure(Apart::Yes(None));
        assert!(fallen.leaves_stocks);
        assert!([beds, new].concat().iter().all(|column| !fallen.is_arc[column.get()]));
        assert!([treated, unmet].concat().iter().all(|column| fallen.is_arc[column.get()]));
        let joined = structure(Apart::No);
        assert!(!joined.leaves_stocks);
        assert!([beds, new].concat().iter().any(|column| joined.is_arc[column.get()]));
    }
}
