//! What of a program is no network: the other columns, and the rows that only they stand in.
//!
//! What the network costs is a convex function of these columns. Each time it is solved its prices give a
//! plane below that function, or, where it cannot bring all that is asked of it, a plane that says so. The
//! rest is solved with all planes so far in the network's place. Its optimum is a bound on the whole
//! program's. This is Benders' decomposition.

use super::super::blocks::NONE;
use super::structure::{Role, Structure};
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, RawDuals, RawSolution, RowIx, Sense};
use crate::solver::{Solver, SolverError};

/// The rest of a program.
pub struct Rest {
    program: LinearProgram,
    /// Its columns in the whole program; one more stands for the cost of the network.
    columns: Vec<u32>,
    is_mine: Vec<bool>,
    /// Its rows in the whole program; planes come after them.
    rows: Vec<u32>,
    /// The prices that each plane was made of.
    planes: Vec<Vec<f64>>,
}

/// The best that the planes allow.
pub struct Decided {
    /// A price for each row of the whole program.
    pub prices: Vec<f64>,
    values: Vec<f64>,
}

impl Rest {
    /// The rest of a program beside a network in which nothing has a price yet.
    pub fn of(program: &LinearProgram, structure: &Structure, values: &[f64]) -> Self {
        let mut is_mine: Vec<bool> =
            program.column_bounds().iter().map(|bounds| !bounds.is_fixed()).collect();
        is_mine.iter_mut().zip(&structure.is_arc).for_each(|(mine, arc)| *mine &= !arc);
        structure.given().for_each(|(column, _)| is_mine[column as usize] = false);
        let mut rest = LinearProgram::new(Sense::Minimise);
        let mut place = vec![NONE; program.columns()];
        let mut columns = Vec::new();
        for column in (0..program.columns()).filter(|column| is_mine[*column]) {
            place[column] = rest.add_column(program.costs()[column], program.column_bounds()[column]).0;
            columns.push(column as u32);
        }
        rest.add_column(1.0, Bounds::FREE);
        let mut rows = Vec::new();
        for row in (0..program.rows()).filter(|row| structure.roles[*row] == Role::Outside) {
            let limits = program.row_bounds()[row];
            let (mut own, mut taken) = (Vec::new(), 0.0);
            for (column, value) in program.row(RowIx(row as u32)) {
                match place[column.get()] {
                    NONE => taken += value * values[column.get()],
                    at => own.push((ColumnIx(at), value)),
                }
            }
            if limits != Bounds::FREE && !own.is_empty() {
                rest.add_row(Bounds::between(limits.lower - taken, limits.upper - taken), own);
                rows.push(row as u32);
            }
        }
        Self { program: rest, columns, is_mine, rows, planes: Vec::new() }
    }

    /// How many rows it has without planes.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Learns what the network costs at these values of all columns, and what its rows are worth there.
    /// `missing` is the cost of what it could not bring.
    pub fn learn_cost(&mut self, program: &LinearProgram, values: &[f64], missing: f64, prices: Vec<f64>) {
        let costs = program.costs().iter().zip(values).zip(&self.is_mine);
        let cost: f64 = costs.filter(|(_, mine)| !**mine).map(|((cost, value), _)| cost * value).sum();
        self.learn(program, values, cost + missing, prices, 1.0);
    }

    /// Learns how much the network cannot bring at these values, and what its rows would be worth if only
    /// that counted.
    pub fn learn_limit(&mut self, program: &LinearProgram, values: &[f64], missing: f64, prices: Vec<f64>) {
        self.learn(program, values, missing, prices, 0.0);
    }

    /// Adds the plane that has a height at these values; it lies below the network's cost, or below 0.
    fn learn(
        &mut self,
        program: &LinearProgram,
        values: &[f64],
        height: f64,
        prices: Vec<f64>,
        of_cost: f64,
    ) {
        let slopes = program.reduce(vec![0.0; program.columns()], &prices);
        let here = |at: &ColumnIx| self.columns[at.get()] as usize;
        let terms: Vec<(ColumnIx, f64)> = (0..self.columns.len() as u32)
            .map(|at| (ColumnIx(at), slopes[here(&ColumnIx(at))]))
            .filter(|(_, slope)| *slope != 0.0)
            .collect();
        let there: f64 = terms.iter().map(|(at, slope)| slope * values[here(at)]).sum();
        let network = ColumnIx(self.columns.len() as u32);
        let plane = terms.into_iter().map(|(at, slope)| (at, -slope)).chain([(network, of_cost)]);
        self.program.add_row(Bounds::at_least(height - there), plane);
        self.planes.push(prices);
    }

    /// The best that the planes allow; `None` where there is no such thing.
    pub fn decide(&self, solver: &mut dyn Solver) -> Result<Option<Decided>, SolverError> {
        let Outcome::Optimal(RawSolution { columns, duals: Some(RawDuals { rows: duals, .. }), .. }) =
            solver.solve(&self.program)?
        else {
            return Ok(None);
        };
        let mut prices = vec![0.0; self.planes[0].len()];
        for (plane, share) in self.planes.iter().zip(&duals[self.rows.len()..]).filter(|(_, s)| **s != 0.0) {
            prices.iter_mut().zip(plane).for_each(|(price, of_plane)| *price += share * of_plane);
        }
        for (&row, &dual) in self.rows.iter().zip(&duals) {
            prices[row as usize] = dual;
        }
        Ok(Some(Decided { prices, values: columns }))
    }

    /// Enters what was decided into the values of the whole program.
    pub fn enter(&self, decided: &Decided, values: &mut [f64]) {
        for (&column, &value) in self.columns.iter().zip(&decided.values) {
            values[column as usize] = value;
        }
    }
}
