//! The program: costs, column bounds, two-sided row bounds, sparse rows, integrality.

use std::ops::Range;

/// Position of a column (decision variable).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnIx(pub u32);
/// Position of a row (constraint).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowIx(pub u32);

impl ColumnIx {
    /// As a position in a slice.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}
impl RowIx {
    /// As a position in a slice.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

/// Whether less or more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// Less is better.
    Minimise,
    /// More is better.
    Maximise,
}

/// A closed interval; an infinite end is no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least value.
    pub lower: f64,
    /// Greatest value.
    pub upper: f64,
}

impl Bounds {
    /// No limit at all.
    pub const FREE: Self = Self { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
    /// Zero or more.
    pub const NON_NEGATIVE: Self = Self { lower: 0.0, upper: f64::INFINITY };
    /// Between two values.
    pub fn between(lower: f64, upper: f64) -> Self {
        Self { lower, upper }
    }
    /// Exactly one value.
    pub fn exactly(value: f64) -> Self {
        Self { lower: value, upper: value }
    }
    /// At least.
    pub fn at_least(value: f64) -> Self {
        Self { lower: value, upper: f64::INFINITY }
    }
    /// At most.
    pub fn at_most(value: f64) -> Self {
        Self { lower: f64::NEG_INFINITY, upper: value }
    }
    /// Whether the two ends meet.
    pub fn is_fixed(self) -> bool {
        self.lower >= self.upper
    }
}

/// A linear (or mixed-integer) program. Rows are stored one after another.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearProgram {
    sense: Sense,
    costs: Vec<f64>,
    column_bounds: Vec<Bounds>,
    integer: Vec<bool>,
    row_bounds: Vec<Bounds>,
    row_starts: Vec<usize>,
    row_columns: Vec<ColumnIx>,
    row_values: Vec<f64>,
}

impl LinearProgram {
    /// An empty program.
    pub fn new(sense: Sense) -> Self {
        Self {
            sense,
            costs: Vec::new(),
            column_bounds: Vec::new(),
            integer: Vec::new(),
            row_bounds: Vec::new(),
            row_starts: vec![0],
            row_columns: Vec::new(),
            row_values: Vec::new(),
        }
    }
    /// Adds a continuous column.
    pub fn add_column(&mut self, cost: f64, bounds: Bounds) -> ColumnIx {
        self.costs.push(cost);
        self.column_bounds.push(bounds);
        self.integer.push(false);
        ColumnIx(position(self.costs.len() - 1))
    }
    /// Adds a row. Terms with a zero coefficient are left out.
    ///
    /// # Panics
    /// When a term names a column that does not exist, or one column twice.
    pub fn add_row(&mut self, bounds: Bounds, terms: impl IntoIterator<Item = (ColumnIx, f64)>) -> RowIx {
        let start = self.row_columns.len();
        for (column, value) in terms {
            assert!(column.get() < self.costs.len(), "a row uses columns that exist");
            if value != 0.0 {
                self.row_columns.push(column);
                self.row_values.push(value);
            }
        }
        debug_assert!(
            {
                let mut used = self.row_columns[start..].to_vec();
                used.sort_unstable();
                used.windows(2).all(|pair| pair[0] != pair[1])
            },
            "a row names each column once"
        );
        self.row_starts.push(self.row_columns.len());
        self.row_bounds.push(bounds);
        RowIx(position(self.row_bounds.len() - 1))
    }
    /// Makes a column take whole values only.
    pub fn set_integer(&mut self, column: ColumnIx) {
        self.integer[column.get()] = true;
    }
    /// Lets a column take fractions again.
    pub fn set_continuous(&mut self, column: ColumnIx) {
        self.integer[column.get()] = false;
    }
    /// Replaces the cost of a column.
    pub fn set_cost(&mut self, column: ColumnIx, cost: f64) {
        self.costs[column.get()] = cost;
    }
    /// Replaces the bounds of a column.
    pub fn set_column_bounds(&mut self, column: ColumnIx, bounds: Bounds) {
        self.column_bounds[column.get()] = bounds;
    }
    /// Replaces the bounds of a row.
    pub fn set_row_bounds(&mut self, row: RowIx, bounds: Bounds) {
        self.row_bounds[row.get()] = bounds;
    }
    /// Whether less or more is better.
    pub fn sense(&self) -> Sense {
        self.sense
    }
    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.costs.len()
    }
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.row_bounds.len()
    }
    /// Number of stored coefficients.
    pub fn nonzeros(&self) -> usize {
        self.row_values.len()
    }
    /// Whether any column must be whole.
    pub fn has_integers(&self) -> bool {
        self.integer.iter().any(|&whole| whole)
    }
    /// Costs by column.
    pub fn costs(&self) -> &[f64] {
        &self.costs
    }
    /// Bounds by column.
    pub fn column_bounds(&self) -> &[Bounds] {
        &self.column_bounds
    }
    /// Which columns must be whole.
    pub fn integer(&self) -> &[bool] {
        &self.integer
    }
    /// Bounds by row.
    pub fn row_bounds(&self) -> &[Bounds] {
        &self.row_bounds
    }
    /// Where each row starts among the stored coefficients; one more entry than rows.
    pub fn row_starts(&self) -> &[usize] {
        &self.row_starts
    }
    /// Columns of the stored coefficients, row after row.
    pub fn row_columns(&self) -> &[ColumnIx] {
        &self.row_columns
    }
    /// The stored coefficients, row after row.
    pub fn row_values(&self) -> &[f64] {
        &self.row_values
    }
    /// The terms of one row.
    pub fn row(&self, row: RowIx) -> impl Iterator<Item = (ColumnIx, f64)> + '_ {
        let span: Range<usize> = self.row_starts[row.get()]..self.row_starts[row.get() + 1];
        self.row_columns[span.clone()].iter().copied().zip(self.row_values[span].iter().copied())
    }
    /// Row activities at given column values.
    pub fn activities(&self, columns: &[f64]) -> Vec<f64> {
        (0..self.rows())
            .map(|r| self.row(RowIx(position(r))).map(|(c, v)| v * columns[c.get()]).sum())
            .collect()
    }
    /// Reduced costs c − Aᵀy at given row duals y.
    pub fn reduced_costs(&self, row_duals: &[f64]) -> Vec<f64> {
        self.reduce(self.costs.clone(), row_duals)
    }
    /// The same for other costs than the program's own. O(nonzeros).
    pub fn reduce(&self, mut costs: Vec<f64>, row_duals: &[f64]) -> Vec<f64> {
        for (r, &dual) in row_duals.iter().enumerate() {
            if dual != 0.0 {
                for (column, value) in self.row(RowIx(position(r))) {
                    costs[column.get()] -= dual * value;
                }
            }
        }
        costs
    }
}

fn position(p: usize) -> u32 {
    u32::try_from(p).expect("a program has fewer than 2^32 rows and columns")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduced_costs_are_costs_less_priced_coefficients() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(3.0, Bounds::NON_NEGATIVE);
        let y = program.add_column(5.0, Bounds::NON_NEGATIVE);
        program.add_row(Bounds::at_least(4.0), [(x, 1.0), (y, 2.0)]);
        assert_eq!(program.reduced_costs(&[2.5]), vec![0.5, 0.0]);
        assert_eq!(program.activities(&[2.0, 1.0]), vec![4.0]);
    }
}
