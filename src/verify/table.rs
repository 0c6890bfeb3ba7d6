//! Reading the result folder's tables, plain or packed, by the names of their columns.

use super::VerifyError;
use csv::StringRecord;
use flate2::read::MultiGzDecoder;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// Opens a file of the folder; a `.gz` is unpacked on the way.
pub fn open(path: &Path) -> Result<Box<dyn Read>, VerifyError> {
    let file = File::open(path)
        .map_err(|e| VerifyError::Unreadable { path: path.to_owned(), cause: e.to_string() })?;
    let reader = BufReader::new(file);
    if path.extension().is_some_and(|extension| extension == "gz") {
        return Ok(Box::new(MultiGzDecoder::new(reader)));
    }
    Ok(Box::new(reader))
}

/// A table held in memory.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    columns: HashMap<String, usize>,
    records: Vec<StringRecord>,
}

impl Table {
    /// Reads a whole table.
    pub fn read(folder: &Path, name: &str) -> Result<Self, VerifyError> {
        let path = folder.join(name);
        let malformed = |e: &csv::Error| VerifyError::Malformed {
            path: path.clone(),
            line: e.position().map(csv::Position::line),
            cause: e.to_string(),
        };
        let mut reader = csv::Reader::from_reader(open(&path)?);
        let headers = reader.headers().map_err(|e| malformed(&e))?.clone();
        let columns = headers.iter().enumerate().map(|(p, name)| (name.to_owned(), p)).collect();
        let records = reader.records().collect::<Result<Vec<_>, _>>().map_err(|e| malformed(&e))?;
        Ok(Self { path, columns, records })
    }
    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }
    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The text in a column; an error when there is no such column.
    pub fn text(self, column: &str) -> Result<&'a str, VerifyError> {
        match self.table.columns.get(column) {
            Some(&position) => Ok(self.record.get(position).unwrap_or_default().trim()),
            None => Err(self.fault(format!("there is no column `{column}`"))),
        }
    }
    /// The number in a column.
    pub fn number(self, column: &str) -> Result<f64, VerifyError> {
        let text = self.text(column)?;
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.fault(format!("`{column}` should be a number, and is \"{text}\""))),
        }
    }
    /// The number in a column, `None` where it is empty or there is no such column.
    pub fn optional(self, column: &str) -> Result<Option<f64>, VerifyError> {
        if !self.table.has(column) || self.text(column)?.is_empty() {
            return Ok(None);
        }
        self.number(column).map(Some)
    }
    /// What a column's text names, by a look-up.
    pub fn find<T>(self, column: &str, look_up: impl Fn(&str) -> Option<T>) -> Result<T, VerifyError> {
        let text = self.text(column)?;
        look_up(text)
            .ok_or_else(|| self.fault(format!("`{column}` names \"{text}\", which the model does not know")))
    }
    /// A fault of this row.
    pub fn fault(self, cause: String) -> VerifyError {
        let line = self.record.position().map(csv::Position::line);
        VerifyError::Malformed { path: self.table.path.clone(), line, cause }
    }
}
