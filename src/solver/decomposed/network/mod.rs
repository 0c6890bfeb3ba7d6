//! The network inside a program.
//!
//! Most of a large program is a network: patients flow from beds to demand, beds from the pool to sites. A
//! network alone is solved a hundred times faster than by general simplex. What is no network (councils'
//! money, say) is a small program of its own at the network's prices, and what that decides is in turn given
//! to the network, until both agree. Where they do, their prices prove the answer to the whole program. Where
//! they do not, values and prices remain that are nearly right: where rounds of restricted programs start.

mod above;
mod demands;
mod merged;
mod prices;
mod rest;
mod sided;
mod simplex;
mod smaller;
mod stands;
mod structure;
mod supplies;
mod tree;

use super::blocks::Blocks;
use super::is_feasible;
use crate::lp::{Limit, LinearProgram, RowIx, dual_bound};
use crate::solver::{Solver, SolverError, StopSign};
use merged::AreAlike;
use prices::network_prices;
use rest::Rest;
use simplex::Flow;
pub use stands::Stands;
use structure::{Means, Structure};

/// How often the network is solved at what the rest decides, before it counts how far that has led.
const TURNS: usize = 40;
/// What is left to prove must shrink to this part of it in so many turns, else they end.
const SHRINKS: f64 = 0.9;
/// Most programs are done after fewer turns. From there on steps are short, and the rest goes on from where it stood.
const QUICK: usize = 15;
/// Short steps end half-way to what was decided; one in so many is a whole one.
const HALF_WAY: f64 = 0.5;
const WHOLE_STEP: usize = 4;
/// A value is proven when no more than this part of it is left to prove.
const PROVEN: f64 = 1e-9;
/// Where nothing moves any more, what is left is the rounding of the solver of the rest: no more than that solver's own
/// tolerance.
const PROVEN_AT_REST: f64 = 1e-7;
/// Nothing moves any more where neither value nor bound has for so many turns.
const STILL: u32 = 6;
/// What moves by less than this part does not move.
const SAME: f64 = 1e-12;

/// Where more than this share of the rows is no network, turns lead nowhere.
const MOST_REST: f64 = 0.25;

/// What the turns found.
pub struct Found {
    /// Values that keep every row and limit, the best found; `None` where there are none.
    pub values: Option<Vec<f64>>,
    /// A price for each row.
    pub prices: Vec<f64>,
    /// Whether the prices prove that no feasible values have a smaller objective.
    pub proven: bool,
    /// Where the arcs stood last.
    pub stands: Option<Stands>,
    /// Why the turns ended early, if they did.
    pub stopped: Option<Limit>,
}

/// A program to be solved.
pub struct Task<'a> {
    /// The program.
    pub program: &'a LinearProgram,
    /// Its blocks.
    pub blocks: &'a Blocks,
    /// What it costs beside its own columns; a proof is as close as all of it asks.
    pub beside: f64,
    /// Whether every other way would take long.
    pub is_large: bool,
}

/// Solves a program as a network and the rest in turns, as far as that goes: from a value for each column,
/// feasible or not, and where the arcs stood before.
pub fn take_turns(
    &Task { program, blocks, beside, is_large }: &Task,
    solver: &mut dyn Solver,
    values: &[f64],
    stands: Option<Stands>,
) -> Result<Found, SolverError> {
    let options = solver.options().clone();
    let stop = StopSign::new(&options);
    let nothing = vec![0.0; program.columns()];
    let mut values = values.to_vec();
    let prices = vec![0.0; program.rows()];
    let mut found = Found { values: None, prices, proven: false, stands, stopped: None };
    let mut best = f64::INFINITY;
    let mut rest: Option<Rest> = None;
    let mut unproven = f64::INFINITY;
    let (mut last, mut still) = ((best, f64::NEG_INFINITY), 0);
    for turn in 1.. {
        let mut structure = Structure::of(program, blocks, &values);
        if let Some(stands) = &found.stands {
            stands.join(&mut structure);
        }
        if rest.is_none() {
            let rows = Rest::rows_of(program, &structure);
            if rows as f64 > MOST_REST * program.rows() as f64 {
                break;
            }
        }
        let from = found.stands.as_ref().map(|stands| stands.of(&structure));
        let mut known = found.stands.as_mut().map_or(AreAlike::Nothing, Stands::take_known);
        let Some(flow) = structure.network.solve(from, &mut known, &|| stop.shown().is_some()) else {
            found.stopped = stop.shown();
            break;
        };
        found.stands = Some(Stands::read(program, &structure, &flow, known));
        read_values(program, &structure, &flow, &mut values);
        let value = program.objective(&values);
        if value < best && is_feasible(program, &values) {
            (best, found.values) = (value, Some(values.clone()));
        }
        let rest = rest.get_or_insert_with(|| Rest::of(program, &structure, &values));
        let at = |costs, worth| network_prices(costs, blocks, &structure, worth);
        let missing = &flow.missing;
        let of_cost = at(program.costs(), &flow.worth);
        rest.learn_cost((program, blocks), &values, missing.cost * missing.amount, of_cost);
        if missing.amount > 0.0 {
            let of_missing = at(&nothing, &missing.worth);
            rest.learn_limit((program, blocks), &values, missing.amount, of_missing);
        }
        let Some(decided) = rest.decide(solver, turn > QUICK)? else { break };
        let bound = dual_bound(program, &decided.prices);
        let is_same = |a: f64, b: f64| (a - b).abs() <= SAME * b.abs();
        still = if is_same(best, last.0) && is_same(bound, last.1) { still + 1 } else { 0 };
        last = (best, bound);
        // The network would be asked the same once more.
        let is_over = rest.is_where_decided(&decided, &values);
        // A bound above the value would be as wrong as one far below it.
        let within = |part: f64| (best - bound).abs() <= part * (best + beside).abs().max(1.0);
        let no_further = is_over || still >= STILL;
        found.proven = best.is_finite() && (within(PROVEN) || (no_further && within(PROVEN_AT_REST)));
        rest.enter(&decided, &mut values);
        found.prices = decided.prices;
        if found.proven || is_over {
            break;
        }
        if turn % TURNS == 0 {
            let left = best - bound;
            let leads_on = is_large && left.is_finite() && left < SHRINKS * unproven;
            if !leads_on {
                break;
            }
            unproven = left;
        }
        if turn > QUICK
            && turn % WHOLE_STEP != 0
            && let Some(best) = &found.values
        {
            rest.move_back(best, HALF_WAY, &mut values);
        }
    }
    Ok(found)
}

fn read_values(program: &LinearProgram, structure: &Structure, flow: &Flow, values: &mut [f64]) {
    for (means, flow) in structure.arcs.iter().zip(&flow.flows) {
        if let Means::Column(column, rate) = *means {
            let bounds = program.column_bounds()[column as usize];
            values[column as usize] = (bounds.lower.max(0.0) + rate * flow).min(bounds.upper);
        }
    }
    for (column, row) in structure.given() {
        values[column as usize] = given(program, column, row, |other| values[other]);
    }
}

/// The value that an equation gives a column, from those of its other columns.
fn given(program: &LinearProgram, column: u32, row: u32, value_of: impl Fn(usize) -> f64) -> f64 {
    let mut own = 1.0;
    let mut left = program.row_bounds()[row as usize].lower;
    for (other, value) in program.row(RowIx(row)) {
        if other.0 == column {
            own = value;
        } else {
            left -= value * value_of(other.get());
        }
    }
    left / own
}
