//! A table on a sheet: title, note, totals, headings that stay in sight, filters, rows.

use super::error::WorkbookError;
use super::grid::{Column, Grid, Total, Value};
use super::style::Styles;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{FilterCondition, Format, Formula, Url, Workbook, Worksheet};

/// The row of totals, from 0.
pub const TOTALS: u32 = 3;
/// The row of headings.
pub const HEADS: u32 = 4;
/// The first row of the table.
pub const FIRST: u32 = 5;

/// Where the sheet of contents is.
pub const CONTENTS: &str = "Contents";

/// Adds the sheet of a table. O(cells).
pub fn add<'a>(
    workbook: &'a mut Workbook,
    grid: &Grid,
    styles: &Styles,
) -> Result<&'a mut Worksheet, WorkbookError> {
    let sheet = begin(workbook, grid.name, (&grid.title, &grid.note), styles)?;
    let formats: Vec<Format> = grid.columns.iter().map(|column| Styles::cell(column.kind)).collect();
    for (at, column) in (0_u16..).zip(&grid.columns) {
        sheet.set_column_width(at, width(grid, usize::from(at)))?;
        sheet.write_string_with_format(HEADS, at, &column.head, &styles.head)?;
    }
    sheet.set_row_height(HEADS, 66)?;
    totals(sheet, grid, styles)?;
    for (row, cells) in (FIRST..).zip(&grid.rows) {
        for ((at, cell), format) in (0_u16..).zip(cells).zip(&formats) {
            match cell {
                Value::Text(text) if at == 0 => sheet.write_string(row, at, text)?,
                Value::Text(text) => sheet.write_string_with_format(row, at, text, format)?,
                Value::Number(number) => sheet.write_number_with_format(row, at, *number, format)?,
                Value::Blank => continue,
            };
        }
    }
    let last = last_row(grid);
    let columns = u16::try_from(grid.columns.len()).unwrap_or(u16::MAX);
    sheet.autofilter(HEADS, 0, last, columns.saturating_sub(1))?;
    if let Some((column, period)) = &grid.period {
        let only = FilterCondition::new().add_list_filter(period.as_str());
        sheet.filter_column(u16::try_from(*column).unwrap_or(0), &only)?;
    }
    sheet.set_freeze_panes(FIRST, grid.frozen)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADS, HEADS)?;
    Ok(sheet)
}

/// A new sheet with its title, note and the way back.
pub fn begin<'b>(
    workbook: &'b mut Workbook,
    name: &str,
    (title, note): (&str, &str),
    styles: &Styles,
) -> Result<&'b mut Worksheet, WorkbookError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    sheet.write_string_with_format(0, 0, title, &styles.title)?;
    sheet.write_string_with_format(1, 0, note, &styles.note)?;
    let back = Url::new(format!("internal:'{CONTENTS}'!A1")).set_text("← Contents");
    sheet.write_url_with_format(2, 0, back, &styles.link)?;
    sheet.set_row_height(0, 24)?;
    Ok(sheet)
}

/// Names are as wide as the longest of them, within reason.
fn width(grid: &Grid, at: usize) -> f64 {
    let column = &grid.columns[at];
    if column.kind.number_format().is_some() {
        return column.kind.width();
    }
    let longest = grid.rows.iter().filter_map(|row| match &row[at] {
        Value::Text(text) => Some(text.chars().count()),
        _ => None,
    });
    (longest.max().unwrap_or(0) as f64 + 2.0).clamp(11.0, column.kind.width().max(20.0))
}

/// The last row of the table.
pub fn last_row(grid: &Grid) -> u32 {
    FIRST + u32::try_from(grid.rows.len().max(1) - 1).unwrap_or(u32::MAX - FIRST)
}

/// The cells of a column, for formulas on its own sheet: `F6:F14`.
pub fn range(grid: &Grid, column: usize) -> String {
    let letters = letters(column);
    format!("{letters}{}:{letters}{}", FIRST + 1, last_row(grid) + 1)
}

/// The cells of a column, for formulas on any sheet: `'Regions'!$F$6:$F$14`.
pub fn range_from_elsewhere(grid: &Grid, column: usize) -> String {
    let letters = letters(column);
    format!("'{}'!${letters}${}:${letters}${}", grid.name, FIRST + 1, last_row(grid) + 1)
}

fn letters(column: usize) -> String {
    column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX))
}

fn totals(sheet: &mut Worksheet, grid: &Grid, styles: &Styles) -> Result<(), WorkbookError> {
    if !grid.columns.iter().any(|column| column.total == Total::Sum) {
        return Ok(());
    }
    for (at, column) in (0_u16..).zip(&grid.columns) {
        let format = Styles::total(column.kind);
        match formula(grid, usize::from(at), column) {
            Some(formula) => sheet.write_formula_with_format(TOTALS, at, formula, &format)?,
            None if at == 0 => {
                sheet.write_string_with_format(TOTALS, at, "Total of the rows shown", &styles.total_words)?
            }
            None => sheet.write_blank(TOTALS, at, &format)?,
        };
    }
    Ok(())
}

/// A total with what it comes to, so that programs that do not calculate show it too.
fn formula(grid: &Grid, at: usize, column: &Column) -> Option<Formula> {
    // 109: the sum of the rows that a filter leaves in sight.
    match column.total {
        Total::Nothing => None,
        Total::Sum => Some(
            Formula::new(format!("=SUBTOTAL(109,{})", range(grid, at)))
                .set_result(grid.shown_sum(at).to_string()),
        ),
        Total::Ratio(of, by) => {
            let (of, by) = (grid.position(of)?, grid.position(by)?);
            let row = TOTALS + 1;
            let (over, under) = (letters(of), letters(by));
            let result = grid.shown_sum(of) / grid.shown_sum(by);
            let known = if result.is_finite() { result.to_string() } else { String::new() };
            let text = format!("=IF({under}{row}=0,\"\",{over}{row}/{under}{row})");
            Some(Formula::new(text).set_result(known))
        }
    }
}
