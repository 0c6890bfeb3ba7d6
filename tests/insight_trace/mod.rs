//! A doubter's reading of a result folder: figures looked up by their sources, without the program's own reader.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

pub type Record = BTreeMap<String, String>;

/// A result folder and its data.
pub struct Folder {
    pub result: PathBuf,
    pub data: PathBuf,
}

/// Rows of a CSV file, plain or packed.
pub fn records(path: &Path) -> Vec<Record> {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect("CSV")
}

fn matches(record: &Record, wanted: &Value) -> bool {
    let wanted = wanted.as_object().expect("columns");
    wanted.iter().all(|(column, value)| record.get(column).map(String::as_str) == value.as_str())
}

pub fn number(record: &Record, column: &str) -> f64 {
    record[column].parse().unwrap_or_else(|_| panic!("{column} of {record:?}"))
}

impl Folder {
    fn rows(&self, file: &str, wanted: &Value) -> Vec<Record> {
        records(&self.result.join(file)).into_iter().filter(|record| matches(record, wanted)).collect()
    }
    pub fn data(&self, table: &str) -> Vec<Record> {
        records(&self.data.join(format!("{table}.csv")))
    }
    /// What a source says, in JSON as `explain --json` gives it.
    pub fn value(&self, source: &Value) -> f64 {
        let text = |key: &str| source[key].as_str().unwrap_or_else(|| panic!("{key} of {source}"));
        let of = |key: &str| self.value(&source[key]);
        match text("from") {
            "cell" => {
                let rows = self.rows(text("file"), &source["row"]);
                assert_eq!(rows.len(), 1, "one row is meant: {source}");
                number(&rows[0], text("column"))
            }
            "total" => {
                let rows = self.rows(text("file"), &source["rows"]);
                assert!(!rows.is_empty(), "some rows are meant: {source}");
                rows.iter().map(|row| number(row, text("column")) * times(source, row)).sum()
            }
            "count" => self.count(source) as f64,
            "json" => {
                let bytes = std::fs::read(self.result.join(text("file"))).expect("a file");
                let document: Value = serde_json::from_slice(&bytes).expect("JSON");
                document.pointer(text("at")).and_then(Value::as_f64).unwrap_or_else(|| panic!("{source}"))
            }
            "data" => self.data_total(text("table"), &source["rows"]),
            "use_today" => {
                let used = self.use_today();
                used.iter()
                    .filter(|((a, h, _), _)| a == text("area") && h == text("site"))
                    .map(|(_, b)| b)
                    .sum()
            }
            "beds_in_use" => self.beds_in_use(source),
            "sum" => source["of"].as_array().expect("a list").iter().map(|one| self.value(one)).sum(),
            "less" => of("of") - of("less"),
            "over" => of("of") / of("by"),
            "times" => of("of") * source["factor"].as_f64().expect("a factor"),
            other => panic!("no such source: {other}"),
        }
    }
    fn count(&self, source: &Value) -> usize {
        let pool = |row: &Record| (row["site"].clone(), row["specialty"].clone());
        let beds: Vec<_> = self.rows("allocation.csv", &source["beds"]).iter().map(pool).collect();
        let same = |row: &Record| source["price"] == format!("{:.5e}", number(row, "shadow_price"));
        let rows = self.rows("prices.csv", &source["rows"]);
        rows.iter().filter(|row| beds.contains(&pool(row)) && same(row)).count()
    }
    fn data_total(&self, table: &str, wanted: &Value) -> f64 {
        let areas: BTreeMap<String, Record> =
            self.data("areas").into_iter().map(|row| (row["area"].clone(), row)).collect();
        match table {
            "population" => {
                areas.values().filter(|row| matches(row, wanted)).map(|row| number(row, "population")).sum()
            }
            "need_expected" => {
                let mut sum = 0.0;
                for mut row in self.data(table) {
                    let area = &areas[&row["area"]];
                    for column in ["region", "commissioner"] {
                        row.insert(column.to_owned(), area[column].clone());
                    }
                    sum += if matches(&row, wanted) { number(&row, "occupied_beds") } else { 0.0 };
                }
                sum
            }
            "travel_times" => {
                let row =
                    self.data(table).into_iter().find(|row| matches(row, wanted)).expect("a known time");
                number(&row, "minutes")
            }
            other => panic!("no such table: {other}"),
        }
    }
    /// Need times flow shares among sites that offer the specialty, by area, site and specialty.
    pub fn use_today(&self) -> BTreeMap<(String, String, String), f64> {
        let beds = self.data("beds");
        let flows = self.data("flows");
        let offers = |site: &str, specialty: &str| {
            beds.iter().any(|b| b["site"] == site && b["specialty"] == specialty)
        };
        let mut used = BTreeMap::new();
        for need in self.data("need") {
            let (area, specialty) = (need["area"].clone(), need["specialty"].clone());
            let to: Vec<&Record> =
                flows.iter().filter(|f| f["area"] == area && offers(&f["site"], &specialty)).collect();
            let all: f64 = to.iter().map(|flow| number(flow, "share")).sum();
            for flow in to {
                let beds = number(&need, "occupied_beds") * number(flow, "share") / all;
                used.insert((area.clone(), flow["site"].clone(), specialty.clone()), beds);
            }
        }
        used
    }
    fn beds_in_use(&self, source: &Value) -> f64 {
        let used = self.use_today();
        let column = source["column"].as_str().expect("a column");
        let mut sum = 0.0;
        for row in self.rows("allocation.csv", &serde_json::json!({"period": source["period"]})) {
            let of_pool = || used.iter().filter(|((_, h, s), _)| *h == row["site"] && *s == row["specialty"]);
            let all: f64 = of_pool().map(|(_, beds)| beds).sum();
            let own: f64 =
                of_pool().filter(|((a, _, _), _)| source["area"] == **a).map(|(_, beds)| beds).sum();
            sum += own / all * number(&row, column) * times(source, &row);
        }
        sum
    }
}

fn times(source: &Value, row: &Record) -> f64 {
    source["times"].as_str().map_or(1.0, |column| number(row, column))
}
