//! Questions that are answered by solving again, benchmarks, and justifications, as users ask for them.

mod program;

use program::{bedalloc, tutorial};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A model on top of the tutorial, solved; with justifications beside it where some are given.
fn solved(home: &Path, rules: &str, justifications: &str) -> (Output, PathBuf) {
    let model = home.join("model.yaml");
    let text = format!("extends: {}\nname: Tried\n{rules}", tutorial().display());
    std::fs::write(&model, text).expect("a file");
    if !justifications.is_empty() {
        std::fs::write(home.join("justifications.yaml"), justifications).expect("a file");
    }
    let folder = home.join("result");
    let output = bedalloc().arg("solve").arg(&model).arg("-o").arg(&folder).output().expect("it runs");
    (output, folder)
}

fn explain(folder: &Path, flags: &[&str]) -> Output {
    bedalloc().arg("explain").arg(folder).args(flags).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("{fault}: {}", text(&output.stderr)))
}

#[test]
fn why_not_tells_what_a_demand_costs_or_collides_with() {
    let home = tempfile::tempdir().expect("a folder");
    let (output, folder) = solved(home.path(), "", "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));

    let worse = explain(&folder, &["--why-not", "Westmarch Hills min 25", "--json"]);
    assert_eq!(worse.status.code(), Some(0), "{}", text(&worse.stderr));
    let worse = json(&worse);
    let unmet = |which: &str| worse[which]["unmet_beds"].as_f64().expect("a number");
    assert!(unmet("with_the_demand") >= unmet("as_it_is") - 1e-6, "{worse:#}");
    assert!(worse["with_the_demand"]["new_beds_here"].as_f64().expect("a number") >= 25.0 - 1e-6);
    let summary: Value =
        serde_json::from_slice(&std::fs::read(folder.join("summary.json")).expect("a file")).expect("JSON");
    assert!((unmet("as_it_is") - summary["unmet_beds"].as_f64().expect("a number")).abs() < 1e-5);

    let never = explain(&folder, &["--why-not", "region Westmarch Coast min 41"]);
    assert_eq!(never.status.code(), Some(3));
    let words = text(&never.stdout);
    assert!(words.contains("at least 41 new beds for Westmarch Coast (the question asked)"), "{words}");
    assert!(words.contains("national pool of new beds: at most 40 beds"), "{words}");

    let holds = explain(&folder, &["--why-not", "Westmarch Coast max 40"]);
    assert!(text(&holds.stdout).contains("holds already"), "{}", text(&holds.stdout));
}

#[test]
fn a_demand_that_makes_no_sense_is_refused_with_an_example() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, folder) = solved(home.path(), "", "");
    for (asked, cause) in [
        ("Westmarch Hills", "`min`, `max`, `exactly`"),
        ("Westmarch Hills min many", "`many` is no number of beds"),
        ("Westmarch Hills / 300 min 3", "a specialty may follow a site only"),
        ("Nowhere min 3", "there is no region called \"Nowhere\""),
    ] {
        let output = explain(&folder, &["--why-not", asked]);
        assert_eq!(output.status.code(), Some(2), "{asked}");
        assert!(text(&output.stderr).contains(cause), "{}", text(&output.stderr));
    }
}

#[test]
fn ten_beds_more_meet_more_need_than_ten_out_of_the_same_pool() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, folder) = solved(home.path(), "", "");
    let found = json(&explain(&folder, &["--site", "ALD01", "--resolve", "10", "--json"]));
    let unmet = |result: &Value| result["unmet_beds"].as_f64().expect("a number");
    let base = unmet(&found["as_it_is"]);
    let tried = found["tried"].as_array().expect("a list");
    assert!(unmet(&tried[0]["result"]) <= base + 1e-6, "{found:#}");
    assert!(unmet(&tried[1]["result"]) >= base - 1e-6, "{found:#}");
    assert!(unmet(&tried[0]["result"]) <= unmet(&tried[1]["result"]) + 1e-6);
    let said = text(&explain(&folder, &["--site", "ALD01", "--resolve", "10"]).stdout);
    assert!(said.contains("10 more beds at Aldbury General Hospital"), "{said}");
}

#[test]
fn every_trust_and_commissioner_stands_against_the_standards() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, folder) = solved(home.path(), "", "");
    let all = json(&explain(&folder, &["--benchmarks", "--json"]));
    let all = all.as_array().expect("a list");
    let ids: Vec<&str> = all.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids, ["WM", "ALD", "COA"]);
    // The only commissioner is the nation: what it has of its own is the standard.
    for standard in all[0]["standards"].as_array().expect("a list").iter().skip(1) {
        assert_eq!(standard["value"], standard["standard"], "{standard}");
    }
    let beds: f64 = all[1..].iter().map(|one| one["sums"]["beds"].as_f64().expect("a number")).sum();
    assert!((beds - all[0]["sums"]["beds"].as_f64().expect("a number")).abs() < 1e-9);
    let need: f64 = all[1..].iter().map(|one| one["sums"]["need"].as_f64().expect("a number")).sum();
    assert!((need - all[0]["sums"]["need"].as_f64().expect("a number")).abs() < 1e-6, "flows share need out");
    let table = text(&explain(&folder, &["--benchmarks"]).stdout);
    assert!(table.contains("ALD Aldbury and Fellside Hospitals"), "{table}");
    let of_trust = text(&explain(&folder, &["--trust", "COA"]).stdout);
    assert!(of_trust.contains("Against national standards"), "{of_trust}");
}

const JUSTIFIED: &str = "justifications:\n  - who: trust COA\n    what: occupancy\n    why: single rooms\n    \
                         evidence: board paper 14\n    cap: {share: 0.9}\n  - who: ALD\n    what: beds\n    \
                         why: a trauma centre\n    pin: {site: ALD01, beds: 12}\n  - who: WM\n    what: use\n    \
                         why: visitors in summer\n    need_factor: {factor: 1.1}\n";

#[test]
fn justifications_become_inputs_and_stay_with_the_result() {
    let home = tempfile::tempdir().expect("a folder");
    let plain = solved(home.path(), "", "").1.join("summary.json");
    let need = |path: &Path| {
        let summary: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
        summary["need_beds"].as_f64().expect("a number")
    };
    let before = need(&plain);
    let (output, folder) = solved(home.path(), "", JUSTIFIED);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!((need(&folder.join("summary.json")) - 1.1 * before).abs() < 1e-4);
    assert!(text(&output.stdout).contains("3 justifications are recorded"), "{}", text(&output.stdout));
    assert!(folder.join("justifications.yaml").is_file());

    let allocation = std::fs::read_to_string(folder.join("allocation.csv")).expect("a table");
    let mut reader = csv::Reader::from_reader(allocation.as_bytes());
    let columns = reader.headers().expect("a header").clone();
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let (site, cap, new) = (at("site"), at("occupancy_cap"), at("new"));
    let mut pinned = 0.0;
    for row in reader.records().map(|row| row.expect("a row")) {
        let expected = if &row[site] == "COA01" { 0.9 } else { 0.82 };
        assert!((row[cap].parse::<f64>().expect("a number") - expected).abs() < 1e-9, "{row:?}");
        if &row[site] == "ALD01" {
            pinned += row[new].parse::<f64>().expect("a number");
        }
    }
    assert!((pinned - 12.0).abs() < 1e-6, "{pinned}");

    let said = text(&explain(&folder, &["--trust", "COA"]).stdout);
    assert!(said.contains("single rooms") && said.contains("board paper 14"), "{said}");
    bedalloc().arg("verify").arg(&folder).assert().code(0);
}

#[test]
fn faults_of_justifications_point_at_the_line() {
    let home = tempfile::tempdir().expect("a folder");
    let faulty = "justifications:\n  - who: nobody\n    what: occupancy\n    why: because\n  - who: COA\n    \
                  what: luck\n    why: because\n  - who: COA\n    what: beds\n    why: because\n    \
                  cap: {share: 88}\n  - who: COA\n    what: use\n    why: because\n    need_factor: {factor: 1.1}\n  \
                  - who: COA\n    what: use\n    reason: because\n";
    let (output, _) = solved(home.path(), "", faulty);
    assert_eq!(output.status.code(), Some(2));
    let words = text(&output.stderr);
    for (line, cause) in [
        (2, "`nobody`"),
        (6, "`what` cannot be `luck`"),
        (11, "between 0.3 and 1"),
        (15, "no need of their own"),
        (18, "unknown key `reason`"),
    ] {
        let place = format!("justifications.yaml:{line}");
        assert!(words.contains(&place) && words.contains(cause), "{place} {cause}: {words}");
    }
}

#[test]
fn floors_above_the_pool_end_with_code_3_and_a_repair() {
    let home = tempfile::tempdir().expect("a folder");
    let rules = "regions:\n  Westmarch Coast: {min: 30}\n  Westmarch Vale: {min: 25}\n";
    let (output, folder) = solved(home.path(), rules, "");
    let words = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("lower the floor of Westmarch Coast by 15 beds, to 15 new beds"), "{words}");
    assert!(words.contains("add 15 beds to the national pool, to 55"), "{words}");
    assert!(!folder.exists());
    let told =
        bedalloc().arg("solve").arg(home.path().join("model.yaml")).arg("--json").output().expect("it runs");
    let told = json(&told);
    assert_eq!(told["conflict"].as_array().map(Vec::len), Some(3), "{told:#}");
    assert!((told["repair"]["weighs"].as_f64().expect("a number") - 30.0).abs() < 1e-6);
    // `check` tells what sums alone can tell, without solving.
    bedalloc().arg("check").arg(home.path().join("model.yaml")).assert().code(2);
}

#[test]
fn a_limit_from_a_table_is_told_with_its_line() {
    let home = tempfile::tempdir().expect("a folder");
    // Coastal Royal Hospital has 250 beds and, by its table, room for 300.
    let rules = "new_beds: {total: 60}\nregions:\n  Westmarch Coast: {min: 55}\n";
    let (output, _) = solved(home.path(), rules, "");
    let words = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("data/tutorial/sites.csv:3"), "{words}");
}
