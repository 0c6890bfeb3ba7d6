//! The header of a table: separators, and where each column stands.

use super::codes;
use super::csv;
use super::faults::{Faults, list, nearest};
use super::location::{Location, Spot};
use super::tables::TableShape;
use std::sync::Arc;

/// The names of the columns; `None` when they cannot be told apart (the fault is told).
pub fn read_header(file: &Arc<str>, header: &str, faults: &mut Faults) -> Option<Vec<String>> {
    let at = Location::line(file, 1);
    let other = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars"), ('\r', "bare carriage returns")];
    if let Some((_, name)) = other.iter().find(|(mark, _)| !header.contains(',') && header.contains(*mark)) {
        let cause = format!("columns are separated by {name}, not by commas");
        faults.add(codes::SEPARATOR, at, cause, "save the table as CSV with commas (and decimal points)");
        return None;
    }
    let Ok(fields) = csv::split(header) else {
        faults.add(codes::OPEN_QUOTE, at, "a quotation mark of the header is not closed", "close it");
        return None;
    };
    let names: Vec<String> = fields.iter().map(|field| csv::text_of(header, field).into_owned()).collect();
    let mut whole = true;
    for (position, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..position].contains(name) {
            let at = Location { spot: Spot::Field(u32::try_from(position).unwrap_or(0)), ..at.clone() };
            faults.add(
                codes::COLUMN_TWICE,
                at,
                format!("column `{name}` is given twice"),
                "remove or rename one of them",
            );
            whole = false;
        }
    }
    whole.then_some(names)
}

/// Where each column of a shape stands; `None` when a required one is missing (the fault is told).
pub fn find_columns(
    shape: &TableShape,
    file: &Arc<str>,
    names: &[String],
    faults: &mut Faults,
) -> Option<Vec<Option<usize>>> {
    let positions: Vec<Option<usize>> =
        shape.columns.iter().map(|column| names.iter().position(|name| name == column.name)).collect();
    let strangers: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| shape.columns.iter().all(|column| column.name != *name))
        .collect();
    let mut whole = true;
    for (column, position) in shape.columns.iter().zip(&positions) {
        if position.is_some() {
            continue;
        }
        let slip = nearest(column.name, strangers.iter().copied());
        let at = slip.and_then(|slip| names.iter().position(|name| name == slip));
        let spot = at.map_or(Spot::Line, |at| Spot::Field(u32::try_from(at).unwrap_or(0)));
        let at = Location { file: file.clone(), line: 1, spot };
        match (slip, column.required) {
            (Some(slip), true) => {
                let cause = format!("no column `{}`", column.name);
                faults.add(codes::COLUMN_MISSING, at, cause, format!("did you mean it by `{slip}`?"));
                whole = false;
            }
            (None, true) if shape.name == "delays" && names.iter().any(|name| name == "trust") => {
                let cure = "share the delayed beds out to councils: a column `council` in place of `trust`";
                faults.add(codes::NOT_BUILT_YET, at, "delays by trust are not read yet", cure);
                whole = false;
            }
            (None, true) => {
                let cause = format!("no column `{}`", column.name);
                let cure = format!(
                    "add it; the columns of this table are {}",
                    list(shape.columns.iter().map(|c| c.name))
                );
                faults.add(codes::COLUMN_MISSING, at, cause, cure);
                whole = false;
            }
            (Some(slip), false) => {
                let cause = format!("column `{slip}` looks like `{}` misspelt", column.name);
                faults.add(
                    codes::COLUMN_MISSPELT,
                    at,
                    cause,
                    format!("call it `{}`, or something less alike", column.name),
                );
            }
            (None, false) => {}
        }
    }
    whole.then_some(positions)
}
