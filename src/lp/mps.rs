//! The program as free MPS text, which nearly every solver reads.

use super::names::{fitted, number};
use super::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
use std::fmt::Write;

/// The program in free MPS format, the same bytes for the same program and names (made to fit as in
/// [`super::write_lp`]). A row whose least value exceeds its greatest, which the format cannot say,
/// becomes an empty row that must equal one: as impossible as it was.
pub fn write_mps(
    program: &LinearProgram,
    column_name: &dyn Fn(ColumnIx) -> String,
    row_name: &dyn Fn(RowIx) -> String,
) -> String {
    let columns = fitted((0u32..).take(program.columns()).map(|c| column_name(ColumnIx(c))));
    let rows = fitted(
        std::iter::once("obj".to_owned()).chain((0u32..).take(program.rows()).map(|r| row_name(RowIx(r)))),
    );
    let rows = &rows[1..];
    let mut text = String::from("NAME\n");
    if program.sense() == Sense::Maximise {
        text.push_str("OBJSENSE\n    MAX\n");
    }
    text.push_str("ROWS\n N obj\n");
    for (name, &bounds) in rows.iter().zip(program.row_bounds()) {
        push(&mut text, format_args!(" {} {name}\n", kind(bounds)));
    }
    write_columns(&mut text, program, &columns, rows);
    text.push_str("RHS\n");
    for (name, &bounds) in rows.iter().zip(program.row_bounds()) {
        let side = right_hand_side(bounds);
        if side != 0.0 {
            push(&mut text, format_args!(" RHS {name} {}\n", number(side)));
        }
    }
    text.push_str("RANGES\n");
    for (name, b) in rows.iter().zip(program.row_bounds()) {
        if b.lower.is_finite() && b.upper.is_finite() && b.lower < b.upper {
            push(&mut text, format_args!(" RNG {name} {}\n", number(b.upper - b.lower)));
        }
    }
    text.push_str("BOUNDS\n");
    for ((name, &bounds), &whole) in columns.iter().zip(program.column_bounds()).zip(program.integer()) {
        write_bounds(&mut text, name, bounds, whole);
    }
    text.push_str("ENDATA\n");
    text
}

fn kind(bounds: Bounds) -> char {
    if bounds.is_fixed() {
        'E'
    } else if bounds.lower.is_finite() {
        'G'
    } else if bounds.upper.is_finite() {
        'L'
    } else {
        'N'
    }
}

fn right_hand_side(bounds: Bounds) -> f64 {
    if bounds.lower > bounds.upper {
        1.0
    } else if bounds.lower.is_finite() {
        bounds.lower
    } else if bounds.upper.is_finite() {
        bounds.upper
    } else {
        0.0
    }
}

fn write_columns(text: &mut String, program: &LinearProgram, columns: &[String], rows: &[String]) {
    let by_column = by_column(program);
    let mut whole = false;
    text.push_str("COLUMNS\n");
    for (c, name) in columns.iter().enumerate() {
        if program.integer()[c] != whole {
            whole = !whole;
            let marker = if whole { "INTORG" } else { "INTEND" };
            push(text, format_args!(" MARKER{c} 'MARKER' '{marker}'\n"));
        }
        // The cost is always named, so that a column in no row is heard of too.
        push(text, format_args!(" {name} obj {}\n", number(program.costs()[c])));
        for &(row, value) in &by_column[c] {
            push(text, format_args!(" {name} {} {}\n", rows[row], number(value)));
        }
    }
    if whole {
        push(text, format_args!(" MARKER{} 'MARKER' 'INTEND'\n", columns.len()));
    }
}

fn by_column(program: &LinearProgram) -> Vec<Vec<(usize, f64)>> {
    let mut columns = vec![Vec::new(); program.columns()];
    for (r, bounds) in (0u32..).zip(program.row_bounds()) {
        if bounds.lower <= bounds.upper {
            for (column, value) in program.row(RowIx(r)) {
                columns[column.get()].push((r as usize, value));
            }
        }
    }
    columns
}

fn write_bounds(text: &mut String, name: &str, bounds: Bounds, whole: bool) {
    if bounds == Bounds::NON_NEGATIVE && !whole {
        return;
    }
    if bounds == Bounds::FREE {
        push(text, format_args!(" FR BND {name}\n"));
    } else if bounds.lower == bounds.upper {
        push(text, format_args!(" FX BND {name} {}\n", number(bounds.lower)));
    } else {
        if bounds.lower.is_finite() {
            push(text, format_args!(" LO BND {name} {}\n", number(bounds.lower)));
        } else {
            push(text, format_args!(" MI BND {name}\n"));
        }
        if bounds.upper.is_finite() {
            push(text, format_args!(" UP BND {name} {}\n", number(bounds.upper)));
        } else {
            push(text, format_args!(" PL BND {name}\n"));
        }
    }
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_two_sided_row_has_a_range_and_a_whole_column_its_markers() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(3.0, Bounds::NON_NEGATIVE);
        program.set_integer(x);
        program.add_row(Bounds::between(1.0, 4.0), [(x, 2.0)]);
        let text = write_mps(&program, &|_| "x".to_owned(), &|_| "row".to_owned());
        assert_eq!(
            text,
            "NAME\nROWS\n N obj\n G row\nCOLUMNS\n MARKER0 'MARKER' 'INTORG'\n x obj 3\n x row 2\n \
             MARKER1 'MARKER' 'INTEND'\nRHS\n RHS row 1\nRANGES\n RNG row 3\nBOUNDS\n LO BND x 0\n PL BND x\nENDATA\n"
        );
    }
}
