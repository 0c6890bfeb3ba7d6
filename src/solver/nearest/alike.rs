//! Choices that are alike: among columns that stand in the same other rows. Any split of their sum is a split for
//! each, so one row stands for all of them. No squares may hang on them.
//!
//! On small areas 82,000 choices are left on the face of the levels, mostly between sites within the free
//! minutes; 10,000 of them are different.

use super::shrink::Shrunk;
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};
use std::collections::HashMap;

/// Coefficients in other rows for one unit of the column's own row, to the last bit.
type Kind = Vec<(u32, u64)>;

/// Which rows and columns stand for which.
pub struct Alike {
    /// Rows of which each stands for itself or for several, with the sum of their right-hand sides over its own.
    pub rows: Vec<(RowIx, f64)>,
    /// Columns whose value is a share of another's: itself, the other, the share.
    pub shares: Vec<(ColumnIx, ColumnIx, f64)>,
}

/// A choice that stands for those like it.
struct First {
    /// Its place among the rows.
    at: usize,
    amount: f64,
    /// Its columns in order of kind, with their coefficients.
    columns: Vec<(ColumnIx, f64)>,
    others: Vec<(f64, Vec<(ColumnIx, f64)>)>,
}

impl Alike {
    /// Looks through the choices that are left. `has_square` says which columns must keep their own value.
    /// O(nonzeros).
    pub fn of(program: &LinearProgram, shrunk: &Shrunk, has_square: &[bool]) -> Self {
        let entries = Entries::of(program, shrunk);
        let mut is_choice = vec![false; program.rows()];
        program.choice_rows().iter().for_each(|row| is_choice[row.get()] = true);
        let mut this = Self { rows: Vec::with_capacity(shrunk.rows.len()), shares: Vec::new() };
        let mut kinds: HashMap<Kind, u32> = HashMap::new();
        let mut place: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut firsts: Vec<First> = Vec::new();
        for &row in &shrunk.rows {
            let fixed = program.row_bounds()[row.get()].is_fixed();
            let of_row = (fixed && is_choice[row.get()])
                .then(|| choice(program, shrunk, &entries, row, has_square, &is_choice))
                .flatten();
            let Some(choice) = of_row else {
                this.rows.push((row, 0.0));
                continue;
            };
            let mut columns: Vec<(u32, ColumnIx, f64)> = choice
                .into_iter()
                .map(|(kind, column, coefficient)| {
                    let next = kinds.len() as u32;
                    (*kinds.entry(kind).or_insert(next), column, coefficient)
                })
                .collect();
            columns.sort_unstable_by_key(|(kind, column, _)| (*kind, *column));
            let key = columns.iter().map(|(kind, ..)| *kind).collect();
            let columns: Vec<_> = columns.into_iter().map(|(_, column, value)| (column, value)).collect();
            let amount = shrunk.row_bounds(program, row).upper;
            let next = firsts.len();
            let at = *place.entry(key).or_insert(next);
            if at == next {
                firsts.push(First { at: this.rows.len(), amount, columns, others: Vec::new() });
                this.rows.push((row, 0.0));
            } else {
                firsts[at].others.push((amount, columns));
            }
        }
        for first in &firsts {
            this.share(first);
        }
        this
    }

    /// Gives each choice its part of the one that stands for all.
    fn share(&mut self, first: &First) {
        let more: f64 = first.others.iter().map(|(amount, _)| amount).sum();
        let all = first.amount + more;
        self.rows[first.at].1 = more;
        if first.others.is_empty() {
            return;
        }
        let part = |amount: f64| if all > 0.0 { amount / all } else { 0.0 };
        for (amount, columns) in &first.others {
            for (&(column, value), &(of, of_value)) in columns.iter().zip(&first.columns) {
                self.shares.push((column, of, part(*amount) * of_value / value));
            }
        }
        self.shares.extend(first.columns.iter().map(|&(column, _)| (column, column, part(first.amount))));
    }
}

/// The columns of a choice, with their kinds and coefficients; `None` where it must stay as it is.
fn choice(
    program: &LinearProgram,
    shrunk: &Shrunk,
    entries: &Entries,
    row: RowIx,
    has_square: &[bool],
    is_choice: &[bool],
) -> Option<Vec<(Kind, ColumnIx, f64)>> {
    let moving = program.row(row).filter(|(column, _)| !shrunk.bounds[column.get()].is_fixed());
    moving
        .map(|(column, coefficient)| {
            let plain = coefficient > 0.0 && shrunk.bounds[column.get()] == Bounds::NON_NEGATIVE;
            let others = || entries.of_column(column).iter().filter(|(other, _)| *other != row.0);
            let free = plain && !has_square[column.get()];
            (free && others().all(|(other, _)| !is_choice[*other as usize])).then(|| {
                let kind = others().map(|&(other, value)| (other, (value / coefficient).to_bits()));
                (kind.collect(), column, coefficient)
            })
        })
        .collect()
}

/// The rows that are left, by column.
struct Entries {
    starts: Vec<usize>,
    entries: Vec<(u32, f64)>,
}

impl Entries {
    fn of(program: &LinearProgram, shrunk: &Shrunk) -> Self {
        let moving =
            |row: RowIx| program.row(row).filter(|(column, _)| !shrunk.bounds[column.get()].is_fixed());
        let mut starts = vec![0; program.columns() + 1];
        for &row in &shrunk.rows {
            moving(row).for_each(|(column, _)| starts[column.get() + 1] += 1);
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0.0); starts[program.columns()]];
        for &row in &shrunk.rows {
            for (column, value) in moving(row) {
                entries[next[column.get()]] = (row.0, value);
                next[column.get()] += 1;
            }
        }
        Self { starts, entries }
    }

    fn of_column(&self, column: ColumnIx) -> &[(u32, f64)] {
        &self.entries[self.starts[column.get()]..self.starts[column.get() + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::Sense;

    #[test]
    fn choices_among_the_same_columns_are_one_and_share_it_by_amount() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let mut capacity: [Vec<(ColumnIx, f64)>; 2] = Default::default();
        let mut choices = Vec::new();
        // The third choice weighs twice as much on the second row, so it is another kind.
        for (amount, weight) in [(1.0, 1.0), (3.0, 1.0), (1.0, 2.0)] {
            let x = [(); 2].map(|()| program.add_column(0.0, Bounds::NON_NEGATIVE));
            let row = program.add_row(Bounds::exactly(amount), x.map(|x| (x, 1.0)));
            program.mark_choice(row);
            capacity[0].push((x[0], 1.0));
            capacity[1].push((x[1], weight));
            choices.push(x);
        }
        for terms in capacity {
            program.add_row(Bounds::at_most(3.0), terms);
        }
        let shrunk = Shrunk::of(&program).expect("it can be met");
        let alike = Alike::of(&program, &shrunk, &vec![false; program.columns()]);
        let rows = [(RowIx(0), 3.0), (RowIx(2), 0.0), (RowIx(3), 0.0), (RowIx(4), 0.0)];
        assert_eq!(alike.rows, rows);
        let [first, second, _] = choices[..] else { panic!("three choices") };
        let expected = [
            (second[0], first[0], 0.75),
            (second[1], first[1], 0.75),
            (first[0], first[0], 0.25),
            (first[1], first[1], 0.25),
        ];
        assert_eq!(alike.shares, expected);
        let mut has_square = vec![false; program.columns()];
        has_square[first[0].get()] = true;
        assert!(Alike::of(&program, &shrunk, &has_square).shares.is_empty());
    }
}
