//! The files of a result folder, each read when it is first asked for and kept.

use super::error::InsightError;
use csv::StringRecord;
use flate2::read::MultiGzDecoder;
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Columns and what they must hold: which rows of a table are meant. Empty: all of them.
pub type Rows = BTreeMap<String, String>;

/// Makes [`Rows`] of pairs.
pub fn rows<const N: usize>(pairs: [(&str, &str); N]) -> Rows {
    pairs.into_iter().map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
}

/// A result folder, on the disk or not yet.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    held: Option<BTreeMap<String, Vec<u8>>>,
    tables: RefCell<BTreeMap<String, Rc<Table>>>,
    documents: RefCell<BTreeMap<String, Rc<Value>>>,
}

impl Files {
    /// A folder of which nothing is read yet.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            held: None,
            tables: RefCell::default(),
            documents: RefCell::default(),
        }
    }
    /// The files of a folder that is still to be written, by name.
    pub fn held(folder: &Path, files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { held: Some(files), ..Self::new(folder) }
    }
    /// The bytes of a file.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, InsightError> {
        let path = self.path(name);
        let read = match &self.held {
            None => std::fs::read(&path),
            Some(files) => files.get(name).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into()),
        };
        read.map_err(|cause| InsightError::unreadable(&path, &cause))
    }
    /// A file as text.
    pub fn text(&self, name: &str) -> Result<String, InsightError> {
        String::from_utf8(self.bytes(name)?)
            .map_err(|_| InsightError::malformed(&self.path(name), "it is no UTF-8 text"))
    }
    /// Where a file of the folder is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
    /// Whether the folder has a file.
    pub fn has(&self, name: &str) -> bool {
        self.held.as_ref().map_or_else(|| self.path(name).is_file(), |files| files.contains_key(name))
    }
    /// A table, plain or packed.
    pub fn table(&self, name: &str) -> Result<Rc<Table>, InsightError> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Ok(Rc::clone(table));
        }
        let table = Rc::new(Table::read(&self.path(name), &self.bytes(name)?)?);
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Ok(table)
    }
    /// A JSON file.
    pub fn json(&self, name: &str) -> Result<Rc<Value>, InsightError> {
        if let Some(document) = self.documents.borrow().get(name) {
            return Ok(Rc::clone(document));
        }
        let path = self.path(name);
        let document = serde_json::from_slice(&self.bytes(name)?)
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
    /// Of columns that were asked for: which rows hold a text.
    indexes: RefCell<BTreeMap<usize, Rc<Index>>>,
}

/// The rows that hold a text, in the order of the file.
type Index = FxHashMap<String, Vec<usize>>;

impl Table {
    fn read(path: &Path, bytes: &[u8]) -> Result<Self, InsightError> {
        let plain: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
            Box::new(MultiGzDecoder::new(bytes))
        } else {
            Box::new(bytes)
        };
        let malformed = |cause: csv::Error| InsightError::malformed(path, cause.to_string());
        let mut reader = csv::Reader::from_reader(plain);
        let columns = reader.headers().map_err(malformed)?.iter().map(str::to_owned).collect();
        let records = reader.records().collect::<Result<_, _>>().map_err(malformed)?;
        Ok(Self { path: path.to_owned(), columns, records, indexes: RefCell::default() })
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
    /// The rows that are meant, in the order of the file. O(rows) the first time that a column is asked for, then
    /// O(rows with the rarest of the values).
    pub fn matching<'a>(&'a self, wanted: &'a Rows) -> Result<Vec<Row<'a>>, InsightError> {
        let wanted: Vec<(usize, &str)> = wanted
            .iter()
            .map(|(column, value)| Ok((self.position(column)?, value.as_str())))
            .collect::<Result<_, InsightError>>()?;
        let indexes: Vec<_> = wanted.iter().map(|&(at, value)| (self.index(at), value)).collect();
        let found = indexes.iter().map(|(index, value)| index.get(*value).map_or(&[][..], Vec::as_slice));
        let Some(fewest) = found.min_by_key(|rows| rows.len()) else { return Ok(self.rows().collect()) };
        let meant = |row: &Row| wanted.iter().all(|&(at, value)| row.record.get(at) == Some(value));
        Ok(fewest.iter().map(|&at| self.row(at)).filter(meant).collect())
    }
    /// Rows that hold any of the texts in a column, by their place in the file.
    pub fn holding<'a>(&self, column: usize, texts: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
        let index = self.index(column);
        texts.into_iter().filter_map(|text| index.get(text)).flatten().copied().collect()
    }
    /// The row at a place in the file.
    pub fn row(&self, at: usize) -> Row<'_> {
        Row { table: self, record: &self.records[at] }
    }
    fn index(&self, column: usize) -> Rc<Index> {
        let mut indexes = self.indexes.borrow_mut();
        let index = indexes.entry(column).or_insert_with(|| {
            let mut index = Index::default();
            for (at, record) in self.records.iter().enumerate() {
                let text = record.get(column).unwrap_or_default();
                match index.get_mut(text) {
                    Some(rows) => rows.push(at),
                    None => _ = index.insert(text.to_owned(), vec![at]),
                }
            }
            Rc::new(index)
        });
        Rc::clone(index)
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
