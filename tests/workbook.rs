//! `results.xlsx` and the Parquet tables: their figures against the files of the result, and the totals against those
//! that LibreOffice works out.

mod program;
mod xlsx;

use bedalloc::insight::files::Files;
use calamine::Data;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use program::{bedalloc, tutorial};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use xlsx::{at, column, number, sheets, text};

/// Rows of a sheet, from 0.
const TOTALS: u32 = 3;
const HEADS: u32 = 4;
const FIRST: u32 = 5;

/// Two results: the tutorial, and the tutorial in two waves with two scenarios of need each.
fn home() -> &'static Path {
    static HOME: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = tempfile::tempdir().expect("a folder");
        let waves = format!(
            "extends: {}\nname: In waves\ngrowth: 0.02\nreallocation: {{scope: commissioner, limit: 0.05}}\n\
             waves:\n  - {{name: early, years: 1, new_beds: 10}}\n  - {{name: late, years: 3, new_beds: 30}}\n\
             scenarios:\n  - {{name: mild, probability: 0.6, need: 1.0}}\n  - {{name: hard, probability: 0.4, need: 1.1}}\n",
            tutorial().display()
        );
        std::fs::write(home.path().join("waves.yaml"), waves).expect("a file");
        for (model, result) in [(tutorial(), "one"), (home.path().join("waves.yaml"), "waves")] {
            let folder = home.path().join(result);
            bedalloc().arg("solve").arg(model).arg("-o").arg(folder).args(["--format", "parquet", "-q"]).assert().success();
        }
        home
    });
    home.path()
}

fn book(result: &str) -> BTreeMap<String, calamine::Range<Data>> {
    sheets(&std::fs::read(home().join(result).join("results.xlsx")).expect("a workbook"))
}

/// A table of the result: columns, and rows as text.
fn table(result: &str, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let files = Files::new(&home().join(result));
    let table = files.table(name).expect("a table");
    let rows = table.rows().map(|row| (0..table.columns().len()).map(|at| row.at(at).to_owned()).collect());
    (table.columns().to_vec(), rows.collect())
}

/// Every row of a sheet has the figures of the row of the file.
fn assert_same(result: &str, sheet: &str, file: &str, pairs: &[(&str, &str)]) {
    let book = book(result);
    let sheet = &book[sheet];
    let (columns, rows) = table(result, file);
    for (head, name) in pairs {
        let there = column(sheet, HEADS, head).unwrap_or_else(|| panic!("a column {head}"));
        let here = columns.iter().position(|column| column == name).expect("a column of the file");
        for (row, cells) in (FIRST..).zip(&rows) {
            let expected = cells[here].parse::<f64>().ok();
            assert_eq!(number(sheet, row, there), expected, "{file}, {name}, row {row}");
        }
    }
}

#[test]
fn figures_on_the_sheets_are_those_of_the_files() {
    let beds = [("Beds today", "beds_before"), ("New beds", "new"), ("Beds in the plan", "beds_after")];
    let need = [
        ("Need of residents (occupied beds)", "need_beds"),
        ("Unmet before (occupied beds)", "unmet_beds_before"),
        ("Unmet in the plan (occupied beds)", "unmet_beds"),
        ("Unmet in the plan (share of need)", "unmet_share"),
    ];
    for result in ["one", "waves"] {
        assert_same(result, "Regions", "regions.csv", &[&beds[..], &need].concat());
        assert_same(result, "Commissioners", "commissioners.csv", &[&beds[..], &need[..1]].concat());
        assert_same(result, "Trusts", "trusts.csv", &beds);
        assert_same(result, "Beds", "allocation.csv", &beds);
        assert_same(result, "Areas", "areas.csv", &need[..1]);
    }
}

#[test]
fn totals_are_formulas_that_carry_what_the_rows_shown_come_to() {
    let book = book("one");
    let (columns, rows) = table("one", "regions.csv");
    let sheet = &book["Regions"];
    for (head, name) in [("New beds", "new"), ("Unmet in the plan (occupied beds)", "unmet_beds")] {
        let there = column(sheet, HEADS, head).expect("a column");
        let here = columns.iter().position(|column| column == name).expect("a column");
        let sum: f64 = rows.iter().filter_map(|row| row[here].parse::<f64>().ok()).sum();
        assert!((number(sheet, TOTALS, there).expect("a total") - sum).abs() < 1e-9, "{head}");
    }
}

#[test]
fn every_check_agrees_and_there_are_checks() {
    for result in ["one", "waves"] {
        let book = book(result);
        let sheet = &book["Checks"];
        let last = sheet.end().expect("rows").0;
        let verdicts: Vec<String> = (FIRST..=last).map(|row| text(sheet, row, 6)).collect();
        assert!(verdicts.len() > 12, "{verdicts:?}");
        let bad: Vec<String> = (FIRST..=last)
            .filter(|&row| text(sheet, row, 6) != "agrees")
            .map(|row| text(sheet, row, 0))
            .collect();
        assert!(bad.is_empty(), "{result}: {bad:?}");
    }
}

#[test]
fn of_several_periods_the_last_wave_is_shown_first() {
    let book = book("waves");
    let sheet = &book["Regions"];
    let (columns, rows) = table("waves", "regions.csv");
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let last: f64 = rows
        .iter()
        .filter(|row| row[at("period")] == "late/mild")
        .filter_map(|row| row[at("beds_after")].parse::<f64>().ok())
        .sum();
    let there = column(sheet, HEADS, "Beds in the plan").expect("a column");
    assert!((number(sheet, TOTALS, there).expect("a total") - last).abs() < 1e-9);
    assert_eq!(book["Periods"].end().expect("rows").0, FIRST + 3, "two waves, two scenarios each");
    assert!(column(sheet, HEADS, "Beds moved in").is_some(), "columns with something in them are there");
    assert!(
        column(&self::book("one")["Regions"], HEADS, "Beds moved in").is_none(),
        "empty ones are left out"
    );
}

#[test]
fn councils_are_pivoted_and_their_money_counted_once() {
    let (columns, rows) = table("one", "social_care.csv");
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let book = book("one");
    let sheet = &book["Councils"];
    let mut received: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &rows {
        received.insert(&row[at("council")], row[at("received_by_council_gbp")].parse().expect("pounds"));
    }
    let there = column(sheet, HEADS, "From the pooled fund (£ a year)").expect("a column");
    let total = number(sheet, TOTALS, there).expect("a total");
    assert!((total - received.values().sum::<f64>()).abs() < 1e-6);
    let spent = column(sheet, HEADS, "Older people: in the plan (£ a year)").expect("a column");
    let expected: f64 = rows
        .iter()
        .filter(|row| row[at("service")] == "older_people")
        .map(|row| row[at("spend_after_gbp")].parse::<f64>().expect("pounds"))
        .sum();
    assert!((number(sheet, TOTALS, spent).expect("a total") - expected).abs() < 1e-6);
}

#[test]
fn the_contents_list_every_sheet_and_the_model_hash_is_told() {
    let book = book("one");
    let contents = &book["Contents"];
    let last = contents.end().expect("rows").0;
    let listed: Vec<String> = (FIRST..=last).map(|row| text(contents, row, 0)).collect();
    for name in book.keys().filter(|name| *name != "Contents") {
        assert!(listed.contains(name), "{name} is not listed");
    }
    let model = std::fs::read(home().join("one/model.yaml")).expect("a model");
    let hash = bedalloc::input::csv::sha256(&model);
    let read_me = &book["Read me"];
    let last = read_me.end().expect("rows").0;
    assert!((0..=last).any(|row| at(read_me, row, 1) == Data::String(hash.clone())), "{hash}");
}

#[test]
fn libreoffice_comes_to_the_same_totals() {
    let Some(office) = xlsx::office() else { return };
    for result in ["one", "waves"] {
        let bytes = std::fs::read(home().join(result).join("results.xlsx")).expect("a workbook");
        let (ours, theirs) =
            (sheets(&bytes), sheets(&xlsx::recalculated(office, &xlsx::without_results(&bytes))));
        let mut compared = 0;
        for (name, sheet) in &ours {
            let (rows, columns) = sheet.end().unwrap_or_default();
            for (row, column) in (0..=rows).flat_map(|row| (0..=columns).map(move |column| (row, column))) {
                if let Some(mine) = number(sheet, row, column) {
                    let other = number(&theirs[name], row, column);
                    let near = other.is_some_and(|other| (other - mine).abs() <= 1e-9 * (1.0 + mine.abs()));
                    assert!(
                        near,
                        "{result}, {name}, row {}, column {}: {mine} and {other:?}",
                        row + 1,
                        column + 1
                    );
                    compared += 1;
                }
            }
        }
        let checks = &theirs["Checks"];
        let last = checks.end().expect("rows").0;
        assert!(
            (FIRST..=last).all(|row| text(checks, row, 6) == "agrees"),
            "{result}: checks as LibreOffice sees them"
        );
        assert!(compared > 300, "{compared} numbers");
    }
}

#[test]
fn parquet_holds_the_rows_of_the_csv_files_with_their_units() {
    for (file, name) in [("areas.csv", "areas.parquet"), ("flows.csv.gz", "flows.parquet")] {
        let (columns, rows) = table("one", file);
        let open = std::fs::File::open(home().join("one").join(name)).expect("a file");
        let reader = SerializedFileReader::new(open).expect("Parquet");
        let about = reader.metadata().file_metadata();
        let names: Vec<&str> = about.schema_descr().columns().iter().map(|column| column.name()).collect();
        assert_eq!(names, columns, "the same columns");
        let pairs = about.key_value_metadata().expect("metadata");
        for numeric in columns.iter().filter(|column| column.ends_with("_beds") || column.contains("minutes"))
        {
            let unit = pairs.iter().find(|pair| pair.key == format!("unit.{numeric}"));
            assert!(unit.is_some_and(|unit| unit.value.is_some()), "{numeric} has a unit");
        }
        let found: Vec<_> = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!(found.len(), rows.len());
        for (found, expected) in found.iter().zip(&rows) {
            for (at, text) in expected.iter().enumerate() {
                match found.get_column_iter().nth(at).map(|(_, field)| field) {
                    Some(Field::Double(number)) => {
                        assert_eq!(Some(*number), text.parse().ok(), "{file}, {}", columns[at]);
                    }
                    Some(Field::Str(words)) => assert_eq!(words, text),
                    other => assert!(
                        other == Some(&Field::Null) && text.is_empty(),
                        "{file}, {}: {other:?}",
                        columns[at]
                    ),
                }
            }
        }
    }
}

#[test]
fn the_report_command_writes_the_same_bytes_again() {
    let folder = home().join("one");
    let out = home().join("again");
    bedalloc()
        .arg("report")
        .arg(&folder)
        .args(["--format", "xlsx,parquet", "-o"])
        .arg(&out)
        .assert()
        .success();
    for name in ["results.xlsx", "areas.parquet", "flows.parquet"] {
        let read = |folder: &PathBuf| std::fs::read(folder.join(name)).expect("a file");
        assert!(read(&folder) == read(&out), "{name} differs");
    }
    let refused = bedalloc().args(["report", "a", "b", "--format", "xlsx"]).assert().code(2);
    let words = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(words.contains("as a page only"), "{words}");
}
