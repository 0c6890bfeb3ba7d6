//! Takes out of a program what a limit makes a part of a capacity.
//!
//! Shorter stays free room for patients: Σ x ≤ ρ·b + freed, with freed ≤ μ·ρ·b. Where what is freed costs nothing, or is all
//! that its limit lets be, only the sum of the two rows matters: Σ x ≤ (1 + μ)·ρ·b. The program without these columns and
//! limits is one that can be taken apart as a network; with them it is not, and goes to HiGHS whole.
//!
//! The sum of the rows has a price, which is the price of both: the reduced cost of the column taken out is then nothing.
//! So the answer is proven for the program as it was given.

use super::rewritten::{Next, Rewrite};
use crate::lp::{Bounds, ColumnIx, LinearProgram, ProgramDiff, RawDuals, RawSolution, RowIx};
use std::collections::BTreeMap;

/// The column and what it is a share of.
const COLUMNS_OF_A_LIMIT: usize = 2;

/// A column's own limit is not below what its limit row lets be anyway, but for this part of it.
const SAME: f64 = 1e-12;

/// A program without the columns that a limit makes a part of a capacity.
pub struct Folded {
    places: Vec<Place>,
    fold: Fold,
    /// The program without them.
    program: LinearProgram,
}

impl Rewrite for Folded {
    fn of(program: &LinearProgram) -> Option<(Self, LinearProgram)> {
        let places = places(program);
        if places.is_empty() {
            return None;
        }
        let fold = Fold::of(program, &places);
        let folded = fold.make(program);
        Some((Self { places, fold, program: folded.clone() }, folded))
    }

    fn follow(&mut self, program: &LinearProgram, _: &ProgramDiff) -> Next {
        let fold = Fold::of(program, &self.places);
        let mut folded = self.program.clone();
        if fold == self.fold {
            fold.bound(program, &mut folded);
        } else {
            folded = fold.make(program);
            self.fold = fold;
        }
        let change = ProgramDiff::between(&self.program, &folded);
        self.program = folded;
        change.map_or_else(|_| Next::Anew(self.program.clone()), Next::Change)
    }

    fn read(&self, program: &LinearProgram, found: RawSolution) -> RawSolution {
        if self.fold.parts.is_empty() { found } else { self.fold.read(program, found) }
    }
}

/// A column that is taken out, with the two rows that it stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    column: u32,
    /// The capacity, with the column's coefficient there; below 0.
    capacity: RowIx,
    widens: f64,
    /// Its limit, with the column's coefficient there; above 0.
    limit: RowIx,
    own: f64,
    /// Whether the column is all that its limit lets be.
    all: bool,
}

impl Part {
    /// How often the limit is added to the capacity.
    fn times(&self) -> f64 {
        -self.widens / self.own
    }

    /// No more than the capacity asks for; all that the limit lets be where that is asked.
    fn value(&self, whole: &LinearProgram, columns: &[f64]) -> f64 {
        let left = |row: RowIx| {
            let others = whole.row(row).filter(|(column, _)| column.0 != self.column);
            whole.row_bounds()[row.get()].upper
                - others.map(|(column, value)| value * columns[column.get()]).sum::<f64>()
        };
        let most = left(self.limit) / self.own;
        if self.all { most } else { (left(self.capacity) / self.widens).min(most).max(0.0) }
    }
}

/// What is taken out of a program, in order of column.
#[derive(Debug, PartialEq)]
struct Fold {
    parts: Vec<Part>,
}

impl Fold {
    /// Which of these columns may be taken out at the costs and limits of the program as it stands.
    fn of(program: &LinearProgram, places: &[Place]) -> Self {
        let mut taken = vec![false; program.rows()];
        let mut parts: Vec<Part> = places.iter().filter_map(|place| part(program, *place)).collect();
        // A row is part of one sum only.
        parts.retain(|part| {
            let rows = [part.capacity.get(), part.limit.get()];
            let is_free = !rows.iter().any(|row| taken[*row]);
            taken[rows[0]] = true;
            taken[rows[1]] = true;
            is_free
        });
        Self { parts }
    }

    /// The program without them. Rows and columns keep their positions; limits say nothing any more.
    fn make(&self, whole: &LinearProgram) -> LinearProgram {
        if self.parts.is_empty() {
            return whole.clone();
        }
        let by_row: BTreeMap<RowIx, &Part> =
            self.parts.iter().flat_map(|part| [(part.capacity, part), (part.limit, part)]).collect();
        let mut folded = LinearProgram::new(whole.sense());
        folded.add_columns(whole.columns(), 0.0, Bounds::NON_NEGATIVE);
        let mut choices = whole.choice_rows().iter().peekable();
        for row in (0..whole.rows() as u32).map(RowIx) {
            match by_row.get(&row) {
                None => folded.add_row(Bounds::FREE, whole.row(row)),
                Some(part) if row == part.limit => folded.add_row(Bounds::FREE, []),
                Some(part) => {
                    let mut sum: BTreeMap<ColumnIx, f64> = whole.row(row).collect();
                    for (column, value) in whole.row(part.limit) {
                        *sum.entry(column).or_default() += part.times() * value;
                    }
                    sum.remove(&ColumnIx(part.column));
                    folded.add_row(Bounds::FREE, sum)
                }
            };
            if choices.next_if_eq(&&row).is_some() {
                folded.mark_choice(row);
            }
        }
        self.bound(whole, &mut folded);
        folded
    }

    /// Gives the program without them the costs and limits that follow from the whole program's.
    fn bound(&self, whole: &LinearProgram, folded: &mut LinearProgram) {
        let mut costs = whole.costs().to_vec();
        for (column, bounds) in (0u32..).map(ColumnIx).zip(whole.column_bounds()) {
            folded.set_column_bounds(column, *bounds);
        }
        for (row, bounds) in (0u32..).map(RowIx).zip(whole.row_bounds()) {
            folded.set_row_bounds(row, *bounds);
        }
        for part in &self.parts {
            let cost = std::mem::take(&mut costs[part.column as usize]);
            for (column, value) in whole.row(part.limit).filter(|(column, _)| column.0 != part.column) {
                costs[column.get()] -= cost * value / part.own;
            }
            let of = |row: RowIx| whole.row_bounds()[row.get()];
            let (capacity, limit) = (of(part.capacity), part.times() * of(part.limit).upper);
            let sum = Bounds::between(capacity.lower + limit, capacity.upper + limit);
            folded.set_row_bounds(part.capacity, sum);
            folded.set_row_bounds(part.limit, Bounds::FREE);
            folded.set_column_bounds(ColumnIx(part.column), Bounds::exactly(0.0));
        }
        folded.set_costs(costs);
    }
}

/// A column of two rows, a capacity and a limit, with its coefficients there.
type Place = (u32, [(RowIx, f64); 2]);

/// The columns that stand in just two rows, a limit of their own and one with the opposite sign, and in no choice.
/// O(nonzeros): one look at each, for limits are few.
fn places(program: &LinearProgram) -> Vec<Place> {
    let is_choice = |row: RowIx| program.choice_rows().binary_search(&row).is_ok();
    let starts = program.row_starts();
    let is_short = |row: &RowIx| starts[row.get() + 1] - starts[row.get()] == COLUMNS_OF_A_LIMIT;
    let rows = || (0..program.rows() as u32).map(RowIx);
    let mut limits: BTreeMap<ColumnIx, (RowIx, f64)> = BTreeMap::new();
    for row in rows().filter(is_short).filter(|row| !is_choice(*row)) {
        limits
            .extend(program.row(row).filter(|(_, own)| *own > 0.0).map(|(column, own)| (column, (row, own))));
    }
    if limits.is_empty() {
        return Vec::new();
    }
    let mut wanted = vec![false; program.columns()];
    for column in limits.keys() {
        wanted[column.get()] = true;
    }
    let mut others: BTreeMap<ColumnIx, Vec<(RowIx, f64)>> = BTreeMap::new();
    for row in rows() {
        for (column, value) in program.row(row).filter(|(column, _)| wanted[column.get()]) {
            if limits[&column].0 != row {
                others.entry(column).or_default().push((row, value));
            }
        }
    }
    let place = |(column, others): (ColumnIx, Vec<(RowIx, f64)>)| match others[..] {
        [(row, widens)] if widens < 0.0 && !is_choice(row) => {
            Some((column.0, [(row, widens), limits[&column]]))
        }
        _ => None,
    };
    others.into_iter().filter_map(place).collect()
}

/// Whether what the limit lets be is never below nothing, and the column is all of that or costs nothing.
fn part(program: &LinearProgram, (column, [capacity, limit]): Place) -> Option<Part> {
    let of = |row: RowIx| program.row_bounds()[row.get()];
    let bounds = |column: ColumnIx| program.column_bounds()[column.get()];
    let others = || program.row(limit.0).filter(|(other, _)| other.0 != column);
    let is_limit = (0.0..f64::INFINITY).contains(&of(limit.0).upper)
        && others().all(|(other, value)| value < 0.0 && bounds(other).lower >= 0.0);
    let all = of(limit.0).is_fixed();
    let has_cost = program.costs()[column as usize] != 0.0;
    let one_sided = |row: RowIx| of(row).lower == f64::NEG_INFINITY;
    let fits = all || (!has_cost && one_sided(limit.0) && one_sided(capacity.0));
    let most = others().fold(of(limit.0).upper, |sum, (other, value)| sum - value * bounds(other).upper);
    let own = bounds(ColumnIx(column));
    let is_plain = own.lower == 0.0 && own.upper >= most / limit.1 * (1.0 - SAME);
    (is_limit && fits && is_plain && of(capacity.0).upper.is_finite()).then_some(Part {
        column,
        capacity: capacity.0,
        widens: capacity.1,
        limit: limit.0,
        own: limit.1,
        all,
    })
}

impl Fold {
    /// What was found, in terms of the program as it was given.
    fn read(&self, whole: &LinearProgram, found: RawSolution) -> RawSolution {
        let mut columns = found.columns;
        for part in &self.parts {
            columns[part.column as usize] = part.value(whole, &columns);
        }
        let objective = whole.objective(&columns);
        let beside = objective - found.objective;
        let duals = found.duals.map(|duals| {
            let mut rows = duals.rows;
            for part in &self.parts {
                let cost = whole.costs()[part.column as usize];
                rows[part.limit.get()] = part.times() * rows[part.capacity.get()] + cost / part.own;
            }
            RawDuals { columns: whole.reduced_costs(&rows), rows }
        });
        RawSolution {
            objective,
            bound: found.bound.map(|bound| bound + beside),
            rows: whole.activities(&columns),
            columns,
            duals,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::{Outcome, Sense, dual_bound};
    use crate::solver::rewritten::RewritingSolver;
    use crate::solver::{HighsSolver, Solver, SolverOptions};

    /// At least 10 x are wanted, at £9 each that is missing. There is room for 0.8 of b beds at £4 each, and for what
    /// shorter stays free: no more than 0.04 of b, at a cost.
    fn program(cost: f64, limit: Bounds) -> LinearProgram {
        let mut program = LinearProgram::new(Sense::Minimise);
        let [x, beds, freed, missing] =
            [0.0, 4.0, cost, 9.0].map(|cost| program.add_column(cost, Bounds::NON_NEGATIVE));
        program.add_row(Bounds::at_least(10.0), [(x, 1.0), (missing, 1.0)]);
        program.add_row(Bounds::at_most(0.0), [(x, 1.0), (beds, -0.8), (freed, -1.0)]);
        program.add_row(limit, [(freed, 1.0), (beds, -0.04)]);
        program
    }

    fn folded(program: &LinearProgram) -> (Fold, LinearProgram) {
        let fold = Fold::of(program, &places(program));
        let made = fold.make(program);
        (fold, made)
    }

    #[test]
    fn what_costs_nothing_makes_each_bed_worth_more() {
        let (fold, made) = folded(&program(0.0, Bounds::at_most(0.0)));
        assert_eq!(fold.parts.len(), 1);
        let row: Vec<f64> = made.row(RowIx(1)).map(|(_, value)| value).collect();
        assert_eq!(row.len(), 2);
        assert!((row[0] - 1.0).abs() < 1e-12 && (row[1] + 0.84).abs() < 1e-12, "{row:?}");
        assert_eq!(made.row_bounds()[1..], [Bounds::at_most(0.0), Bounds::FREE]);
    }

    #[test]
    fn what_costs_something_is_taken_out_only_where_all_of_it_is_freed() {
        let free_to_choose = program(1.0, Bounds::at_most(0.0));
        assert!(folded(&free_to_choose).0.parts.is_empty());
        let (_, made) = folded(&program(1.0, Bounds::exactly(0.0)));
        assert!((made.costs()[1] - 4.04).abs() < 1e-12, "{:?}", made.costs());
    }

    /// A bed gives 0.84 for £4 (£4.04 with a cost), so x is worth £4.76 (£4.81) and nothing is missing.
    #[test]
    fn the_answer_is_proven_for_the_program_as_it_was_given() {
        for (cost, limit) in [(0.0, Bounds::at_most(0.0)), (1.0, Bounds::exactly(0.0))] {
            let program = program(cost, limit);
            let highs = Box::new(HighsSolver::new(SolverOptions::default()));
            let mut solver = RewritingSolver::<Folded>::new(highs, 0);
            let Ok(Outcome::Optimal(found)) = solver.solve(&program) else { panic!("there is a best") };
            assert!(!folded(&program).0.parts.is_empty());
            let expected = 10.0 * (4.0 + 0.04 * cost) / 0.84;
            assert!((found.objective - expected).abs() < 1e-9, "{}", found.objective);
            assert!((found.columns[2] - 0.04 * found.columns[1]).abs() < 1e-9, "{:?}", found.columns);
            let bound = dual_bound(&program, &found.duals.expect("a linear program has prices").rows);
            assert!((bound - expected).abs() < 1e-9, "{bound}");
        }
    }
}
