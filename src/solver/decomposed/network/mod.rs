//! A start from the network inside a program.
//!
//! Most of a large program is a network: patients flow from beds to demand, beds from the pool to sites. A
//! network alone is solved a hundred times faster than by general simplex. What is no network (councils'
//! money) is a small program of its own at the network's prices; the network is solved once more with its
//! answer. Together they give values, prices and a basis that are nearly right. Nothing rests on them: they
//! are where other solvers start.

mod simplex;
mod structure;

use super::blocks::{Blocks, NONE};
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, RowIx, Sense};
use crate::solver::{Basis, BasisStatus, Solver, SolverError};
use simplex::Flow;
use std::sync::atomic::Ordering;
use structure::{Means, Structure};

/// Where to start.
pub struct Start {
    /// A value for each column.
    pub values: Vec<f64>,
    /// A price for each row that couples choices.
    pub prices: Vec<f64>,
    /// A basis.
    pub basis: Basis,
}

/// Finds a start; `None` where the search was stopped or found no end.
pub fn start(
    program: &LinearProgram,
    blocks: &Blocks,
    solver: &mut dyn Solver,
) -> Result<Option<Start>, SolverError> {
    let columns = shared_entries(program, blocks);
    let mut values: Vec<f64> =
        program.column_bounds().iter().map(|bounds| 0.0_f64.clamp(bounds.lower, bounds.upper)).collect();
    let mut rest: Option<Rest> = None;
    loop {
        let structure = Structure::of(program, blocks, &columns, &values);
        let interrupt = solver.options().interrupt.clone();
        let stop = || interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        let Some(flow) = structure.network.solve(stop) else { return Ok(None) };
        read_values(program, &structure, &flow, &mut values);
        let prices = prices(&structure, &flow);
        if let Some(rest) = &rest {
            let basis = basis(program, &structure, &flow, rest, &values);
            let act = program.activities(&values);
            let mut sums: std::collections::BTreeMap<&str, (usize, f64, usize)> = std::collections::BTreeMap::new();
            for r in 0..program.rows() {
                let b = program.row_bounds()[r];
                let by = (b.lower - act[r]).max(act[r] - b.upper).max(0.0);
                let k = if blocks.block_of_row[r] != NONE { "choice" } else if structure.scale_of_row[r] != 0.0 { "coupling" } else if structure.node_of_row[r] != NONE { "above" } else if structure.given.iter().any(|g| g.1 == r as u32) { "given" } else if rest.rows.contains(&(r as u32)) { "rest" } else { "other" };
                let e = sums.entry(k).or_default(); e.2 += 1; if by > 1e-7 { e.0 += 1; e.1 += by; }
            }
            let neg = program.column_bounds().iter().zip(&values).filter(|(b, v)| **v < b.lower - 1e-7 || **v > b.upper + 1e-7).count();
            let art = flow.unjoined.iter().filter(|u| **u).count();
            eprintln!("   broken {sums:?}; columns {neg}; unjoined {art}; rest {} rows {} cols {:?}", rest.rows.len(), rest.columns.len(), rest.basis.is_some());
            return Ok(Some(Start { values, prices, basis }));
        }
        let found = rest.insert(Rest::of(program, blocks, &structure, &prices, &values));
        found.solve(solver, &mut values)?;
    }
}

/// The entries of the columns that belong to no choice alone.
fn shared_entries(program: &LinearProgram, blocks: &Blocks) -> Vec<Vec<(u32, f64)>> {
    let mut entries = vec![Vec::new(); program.columns()];
    for row in 0..program.rows() as u32 {
        for (column, value) in program.row(RowIx(row)) {
            if blocks.home[column.get()] == NONE {
                entries[column.get()].push((row, value));
            }
        }
    }
    entries
}

fn read_values(program: &LinearProgram, structure: &Structure, flow: &Flow, values: &mut [f64]) {
    for (means, flow) in structure.arcs.iter().zip(&flow.flows) {
        if let Means::Column(column, rate) = *means {
            let bounds = program.column_bounds()[column as usize];
            values[column as usize] = (bounds.lower.max(0.0) + rate * flow).min(bounds.upper);
        }
    }
    for &(column, row) in &structure.given {
        let mut own = 1.0;
        let mut left = program.row_bounds()[row as usize].lower;
        for (other, value) in program.row(RowIx(row)) {
            if other.0 == column {
                own = value;
            } else {
                left -= value * values[other.get()];
            }
        }
        values[column as usize] = left / own;
    }
}

/// Prices of the rows of nodes: what a unit of flow is worth there.
fn prices(structure: &Structure, flow: &Flow) -> Vec<f64> {
    let rows = structure.node_of_row.iter().zip(&structure.scale_of_row);
    rows.map(|(&node, &scale)| match node {
        NONE => 0.0,
        node if scale == 0.0 => flow.potentials[node as usize],
        node => -flow.potentials[node as usize] / scale,
    })
    .collect()
}

/// What is no network: the other columns, and the rows that only they and arcs stand in.
struct Rest {
    program: LinearProgram,
    columns: Vec<u32>,
    rows: Vec<u32>,
    basis: Option<Basis>,
}

impl Rest {
    fn of(
        program: &LinearProgram,
        blocks: &Blocks,
        structure: &Structure,
        prices: &[f64],
        values: &[f64],
    ) -> Self {
        let mut mine = vec![true; program.columns()];
        structure.given.iter().for_each(|(column, _)| mine[*column as usize] = false);
        let mut node = vec![false; program.rows()];
        structure.given.iter().for_each(|(_, row)| node[*row as usize] = true);
        for (row, at) in structure.node_of_row.iter().enumerate() {
            node[row] |= *at != NONE;
        }
        let mut rest = LinearProgram::new(Sense::Minimise);
        let mut place = vec![NONE; program.columns()];
        let mut columns = Vec::new();
        for column in 0..program.columns() {
            let bounds = program.column_bounds()[column];
            if structure.is_arc[column] || !mine[column] || bounds.is_fixed() {
                continue;
            }
            place[column] = rest.add_column(program.costs()[column], bounds).0;
            columns.push(column as u32);
        }
        // What the network pays for a column: the prices of the nodes that it stands in.
        for (row, &price) in prices.iter().enumerate().filter(|(row, _)| choice_or_coupling(blocks, structure, *row)) {
            for (column, value) in program.row(RowIx(row as u32)) {
                let at = place[column.get()];
                if at != NONE {
                    let cost = rest.costs()[at as usize] - price * value;
                    rest.set_cost(ColumnIx(at), cost);
                }
            }
        }
        let mut rows = Vec::new();
        for row in (0..program.rows()).filter(|row| !node[*row]) {
            let limits = program.row_bounds()[row];
            if limits == Bounds::FREE {
                continue;
            }
            let mut taken = 0.0;
            let mut terms = Vec::new();
            for (column, value) in program.row(RowIx(row as u32)) {
                match place[column.get()] {
                    NONE => taken += value * values[column.get()],
                    at => terms.push((ColumnIx(at), value)),
                }
            }
            if !terms.is_empty() {
                rest.add_row(Bounds::between(limits.lower - taken, limits.upper - taken), terms);
                rows.push(row as u32);
            }
        }
        Self { program: rest, columns, rows, basis: None }
    }

    fn solve(&mut self, solver: &mut dyn Solver, values: &mut [f64]) -> Result<(), SolverError> {
        let outcome = solver.solve(&self.program)?;
        if !matches!(outcome, Outcome::Optimal(_)) { eprintln!("rest: {outcome:?}"); }
        if let Outcome::Optimal(solution) = outcome {
            for (&column, &value) in self.columns.iter().zip(&solution.columns) {
                values[column as usize] = value;
            }
            self.basis = solver.bases().and_then(|bases| bases.basis());
        }
        Ok(())
    }
}

fn choice_or_coupling(blocks: &Blocks, structure: &Structure, row: usize) -> bool {
    blocks.block_of_row[row] != NONE || structure.scale_of_row[row] != 0.0
}

/// The tree's arcs, the columns that balancing rows give, and the basis of the rest; rows that nothing else
/// stands for are basic themselves.
fn basis(
    program: &LinearProgram,
    structure: &Structure,
    flow: &Flow,
    rest: &Rest,
    values: &[f64],
) -> Basis {
    let at_bound = |bounds: Bounds, value: f64| {
        if bounds.upper.is_finite() && (bounds.upper - value).abs() < (value - bounds.lower).abs() {
            BasisStatus::AtUpper
        } else if bounds.lower.is_finite() {
            BasisStatus::AtLower
        } else {
            BasisStatus::FreeAtZero
        }
    };
    let mut columns: Vec<BasisStatus> =
        program.column_bounds().iter().zip(values).map(|(&bounds, &value)| at_bound(bounds, value)).collect();
    let activities = program.activities(values);
    let mut rows: Vec<BasisStatus> = program
        .row_bounds()
        .iter()
        .zip(&activities)
        .zip(&structure.node_of_row)
        .map(|((&bounds, &value), &node)| match node {
            NONE => BasisStatus::Basic,
            node if flow.unjoined[node as usize] => BasisStatus::Basic,
            _ => at_bound(bounds, value),
        })
        .collect();
    for (means, _) in structure.arcs.iter().zip(&flow.basic).filter(|(_, basic)| **basic) {
        match *means {
            Means::Column(column, _) => columns[column as usize] = BasisStatus::Basic,
            Means::Slack(row) => rows[row as usize] = BasisStatus::Basic,
        }
    }
    for &(column, row) in &structure.given {
        columns[column as usize] = BasisStatus::Basic;
        rows[row as usize] = BasisStatus::AtLower;
    }
    if let Some(basis) = &rest.basis {
        for (&column, &status) in rest.columns.iter().zip(&basis.columns) {
            columns[column as usize] = status;
        }
        for (&row, &status) in rest.rows.iter().zip(&basis.rows) {
            rows[row as usize] = status;
        }
    }
    Basis { columns, rows }
}
