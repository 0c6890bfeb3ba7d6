//! The data return: made, filled in, read back into a model that loads; and broken in each way, with the cell named.

mod program;
mod xlsx;

use program::bedalloc;
use std::path::{Path, PathBuf};
use xlsx::{Fill, filled, sheets, text};

/// The sheets of the form, from 1.
const BEDS: usize = 2;
const COMMUNITY: usize = 3;

/// A folder with a copy of the tutorial and a form for the trust ALD, whose two sites are ALD01 (rows 6 to 8) and
/// FEL01 (rows 9 to 11), each with the specialties 110, 300 and 430.
struct Home {
    folder: tempfile::TempDir,
    form: Vec<u8>,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let county = folder.path().join("county");
        bedalloc().arg("new").arg(&county).assert().success();
        let form = folder.path().join("blank.xlsx");
        bedalloc()
            .args(["new", "--trust", "ALD", "--model"])
            .arg(county.join("models/tutorial.yaml"))
            .arg("--workbook")
            .arg(&form)
            .assert()
            .success();
        let form = std::fs::read(form).expect("a form");
        Self { folder, form }
    }
    /// The form filled in, as a file.
    fn back(&self, beds: &[(&str, Fill)], community: &[(&str, Fill)]) -> PathBuf {
        let file = self.folder.path().join("back.xlsx");
        let bytes = filled(&filled(&self.form, BEDS, beds), COMMUNITY, community);
        std::fs::write(&file, bytes).expect("a file");
        file
    }
    fn import(&self, file: &Path, out: &str) -> std::process::Output {
        let out = self.folder.path().join(out);
        bedalloc().args(["import", "workbook"]).arg(file).arg("--out").arg(out).output().expect("it runs")
    }
    /// What is said of a form filled in like this, which must be refused and leave nothing behind.
    fn refused(&self, beds: &[(&str, Fill)], community: &[(&str, Fill)]) -> String {
        let output = self.import(&self.back(beds, community), "refused");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(!self.folder.path().join("refused").exists(), "nothing is written");
        words
    }
}

#[test]
fn a_form_filled_in_becomes_tables_and_a_model_that_loads() {
    let home = Home::new();
    let back = home.back(
        &[
            ("G6", Fill::Number(120.0)),
            ("H6", Fill::Number(101.5)),
            ("I6", Fill::Text("counted")),
            ("G7", Fill::Number(240.0)),
            ("H7", Fill::Number(230.0)),
            ("I7", Fill::Text("Estimated")),
        ],
        &[
            ("A6", Fill::Text("NEW01")),
            ("B6", Fill::Text("Aldbury Cottage Hospital, ward \"A\"")),
            ("C6", Fill::Text("ALD")),
            ("D6", Fill::Text("SHIRE")),
            ("E6", Fill::Number(-2.6)),
            ("F6", Fill::Number(54.02)),
            ("H6", Fill::Number(24.0)),
            ("I6", Fill::Number(20.0)),
        ],
    );
    let output = home.import(&back, "ald");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("Trauma and orthopaedics: 100.0 to 120.0 beds"), "{said}");
    assert!(said.contains("does not plan with step-down beds"), "{said}");
    let folder = home.folder.path().join("ald");
    let beds = std::fs::read_to_string(folder.join("tables/beds.csv")).expect("a table");
    assert!(beds.contains("ALD01,110,120,101.5\n") && beds.contains("ALD01,300,240,230\n"), "{beds}");
    assert!(beds.contains("NEW01,,24,20\n"), "{beds}");
    let original =
        std::fs::read_to_string(home.folder.path().join("county/data/tutorial/beds.csv")).expect("a table");
    let changed = original.lines().filter(|line| !beds.lines().any(|other| other == *line)).count();
    assert_eq!(changed, 2, "rows of others stand as they were:\n{beds}");
    let sites = std::fs::read_to_string(folder.join("tables/sites.csv")).expect("a table");
    assert!(
        sites
            .contains("NEW01,\"Aldbury Cottage Hospital, ward \"\"A\"\"\",ALD,,WM,Westmarch Vale,community,"),
        "{sites}"
    );
    let loaded = bedalloc::input::load(&folder.join("model.yaml")).expect("the model loads");
    assert_eq!(loaded.system.community.len(), 1);
    assert!(loaded.system.name.ends_with("with the return of Aldbury and Fellside Hospitals"));
    assert!(loaded.notes.iter().any(|note| note.text.contains("1 of them is said to be an estimate")));
    let again = home.import(&back, "ald");
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
}

#[test]
fn a_second_return_is_laid_over_the_first() {
    let home = Home::new();
    let first = home.back(&[("G6", Fill::Number(120.0)), ("H6", Fill::Number(100.0))], &[]);
    assert_eq!(home.import(&first, "first").status.code(), Some(0));
    let model = home.folder.path().join("first/model.yaml");
    let form = home.folder.path().join("coa.xlsx");
    bedalloc()
        .args(["new", "--trust", "COA", "--model"])
        .arg(&model)
        .arg("--workbook")
        .arg(&form)
        .assert()
        .success();
    let bytes = filled(
        &std::fs::read(&form).expect("a form"),
        BEDS,
        &[("G6", Fill::Number(90.0)), ("H6", Fill::Number(80.0))],
    );
    std::fs::write(&form, bytes).expect("a file");
    let output = home.import(&form, "second");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let beds = std::fs::read_to_string(home.folder.path().join("second/tables/beds.csv")).expect("a table");
    assert!(beds.contains("ALD01,110,120,100\n") && beds.contains("COA01,110,90,80\n"), "{beds}");
    let loaded = bedalloc::input::load(&home.folder.path().join("second/model.yaml")).expect("it loads");
    let returns = loaded.notes.iter().filter(|note| note.text.contains("returned")).count();
    assert_eq!(returns, 2, "the notes of the first return are kept");
}

#[test]
fn every_fault_of_a_cell_is_told_at_once_and_names_the_cell() {
    let home = Home::new();
    let said = home.refused(
        &[
            ("G6", Fill::Number(-3.0)),
            ("H6", Fill::Number(80.0)),
            ("G7", Fill::Text("about 250")),
            ("H7", Fill::Number(200.0)),
            ("G8", Fill::Number(100.0)),
            ("G9", Fill::Number(50.0)),
            ("H9", Fill::Number(90.0)),
            ("I9", Fill::Text("guessed")),
            ("G10", Fill::Error("#REF!")),
            ("H10", Fill::Number(10.0)),
            ("G11", Fill::Number(99_999.0)),
            ("H11", Fill::Number(10.0)),
        ],
        &[
            ("B6", Fill::Text("Nameless")),
            ("A7", Fill::Text("ALD01")),
            ("A8", Fill::Text("NEW02")),
            ("C8", Fill::Text("ALDD")),
            ("D8", Fill::Text("SHIRES")),
            ("E8", Fill::Number(54.0)),
            ("H8", Fill::Number(10.0)),
            ("I8", Fill::Number(8.0)),
        ],
    );
    for told in [
        "Beds!G6: available beds cannot be negative, found -3",
        "Beds!G7: available beds must be a number, found `about 250`",
        "Beds!H8: occupied beds are blank, but available beds are filled in",
        "Beds!H9: 90 beds are occupied of 50 available",
        "Beds!I9: how it is known cannot be `guessed`",
        "Beds!G10: available beds must be a number, found the error #REF!",
        "Beds!G11: available beds cannot be 99999",
        "Community!A6: the site has no code",
        "Community!A7: `ALD01` is the code of Aldbury General Hospital",
        "Community!C8: `ALDD` is no trust of this return",
        "did you mean `ALD`?",
        "Community!D8: unknown council `SHIRES`",
        "did you mean `SHIRE`?",
        "Community!E8: longitude cannot be 54",
        "Community!F8: the latitude of a new site is missing",
        "found; nothing was written",
    ] {
        assert!(said.contains(told), "{told}:\n{said}");
    }
}

#[test]
fn codes_rows_and_headings_that_were_changed_are_told() {
    let home = Home::new();
    let said = home.refused(
        &[
            ("A6", Fill::Text("ALD1")),
            ("C7", Fill::Text("330")),
            ("A8", Fill::Blank),
            ("A9", Fill::Text("COA01")),
        ],
        &[],
    );
    for told in [
        "Beds!A6: unknown site `ALD1`",
        "did you mean `ALD01`?",
        "Beds!C7: unknown specialty `330`",
        "Beds!A8: the code of the site is missing",
        "Beds!A9: site `COA01` is none of the acute sites of Aldbury and Fellside Hospitals",
    ] {
        assert!(said.contains(told), "{told}:\n{said}");
    }
    let said = home.refused(&[("G5", Fill::Text("Beds"))], &[]);
    assert!(
        said.contains("Beds!G5: the heading should be “AVAILABLE (beds): fill in”, found `Beds`"),
        "{said}"
    );
    let said = home.refused(&[("C7", Fill::Text("110"))], &[]);
    assert!(
        said.contains("Beds!A7: a second row for the same site and specialty: the first is row 6"),
        "{said}"
    );
    let gone = [("A6", Fill::Blank), ("B6", Fill::Blank), ("C6", Fill::Blank)];
    let said = home.refused(&gone, &[]);
    assert!(said.contains("Beds: the row of site `ALD01`, specialty `110` is missing"), "{said}");
    let said = home.refused(&[], &[]);
    assert!(said.contains("Beds: nothing is filled in"), "{said}");
}

#[test]
fn a_site_without_beds_and_a_model_that_does_not_hold_are_told() {
    let home = Home::new();
    let nought = Fill::Number(0.0);
    let said = home.refused(
        &[("G9", nought), ("H9", nought), ("G10", nought), ("H10", nought), ("G11", nought), ("H11", nought)],
        &[],
    );
    assert!(said.contains("Beds!G9: site `FEL01` has no beds left in any specialty"), "{said}");
    // COA01 can hold 300 beds at most: every cell is sound, and the site is not.
    let form = home.folder.path().join("coa.xlsx");
    let model = home.folder.path().join("county/models/tutorial.yaml");
    bedalloc()
        .args(["new", "--trust", "COA", "--model"])
        .arg(model)
        .arg("--workbook")
        .arg(&form)
        .assert()
        .success();
    let cells = [("G7", Fill::Number(400.0)), ("H7", Fill::Number(114.0))];
    let bytes = filled(&std::fs::read(&form).expect("a form"), BEDS, &cells);
    std::fs::write(&form, bytes).expect("a file");
    let output = home.import(&form, "refused");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("not the model with it") && said.contains("E412") && !said.contains(".bedalloc-"),
        "{said}"
    );
    let left: Vec<_> = std::fs::read_dir(home.folder.path()).expect("a folder").flatten().collect();
    assert!(
        left.iter().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')),
        "nothing hidden is left"
    );
}

#[test]
fn files_that_are_no_forms_are_refused_in_words() {
    let home = Home::new();
    let junk = home.folder.path().join("junk.xlsx");
    std::fs::write(&junk, "no workbook").expect("a file");
    let said = home.import(&junk, "refused");
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("cannot be read as a workbook"));
    let other = home.folder.path().join("other.xlsx");
    let renamed = xlsx::changed(&home.form, |_, text| text.replace("bedalloc data return", "something else"));
    std::fs::write(&other, renamed).expect("a file");
    let said = home.import(&other, "refused");
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("is no data return"));
}

#[test]
fn benchmarks_stand_beside_each_cell_and_the_rest_is_protected() {
    let home = Home::new();
    let book = sheets(&home.form);
    let beds = &book["Beds"];
    let loaded =
        bedalloc::input::load(&home.folder.path().join("county/models/tutorial.yaml")).expect("a model");
    let system = &loaded.system;
    let specialty = system.specialties.find("110").expect("a specialty");
    let of = |only: bool, occupied: bool| -> f64 {
        let pools = system.beds.iter().filter(|((_, s), _)| !only || *s == specialty);
        pools.map(|(_, stock)| if occupied { stock.occupied.0 } else { stock.available.0 }).sum()
    };
    assert_eq!(text(beds, 5, 2), "110");
    let near =
        |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 1e-12);
    assert!(near(xlsx::number(beds, 5, 10), of(true, true) / of(true, false)), "England's occupancy");
    assert!(near(xlsx::number(beds, 5, 11), of(true, false) / of(false, false)), "its share of all beds");
    xlsx::changed(&home.form, |name, text| {
        if name == "xl/worksheets/sheet2.xml" {
            assert!(text.contains("<sheetProtection sheet=\"1\""), "the sheet is protected");
            assert_eq!(text.matches("<dataValidation ").count(), 3, "beds, occupied beds, basis");
        }
        text
    });
    let again = home.folder.path().join("again.xlsx");
    let model = home.folder.path().join("county/models/tutorial.yaml");
    bedalloc()
        .args(["new", "--trust", "ALD", "--model"])
        .arg(model)
        .arg("--workbook")
        .arg(&again)
        .assert()
        .success();
    assert!(std::fs::read(again).expect("a form") == home.form, "the same model gives the same bytes");
}
