//! The dual bound of a level, from its prices alone: valid whatever the prices are.

use super::face::Face;
use super::parameters::Parameters;
use super::prices::RowKey;
use super::program::{Program, Role};
use crate::domain::index::Grid;
use crate::domain::policy::Term;
use crate::domain::{CouncilIx, SpecialtyIx};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What a level counts and what its rows are worth.
#[derive(Debug, Clone)]
pub struct Prices {
    /// How much each term counts, prices of held terms taken off.
    pub terms: BTreeMap<Term, f64>,
    /// Price of each row of the program.
    pub rows: Vec<f64>,
    /// Price of each hold, in the order of the face's holds.
    pub holds: Vec<f64>,
    /// Price of each stock's capacity, by period and stock.
    capacity: Vec<Vec<f64>>,
}

impl Prices {
    /// Puts together a level's terms and prices.
    pub fn new(
        p: &Parameters,
        program: &Program,
        face: &Face,
        mut terms: BTreeMap<Term, f64>,
        rows: Vec<f64>,
        holds: Vec<f64>,
    ) -> Self {
        for (hold, price) in face.holds.iter().zip(&holds) {
            *terms.entry(hold.term).or_insert(0.0) -= price;
        }
        let capacity = |period| {
            let of = |stock| program.row(RowKey::BedCapacity(stock, period)).map_or(0.0, |row| rows[row]);
            (0..p.stocks.len()).map(of).collect()
        };
        let capacity = (0..p.periods()).map(capacity).collect();
        Self { terms, rows, holds, capacity }
    }
    /// How much a term counts.
    pub fn term(&self, term: Term) -> f64 {
        self.terms.get(&term).copied().unwrap_or(0.0)
    }
    /// What it costs to treat somebody along an arc: the journey, and the room taken.
    pub fn arc_cost(&self, p: &Parameters, period: usize, arc: usize) -> f64 {
        let arc = &p.arcs[arc];
        self.term(Term::Travel) * arc.weighted - self.capacity[period][arc.stock]
    }
    /// What it costs to leave need unmet at a point: itself, the journey to the nearest site, and its part
    /// in the group's share.
    pub fn unmet_cost(&self, p: &Parameters, program: &Program, period: usize, point: usize) -> f64 {
        let point = &p.points[point];
        let group = program.row(RowKey::GroupUnmet(point.group, period)).map_or(0.0, |row| self.rows[row]);
        let itself = self.term(Term::Unmet) * point.weight;
        itself + self.term(Term::Travel) * point.weighted_unmet - group
    }
}

/// What the prices of a level prove.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// No plan on the face has a lower objective, as the program holds it.
    pub bound: f64,
    /// Reduced cost of each column of the program.
    pub reduced: Vec<f64>,
    /// Price of need, by period and point: the least of what it costs to treat it or leave it unmet.
    pub duals: Vec<Vec<f64>>,
}

/// Works out the bound: every row's price times its active side, and for every column and demand point
/// the best it could do at these prices.
pub fn evaluate(p: &Parameters, program: &Program, face: &Face, prices: &Prices) -> Evaluation {
    let duals: Vec<Vec<f64>> =
        (0..p.periods()).map(|period| duals(p, program, face, prices, period)).collect();
    let eased = eased(p, &duals);
    let mut bound = 0.0;
    for (&(lower, upper), &price) in face.rows.iter().zip(&prices.rows) {
        bound += active(price, lower, upper);
    }
    for (hold, price) in face.holds.iter().zip(&prices.holds) {
        bound += price * hold.most;
    }
    for (period, duals) in duals.iter().enumerate() {
        bound += duals.iter().enumerate().map(|(at, dual)| p.need(period, at) * dual).sum::<f64>();
    }
    let mut reduced = Vec::with_capacity(program.columns.len());
    for (column, &(lower, upper)) in program.columns.iter().zip(&face.columns) {
        let mut cost: f64 = column.costs.iter().map(|&(term, value)| prices.term(term) * value).sum();
        cost -= column.entries.iter().map(|&(row, value)| prices.rows[row] * value).sum::<f64>();
        if let Role::Released(council, specialty, period) = column.role {
            cost -= eased[period][(council, specialty)];
        }
        bound += active(cost, lower, upper);
        reduced.push(cost);
    }
    Evaluation { bound, reduced, duals }
}

/// The least of `price × value` for values in an interval.
fn active(price: f64, lower: f64, upper: f64) -> f64 {
    if price > 0.0 {
        price * lower
    } else if price < 0.0 {
        price * upper
    } else {
        // Not zero times infinity, which is no number.
        0.0
    }
}

/// What one more occupied bed of need costs at each point.
fn duals(p: &Parameters, program: &Program, face: &Face, prices: &Prices, period: usize) -> Vec<f64> {
    p.points
        .par_iter()
        .enumerate()
        .map(|(at, point)| {
            let unmet = prices.unmet_cost(p, program, period, at);
            let closed = |arc: &usize| face.closed_arcs[period][*arc];
            let open = point.arcs.clone().filter(|arc| !closed(arc));
            let treated = open.map(|arc| prices.arc_cost(p, period, arc)).fold(f64::INFINITY, f64::min);
            let best = if face.no_unmet[period][at] { treated } else { treated.min(unmet) };
            // With every choice closed the need is all released, and any price will do.
            if best.is_finite() { best } else { unmet }
        })
        .collect()
}

/// Σ_a D δ m: what releasing a council's whole delay for a specialty saves.
fn eased(p: &Parameters, duals: &[Vec<f64>]) -> Vec<Grid<CouncilIx, SpecialtyIx, f64>> {
    let (councils, specialties) = (p.system.councils.len(), p.system.specialties.len());
    let mut eased = vec![Grid::filled(councils, specialties, 0.0); p.periods()];
    for (period, (duals, eased)) in duals.iter().zip(&mut eased).enumerate() {
        for (at, (point, dual)) in p.points.iter().zip(duals).enumerate() {
            // The column's coefficient in the demand balance is D·δ, so its reduced cost loses m·D·δ.
            eased[(point.council, point.specialty)] += p.need(period, at) * point.delayed_share * dual;
        }
    }
    eased
}
