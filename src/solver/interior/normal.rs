//! The normal equations A Θ Aᵀ y = r of a form, for one diagonal Θ after another.

use super::factor::{Factor, Pattern};
use super::form::Form;
use rayon::prelude::*;

/// Programs whose rows meet more often than this are not worth the memory.
const MOST_MEETINGS: usize = 400_000_000;
/// Added to the diagonal: rows that say what others say have no pivot of their own. What it makes wrong is taken back by
/// refinement.
const REGULARISATION: f64 = 1e-10;
/// The part of the diagonal that is added as well, above what rounding takes from it; the next where a factorisation fails.
const PARTS: [f64; 4] = [1e-14, 1e-12, 1e-10, 1e-8];
/// Refinements at most.
const REFINEMENTS: usize = 8;
/// A refinement that leaves more than this part is the last.
const WORTH_REFINING: f64 = 0.5;

/// What does not depend on Θ.
pub struct Normal<'a> {
    form: &'a Form,
    pattern: Pattern,
}

/// The equations of one Θ, factorised.
pub struct Solved<'a> {
    normal: &'a Normal<'a>,
    theta: &'a [f64],
    factor: Factor,
}

impl<'a> Normal<'a> {
    /// `None` where the equations are too many to be solved this way.
    pub fn of(form: &'a Form) -> Option<Self> {
        let rows = form.right.len();
        let meetings: usize =
            (0..rows).map(|row| form.row(row).map(|(column, _)| form.rows_of(column)).sum::<usize>()).sum();
        if meetings > MOST_MEETINGS {
            return None;
        }
        let met: Vec<Vec<u32>> = (0..rows)
            .into_par_iter()
            .map(|row| {
                let columns = form.row(row).map(|(column, _)| column);
                let others = columns.flat_map(|column| form.column(column).map(|(other, _)| other));
                let mut met: Vec<u32> = others.filter(|&other| other as usize >= row).collect();
                met.sort_unstable();
                met.dedup();
                met
            })
            .collect();
        let mut starts = vec![0];
        starts.extend(met.iter().scan(0, |end, met| {
            *end += met.len() as u32;
            Some(*end)
        }));
        Some(Self { form, pattern: Pattern::new(starts, met.concat())? })
    }

    /// Factorises the equations of a Θ.
    pub fn factorise(&'a self, theta: &'a [f64]) -> Option<Solved<'a>> {
        let factor = PARTS.iter().find_map(|&part| self.pattern.factorise(&self.matrix(theta, part)))?;
        Some(Solved { normal: self, theta, factor })
    }

    /// The lower triangle of A Θ Aᵀ. Each of its columns is summed up in the order of the form, whatever thread does it.
    fn matrix(&self, theta: &[f64], part: f64) -> Vec<f64> {
        let (starts, rows) = (self.pattern.starts(), self.pattern.rows());
        let mut values = vec![0.0; rows.len()];
        let mut columns = Vec::with_capacity(self.form.right.len());
        let mut left = &mut values[..];
        for ends in starts.windows(2) {
            let (own, others) = left.split_at_mut((ends[1] - ends[0]) as usize);
            columns.push(own);
            left = others;
        }
        let sums = || vec![0.0; self.form.right.len()];
        columns.into_par_iter().enumerate().for_each_init(sums, |sums, (row, own)| {
            for (column, value) in self.form.row(row) {
                let weight = theta[column as usize] * value;
                for (other, coefficient) in self.form.column(column) {
                    sums[other as usize] += weight * coefficient;
                }
            }
            sums[row] += REGULARISATION + part * sums[row];
            let own_rows = &rows[starts[row] as usize..];
            own.iter_mut().zip(own_rows).for_each(|(value, &other)| *value = sums[other as usize]);
            for (column, _) in self.form.row(row) {
                self.form.column(column).for_each(|(other, _)| sums[other as usize] = 0.0);
            }
        });
        values
    }
}

impl Solved<'_> {
    /// Row prices y and values x = Θ (Aᵀ y − slopes) with which A x is `rows`, to within `enough` or rounding.
    pub fn step(&self, rows: &[f64], slopes: &[f64], enough: f64) -> (Vec<f64>, Vec<f64>) {
        let form = self.normal.form;
        let values_at = |priced: &[f64]| -> Vec<f64> {
            let pulls = priced.iter().zip(slopes).zip(self.theta);
            pulls.map(|((priced, slope), theta)| theta * (priced - slope)).collect()
        };
        let left = |values: &[f64]| -> Vec<f64> {
            rows.iter().zip(form.times(values)).map(|(row, reached)| row - reached).collect()
        };
        let mut prices = vec![0.0; rows.len()];
        let mut values = values_at(&vec![0.0; slopes.len()]);
        let mut off = left(&values);
        let (mut before, mut most) = (f64::INFINITY, largest(&off));
        // What is left is worked out from the values: rounding that the factorisation hides shows there.
        for _ in 0..REFINEMENTS {
            if most <= enough || most > WORTH_REFINING * before {
                break;
            }
            let mut next = off.clone();
            self.normal.pattern.solve(&self.factor, &mut next);
            next.iter_mut().zip(&prices).for_each(|(next, price)| *next += price);
            let next_values = values_at(&form.transposed_times(&next));
            let next_off = left(&next_values);
            before = most;
            if largest(&next_off) < most {
                (prices, values, off) = (next, next_values, next_off);
                most = largest(&off);
            }
        }
        (prices, values)
    }
}

/// The largest absolute value.
pub fn largest(vector: &[f64]) -> f64 {
    vector.iter().fold(0.0, |most, value| most.max(value.abs()))
}
