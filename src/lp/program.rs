//! The program: costs, column bounds, two-sided row bounds, sparse rows, integrality.

use super::BoundSide;
use std::ops::Range;
use std::sync::Arc;

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
    /// The value between them that is nearest to zero.
    pub fn nearest_to_zero(self) -> f64 {
        0.0_f64.clamp(self.lower, self.upper)
    }
    /// The end on a side.
    pub fn end(self, side: BoundSide) -> f64 {
        match side {
            BoundSide::Lower => self.lower,
            BoundSide::Upper => self.upper,
        }
    }
    /// Whether the two ends meet.
    pub fn is_fixed(self) -> bool {
        self.lower >= self.upper
    }
}

/// A linear (or mixed-integer) program. Rows are stored one after another.
///
/// Copies share what neither of them has changed: the rows of a large program are there once.
#[derive(Debug, Clone)]
pub struct LinearProgram {
    sense: Sense,
    costs: Arc<Vec<f64>>,
    column_bounds: Arc<Vec<Bounds>>,
    integer: Arc<Vec<bool>>,
    row_bounds: Arc<Vec<Bounds>>,
    rows: Arc<Rows>,
}

/// What stands in the rows, apart from their bounds.
#[derive(Debug, Clone, PartialEq)]
struct Rows {
    starts: Vec<usize>,
    columns: Vec<ColumnIx>,
    values: Vec<f64>,
    choices: Vec<RowIx>,
}

impl PartialEq for LinearProgram {
    fn eq(&self, other: &Self) -> bool {
        self.sense == other.sense
            && same(&self.costs, &other.costs)
            && same(&self.column_bounds, &other.column_bounds)
            && same(&self.integer, &other.integer)
            && same(&self.row_bounds, &other.row_bounds)
            && same(&self.rows, &other.rows)
    }
}

/// Whether two are alike: without a look where they are one.
fn same<T: PartialEq>(one: &Arc<T>, other: &Arc<T>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

impl LinearProgram {
    /// An empty program.
    pub fn new(sense: Sense) -> Self {
        let rows = Rows { starts: vec![0], columns: Vec::new(), values: Vec::new(), choices: Vec::new() };
        Self {
            sense,
            costs: Arc::default(),
            column_bounds: Arc::default(),
            integer: Arc::default(),
            row_bounds: Arc::default(),
            rows: Arc::new(rows),
        }
    }
    /// Adds a continuous column.
    pub fn add_column(&mut self, cost: f64, bounds: Bounds) -> ColumnIx {
        self.add_columns(1, cost, bounds)
    }
    /// Adds continuous columns that are all alike. Returns the first of them.
    pub fn add_columns(&mut self, count: usize, cost: f64, bounds: Bounds) -> ColumnIx {
        let first = position(self.costs.len());
        extend(&mut self.costs, count, cost);
        extend(&mut self.column_bounds, count, bounds);
        extend(&mut self.integer, count, false);
        position(self.costs.len());
        ColumnIx(first)
    }
    /// Adds a row. Terms with a zero coefficient are left out.
    ///
    /// # Panics
    /// When a term names a column that does not exist, or one column twice.
    pub fn add_row(&mut self, bounds: Bounds, terms: impl IntoIterator<Item = (ColumnIx, f64)>) -> RowIx {
        let columns = self.costs.len();
        let rows = Arc::make_mut(&mut self.rows);
        let start = rows.columns.len();
        for (column, value) in terms {
            assert!(column.get() < columns, "a row uses columns that exist");
            if value != 0.0 {
                rows.columns.push(column);
                rows.values.push(value);
            }
        }
        debug_assert!(
            {
                let mut used = rows.columns[start..].to_vec();
                used.sort_unstable();
                used.windows(2).all(|pair| pair[0] != pair[1])
            },
            "a row names each column once"
        );
        rows.starts.push(rows.columns.len());
        let row = self.row_bounds.len();
        Arc::make_mut(&mut self.row_bounds).push(bounds);
        RowIx(position(row))
    }
    /// Makes a column take whole values only.
    pub fn set_integer(&mut self, column: ColumnIx) {
        Arc::make_mut(&mut self.integer)[column.get()] = true;
    }
    /// Marks a row as a choice: it splits one amount among columns of which most are in no other such row.
    /// It says nothing about the program, only how a solver may take it apart. In ascending order.
    pub fn mark_choice(&mut self, row: RowIx) {
        let choices = &mut Arc::make_mut(&mut self.rows).choices;
        debug_assert!(choices.last().is_none_or(|&last| last < row), "choices in order of rows");
        choices.push(row);
    }
    /// Rows marked as choices, ascending.
    pub fn choice_rows(&self) -> &[RowIx] {
        &self.rows.choices
    }
    /// Lets a column take fractions again.
    pub fn set_continuous(&mut self, column: ColumnIx) {
        Arc::make_mut(&mut self.integer)[column.get()] = false;
    }
    /// Replaces the cost of a column.
    pub fn set_cost(&mut self, column: ColumnIx, cost: f64) {
        Arc::make_mut(&mut self.costs)[column.get()] = cost;
    }
    /// Replaces the costs of all columns.
    ///
    /// # Panics
    /// When there is not one cost for each column.
    pub fn set_costs(&mut self, costs: Vec<f64>) {
        assert_eq!(costs.len(), self.costs.len(), "one cost for each column");
        self.costs = Arc::new(costs);
    }
    /// Replaces the bounds of a column.
    pub fn set_column_bounds(&mut self, column: ColumnIx, bounds: Bounds) {
        Arc::make_mut(&mut self.column_bounds)[column.get()] = bounds;
    }
    /// Replaces the bounds of a row.
    pub fn set_row_bounds(&mut self, row: RowIx, bounds: Bounds) {
        Arc::make_mut(&mut self.row_bounds)[row.get()] = bounds;
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
        self.rows.values.len()
    }
    /// Whether any column must be whole.
    pub fn has_integers(&self) -> bool {
        self.integer.iter().any(|&whole| whole)
    }
    /// Costs by column.
    pub fn costs(&self) -> &[f64] {
        &self.costs
    }
    /// The objective at these values: Σ cost × value.
    pub fn objective(&self, columns: &[f64]) -> f64 {
        self.costs.iter().zip(columns).map(|(cost, value)| cost * value).sum()
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
        &self.rows.starts
    }
    /// Columns of the stored coefficients, row after row.
    pub fn row_columns(&self) -> &[ColumnIx] {
        &self.rows.columns
    }
    /// The stored coefficients, row after row.
    pub fn row_values(&self) -> &[f64] {
        &self.rows.values
    }
    /// The terms of one row.
    pub fn row(&self, row: RowIx) -> impl Iterator<Item = (ColumnIx, f64)> + '_ {
        let rows = &*self.rows;
        let span: Range<usize> = rows.starts[row.get()]..rows.starts[row.get() + 1];
        rows.columns[span.clone()].iter().copied().zip(rows.values[span].iter().copied())
    }
    /// Whether the rows of another program are the very same ones as these, and the same columns whole. True only of
    /// copies, so that no coefficient needs a look.
    pub(super) fn shares_rows(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows) && Arc::ptr_eq(&self.integer, &other.integer)
    }
    /// Whether the two have the same column bounds because they share them.
    pub(super) fn shares_column_bounds(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.column_bounds, &other.column_bounds)
    }
    /// Whether the two have the same costs because they share them.
    pub(super) fn shares_costs(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.costs, &other.costs)
    }
    /// Row activities at given column values.
    pub fn activities(&self, columns: &[f64]) -> Vec<f64> {
        (0..self.rows()).map(|r| self.activity(RowIx(position(r)), columns)).collect()
    }
    /// Row activity aᵀx of one row at given column values.
    pub fn activity(&self, row: RowIx, columns: &[f64]) -> f64 {
        self.row(row).map(|(c, v)| v * columns[c.get()]).sum()
    }
    /// Reduced costs c − Aᵀy at given row duals y.
    pub fn reduced_costs(&self, row_duals: &[f64]) -> Vec<f64> {
        self.reduce(self.costs.to_vec(), row_duals)
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

/// Adds a value so many times. Zeros that are the first come from the system untouched: in a large program nobody may
/// ever write to them.
fn extend<T: Clone>(values: &mut Arc<Vec<T>>, count: usize, value: T) {
    if values.is_empty() {
        *values = Arc::new(vec![value; count]);
    } else {
        let values = Arc::make_mut(values);
        values.resize(values.len() + count, value);
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
    #[test]
    fn a_copy_has_its_own_costs_and_bounds_once_it_changes_them() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_columns(2, 1.0, Bounds::NON_NEGATIVE);
        let row = program.add_row(Bounds::at_least(4.0), [(x, 1.0)]);
        let mut copy = program.clone();
        assert_eq!(copy, program);
        copy.set_cost(x, 2.0);
        copy.set_column_bounds(x, Bounds::exactly(3.0));
        copy.set_row_bounds(row, Bounds::FREE);
        copy.set_integer(x);
        copy.add_row(Bounds::at_most(1.0), [(x, 5.0)]);
        assert_eq!((program.costs(), program.integer()), (&[1.0, 1.0][..], &[false, false][..]));
        assert_eq!(program.column_bounds(), &[Bounds::NON_NEGATIVE; 2]);
        assert_eq!((program.row_bounds(), program.nonzeros()), (&[Bounds::at_least(4.0)][..], 1));
        assert_eq!((copy.costs(), copy.rows(), copy.nonzeros()), (&[2.0, 1.0][..], 2, 2));
        assert_ne!(copy, program);
    }
}
