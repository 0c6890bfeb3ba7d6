//! The parts that a network falls into, but for a few rows.
//!
//! Patients of one specialty share no bed with those of another. What joins them are rows such as a region's unmet need,
//! in which no column of the rest stands: *joints*. Without them the network falls into parts. What each part draws on
//! each joint becomes a column of the rest, and the rows above the joints go there, too; the cost of each part is then a
//! convex function of its own, with planes of its own. One turn tells as much as many with one plane for all.
//!
//! A plane is made of prices of a part's rows, whatever they are: its height is what these prices prove of the part. So
//! planes serve other programs with the same coefficients as well.

use super::super::blocks::{Blocks, NONE};
use super::structure::{Role, Structure};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};
use rustc_hash::FxHashMap;
use std::sync::Arc as Shared;

/// The largest parts have planes of their own, all others one together.
const MOST_PARTS: usize = 64;
/// With more columns above the joints the rest would be no small program.
const MOST_ABOVE: usize = 5_000;

/// Which part of a network each row belongs to.
pub struct Parts {
    /// The part of each row, or [`NONE`].
    pub of_row: Vec<u32>,
    /// How many there are.
    pub count: usize,
    /// Whether a row joins parts.
    pub is_joint: Vec<bool>,
}

/// A part of a network, in terms of the program of the rest.
pub struct Part {
    /// Its rows in the whole program.
    pub rows: Shared<Vec<u32>>,
    /// Their limits, less what columns that do not move fill of them.
    limits: Vec<Bounds>,
    ways: Vec<Way>,
    /// What columns of the rest fill of its rows: row in the part, column, coefficient.
    shared: Vec<(u32, ColumnIx, f64)>,
    /// What it draws on each joint.
    draws: Vec<ColumnIx>,
    /// What it costs.
    cost: ColumnIx,
}

/// A column that is an arc to a choice.
struct Way {
    /// The choice's row in the part, and the coefficient there.
    choice: u32,
    own: f64,
    from: From,
    cost: f64,
}

/// Where a way comes from.
#[derive(Clone, Copy)]
enum From {
    /// Anywhere.
    Root,
    /// A row of the part, with the coefficient there.
    Row(u32, f64),
    /// What the part draws on a joint, with the coefficient there.
    Joint(u32, f64),
}

/// What prices of a part's rows prove: Σ terms ≥ least.
pub struct Proven {
    /// The prices, none of the wrong sign.
    pub prices: Vec<f64>,
    pub terms: Vec<(ColumnIx, f64)>,
    pub least: f64,
}

impl Parts {
    /// The parts of a network beside which these columns are the rest; `None` where it does not fall into any.
    pub fn of(
        program: &LinearProgram,
        blocks: &Blocks,
        structure: &Structure,
        is_rest: &[bool],
    ) -> Option<Self> {
        let has_rest = |row: usize| program.row(RowIx(row as u32)).any(|(column, _)| is_rest[column.get()]);
        let is_coupling = |row: usize| matches!(structure.roles[row], Role::Coupling { .. });
        let mut is_joint = vec![false; program.rows()];
        let mut inner = 0;
        for row in (0..program.rows()).filter(|row| is_coupling(*row)) {
            is_joint[row] = !has_rest(row);
            inner += usize::from(!is_joint[row]);
        }
        let above = (0..program.columns()).filter(|at| structure.is_arc[*at] && blocks.home[*at] == NONE);
        let is_plain = structure.network.sides.is_empty() && structure.given().next().is_none();
        if inner == 0 || !is_plain || above.count() > MOST_ABOVE {
            return None;
        }
        let mut groups = Groups::new(program.rows());
        for (block, &choice) in blocks.rows.iter().enumerate() {
            for &(column, _) in
                blocks.own(block).iter().filter(|(column, _)| structure.is_arc[*column as usize])
            {
                let is_limited = |row: u32| program.row_bounds()[row as usize] != Bounds::FREE;
                for &(row, value) in blocks.coupling(column).iter().filter(|(row, _)| is_limited(*row)) {
                    let is_node = is_coupling(row as usize);
                    if !is_node && !structure.is_held(row) {
                        return None;
                    }
                    if is_node && is_joint[row as usize] {
                        if value <= 0.0 {
                            return None;
                        }
                    } else if is_node {
                        groups.join(choice, row);
                    }
                }
            }
        }
        let is_node = |row: u32| {
            let at = row as usize;
            matches!(structure.roles[at], Role::Choice { .. }) || (is_coupling(at) && !is_joint[at])
        };
        let (of_row, count) = groups.numbered(is_node);
        (count > 1).then_some(Self { of_row, count, is_joint })
    }
}

/// Rows that hang together.
struct Groups {
    above: Vec<u32>,
}

impl Groups {
    fn new(rows: usize) -> Self {
        Self { above: (0..rows as u32).collect() }
    }

    fn top(&mut self, row: u32) -> u32 {
        let mut at = row;
        while self.above[at as usize] != at {
            let next = self.above[at as usize];
            self.above[at as usize] = self.above[next as usize];
            at = next;
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.top(one), self.top(other));
        self.above[one.max(other) as usize] = one.min(other);
    }

    /// The number of each node's group, the largest groups first; those beyond the most are one.
    fn numbered(mut self, is_node: impl Fn(u32) -> bool) -> (Vec<u32>, usize) {
        let nodes: Vec<u32> = (0..self.above.len() as u32).filter(|row| is_node(*row)).collect();
        let mut sizes: FxHashMap<u32, usize> = FxHashMap::default();
        for &row in &nodes {
            *sizes.entry(self.top(row)).or_default() += 1;
        }
        let mut tops: Vec<(u32, usize)> = sizes.into_iter().collect();
        tops.sort_unstable_by_key(|(top, size)| (std::cmp::Reverse(*size), *top));
        let number: FxHashMap<u32, u32> =
            tops.iter().enumerate().map(|(at, (top, _))| (*top, at.min(MOST_PARTS - 1) as u32)).collect();
        let mut of_row = vec![NONE; self.above.len()];
        for row in nodes {
            of_row[row as usize] = number[&self.top(row)];
        }
        (of_row, tops.len().min(MOST_PARTS))
    }
}

/// The program of the rest in the making: what the parts need to know of it, and add to it.
pub struct Making<'a> {
    pub whole: &'a LinearProgram,
    pub blocks: &'a Blocks,
    pub structure: &'a Structure,
    /// Where columns of the whole program are in that of the rest, or [`NONE`].
    pub place: &'a [u32],
    pub rest: &'a mut LinearProgram,
    /// What the parts add to rows of the whole program.
    pub added: FxHashMap<u32, Vec<(ColumnIx, f64)>>,
}

impl Making<'_> {
    /// Makes the parts: a column for the cost of each, one for what it draws on each joint.
    pub fn parts(&mut self, parts: &Parts) -> Vec<Part> {
        let mut rows = vec![Vec::new(); parts.count];
        let mut position = vec![NONE; self.whole.rows()];
        for (row, &part) in (0u32..).zip(&parts.of_row).filter(|(_, part)| **part != NONE) {
            position[row as usize] = rows[part as usize].len() as u32;
            rows[part as usize].push(row);
        }
        let mut made: Vec<Part> = rows.into_iter().map(|rows| self.part(rows)).collect();
        let mut draws: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for (block, &choice) in self.blocks.rows.iter().enumerate() {
            let of = parts.of_row[choice as usize];
            let part = &mut made[of as usize];
            for &(column, own) in self.blocks.own(block) {
                if !self.structure.is_arc[column as usize] {
                    continue;
                }
                let is_node = |row: u32| matches!(self.structure.roles[row as usize], Role::Coupling { .. });
                let from = match self.blocks.coupling(column).iter().find(|(row, _)| is_node(*row)) {
                    None => From::Root,
                    Some(&(row, value)) if parts.is_joint[row as usize] => {
                        let at = *draws.entry((of, row)).or_insert_with(|| {
                            let drawn = self.rest.add_column(0.0, Bounds::NON_NEGATIVE);
                            self.added.entry(row).or_default().push((drawn, 1.0));
                            part.draws.push(drawn);
                            part.draws.len() as u32 - 1
                        });
                        From::Joint(at, value)
                    }
                    Some(&(row, value)) => From::Row(position[row as usize], value),
                };
                let cost = self.structure.costs(self.whole)[column as usize];
                part.ways.push(Way { choice: position[choice as usize], own, from, cost });
            }
        }
        for part in &made {
            self.set_cost(part);
        }
        made
    }

    /// A part without its ways.
    fn part(&mut self, rows: Vec<u32>) -> Part {
        let mut limits = Vec::with_capacity(rows.len());
        let mut shared = Vec::new();
        for (at, &row) in (0u32..).zip(&rows) {
            let mut taken = 0.0;
            for (column, value) in self.whole.row(RowIx(row)) {
                let bounds = self.whole.column_bounds()[column.get()];
                match self.place[column.get()] {
                    NONE if bounds.is_fixed() => taken += value * bounds.lower,
                    NONE => {}
                    place => shared.push((at, ColumnIx(place), value)),
                }
            }
            let Bounds { lower, upper } = self.whole.row_bounds()[row as usize];
            limits.push(Bounds::between(lower - taken, upper - taken));
        }
        let cost = self.rest.add_column(0.0, Bounds::FREE);
        Part { rows: Shared::new(rows), limits, ways: Vec::new(), shared, draws: Vec::new(), cost }
    }

    /// A part's cost is an aim, or part of what is held; it is nothing where no way costs, and never below that where
    /// none costs less.
    fn set_cost(&mut self, part: &Part) {
        match &self.structure.held {
            Some(held) => self.added.entry(held.row).or_default().push((part.cost, 1.0)),
            None => self.rest.set_cost(part.cost, 1.0),
        }
        let least = if part.ways.iter().any(|way| way.cost < 0.0) { f64::NEG_INFINITY } else { 0.0 };
        let most = if part.costs_nothing() { 0.0 } else { f64::INFINITY };
        self.rest.set_column_bounds(part.cost, Bounds::between(least.min(most), most));
    }
}

impl Part {
    /// The columns of the rest that stand in its rows.
    pub fn asks_for(&self) -> impl Iterator<Item = ColumnIx> + '_ {
        self.shared.iter().map(|(_, column, _)| *column)
    }

    /// Whether no way costs anything.
    pub fn costs_nothing(&self) -> bool {
        self.ways.iter().all(|way| way.cost == 0.0)
    }

    /// What prices of its rows prove of what it costs, or, where costs do not count, of what can be at all.
    pub fn prove(&self, mut prices: Vec<f64>, counts_cost: bool, columns: usize) -> Proven {
        for (price, limits) in prices.iter_mut().zip(&self.limits) {
            let end = if *price > 0.0 { limits.lower } else { limits.upper };
            if end.is_infinite() {
                *price = 0.0;
            }
        }
        let cost_of = |way: &Way| if counts_cost { way.cost } else { 0.0 };
        // No way may be worth more than it costs: a choice pays no more than the cheapest asks.
        for way in &self.ways {
            let asked = match way.from {
                From::Root => cost_of(way),
                From::Row(row, value) => cost_of(way) - prices[row as usize] * value,
                From::Joint(..) => continue,
            };
            let price = &mut prices[way.choice as usize];
            *price = price.min(asked / way.own);
        }
        // What is drawn on a joint is worth what the choice leaves that pays most for it.
        let mut drawn = vec![f64::INFINITY; self.draws.len()];
        for way in &self.ways {
            if let From::Joint(at, value) = way.from {
                let left = (cost_of(way) - prices[way.choice as usize] * way.own) / value;
                drawn[at as usize] = drawn[at as usize].min(left);
            }
        }
        let mut terms = vec![0.0; columns];
        for &(row, column, value) in &self.shared {
            terms[column.get()] += prices[row as usize] * value;
        }
        for (column, worth) in self.draws.iter().zip(drawn) {
            terms[column.get()] -= worth;
        }
        if counts_cost {
            terms[self.cost.get()] = 1.0;
        }
        let least = prices.iter().zip(&self.limits).map(|(price, limits)| {
            let end = if *price > 0.0 { limits.lower } else { limits.upper };
            if *price == 0.0 { 0.0 } else { price * end }
        });
        let least = least.sum();
        let terms = (0u32..).map(ColumnIx).zip(terms).filter(|(_, value)| *value != 0.0).collect();
        Proven { prices, terms, least }
    }
}

#[cfg(test)]
mod tests {
    use super::super::structure::Apart;
    use super::*;
    use crate::lp::Sense;

    /// Two specialties, each of one place with needs of 4 and 3 and one site with 0.8 patients for each bed; what stays
    /// unmet costs 1 and makes up the share z of a need of 10. Columns: treated and unmet of each, z, beds of each.
    fn program() -> LinearProgram {
        let mut program = LinearProgram::new(Sense::Minimise);
        let costs = [0.0, 0.0, 1.0, 1.0, 0.0];
        let x: Vec<_> = costs.map(|cost| program.add_column(cost, Bounds::NON_NEGATIVE)).into();
        let beds: Vec<_> = (0..2).map(|_| program.add_column(0.0, Bounds::between(0.0, 9.0))).collect();
        for (at, need) in [4.0, 3.0].into_iter().enumerate() {
            // A bed brings forth a tenth of a patient.
            let terms = [(x[at], 1.0), (x[2 + at], 1.0), (beds[at], -0.1)];
            let row = program.add_row(Bounds::exactly(need), terms);
            program.mark_choice(row);
        }
        for at in 0..2 {
            program.add_row(Bounds::at_most(0.0), [(x[at], 1.0), (beds[at], -0.8)]);
        }
        program.add_row(Bounds::exactly(0.0), [(x[2], 1.0), (x[3], 1.0), (x[4], -10.0)]);
        program
    }

    /// The parts beside a rest of z and the beds, the program of which has these as its first columns.
    fn made(program: &LinearProgram) -> (Parts, Vec<Part>, LinearProgram) {
        let blocks = Blocks::of(program);
        let values = vec![0.0; program.columns()];
        let structure = Structure::of(program, &blocks, &values, Apart::No);
        let is_rest: Vec<bool> = (0..program.columns()).map(|column| column > 4).collect();
        let parts = Parts::of(program, &blocks, &structure, &is_rest).expect("two specialties");
        let mut rest = LinearProgram::new(Sense::Minimise);
        rest.add_columns(3, 0.0, Bounds::NON_NEGATIVE);
        let place = [NONE, NONE, NONE, NONE, 0, 1, 2];
        let (structure, added) = (&structure, FxHashMap::default());
        let mut making =
            Making { whole: program, blocks: &blocks, structure, place: &place, rest: &mut rest, added };
        let made = making.parts(&parts);
        let drawn: Vec<_> = made.iter().map(|part| (part.draws[0], 1.0)).collect();
        assert_eq!(making.added[&4], drawn);
        (parts, made, rest)
    }

    #[test]
    fn specialties_are_parts_and_what_all_leave_unmet_joins_them() {
        let (parts, made, rest) = made(&program());
        assert_eq!((parts.of_row, parts.count), (vec![0, 1, 0, 1, NONE], 2));
        assert_eq!(parts.is_joint, [false, false, false, false, true]);
        assert_eq!(*made[1].rows, [1, 3]);
        // What a part costs is an aim, and never below nothing.
        let cost = made[0].cost;
        assert_eq!(rest.costs()[cost.get()], 1.0);
        assert_eq!(rest.column_bounds()[cost.get()], Bounds::NON_NEGATIVE);
    }

    #[test]
    fn prices_prove_what_a_part_costs_and_what_can_be_at_all() {
        let (_, made, rest) = made(&program());
        let proven =
            |prices: [f64; 2], counts_cost| made[0].prove(prices.into(), counts_cost, rest.columns());
        // Need met is worth 1, a patient's room as much: cost + (0.8 − 0.1) beds ≥ 4.
        let plane = proven([1.0, -1.0], true);
        assert_eq!((plane.least, plane.terms.len()), (4.0, 2));
        assert_eq!(plane.terms[1], (made[0].cost, 1.0));
        assert!((plane.terms[0].1 - 0.7).abs() < 1e-12 && plane.terms[0].0 == ColumnIx(1));
        // Whatever it costs: what is left unmet + 0.7 beds ≥ 4.
        let plane = proven([1.0, -1.0], false);
        assert_eq!((plane.least, plane.terms[1]), (4.0, (made[0].draws[0], 1.0)));
        // Need is worth no more than its cheapest way asks; room that has no least is never worth less than nothing.
        assert_eq!(proven([5.0, -1.0], true).prices, [1.0, -1.0]);
        assert_eq!(proven([1.0, 2.0], true).prices, [0.0, 0.0]);
    }
}
