//! A CSV table in memory.

use super::number::nine_decimals;

/// One cell.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// A number, rounded to nine decimals.
    Number(f64),
    /// A number that reads back bit for bit.
    Exact(f64),
    /// Nothing: the column makes no sense in this row, or the value is not known.
    Blank,
}

impl Cell<'_> {
    /// A number, or nothing.
    pub fn maybe(value: Option<f64>) -> Self {
        value.map_or(Self::Blank, Self::Number)
    }
    /// Whether something is so.
    pub fn truth(is_so: bool) -> Self {
        Self::Text(if is_so { "true" } else { "false" })
    }
}

/// A table that grows row by row. Lines end in a line feed, fields are quoted only where they must be.
#[derive(Debug)]
pub struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    /// A table with its header.
    pub fn new(columns: &[&str]) -> Self {
        let mut table = Self { writer: csv::Writer::from_writer(Vec::new()) };
        table.writer.write_record(columns).expect("memory takes any row");
        table
    }
    /// Adds a row.
    ///
    /// # Panics
    /// When it has not as many cells as the header: a bug of the report.
    pub fn row(&mut self, cells: &[Cell]) {
        for cell in cells {
            let field = match *cell {
                Cell::Text(text) => self.writer.write_field(text),
                Cell::Number(value) => self.writer.write_field(nine_decimals(value).to_string()),
                Cell::Exact(value) => self.writer.write_field(value.to_string()),
                Cell::Blank => self.writer.write_field(""),
            };
            field.expect("memory takes any field");
        }
        self.writer.write_record(None::<&[u8]>).expect("a row has as many cells as the header");
    }
    /// The bytes of the table.
    pub fn finish(self) -> Vec<u8> {
        self.writer.into_inner().expect("memory takes any row")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_read_back_bit_for_bit_and_others_are_rounded() {
        let price = -0.123_456_789_012_345_67;
        let mut table = Table::new(&["name", "price", "beds", "to"]);
        table.row(&[Cell::Text("a, b"), Cell::Exact(price), Cell::Number(1.0 + 1e-12), Cell::Blank]);
        let text = String::from_utf8(table.finish()).expect("text");
        assert_eq!(text, format!("name,price,beds,to\n\"a, b\",{price},1,\n"));
        let read: f64 = text.split(',').nth(5).expect("a field").parse().expect("a number");
        assert_eq!(read.to_bits(), price.to_bits());
    }
}
