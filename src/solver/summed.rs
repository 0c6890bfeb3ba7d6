//! Writes a row over columns that equations add up in terms of the sums.
//!
//! What all regions leave unmet may be held: Σ u ≤ U. Where each region's share is a column, Σ_region u − D·z = 0, the
//! same is said by Σ D·z ≤ U. Then every u stands in one row beside its own demand, and the program is a network, with
//! the limit above the regions; before, it was none.
//!
//! The row is less so many times the equations, so its price goes to them with as many times the opposite sign, and
//! the answer is proven for the program as it was given.

use super::rewritten::{Next, Rewrite};
use crate::lp::{Bounds, ColumnIx, LinearProgram, ProgramDiff, RawDuals, RawSolution, RowIx};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Coefficients that differ by a smaller part are the same.
const SAME: f64 = 1e-12;
/// A sum is of no fewer columns.
const LEAST_COLUMNS: usize = 2;

/// A program with such rows in terms of sums.
pub struct Summed {
    sums: Vec<Sum>,
}

/// A row, and how often each equation is taken off it.
#[derive(Debug, PartialEq)]
struct Sum {
    row: RowIx,
    equations: Vec<(RowIx, f64)>,
}

impl Rewrite for Summed {
    fn of(program: &LinearProgram) -> Option<(Self, LinearProgram)> {
        let sums = sums(program);
        if sums.is_empty() {
            return None;
        }
        let other = summed(program, &sums);
        Some((Self { sums }, other))
    }

    fn follow(&mut self, program: &LinearProgram, change: &ProgramDiff) -> Next {
        let sums = sums(program);
        let is_of_sum = |(row, _): &(RowIx, Bounds)| {
            self.sums.iter().any(|sum| sum.equations.iter().any(|(equation, _)| equation == row))
        };
        if sums != self.sums || change.row_bounds.iter().any(is_of_sum) {
            self.sums = sums;
            return Next::Anew(summed(program, &self.sums));
        }
        let mut change = change.clone();
        for (row, limits) in &mut change.row_bounds {
            if let Some(sum) = self.sums.iter().find(|sum| sum.row == *row) {
                *limits = sum.limits(program);
            }
        }
        Next::Change(change)
    }

    fn read(&self, program: &LinearProgram, found: RawSolution) -> RawSolution {
        let duals = found.duals.map(|duals| {
            let mut rows = duals.rows;
            for sum in &self.sums {
                let price = rows[sum.row.get()];
                sum.equations.iter().for_each(|(row, times)| rows[row.get()] -= times * price);
            }
            RawDuals { columns: program.reduced_costs(&rows), rows }
        });
        RawSolution { rows: program.activities(&found.columns), duals, ..found }
    }
}

impl Sum {
    /// The limits of the row in terms of sums.
    fn limits(&self, whole: &LinearProgram) -> Bounds {
        let of = |row: RowIx| whole.row_bounds()[row.get()];
        let taken: f64 = self.equations.iter().map(|(row, times)| times * of(*row).lower).sum();
        Bounds::between(of(self.row).lower - taken, of(self.row).upper - taken)
    }

    /// The row in terms of sums.
    fn terms(&self, whole: &LinearProgram) -> BTreeMap<ColumnIx, f64> {
        let mut left: BTreeMap<ColumnIx, f64> = whole.row(self.row).collect();
        for &(equation, times) in &self.equations {
            for (column, value) in whole.row(equation) {
                let taken = times * value;
                let entry = left.entry(column).or_default();
                *entry -= taken;
                if entry.abs() <= SAME * taken.abs() {
                    left.remove(&column);
                }
            }
        }
        left
    }
}

/// The program with its rows in terms of sums.
fn summed(whole: &LinearProgram, sums: &[Sum]) -> LinearProgram {
    let mut program = LinearProgram::new(whole.sense());
    program.add_columns(whole.columns(), 0.0, Bounds::NON_NEGATIVE);
    program.set_costs(whole.costs().to_vec());
    for (column, bounds) in (0u32..).map(ColumnIx).zip(whole.column_bounds()) {
        if *bounds != Bounds::NON_NEGATIVE {
            program.set_column_bounds(column, *bounds);
        }
    }
    let mut choices = whole.choice_rows().iter().peekable();
    let mut sums = sums.iter().peekable();
    for (row, limits) in (0u32..).map(RowIx).zip(whole.row_bounds()) {
        match sums.next_if(|sum| sum.row == row) {
            Some(sum) => program.add_row(sum.limits(whole), sum.terms(whole)),
            None => program.add_row(*limits, whole.row(row)),
        };
        if choices.next_if_eq(&&row).is_some() {
            program.mark_choice(row);
        }
    }
    program
}

/// The rows that are sums, in order. O(entries of equations) where there are none.
fn sums(program: &LinearProgram) -> Vec<Sum> {
    let mut is_choice = vec![false; program.rows()];
    program.choice_rows().iter().for_each(|row| is_choice[row.get()] = true);
    let others = || (0..program.rows() as u32).map(RowIx).filter(|row| !is_choice[row.get()]);
    let mut given: FxHashMap<ColumnIx, (RowIx, f64)> = FxHashMap::default();
    let length = |row: RowIx| program.row(row).size_hint().0;
    for row in others().filter(|row| program.row_bounds()[row.get()].is_fixed()) {
        for (column, value) in program.row(row) {
            let known = given.entry(column).or_insert((row, value));
            if length(row) < length(known.0) {
                *known = (row, value);
            }
        }
    }
    others().filter_map(|row| sum(program, row, &given)).collect()
}

/// Whether some columns of a row are all but one of those of equations, at the same ratio in each: then it is a sum.
/// `given` is the shortest equation of each column that has one.
fn sum(program: &LinearProgram, row: RowIx, given: &FxHashMap<ColumnIx, (RowIx, f64)>) -> Option<Sum> {
    let (first, _) = program.row(row).next()?;
    given.get(&first).filter(|(equation, _)| *equation != row)?;
    let mut equations: BTreeMap<RowIx, (f64, usize)> = BTreeMap::new();
    for (column, value) in program.row(row) {
        let Some(&(equation, own)) = given.get(&column).filter(|(equation, _)| *equation != row) else {
            continue;
        };
        let (times, count) = equations.entry(equation).or_insert((value / own, 0));
        if (value / own - *times).abs() > SAME * times.abs() {
            return None;
        }
        *count += 1;
    }
    let is_sum = |(equation, (_, count)): (&RowIx, &(f64, usize))| {
        *count >= LEAST_COLUMNS && program.row(*equation).count() == count + 1
    };
    let all = !equations.is_empty() && equations.iter().all(is_sum);
    all.then(|| Sum {
        row,
        equations: equations.into_iter().map(|(equation, (times, _))| (equation, times)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::{Outcome, Sense, dual_bound};
    use crate::solver::rewritten::RewritingSolver;
    use crate::solver::{HighsSolver, Solver, SolverOptions};

    /// Two regions of two places each, whose u are 3, 2 and 4, 1 short; each region's share z is of a need of 10. All u
    /// together are to be 6 or less, and what is met beside costs 1 in the first region and 2 in the second.
    fn program(ratio: f64) -> LinearProgram {
        let mut program = LinearProgram::new(Sense::Minimise);
        let unmet: Vec<_> = (0..4).map(|_| program.add_column(0.0, Bounds::NON_NEGATIVE)).collect();
        let met: Vec<_> =
            [1.0, 1.0, 2.0, 2.0].map(|cost| program.add_column(cost, Bounds::NON_NEGATIVE)).into();
        let shares: Vec<_> = (0..2).map(|_| program.add_column(0.0, Bounds::between(0.0, 1.0))).collect();
        for (place, need) in [3.0, 2.0, 4.0, 1.0].into_iter().enumerate() {
            let row = program.add_row(Bounds::exactly(need), [(unmet[place], 1.0), (met[place], 1.0)]);
            program.mark_choice(row);
        }
        for (region, share) in shares.iter().enumerate() {
            let places = unmet[2 * region..2 * region + 2].iter().map(|column| (*column, 1.0));
            program.add_row(Bounds::exactly(0.5), places.chain([(*share, -10.0)]));
        }
        let weights = [1.0, ratio, 1.0, 1.0];
        program.add_row(Bounds::at_most(6.0), unmet.iter().copied().zip(weights));
        program
    }

    #[test]
    fn a_limit_on_all_is_one_on_the_shares_of_which_each_is_a_sum() {
        let given = program(1.0);
        let found = sums(&given);
        let equations = vec![(RowIx(4), 1.0), (RowIx(5), 1.0)];
        assert_eq!(found, [Sum { row: RowIx(6), equations }]);
        let made = summed(&given, &found);
        let row: Vec<_> = made.row(RowIx(6)).collect();
        assert_eq!(row, [(ColumnIx(8), 10.0), (ColumnIx(9), 10.0)]);
        assert_eq!(made.row_bounds()[6], Bounds::at_most(5.0));
        // Where one place counts twice there is no sum.
        assert!(sums(&program(2.0)).is_empty());
    }

    /// Of the need of 10 no more than 6 stay unmet, all 5 of the dear region among them: 4 are met at 1.
    #[test]
    fn the_answer_is_proven_for_the_program_as_it_was_given_and_follows_its_limit() {
        let given = program(1.0);
        let mut solver =
            RewritingSolver::<Summed>::new(Box::new(HighsSolver::new(SolverOptions::default())), 0);
        let first = solver.solve(&given).expect("no fault");
        let mut changed = given.clone();
        changed.set_row_bounds(RowIx(6), Bounds::at_most(8.0));
        let change = ProgramDiff::between(&given, &changed).expect("the same shape");
        let second = solver.warm().expect("it goes on").resolve(&change).expect("no fault");
        for (outcome, program, expected) in [(first, given, 4.0), (second, changed, 2.0)] {
            let Outcome::Optimal(found) = outcome else { panic!("there is a best: {outcome:?}") };
            assert!((found.objective - expected).abs() < 1e-9, "{}", found.objective);
            let bound = dual_bound(&program, &found.duals.expect("a linear program has prices").rows);
            assert!((bound - expected).abs() < 1e-9, "{bound}");
        }
    }
}
