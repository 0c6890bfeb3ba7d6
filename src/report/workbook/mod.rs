//! `results.xlsx`: the tables of a result for people who live in a spreadsheet.
//!
//! Every figure is read from the files of the result, as in `report.html`; what is worked out are totals, and they
//! are formulas that carry what they come to. [`tables`], [`sums`] and [`rules`] make the sheets as data, [`sheet`] writes them,
//! [`front`] and [`checks`] write those around them. The same result gives the same bytes: nothing here knows the time.

pub mod charts;
pub mod checks;
pub mod error;
pub mod front;
pub mod grid;
pub mod prices;
pub mod rules;
pub mod sheet;
pub mod style;
pub mod sums;
pub mod tables;

use crate::domain::about::AboutTable;
use crate::domain::system::CareSystem;
use crate::insight::error::InsightError;
use crate::insight::files::Files;
use crate::insight::ledger::Ledger;
use error::WorkbookError;
use front::Listed;
use grid::{Grid, Kind};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use style::Styles;

/// The name of the workbook in a result folder.
pub const NAME: &str = "results.xlsx";

/// The sheets that are tables.
#[derive(Debug)]
pub struct Made(Vec<Grid>);

impl Made {
    /// Reads the files of a result, in the order of the sheets. O(rows of its tables).
    ///
    /// # Errors
    /// When a file of the result is missing or malformed.
    pub fn read(ledger: &Ledger) -> Result<Self, InsightError> {
        let mut grids = tables::tables(ledger)?;
        grids.extend(sums::sites(ledger)?);
        grids.extend(tables::beds(ledger)?);
        grids.extend(sums::specialties(ledger)?);
        grids.extend(sums::councils(ledger)?);
        grids.extend(tables::measures(ledger)?);
        grids.extend(rules::rules(ledger)?);
        grids.extend(rules::periods(ledger)?);
        grids.extend(prices::prices(ledger)?);
        grids.extend(tables::areas(ledger)?);
        Ok(Self(grids))
    }
    /// The sheets in order.
    pub fn grids(&self) -> &[Grid] {
        &self.0
    }
    /// A sheet by its name.
    pub fn grid(&self, name: &str) -> Option<&Grid> {
        self.0.iter().find(|grid| grid.name == name)
    }
}

/// The workbook of one result. O(rows of its tables).
///
/// # Errors
/// When a file of the result is missing or malformed.
pub fn workbook(files: Files, system: &CareSystem, about: &[AboutTable]) -> Result<Vec<u8>, WorkbookError> {
    let ledger = crate::insight::ledger(files, system, None);
    let made = Made::read(&ledger)?;
    let checks = checks::checks(&ledger, &made)?;
    let styles = Styles::default();
    let mut book = Workbook::new();
    book.set_properties(&properties(system)?);
    front::contents(book.add_worksheet(), &ledger, &listed(&made), &styles)?;
    let derived: Vec<&AboutTable> = about.iter().filter(|about| about.derived()).collect();
    front::read_me(&mut book, &ledger, &derived, &styles)?;
    front::summary(&mut book, &ledger, &made, &checks, &styles)?;
    for grid in made.grids() {
        let sheet = sheet::add(&mut book, grid, &styles)?;
        charts::add(sheet, grid)?;
    }
    checks::add(&mut book, &checks, &styles)?;
    front::sources(&mut book, &ledger, about, &styles)?;
    front::model(&mut book, &ledger, &styles)?;
    Ok(book.save_to_buffer()?)
}

/// What the file says of itself. The date is the same for all: a result gives the same bytes whenever it is made.
fn properties(system: &CareSystem) -> Result<DocProperties, WorkbookError> {
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_title(&system.name).set_author("bedalloc").set_creation_datetime(&date))
}

fn listed(made: &Made) -> Vec<Listed> {
    let plain = |name: &str, says: &str, files: &str| Listed {
        name: name.to_owned(),
        says: says.to_owned(),
        files: files.to_owned(),
        rows: None,
    };
    let mut listed = vec![
        plain(
            "Read me",
            "How to read this workbook, what its words mean, what was derived, what it was made from.",
            "manifest.json",
        ),
        plain(
            "Summary",
            "The answer in figures, the aims with their bounds, what to know before using the figures.",
            "summary.json",
        ),
    ];
    listed.extend(made.grids().iter().map(|grid| Listed {
        name: grid.name.to_owned(),
        says: grid.note.clone(),
        files: grid.files.to_owned(),
        rows: Some(grid.rows.len()),
    }));
    listed.extend([
        plain(
            "Checks",
            "The sheets added up anew by your spreadsheet, and set beside each other.",
            "the sheets",
        ),
        plain(
            "Sources",
            "Where the inputs come from, under which licence, which are derived; SHA-256 of every file.",
            "manifest.json",
        ),
        plain("Model", "The model with every default spelt out.", "model.yaml"),
    ]);
    listed
}
