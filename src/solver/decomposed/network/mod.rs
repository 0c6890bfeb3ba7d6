//! The network inside a program.
//!
//! Most of a large program is a network: patients flow from beds to demand, beds from the pool to sites. A
//! network alone is solved a hundred times faster than by general simplex. What is no network (councils'
//! money, say) is a small program of its own at the network's prices, and what that decides is in turn given
//! to the network, until both agree. Where they do, their prices prove the answer to the whole program. Where
//! they do not, values and prices remain that are nearly right: where rounds of restricted programs start.

mod above;
mod anchor;
mod demands;
mod joints;
mod merged;
mod parts;
mod prices;
mod progress;
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
use anchor::Anchor;
use merged::AreAlike;
use prices::network_prices;
use progress::Progress;
pub use rest::Prices;
use rest::Rest;
use simplex::Flow;
pub use stands::Stands;
use structure::{Apart, Means, Structure, held_row};

/// Short steps end half-way to what was decided.
const HALF_WAY: f64 = 0.5;
/// Where more than this share of the rows is no network, turns lead nowhere.
const MOST_REST: f64 = 0.25;
/// Nor where more columns of choices than these are none.
const MOST_CHOICES: usize = 1_000;

/// What the turns found.
pub struct Found {
    /// Whether a network was solved at all; what was not tried has not been found to be without a plan.
    pub tried: bool,
    /// Values that keep every row and limit, the best found; `None` where there are none.
    pub values: Option<Vec<f64>>,
    /// A price for each row.
    pub prices: Vec<f64>,
    /// Whether the prices prove that no feasible values have a smaller objective.
    pub proven: bool,
    /// Where the arcs stood last.
    pub stands: Option<Stands>,
    /// Prices of parts of the network that tell what they cost.
    pub known: Vec<Prices>,
    /// Why the turns ended early, if they did.
    pub stopped: Option<Limit>,
    /// The first values that keep every row and limit: where they come from an earlier aim that may be missed by a little,
    /// they have room to all sides.
    first: Option<Vec<f64>>,
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
    /// Prices of parts of the network in programs with the same rows.
    pub known: &'a [Prices],
    /// Says when to stop.
    pub stop: &'a StopSign<'a>,
}

/// Solves a program as a network and the rest in turns, as far as that goes: from a value for each column,
/// feasible or not, and where the arcs stood before.
pub fn take_turns(
    task: &Task,
    solver: &mut dyn Solver,
    values: &[f64],
    stands: Option<Stands>,
) -> Result<Found, SolverError> {
    let &Task { program, blocks, stop, .. } = task;
    let mut values = values.to_vec();
    let mut found = Found::nothing(program, stands);
    let mut progress = Progress::none();
    let mut anchor = Anchor::nowhere();
    let of = (program, blocks);
    let mut apart = Apart::Yes(held_row(program, blocks));
    let mut rest: Option<Rest> = None;
    loop {
        progress.begin();
        let mut structure = found.structure(task, &values, apart);
        let mut parts = None;
        if rest.is_none() {
            parts = Rest::parts(of, &structure);
            if parts.is_none() && structure.is_apart() {
                // Then all that can be is to be part of it.
                apart = Apart::No;
                structure = found.structure(task, &values, apart);
            }
            let is_too_large = parts.is_none() && Rest::is_too_large(program, &structure, MOST_REST);
            if is_too_large || Rest::has_choices(of, &structure, MOST_CHOICES) {
                break;
            }
        }
        let Some(flow) = found.solve_network(program, &structure, stop) else { break };
        read_values(program, &structure, &flow, &mut values);
        let rest = rest.get_or_insert_with(|| {
            let mut rest = Rest::of(of, &structure, parts.as_ref(), &values);
            rest.learn_again(task.known, program.rows());
            rest
        });
        let missing = flow.missing.amount;
        let completed = if missing == 0.0 { rest.completed(solver, &values)? } else { None };
        let whole = completed.as_deref().unwrap_or(&values);
        found.keep_better(program, whole, &mut progress);
        if missing == 0.0 {
            found.keep_what_is_allowed(program, rest, whole, &mut progress);
        }
        let is_new = learn(rest, task, &structure, &flow, &values);
        progress.has_parts = rest.has_parts();
        let Some(decided) = rest.decide(of, solver, progress.goes_on())? else { break };
        if rest.has_parts() {
            anchor.price(rest.worth_of_short(blocks, &decided.prices));
            anchor.offer(rest.short(program, missing, whole), program.objective(whole), whole);
            rest.keep_within(anchor.margins());
        }
        if progress.end(dual_bound(program, &decided.prices)) {
            found.prices = decided.prices;
        }
        // The network would be asked the same once more.
        let is_over = rest.is_where_decided(&values);
        rest.enter(&mut values);
        found.proven = progress.is_proven(task.beside, is_over);
        if found.proven || is_over || !progress.leads_on(task.is_large) {
            break;
        }
        let from = if rest.has_parts() { anchor.values() } else { found.values.as_deref() };
        if progress.steps_short(is_new)
            && let Some(from) = from
        {
            rest.move_back(from, HALF_WAY, &mut values);
        }
    }
    found.known = rest.map_or_else(Vec::new, Rest::into_prices);
    Ok(found)
}

impl Found {
    fn nothing(program: &LinearProgram, stands: Option<Stands>) -> Self {
        let prices = vec![0.0; program.rows()];
        Self {
            tried: false,
            values: None,
            prices,
            proven: false,
            stands,
            known: Vec::new(),
            stopped: None,
            first: None,
        }
    }

    /// The network with the rest at these values.
    fn structure(&self, task: &Task, values: &[f64], apart: Apart) -> Structure {
        let mut structure = Structure::of(task.program, task.blocks, values, apart);
        if let Some(stands) = &self.stands {
            stands.join(&mut structure);
        }
        structure
    }

    /// Solves the network from where it stood; `None` when it was stopped or found no end.
    fn solve_network(
        &mut self,
        program: &LinearProgram,
        structure: &Structure,
        stop: &StopSign,
    ) -> Option<Flow> {
        let from = self.stands.as_ref().map(|stands| stands.of(structure));
        let mut known = self.stands.as_mut().map_or(AreAlike::Nothing, Stands::take_known);
        let flow = structure.network.solve(from, &mut known, &|| stop.shown().is_some());
        match &flow {
            Some(flow) => {
                self.tried = true;
                self.stands = Some(Stands::read(program, structure, flow, known));
            }
            None => self.stopped = stop.shown(),
        }
        flow
    }

    /// Keeps values on the way from the first to these, where these break rows that join parts, if they are better than the
    /// best so far.
    fn keep_what_is_allowed(
        &mut self,
        program: &LinearProgram,
        rest: &Rest,
        values: &[f64],
        progress: &mut Progress,
    ) {
        let allowed = self.first.as_ref().and_then(|first| rest.as_far(program, first, values));
        if let Some(allowed) = allowed {
            self.keep_better(program, &allowed, progress);
        }
    }

    /// Keeps values that are better than the best so far.
    fn keep_better(&mut self, program: &LinearProgram, values: &[f64], progress: &mut Progress) {
        let value = program.objective(values);
        if progress.is_better(value) && is_feasible(program, values) {
            progress.improve(value);
            self.first.get_or_insert_with(|| values.to_vec());
            self.values = Some(values.to_vec());
        }
    }
}

/// Tells the rest what the network costs, and what it cannot bring. Whether that says anything new.
fn learn(rest: &mut Rest, task: &Task, structure: &Structure, flow: &Flow, values: &[f64]) -> bool {
    let before = rest.planes();
    let of = (task.program, task.blocks);
    let at = |costs: &[f64], worth| network_prices(costs, task.blocks, structure, worth);
    let missing = &flow.missing;
    let of_cost = at(structure.costs(task.program), &flow.worth);
    rest.learn_cost(of, values, missing.cost * missing.amount, of_cost);
    if missing.amount > 0.0 {
        let nothing = vec![0.0; task.program.columns()];
        let of_missing = at(&nothing, &missing.worth);
        rest.learn_limit(of, values, missing.amount, of_missing);
    }
    rest.planes() > before
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
