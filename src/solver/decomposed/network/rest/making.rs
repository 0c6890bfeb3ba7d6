//! The program of the rest, made of the whole one.

use super::super::super::blocks::NONE;
use super::super::parts::{Making, Part, Parts};
use super::super::structure::{Role, Structure};
use super::{Rest, Whole};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
use rustc_hash::FxHashMap;

/// Terms of a row of the rest, by their columns there.
type Terms = Vec<(ColumnIx, f64)>;

/// Which columns are no part of the network and may move.
pub fn is_mine(program: &LinearProgram, structure: &Structure) -> Vec<bool> {
    let of_rest = program.column_bounds().iter().zip(&structure.is_arc);
    let mut is_mine: Vec<bool> = of_rest.map(|(bounds, is_arc)| !bounds.is_fixed() && !is_arc).collect();
    structure.given().for_each(|(column, _)| is_mine[column as usize] = false);
    is_mine
}

/// Whether a row is no part of the network and says something about the other columns.
pub fn belongs(program: &LinearProgram, structure: &Structure, is_mine: &[bool], row: usize) -> bool {
    structure.roles[row] == Role::Outside
        && program.row_bounds()[row] != Bounds::FREE
        && program.row(RowIx(row as u32)).any(|(column, _)| is_mine[column.get()])
}

/// What the rest is made of.
struct Source<'a> {
    program: &'a LinearProgram,
    structure: &'a Structure,
    parts: Option<&'a Parts>,
    /// Where columns of the program are in that of the rest, or [`NONE`].
    place: Vec<u32>,
    /// Values of the columns that are not.
    values: &'a [f64],
}

impl Source<'_> {
    /// Whether a row is one of the rest's own.
    fn is_row(&self, row: usize, is_mine: &[bool]) -> bool {
        match self.parts {
            None => belongs(self.program, self.structure, is_mine, row),
            Some(parts) => parts.of_row[row] == NONE && self.program.row_bounds()[row] != Bounds::FREE,
        }
    }

    /// The terms of a row, and how much of it other columns fill. Where there are parts, what they draw stands for their
    /// arcs.
    fn row(&self, row: usize) -> (Terms, f64) {
        let (mut own, mut taken) = (Vec::new(), 0.0);
        for (column, value) in self.program.row(RowIx(row as u32)) {
            match self.place[column.get()] {
                NONE if self.parts.is_some() && self.structure.is_arc[column.get()] => {}
                NONE => taken += value * self.values[column.get()],
                at => own.push((ColumnIx(at), value)),
            }
        }
        (own, taken)
    }
}

impl Rest {
    /// The rest of a program beside a network in which nothing has a price yet, and which falls into these parts.
    pub fn of(
        (program, blocks): Whole,
        structure: &Structure,
        parts: Option<&Parts>,
        values: &[f64],
    ) -> Self {
        let mut is_mine = is_mine(program, structure);
        if parts.is_some() {
            // What is above the joints is little, and the rest has it all.
            let above = |at: &usize| structure.is_arc[*at] && blocks.home[*at] == NONE;
            (0..program.columns())
                .filter(above)
                .for_each(|at| is_mine[at] = !program.column_bounds()[at].is_fixed());
        }
        let mut rest = LinearProgram::new(Sense::Minimise);
        let mut place = vec![NONE; program.columns()];
        let columns: Vec<u32> =
            (0u32..).zip(&is_mine).filter(|(_, mine)| **mine).map(|(column, _)| column).collect();
        for column in columns.iter().map(|column| *column as usize) {
            place[column] = rest.add_column(program.costs()[column], program.column_bounds()[column]).0;
        }
        let mut making = Making {
            whole: program,
            blocks,
            structure,
            place: &place,
            rest: &mut rest,
            added: FxHashMap::default(),
        };
        let made = parts.map_or_else(Vec::new, |parts| making.parts(parts));
        let added = making.added;
        if parts.is_none() {
            rest.add_column(1.0, Bounds::FREE);
        }
        let source = Source { program, structure, parts, place, values };
        let (rows, joining) = add_rows(&source, &is_mine, added, &mut rest);
        Self {
            is_left: is_left(&columns, &made, structure, rest.columns()),
            joining,
            is_given: columns.iter().map(|column| !structure.is_arc[*column as usize]).collect(),
            program: rest,
            columns,
            is_mine,
            rows,
            parts: made,
            planes: Vec::new(),
            basis: None,
            decided: Vec::new(),
            margins: Some(Vec::new()),
        }
    }
}

/// Adds the rest's own rows, with what parts add to them: which they are in the whole program, and which of its own
/// join parts.
fn add_rows(
    source: &Source,
    is_mine: &[bool],
    mut added: FxHashMap<u32, Terms>,
    rest: &mut LinearProgram,
) -> (Vec<u32>, Vec<RowIx>) {
    let (mut rows, mut joining) = (Vec::new(), Vec::new());
    for row in (0..source.program.rows()).filter(|row| source.is_row(*row, is_mine)) {
        let (mut terms, taken) = source.row(row);
        let of_parts = added.remove(&(row as u32)).unwrap_or_default();
        let joins = !of_parts.is_empty();
        terms.extend(of_parts);
        if !terms.is_empty() {
            let limits = source.program.row_bounds()[row];
            let at = rest.add_row(Bounds::between(limits.lower - taken, limits.upper - taken), terms);
            rows.push(row as u32);
            joining.extend(joins.then_some(at));
        }
    }
    (rows, joining)
}

/// Which columns neither the network nor a part of it asks for; none where there are no parts.
fn is_left(columns: &[u32], parts: &[Part], structure: &Structure, of_rest: usize) -> Vec<bool> {
    let mut is_asked = vec![parts.is_empty(); of_rest];
    parts.iter().flat_map(Part::asks_for).for_each(|column| is_asked[column.get()] = true);
    let is_left = columns.iter().zip(is_asked);
    is_left.map(|(column, asked)| !asked && !structure.is_arc[*column as usize]).collect()
}
