//! Tables that only give names.

use crate::input::codes;
use crate::input::table::Reading;
use crate::input::tables::TableShape;
use std::collections::BTreeMap;

/// Reads names by identifier; empty when the table is not there.
pub fn read(reading: &mut Reading, shape: &'static TableShape) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let Some(table) = reading.open_if_there(shape) else { return names };
    reading.each(table, |row, faults| {
        let (id, name) = (row.text(0).into_owned(), row.text(1).into_owned());
        if names.insert(id.clone(), name).is_some() {
            let cause = format!("`{id}` is listed twice");
            faults.add(codes::DUPLICATE, row.at(0), cause, "keep one of the rows");
        }
    });
    names
}
