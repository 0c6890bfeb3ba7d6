//! Raw CSV in, with line numbers; tables out, the same bytes every time.

use super::ImportError;
use crate::domain::packed::{Packing, gzip};
use csv::StringRecord;
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// The columns of `areas.csv` that every set of tables has; a set may add its own behind them.
pub const AREA_COLUMNS: [&str; 9] = [
    "area",
    "name",
    "longitude",
    "latitude",
    "population",
    "council",
    "commissioner",
    "region",
    "deprivation_decile",
];

/// A raw table, whole in memory: `.csv`, or `.csv.gz` when the name says so.
#[derive(Debug)]
pub struct RawTable {
    path: PathBuf,
    header: Vec<String>,
    records: Vec<(u64, StringRecord)>,
}

/// The position of a column, looked up once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(usize);

/// A row and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct RawRow<'a> {
    table: &'a RawTable,
    line: u64,
    record: &'a StringRecord,
}

impl RawTable {
    /// Reads a file; the name decides whether it is unzipped.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let file = BufReader::new(File::open(path).map_err(ImportError::reading(path))?);
        if path.extension().is_some_and(|e| e == "gz") {
            Self::read(path, MultiGzDecoder::new(file))
        } else {
            Self::read(path, file)
        }
    }

    /// Reads CSV text that belongs to the name given.
    pub fn read(path: &Path, source: impl Read) -> Result<Self, ImportError> {
        let mut reader = csv::ReaderBuilder::new().from_reader(source);
        let fault = |line: u64, source: csv::Error| {
            let line = source.position().map_or(line, csv::Position::line);
            ImportError::Row { path: path.to_owned(), line, source }
        };
        let header = reader.headers().map_err(|e| fault(1, e))?;
        let header = header.iter().map(|c| c.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        let mut records = Vec::new();
        let mut line = 1;
        for record in reader.into_records() {
            let record = record.map_err(|e| fault(line + 1, e))?;
            line = record.position().map_or(line + 1, csv::Position::line);
            records.push((line, record));
        }
        Ok(Self { path: path.to_owned(), header, records })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Result<Column, ImportError> {
        self.header.iter().position(|c| c == name).map(Column).ok_or_else(|| {
            let shown = self.header.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = self.header.len().saturating_sub(12);
            let found = if more > 0 { format!("{shown} and {more} more") } else { shown };
            ImportError::MissingColumn { path: self.path.clone(), column: name.to_owned(), found }
        })
    }

    /// Where several columns stand.
    pub fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[Column; N], ImportError> {
        let mut found = [Column(0); N];
        for (place, name) in found.iter_mut().zip(names) {
            *place = self.column(name)?;
        }
        Ok(found)
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = RawRow<'_>> {
        self.records.iter().map(|(line, record)| RawRow { table: self, line: *line, record })
    }
}

impl<'a> RawRow<'a> {
    /// The text of a cell, trimmed; may be empty.
    pub fn text(self, column: Column) -> &'a str {
        self.record.get(column.0).unwrap_or("").trim()
    }

    /// The text of a cell that may not be empty.
    pub fn filled(self, column: Column) -> Result<&'a str, ImportError> {
        let text = self.text(column);
        if text.is_empty() { Err(self.fault(column, "a value is needed")) } else { Ok(text) }
    }

    /// A finite number.
    pub fn number(self, column: Column) -> Result<f64, ImportError> {
        let number = self.text(column).parse::<f64>().ok().filter(|n| n.is_finite());
        number.ok_or_else(|| self.fault(column, "a number is needed"))
    }

    /// A finite number, not below zero.
    pub fn amount(self, column: Column) -> Result<f64, ImportError> {
        let number = self.number(column)?;
        if number < 0.0 { Err(self.fault(column, "a number of zero or more is needed")) } else { Ok(number) }
    }

    /// A finite number, not below zero; an empty cell is `None`.
    pub fn optional_amount(self, column: Column) -> Result<Option<f64>, ImportError> {
        if self.text(column).is_empty() { Ok(None) } else { self.amount(column).map(Some) }
    }

    /// A fault at a cell of this row; `reason` says what is needed, in lower case.
    pub fn fault(self, column: Column, reason: impl Into<String>) -> ImportError {
        ImportError::Cell {
            path: self.table.path.clone(),
            line: self.line,
            column: self.table.header[column.0].clone(),
            value: self.text(column).to_owned(),
            reason: reason.into(),
        }
    }
}

/// A table being written; nothing reaches the disc before [`TableWriter::finish`].
#[derive(Debug)]
pub struct TableWriter {
    path: PathBuf,
    writer: csv::Writer<Vec<u8>>,
}

impl TableWriter {
    /// Starts a table; a name that ends in `.gz` is zipped (level 9, no time stamp).
    pub fn new(path: PathBuf, header: &[&str]) -> Self {
        let writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        let mut table = Self { path, writer };
        table.row(header);
        table
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When the row is longer or shorter than the header: a fault of the program.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        self.writer.write_record(cells.iter().map(|c| c.as_ref().as_bytes())).expect("rows fit the header");
    }

    /// Writes the file, and the folders above it.
    ///
    /// # Panics
    /// Never: the buffer is memory.
    pub fn finish(self) -> Result<(), ImportError> {
        let bytes = self.writer.into_inner().expect("a buffer in memory takes every write");
        write_bytes(&self.path, &bytes)
    }
}

/// Writes a file whole, zipped when its name ends in `.gz`, with the folders above it.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), ImportError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(ImportError::writing(folder))?;
    }
    let zipped = path.extension().is_some_and(|e| e == "gz");
    let result =
        if zipped { fs::write(path, gzip(bytes, Packing::Smallest)) } else { fs::write(path, bytes) };
    result.map_err(ImportError::writing(path))
}

/// A number with at most so many decimals, without trailing zeros and without "-0".
pub fn decimals(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_no_trailing_zeros_and_no_minus_zero() {
        assert_eq!(decimals(1.5, 4), "1.5");
        assert_eq!(decimals(-0.000_01, 3), "0");
        assert_eq!(decimals(100.0, 0), "100");
        assert_eq!(decimals(100.0, 2), "100");
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
        let text = "\u{feff}area,beds\r\nA1,3\r\n".as_bytes();
        let table = RawTable::read(Path::new("t.csv"), text).expect("the table is sound");
        let [area, beds] = table.columns(["area", "beds"]).expect("both are there");
        let row = table.rows().next().expect("one row");
        assert_eq!(row.text(area), "A1");
        assert!((row.number(beds).expect("a number") - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_faulty_cell_knows_its_line() {
        let table = RawTable::read(Path::new("t.csv"), "area,beds\nA1,3\nA2,NaN\n".as_bytes()).expect("rows");
        let beds = table.column("beds").expect("it is there");
        let fault = table.rows().nth(1).expect("two rows").number(beds).expect_err("NaN is no amount");
        assert_eq!(fault.to_string(), "t.csv:3, column `beds`: a number is needed, found `NaN`");
    }
}
