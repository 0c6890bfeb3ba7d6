//! What of a program may move. Columns held at one value are taken out of it and count in the limits of their rows, so
//! that a solve takes as long as what is left to choose, not as long as what was settled before.
//!
//! Rows keep their positions, and a price is worth the same in both programs: whatever the prices, the bound that they
//! give differs by what the columns taken out cost, and by nothing else.

use super::blocks::NONE;
use crate::lp::{Bounds, ColumnIx, LinearProgram, ProgramDiff, RowIx, Sense};

/// It is worth the trouble where more than this share of the columns is held.
const WORTH: f64 = 0.25;

/// A program without the columns that are held at one value.
pub struct Moving {
    /// The program.
    pub program: LinearProgram,
    /// Its columns in the whole program.
    columns: Vec<u32>,
    /// Where columns of the whole program are in it, or [`NONE`].
    place: Vec<u32>,
    /// What the columns taken out fill of each row.
    taken: Vec<f64>,
    /// The columns taken out that do not stand at nothing.
    standing: Vec<u32>,
}

impl Moving {
    /// Takes out what is held; `None` where that is little. O(nonzeros).
    pub fn of(whole: &LinearProgram) -> Option<Self> {
        if !is_mostly_held(whole) {
            return None;
        }
        let bounds = whole.column_bounds();
        let mut this = Self {
            program: LinearProgram::new(Sense::Minimise),
            columns: Vec::new(),
            place: vec![NONE; whole.columns()],
            taken: vec![0.0; whole.rows()],
            standing: Vec::new(),
        };
        for (column, bounds) in (0u32..).zip(bounds) {
            if !bounds.is_fixed() {
                this.place[column as usize] = this.columns.len() as u32;
                this.columns.push(column);
            } else if bounds.lower != 0.0 {
                this.standing.push(column);
            }
        }
        this.program.add_columns(this.columns.len(), 0.0, Bounds::NON_NEGATIVE);
        this.program.set_costs(this.columns.iter().map(|column| whole.costs()[*column as usize]).collect());
        for (at, &column) in (0u32..).zip(&this.columns) {
            let bounds = bounds[column as usize];
            if bounds != Bounds::NON_NEGATIVE {
                this.program.set_column_bounds(ColumnIx(at), bounds);
            }
        }
        this.add_rows(whole);
        Some(this)
    }

    fn add_rows(&mut self, whole: &LinearProgram) {
        let Self { program, place, taken, .. } = self;
        let bounds = whole.column_bounds();
        let mut choices = whole.choice_rows().iter().peekable();
        for (row, (limits, taken)) in (0u32..).map(RowIx).zip(whole.row_bounds().iter().zip(taken)) {
            let moves = whole.row(row).filter_map(|(column, value)| match place[column.get()] {
                NONE => {
                    *taken += value * bounds[column.get()].lower;
                    None
                }
                at => Some((ColumnIx(at), value)),
            });
            program.add_row(*limits, moves);
            if *taken != 0.0 {
                program.set_row_bounds(row, left(*limits, *taken));
            }
            if choices.next_if_eq(&&row).is_some() {
                program.mark_choice(row);
            }
        }
    }

    /// Makes the changes that were made to the whole program. False where a column that was taken out may move now, or
    /// where much of what is left is held: then it must be made anew.
    pub fn follow(&mut self, change: &ProgramDiff) -> bool {
        let of = |column: ColumnIx| self.place[column.get()];
        if change.column_bounds.iter().any(|(column, _)| of(*column) == NONE) {
            return false;
        }
        for &(column, bounds) in &change.column_bounds {
            self.program.set_column_bounds(ColumnIx(of(column)), bounds);
        }
        if !change.column_bounds.is_empty() && is_mostly_held(&self.program) {
            return false;
        }
        for &(column, cost) in change.costs.iter().filter(|(column, _)| of(*column) != NONE) {
            self.program.set_cost(ColumnIx(of(column)), cost);
        }
        for &(row, limits) in &change.row_bounds {
            self.program.set_row_bounds(row, left(limits, self.taken[row.get()]));
        }
        true
    }

    /// What the columns taken out cost.
    pub fn cost_of_held(&self, whole: &LinearProgram) -> f64 {
        let cost = |&column: &u32| {
            let at = column as usize;
            whole.costs()[at] * whole.column_bounds()[at].lower
        };
        self.standing.iter().map(cost).sum()
    }

    /// What the columns taken out fill of each row.
    pub fn taken(&self) -> &[f64] {
        &self.taken
    }

    /// The values of all columns of the whole program, from those of the columns that may move.
    pub fn expand(&self, whole: &LinearProgram, values: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; whole.columns()];
        for &column in &self.standing {
            all[column as usize] = whole.column_bounds()[column as usize].lower;
        }
        self.columns.iter().zip(values).for_each(|(column, value)| all[*column as usize] = *value);
        all
    }

    /// Where a column of the whole program is in it, if it is.
    pub fn place(&self, column: u32) -> Option<u32> {
        Some(self.place[column as usize]).filter(|place| *place != NONE)
    }

    /// Its columns in the whole program.
    pub fn columns(&self) -> &[u32] {
        &self.columns
    }
}

fn is_mostly_held(program: &LinearProgram) -> bool {
    let held = program.column_bounds().iter().filter(|bounds| bounds.is_fixed()).count();
    held as f64 > WORTH * program.columns() as f64
}

fn left(limits: Bounds, taken: f64) -> Bounds {
    Bounds::between(limits.lower - taken, limits.upper - taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::dual_bound;

    /// x₀ + x₁ + x₂ = 9, 2 x₁ + x₃ ≤ 8, with x₁ held at 3 and x₃ at nothing.
    fn program() -> LinearProgram {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x: Vec<_> = (0..4).map(|at| program.add_column(f64::from(at), Bounds::NON_NEGATIVE)).collect();
        let all = program.add_row(Bounds::exactly(9.0), x[..3].iter().map(|column| (*column, 1.0)));
        program.mark_choice(all);
        program.add_row(Bounds::at_most(8.0), [(x[1], 2.0), (x[3], 1.0)]);
        program.set_column_bounds(x[1], Bounds::exactly(3.0));
        program.set_column_bounds(x[3], Bounds::exactly(0.0));
        program
    }

    #[test]
    fn what_is_held_counts_in_the_limits_of_its_rows_and_every_price_proves_as_much() {
        let whole = program();
        let moving = Moving::of(&whole).expect("half of it is held");
        assert_eq!(moving.program.costs(), [0.0, 2.0]);
        assert_eq!(moving.program.row_bounds(), [Bounds::exactly(6.0), Bounds::at_most(2.0)]);
        assert_eq!(moving.program.choice_rows(), [RowIx(0)]);
        assert_eq!(moving.expand(&whole, &[4.0, 2.0]), [4.0, 3.0, 2.0, 0.0]);
        for prices in [[0.0, 0.0], [1.5, 0.0], [-2.0, -1.0], [0.25, -3.0]] {
            let of_all = dual_bound(&whole, &prices);
            let of_moving = dual_bound(&moving.program, &prices) + moving.cost_of_held(&whole);
            assert!(of_all == of_moving || (of_all - of_moving).abs() < 1e-12, "{of_all} {of_moving}");
        }
    }

    #[test]
    fn it_follows_changes_until_what_was_taken_out_may_move() {
        let mut whole = program();
        let mut moving = Moving::of(&whole).expect("half of it is held");
        let change = ProgramDiff {
            costs: vec![(ColumnIx(1), 7.0), (ColumnIx(2), 5.0)],
            column_bounds: Vec::new(),
            row_bounds: vec![(RowIx(1), Bounds::at_most(6.0))],
        };
        change.apply(&mut whole);
        assert!(moving.follow(&change));
        let anew = Moving::of(&whole).expect("half of it is held");
        assert_eq!(moving.program, anew.program);
        assert_eq!(moving.cost_of_held(&whole), 21.0);
        let column_bounds = vec![(ColumnIx(3), Bounds::NON_NEGATIVE)];
        assert!(!moving.follow(&ProgramDiff { column_bounds, ..ProgramDiff::default() }));
    }
}
