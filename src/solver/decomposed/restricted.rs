//! The restricted program: coupling rows, and of each block only the columns that are worth having.
//!
//! A block with a single such column has no choice left: its column is whatever the block's row leaves
//! over, and takes its place in the coupling rows as a constant and a share of the shared columns. Blocks
//! that choose among columns of the same kinds, at the same differences of cost, choose as one: any
//! solution for their sum splits into solutions for each, in proportion. So the program that goes to the
//! solver holds little more than the choices that prices leave open.

use super::blocks::{Blocks, NONE, range_of};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RawSolution, RowIx, Sense};
use std::collections::HashMap;

/// Costs that differ by less than this, for one unit of a block's row, are the same.
const SAME_COST: f64 = 1e-9;

/// A restricted program and the way back to the whole one.
pub struct Restricted {
    /// What goes to the solver.
    pub program: LinearProgram,
    /// Columns of the whole program that went in as they are, by column of the restricted one.
    plain: Vec<u32>,
    /// Blocks that choose as one; their columns come after the plain ones.
    clusters: Vec<Cluster>,
    /// First of the columns that break rows.
    first_break: usize,
    /// The row that each of them breaks.
    breaks: Vec<u32>,
    /// Rows of the whole program, by row of the restricted one; those of clusters come after.
    rows: Vec<u32>,
}

/// Where the prices of the coupling rows may move in a round: each by its width around the centre.
pub struct PriceBox {
    pub centre: Vec<f64>,
    pub widths: Vec<f64>,
}

/// Blocks with the same choice.
struct Cluster {
    blocks: Vec<u32>,
    /// First column in the restricted program, for a cluster that chooses.
    first: u32,
    /// How many columns there are to choose from.
    choices: u32,
}

/// What a block's row leaves for the columns that move: a constant less shares of shared columns.
struct Block {
    index: usize,
    /// Active columns with their coefficients, by kind.
    active: Vec<(u32, f64)>,
    /// Cost of one unit of the row through the cheapest of them.
    base: f64,
    leftover: f64,
}

impl Restricted {
    /// Restricts a program to its active columns. With a box, rows of choices may be broken, at costs
    /// that keep their prices within the box.
    pub fn new(program: &LinearProgram, blocks: &Blocks, active: &[bool], stay: Option<&PriceBox>) -> Self {
        let mut place = vec![NONE; program.columns()];
        let mut plain = Vec::new();
        let mut costs = Vec::new();
        let whole: Vec<Option<Block>> =
            (0..blocks.len()).map(|block| Block::of(program, blocks, block, active)).collect();
        for at in 0..program.columns() {
            let home = blocks.home[at];
            let stays = home == NONE || (whole[home as usize].is_none() && active[at]);
            if stays && !program.column_bounds()[at].is_fixed() {
                place[at] = plain.len() as u32;
                plain.push(at as u32);
                costs.push(program.costs()[at]);
            }
        }
        let mut clusters = clusters_of(program, blocks, &whole);
        let mut next = plain.len() as u32;
        for cluster in &mut clusters {
            let first = whole[cluster.blocks[0] as usize].as_ref().expect("a cluster is of whole blocks");
            cluster.choices = if first.active.len() == 1 { 0 } else { first.active.len() as u32 };
            cluster.first = next;
            next += cluster.choices;
            for &(column, coefficient) in first.active.iter().take(cluster.choices as usize) {
                costs.push(program.costs()[column as usize] / coefficient - first.base);
            }
            for &member in &cluster.blocks {
                let block = whole[member as usize].as_ref().expect("a cluster is of whole blocks");
                for (shared, value) in moving_shared(program, blocks, block.index) {
                    costs[place[shared as usize] as usize] -= block.base * value;
                }
            }
        }
        let mut restricted = LinearProgram::new(Sense::Minimise);
        for (at, &cost) in costs.iter().enumerate() {
            let bounds = plain.get(at).map_or(Bounds::NON_NEGATIVE, |&c| program.column_bounds()[c as usize]);
            restricted.add_column(cost, bounds);
        }
        let mut this = Self {
            program: restricted,
            plain,
            clusters,
            first_break: costs.len(),
            breaks: Vec::new(),
            rows: Vec::new(),
        };
        this.add_coupling_rows(program, blocks, &place, &whole, stay);
        this.add_kept_blocks(program, blocks, &place, &whole);
        this.add_clusters(program, blocks, &place, &whole);
        this
    }

    fn add_coupling_rows(
        &mut self,
        program: &LinearProgram,
        blocks: &Blocks,
        place: &[u32],
        whole: &[Option<Block>],
        stay: Option<&PriceBox>,
    ) {
        let mut lines: Vec<Line> = (0..program.rows()).map(|_| Line::default()).collect();
        for (row, line) in lines.iter_mut().enumerate() {
            if blocks.block_of_row[row] != NONE || program.row_bounds()[row] == Bounds::FREE {
                continue;
            }
            for (column, value) in program.row(RowIx(row as u32)) {
                if place[column.get()] != NONE {
                    line.terms.push((place[column.get()], value));
                } else if blocks.home[column.get()] == NONE {
                    line.constant += value * resting(program, column.get());
                }
            }
        }
        for cluster in &self.clusters {
            let first = whole[cluster.blocks[0] as usize].as_ref().expect("a cluster is of whole blocks");
            for (column, &(own, coefficient)) in (cluster.first..).zip(&first.active) {
                for &(row, value) in blocks.coupling(own) {
                    let line = &mut lines[row as usize];
                    if cluster.choices > 0 {
                        line.terms.push((column, value / coefficient));
                        continue;
                    }
                    for &member in &cluster.blocks {
                        let block = whole[member as usize].as_ref().expect("a cluster is of whole blocks");
                        line.constant += value / coefficient * block.leftover;
                        for (shared, share) in moving_shared(program, blocks, block.index) {
                            line.terms.push((place[shared as usize], -value / coefficient * share));
                        }
                    }
                }
            }
        }
        for (row, line) in lines.into_iter().enumerate() {
            let bounds = program.row_bounds()[row];
            if blocks.block_of_row[row] != NONE || bounds == Bounds::FREE {
                continue;
            }
            let mut terms = line.merged();
            if let Some(stay) = stay.filter(|_| blocks.coupled[row]) {
                for (side, sign) in [(bounds.lower, 1.0), (bounds.upper, -1.0)] {
                    let cost = sign * stay.centre[row] + stay.widths[row];
                    // The sign of the row's dual already holds it on this side.
                    if side.is_finite() || cost < 0.0 {
                        self.breaks.push(row as u32);
                        terms.push((self.program.add_column(cost, Bounds::NON_NEGATIVE), sign));
                    }
                }
            }
            let shifted = Bounds::between(bounds.lower - line.constant, bounds.upper - line.constant);
            self.program.add_row(shifted, terms);
            self.rows.push(row as u32);
        }
    }

    /// Rows of blocks that stay as they are.
    fn add_kept_blocks(
        &mut self,
        program: &LinearProgram,
        blocks: &Blocks,
        place: &[u32],
        whole: &[Option<Block>],
    ) {
        for (block, &row) in blocks.rows.iter().enumerate() {
            if whole[block].is_some() {
                continue;
            }
            let mut line = Line::default();
            for (column, value) in program.row(RowIx(row)) {
                match place[column.get()] {
                    NONE => line.constant += value * resting(program, column.get()),
                    at => line.terms.push((at, value)),
                }
            }
            let bounds = program.row_bounds()[row as usize];
            let shifted = Bounds::between(bounds.lower - line.constant, bounds.upper - line.constant);
            let terms = line.merged();
            self.program.add_row(shifted, terms);
            self.rows.push(row);
        }
    }

    fn add_clusters(
        &mut self,
        program: &LinearProgram,
        blocks: &Blocks,
        place: &[u32],
        whole: &[Option<Block>],
    ) {
        for cluster in self.clusters.iter().filter(|cluster| cluster.choices > 0) {
            let mut line = Line::default();
            for &member in &cluster.blocks {
                let block = whole[member as usize].as_ref().expect("a cluster is of whole blocks");
                line.constant += block.leftover;
                let shares = moving_shared(program, blocks, block.index);
                line.terms.extend(shares.map(|(shared, value)| (place[shared as usize], value)));
            }
            line.terms.extend((cluster.first..cluster.first + cluster.choices).map(|at| (at, 1.0)));
            let right = Bounds::exactly(line.constant);
            let terms = line.merged();
            self.program.add_row(right, terms);
        }
    }

    /// Rows that a solution breaks, and by how much.
    pub fn broken<'a>(&'a self, solution: &'a RawSolution) -> impl Iterator<Item = (u32, f64)> + 'a {
        self.breaks.iter().copied().zip(solution.columns[self.first_break..].iter().copied())
    }

    /// The values of all columns of the whole program.
    pub fn columns(
        &self,
        program: &LinearProgram,
        blocks: &Blocks,
        active: &[bool],
        solution: &RawSolution,
    ) -> Vec<f64> {
        let mut values: Vec<f64> = (0..program.columns()).map(|at| resting(program, at)).collect();
        for (&column, &value) in self.plain.iter().zip(&solution.columns) {
            values[column as usize] = value;
        }
        for cluster in &self.clusters {
            let members: Vec<(Block, f64)> = cluster
                .blocks
                .iter()
                .map(|&member| {
                    let block = Block::of(program, blocks, member as usize, active);
                    let block = block.expect("a cluster is of whole blocks");
                    let shared: f64 = moving_shared(program, blocks, member as usize)
                        .map(|(column, value)| value * values[column as usize])
                        .sum();
                    let amount = (block.leftover - shared).max(0.0);
                    (block, amount)
                })
                .collect();
            let all: f64 = members.iter().map(|(_, amount)| amount).sum();
            for (block, amount) in members {
                if cluster.choices == 0 {
                    let (column, coefficient) = block.active[0];
                    values[column as usize] = amount / coefficient;
                    continue;
                }
                let part = if all > 0.0 { amount / all } else { 0.0 };
                for (at, &(column, coefficient)) in (cluster.first as usize..).zip(&block.active) {
                    values[column as usize] = solution.columns[at] * part / coefficient;
                }
            }
        }
        values
    }

    /// The prices of coupling rows and of blocks kept as they are; zero for the others.
    pub fn row_prices(&self, program: &LinearProgram, duals: &[f64]) -> Vec<f64> {
        let mut prices = vec![0.0; program.rows()];
        for (&row, &dual) in self.rows.iter().zip(duals) {
            prices[row as usize] = dual;
        }
        prices
    }
}

/// A row in the making.
#[derive(Default)]
struct Line {
    terms: Vec<(u32, f64)>,
    constant: f64,
}

impl Line {
    /// Its terms by column, each column once.
    fn merged(&self) -> Vec<(ColumnIx, f64)> {
        let mut terms = self.terms.clone();
        terms.sort_by_key(|(column, _)| *column);
        let mut merged: Vec<(ColumnIx, f64)> = Vec::with_capacity(terms.len());
        for (column, value) in terms {
            match merged.last_mut() {
                Some((last, sum)) if last.0 == column => *sum += value,
                _ => merged.push((ColumnIx(column), value)),
            }
        }
        merged
    }
}

impl Block {
    /// `None` for a block whose row must be kept as it is: nothing in it may move, or its row might leave
    /// less than nothing.
    fn of(program: &LinearProgram, blocks: &Blocks, block: usize, active: &[bool]) -> Option<Self> {
        let mut own: Vec<(u32, f64)> =
            blocks.own(block).iter().copied().filter(|(column, _)| active[*column as usize]).collect();
        own.sort_by_key(|(column, _)| blocks.kinds[*column as usize]);
        if own.is_empty() || own.windows(2).any(|pair| kind(blocks, pair[0].0) == kind(blocks, pair[1].0)) {
            return None;
        }
        let right = program.row_bounds()[blocks.rows[block] as usize].lower;
        let fixed: f64 = blocks
            .shared(block)
            .iter()
            .filter(|(column, _)| program.column_bounds()[*column as usize].is_fixed())
            .map(|&(column, value)| value * resting(program, column as usize))
            .sum();
        let moving: Vec<(u32, f64)> = moving_shared(program, blocks, block).collect();
        let (_, most) = range_of(&moving, program.column_bounds());
        let leftover = right - fixed;
        let base = own.iter().map(|&(c, a)| program.costs()[c as usize] / a).fold(f64::INFINITY, f64::min);
        (leftover - most >= -SAME_COST).then_some(Self { index: block, active: own, base, leftover })
    }
}

fn kind(blocks: &Blocks, column: u32) -> u32 {
    blocks.kinds[column as usize]
}

fn moving_shared<'a>(
    program: &'a LinearProgram,
    blocks: &'a Blocks,
    block: usize,
) -> impl Iterator<Item = (u32, f64)> + 'a {
    let moves = |(column, _): &(u32, f64)| !program.column_bounds()[*column as usize].is_fixed();
    blocks.shared(block).iter().copied().filter(moves)
}

/// Where a column stands that has no say: at its bound nearest to zero.
fn resting(program: &LinearProgram, at: usize) -> f64 {
    program.column_bounds()[at].nearest_to_zero()
}

/// What a block chooses from: shared columns; kinds of columns and how much dearer each is than the
/// cheapest, in steps of [`SAME_COST`].
type Choice = (Vec<u32>, Vec<(u32, i64)>);

/// Blocks by what they choose from: shared columns, kinds, differences of cost. In order of first block.
fn clusters_of(program: &LinearProgram, blocks: &Blocks, whole: &[Option<Block>]) -> Vec<Cluster> {
    let mut known: HashMap<Choice, usize> = HashMap::new();
    let mut clusters: Vec<Cluster> = Vec::new();
    for block in whole.iter().flatten() {
        let shared = moving_shared(program, blocks, block.index).map(|(column, _)| column).collect();
        let choices: Vec<(u32, i64)> = block
            .active
            .iter()
            .map(|&(column, coefficient)| {
                let above = program.costs()[column as usize] / coefficient - block.base;
                (kind(blocks, column), (above / SAME_COST).round() as i64)
            })
            .collect();
        let next = clusters.len();
        let at = *known.entry((shared, choices)).or_insert(next);
        if at == next {
            clusters.push(Cluster { blocks: Vec::new(), first: 0, choices: 0 });
        }
        clusters[at].blocks.push(block.index as u32);
    }
    clusters
}
