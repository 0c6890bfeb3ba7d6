//! One row of a data return: cells read with their faults.

use super::Basis;
use super::cells::{Cells, Given};
use super::fault::CellFault;
use super::layout::{BASES, MOST_BEDS, OVERFULL, SPARE, cell};
use crate::domain::number::grouped;
use crate::domain::units::{Beds, OccupiedBeds};

/// A sheet that is being read, and what is wrong with it so far.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its cells.
    pub cells: &'a Cells,
    /// Faults so far.
    pub faults: Vec<CellFault>,
}

impl<'a> Sheet<'a> {
    /// A sheet without a fault yet.
    pub fn new(name: &'static str, cells: &'a Cells) -> Self {
        Self { name, cells, faults: Vec::new() }
    }
    /// Tells a fault of a cell.
    pub fn fault(&mut self, row: u32, column: u16, cause: impl Into<String>, cure: impl Into<String>) {
        self.tell(Some(cell(row, column)), cause.into(), cure.into());
    }
    /// Tells a fault of the whole sheet.
    pub fn whole(&mut self, cause: impl Into<String>, cure: impl Into<String>) {
        self.tell(None, cause.into(), cure.into());
    }
    fn tell(&mut self, cell: Option<String>, cause: String, cure: String) {
        self.faults.push(CellFault { sheet: self.name.to_owned(), cell, cause, cure });
    }
    /// Headings that are not where they were: columns moved or were taken out, and nothing below can be trusted.
    pub fn check_heads(&mut self, row: u32, heads: &[&str]) -> bool {
        let before = self.faults.len();
        for (column, head) in (0_u16..).zip(heads) {
            match self.cells.at(row, column) {
                Some(Given::Text(found)) if found == head => {}
                found => {
                    let found = found.map_or_else(|| "nothing".to_owned(), Given::words);
                    let cause = format!("the heading should be “{head}”, found {found}");
                    self.fault(
                        row,
                        column,
                        cause,
                        "put the columns back as they were, or fill in a new form",
                    );
                }
            }
        }
        self.faults.len() == before
    }
    /// A number within limits; `None` where the cell is blank or at fault.
    pub fn number(&mut self, at: (u32, u16), what: &str, (least, most): (f64, f64)) -> Option<f64> {
        let given = self.cells.at(at.0, at.1)?.clone();
        let Given::Number(number) = given else {
            let cure = match &given {
                Given::Error(_) => "look at the formula, or write the number itself",
                Given::Date => {
                    "write the number and format the cell as a number: a spreadsheet may take 3.12 for a date"
                }
                _ => "write digits with a decimal point, without words, units or separators",
            };
            self.fault(at.0, at.1, format!("{what} must be a number, found {}", given.words()), cure);
            return None;
        };
        if (least..=most).contains(&number) {
            return Some(number);
        }
        let (cause, cure) = if number < 0.0 && least >= 0.0 {
            (format!("{what} cannot be negative, found {number}"), "write nought or more".to_owned())
        } else {
            (
                format!("{what} cannot be {number}"),
                format!("write a number from {least} to {}", grouped(most, 0)),
            )
        };
        self.fault(at.0, at.1, cause, cure);
        None
    }
    /// Available and occupied beds of a row; `None` where both are blank or something is at fault.
    pub fn beds(&mut self, row: u32, (available, occupied): (u16, u16)) -> Option<(Beds, OccupiedBeds)> {
        let blank = |sheet: &Self, column| sheet.cells.at(row, column).is_none();
        match (blank(self, available), blank(self, occupied)) {
            (true, true) => return None,
            (true, false) => {
                self.fault(
                    row,
                    available,
                    "available beds are blank, but occupied beds are filled in",
                    "fill in both, or neither",
                );
            }
            (false, true) => {
                self.fault(
                    row,
                    occupied,
                    "occupied beds are blank, but available beds are filled in",
                    "fill in both, or neither",
                );
            }
            (false, false) => {}
        }
        let limits = (0.0, MOST_BEDS);
        let beds = self.number((row, available), "available beds", limits);
        let full = self.number((row, occupied), "occupied beds", limits);
        let (beds, full) = (beds?, full?);
        if full > beds * OVERFULL + SPARE {
            let cause = format!("{full} beds are occupied of {beds} available");
            let cure = "write at most a fifth and one bed more than are available; average over the quarter, escalation beds left out";
            self.fault(row, occupied, cause, cure);
            return None;
        }
        Some((Beds(beds), OccupiedBeds(full)))
    }
    /// How a figure is known; `None` where the cell is blank or at fault.
    pub fn basis(&mut self, row: u32, column: u16) -> Option<Basis> {
        let given = self.cells.at(row, column)?.clone();
        match given.code().as_deref().map(str::to_lowercase).as_deref() {
            Some(word) if word == BASES[0] => Some(Basis::Counted),
            Some(word) if word == BASES[1] => Some(Basis::Estimated),
            _ => {
                let cure = format!("choose “{}” or “{}”, or leave it blank", BASES[0], BASES[1]);
                self.fault(row, column, format!("how it is known cannot be {}", given.words()), cure);
                None
            }
        }
    }
    /// Text that names something; `None` where the cell is blank or holds no text.
    pub fn code(&self, row: u32, column: u16) -> Option<String> {
        self.cells.at(row, column).and_then(Given::code)
    }
}

/// A hint to the name meant: the nearest of those known, when it is near enough to be a slip.
pub fn hint<'k>(found: &str, known: impl IntoIterator<Item = &'k str>, otherwise: &str) -> String {
    let lower = found.to_lowercase();
    let nearest =
        known.into_iter().map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name));
    match nearest.min() {
        Some((distance, name)) if distance <= (found.chars().count() / 3).max(1) => {
            format!("did you mean `{name}`?")
        }
        _ => otherwise.to_owned(),
    }
}
