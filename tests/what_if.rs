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

/// Every number of a JSON document, and the length of every list.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Number(number) => number.as_f64().into_iter().collect(),
        Value::Array(all) => all.iter().flat_map(numbers).chain([all.len() as f64]).collect(),
        Value::Object(all) => all.values().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

/// The figures of a text, as they are printed, each with whether it is a percentage.
fn figures(text: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let from = &rest[start..];
        let end = from.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(from.len());
        let figure = from[..end].trim_end_matches([',', '.']);
        rest = &from[figure.len()..];
        found.push((figure.replace(',', ""), rest.starts_with('%')));
    }
    found
}

/// Whether a printed figure is one of some numbers, rounded as it is printed.
fn is_one_of((figure, share): &(String, bool), data: &[f64]) -> bool {
    let decimals = figure.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let shown = |value: &f64| format!("{:.decimals$}", value.abs() * if *share { 100.0 } else { 1.0 });
    data.iter().any(|value| shown(value) == *figure)
}

#[test]
fn every_figure_that_a_trial_tells_is_one_of_its_data() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, folder) = solved(home.path(), "", "");
    let questions: [&[&str]; 5] = [
        &["--why-not", "Westmarch Hills min 25"],
        &["--why-not", "site COA01 exactly 2.5"],
        &["--site", "ALD01", "--resolve", "10"],
        &["--region", "Westmarch Coast", "--resolve", "2.5"],
        &["--trust", "COA", "--resolve", "4"],
    ];
    for question in questions {
        let page = text(&explain(&folder, question).stdout);
        let data = numbers(&json(&explain(&folder, &[question, &["--json"]].concat())));
        // A name may hold a figure of its own.
        let told =
            page.lines().skip(1).collect::<Vec<_>>().join("\n").replace("COA01", "").replace("ALD01", "");
        let told = figures(&told);
        for figure in &told {
            assert!(is_one_of(figure, &data), "{figure:?} of {question:?}: {page}");
        }
        assert!(told.len() >= 4, "{question:?} tells {} figures: {page}", told.len());
    }
}

#[test]
fn a_trial_tells_unmet_shares_of_all_regions_and_of_the_one_concerned_before_and_after() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, folder) = solved(home.path(), "", "");
    let question = ["--why-not", "site COA01 exactly 0"];
    let page = text(&explain(&folder, &question).stdout);
    let found = json(&explain(&folder, &[&question[..], &["--json"]].concat()));
    let percent = |share: &Value| format!("{:.2}%", 100.0 * share.as_f64().expect("a share"));
    for (whose, at) in [("all regions", "/unmet_share"), ("Westmarch Coast", "/regions/0/unmet_share")] {
        let share = |end: &str| percent(found[end].pointer(at).expect("a share"));
        let (before, after) = (share("as_it_is"), share("with_the_demand"));
        let told = if before == after {
            format!("of the need in {whose} {after} stays unmet, as before")
        } else {
            format!("of the need in {whose} {after} stays unmet, where it was {before}")
        };
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains(&told), "{told}: {page}");
    }
    let regions = found["as_it_is"]["regions"].as_array().expect("regions");
    let sum = |key: &str| regions.iter().map(|r| r[key].as_f64().expect("a number")).sum::<f64>();
    let all = found["as_it_is"]["unmet_share"].as_f64().expect("a share");
    assert!((all - sum("unmet_beds") / sum("need_beds")).abs() < 1e-12);
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
fn a_floor_that_fits_in_parts_of_a_bed_only_collides_with_the_rule_of_whole_beds() {
    let home = tempfile::tempdir().expect("a folder");
    // With 0.15% more beds than today each hospital has room for less than one.
    let rules = "whole_beds: true\nnew_beds: {total: 1, must_spend: false}\nsites: {growth_limit: 0.0015}\n\
                 regions:\n  Westmarch Vale: {min: 0.5}\n";
    let (output, folder) = solved(home.path(), rules, "");
    let words = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("beds come whole, not in parts of a bed ("), "{words}");
    assert!(words.contains("model.yaml:3)"), "{words}");
    assert!(words.contains("plan in parts of a bed (`whole_beds: false`)"), "{words}");
    assert!(!folder.exists());
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
