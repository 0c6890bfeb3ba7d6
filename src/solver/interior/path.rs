//! Steps along the central path, on which every product of an end's room and price is alike, to where they are nothing.
//!
//! Each step solves the same equations several times: for the way straight to the best, for the way that takes account of
//! how the products change along it (Mehrotra 1992), and for ways that bring back products which would stray (Gondzio 1996).

use super::form::Form;
use super::normal::{Normal, Solved, largest};
use super::point::{Ends, Point, Residuals};
use crate::lp::Limit;
use crate::solver::StopSign;

/// Prices and the gap hold to this at the end.
const TOLERANCE: f64 = 1e-9;
/// The same where the method gets no further.
const WORST_TOLERANCE: f64 = 1e-8;
/// Rows that are off by no more than this are mended at the end.
const MENDABLE: f64 = 1e-5;
/// Rows hold to this when they are mended.
const MENDED: f64 = 1e-10;
/// Steps at most.
const MOST_STEPS: usize = 250;
/// After so many steps that bring nothing nearer it ends.
const PATIENCE: usize = 20;
/// Nearer is what is left of this part.
const NEARER: f64 = 0.9;
/// Bends of a step that bring back products which stray.
const BENDS: usize = 2;
/// Products stray where they leave this part of their aim, or its inverse.
const STRAYING: f64 = 0.1;
/// By how much longer a bent step is to be.
const WORTH_BENDING: f64 = 0.02;
/// Steps are tried for so much longer than they can be.
const LONGER: f64 = 0.3;
/// Steps end before the first end that they meet.
const SHORT_OF_ENDS: f64 = 0.995;
/// Steps longer than this are not bent.
const LONG: f64 = 0.95;
/// The least part of the mean product that a step aims for.
const LEAST_AIM: f64 = 1e-6;
/// Steps take from the rows all but this part of what is left of them.
const INEXACT: f64 = 1e-3;
/// Added to 1/Θ, so that columns without a bound have one.
const REGULARISATION: f64 = 1e-10;

/// How the path ended.
pub enum End {
    /// At the best.
    Best(Point),
    /// Nowhere: there may be no best point, or rounding hides it.
    Lost,
    /// Stopped on the way.
    Stopped(Limit),
}

/// A direction, for values, row prices and the prices of both ends.
struct Step {
    values: Vec<f64>,
    row_prices: Vec<f64>,
    prices: [Vec<f64>; 2],
}

/// How far one can go along it: for values, and for prices.
#[derive(Clone, Copy)]
struct Lengths {
    primal: f64,
    dual: f64,
}

/// Follows the path from the start to the best, until room and prices leave open no more than a part of the objective.
pub fn follow(form: &Form, normal: &Normal, open: f64, stop: &StopSign) -> End {
    let Some(mut point) = Point::start(form, normal) else { return End::Lost };
    let (mut nearest, mut since) = ([f64::INFINITY; 4], 0);
    for _ in 0..MOST_STEPS {
        if let Some(limit) = stop.shown() {
            return End::Stopped(limit);
        }
        let left = point.residuals(form);
        if left.unproven() <= TOLERANCE && left.open <= open && left.primal <= MENDABLE {
            point.mend(form, normal, &left);
            return End::Best(point);
        }
        since += 1;
        // What is near enough brings nothing nearer any more.
        let now = [
            left.primal.max(TOLERANCE),
            left.dual.max(TOLERANCE),
            left.gap.max(TOLERANCE),
            left.open.max(open),
        ];
        for (nearest, now) in nearest.iter_mut().zip(now) {
            if now < NEARER * *nearest {
                (*nearest, since) = (now, 0);
            }
        }
        if since > PATIENCE || !left.unproven().is_finite() {
            break;
        }
        let theta = point.theta(form);
        let Some(solved) = normal.factorise(&theta) else { break };
        let (step, lengths) = best_step(form, &solved, &point, &left);
        point.go(&step, lengths);
    }
    let left = point.residuals(form);
    if left.unproven() <= WORST_TOLERANCE && left.primal <= MENDABLE {
        point.mend(form, normal, &left);
        End::Best(point)
    } else {
        End::Lost
    }
}

/// The step from a point, and how far to go.
fn best_step(form: &Form, solved: &Solved, point: &Point, left: &Residuals) -> (Step, Lengths) {
    let direction = |aims: &[Vec<f64>; 2]| direction(solved, point, left, aims);
    let straight = aims(point, |room, price, _, _| -room * price, None);
    let affine = direction(&straight);
    let after = point.products_after(&affine, point.lengths(form, &affine));
    let part = (after / left.complementarity).powi(3).clamp(LEAST_AIM, 1.0);
    let target = part * left.complementarity;
    let curved = |room: f64, price: f64, by: f64, by_price: f64| target - room * price - by * by_price;
    let mut aims_now = aims(point, curved, Some(&affine));
    let mut step = direction(&aims_now);
    let mut lengths = point.lengths(form, &step);
    for _ in 0..BENDS {
        if lengths.primal > LONG && lengths.dual > LONG {
            break;
        }
        let tried =
            Lengths { primal: (lengths.primal + LONGER).min(1.0), dual: (lengths.dual + LONGER).min(1.0) };
        let stray = |room: f64, price: f64, by: f64, by_price: f64| {
            let product = (room + tried.primal * by) * (price + tried.dual * by_price);
            let within = product.clamp(STRAYING * target, target / STRAYING);
            (within - product).max(-target / STRAYING)
        };
        let mut bent = aims(point, stray, Some(&step));
        for (bent, now) in bent.iter_mut().zip(&aims_now) {
            bent.iter_mut().zip(now).for_each(|(bent, now)| *bent += now);
        }
        let next = direction(&bent);
        let reach = point.lengths(form, &next);
        if reach.primal + reach.dual < lengths.primal + lengths.dual + WORTH_BENDING {
            break;
        }
        (aims_now, step, lengths) = (bent, next, reach);
    }
    (step, lengths)
}

/// By how much the product of each end is to change, from its room, its price, and how a step changes these.
fn aims(point: &Point, of: impl Fn(f64, f64, f64, f64) -> f64, step: Option<&Step>) -> [Vec<f64>; 2] {
    [0, 1].map(|side| {
        let Ends { sign, rooms, prices } = &point.ends[side];
        let change = |column: usize| {
            step.map_or((0.0, 0.0), |step| (sign * step.values[column], step.prices[side][column]))
        };
        let pairs = rooms.iter().zip(prices).enumerate();
        pairs
            .map(|(column, (&room, &price))| {
                let (by, by_price) = change(column);
                if room.is_finite() { of(room, price, by, by_price) } else { 0.0 }
            })
            .collect()
    })
}

/// The way that mends rows and prices and brings the products to their aims.
fn direction(solved: &Solved, point: &Point, left: &Residuals, aims: &[Vec<f64>; 2]) -> Step {
    let mut slopes = left.columns.clone();
    for (end, aims) in point.ends.iter().zip(aims) {
        let pulls = aims.iter().zip(&end.rooms).map(|(aim, room)| end.sign * aim / room);
        slopes.iter_mut().zip(pulls).for_each(|(slope, pull)| *slope -= pull);
    }
    let enough = INEXACT * largest(&left.rows).max(TOLERANCE);
    let (row_prices, values) = solved.step(&left.rows, &slopes, enough);
    let prices = [0, 1].map(|side| {
        let end = &point.ends[side];
        let pairs = end.rooms.iter().zip(&end.prices);
        let changes = aims[side].iter().zip(&values).zip(pairs);
        changes.map(|((aim, by), (room, price))| (aim - end.sign * price * by) / room).collect()
    });
    Step { values, row_prices, prices }
}

impl Point {
    /// Θ: how easily each value moves.
    fn theta(&self, form: &Form) -> Vec<f64> {
        let [lower, upper] = &self.ends;
        let stiff = |end: &Ends, column: usize| end.prices[column] / end.rooms[column];
        (0..self.values.len())
            .map(|column| stiff(lower, column) + stiff(upper, column) + form.curvature[column])
            .map(|stiff| 1.0 / (stiff + REGULARISATION))
            .collect()
    }

    /// How far a step goes, and stays short of where it meets an end, or a price would change its sign.
    fn lengths(&self, form: &Form, step: &Step) -> Lengths {
        let (mut primal, mut dual) = (f64::INFINITY, f64::INFINITY);
        for (end, by_price) in self.ends.iter().zip(&step.prices) {
            for (room, value) in end.rooms.iter().zip(&step.values) {
                let by = end.sign * value;
                if by < 0.0 {
                    primal = primal.min(-room / by);
                }
            }
            for (price, by) in end.prices.iter().zip(by_price) {
                if *by < 0.0 {
                    dual = dual.min(-price / by);
                }
            }
        }
        if form.is_curved() {
            // The slopes follow the values: both go as far.
            (primal, dual) = (primal.min(dual), primal.min(dual));
        }
        let short = |length: f64| (SHORT_OF_ENDS * length).min(1.0);
        Lengths { primal: short(primal), dual: short(dual) }
    }

    /// Takes back what is left of the rows, by columns that are well off their bounds: prices there are nothing already.
    ///
    /// At the end Θ is so large for some columns and so small for others that steps no longer mend rows to the last digit.
    fn mend(&mut self, form: &Form, normal: &Normal, left: &Residuals) {
        let [lower, upper] = &self.ends;
        let rooms = lower.rooms.iter().zip(&upper.rooms);
        let theta: Vec<f64> = rooms.map(|(below, above)| below.min(*above).min(1.0).powi(2)).collect();
        let Some(solved) = normal.factorise(&theta) else { return };
        let (_, values) = solved.step(&left.rows, &vec![0.0; theta.len()], MENDED);
        let none = || [0, 1].map(|_| vec![0.0; theta.len()]);
        let step = Step { values, row_prices: vec![0.0; left.rows.len()], prices: none() };
        let primal = self.lengths(form, &step).primal;
        self.go(&step, Lengths { primal, dual: 0.0 });
    }

    /// The mean product after a step.
    fn products_after(&self, step: &Step, lengths: Lengths) -> f64 {
        let (mut sum, mut count) = (0.0, 0);
        for (end, by_price) in self.ends.iter().zip(&step.prices) {
            let pairs = end.rooms.iter().zip(&end.prices).zip(step.values.iter().zip(by_price));
            for ((room, price), (by, by_price)) in pairs.filter(|((room, _), _)| room.is_finite()) {
                sum += (room + lengths.primal * end.sign * by) * (price + lengths.dual * by_price);
                count += 1;
            }
        }
        sum / f64::from(count.max(1))
    }

    fn go(&mut self, step: &Step, lengths: Lengths) {
        let add = |to: &mut Vec<f64>, by: &[f64], length: f64| {
            to.iter_mut().zip(by).for_each(|(to, by)| *to += length * by);
        };
        add(&mut self.values, &step.values, lengths.primal);
        add(&mut self.row_prices, &step.row_prices, lengths.dual);
        for (end, by_price) in self.ends.iter_mut().zip(&step.prices) {
            add(&mut end.rooms, &step.values, end.sign * lengths.primal);
            add(&mut end.prices, by_price, lengths.dual);
        }
    }
}
