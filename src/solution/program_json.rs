//! The program for other programs: JSON with the key of every column and row, and names for exchange
//! files.

use super::members::{Members, constraint_members, variable_members};
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::lp::{Bounds, LinearProgram, RowIx, Sense};
use serde_json::{Map, Value, json};

/// The name of a column in exchange files, for example `Treated(E02000001,RJ122,300,2020)`.
pub fn column_name(system: &CareSystem, key: VariableKey) -> String {
    name(key.family(), &variable_members(system, key))
}

/// The name of a row in exchange files, for example `BedCapacity(RJ122,300,2020)`.
pub fn row_name(system: &CareSystem, key: ConstraintKey) -> String {
    name(key.family(), &constraint_members(system, key))
}

fn name(family: &str, members: &Members) -> String {
    let ids: Vec<&str> = members.iter().map(|(_, id)| id).collect();
    format!("{family}({})", ids.join(","))
}

/// The program as JSON, a line for each column and row. `program` is the formulation's program with the
/// costs that are wanted. Infinite bounds are `null`; the terms of a row are pairs of a column's position,
/// from 0, and its coefficient.
pub fn program_json(system: &CareSystem, f: &Formulation, program: &LinearProgram) -> String {
    let columns = f.variables().iter().enumerate().map(|(position, &key)| {
        let mut column = described(key.family(), &variable_members(system, key));
        column.insert("unit".to_owned(), json!(key.unit()));
        column.insert("cost".to_owned(), json!(program.costs()[position]));
        insert_bounds(&mut column, program.column_bounds()[position]);
        column.insert("whole".to_owned(), json!(program.integer()[position]));
        Value::from(column)
    });
    let rows = (0u32..).zip(f.constraints()).map(|(position, &key)| {
        let mut row = described(key.family(), &constraint_members(system, key));
        row.insert("unit".to_owned(), json!(key.unit()));
        insert_bounds(&mut row, program.row_bounds()[position as usize]);
        let terms: Vec<Value> =
            program.row(RowIx(position)).map(|(column, value)| json!([column.get(), value])).collect();
        row.insert("terms".to_owned(), terms.into());
        Value::from(row)
    });
    let sense = match program.sense() {
        Sense::Minimise => "minimise",
        Sense::Maximise => "maximise",
    };
    let (name, columns, rows) = (json!(system.name), lines(columns), lines(rows));
    format!(
        "{{\n\"name\": {name},\n\"sense\": \"{sense}\",\n\"columns\": [{columns}],\n\"rows\": [{rows}]\n}}\n"
    )
}

fn described(family: &str, members: &Members) -> Map<String, Value> {
    let ids: Map<String, Value> = members.iter().map(|(member, id)| (member.to_owned(), json!(id))).collect();
    Map::from_iter([("family".to_owned(), json!(family)), ("members".to_owned(), ids.into())])
}

fn insert_bounds(map: &mut Map<String, Value>, bounds: Bounds) {
    // JSON has no infinity: serde_json writes it as null.
    map.insert("lower".to_owned(), json!(bounds.lower));
    map.insert("upper".to_owned(), json!(bounds.upper));
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    let mut text = String::new();
    for (position, value) in values.enumerate() {
        text.push_str(if position == 0 { "\n" } else { ",\n" });
        text.push_str(&value.to_string());
    }
    text
}
