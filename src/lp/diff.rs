//! The difference between two programs, so that a solver can go on from where it stands.

use super::{Bounds, ColumnIx, LinearProgram, RowIx};

/// Changes of costs and bounds; the rows keep their coefficients.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProgramDiff {
    /// New costs.
    pub costs: Vec<(ColumnIx, f64)>,
    /// New column bounds.
    pub column_bounds: Vec<(ColumnIx, Bounds)>,
    /// New row bounds.
    pub row_bounds: Vec<(RowIx, Bounds)>,
}

/// Why a warm start is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildReason {
    /// One minimises, the other maximises.
    Sense,
    /// Different numbers of columns or rows.
    Shape,
    /// A coefficient differs.
    Coefficients,
    /// Different columns must be whole.
    Integrality,
}

impl ProgramDiff {
    /// What turns `old` into `new`, or why it takes more than costs and bounds.
    pub fn between(old: &LinearProgram, new: &LinearProgram) -> Result<Self, RebuildReason> {
        if old.sense() != new.sense() {
            return Err(RebuildReason::Sense);
        }
        if !old.shares_rows(new) {
            if old.columns() != new.columns() || old.row_starts() != new.row_starts() {
                return Err(RebuildReason::Shape);
            }
            if old.row_columns() != new.row_columns() || old.row_values() != new.row_values() {
                return Err(RebuildReason::Coefficients);
            }
            if old.integer() != new.integer() {
                return Err(RebuildReason::Integrality);
            }
        }
        let mut diff =
            Self { row_bounds: changed(old.row_bounds(), new.row_bounds(), RowIx), ..Self::default() };
        if !old.shares_costs(new) {
            diff.costs = changed(old.costs(), new.costs(), ColumnIx);
        }
        if !old.shares_column_bounds(new) {
            diff.column_bounds = changed(old.column_bounds(), new.column_bounds(), ColumnIx);
        }
        Ok(diff)
    }
    /// Makes the changes to a program.
    pub fn apply(&self, program: &mut LinearProgram) {
        for &(column, cost) in &self.costs {
            program.set_cost(column, cost);
        }
        for &(column, bounds) in &self.column_bounds {
            program.set_column_bounds(column, bounds);
        }
        for &(row, bounds) in &self.row_bounds {
            program.set_row_bounds(row, bounds);
        }
    }
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.costs.is_empty() && self.column_bounds.is_empty() && self.row_bounds.is_empty()
    }
}

fn changed<T: Copy + PartialEq, P>(old: &[T], new: &[T], at: impl Fn(u32) -> P) -> Vec<(P, T)> {
    (0u32..).zip(old.iter().zip(new)).filter(|(_, (o, n))| o != n).map(|(i, (_, &n))| (at(i), n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::Sense;

    #[test]
    fn a_changed_bound_is_a_difference_and_a_changed_coefficient_a_reason_to_rebuild() {
        let build = |upper: f64, coefficient: f64| {
            let mut program = LinearProgram::new(Sense::Minimise);
            let x = program.add_column(1.0, Bounds::NON_NEGATIVE);
            program.add_row(Bounds::at_most(upper), [(x, coefficient)]);
            program
        };
        let diff = ProgramDiff::between(&build(1.0, 1.0), &build(2.0, 1.0)).expect("only a bound differs");
        assert_eq!(diff.row_bounds, vec![(RowIx(0), Bounds::at_most(2.0))]);
        assert_eq!(
            ProgramDiff::between(&build(1.0, 1.0), &build(1.0, 3.0)),
            Err(RebuildReason::Coefficients)
        );
    }
}
