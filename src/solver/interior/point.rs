//! Where the method stands, and how far that is from the best.

use super::form::Form;
use super::normal::{Normal, Solved, largest};
use crate::solver::dot;

/// The room at the start to the ends of intervals, as a part of by how much a point that keeps the rows breaks them; and
/// prices of the ends there, as a part of the largest reduced cost.
const START: f64 = 0.15;
/// Room and prices at the start are at least this.
const LEAST_START: f64 = 1e-2;

/// One end of each column's interval: the lower (sign 1) or the upper (sign −1).
pub struct Ends {
    pub sign: f64,
    /// How far each value stands from it; infinite where there is none.
    pub rooms: Vec<f64>,
    /// Its price; zero where there is none.
    pub prices: Vec<f64>,
}

/// Values within their bounds, and prices.
pub struct Point {
    pub values: Vec<f64>,
    pub row_prices: Vec<f64>,
    pub ends: [Ends; 2],
}

/// What a point leaves to be done.
pub struct Residuals {
    /// b − A x.
    pub rows: Vec<f64>,
    /// c + Q x − Aᵀ y − z, with the curvature Q and the prices z of the ends.
    pub columns: Vec<f64>,
    /// The mean of room × price over all ends.
    pub complementarity: f64,
    /// The most that a row is broken, in the program's unit of it.
    pub primal: f64,
    /// The largest part by which a column's prices do not add up.
    pub dual: f64,
    /// Objective less what the prices promise, as a part of the objective.
    pub gap: f64,
    /// The part of it that rooms and prices leave open, and not rows or columns that do not add up.
    pub open: f64,
}

impl Ends {
    /// Rooms and prices of the ends that there are.
    pub fn pairs(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.rooms.iter().copied().zip(self.prices.iter().copied()).filter(|(room, _)| room.is_finite())
    }
}

impl Point {
    /// A point inside, at which all products of room and price are alike.
    pub fn start(form: &Form, normal: &Normal) -> Option<Self> {
        let even = vec![1.0; form.costs.len()];
        let solved = normal.factorise(&even)?;
        let (mut values, short) = near_rows(form, &solved);
        let (row_prices, slopes) = solved.step(&vec![0.0; form.right.len()], &form.costs, 0.0);
        let reduced: Vec<f64> = slopes.iter().map(|slope| -slope).collect();
        let room = (START * short).max(LEAST_START);
        let product = room * (START * largest(&reduced)).max(LEAST_START);
        let mut ends = [1.0, -1.0].map(|sign| {
            let none = |value| vec![value; values.len()];
            Ends { sign, rooms: none(f64::INFINITY), prices: none(0.0) }
        });
        for (column, value) in values.iter_mut().enumerate() {
            let (lower, upper) = (form.lower[column], form.upper[column]);
            let room = room.min(0.5 * (upper - lower));
            *value = value.clamp(lower + room, (upper - room).max(lower + room));
            for (end, at) in ends.iter_mut().zip([lower, upper]) {
                if at.is_finite() {
                    let room = end.sign * (*value - at);
                    end.rooms[column] = room;
                    end.prices[column] = (end.sign * reduced[column]).max(0.0) + product / room;
                }
            }
        }
        Some(Self { values, row_prices, ends })
    }

    /// What is left to be done.
    pub fn residuals(&self, form: &Form) -> Residuals {
        let rows: Vec<f64> =
            form.right.iter().zip(form.times(&self.values)).map(|(right, reached)| right - reached).collect();
        let mut columns: Vec<f64> = form
            .costs
            .iter()
            .zip(form.transposed_times(&self.row_prices))
            .map(|(cost, priced)| cost - priced)
            .collect();
        let squares: Vec<f64> =
            form.curvature.iter().zip(&self.values).map(|(by, value)| by * value).collect();
        columns.iter_mut().zip(&squares).for_each(|(column, slope)| *column += slope);
        let half = 0.5 * dot(&squares, &self.values);
        for end in &self.ends {
            columns.iter_mut().zip(&end.prices).for_each(|(column, price)| *column -= end.sign * price);
        }
        let promised: f64 = self
            .ends
            .iter()
            .zip([&form.lower, &form.upper])
            .map(|(end, at)| {
                let finite = end.prices.iter().zip(at).filter(|(_, at)| at.is_finite());
                end.sign * finite.map(|(price, at)| price * at).sum::<f64>()
            })
            .sum();
        let objective = dot(&form.costs, &self.values) + half;
        let promised = promised + dot(&form.right, &self.row_prices) - half;
        let pairs = || self.ends.iter().flat_map(|end| end.pairs());
        let products: f64 = pairs().map(|(room, price)| room * price).sum();
        let size = 1.0 / form.unit + objective.abs();
        Residuals {
            complementarity: products / (pairs().count() as f64).max(1.0),
            primal: form.in_units_of_rows(&rows),
            dual: largest(&columns),
            gap: (objective - promised).abs() / size,
            open: products / size,
            rows,
            columns,
        }
    }
}

impl Residuals {
    /// The most that prices or the gap are off; infinite where rounding has left no numbers.
    pub fn unproven(&self) -> f64 {
        let is_number = (self.primal + self.dual + self.gap).is_finite();
        if is_number { self.dual.max(self.gap) } else { f64::INFINITY }
    }
}

/// The values nearest to zero within the bounds, moved as little as makes them keep the rows; and by how much these then
/// break a bound at most.
fn near_rows(form: &Form, solved: &Solved) -> (Vec<f64>, f64) {
    let bounds = || form.lower.iter().zip(&form.upper);
    let mut values: Vec<f64> = bounds().map(|(lower, upper)| 0.0_f64.clamp(*lower, *upper)).collect();
    let left: Vec<f64> =
        form.right.iter().zip(form.times(&values)).map(|(right, reached)| right - reached).collect();
    let (_, moves) = solved.step(&left, &vec![0.0; values.len()], 0.0);
    values.iter_mut().zip(moves).for_each(|(value, by)| *value += by);
    let broken = bounds().zip(&values).map(|((lower, upper), value)| (lower - value).max(value - upper));
    let short = broken.fold(0.0, f64::max);
    (values, short)
}
