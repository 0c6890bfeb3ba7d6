//! What earlier levels leave free: columns and rows that later levels may still move.

use super::bound::{Evaluation, Prices};
use super::files::Results;
use super::parameters::Parameters;
use super::prices::RowKey;
use super::program::{Program, Role};
use crate::domain::policy::Term;
use rayon::prelude::*;

/// Reduced costs and prices above this are no rounding: they fix a column, or a row at its active side.
const SETTLED: f64 = 1e-6;

/// The same where beds bring forth need. There true reduced costs come in every size, some of them just about where
/// the solver's run drew the line: this lies a little below its line, so that whatever was fixed there is fixed here.
const SETTLED_INDUCED: f64 = 1.5e-7;

/// Flows and unmet need smaller than this are the solver's rounding of what is not there: no use of a way.
const NOISE: f64 = 1e-4;

/// An unmet share up to this size is none.
const NOBODY_SHORT: f64 = 1e-9;

/// An earlier term that later levels must keep within its tolerance.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    /// Which.
    pub term: Term,
    /// Most it may be, as the program holds it.
    pub most: f64,
}

/// How a round of the leximin settles groups.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// The solver had shares in so many units to one.
    pub in_one: f64,
    /// How far every group may rise above the round's worst share.
    pub tolerance: f64,
}

/// Intervals of rows and columns after the levels settled so far.
#[derive(Debug, Clone)]
pub struct Face {
    /// Of the program's columns.
    pub columns: Vec<(f64, f64)>,
    /// Of the program's rows.
    pub rows: Vec<(f64, f64)>,
    /// Arcs that carry nobody, by period and arc.
    pub closed_arcs: Vec<Vec<bool>>,
    /// Points with nothing unmet, by period and point.
    pub no_unmet: Vec<Vec<bool>>,
    /// Terms held by a row.
    pub holds: Vec<Hold>,
    /// Arcs, then points with unmet need, that the plan uses, by period: they stay open, so that the plan lies in
    /// what is proven.
    used: Vec<(Vec<bool>, Vec<bool>)>,
    /// Reduced costs and prices above this fix.
    pub settled: f64,
}

impl Face {
    /// Everything free: before the first level.
    pub fn new(p: &Parameters, program: &Program, results: &Results) -> Self {
        let mut used = vec![(vec![false; p.arcs.len()], vec![false; p.points.len()]); p.periods()];
        let induced = p.system.policy.induced.is_on();
        for flow in results.flows.iter().filter(|flow| induced && flow.beds > NOISE) {
            if let Some(arc) = p.arc(flow.point, flow.stock) {
                used[flow.period].0[arc] = true;
            }
        }
        for (&(period, point), _) in results.unmet.iter().filter(|(_, row)| induced && row.unmet > NOISE) {
            used[period].1[point] = true;
        }
        Self {
            used,
            settled: if induced { SETTLED_INDUCED } else { SETTLED },
            columns: program.columns.iter().map(|column| column.bounds).collect(),
            rows: program.rows.iter().map(|row| row.bounds).collect(),
            closed_arcs: vec![vec![false; p.arcs.len()]; p.periods()],
            no_unmet: vec![vec![false; p.points.len()]; p.periods()],
            holds: Vec::new(),
        }
    }

    /// Keeps later levels on the optimal face of a level: a column with a reduced cost stays at the bound
    /// its sign points to, a row with a price stays at its active side (complementary slackness).
    pub fn settle(&mut self, p: &Parameters, program: &Program, prices: &Prices, found: &Evaluation) {
        for ((bounds, column), &reduced) in self.columns.iter_mut().zip(&program.columns).zip(&found.reduced)
        {
            if column.role == Role::Worst {
                continue;
            }
            // Shares were solved in small units, so that a whole one weighs as many times more.
            let settled = match column.role {
                Role::GroupShare(..) => self.settled * p.shares_in_one(),
                _ => self.settled,
            };
            if reduced > settled {
                bounds.1 = bounds.0;
            } else if reduced < -settled {
                bounds.0 = bounds.1;
            }
        }
        for ((bounds, row), &price) in self.rows.iter_mut().zip(&program.rows).zip(&prices.rows) {
            if matches!(row.key, RowKey::UnmetCeiling(..)) {
                continue;
            }
            if price > self.settled {
                bounds.1 = bounds.0;
            } else if price < -self.settled {
                bounds.0 = bounds.1;
            }
        }
        for period in 0..p.periods() {
            self.close_arcs(p, period, prices, found);
            for (at, closed) in self.no_unmet[period].iter_mut().enumerate() {
                let reduced = prices.unmet_cost(p, program, period, at) - found.duals[period][at];
                *closed |= reduced > self.settled && !self.used[period].1[at];
            }
        }
    }

    fn close_arcs(&mut self, p: &Parameters, period: usize, prices: &Prices, found: &Evaluation) {
        let (duals, settled, used) = (&found.duals[period], self.settled, &self.used[period].0);
        let closed: Vec<bool> = p
            .points
            .par_iter()
            .enumerate()
            .flat_map_iter(|(at, point)| {
                let beyond = move |arc| prices.arc_cost(p, period, at, arc) - duals[at] > settled;
                point.arcs.clone().map(move |arc| beyond(arc) && !used[arc])
            })
            .collect();
        for (earlier, now) in self.closed_arcs[period].iter_mut().zip(closed) {
            *earlier |= now;
        }
    }

    /// Holds a term from now on.
    pub fn hold(&mut self, hold: Hold) {
        self.holds.retain(|earlier| earlier.term != hold.term);
        self.holds.push(hold);
    }

    /// Settles a round of the leximin: groups whose ceiling has a price keep the round's worst share and
    /// lose their ceiling, and so do all once nobody is short; the others may rise no higher than it. With a tolerance
    /// all may rise above it by that much, and none is held at it.
    pub fn settle_round(
        &mut self,
        program: &Program,
        prices: &Prices,
        round: Round,
        worst_share: impl Fn(usize) -> Option<f64>,
    ) -> Vec<(usize, usize)> {
        let mut settled = Vec::new();
        for (bounds, column) in self.columns.iter_mut().zip(&program.columns) {
            let Role::GroupShare(group, period) = column.role else { continue };
            let Some(ceiling) = program.row(RowKey::UnmetCeiling(group, period)) else { continue };
            let Some(worst) = worst_share(period) else { continue };
            if self.rows[ceiling].1.is_infinite() {
                continue;
            }
            if worst <= NOBODY_SHORT || prices.rows[ceiling] < -self.settled * round.in_one {
                let least = if round.tolerance > 0.0 { 0.0 } else { worst };
                *bounds = (least, worst + round.tolerance);
                self.rows[ceiling] = (f64::NEG_INFINITY, f64::INFINITY);
                settled.push((group, period));
            } else {
                *bounds = (0.0, bounds.1.min(worst + round.tolerance));
            }
        }
        settled
    }
}
