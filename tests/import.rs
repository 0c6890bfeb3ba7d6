//! The importer on a made-up country of seven thousand people (see `import_samples/england-2019/README.md`).

use bedalloc::import::ImportError;
use bedalloc::import::england_2019::{Compiled, Resolution, checks, compile_tables};
use bedalloc::import::tables::RawTable;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ALL: [Resolution; 3] = [Resolution::District, Resolution::Msoa, Resolution::Lsoa];

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import_samples/england-2019")
}

fn compile(raw: &Path) -> (TempDir, Result<Compiled, ImportError>) {
    let out = TempDir::new().expect("a folder for the test");
    let result = compile_tables(raw, out.path(), &ALL, None);
    (out, result)
}

fn compiled() -> TempDir {
    let (out, result) = compile(&sample());
    result.expect("the sample is sound");
    out
}

/// A copy of the sample that a test may damage.
fn damaged(file: &str, from: &str, to: &str) -> TempDir {
    let copy = TempDir::new().expect("a folder for the test");
    copy_folder(&sample(), copy.path());
    let path = copy.path().join(file);
    let text = fs::read_to_string(&path).expect("the file is in the sample");
    assert!(text.contains(from), "{file} holds `{from}`");
    fs::write(&path, text.replacen(from, to, 1)).expect("the copy can be written");
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder for the copy");
    for entry in fs::read_dir(from).expect("the sample is there") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// The table's last column, by the others joined with a stroke.
fn values(out: &Path, file: &str) -> BTreeMap<String, f64> {
    let table = RawTable::open(&out.join(file)).expect("the table is written");
    let columns: Vec<_> = table.header().iter().map(|c| table.column(c).expect("its own column")).collect();
    let (last, keys) = columns.split_last().expect("a table has columns");
    let row_value = |row: bedalloc::import::tables::RawRow<'_>| {
        let key = keys.iter().map(|c| row.text(*c)).collect::<Vec<_>>().join("|");
        (key, row.number(*last).expect("a number"))
    };
    table.rows().map(row_value).collect()
}

fn sum_where(values: &BTreeMap<String, f64>, part: &str) -> f64 {
    values.iter().filter(|(key, _)| key.contains(part)).map(|(_, value)| value).sum()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-4
}

#[test]
fn beds_are_split_by_the_sites_share_and_the_trusts_mix() {
    let out = compiled();
    let table = RawTable::open(&out.path().join("beds.csv")).expect("the table is written");
    let [site, specialty, available, occupied] =
        table.columns(["site", "specialty", "available_beds", "occupied_beds"]).expect("its columns");
    let row = table.rows().find(|r| r.text(site) == "AAA01" && r.text(specialty) == "300").expect("the row");
    // 100 beds × 90/150 of the trust's old beds × 60/90 of its occupied beds; 60 occupied × 90/150.
    assert!(close(row.number(available).expect("a number"), 40.0));
    assert!(close(row.number(occupied).expect("a number"), 36.0));
    // 326 is grouped into 300.
    assert!(table.rows().any(|r| r.text(site) == "BBC01" && r.text(specialty) == "300"));
}

#[test]
fn need_sums_to_occupied_beds_and_agrees_between_resolutions() {
    let out = compiled();
    for name in ["need_revealed.csv.gz", "need_expected.csv.gz"] {
        let read = |areas: &str| values(out.path(), &format!("{areas}/{name}"));
        let (district, msoa, lsoa) = (read("district"), read("msoa"), read("lsoa"));
        for table in [&district, &msoa, &lsoa] {
            assert!(close(table.values().sum(), 146.0), "{name}");
        }
        assert!(close(msoa["M1|300"], lsoa["L1|300"] + lsoa["L2|300"]));
        assert!(close(district["D1|430"], msoa["M1|430"] + msoa["M2|430"]));
    }
}

#[test]
fn a_trusts_revealed_need_lies_only_where_its_patients_live() {
    let out = compiled();
    let need = values(out.path(), "msoa/need_revealed.csv.gz");
    // Geriatric beds exist at AAA alone, and nobody from M3 goes there.
    assert!(!need.contains_key("M3|430"));
    assert!(close(sum_where(&need, "|430"), 30.0));
}

#[test]
fn flows_sum_to_one_and_merged_trusts_share_theirs_by_beds() {
    let out = compiled();
    let flows = values(out.path(), "msoa/flows.csv.gz");
    for area in ["M1|", "M2|", "M3|"] {
        assert!((sum_where(&flows, area) - 1.0).abs() < 1e-5);
    }
    assert!(close(flows["M1|AAA01|"] / flows["M1|AAA02|"], 1.5));
    assert!(close(sum_where(&flows, "M3|"), flows["M3|BBB01|"] + flows["M3|BBC01|"]));
}

#[test]
fn children_need_childrens_wards_and_older_people_geriatric_ones() {
    let out = compiled();
    let rates = values(out.path(), "rates.csv");
    assert!(rates["420|0-9"] > 0.0 && rates["420|40-49"].abs() < 1e-12);
    assert!(rates["430|80-89"] > 0.0 && rates["430|20-29"].abs() < 1e-12);
}

#[test]
fn expected_need_is_people_times_rate_times_gradient() {
    let out = compiled();
    let rates = values(out.path(), "rates.csv");
    let people = values(out.path(), "lsoa/population.csv.gz");
    let gradient = values(out.path(), "deprivation_gradient.csv");
    let need = values(out.path(), "lsoa/need_expected.csv.gz");
    let bands: Vec<&str> = rates.keys().filter_map(|k| k.strip_prefix("300|")).collect();
    let by_band = |b: &&str| people[&format!("L1|{b}")] * rates[&format!("300|{b}")] / 1000.0;
    let expected: f64 = bands.iter().map(by_band).sum::<f64>() * gradient["1"];
    assert!((need["L1|300"] - expected).abs() < 1e-3);
}

#[test]
fn delays_sum_to_the_winter_mean_and_spare_children() {
    let out = compiled();
    let delays = values(out.path(), "delays.csv");
    assert!(close(delays.values().sum(), 12.0));
    assert!(close(sum_where(&delays, "|420"), 0.0));
    assert!(sum_where(&delays, "C1|") > 0.0);
}

#[test]
fn the_spend_of_the_services_sums_to_the_published_total() {
    let out = compiled();
    let table = RawTable::open(&out.path().join("social_care.csv")).expect("the table is written");
    let [council, service, spend] = table.columns(["council", "service", "spend_gbp"]).expect("its columns");
    let of = |c: &str, s: &str| {
        let row = table.rows().find(|r| r.text(council) == c && r.text(service) == s).expect("the row");
        row.number(spend).expect("a number")
    };
    // 100 thousand over ages 3:5; three quarters of the working-age part is learning disability.
    assert!(close(of("C1", "older_people"), 62_500.0));
    assert!(close(of("C1", "learning_disability"), 28_125.0));
    // Without figures of its own a council takes the national share.
    assert!(close(of("C2", "physical_disability_mental_health"), 5_000.0));
    assert!(close(values(out.path(), "councils.csv")["C1|Northshire|North"], 120_000.0));
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (first, second) = (compiled(), compiled());
    let mut compared = 0;
    for folder in [".", "district", "msoa", "lsoa", "boundaries"] {
        for entry in fs::read_dir(first.path().join(folder)).expect("the folder is written") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let twin = second.path().join(folder).join(path.file_name().expect("a name"));
                assert_eq!(fs::read(&path).expect("bytes"), fs::read(twin).expect("bytes"), "{path:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 25);
}

#[test]
fn a_cell_that_is_no_number_is_named_by_file_line_and_column() {
    let raw = damaged("kh03/kh03_2019_20_q3_overnight_by_sector.csv", "AAA,100,90", "AAA,100,ninety");
    let fault = compile(raw.path()).1.expect_err("the cell is no number").to_string();
    assert!(fault.contains("kh03_2019_20_q3_overnight_by_sector.csv:3"), "{fault}");
    assert!(fault.contains("`occupied_general_acute`") && fault.contains("`ninety`"), "{fault}");
}

#[test]
fn bad_raw_files_are_faults_and_not_panics() {
    let cases = [
        ("national-2019/trusts.csv", "stp17_code", "stp", "no column `stp17_code`"),
        ("national-2019/sites.csv", "AAA02,ST", "AAA01,ST", "each site stands once"),
        ("national-2019/sites.csv", "COMMUNITY HOSPITAL,AAA", "COMMUNITY HOSPITAL,AAX", "no such trust"),
        ("national-2019/trust_ga_occupied_by_specialty.csv", "BBC,326", "BBC,999", "no such code"),
        (
            "national-2019/trust_ga_occupied_by_specialty.csv",
            "BBC,326",
            "BBC,501",
            "no row with beds of trust `BBC`",
        ),
        ("demand/lsoa11_demand_2019.csv", "I1,1,1000", "I1,11,1000", "from 1 to 10"),
        ("demand/lsoa11_demand_2019.csv", "I1,1,1000", "I1,1,1001", "sum to 1000"),
        ("demand/msoa11_demand_2019.csv", "M3,", "M4,", "no MSOA `M3`"),
        ("flows/msoa11_trust_flow_shares.csv", "AAA,M1,0.5", "AAA,M1,50", "at most 1"),
        ("flows/msoa11_trust_flow_shares.csv", "BBB,M3,0.9", "ZZZ,M3,0.9", "from MSOA `M3`"),
        ("flows/msoa11_trust_flow_shares.csv", "AAA,M1,0.5", "AAA,M1", "not a well-formed row"),
        ("kh03/kh03_2019_20_q3_overnight_by_sector.csv", "AAA,100,90", "AAA,100,-90", "zero or more"),
        ("hes/england_acute_age_band_rates_derived.csv", "0-9", "0-8", "no such age band"),
        ("delays/dtoc_england_monthly_2010_08_to_2020_02.csv", "December", "Dezember", "winter months"),
        ("boundaries/stp17_44_derived.geojson", "stp17_code", "code", "no text property"),
        ("boundaries/stp17_44_derived.geojson", "{", "", "not the expected map layer"),
    ];
    for (file, from, to, said) in cases {
        let raw = damaged(file, from, to);
        let fault = compile(raw.path()).1.expect_err(said).to_string();
        assert!(fault.contains(said), "{file}: {fault}");
    }
}

#[test]
fn a_missing_or_truncated_file_is_named() {
    let raw = damaged("lookups/stp17_names.csv", "S1", "S1");
    let flows = raw.path().join("flows/msoa11_trust_flow_shares.csv");
    let text = fs::read(&flows).expect("the file is in the copy");
    fs::remove_file(&flows).expect("it can go");
    let missing = compile(raw.path()).1.expect_err("the file is missing");
    assert!(
        matches!(&missing, ImportError::Read { path, .. } if path.ends_with("msoa11_trust_flow_shares.csv.gz"))
    );

    let zipped = flows.with_extension("csv.gz");
    bedalloc::import::tables::write_bytes(&zipped, &text).expect("it can be zipped");
    assert!(compile(raw.path()).1.is_ok());
    let bytes = fs::read(&zipped).expect("the zipped bytes");
    fs::write(&zipped, &bytes[..bytes.len() / 2]).expect("it can be cut");
    let cut = compile(raw.path()).1.expect_err("the file is cut").to_string();
    assert!(cut.contains("msoa11_trust_flow_shares.csv.gz"), "{cut}");
}

#[test]
fn totals_that_are_not_englands_stop_the_national_import() {
    let out = TempDir::new().expect("a folder for the test");
    let fault =
        compile_tables(&sample(), out.path(), &ALL, Some(&checks::ENGLAND_2019)).expect_err("three trusts");
    assert!(fault.to_string().contains("trusts should be 145"), "{fault}");
}

#[test]
fn the_finest_areas_stand_for_themselves_and_the_folder_tells_how_they_are_made() {
    let out = compiled();
    let areas = RawTable::open(&out.path().join("lsoa/areas.csv.gz")).expect("the table is written");
    let area = areas.column("area").expect("its column");
    let codes: Vec<&str> = areas.rows().map(|row| row.text(area)).collect();
    assert_eq!(codes, ["L1", "L2", "L3", "L4"]);
    let headers = |folder: &str, file: &str| {
        let table = RawTable::open(&out.path().join(folder).join(file)).expect("the table is written");
        table.header().to_vec()
    };
    for file in ["areas.csv.gz", "population.csv.gz", "need_revealed.csv.gz", "flows.csv.gz"] {
        assert_eq!(headers("lsoa", file), headers("msoa", file), "{file}");
    }
    let told = RawTable::open(&out.path().join("on_demand.csv")).expect("the table is written");
    let [folder, command] = told.columns(["areas", "command"]).expect("its columns");
    let row = told.rows().next().expect("one row");
    assert_eq!(row.text(folder), "lsoa");
    assert!(row.text(command).ends_with("--areas lsoa"), "{}", row.text(command));
}
