//! The dual bound of a level, from its prices alone: valid whatever the prices are.

use super::face::Face;
use super::parameters::Parameters;
use super::prices::RowKey;
use super::program::{Program, Role};
use crate::domain::index::Grid;
use crate::domain::policy::Term;
use crate::domain::{CommissionerIx, CouncilIx, SpecialtyIx};
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
    /// What an occupied bed of need costs in room, by period and room.
    capacity: Vec<Vec<f64>>,
    /// Price of each point's share of need fit for step-down, by period and point.
    share: Vec<Vec<f64>>,
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
        let price = |key| program.row(key).map_or(0.0, |row| rows[row]);
        let capacity = |period| {
            let acute = (0..p.stocks.len()).map(|stock| price(RowKey::BedCapacity(stock, period)));
            // An occupied bed of acute need takes 1 ÷ substitution step-down beds.
            let community = p
                .community
                .iter()
                .map(|&site| price(RowKey::StepDownCapacity(site, period)) / p.substitution());
            acute.chain(community).collect()
        };
        let capacity = (0..p.periods()).map(capacity).collect();
        let share =
            |period| (0..p.points.len()).map(|point| price(RowKey::StepDownShare(point, period))).collect();
        let share = (0..p.periods()).map(share).collect();
        Self { terms, rows, holds, capacity, share }
    }
    /// How much a term counts.
    pub fn term(&self, term: Term) -> f64 {
        self.terms.get(&term).copied().unwrap_or(0.0)
    }
    /// What it costs to treat somebody of a point along an arc: the journey, the room taken, and in a
    /// community site the point's share of need fit for step-down.
    pub fn arc_cost(&self, p: &Parameters, period: usize, point: usize, arc: usize) -> f64 {
        let arc = &p.arcs[arc];
        let fit = if p.community_site(arc.stock).is_some() { self.share[period][point] } else { 0.0 };
        self.term(Term::Travel) * arc.weighted * p.likely(period) - self.capacity[period][arc.stock] - fit
    }
    /// What it costs to leave need unmet at a point: itself, the journey to the nearest site, and its part
    /// in the group's share.
    pub fn unmet_cost(&self, p: &Parameters, program: &Program, period: usize, point: usize) -> f64 {
        let point = &p.points[point];
        let group = program.row(RowKey::GroupUnmet(point.group, period)).map_or(0.0, |row| self.rows[row]);
        let travel = self.term(Term::Travel) * point.weighted_unmet;
        let mut itself = self.term(Term::Unmet) * point.weight;
        let mut scenario = 0.0;
        if let Some(tail) = p.system.worst_tail() {
            // The worst tail counts by the price of what its scenario leaves unmet.
            itself *= 1.0 - tail.weight.0;
            let first = (0..p.periods()).find(|&t| p.period(t).scenario == p.period(period).scenario);
            let row = first.and_then(|first| program.row(RowKey::ScenarioLoss(first)));
            scenario = row.map_or(0.0, |row| self.rows[row] * point.weight);
        }
        (itself + travel) * p.likely(period) - scenario - group
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
    let (eased, induced) = (eased(p, &duals), induced(p, &duals));
    let prevented = saved_by_prevention(p, &duals);
    let mut bound = 0.0;
    for (&(lower, upper), &price) in face.rows.iter().zip(&prices.rows) {
        bound += active(price, lower, upper);
    }
    for (hold, price) in face.holds.iter().zip(&prices.holds) {
        bound += price * hold.most;
    }
    for (period, duals) in duals.iter().enumerate() {
        bound += duals.iter().enumerate().map(|(at, dual)| p.balance(period, at) * dual).sum::<f64>();
    }
    let mut reduced = Vec::with_capacity(program.columns.len());
    for (column, &(lower, upper)) in program.columns.iter().zip(&face.columns) {
        let mut cost: f64 = column.costs.iter().map(|&(term, value)| prices.term(term) * value).sum();
        cost -= column.entries.iter().map(|&(row, value)| prices.rows[row] * value).sum::<f64>();
        if let Role::Released(council, specialty, period) = column.role {
            cost -= eased[period][(council, specialty)];
        }
        if let Role::Open(stock, period) = column.role {
            cost += induced[period][stock];
        }
        if let Role::RolledOut(programme, commissioner, period) = column.role {
            let specialties = p.system.specialties.indices();
            let saved =
                specialties.map(|s| p.preventable(programme, s) * prevented[period][(commissioner, s)]);
            cost -= saved.sum::<f64>();
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
            let treated = open.map(|arc| prices.arc_cost(p, period, at, arc)).fold(f64::INFINITY, f64::min);
            let best = if face.no_unmet[period][at] { treated } else { treated.min(unmet) };
            // With every choice closed the need is all released, and any price will do.
            if best.is_finite() { best } else { unmet }
        })
        .collect()
}

/// Σ m ε θ ω: what the need costs that a bed of each stock brings forth, by the period of the bed.
fn induced(p: &Parameters, duals: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut induced = vec![vec![0.0; p.stocks.len()]; p.periods()];
    for (period, duals) in duals.iter().enumerate() {
        let Some(by) = p.induced_by(period) else { continue };
        for (point, dual) in p.points.iter().zip(duals) {
            for &(stock, per_bed) in &point.induced {
                induced[by][stock] += per_bed * dual;
            }
        }
    }
    induced
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

/// Σ_a D m: what preventing a commissioner's whole need for a specialty saves.
fn saved_by_prevention(p: &Parameters, duals: &[Vec<f64>]) -> Vec<Grid<CommissionerIx, SpecialtyIx, f64>> {
    let (commissioners, specialties) = (p.system.commissioners.len(), p.system.specialties.len());
    let mut saved = vec![Grid::filled(commissioners, specialties, 0.0); p.periods()];
    for (period, (duals, saved)) in duals.iter().zip(&mut saved).enumerate() {
        for (at, (point, dual)) in p.points.iter().zip(duals).enumerate() {
            let commissioner = p.system.areas[point.area].commissioner;
            saved[(commissioner, point.specialty)] += p.need(period, at) * dual;
        }
    }
    saved
}
