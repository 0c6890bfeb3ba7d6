//! `bedalloc negotiate` as its users meet it: pages, JSON, and a ledger that cannot be tampered with.

mod program;

use program::output_of;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

const REGION: &str = "Westmarch Hills";

fn done(arguments: &[&str], folder: &Path) -> String {
    let output = output_of(arguments, folder);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// What a command that is refused says, and its exit code.
fn refused(arguments: &[&str], folder: &Path) -> (Option<i32>, String) {
    let output = output_of(arguments, folder);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The tutorial, solved at its own cap and at another, and talks about it that end in an agreement.
fn home() -> &'static Path {
    static HOME: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = tempfile::tempdir().expect("a folder");
        let at = home.path();
        done(&["new", "."], at);
        fs::write(at.join("models/cap.yaml"), "extends: tutorial.yaml\noccupancy: {cap: 0.9}\n")
            .expect("a file");
        done(&["solve", "models/tutorial.yaml", "-o", "results/plain"], at);
        done(&["solve", "models/cap.yaml", "-o", "results/cap"], at);
        talk(at, "talks.jsonl", &["--offer", "12"], "two wards stand ready");
        talk(at, "talks.jsonl", &["--counter", "9"], "the coast would be short");
        talk(at, "talks.jsonl", &["--settle"], "agreed \"in May\"");
        home
    });
    home.path()
}

fn talk(at: &Path, ledger: &str, what: &[&str], reason: &str) -> String {
    let mut arguments = vec!["negotiate", "results/plain", "--region", REGION, "--ledger", ledger];
    arguments.extend(["--author", "A. Smith", "--reason", reason]);
    arguments.extend(what);
    done(&arguments, at)
}

fn replay<'a>(ledger: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["negotiate", "results/plain", "--ledger", ledger, "--replay"];
    arguments.extend(more);
    arguments
}

fn number(value: &Value, at: &str) -> f64 {
    value.pointer(at).and_then(Value::as_f64).unwrap_or_else(|| panic!("a number at {at}: {value}"))
}

#[test]
fn the_value_page_and_its_json_tell_the_same() {
    let arguments = ["negotiate", "results/plain", "--region", "hills"];
    let page = done(&arguments, home());
    let json: Value =
        serde_json::from_str(&done(&[&arguments[..], &["--json"]].concat(), home())).expect("JSON");
    assert_eq!(json["name"], REGION);
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.len() >= 2 && number(&json, "/plan_beds") > 0.0);
    for row in rows {
        let shown = format!("{:.1}", row["england_unmet"].as_f64().expect("a number"));
        assert!(page.contains(&shown), "{shown} in {page}");
    }
    assert!(page.contains("the plan"), "{page}");
}

#[test]
fn the_curves_of_all_regions_stand_in_the_result_folder_as_each_is_told_by_itself() {
    // A folder of its own: other tests look at the page of the plain result.
    done(&["solve", "models/tutorial.yaml", "-o", "results/curves"], home());
    let page = done(&["negotiate", "results/curves", "--curves"], home());
    assert!(page.contains(REGION) && page.contains("value_curves.csv"), "{page}");
    let table = fs::read_to_string(home().join("results/curves/value_curves.csv")).expect("the table");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let one = done(&["negotiate", "results/curves", "--region", REGION, "--json"], home());
    let one: Value = serde_json::from_str(&one).expect("JSON");
    let of_region: Vec<_> = rows.iter().filter(|row| &row[1] == REGION).collect();
    let cell = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().expect("a number");
    for told in one["rows"].as_array().expect("rows") {
        let same = |row: &&&csv::StringRecord| {
            (cell(row, 3) - number(told, "/beds")).abs() < 1e-6
                && (cell(row, 4) - number(told, "/england_unmet")).abs() < 1e-6
                && (cell(row, 5) - number(told, "/worst_share")).abs() < 1e-8
                && (cell(row, 7) - number(told, "/own_most")).abs() < 1e-6
        };
        assert_eq!(of_region.iter().filter(same).count(), 1, "{told} in {table}");
    }
    let plan: Vec<_> = of_region.iter().filter(|row| &row[2] == "plan").collect();
    assert_eq!(plan.len(), 1, "{table}");
    assert!((cell(plan[0], 3) - number(&one, "/plan_beds")).abs() < 1e-6, "{table}");
    // Solving again replaces the folder, and the curves of the older plan with it.
    done(&["solve", "models/tutorial.yaml", "-o", "results/curves"], home());
    assert!(!home().join("results/curves/value_curves.csv").exists());
    for wrong in [&["--region", REGION][..], &["--ledger", "talks.jsonl"]] {
        let arguments = [&["negotiate", "results/curves", "--curves"][..], wrong].concat();
        assert_eq!(refused(&arguments, home()).0, Some(2), "{wrong:?}");
    }
}

/// Every number of a JSON document.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Number(number) => number.as_f64().into_iter().collect(),
        Value::Array(all) => all.iter().flat_map(numbers).collect(),
        Value::Object(all) => all.values().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

/// The figures of a sentence, as they are printed, each with whether it is a percentage.
fn figures(sentence: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let from = &rest[start..];
        let end = from.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(from.len());
        let figure = from[..end].trim_end_matches([',', '.']);
        rest = &from[figure.len()..];
        let share = rest.starts_with('%') || rest.starts_with(" percentage points");
        found.push((figure.replace(',', ""), share));
    }
    found
}

#[test]
fn every_figure_that_a_negotiation_tells_is_one_of_its_data() {
    let questions: [&[&str]; 5] =
        [&[], &["--more", "3"], &["--more", "-4"], &["--accepts", "6"], &["--accepts", "25"]];
    for question in questions {
        let arguments =
            [&["negotiate", "results/plain", "--region", REGION, "--json"][..], question].concat();
        let json: Value = serde_json::from_str(&done(&arguments, home())).expect("JSON");
        let data = numbers(&json);
        let mut traced = 0;
        for sentence in json["told"].as_array().expect("sentences") {
            let sentence = sentence.as_str().expect("text");
            for (figure, share) in figures(sentence) {
                let decimals = figure.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                let shown =
                    |value: &f64| format!("{:.decimals$}", value.abs() * if share { 100.0 } else { 1.0 });
                assert!(data.iter().any(|value| shown(value) == figure), "{figure} of: {sentence}");
                traced += 1;
            }
        }
        assert!(traced >= 6, "{question:?} tells {traced} figures");
    }
}

#[test]
fn journeys_before_a_concession_are_those_of_the_result_and_cannot_grow_shorter_after_it() {
    let summary = fs::read_to_string(home().join("results/plain/summary.json")).expect("a file");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    for beds in ["0", "6", "25"] {
        let asked = ["negotiate", "results/plain", "--region", REGION, "--accepts", beds, "--json"];
        let json: Value = serde_json::from_str(&done(&asked, home())).expect("JSON");
        assert_eq!(number(&json, "/travel/before"), number(&summary, "/objective/travel/value"));
        let same = ["england_unmet", "worst_share"]
            .iter()
            .all(|aim| number(&json, &format!("/{aim}/difference")).abs() < 1e-6);
        assert!(!same || number(&json, "/travel/difference") > -1e-4, "{json}");
    }
}

#[test]
fn what_the_region_gets_the_others_give() {
    let json = done(&["negotiate", "results/plain", "--region", REGION, "--more", "-2.5", "--json"], home());
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert!((number(&json, "/new_beds/difference") + 2.5).abs() < 1e-4, "{json}");
    let regions = json["regions"].as_array().expect("regions");
    let sum: f64 = regions.iter().map(|region| number(region, "/new_beds/difference")).sum();
    assert!(sum.abs() < 1e-4, "the pool stays as it is: {sum}");
    let unmet: f64 = regions.iter().map(|region| number(region, "/unmet_beds/after")).sum();
    assert!((unmet - number(&json, "/england_unmet/after")).abs() < 1e-4, "{unmet}");
}

#[test]
fn the_plan_before_a_concession_is_the_results_own() {
    let json = done(&["negotiate", "results/plain", "--region", REGION, "--more", "0", "--json"], home());
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let summary = fs::read_to_string(home().join("results/plain/summary.json")).expect("a file");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert!((number(&json, "/england_unmet/before") - number(&summary, "/unmet_beds")).abs() < 1e-5);
    for (told, solved) in
        json["regions"].as_array().expect("a list").iter().zip(summary["regions"].as_array().expect("a list"))
    {
        assert!(
            (number(told, "/new_beds/after") - number(solved, "/new_beds")).abs() < 1e-5,
            "{told} {solved}"
        );
        assert!(
            (number(told, "/unmet_beds/before") - number(solved, "/unmet_beds")).abs() < 1e-4,
            "{told} {solved}"
        );
    }
}

#[test]
fn ranges_widen_with_what_may_be_missed_and_hold_the_plan() {
    let json: Value =
        serde_json::from_str(&done(&["negotiate", "results/plain", "--ranges", "--json"], home()))
            .expect("JSON");
    for region in json["regions"].as_array().expect("regions") {
        let ranges = region["ranges"].as_array().expect("ranges");
        assert_eq!(ranges.len(), 3);
        let mut inner = [number(region, "/plan_beds"); 2];
        for range in ranges {
            let ends = [number(range, "/least_beds"), number(range, "/most_beds")];
            assert!(ends[0] <= inner[0] + 1e-3 && ends[1] >= inner[1] - 1e-3, "{region}");
            inner = ends;
        }
    }
}

#[test]
fn a_ledger_replays_to_the_same_bytes_and_the_model_it_writes_keeps_what_is_settled() {
    let at = home();
    let first = done(&replay("talks.jsonl", &["--json"]), at);
    assert_eq!(first, done(&replay("talks.jsonl", &["--json"]), at));
    let json: Value = serde_json::from_str(&first).expect("JSON");
    assert_eq!((json["entries"].as_u64(), number(&json, "/settled/0/new_beds")), (Some(3), 9.0));
    assert_eq!(json["settled"][0]["reason"], "agreed \"in May\"");
    done(&replay("talks.jsonl", &["-o", "models/agreed.yaml"]), at);
    let model = fs::read(at.join("models/agreed.yaml")).expect("a model");
    done(&replay("talks.jsonl", &["-o", "models/agreed-2.yaml"]), at);
    assert_eq!(model, fs::read(at.join("models/agreed-2.yaml")).expect("a model"));
    done(&["solve", "models/agreed.yaml", "-o", "results/agreed"], at);
    done(&["solve", "models/agreed-2.yaml", "-o", "results/agreed-2"], at);
    let plan = |name: &str| fs::read(at.join(name).join("allocation.csv")).expect("a table");
    assert_eq!(plan("results/agreed"), plan("results/agreed-2"), "the same plan, byte for byte");
    let summary: Value =
        serde_json::from_slice(&fs::read(at.join("results/agreed/summary.json")).expect("a file"))
            .expect("JSON");
    let regions = summary["regions"].as_array().expect("regions");
    let own = regions.iter().find(|region| region["name"] == REGION).expect("the region");
    assert!((number(own, "/new_beds") - 9.0).abs() < 1e-4, "{own}");
    assert!((number(&summary, "/unmet_beds") - number(&json, "/england_unmet/after")).abs() < 1e-4);
    let resolved = fs::read_to_string(at.join("results/agreed/model.yaml")).expect("a model");
    assert!(resolved.contains("in May"), "the reason stays with the result: {resolved}");
}

#[test]
fn what_is_settled_holds_for_later_questions() {
    let with = ["negotiate", "results/plain", "--ledger", "talks.jsonl"];
    let json = done(&[&with[..], &["--region", REGION, "--more", "1", "--json"]].concat(), home());
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert!((number(&json, "/new_beds/before") - 9.0).abs() < 1e-4, "{json}");
    assert!((number(&json, "/new_beds/after") - 10.0).abs() < 1e-4, "{json}");
    let page = done(&with, home()).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["offers 12.0 new beds", "counters 1 with 9.0", "settles 2 at 9.0", "two wards stand ready"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn a_ledger_that_was_tampered_with_is_refused_at_its_line() {
    let at = home();
    let text = fs::read_to_string(at.join("talks.jsonl")).expect("a ledger");
    let lines: Vec<&str> = text.lines().collect();
    let broken = [
        (
            "edited",
            text.replacen("\"new_beds\":9.0", "\"new_beds\":11.0", 1),
            2,
            "changed after it was written",
        ),
        ("spaced", text.replacen("{\"entry\":2,", "{\"entry\": 2,", 1), 2, "changed after it was written"),
        ("swapped", format!("{}\n{}\n{}\n", lines[1], lines[0], lines[2]), 1, "does not follow"),
        ("removed", format!("{}\n{}\n", lines[0], lines[2]), 2, "does not follow"),
        ("twice", format!("{}\n{}\n", lines[0], lines[0]), 2, "does not follow"),
        ("words", format!("{}\nand so on\n", lines[0]), 2, "no entry of a ledger"),
        ("empty line", format!("{}\n\n{}\n", lines[0], lines[1]), 2, "no entry of a ledger"),
        ("cut short", text.trim_end().to_owned(), 3, "cut short"),
    ];
    for (name, contents, line, cause) in broken {
        assert_ne!(contents, text, "{name}");
        fs::write(at.join("broken.jsonl"), contents).expect("a file");
        let (code, told) = refused(&replay("broken.jsonl", &[]), at);
        assert_eq!(code, Some(2), "{name}: {told}");
        assert!(told.contains(&format!("broken.jsonl:{line}:")) && told.contains(cause), "{name}: {told}");
    }
    let (code, told) = refused(&["negotiate", "results/cap", "--ledger", "talks.jsonl"], at);
    assert!(code == Some(2) && told.contains("talks.jsonl:1:") && told.contains("another model"), "{told}");
}

#[test]
fn questions_that_make_no_sense_are_told_what_is_missing() {
    let at = home();
    let of = |more: &[&str]| refused(&[&["negotiate", "results/plain"][..], more].concat(), at);
    let cases: [(&[&str], i32, &str); 8] = [
        (&[], 2, "--region"),
        (&["--more", "5"], 2, "--region"),
        (&["--region", "Nowhere"], 2, "no region called"),
        (&["--region", REGION, "--accepts", "-3"], 2, "no beds or more"),
        (&["--region", REGION, "--accepts", "100000"], 3, "let it have from"),
        (&["--region", REGION, "--offer", "5", "--ledger", "new.jsonl"], 2, "--author"),
        (&["--region", REGION, "--ranges"], 2, "leave --region out"),
        (
            &["--region", REGION, "--settle", "--ledger", "new.jsonl", "--author", "A", "--reason", "b"],
            2,
            "nothing lies on the table",
        ),
    ];
    for (arguments, exit, cause) in cases {
        let (code, told) = of(arguments);
        assert!(code == Some(exit) && told.contains(cause), "{arguments:?}: {code:?} {told}");
    }
    assert!(!at.join("new.jsonl").exists(), "nothing was written");
}
