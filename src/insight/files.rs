//! The files of a result folder, each read when it is first asked for and kept.

use super::error::InsightError;
use csv::StringRecord;
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Columns and what they must hold: which rows of a table are meant. Empty: all of them.
pub type Rows = BTreeMap<String, String>;

/// Makes [`Rows`] of pairs.
pub fn rows<const N: usize>(pairs: [(&str, &str); N]) -> Rows {
    pairs.into_iter().map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
}

/// A result folder.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    tables: RefCell<BTreeMap<String, Rc<Table>>>,
    documents: RefCell<BTreeMap<String, Rc<Value>>>,
}

impl Files {
    /// A folder of which nothing is read yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), tables: RefCell::default(), documents: RefCell::default() }
    }
    /// Where a file of the folder is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
    /// Whether the folder has a file.
    pub fn has(&self, name: &str) -> bool {
        self.path(name).is_file()
    }
    /// A table, plain or packed.
    pub fn table(&self, name: &str) -> Result<Rc<Table>, InsightError> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Ok(Rc::clone(table));
        }
        let table = Rc::new(Table::read(&self.path(name))?);
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Ok(table)
    }
    /// A JSON file.
    pub fn json(&self, name: &str) -> Result<Rc<Value>, InsightError> {
        if let Some(document) = self.documents.borrow().get(name) {
            return Ok(Rc::clone(document));
        }
        let path = self.path(name);
        let bytes = std::fs::read(&path).map_err(|cause| InsightError::unreadable(&path, &cause))?;
        let document = serde_json::from_slice(&bytes)
            .map_err(|cause| InsightError::malformed(&path, cause.to_string()))?;
        let document: Rc<Value> = Rc::new(document);
        self.documents.borrow_mut().insert(name.to_owned(), Rc::clone(&document));
        Ok(document)
    }
    /// A number of a JSON file by its pointer (RFC 6901); `None` where there is none.
    pub fn number(&self, name: &str, at: &str) -> Result<Option<f64>, InsightError> {
        Ok(self.json(name)?.pointer(at).and_then(Value::as_f64))
    }
}

/// A table held in memory.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    columns: Vec<String>,
    records: Vec<StringRecord>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, InsightError> {
        let file = File::open(path).map_err(|cause| InsightError::unreadable(path, &cause))?;
        let plain: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
            Box::new(MultiGzDecoder::new(BufReader::new(file)))
        } else {
            Box::new(file)
        };
        let malformed = |cause: csv::Error| InsightError::malformed(path, cause.to_string());
        let mut reader = csv::Reader::from_reader(plain);
        let columns = reader.headers().map_err(malformed)?.iter().map(str::to_owned).collect();
        let records = reader.records().collect::<Result<_, _>>().map_err(malformed)?;
        Ok(Self { path: path.to_owned(), columns, records })
    }
    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }
    /// The rows that are meant, in the order of the file. O(rows).
    pub fn matching<'a>(&'a self, wanted: &'a Rows) -> Result<Vec<Row<'a>>, InsightError> {
        let wanted: Vec<(usize, &str)> = wanted
            .iter()
            .map(|(column, value)| Ok((self.position(column)?, value.as_str())))
            .collect::<Result<_, InsightError>>()?;
        let meant = |row: &Row| wanted.iter().all(|&(at, value)| row.record.get(at) == Some(value));
        Ok(self.rows().filter(meant).collect())
    }
    /// Whether a row is meant.
    pub fn position(&self, column: &str) -> Result<usize, InsightError> {
        self.columns
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| InsightError::malformed(&self.path, format!("there is no column `{column}`")))
    }
    /// A fault of this table.
    pub fn fault(&self, cause: impl Into<String>) -> InsightError {
        InsightError::malformed(&self.path, cause)
    }
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The text at a position of the header; empty where the row is too short.
    pub fn at(self, position: usize) -> &'a str {
        self.record.get(position).unwrap_or_default()
    }
    /// The text in a column.
    pub fn text(self, column: &str) -> Result<&'a str, InsightError> {
        Ok(self.at(self.table.position(column)?))
    }
    /// The number in a column.
    pub fn number(self, column: &str) -> Result<f64, InsightError> {
        let text = self.text(column)?;
        self.maybe(column)?.ok_or_else(|| {
            let line = self.record.position().map_or(0, csv::Position::line);
            self.table.fault(format!("line {line}: `{column}` should be a number, and is \"{text}\""))
        })
    }
    /// The number in a column; `None` where it holds none.
    pub fn maybe(self, column: &str) -> Result<Option<f64>, InsightError> {
        Ok(self.text(column)?.parse().ok().filter(|number: &f64| number.is_finite()))
    }
}
