//! What of a program is no network: the other columns, and the rows that only they stand in.
//!
//! What the network costs is a convex function of these columns. Each time it is solved its prices give a
//! plane below that function, or, where it cannot bring all that is asked of it, a plane that says so. The
//! rest is solved with all planes so far in the network's place. Its optimum is a bound on the whole
//! program's. This is Benders' decomposition.

mod making;
mod planes;

use super::super::blocks::{Blocks, NONE};
use super::joints::{as_far, broken};
use super::parts::{Part, Parts, Proven};
use super::structure::Structure;
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, RawDuals, RawSolution, RowIx};
use crate::solver::{Basis, BasisStatus, Solver, SolverError};
use making::{belongs, is_mine};
use planes::Plane;
pub use planes::Prices;
use std::sync::Arc as Shared;

/// Planes as high as this are those of a program without a plan, whose columns run away turn by turn.
const TOO_HIGH: f64 = 1e12;
/// A plane that has carried no weight for so many turns is dropped.
const IDLE: usize = 30;
/// A plane that the last decision breaks by no more than this part of its height says nothing new.
const NEW: f64 = 1e-9;

/// A whole program and its blocks.
pub type Whole<'a> = (&'a LinearProgram, &'a Blocks);

/// The rest of a program.
pub struct Rest {
    /// Without planes.
    program: LinearProgram,
    /// Its columns in the whole program; those that stand for the network, or for its parts, come after them.
    columns: Vec<u32>,
    /// Which of them are no arcs: the network is given these.
    is_given: Vec<bool>,
    /// Which of them neither the network nor a part of it asks for.
    is_left: Vec<bool>,
    is_mine: Vec<bool>,
    /// Its rows in the whole program; planes come after them.
    rows: Vec<u32>,
    /// Those of its own rows that what the parts draw or cost stands in.
    joining: Vec<RowIx>,
    /// The parts that the network falls into; none where it is one.
    parts: Vec<Part>,
    planes: Vec<Plane>,
    /// Where it stood last; planes made since are not in it.
    basis: Option<Basis>,
    /// The values of all its columns decided last.
    decided: Vec<f64>,
    /// How far within its limits each row that joins parts is to be; `None` once there was no room for that.
    margins: Option<Vec<f64>>,
}

/// Solves a small program on which much hangs as exactly as it can be, else as exactly as is usual.
fn solve_exactly(program: &LinearProgram, solver: &mut dyn Solver) -> Result<Outcome, SolverError> {
    solver.be_exact(true);
    let outcome = solver.solve(program);
    solver.be_exact(false);
    match outcome {
        Err(SolverError::Failed { .. }) => solver.solve(program),
        answered => answered,
    }
}

/// Lowers the price of each choice to what its cheapest column asks, if it is above that: by rounding, a column without a
/// limit may be worth more than it costs, and then the prices prove nothing.
fn lower_to_asked((program, blocks): Whole, prices: &mut [f64]) {
    for (block, &row) in blocks.rows.iter().enumerate() {
        let may_move = |column: u32| !program.column_bounds()[column as usize].is_fixed();
        let asked = blocks.own(block).iter().filter(|(column, _)| may_move(*column)).map(|&(column, own)| {
            let coupling = blocks.coupling(column).iter();
            let paid: f64 = coupling.map(|&(row, value)| prices[row as usize] * value).sum();
            (program.costs()[column as usize] - paid) / own
        });
        prices[row as usize] = asked.fold(prices[row as usize], f64::min);
    }
}

/// The best that the planes allow.
pub struct Decided {
    /// A price for each row of the whole program.
    pub prices: Vec<f64>,
}

impl Rest {
    /// The parts that the network beside it falls into, if so.
    pub fn parts((program, blocks): Whole, structure: &Structure) -> Option<Parts> {
        Parts::of(program, blocks, structure, &is_mine(program, structure))
    }

    /// Whether more than a share of a program's rows would be in it. Cheap.
    pub fn is_too_large(program: &LinearProgram, structure: &Structure, share: f64) -> bool {
        let is_mine = is_mine(program, structure);
        let rows = (0..program.rows()).filter(|row| belongs(program, structure, &is_mine, *row)).count();
        rows as f64 > share * program.rows() as f64
    }

    /// Whether more than so many columns of choices would be in it.
    pub fn has_choices((program, blocks): Whole, structure: &Structure, most: usize) -> bool {
        let own = (0..blocks.len()).flat_map(|block| blocks.own(block)).map(|(column, _)| *column as usize);
        let mine = own.filter(|at| !structure.is_arc[*at] && !program.column_bounds()[*at].is_fixed());
        mine.count() > most
    }

    /// How many planes it knows.
    pub fn planes(&self) -> usize {
        self.planes.len()
    }

    /// Whether the network falls into parts.
    pub fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Learns what prices of another program with the same rows prove here.
    pub fn learn_again(&mut self, kept: &[Prices], rows: usize) {
        if self.parts.is_empty() {
            return;
        }
        let mut all = vec![0.0; rows];
        for prices in kept {
            let Some(rows) = &prices.rows else { continue };
            prices.add_to(&mut all, 1.0);
            self.learn_part_by_part(&all, prices.counts_cost);
            rows.iter().for_each(|row| all[*row as usize] = 0.0);
        }
    }

    /// The values with the columns that no part asks for as cheap as can be beside all others; `None` where none of them
    /// costs anything, or rounding leaves them no room.
    pub fn completed(
        &self,
        solver: &mut dyn Solver,
        values: &[f64],
    ) -> Result<Option<Vec<f64>>, SolverError> {
        if self.parts.is_empty() {
            return Ok(None);
        }
        let mut program = self.program.clone();
        self.joining.iter().for_each(|row| program.set_row_bounds(*row, Bounds::FREE));
        let (mut costs, mut costs_any) = (program.costs().to_vec(), false);
        costs[self.columns.len()..].fill(0.0);
        for (at, &column) in self.columns.iter().enumerate() {
            if self.is_left[at] {
                costs_any |= costs[at] != 0.0;
            } else {
                program.set_column_bounds(ColumnIx(at as u32), Bounds::exactly(values[column as usize]));
            }
        }
        if !costs_any {
            return Ok(None);
        }
        program.set_costs(costs);
        let Outcome::Optimal(found) = solve_exactly(&program, solver)? else { return Ok(None) };
        let mut values = values.to_vec();
        for (at, &column) in self.columns.iter().enumerate().filter(|(at, _)| self.is_left[*at]) {
            values[column as usize] = found.columns[at];
        }
        Ok(Some(values))
    }

    /// What falls short where so much flow is missing: that, and by how much each row is broken that joins parts.
    pub fn short(&self, program: &LinearProgram, missing: f64, values: &[f64]) -> Vec<f64> {
        [missing].into_iter().chain(self.joints().map(|row| broken(program, row, values))).collect()
    }

    /// What a unit of each of these is worth at prices of the whole program's rows; of missing flow, where a choice is
    /// dearest.
    pub fn worth_of_short(&self, blocks: &Blocks, prices: &[f64]) -> impl Iterator<Item = f64> {
        let choices = blocks.rows.iter().map(|row| prices[*row as usize].abs());
        [choices.fold(0.0, f64::max)].into_iter().chain(self.joints().map(|row| prices[row.get()]))
    }

    /// Values on the way from some to others that break a row which joins parts: as far as these rows are kept.
    pub fn as_far(&self, program: &LinearProgram, from: &[f64], to: &[f64]) -> Option<Vec<f64>> {
        as_far(program, self.joints(), from, to)
    }

    /// The rows of the whole program that join parts.
    fn joints(&self) -> impl Iterator<Item = RowIx> {
        self.joining.iter().map(|row| RowIx(self.rows[row.get()]))
    }

    /// The prices of all planes, the parts' alone.
    pub fn into_prices(self) -> Vec<Prices> {
        let of_parts = self.planes.into_iter().map(|plane| plane.made_of);
        of_parts.filter(|made_of| made_of.rows.is_some()).collect()
    }

    /// Learns what the network costs at these values of all columns, and what its rows are worth there.
    /// `missing` is the cost of what it could not bring.
    pub fn learn_cost(&mut self, of: Whole, values: &[f64], missing: f64, prices: Vec<f64>) {
        if self.has_parts() {
            return self.learn_part_by_part(&prices, true);
        }
        let costs = of.0.costs().iter().zip(values).zip(&self.is_mine);
        let cost: f64 = costs.filter(|(_, mine)| !**mine).map(|((cost, value), _)| cost * value).sum();
        self.learn(of, values, cost + missing, prices, true);
    }

    /// Learns how much the network cannot bring at these values, and what its rows would be worth if only
    /// that counted.
    pub fn learn_limit(&mut self, of: Whole, values: &[f64], missing: f64, prices: Vec<f64>) {
        if self.has_parts() {
            return self.learn_part_by_part(&prices, false);
        }
        self.learn(of, values, missing, prices, false);
    }

    /// Adds a plane for each part of which prices prove more than the last decision keeps to.
    fn learn_part_by_part(&mut self, all: &[f64], counts_cost: bool) {
        let columns = self.program.columns();
        for part in &self.parts {
            let prices: Vec<f64> = part.rows.iter().map(|row| all[*row as usize]).collect();
            if prices.iter().all(|price| *price == 0.0) {
                continue;
            }
            let counts_cost = counts_cost && !part.costs_nothing();
            let Proven { prices, terms, least } = part.prove(prices, counts_cost, columns);
            let is_kept = !self.decided.is_empty() && {
                let there: f64 = terms.iter().map(|(at, value)| value * self.decided[at.get()]).sum();
                there >= least - NEW * least.abs().max(1.0)
            };
            if !is_kept {
                let made_of = Prices { rows: Some(Shared::clone(&part.rows)), each: prices, counts_cost };
                self.planes.push(Plane { terms, least, made_of, idle: 0 });
            }
        }
    }

    /// Adds the plane that has a height at these values; it lies below the network's cost, or below 0.
    fn learn(
        &mut self,
        (program, blocks): Whole,
        values: &[f64],
        height: f64,
        prices: Vec<f64>,
        counts_cost: bool,
    ) {
        let slope = |column: u32| -> f64 {
            let paid = |row: u32, value: f64| prices[row as usize] * value;
            match blocks.home[column as usize] {
                NONE => -blocks.entries(column).iter().map(|&(row, value)| paid(row, value)).sum::<f64>(),
                block => {
                    let row = blocks.rows[block as usize];
                    let mut in_row = program.row(RowIx(row)).filter(|(other, _)| other.0 == column);
                    let own = in_row.next().map_or(0.0, |(_, value)| paid(row, value));
                    -own - blocks.coupling(column).iter().map(|&(row, value)| paid(row, value)).sum::<f64>()
                }
            }
        };
        let terms: Vec<(ColumnIx, f64)> = (0u32..)
            .zip(&self.columns)
            .map(|(at, &column)| (ColumnIx(at), slope(column)))
            .filter(|(_, slope)| *slope != 0.0)
            .collect();
        let here = |at: &ColumnIx| self.columns[at.get()] as usize;
        let there: f64 = terms.iter().map(|(at, slope)| slope * values[here(at)]).sum();
        let network = ColumnIx(self.columns.len() as u32);
        let terms = terms
            .into_iter()
            .map(|(at, slope)| (at, -slope))
            .chain([(network, f64::from(u8::from(counts_cost)))]);
        let made_of = Prices { rows: None, each: prices, counts_cost };
        self.planes.push(Plane { terms: terms.collect(), least: height - there, made_of, idle: 0 });
    }

    /// From now on decides so far within the limits of each row that joins parts, if that can be: the planes are below what
    /// the network costs, so that decisions at a limit end a little beyond it.
    pub fn keep_within(&mut self, margins: Vec<f64>) {
        if let Some(own) = &mut self.margins {
            *own = margins;
        }
    }

    /// Itself, with planes; whether that is with margins.
    fn with_planes(&self) -> (LinearProgram, bool) {
        let mut program = self.program.clone();
        for plane in &self.planes {
            program.add_row(Bounds::at_least(plane.least), plane.terms.iter().copied());
        }
        let mut is_within = false;
        for (row, &margin) in self.joining.iter().zip(self.margins.iter().flatten()) {
            let Bounds { lower, upper } = program.row_bounds()[row.get()];
            if margin > 0.0 && upper - lower > 2.0 * margin {
                program.set_row_bounds(*row, Bounds::between(lower + margin, upper - margin));
                is_within = true;
            }
        }
        (program, is_within)
    }

    /// The best that the planes allow; `None` where there is no such thing. It starts from where it stood last, if so
    /// wanted and the solver can.
    pub fn decide(
        &mut self,
        of: Whole,
        solver: &mut dyn Solver,
        go_on: bool,
    ) -> Result<Option<Decided>, SolverError> {
        if self.planes.iter().any(|plane| plane.least > TOO_HIGH) {
            return Ok(None);
        }
        let (program, is_within) = self.with_planes();
        if let (true, Some(mut basis), Some(bases)) = (go_on, self.basis.take(), solver.bases()) {
            basis.rows.resize(program.rows(), BasisStatus::Basic);
            bases.set_basis(basis);
        }
        let outcome =
            if self.has_parts() { solve_exactly(&program, solver)? } else { solver.solve(&program)? };
        let Outcome::Optimal(RawSolution { columns, duals: Some(RawDuals { rows: duals, .. }), .. }) =
            outcome
        else {
            if is_within {
                self.margins = None;
                return self.decide(of, solver, false);
            }
            return Ok(None);
        };
        self.basis = solver.bases().and_then(|bases| bases.basis());
        let (of_rows, of_planes) = duals.split_at(self.rows.len());
        let mut prices = vec![0.0; of.0.rows()];
        for (plane, share) in self.planes.iter_mut().zip(of_planes) {
            if *share == 0.0 {
                plane.idle += 1;
            } else {
                plane.idle = 0;
                plane.made_of.add_to(&mut prices, *share);
            }
        }
        for (&row, &dual) in self.rows.iter().zip(of_rows) {
            prices[row as usize] = dual;
        }
        if self.has_parts() {
            lower_to_asked(of, &mut prices);
        }
        self.drop_idle();
        self.decided = columns;
        Ok(Some(Decided { prices }))
    }

    /// Drops planes that have been idle for long. They are basic, so that what is left of the basis is one.
    fn drop_idle(&mut self) {
        let Some(basis) = &mut self.basis else { return };
        let of_planes = basis.rows.split_off(self.rows.len());
        let kept = std::mem::take(&mut self.planes)
            .into_iter()
            .zip(of_planes)
            .filter(|(plane, status)| plane.idle <= IDLE || *status != BasisStatus::Basic);
        let statuses: Vec<BasisStatus>;
        (self.planes, statuses) = kept.unzip();
        basis.rows.extend(statuses);
    }

    /// Its columns that the network is given, with what was decided last.
    fn given(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let columns = self.columns.iter().zip(&self.is_given).zip(&self.decided);
        columns.filter(|((_, given), _)| **given).map(|((column, _), decided)| (*column as usize, *decided))
    }

    /// Whether its columns have the values that were decided.
    pub fn is_where_decided(&self, values: &[f64]) -> bool {
        self.given().all(|(column, decided)| values[column] == decided)
    }

    /// Moves its columns so far from where they are back to where they were at other values.
    pub fn move_back(&self, to: &[f64], share: f64, values: &mut [f64]) {
        for (column, _) in self.given() {
            values[column] += share * (to[column] - values[column]);
        }
    }

    /// Enters what was decided into the values of the whole program.
    pub fn enter(&self, values: &mut [f64]) {
        self.given().for_each(|(column, decided)| values[column] = decided);
    }
}
