//! `flows.parquet` and `areas.parquet`: the two large tables of a result for programs that read columns, with units in
//! the metadata. Same columns, same rows, same figures as `flows.csv.gz` and `areas.csv`.

use super::ReportFile;
use super::html::read::maybe;
use crate::insight::error::InsightError;
use crate::insight::files::{Files, Table};
use ::parquet::basic::Compression;
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;
use thiserror::Error;

/// The names of the files.
pub const NAMES: [&str; 2] = ["areas.parquet", "flows.parquet"];
/// Rows that are packed together.
const GROUP: usize = 1_000_000;

/// Why a table cannot be written as Parquet.
#[derive(Debug, Error)]
pub enum ColumnsError {
    /// A file of the result cannot be read, or holds what does not belong there.
    #[error(transparent)]
    Result(#[from] InsightError),
    /// What Parquet cannot hold: a bug.
    #[error("{name} could not be laid out: {source}")]
    Layout {
        /// The file.
        name: &'static str,
        /// What the writer says.
        source: ParquetError,
    },
}

/// A column of numbers: its unit and what it says. Columns that are not listed hold codes.
const NUMBERS: [(&str, &str, &str); 9] = [
    ("occupied_beds", "occupied beds", "patients of the area treated there, mean over the period"),
    ("minutes", "minutes", "one way by car"),
    ("need_beds", "occupied beds", "need of the people who live in the area"),
    ("treated_beds", "occupied beds", "need that is treated, wherever"),
    ("released_beds", "occupied beds", "need that social care takes out of hospital"),
    ("prevented_beds", "occupied beds", "need that prevention programmes prevent"),
    ("unmet_beds", "occupied beds", "need left untreated"),
    ("induced_beds", "occupied beds", "need that new beds bring forth, part of need_beds"),
    (
        "mean_minutes",
        "minutes",
        "one way by car, mean over the area's patients; null where nobody is treated",
    ),
];

/// Both files. O(rows).
///
/// # Errors
/// When a table of the result is missing or malformed.
pub fn files(files: &Files) -> Result<Vec<ReportFile>, ColumnsError> {
    let [areas, flows] = NAMES;
    Ok(vec![
        ReportFile { name: areas, bytes: file(files, areas, "areas.csv")? },
        ReportFile { name: flows, bytes: file(files, flows, "flows.csv.gz")? },
    ])
}

fn file(files: &Files, name: &'static str, source: &str) -> Result<Vec<u8>, ColumnsError> {
    let table = files.table(source)?;
    let about = about(files, &table, source)?;
    written(&table, about).map_err(|source| ColumnsError::Layout { name, source })
}

fn is_number(column: &str) -> bool {
    NUMBERS.iter().any(|(name, ..)| *name == column)
}

/// What the file says of itself and of its columns.
fn about(files: &Files, table: &Table, source: &str) -> Result<Vec<KeyValue>, InsightError> {
    let summary = files.json("summary.json")?;
    let model = summary["name"].as_str().unwrap_or_default();
    let hash = Sha256::digest(files.bytes(source)?).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let pair = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
    let mut pairs = vec![pair("model", model), pair("source", source), pair("source.sha256", &hash)];
    for (column, unit, means) in NUMBERS.iter().filter(|(name, ..)| table.has(name)) {
        pairs.push(pair(&format!("unit.{column}"), unit));
        pairs.push(pair(&format!("means.{column}"), means));
    }
    Ok(pairs)
}

fn written(table: &Table, about: Vec<KeyValue>) -> Result<Vec<u8>, ParquetError> {
    let mut schema = "message bedalloc {\n".to_owned();
    for column in table.columns() {
        let shape = if is_number(column) {
            format!("OPTIONAL DOUBLE {column};")
        } else {
            format!("REQUIRED BYTE_ARRAY {column} (STRING);")
        };
        let _ = writeln!(schema, "  {shape}");
    }
    schema.push('}');
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("bedalloc version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(about))
        .build();
    let mut bytes = Vec::new();
    let shape = Arc::new(parse_message_type(&schema)?);
    let mut writer = SerializedFileWriter::new(&mut bytes, shape, Arc::new(properties))?;
    let rows: Vec<_> = table.rows().collect();
    for group in rows.chunks(GROUP) {
        let mut packed = writer.next_row_group()?;
        for (at, name) in table.columns().iter().enumerate() {
            let Some(mut column) = packed.next_column()? else { break };
            if is_number(name) {
                let found: Vec<Option<f64>> = group.iter().map(|row| maybe(*row, at)).collect();
                let there: Vec<i16> = found.iter().map(|value| i16::from(value.is_some())).collect();
                let values: Vec<f64> = found.into_iter().flatten().collect();
                column.typed::<DoubleType>().write_batch(&values, Some(&there), None)?;
            } else {
                let values: Vec<ByteArray> =
                    group.iter().map(|row| ByteArray::from(row.at(at).as_bytes().to_vec())).collect();
                column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            }
            column.close()?;
        }
        packed.close()?;
    }
    writer.close()?;
    Ok(bytes)
}
