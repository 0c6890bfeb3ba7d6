//! The committed national tables against the published totals.

use bedalloc::import::tables::{RawRow, RawTable};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn table(name: &str) -> RawTable {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/england-2019");
    RawTable::open(&folder.join(name)).expect("the table is committed")
}

/// Adds up a column, by the text of another.
fn sums(table: &RawTable, key: &str, value: &str) -> BTreeMap<String, f64> {
    let [key, value] = table.columns([key, value]).expect("its columns");
    let mut sums = BTreeMap::new();
    for row in table.rows() {
        *sums.entry(row.text(key).to_owned()).or_default() += number(row, value);
    }
    sums
}

fn number(row: RawRow<'_>, column: bedalloc::import::tables::Column) -> f64 {
    row.number(column).expect("a number")
}

fn total(table: &RawTable, value: &str) -> f64 {
    let column = table.column(value).expect("its column");
    table.rows().map(|row| number(row, column)).sum()
}

/// Site → trust.
fn trust_of_site() -> BTreeMap<String, String> {
    let sites = table("sites.csv");
    let [site, trust] = sites.columns(["site", "trust"]).expect("its columns");
    sites.rows().map(|r| (r.text(site).to_owned(), r.text(trust).to_owned())).collect()
}

/// Trust → available and occupied beds, added up from the sites' beds.
fn beds_by_trust() -> BTreeMap<String, (f64, f64)> {
    let beds = table("beds.csv");
    let trusts = trust_of_site();
    let (available, occupied) = (sums(&beds, "site", "available_beds"), sums(&beds, "site", "occupied_beds"));
    let mut by_trust: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (site, beds) in available {
        let sum = by_trust.entry(trusts[&site].clone()).or_default();
        *sum = (sum.0 + beds, sum.1 + occupied[&site]);
    }
    by_trust
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

#[test]
fn beds_sum_to_the_census_in_all_and_trust_by_trust() {
    let by_trust = beds_by_trust();
    assert_eq!(by_trust.len(), 145);
    assert_near(by_trust.values().map(|b| b.0).sum(), 99_560.977, 0.01);
    assert_near(by_trust.values().map(|b| b.1).sum(), 91_636.458, 0.01);
    let trusts = table("trusts.csv");
    for (key, published) in sums(&trusts, "trust", "available_beds") {
        assert_near(by_trust[&key].0, published, 1e-3);
    }
    for (key, published) in sums(&trusts, "trust", "occupied_beds") {
        assert_near(by_trust[&key].1, published, 1e-3);
    }
}

#[test]
fn shortfalls_before_any_new_bed_are_the_known_ones() {
    let by_trust = beds_by_trust();
    let (available, occupied) = by_trust.values().fold((0.0, 0.0), |s, b| (s.0 + b.0, s.1 + b.1));
    let known = [
        (0.82, 10_195.7, 9_996.5),
        (0.85, 7_421.1, 7_009.6),
        (0.90, 3_193.5, 2_031.6),
        (0.92, 1_980.1, 40.4),
    ];
    for (cap, alone, pooled) in known {
        let found: f64 = by_trust.values().map(|b| (b.1 - cap * b.0).max(0.0)).sum();
        assert_near(found, alone, 0.051);
        assert_near(occupied - cap * available, pooled, 0.051);
    }
}

#[test]
fn sixty_seven_trusts_are_above_ninety_two_per_cent_when_rounded_and_seventy_two_exactly() {
    let occupancy = beds_by_trust();
    let exact = occupancy.values().filter(|b| b.1 / b.0 > 0.92).count();
    let rounded = occupancy.values().filter(|b| (b.1 / b.0 * 100.0).round() > 92.0).count();
    assert_eq!((rounded, exact), (67, 72));
}

#[test]
fn need_on_both_bases_sums_to_occupied_beds_at_both_resolutions() {
    for areas in ["district", "msoa"] {
        for basis in ["revealed", "expected"] {
            let need = table(&format!("{areas}/need_{basis}.csv.gz"));
            assert_near(total(&need, "occupied_beds"), 91_636.458, 0.01);
        }
    }
}

#[test]
fn registers_hold_what_the_country_has() {
    for (name, rows) in [
        ("sites.csv", 315),
        ("commissioners.csv", 44),
        ("icbs.csv", 42),
        ("councils.csv", 152),
        ("social_care.csv", 608),
        ("specialties.csv", 19),
        ("district/areas.csv.gz", 309),
        ("msoa/areas.csv.gz", 6_791),
    ] {
        assert_eq!(table(name).rows().len(), rows, "{name}");
    }
    for areas in ["district", "msoa"] {
        assert_near(total(&table(&format!("{areas}/areas.csv.gz")), "population"), 56_286_961.0, 0.0);
        assert_near(total(&table(&format!("{areas}/population.csv.gz")), "persons"), 56_286_961.0, 0.0);
        let regions = table(&format!("{areas}/areas.csv.gz"));
        let region = regions.column("region").expect("its column");
        assert_eq!(regions.rows().map(|r| r.text(region)).collect::<BTreeSet<_>>().len(), 9);
    }
}

#[test]
fn flows_of_every_area_sum_to_one() {
    for (areas, count) in [("district", 309), ("msoa", 6_791)] {
        let shares = sums(&table(&format!("{areas}/flows.csv.gz")), "area", "share");
        assert_eq!(shares.len(), count);
        assert!(shares.values().all(|s| (s - 1.0).abs() < 1e-4));
    }
}

#[test]
fn delays_are_the_winter_level_and_nowhere_more_than_a_fifth_of_need() {
    let delays = table("delays.csv");
    assert_near(total(&delays, "delayed_beds"), 5_110.633, 0.01);
    assert_near(total(&table("delays_by_trust.csv"), "delayed_beds"), 5_110.633, 0.01);
    let areas = table("msoa/areas.csv.gz");
    let [area, council] = areas.columns(["area", "council"]).expect("its columns");
    let councils: BTreeMap<_, _> = areas.rows().map(|r| (r.text(area), r.text(council))).collect();
    let mut need: BTreeMap<(&str, String), f64> = BTreeMap::new();
    let revealed = table("msoa/need_revealed.csv.gz");
    let [area, specialty, beds] =
        revealed.columns(["area", "specialty", "occupied_beds"]).expect("its columns");
    for row in revealed.rows() {
        let key = (councils[row.text(area)], row.text(specialty).to_owned());
        *need.entry(key).or_default() += number(row, beds);
    }
    let [council, specialty, delayed] =
        delays.columns(["council", "specialty", "delayed_beds"]).expect("its columns");
    for row in delays.rows() {
        let need = need[&(row.text(council), row.text(specialty).to_owned())];
        assert!(number(row, delayed) <= 0.2 * need, "{}", row.text(council));
    }
}
