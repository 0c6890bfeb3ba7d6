//! The network inside a program.
//!
//! Most of a large program is a network: patients flow from beds to demand, beds from the pool to sites. A
//! network alone is solved a hundred times faster than by general simplex. What is no network (councils'
//! money, say) is a small program of its own at the network's prices, and what that decides is in turn given
//! to the network, until both agree. Where they do, their prices prove the answer to the whole program. Where
//! they do not, values and a basis remain that are nearly right: where other solvers start.

mod prices;
mod rest;
mod simplex;
mod structure;

use super::blocks::{Blocks, NONE};
use super::is_feasible;
use crate::lp::{LinearProgram, RowIx, dual_bound};
use crate::solver::{Solver, SolverError};
use prices::network_prices;
use rest::Rest;
use simplex::Flow;
use std::sync::atomic::Ordering;
use structure::{Means, Structure};

/// How often the network is solved at what the rest decides.
const TURNS: usize = 6;
/// A value is proven when no more than this part of it is left to prove.
const PROVEN: f64 = 1e-9;

/// What the network knows of a program's optimum.
pub struct Start {
    /// Values that keep every row and limit, the best found; `None` where there are none.
    pub values: Option<Vec<f64>>,
    /// A price for each row.
    pub prices: Vec<f64>,
    /// Whether the prices prove that no feasible values have a smaller objective.
    pub proven: bool,
}

/// Finds a start; `None` where the search was stopped or found no end.
pub fn start(
    program: &LinearProgram,
    blocks: &Blocks,
    solver: &mut dyn Solver,
) -> Result<Option<Start>, SolverError> {
    let interrupt = solver.options().interrupt.clone();
    let stop = || interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
    let columns = shared_entries(program, blocks);
    let mut values: Vec<f64> =
        program.column_bounds().iter().map(|bounds| 0.0_f64.clamp(bounds.lower, bounds.upper)).collect();
    let mut rest: Option<Rest> = None;
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut prices = vec![0.0; program.rows()];
    let nothing = vec![0.0; program.columns()];
    for turn in 0..TURNS {
        let t = std::time::Instant::now();
        let structure = Structure::of(program, blocks, &columns, &values);
        let t1 = t.elapsed().as_secs_f64();
        let Some(flow) = structure.network.solve(stop) else { break };
        let t2 = t.elapsed().as_secs_f64();
        read_values(program, &structure, &flow, &mut values);
        if is_feasible(program, &values) {
            let value = objective(program, &values);
            if best.as_ref().is_none_or(|(least, _)| value < *least) {
                best = Some((value, values.clone()));
            }
        }
        let rest = rest.get_or_insert_with(|| Rest::of(program, &structure, &values));
        let at = |costs, potentials| network_prices(costs, &columns, &structure, potentials);
        let missing = &flow.missing;
        let of_cost = at(program.costs(), &flow.potentials);
        rest.learn_cost(program, &values, missing.cost * missing.amount, of_cost);
        if missing.amount > 0.0 {
            let of_missing = at(&nothing, &missing.potentials);
            rest.learn_limit(program, &values, missing.amount, of_missing);
        }
        let Some(decided) = rest.decide(solver)? else { eprintln!("undecided"); break };
        let bound = dual_bound(program, &decided.prices);
        eprintln!("   turn {turn}: structure {t1:.2} network {:.2} all {:.2}; missing {} x {} feasible {} objective {} best {:?} bound {bound}", t2 - t1, t.elapsed().as_secs_f64(), flow.missing.amount, flow.missing.cost, is_feasible(program, &values), objective(program, &values), best.as_ref().map(|b| b.0));
        if std::env::var("WHY").is_ok() && !is_feasible(program, &values) {
            let act = program.activities(&values);
            for r in 0..program.rows() {
                let b = program.row_bounds()[r];
                let by = (b.lower - act[r]).max(act[r] - b.upper);
                if by > 1e-7 { let t: Vec<_> = program.row(RowIx(r as u32)).take(5).map(|(c, v)| (c.0, v, structure.is_arc[c.get()], values[c.get()], program.column_bounds()[c.get()])).collect(); eprintln!("      row {r} {:?} {b:?} broken by {by} {t:?}", structure.roles[r]); break; }
            }
            for c in 0..program.columns() {
                let b = program.column_bounds()[c];
                let by = (b.lower - values[c]).max(values[c] - b.upper);
                if by > 1e-7 { eprintln!("      column {c} arc {} {b:?} broken by {by}", structure.is_arc[c]); break; }
            }
        }
        rest.enter(&decided, &mut values);
        prices = decided.prices;
        if best.as_ref().is_some_and(|(value, _)| value - bound <= PROVEN * value.abs().max(1.0)) {
            return Ok(Some(Start { values: best.map(|(_, values)| values), prices, proven: true }));
        }
    }
    Ok(Some(Start { values: best.map(|(_, values)| values), prices, proven: false }))
}

fn objective(program: &LinearProgram, values: &[f64]) -> f64 {
    program.costs().iter().zip(values).map(|(cost, value)| cost * value).sum()
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
    for (column, row) in structure.given() {
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
