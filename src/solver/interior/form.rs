//! A program as the method has it: equations A x = b with bounds on x, scaled.

use crate::lp::{Bounds, LinearProgram, RowIx};
use rayon::prelude::*;

/// Rounds of scaling by geometric means.
const ROUNDS: usize = 4;
/// A row without columns may be broken by so much: rounding.
const FEASIBILITY: f64 = 1e-7;
/// What may move by no more than this is held: there is no way through the middle of it.
const NARROW: f64 = 1e-9;
/// Rows or columns worth a thread of their own.
const SHARE: usize = 10_000;
const NOWHERE: u32 = u32::MAX;

/// What is to be least, by column of a program: costs · x + ½ curvature · x².
pub struct Objective {
    pub costs: Vec<f64>,
    pub curvature: Vec<f64>,
}

impl Objective {
    /// Of so many columns none of which counts.
    pub fn nothing(columns: usize) -> Self {
        Self { costs: vec![0.0; columns], curvature: vec![0.0; columns] }
    }
}

/// Equations of a program's columns that may move. What a row allows beside one value stands in a column of its own, its
/// slack, with coefficient −1; rows that allow everything are left out.
pub struct Form {
    by_row: Entries,
    by_column: Entries,
    /// Right-hand sides b, by row.
    pub right: Vec<f64>,
    /// Costs c, by column.
    pub costs: Vec<f64>,
    /// By how much the cost of one more rises with each one there is, by column.
    pub curvature: Vec<f64>,
    /// Lower bounds, by column.
    pub lower: Vec<f64>,
    /// Upper bounds, by column.
    pub upper: Vec<f64>,
    /// The program's rows and columns that these are; slacks come after the columns.
    rows: Vec<u32>,
    columns: Vec<u32>,
    row_scales: Vec<f64>,
    column_scales: Vec<f64>,
    /// What one of the objective here is in the program.
    pub unit: f64,
}

/// Coefficients, line by line, each with its place in the other direction.
#[derive(Default)]
struct Entries {
    starts: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f64>,
}

impl Entries {
    fn lines(&self) -> usize {
        self.starts.len() - 1
    }
    fn line(&self, line: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let own = self.starts[line]..self.starts[line + 1];
        self.places[own.clone()].iter().copied().zip(self.values[own].iter().copied())
    }
    /// The same by the other direction, of so many lines.
    fn transposed(&self, lines: usize) -> Self {
        let mut starts = vec![0; lines + 1];
        self.places.iter().for_each(|&place| starts[place as usize + 1] += 1);
        for line in 0..lines {
            starts[line + 1] += starts[line];
        }
        let mut next = starts.clone();
        let mut others =
            Self { starts, places: vec![0; self.places.len()], values: vec![0.0; self.values.len()] };
        for line in 0..self.lines() {
            for (place, value) in self.line(line) {
                let at = &mut next[place as usize];
                (others.places[*at], others.values[*at]) = (line as u32, value);
                *at += 1;
            }
        }
        others
    }
    /// The sums of a vector, weighted by the coefficients of each line.
    fn times(&self, vector: &[f64]) -> Vec<f64> {
        let of_line = |line| self.line(line).map(|(place, value)| value * vector[place as usize]).sum();
        (0..self.lines()).into_par_iter().with_min_len(SHARE).map(of_line).collect()
    }
}

impl Form {
    /// The form of a program with an objective of its own; `None` where a row that nothing can change is broken.
    pub fn of(program: &LinearProgram, objective: &Objective) -> Option<Self> {
        let bounds = program.column_bounds();
        let columns: Vec<u32> =
            (0..program.columns() as u32).filter(|&column| !is_held(bounds[column as usize])).collect();
        let of_moving =
            |of: &dyn Fn(usize) -> f64| columns.iter().map(|&column| of(column as usize)).collect();
        let mut form = Self {
            by_row: Entries { starts: vec![0], ..Entries::default() },
            by_column: Entries::default(),
            right: Vec::new(),
            costs: of_moving(&|column| objective.costs[column]),
            curvature: of_moving(&|column| objective.curvature[column]),
            lower: of_moving(&|column| bounds[column].lower),
            upper: of_moving(&|column| bounds[column].upper),
            rows: Vec::new(),
            columns,
            row_scales: Vec::new(),
            column_scales: Vec::new(),
            unit: 1.0,
        };
        let mut places = vec![NOWHERE; program.columns()];
        for (place, &column) in (0u32..).zip(&form.columns) {
            places[column as usize] = place;
        }
        let rows = (0u32..).zip(program.row_bounds()).filter(|(_, allowed)| **allowed != Bounds::FREE);
        for (row, allowed) in rows {
            form.add_row(program, RowIx(row), *allowed, &places)?;
        }
        form.scale();
        form.by_column = form.by_row.transposed(form.costs.len());
        Some(form)
    }

    /// `None` where the row is broken whatever moves.
    fn add_row(
        &mut self,
        program: &LinearProgram,
        row: RowIx,
        allowed: Bounds,
        places: &[u32],
    ) -> Option<()> {
        let entries = &mut self.by_row;
        let before = entries.places.len();
        let mut held = 0.0;
        for (column, value) in program.row(row) {
            match places[column.get()] {
                NOWHERE => held += value * middle(program.column_bounds()[column.get()]),
                place => {
                    entries.places.push(place);
                    entries.values.push(value);
                }
            }
        }
        let allowed = Bounds::between(allowed.lower - held, allowed.upper - held);
        if entries.places.len() == before {
            let is_kept = allowed.lower <= FEASIBILITY && allowed.upper >= -FEASIBILITY;
            return is_kept.then_some(());
        }
        if is_held(allowed) {
            self.right.push(middle(allowed));
        } else {
            entries.places.push(self.costs.len() as u32);
            entries.values.push(-1.0);
            self.costs.push(0.0);
            self.curvature.push(0.0);
            self.lower.push(allowed.lower);
            self.upper.push(allowed.upper);
            self.right.push(0.0);
        }
        entries.starts.push(entries.places.len());
        self.rows.push(row.0);
        Some(())
    }

    /// Brings the coefficients near one, by the geometric mean of the largest and the smallest of each row and column;
    /// after that the largest of each column is one. All to the next power of two, which leaves the digits as they are.
    fn scale(&mut self) {
        let power_of_two = |scale: f64| scale.log2().round().exp2();
        let mut row_scales = vec![1.0; self.right.len()];
        let mut column_scales = vec![1.0; self.costs.len()];
        for round in 0..=ROUNDS {
            let mut most = vec![0.0_f64; self.costs.len()];
            let mut least = vec![f64::INFINITY; self.costs.len()];
            for (row, scale) in row_scales.iter_mut().enumerate() {
                if round < ROUNDS {
                    let sizes =
                        self.by_row.line(row).map(|(column, v)| v.abs() * column_scales[column as usize]);
                    let (low, high) = sizes.fold((f64::INFINITY, 0.0_f64), |(l, h), s| (l.min(s), h.max(s)));
                    *scale = power_of_two(1.0 / (high * low).sqrt());
                }
                for (column, value) in self.by_row.line(row) {
                    let (size, column) = (value.abs() * *scale, column as usize);
                    (most[column], least[column]) = (most[column].max(size), least[column].min(size));
                }
            }
            for (scale, (most, least)) in column_scales.iter_mut().zip(most.into_iter().zip(least)) {
                if most > 0.0 {
                    let size = if round < ROUNDS { (most * least).sqrt() } else { most };
                    *scale = power_of_two(1.0 / size);
                }
            }
        }
        for (row, scale) in row_scales.iter().enumerate() {
            let own = self.by_row.starts[row]..self.by_row.starts[row + 1];
            for at in own {
                self.by_row.values[at] *= scale * column_scales[self.by_row.places[at] as usize];
            }
            self.right[row] *= scale;
        }
        for (column, scale) in column_scales.iter().enumerate() {
            self.costs[column] *= scale;
            self.curvature[column] *= scale * scale;
            self.lower[column] /= scale;
            self.upper[column] /= scale;
        }
        let priced = self.costs.iter_mut().chain(&mut self.curvature);
        let most = priced.fold(0.0_f64, |most, price| most.max(price.abs()));
        if most > 0.0 {
            self.unit = power_of_two(most);
        }
        self.costs.iter_mut().chain(&mut self.curvature).for_each(|price| *price /= self.unit);
        (self.row_scales, self.column_scales) = (row_scales, column_scales);
    }

    /// Columns and coefficients of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.by_row.line(row)
    }
    /// Rows and coefficients of a column.
    pub fn column(&self, column: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.by_column.line(column as usize)
    }
    /// In how many rows a column is.
    pub fn rows_of(&self, column: u32) -> usize {
        self.by_column.starts[column as usize + 1] - self.by_column.starts[column as usize]
    }
    /// Whether the cost of one more rises anywhere.
    pub fn is_curved(&self) -> bool {
        self.curvature.iter().any(|&curvature| curvature != 0.0)
    }
    /// A x.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        self.by_row.times(x)
    }
    /// Aᵀ y.
    pub fn transposed_times(&self, y: &[f64]) -> Vec<f64> {
        self.by_column.times(y)
    }

    /// The largest amount by row, in the program's unit of it.
    pub fn in_units_of_rows(&self, amounts: &[f64]) -> f64 {
        let sizes = amounts.iter().zip(&self.row_scales).map(|(amount, scale)| (amount / scale).abs());
        sizes.fold(0.0, f64::max)
    }
    /// The values of the program's columns at a point x, within their bounds.
    pub fn program_columns(&self, program: &LinearProgram, x: &[f64]) -> Vec<f64> {
        let bounds = program.column_bounds();
        let mut columns: Vec<f64> =
            bounds.iter().map(|bounds| if is_held(*bounds) { middle(*bounds) } else { 0.0 }).collect();
        for (&column, (value, scale)) in self.columns.iter().zip(x.iter().zip(&self.column_scales)) {
            let Bounds { lower, upper } = bounds[column as usize];
            // Minus zero becomes zero, so that it never shows in a report.
            columns[column as usize] = (value * scale).clamp(lower, upper) + 0.0;
        }
        columns
    }
    /// The duals of the program's rows at prices y.
    pub fn program_duals(&self, program: &LinearProgram, y: &[f64]) -> Vec<f64> {
        let mut duals = vec![0.0; program.rows()];
        for (&row, (price, scale)) in self.rows.iter().zip(y.iter().zip(&self.row_scales)) {
            duals[row as usize] = price * scale * self.unit + 0.0;
        }
        duals
    }
}

fn is_held(bounds: Bounds) -> bool {
    bounds.upper - bounds.lower <= NARROW
}

fn middle(bounds: Bounds) -> f64 {
    bounds.lower + 0.5 * (bounds.upper - bounds.lower).max(0.0)
}
