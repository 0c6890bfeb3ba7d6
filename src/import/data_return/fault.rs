//! What can be wrong with a data return, by sheet and cell.

use serde::Serialize;
use std::fmt;
use thiserror::Error;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CellFault {
    /// The sheet.
    pub sheet: String,
    /// The cell as a spreadsheet names it; `None` when the fault is of the whole sheet.
    pub cell: Option<String>,
    /// What is wrong, in lower case.
    pub cause: String,
    /// How to mend it, in lower case.
    pub cure: String,
}

impl fmt::Display for CellFault {
    /// `Beds!G14: …`, and how to mend it on the next line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.sheet)?;
        if let Some(cell) = &self.cell {
            write!(f, "!{cell}")?;
        }
        write!(f, ": {}\n      {}", self.cause, self.cure)
    }
}

/// Why a data return is not taken.
#[derive(Debug, Error)]
pub enum ReturnError {
    /// The file cannot be read as a workbook.
    #[error("{file} cannot be read as a workbook: {cause}. Save it as .xlsx (Excel workbook) and try again")]
    NoWorkbook {
        /// The file.
        file: String,
        /// What the reader says.
        cause: String,
    },
    /// A workbook, but not one of ours.
    #[error("{file} is no data return: {cause}. Make a new form with `bedalloc new --workbook FILE`")]
    NoForm {
        /// The file.
        file: String,
        /// What is missing.
        cause: String,
    },
    /// Whoever filled it in is not in the model.
    #[error(
        "{file} is the return of {kind} `{code}`, which the model does not have: give its own with --model"
    )]
    Stranger {
        /// The file.
        file: String,
        /// `trust` or `commissioner`.
        kind: String,
        /// The code.
        code: String,
    },
    /// Faults in cells, all of them.
    #[error("{}", listed(.0))]
    Cells(Vec<CellFault>),
}

fn listed(faults: &[CellFault]) -> String {
    let mut told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let count = faults.len();
    told.push(format!("{count} {} found; nothing was written", if count == 1 { "fault" } else { "faults" }));
    told.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_sheet_and_cell_first() {
        let fault = CellFault {
            sheet: "Beds".to_owned(),
            cell: Some("G14".to_owned()),
            cause: "available beds cannot be negative, found -3".to_owned(),
            cure: "write nought or more".to_owned(),
        };
        assert_eq!(
            ReturnError::Cells(vec![fault]).to_string(),
            "Beds!G14: available beds cannot be negative, found -3\n      write nought or more\n\n1 fault found; nothing was \
             written"
        );
    }
}
