//! Blocks: one for each choice row, with the columns that belong to it alone.

use crate::lp::{Bounds, LinearProgram, RowIx};
use rustc_hash::FxHashMap;

/// A column or row that is in no block.
pub const NONE: u32 = u32::MAX;

/// How a program falls into blocks. Only its coefficients matter, so it outlives changed bounds and costs.
pub struct Blocks {
    /// Choice row of each block.
    pub rows: Vec<u32>,
    /// Block of each row, or [`NONE`] for a row that couples blocks.
    pub block_of_row: Vec<u32>,
    /// Block of each column, or [`NONE`] for a column shared by several.
    pub home: Vec<u32>,
    /// Whether a column stands in one choice alone, whatever its bounds.
    may_be_own: Vec<bool>,
    /// Kind of each column: columns with the same entries in the coupling rows, for one unit of their
    /// block's row, are of one kind. [`NONE`] for a shared column; empty until [`Blocks::find_kinds`].
    pub kinds: Vec<u32>,
    /// Whether columns of blocks stand in a row.
    pub coupled: Vec<bool>,
    /// The columns of a block, with their coefficient in its row: `own_starts[b]..own_starts[b + 1]`.
    own_starts: Vec<usize>,
    own: Vec<(u32, f64)>,
    /// Shared columns in the row of a block.
    shared_starts: Vec<usize>,
    shared: Vec<(u32, f64)>,
    /// Coupling rows of each column.
    coupling: Entries,
    /// All rows of the columns that are in no block.
    entries: Entries,
}

impl Blocks {
    /// Reads the blocks off a program with choice rows. O(nonzeros).
    pub fn of(program: &LinearProgram) -> Self {
        let rows: Vec<u32> = program
            .choice_rows()
            .iter()
            .filter(|row| program.row_bounds()[row.get()].is_fixed())
            .map(|row| row.0)
            .collect();
        let mut block_of_row = vec![NONE; program.rows()];
        let mut home = vec![NONE; program.columns()];
        let mut shared_by_several = vec![false; program.columns()];
        for (block, &row) in (0u32..).zip(&rows) {
            block_of_row[row as usize] = block;
            for (column, value) in program.row(RowIx(row)) {
                let at = column.get();
                shared_by_several[at] |= home[at] != NONE || value <= 0.0;
                home[at] = block;
            }
        }
        let may_be_own =
            home.iter().zip(&shared_by_several).map(|(home, shared)| *home != NONE && !shared).collect();
        for (at, shared) in shared_by_several.iter().enumerate() {
            if *shared || !is_plain(program.column_bounds()[at]) {
                home[at] = NONE;
            }
        }
        let mut own_starts = vec![0];
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        let mut shared_starts = vec![0];
        for &row in &rows {
            for (column, value) in program.row(RowIx(row)) {
                if home[column.get()] == NONE { &mut shared } else { &mut own }.push((column.0, value));
            }
            own_starts.push(own.len());
            shared_starts.push(shared.len());
        }
        let coupling = Entries::of(program, |row| block_of_row[row as usize] == NONE, |_| true);
        let entries = Entries::of(program, |_| true, |column| home[column as usize] == NONE);
        let mut this = Self {
            rows,
            block_of_row,
            home,
            may_be_own,
            kinds: Vec::new(),
            coupled: vec![false; program.rows()],
            own_starts,
            own,
            shared_starts,
            shared,
            coupling,
            entries,
        };
        for &(column, _) in &this.own {
            for &(row, _) in this.coupling.of_column(column) {
                this.coupled[row as usize] = true;
            }
        }
        this
    }

    /// Finds the kind of each column, which only rounds of restricted programs ask for.
    pub fn find_kinds(&mut self, program: &LinearProgram) {
        let mut kinds = vec![NONE; program.columns()];
        let mut known: FxHashMap<Vec<(u32, u64)>, u32> = FxHashMap::default();
        for &(column, coefficient) in &self.own {
            let entries = self
                .coupling(column)
                .iter()
                .filter(|(row, _)| program.row_bounds()[*row as usize] != Bounds::FREE)
                .map(|&(row, value)| (row, (value / coefficient).to_bits()))
                .collect();
            let next = known.len() as u32;
            kinds[column as usize] = *known.entry(entries).or_insert(next);
        }
        self.kinds = kinds;
    }

    /// Whether changed bounds make other blocks of the program that they were read off: a choice that is no equation
    /// any more, a column that may no more be a block's own. Other limits do not matter, and reading the blocks takes
    /// as long as some solves.
    pub fn depend_on(
        &self,
        before: &LinearProgram,
        rows: &[(RowIx, Bounds)],
        mut columns: impl Iterator<Item = (u32, Bounds)>,
    ) -> bool {
        let of_choice = |(row, after): &(RowIx, Bounds)| {
            before.row_bounds()[row.get()].is_fixed() != after.is_fixed()
                && before.choice_rows().binary_search(row).is_ok()
        };
        let of_own = |(column, after): (u32, Bounds)| {
            let at = column as usize;
            self.may_be_own[at] && is_plain(before.column_bounds()[at]) != is_plain(after)
        };
        rows.iter().any(of_choice) || columns.any(of_own)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Columns that belong to a block alone, with their coefficient in its row.
    pub fn own(&self, block: usize) -> &[(u32, f64)] {
        &self.own[self.own_starts[block]..self.own_starts[block + 1]]
    }
    /// Columns of a block's row that other rows of choice share.
    pub fn shared(&self, block: usize) -> &[(u32, f64)] {
        &self.shared[self.shared_starts[block]..self.shared_starts[block + 1]]
    }
    /// Coupling rows of a column, with its coefficients there.
    pub fn coupling(&self, column: u32) -> &[(u32, f64)] {
        self.coupling.of_column(column)
    }
    /// All rows of a column that is in no block, with its coefficients there.
    pub fn entries(&self, column: u32) -> &[(u32, f64)] {
        self.entries.of_column(column)
    }
}

/// Whether a column may be a block's own: any amount, or none.
fn is_plain(bounds: Bounds) -> bool {
    bounds == Bounds::NON_NEGATIVE || bounds == Bounds::exactly(0.0)
}

/// Some of a program's coefficients, by column.
struct Entries {
    starts: Vec<u32>,
    entries: Vec<(u32, f64)>,
}

impl Entries {
    fn of(program: &LinearProgram, has_row: impl Fn(u32) -> bool, has_column: impl Fn(u32) -> bool) -> Self {
        let rows = || (0..program.rows() as u32).filter(|row| has_row(*row));
        let of_row = |row: u32| program.row(RowIx(row)).filter(|(column, _)| has_column(column.0));
        let mut starts = vec![0u32; program.columns() + 1];
        for row in rows() {
            of_row(row).for_each(|(column, _)| starts[column.get() + 1] += 1);
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut entries = vec![(0u32, 0.0); starts[program.columns()] as usize];
        let mut next = starts.clone();
        for row in rows() {
            for (column, value) in of_row(row) {
                entries[next[column.get()] as usize] = (row, value);
                next[column.get()] += 1;
            }
        }
        Self { starts, entries }
    }

    fn of_column(&self, column: u32) -> &[(u32, f64)] {
        let at = column as usize;
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// The least and most of Σ coefficient × value over columns within their bounds.
pub fn range_of(terms: &[(u32, f64)], bounds: &[Bounds]) -> (f64, f64) {
    terms.iter().fold((0.0, 0.0), |(low, high), &(column, value)| {
        let b = bounds[column as usize];
        let (at_lower, at_upper) = (value * b.lower, value * b.upper);
        (low + at_lower.min(at_upper), high + at_lower.max(at_upper))
    })
}
