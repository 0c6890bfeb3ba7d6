//! What is left of a program when everything that has no choice is taken out.

use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};

/// Differences below this are rounding, in the unit of the row or column.
const ROUNDING: f64 = 1e-9;
/// Bounds that miss each other by more cannot be met: HiGHS' own feasibility tolerance.
const INFEASIBLE: f64 = 1e-7;

/// Narrower bounds of all columns, and the rows that still say something beyond them.
pub struct Shrunk {
    /// Of each column of the program.
    pub bounds: Vec<Bounds>,
    /// Rows with two or more columns that may move.
    pub rows: Vec<RowIx>,
}

/// What bounds say of a row: its columns that may move, its limits less what is fixed, and its range.
struct Row {
    moving: Vec<(ColumnIx, f64)>,
    limits: Bounds,
    range: Bounds,
}

impl Shrunk {
    /// Goes over the rows until none says anything new; `None` where a row cannot be met.
    pub fn of(program: &LinearProgram) -> Option<Self> {
        let rows = (0u32..).map(RowIx).take(program.rows());
        let rows = rows.filter(|row| program.row_bounds()[row.get()] != Bounds::FREE).collect();
        let mut this = Self { bounds: program.column_bounds().to_vec(), rows };
        loop {
            let before = this.rows.len();
            let mut kept = Vec::with_capacity(before);
            for row in std::mem::take(&mut this.rows) {
                if this.says_more(program, row)? {
                    kept.push(row);
                }
            }
            this.rows = kept;
            if this.rows.len() == before {
                return Some(this);
            }
        }
    }

    /// Limits of a row less what its fixed columns take.
    pub fn row_bounds(&self, program: &LinearProgram, row: RowIx) -> Bounds {
        let fixed: f64 = program
            .row(row)
            .filter(|(column, _)| self.bounds[column.get()].is_fixed())
            .map(|(column, value)| value * self.bounds[column.get()].lower)
            .sum();
        let limits = program.row_bounds()[row.get()];
        Bounds::between(limits.lower - fixed, limits.upper - fixed)
    }

    fn read(&self, program: &LinearProgram, row: RowIx) -> Row {
        let moving: Vec<_> =
            program.row(row).filter(|(column, _)| !self.bounds[column.get()].is_fixed()).collect();
        let range = moving.iter().fold(Bounds::exactly(0.0), |range, &(column, value)| {
            let b = self.bounds[column.get()];
            let (one, other) = (value * b.lower, value * b.upper);
            Bounds::between(range.lower + one.min(other), range.upper + one.max(other))
        });
        Row { moving, limits: self.row_bounds(program, row), range }
    }

    /// Puts what a row says into the bounds of columns where they can hold it. False when nothing is left
    /// for the row to say, `None` when it cannot be met.
    fn says_more(&mut self, program: &LinearProgram, row: RowIx) -> Option<bool> {
        let Row { moving, limits, range } = self.read(program, row);
        if range.lower > limits.upper + INFEASIBLE || range.upper < limits.lower - INFEASIBLE {
            return None;
        }
        if limits.lower <= range.lower && range.upper <= limits.upper {
            return Some(false);
        }
        // A row at the end of its range leaves none of its columns a choice.
        if limits.upper - range.lower <= ROUNDING {
            for (column, value) in moving {
                self.fix(column, value > 0.0);
            }
            return Some(false);
        }
        if range.upper - limits.lower <= ROUNDING {
            for (column, value) in moving {
                self.fix(column, value < 0.0);
            }
            return Some(false);
        }
        let [(column, value)] = moving[..] else { return Some(true) };
        let (one, other) = (limits.lower / value, limits.upper / value);
        self.narrow(column, Bounds::between(one.min(other), one.max(other)));
        Some(false)
    }

    fn fix(&mut self, column: ColumnIx, at_lower: bool) {
        let bounds = &mut self.bounds[column.get()];
        *bounds = Bounds::exactly(if at_lower { bounds.lower } else { bounds.upper });
    }

    fn narrow(&mut self, column: ColumnIx, to: Bounds) {
        let bounds = &mut self.bounds[column.get()];
        *bounds = Bounds::between(bounds.lower.max(to.lower), bounds.upper.min(to.upper));
        if bounds.upper - bounds.lower <= ROUNDING {
            *bounds = Bounds::exactly(f64::midpoint(bounds.lower, bounds.upper));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::Sense;

    #[test]
    fn rows_of_one_column_become_bounds_and_full_rows_fix_theirs() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x: Vec<_> = (0..4).map(|_| program.add_column(0.0, Bounds::between(0.0, 5.0))).collect();
        program.add_row(Bounds::at_most(-4.0), [(x[0], -2.0)]); // x₀ ≥ 2
        program.add_row(Bounds::exactly(10.0), [(x[1], 1.0), (x[2], 1.0)]); // both at 5
        program.add_row(Bounds::at_most(6.0), [(x[2], 1.0), (x[3], 1.0)]); // so x₃ ≤ 1
        program.add_row(Bounds::at_least(1.0), [(x[0], 1.0), (x[3], 1.0)]); // always so
        program.add_row(Bounds::at_most(4.0), [(x[0], 1.0), (x[3], 1.0)]);
        let shrunk = Shrunk::of(&program).expect("it can be met");
        let expected = [(2.0, 5.0), (5.0, 5.0), (5.0, 5.0), (0.0, 1.0)];
        for (bounds, (lower, upper)) in shrunk.bounds.iter().zip(expected) {
            assert_eq!(*bounds, Bounds::between(lower, upper));
        }
        assert_eq!(shrunk.rows, [RowIx(4)]);
    }
}
