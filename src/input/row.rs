//! A row of a table: cells as text, identifiers and numbers, each fault told where it stands.

use super::codes;
use super::csv::{self, Field};
use super::faults::Faults;
use super::location::{Location, Spot};
use super::tables::TableShape;
use std::borrow::Cow;
use std::sync::Arc;

/// A row of a table.
pub struct Row<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) line: u32,
    pub(super) text: &'a str,
    pub(super) fields: &'a [Field],
    pub(super) shape: &'static TableShape,
    pub(super) positions: &'a [Option<usize>],
}

/// What a number in a cell may be.
#[derive(Debug, Clone, Copy)]
pub struct CellLimits {
    /// Least; below it is absurd, or negative.
    pub least: f64,
    /// Most; above it is absurd.
    pub most: f64,
    /// Whether values up to 100 times the most look like per cent.
    pub share: bool,
}

impl CellLimits {
    /// From nought to the most.
    pub const fn up_to(most: f64) -> Self {
        Self { least: 0.0, most, share: false }
    }
    /// A share between 0 and 1.
    pub const SHARE: Self = Self { least: 0.0, most: 1.0, share: true };
}

impl Row<'_> {
    /// The line of the row.
    pub fn line(&self) -> u32 {
        self.line
    }
    /// The file of the row.
    pub fn file(&self) -> &Arc<str> {
        self.file
    }
    /// Where the cell of a column is.
    pub fn at(&self, column: usize) -> Location {
        let field = self.positions[column].and_then(|position| u32::try_from(position).ok());
        Location { file: self.file.clone(), line: self.line, spot: field.map_or(Spot::Line, Spot::Field) }
    }
    /// The text of a cell, trimmed; empty when the table has no such column.
    pub fn text(&self, column: usize) -> Cow<'_, str> {
        match self.positions[column] {
            Some(position) => csv::text_of(self.text, &self.fields[position]),
            None => Cow::Borrowed(""),
        }
    }
    /// An identifier; an empty cell is a fault.
    pub fn id<Id>(&self, column: usize, make: fn(&str) -> Option<Id>, faults: &mut Faults) -> Option<Id> {
        let id = make(&self.text(column));
        if id.is_none() {
            self.report_empty(column, faults);
        }
        id
    }
    /// An identifier or nothing.
    pub fn optional_id<Id>(&self, column: usize, make: fn(&str) -> Option<Id>) -> Option<Id> {
        make(&self.text(column))
    }
    /// A number within limits; an empty cell is a fault.
    pub fn number(&self, column: usize, limits: CellLimits, faults: &mut Faults) -> Option<f64> {
        if self.text(column).is_empty() {
            self.report_empty(column, faults);
            return None;
        }
        self.optional_number(column, limits, faults)
    }
    /// A number within limits, or nothing.
    pub fn optional_number(&self, column: usize, limits: CellLimits, faults: &mut Faults) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let name = self.shape.columns[column].name;
        let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else {
            let cause = format!("`{name}` must be a number, found `{}`", cut(&text));
            let cure = "write digits with a decimal point, without thousands separators or units";
            faults.add(codes::NOT_A_NUMBER, self.at(column), cause, cure);
            return None;
        };
        if (limits.least..=limits.most).contains(&number) {
            return Some(number);
        }
        if number < 0.0 && limits.least >= 0.0 {
            let cause = format!("`{name}` cannot be negative, found {}", cut(&text));
            faults.add(codes::NEGATIVE, self.at(column), cause, "write nought or more");
        } else if limits.share && number <= 100.0 {
            let cause = format!(
                "`{name}` is a share between 0 and 1, found {}: that looks like a percentage",
                cut(&text)
            );
            faults.add(
                codes::CELL_UNIT,
                self.at(column),
                cause,
                format!("did you mean {}?", super::tidy(number / 100.0)),
            );
        } else {
            let cause = format!("`{name}` cannot be {}", cut(&text));
            let cure =
                format!("write a number from {} to {}", super::tidy(limits.least), super::tidy(limits.most));
            faults.add(codes::ABSURD, self.at(column), cause, cure);
        }
        None
    }
    fn report_empty(&self, column: usize, faults: &mut Faults) {
        let cause = format!("`{}` is empty", self.shape.columns[column].name);
        faults.add(codes::CELL_EMPTY, self.at(column), cause, "write a value, or leave the row out");
    }
    /// Reports a reference to something that does not exist.
    pub fn report_dangling<'k>(
        &self,
        column: usize,
        kind: &str,
        known: impl IntoIterator<Item = &'k str>,
        faults: &mut Faults,
    ) {
        // Comparing with all known names is only worth while for faults that are told.
        let told = faults.tells(codes::DANGLING, self.file);
        let cure = if told { super::faults::suggest(&self.text(column), known) } else { String::new() };
        faults.add(
            codes::DANGLING,
            self.at(column),
            format!("unknown {kind} `{}`", cut(&self.text(column))),
            cure,
        );
    }
}

/// A text as found, shortened.
fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
