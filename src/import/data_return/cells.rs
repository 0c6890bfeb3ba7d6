//! Cells of a workbook as they are: text, numbers, or something that cannot be used. Bounded, whatever the file holds.

use super::layout;
use calamine::{CellErrorType, DataRef, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Rows that are looked at: a form of all sites has as many only if England had a thousand more.
pub const MOST_ROWS: u32 = 50_000;
/// Columns that are looked at.
const MOST_COLUMNS: u32 = 40;
/// Largest file that is opened, bytes.
pub const MOST_BYTES: u64 = 50_000_000;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Text, trimmed, not empty.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A date or a time.
    Date,
    /// TRUE or FALSE.
    Truth(bool),
    /// What a formula came to that went wrong, for example `#REF!`.
    Error(String),
}

impl Given {
    /// As a person would say what it is.
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) => format!("`{}`", short(text)),
            Self::Number(number) => number.to_string(),
            Self::Date => "a date".to_owned(),
            Self::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Error(error) => format!("the error {error}"),
        }
    }
    /// A code or a name: what is text, and numbers that are codes (a specialty called 300).
    pub fn code(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// A text as found, shortened.
fn short(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        shown.push('…');
    }
    shown
}

/// The cells of a sheet that hold something, by row and column.
#[derive(Debug, Clone, Default)]
pub struct Cells(BTreeMap<(u32, u16), Given>);

impl Cells {
    /// What a cell holds.
    pub fn at(&self, row: u32, column: u16) -> Option<&Given> {
        self.0.get(&(row, column))
    }
    /// The last row with anything in it.
    pub fn last_row(&self) -> u32 {
        self.0.keys().next_back().map_or(0, |(row, _)| *row)
    }
    /// Whether a row has anything in some columns.
    pub fn any(&self, row: u32, columns: &[u16]) -> bool {
        columns.iter().any(|&column| self.at(row, column).is_some())
    }
}

/// A workbook that can be asked for its sheets.
pub struct Book(Xlsx<Cursor<Vec<u8>>>);

impl Book {
    /// Opens a workbook; the text says why it cannot be.
    pub fn open(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(format!("it has more than {} MB", MOST_BYTES / 1_000_000));
        }
        Xlsx::new(Cursor::new(bytes)).map(Self).map_err(|fault| fault.to_string())
    }
    /// The names of its sheets.
    pub fn sheets(&self) -> Vec<String> {
        self.0.sheet_names()
    }
    /// The cells of a sheet; `None` where there is no such sheet, and why where it cannot be read.
    pub fn cells(&mut self, sheet: &str) -> Result<Option<Cells>, String> {
        if !self.sheets().iter().any(|name| name == sheet) {
            return Ok(None);
        }
        let mut reader = self.0.worksheet_cells_reader(sheet).map_err(|fault| fault.to_string())?;
        let mut cells = Cells::default();
        while let Some(cell) = reader.next_cell().map_err(|fault| fault.to_string())? {
            let (row, column) = cell.get_position();
            if row >= MOST_ROWS || column >= MOST_COLUMNS {
                continue;
            }
            if let Some(given) = given(cell.get_value()) {
                cells.0.insert((row, column as u16), given);
            }
        }
        Ok(Some(cells))
    }
}

fn given(value: &DataRef) -> Option<Given> {
    let text = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| Given::Text(text.to_owned()))
    };
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Given::Number(*number as f64)),
        DataRef::Float(number) if number.is_finite() => Some(Given::Number(*number)),
        DataRef::Float(_) => Some(Given::Error("#NUM!".to_owned())),
        DataRef::String(found) => text(found),
        DataRef::SharedString(found) => text(found),
        DataRef::Bool(truth) => Some(Given::Truth(*truth)),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Some(Given::Date),
        DataRef::Error(error) => Some(Given::Error(error_name(error))),
    }
}

fn error_name(error: &CellErrorType) -> String {
    error.to_string()
}

/// The values of the hidden sheet by key; `None` where it is no form of ours.
pub fn marks(cells: &Cells) -> Option<BTreeMap<String, String>> {
    let text = |row, column| cells.at(row, column).and_then(Given::code);
    (text(0, 0)? == layout::MARK).then(|| {
        (1..=cells.last_row())
            .filter_map(|row| Some((text(row, 0)?, text(row, 1).unwrap_or_default())))
            .collect()
    })
}
