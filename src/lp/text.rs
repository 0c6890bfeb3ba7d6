//! The program as LP text: for golden tests, for bug reports, for other solvers.

use super::names::{fitted, number};
use super::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
use std::fmt::Write;

/// A line is broken when it gets longer than this, because some readers limit it.
const LINE: usize = 100;

/// The program in CPLEX LP format, the same bytes for the same program and names.
///
/// Names lose what the format does not take (spaces, brackets, accents) and are numbered where that
/// makes two of them equal. Rows without limits are left out: the format has no such row.
pub fn write_lp(
    program: &LinearProgram,
    column_name: &dyn Fn(ColumnIx) -> String,
    row_name: &dyn Fn(RowIx) -> String,
) -> String {
    let columns = fitted((0..size(program.columns())).map(|c| column_name(ColumnIx(c))));
    // The objective is named among the rows, so no row may take its name.
    let objective = std::iter::once("obj".to_owned());
    let rows = fitted(objective.chain((0..size(program.rows())).map(|r| row_name(RowIx(r)))));
    let mut text = String::new();
    text.push_str(match program.sense() {
        Sense::Minimise => "Minimize\n",
        Sense::Maximise => "Maximize\n",
    });
    text.push_str(" obj:");
    let costs = (0..).map(ColumnIx).zip(program.costs().iter().copied()).filter(|&(_, cost)| cost != 0.0);
    write_terms(&mut text, costs, &columns);
    text.push_str("\nSubject To\n");
    for (r, (name, bounds)) in (0..).zip(rows[1..].iter().zip(program.row_bounds())) {
        write_row(&mut text, program, RowIx(r), name, *bounds, &columns);
    }
    text.push_str("Bounds\n");
    let used = used_columns(program);
    for (c, (name, bounds)) in columns.iter().zip(program.column_bounds()).enumerate() {
        // A column named nowhere else must be named here, or the reader never hears of it.
        if *bounds != Bounds::NON_NEGATIVE || !used[c] || program.integer()[c] {
            write_bounds(&mut text, name, *bounds);
        }
    }
    if program.has_integers() {
        text.push_str("General\n");
        for (name, _) in columns.iter().zip(program.integer()).filter(|&(_, &whole)| whole) {
            push(&mut text, format_args!(" {name}\n"));
        }
    }
    text.push_str("End\n");
    text
}

/// Some readers (HiGHS' too) take only one side of a row, so a two-sided row is written as two.
fn write_row(
    text: &mut String,
    program: &LinearProgram,
    row: RowIx,
    name: &str,
    bounds: Bounds,
    columns: &[String],
) {
    if columns.is_empty() {
        return;
    }
    let mut write_side = |ending: &str, relation: &str, side: f64| {
        push(text, format_args!(" {name}{ending}:"));
        if program.row(row).next().is_none() {
            push(text, format_args!(" + 0 {}", columns[0]));
        }
        write_terms(text, program.row(row), columns);
        push(text, format_args!(" {relation} {}\n", number(side)));
    };
    let two_sided = bounds.lower.is_finite() && bounds.upper.is_finite();
    if two_sided && bounds.lower == bounds.upper {
        write_side("", "=", bounds.lower);
        return;
    }
    if bounds.lower.is_finite() {
        write_side(if two_sided { ".lower" } else { "" }, ">=", bounds.lower);
    }
    if bounds.upper.is_finite() {
        write_side(if two_sided { ".upper" } else { "" }, "<=", bounds.upper);
    }
}

fn write_terms(text: &mut String, terms: impl Iterator<Item = (ColumnIx, f64)>, columns: &[String]) {
    let mut start = text.rfind('\n').map_or(0, |at| at + 1);
    for (column, value) in terms {
        if text.len() - start > LINE {
            text.push_str("\n ");
            start = text.len();
        }
        let sign = if value < 0.0 { '-' } else { '+' };
        push(text, format_args!(" {sign} {} {}", number(value.abs()), columns[column.get()]));
    }
}

fn write_bounds(text: &mut String, name: &str, bounds: Bounds) {
    if bounds == Bounds::FREE {
        push(text, format_args!(" {name} free\n"));
    } else if bounds.lower == bounds.upper {
        push(text, format_args!(" {name} = {}\n", number(bounds.lower)));
    } else if bounds.upper == f64::INFINITY {
        push(text, format_args!(" {name} >= {}\n", number(bounds.lower)));
    } else {
        push(text, format_args!(" {} <= {name} <= {}\n", number(bounds.lower), number(bounds.upper)));
    }
}

fn used_columns(program: &LinearProgram) -> Vec<bool> {
    let mut used: Vec<bool> = program.costs().iter().map(|&cost| cost != 0.0).collect();
    for (r, bounds) in (0..).zip(program.row_bounds()) {
        if *bounds != Bounds::FREE {
            program.row(RowIx(r)).for_each(|(column, _)| used[column.get()] = true);
        }
    }
    used
}

fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_program_reads_like_the_algebra() {
        let mut program = LinearProgram::new(Sense::Maximise);
        let x = program.add_column(3.0, Bounds::NON_NEGATIVE);
        let y = program.add_column(-0.5, Bounds::between(-1.0, 4.0));
        let z = program.add_column(0.0, Bounds::FREE);
        program.set_integer(y);
        program.add_row(Bounds::between(1.0, 4.0), [(x, 1.0), (y, -2.0)]);
        program.add_row(Bounds::exactly(2.0), [(z, 1.0)]);
        program.add_row(Bounds::FREE, [(z, 1.0)]);
        let text = write_lp(&program, &|c| ["x", "y", "z"][c.get()].to_owned(), &|r| format!("row[{}]", r.0));
        assert_eq!(
            text,
            "Maximize\n obj: + 3 x - 0.5 y\nSubject To\n row_0_.lower: + 1 x - 2 y >= 1\n row_0_.upper: + 1 x - 2 y <= 4\n row_1_: + 1 z = 2\n\
             Bounds\n -1 <= y <= 4\n z free\nGeneral\n y\nEnd\n"
        );
    }
}
