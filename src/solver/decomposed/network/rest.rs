//! What of a program is no network: the other columns, and the rows that only they stand in.
//!
//! What the network costs is a convex function of these columns. Each time it is solved its prices give a
//! plane below that function, or, where it cannot bring all that is asked of it, a plane that says so. The
//! rest is solved with all planes so far in the network's place. Its optimum is a bound on the whole
//! program's. This is Benders' decomposition.

use super::super::blocks::{Blocks, NONE};
use super::structure::{Role, Structure};
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, RawDuals, RawSolution, RowIx, Sense};
use crate::solver::{Basis, BasisStatus, Solver, SolverError};

/// Planes as high as this are those of a program without a plan, whose columns run away turn by turn.
const TOO_HIGH: f64 = 1e12;
/// A plane that has carried no weight for so many turns is dropped.
const IDLE: usize = 30;

/// A whole program and its blocks.
pub type Whole<'a> = (&'a LinearProgram, &'a Blocks);

/// The rest of a program.
pub struct Rest {
    /// Without planes.
    program: LinearProgram,
    /// Its columns in the whole program; one more stands for the cost of the network.
    columns: Vec<u32>,
    is_mine: Vec<bool>,
    /// Its rows in the whole program; planes come after them.
    rows: Vec<u32>,
    planes: Vec<Plane>,
    /// Where it stood last; planes made since are not in it.
    basis: Option<Basis>,
}

/// A plane below what the network costs.
struct Plane {
    terms: Vec<(ColumnIx, f64)>,
    least: f64,
    /// The prices that it was made of.
    prices: Vec<f64>,
    /// For how many turns it has carried no weight.
    idle: usize,
}

/// Which columns are no part of the network and may move.
fn is_mine(program: &LinearProgram, structure: &Structure) -> Vec<bool> {
    let of_rest = program.column_bounds().iter().zip(&structure.is_arc);
    let mut is_mine: Vec<bool> = of_rest.map(|(bounds, is_arc)| !bounds.is_fixed() && !is_arc).collect();
    structure.given().for_each(|(column, _)| is_mine[column as usize] = false);
    is_mine
}

/// Whether a row is no part of the network and says something about the other columns.
fn belongs(program: &LinearProgram, structure: &Structure, is_mine: &[bool], row: usize) -> bool {
    structure.roles[row] == Role::Outside
        && program.row_bounds()[row] != Bounds::FREE
        && program.row(RowIx(row as u32)).any(|(column, _)| is_mine[column.get()])
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
        let is_mine = is_mine(program, structure);
        let mut rest = LinearProgram::new(Sense::Minimise);
        let mut place = vec![NONE; program.columns()];
        let mut columns = Vec::new();
        for column in (0..program.columns()).filter(|column| is_mine[*column]) {
            place[column] = rest.add_column(program.costs()[column], program.column_bounds()[column]).0;
            columns.push(column as u32);
        }
        rest.add_column(1.0, Bounds::FREE);
        let mut rows = Vec::new();
        for row in (0..program.rows()).filter(|row| belongs(program, structure, &is_mine, *row)) {
            let limits = program.row_bounds()[row];
            let (mut own, mut taken) = (Vec::new(), 0.0);
            for (column, value) in program.row(RowIx(row as u32)) {
                match place[column.get()] {
                    NONE => taken += value * values[column.get()],
                    at => own.push((ColumnIx(at), value)),
                }
            }
            rest.add_row(Bounds::between(limits.lower - taken, limits.upper - taken), own);
            rows.push(row as u32);
        }
        Self { program: rest, columns, is_mine, rows, planes: Vec::new(), basis: None }
    }

    /// How many rows it has without planes. Cheap.
    pub fn rows_of(program: &LinearProgram, structure: &Structure) -> usize {
        let is_mine = is_mine(program, structure);
        (0..program.rows()).filter(|row| belongs(program, structure, &is_mine, *row)).count()
    }

    /// Learns what the network costs at these values of all columns, and what its rows are worth there.
    /// `missing` is the cost of what it could not bring.
    pub fn learn_cost(&mut self, of: Whole, values: &[f64], missing: f64, prices: Vec<f64>) {
        let costs = of.0.costs().iter().zip(values).zip(&self.is_mine);
        let cost: f64 = costs.filter(|(_, mine)| !**mine).map(|((cost, value), _)| cost * value).sum();
        self.learn(of, values, cost + missing, prices, 1.0);
    }

    /// Learns how much the network cannot bring at these values, and what its rows would be worth if only
    /// that counted.
    pub fn learn_limit(&mut self, of: Whole, values: &[f64], missing: f64, prices: Vec<f64>) {
        self.learn(of, values, missing, prices, 0.0);
    }

    /// Adds the plane that has a height at these values; it lies below the network's cost, or below 0.
    fn learn(
        &mut self,
        (program, blocks): Whole,
        values: &[f64],
        height: f64,
        prices: Vec<f64>,
        of_cost: f64,
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
        let terms = terms.into_iter().map(|(at, slope)| (at, -slope)).chain([(network, of_cost)]);
        self.planes.push(Plane { terms: terms.collect(), least: height - there, prices, idle: 0 });
    }

    /// The best that the planes allow; `None` where there is no such thing. It starts from where it stood last, if so
    /// wanted and the solver can.
    pub fn decide(&mut self, solver: &mut dyn Solver, go_on: bool) -> Result<Option<Decided>, SolverError> {
        if self.planes.iter().any(|plane| plane.least > TOO_HIGH) {
            return Ok(None);
        }
        let mut program = self.program.clone();
        for plane in &self.planes {
            program.add_row(Bounds::at_least(plane.least), plane.terms.iter().copied());
        }
        if let (true, Some(mut basis), Some(bases)) = (go_on, self.basis.take(), solver.bases()) {
            basis.rows.resize(program.rows(), BasisStatus::Basic);
            bases.set_basis(basis);
        }
        let Outcome::Optimal(RawSolution { columns, duals: Some(RawDuals { rows: duals, .. }), .. }) =
            solver.solve(&program)?
        else {
            return Ok(None);
        };
        self.basis = solver.bases().and_then(|bases| bases.basis());
        let (of_rows, of_planes) = duals.split_at(self.rows.len());
        let mut prices = vec![0.0; self.planes[0].prices.len()];
        for (plane, share) in self.planes.iter_mut().zip(of_planes) {
            if *share == 0.0 {
                plane.idle += 1;
            } else {
                plane.idle = 0;
                prices.iter_mut().zip(&plane.prices).for_each(|(price, of_plane)| *price += share * of_plane);
            }
        }
        for (&row, &dual) in self.rows.iter().zip(of_rows) {
            prices[row as usize] = dual;
        }
        self.drop_idle();
        Ok(Some(Decided { prices, values: columns }))
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

    /// Whether its columns have the values that were decided.
    pub fn is_where_decided(&self, decided: &Decided, values: &[f64]) -> bool {
        self.columns.iter().zip(&decided.values).all(|(column, decided)| values[*column as usize] == *decided)
    }

    /// Moves its columns so far from where they are back to where they were at other values.
    pub fn move_back(&self, to: &[f64], share: f64, values: &mut [f64]) {
        for &column in &self.columns {
            let column = column as usize;
            values[column] += share * (to[column] - values[column]);
        }
    }

    /// Enters what was decided into the values of the whole program.
    pub fn enter(&self, decided: &Decided, values: &mut [f64]) {
        for (&column, &value) in self.columns.iter().zip(&decided.values) {
            values[column as usize] = value;
        }
    }
}
