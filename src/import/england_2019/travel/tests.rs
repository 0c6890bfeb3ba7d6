//! The travel step on a made-up country: eight LSOAs in four MSOAs in two districts, three
//! hospitals with measured times, of which one is a site, and one site without.

use super::*;
use crate::domain::ids::{AreaId, SiteId};
use crate::domain::place::Place;
use crate::domain::units::Persons;
use crate::import::tables::RawTable;
use std::fmt::Write as _;
use std::fs;
use tempfile::TempDir;

fn lsoa(p: usize) -> String {
    format!("E0100000{p}")
}

fn at(p: usize) -> Place {
    Place { longitude: -1.0 + 0.05 * p as f64, latitude: 52.0 }
}

/// Minutes grow by four from one LSOA to the next; hospitals stand at LSOAs 0, 3 and 7.
fn raw_folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        crate::import::tables::write_bytes(&path, text.as_bytes()).expect("written");
    };
    let mut matrix = "lsoa11_code,AA11AA,BB11BB,CC11CC\n".to_owned();
    let mut demand = "lsoa11_code,msoa11_code,pop_total,lat,lon\n".to_owned();
    for p in 0..8_usize {
        let to = |hospital: usize| 6.0 + 4.0 * p.abs_diff(hospital) as f64;
        writeln!(matrix, "{},{},{},{}", lsoa(p), to(0), to(3), to(7)).expect("a string takes any text");
        let (people, east) = (1000 * (1 + p % 2), at(p).longitude);
        writeln!(demand, "{},E0200000{},{people},52.0,{east}", lsoa(p), p / 2)
            .expect("a string takes any text");
    }
    write("travel-times/lsoa11_to_125_hospitals_minutes.csv.gz", &matrix);
    write("demand/lsoa11_demand_2019.csv.gz", &demand);
    let msoa = |m: usize| format!("E0200000{m},52.0,{}\n", -1.0 + 0.1 * m as f64 + 0.033);
    write(
        "demand/msoa11_demand_2019.csv",
        &("msoa11_code,lat,lon\n".to_owned() + &(0..4).map(msoa).collect::<String>()),
    );
    let hospital = |(code, p)| format!("{code},52.0,{}\n", at(p).longitude);
    let hospitals: String = [("AA1 1AA", 0), ("BB1 1BB", 3), ("CC1 1CC", 7)].map(hospital).concat();
    write("travel-times/hospital_key_stroke_units_2022.csv", &("postcode,lat,lon\n".to_owned() + &hospitals));
    folder
}

fn area(code: &str, place: Place, members: &[(usize, f64)]) -> AreaPlace {
    let members = members.iter().map(|&(p, people)| (lsoa(p), Persons(people))).collect();
    AreaPlace { code: AreaId::new(code).expect("a code"), place, members }
}

fn sites() -> Vec<SitePlace> {
    let site = |code: &str, p: usize, postcode: Option<&str>| SitePlace {
        code: SiteId::new(code).expect("a code"),
        place: at(p),
        matrix_postcode: postcode.map(str::to_owned),
        nearest_lsoa: lsoa(p),
    };
    vec![site("RXX01", 0, Some("AA11AA")), site("RXX02", 5, None)]
}

/// The rows of a table written, joined with commas.
fn rows(path: &Path) -> Vec<String> {
    let table = RawTable::open(path).expect("a table");
    let columns: Vec<_> = table.header().iter().map(|c| table.column(c).expect("a column")).collect();
    table.rows().map(|row| columns.iter().map(|&c| row.text(c)).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn msoas_get_weighted_known_times_edges_and_connectors() {
    let (raw, out) = (raw_folder(), TempDir::new().expect("a folder"));
    let areas = msoas::read(RawFolder(raw.path())).expect("read");
    let summary = compile(raw.path(), Resolution::Msoa, &areas, &sites(), out.path()).expect("compiled");
    let times = rows(&out.path().join("msoa/travel_times.csv.gz"));
    assert_eq!(times.len(), 4);
    // LSOAs 0 and 1 take 6 and 10 minutes; twice as many people live in the second.
    assert_eq!(times[0], "E02000000,RXX01,8.7,known");
    let edges = rows(&out.path().join("msoa/travel_edges.csv.gz"));
    assert!(edges.iter().all(|row| row.ends_with(",car")), "{edges:?}");
    assert!(edges.iter().any(|row| row.starts_with("E02000002,RXX02,")), "it stands in this MSOA: {edges:?}");
    assert!(edges.iter().any(|row| row.starts_with("E02000000,E02000001,")), "{edges:?}");
    assert_eq!(summary, TravelSummary { known_pairs: 4, inferred_pairs: 4, fallback_pairs: 0 });
}

#[test]
fn districts_get_means_of_their_msoas_and_no_edges() {
    let (raw, out) = (raw_folder(), TempDir::new().expect("a folder"));
    let people = |p: usize| (p, if p.is_multiple_of(2) { 1000.0 } else { 2000.0 });
    let districts = [
        area("E07000001", at(2), &[0, 1, 2, 3].map(people)),
        area("E07000002", at(6), &[4, 5, 6, 7].map(people)),
    ];
    compile(raw.path(), Resolution::District, &districts, &sites(), out.path()).expect("compiled");
    let times = rows(&out.path().join("district/travel_times.csv.gz"));
    assert_eq!(times[0], "E07000001,RXX01,12.7,known", "(6 + 2 x 10 + 14 + 2 x 18) / 6");
    assert!(times[1].starts_with("E07000001,RXX02,") && times[1].ends_with(",inferred"), "{times:?}");
    assert_eq!(times.len(), 4);
    assert!(!out.path().join("district/travel_edges.csv.gz").exists());
}

#[test]
fn an_area_outside_the_matrix_is_left_to_the_great_circle() {
    let (raw, out) = (raw_folder(), TempDir::new().expect("a folder"));
    let mut areas = msoas::read(RawFolder(raw.path())).expect("read");
    areas.push(area("E02999999", Place { longitude: -1.1, latitude: 52.1 }, &[(9, 10.0)]));
    let summary = compile(raw.path(), Resolution::Msoa, &areas, &sites(), out.path()).expect("compiled");
    assert_eq!((summary.known_pairs, summary.fallback_pairs), (4, 2));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let raw = raw_folder();
    let areas = msoas::read_lsoas(RawFolder(raw.path())).expect("read");
    let bytes = || {
        let out = TempDir::new().expect("a folder");
        compile(raw.path(), Resolution::Lsoa, &areas, &sites(), out.path()).expect("compiled");
        ["lsoa/travel_times.csv.gz", "lsoa/travel_edges.csv.gz"]
            .map(|f| fs::read(out.path().join(f)).expect("read"))
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_column_without_a_hospital_is_named() {
    let raw = raw_folder();
    let key = raw.path().join("travel-times/hospital_key_stroke_units_2022.csv");
    fs::write(&key, "postcode,lat,lon\nAA1 1AA,52,-1\nCC1 1CC,52,-1\n").expect("written");
    let fault = estimator_error(raw.path(), false).expect_err("a hospital is missing");
    assert!(fault.to_string().contains("no hospital `BB11BB`"), "{fault}");
}
