//! The tables made for scenarios: published totals come out, and the shipped files are what the importers make.

use bedalloc::import::tables::RawTable;
use bedalloc::import::{croc_2018, nhs_plan_2001};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder)
}

/// The sum of a column over the rows whose cell in another column holds what is asked for.
fn sum(folder: &Path, file: &str, column: &str, filter: Option<(&str, &str)>) -> f64 {
    let table = RawTable::open(&folder.join(file)).expect("the table is there");
    let amount = table.column(column).expect("its column");
    let wanted = |row: &bedalloc::import::tables::RawRow<'_>| {
        filter.is_none_or(|(name, cell)| row.text(table.column(name).expect("its column")) == cell)
    };
    table.rows().filter(wanted).map(|row| row.amount(amount).expect("an amount")).sum()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn assert_same_files(made: &Path, shipped: &Path) {
    let names = |folder: &Path| -> Vec<PathBuf> {
        files(folder).iter().map(|file| file.strip_prefix(folder).expect("inside").to_owned()).collect()
    };
    assert_eq!(names(made), names(shipped));
    for name in names(made) {
        let same = fs::read(made.join(&name)).ok() == fs::read(shipped.join(&name)).ok();
        assert!(same, "{} is not what the importer makes: run it again", name.display());
    }
}

#[test]
fn the_shipped_tables_of_the_nhs_plan_are_what_the_importer_makes() {
    let out = TempDir::new().expect("a folder for the test");
    let summary = nhs_plan_2001::compile(&data("england-2019"), out.path()).expect("the tables are sound");
    assert_eq!(summary.offices.len(), 8);
    // Two councils made from Bedfordshire and two from Cheshire.
    assert_eq!(summary.councils_estimated, 4);
    assert_same_files(out.path(), &data("nhs-plan-2001"));
}

#[test]
fn published_totals_of_1999_come_out() {
    let folder = data("nhs-plan-2001");
    let beds = |group: &str| sum(&folder, "beds.csv", "available_beds", Some(("specialty", group)));
    let acute: f64 = ["children", "medicine", "surgery"].into_iter().map(beds).sum();
    assert!((acute - 107_218.0).abs() < 0.01);
    assert!((beds("geriatric") - 27_862.0).abs() < 0.01);
    // 84% of 135,080.
    let need = sum(&folder, "district/need_revealed.csv.gz", "occupied_beds", None);
    assert!((need - 113_467.2).abs() < 0.01);
    assert!((sum(&folder, "beds.csv", "occupied_beds", None) - 113_467.2).abs() < 0.01);
    // Over 1,500 more than 5,385 were delayed in September 2001.
    let delayed = sum(&folder, "delays.csv", "delayed_beds", None);
    assert!((6_885.0..7_200.0).contains(&delayed), "{delayed}");
}

#[test]
fn the_north_west_keeps_the_beds_that_were_published_for_it() {
    let folder = data("nhs-plan-2001");
    let sites = RawTable::open(&folder.join("sites.csv")).expect("the table is there");
    let [site, region] = sites.columns(["site", "region"]).expect("its columns");
    let in_office: Vec<&str> =
        sites.rows().filter(|row| row.text(region) == "North West").map(|row| row.text(site)).collect();
    let total: f64 =
        in_office.iter().map(|id| sum(&folder, "beds.csv", "available_beds", Some(("site", id)))).sum();
    assert!((total - 20_560.0).abs() < 0.01, "{total}");
}

#[test]
fn avoidable_use_is_12_400_beds() {
    let out = TempDir::new().expect("a folder for the test");
    croc_2018::compile(&data("england-2019"), out.path()).expect("the tables are sound");
    assert!((sum(out.path(), "delays.csv", "delayed_beds", None) - 12_400.0).abs() < 0.01);
    assert_same_files(out.path(), &data("croc-2018"));
}

#[test]
fn a_table_of_2019_that_names_an_unknown_specialty_is_refused() {
    let copy = TempDir::new().expect("a folder for the test");
    for file in files(&data("england-2019")) {
        let name = file.strip_prefix(data("england-2019")).expect("inside").to_owned();
        if name.starts_with("msoa") || name.starts_with("boundaries") {
            continue;
        }
        let target = copy.path().join(name);
        fs::create_dir_all(target.parent().expect("a folder")).expect("it can be made");
        fs::copy(&file, &target).expect("a copy");
    }
    let beds = copy.path().join("beds.csv");
    let text = fs::read_to_string(&beds).expect("it is text").replacen(",100,", ",999,", 1);
    fs::write(&beds, text).expect("it can be written");
    let out = TempDir::new().expect("a folder for the test");
    let fault = nhs_plan_2001::compile(copy.path(), out.path()).expect_err("999 is no specialty");
    assert!(fault.to_string().ends_with("a specialty of a group is needed, found `999`"), "{fault}");
}
